//! Caps: how long an example may be, what one conversation may give, and how much there may be in all (spec §13, excessive cost).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

/// Limits on the training file; 0 is none. Of them the holdout has the one on an example alone: it costs nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct CapSettings {
    /// The most examples that one conversation may give, as a share, 0.0 to 1.0, of the training examples before any cap.
    pub conversation_share: f64,
    /// Tokens of one example, prompts and frame included, where tokens are counted: a base model takes no longer ones, and one would
    /// keep all others from being trained on.
    pub example_tokens: u64,
    pub examples: u64,
    /// Tokens of the whole file, as the manifest counts them.
    pub tokens: u64,
    pub bytes: u64,
    /// Which examples stay when there are too many.
    pub choice: Choice,
}

/// The largest file that OpenAI takes.
pub const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

impl Default for CapSettings {
    fn default() -> Self {
        Self {
            conversation_share: 0.0,
            example_tokens: 0,
            examples: 0,
            tokens: 0,
            bytes: MAX_FILE_BYTES,
            choice: Choice::default(),
        }
    }
}

/// Which examples stay when a cap leaves some out. Either way the file is in chronological order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The newest: how the person writes now.
    #[default]
    Newest,
    /// An even sample of the whole window, drawn by the hash of the contents: the same messages give the same sample.
    Sampled,
}

impl Choice {
    pub fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Sampled => "sampled",
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is neither of the two.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no way to choose examples; choose newest or sampled")]
pub struct UnknownChoice {
    pub name: String,
}

impl FromStr for Choice {
    type Err = UnknownChoice;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = [Self::Newest, Self::Sampled].into_iter().find(|choice| choice.name() == name);
        found.ok_or_else(|| UnknownChoice { name: name.to_owned() })
    }
}

fn within(total: u64, cap: u64) -> bool {
    cap == 0 || total <= cap
}

impl CapSettings {
    /// Whether no cap is reached by so many examples, tokens and bytes in all, whichever conversations they are from, if the longest
    /// example has so many tokens.
    pub(crate) fn leave_all(&self, examples: u64, tokens: u64, bytes: u64, longest: u64) -> bool {
        let all_conversations = self.conversation_share == 0.0 || self.conversation_share == 1.0;
        all_conversations
            && self.leave_example(longest)
            && within(examples, self.examples)
            && within(tokens, self.tokens)
            && within(bytes, self.bytes)
    }

    /// Whether an example may have so many tokens.
    pub(crate) fn leave_example(&self, tokens: u64) -> bool {
        within(tokens, self.example_tokens)
    }
}

/// What the caps look at, for each training example in chronological order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) conversation: Option<NonZeroU32>,
    /// Of the content and its time.
    pub(crate) hash: u64,
    pub(crate) tokens: u64,
    pub(crate) bytes: u64,
}

/// What becomes of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Kept,
    TooLong,
    OverConversationShare,
    OverSize,
}

/// The verdict on each candidate; `None` if all of them stay, as they do unless a cap is reached.
///
/// What is too long goes first, then conversations are capped. Of what is left, examples are taken in the order of preference until
/// the next one would be too much.
pub(crate) fn verdicts(candidates: &[Candidate], settings: &CapSettings) -> Option<Vec<Verdict>> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    match settings.choice {
        Choice::Newest => order.reverse(),
        Choice::Sampled => order.sort_unstable_by_key(|&at| (candidates[at].hash, Reverse(at))),
    }
    let too_long = |candidate: &Candidate| !settings.leave_example(candidate.tokens);
    let mut verdicts: Vec<Verdict> =
        candidates.iter().map(|candidate| if too_long(candidate) { Verdict::TooLong } else { Verdict::Kept }).collect();
    order.retain(|&at| verdicts[at] == Verdict::Kept);
    if settings.conversation_share > 0.0 {
        let limit = ((candidates.len() as f64 * settings.conversation_share).ceil() as u64).max(1);
        let mut taken: HashMap<NonZeroU32, u64> = HashMap::new();
        for &at in &order {
            let Some(conversation) = candidates[at].conversation else { continue };
            let count = taken.entry(conversation).or_default();
            *count += 1;
            if *count > limit {
                verdicts[at] = Verdict::OverConversationShare;
            }
        }
    }
    let (mut examples, mut tokens, mut bytes) = (0, 0, 0);
    for at in order.into_iter().filter(|&at| verdicts[at] == Verdict::Kept).collect::<Vec<_>>() {
        examples += 1;
        tokens += candidates[at].tokens;
        bytes += candidates[at].bytes;
        // The totals only grow, so nothing less preferred slips in behind.
        if !(within(examples, settings.examples) && within(tokens, settings.tokens) && within(bytes, settings.bytes)) {
            verdicts[at] = Verdict::OverSize;
        }
    }
    verdicts.iter().any(|verdict| *verdict != Verdict::Kept).then_some(verdicts)
}

#[cfg(test)]
mod tests {
    use super::Verdict::*;
    use super::*;

    fn candidates(conversations: &[u32]) -> Vec<Candidate> {
        let candidate = |(at, &conversation): (usize, &u32)| Candidate {
            conversation: NonZeroU32::new(conversation),
            hash: (at as u64 * 7) % 10,
            tokens: 10,
            bytes: 100,
        };
        conversations.iter().enumerate().map(candidate).collect()
    }

    fn none() -> CapSettings {
        CapSettings { bytes: 0, ..CapSettings::default() }
    }

    #[test]
    fn without_a_reached_cap_everything_stays() {
        assert_eq!(verdicts(&candidates(&[1; 10]), &none()), None);
        assert_eq!(verdicts(&candidates(&[1; 10]), &CapSettings { tokens: 100, ..none() }), None);
        assert_eq!(verdicts(&[], &CapSettings { examples: 1, conversation_share: 0.1, ..none() }), None);
    }

    #[test]
    fn the_newest_stay_under_each_cap() {
        for settings in [
            CapSettings { examples: 3, ..none() },
            CapSettings { tokens: 39, ..none() },
            CapSettings { bytes: 300, ..none() },
        ] {
            let verdicts = verdicts(&candidates(&[1; 5]), &settings).unwrap();
            assert_eq!(verdicts, [OverSize, OverSize, Kept, Kept, Kept], "{settings:?}");
        }
    }

    #[test]
    fn an_example_that_is_too_long_is_left_out_and_takes_nobodys_place() {
        let mut all = candidates(&[1; 5]);
        all[3].tokens = 11;
        let settings = CapSettings { example_tokens: 10, examples: 2, conversation_share: 0.4, ..none() };
        let verdicts = verdicts(&all, &settings).unwrap();
        assert_eq!(verdicts, [OverConversationShare, OverConversationShare, Kept, TooLong, Kept]);
        assert!(settings.leave_example(10) && !settings.leave_example(11) && none().leave_example(u64::MAX));
    }

    #[test]
    fn a_sample_follows_the_hash() {
        let settings = CapSettings { examples: 2, choice: Choice::Sampled, ..none() };
        // Hashes 0, 7, 4, 1, 8.
        assert_eq!(verdicts(&candidates(&[1; 5]), &settings).unwrap(), [Kept, OverSize, OverSize, Kept, OverSize]);
    }

    #[test]
    fn one_conversation_gives_no_more_than_its_share_of_all() {
        let settings = CapSettings { conversation_share: 0.4, ..none() };
        let verdicts = verdicts(&candidates(&[1, 1, 2, 1, 2]), &settings).unwrap();
        assert_eq!(verdicts, [OverConversationShare, Kept, Kept, Kept, Kept]);
    }
}
