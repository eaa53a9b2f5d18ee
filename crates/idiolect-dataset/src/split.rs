//! The chronological split (spec §7.3): the most recent tenth is held out and never uploaded.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;

use crate::Example;
use crate::key::{Key, KeyBits};

/// Where the holdout begins.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitSettings {
    /// Share of the messages held out, at most one half.
    pub holdout_share: f64,
    /// A silence longer than this ends a conversation session.
    pub session_gap: SignedDuration,
    /// How far from the exact share, as a share of all messages, a session's border may be to be preferred.
    pub border_tolerance: f64,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self { holdout_share: 0.10, session_gap: SignedDuration::from_hours(2), border_tolerance: 0.02 }
    }
}

/// How many of `total` messages, which are in order by `time`, are for training.
///
/// That is the exact share, unless within the tolerance (2 % of the messages) lies a border between two
/// sessions: then the nearest one, the earlier of two equally near.
pub(crate) fn training_len(total: usize, time: impl Fn(usize) -> Timestamp, settings: &SplitSettings) -> usize {
    if settings.holdout_share == 0.0 {
        return total;
    }
    let exact = total - (total as f64 * settings.holdout_share).round() as usize;
    let reach = (total as f64 * settings.border_tolerance) as usize;
    let is_border =
        |cut: usize| 0 < cut && cut < total && time(cut).duration_since(time(cut - 1)) > settings.session_gap;
    (0..=reach)
        .flat_map(|distance| [exact.checked_sub(distance), exact.checked_add(distance)])
        .flatten()
        .find(|&cut| is_border(cut))
        .unwrap_or(exact)
}

/// For the texts of the holdout, whether each one stays: texts that the training part has too would only
/// show that it was learnt by heart. A text of several lines, such as a burst, goes as well if training has every line.
pub(crate) fn unseen<'a>(
    training: impl Iterator<Item = (Key, Option<&'a str>)>,
    holdout: impl Iterator<Item = (Key, Option<&'a str>)> + Clone,
) -> Vec<bool> {
    // The holdout is the smaller part, so its keys are what is looked up: first as bits, which say no to most.
    let mut seen: FxHashMap<Key, bool> = holdout.clone().flat_map(keys).map(|key| (key, false)).collect();
    let mut bits = KeyBits::for_about(seen.len());
    seen.keys().for_each(|key| _ = bits.insert(*key));
    for key in training.flat_map(keys).filter(|key| bits.may_hold(*key)) {
        if let Some(seen) = seen.get_mut(&key) {
            *seen = true;
        }
    }
    let is_seen = |key: Key| seen.get(&key).copied().unwrap_or(false);
    let unseen = |text: (Key, Option<&'a str>)| {
        let mut keys = keys(text);
        let whole = keys.next().is_some_and(is_seen);
        let mut lines = keys.map(is_seen).peekable();
        !whole && (lines.peek().is_none() || !lines.all(|seen| seen))
    };
    holdout.map(unseen).collect()
}

/// The key of the whole text, then those of its lines if there are several. Blank ones say nothing.
fn keys((whole, lines): (Key, Option<&str>)) -> impl Iterator<Item = Key> {
    let lines = lines.into_iter().flat_map(str::lines).filter(|line| !line.trim().is_empty());
    std::iter::once(whole).chain(lines.map(Key::of))
}

/// The examples held out for evaluation. There is no way from here to bytes for an upload.
#[derive(Clone, Default)]
pub struct Holdout {
    examples: Vec<Example>,
}

impl Holdout {
    pub(crate) fn new(examples: Vec<Example>) -> Self {
        Self { examples }
    }

    /// Prompts and targets, in chronological order, for scoring in this process.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    pub fn len(&self) -> usize {
        self.examples.len()
    }

    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }
}

/// Shows the number of examples, never the words.
impl fmt::Debug for Holdout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holdout").field("examples", &self.examples.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(minutes: impl IntoIterator<Item = i64>) -> Vec<Timestamp> {
        minutes.into_iter().map(|minute| Timestamp::from_second(minute * 60).unwrap()).collect()
    }

    fn training_len(times: &[Timestamp], settings: &SplitSettings) -> usize {
        super::training_len(times.len(), |at| times[at], settings)
    }

    #[test]
    fn without_a_session_border_near_the_share_is_exact() {
        assert_eq!(training_len(&times(0..100), &SplitSettings::default()), 90);
        assert_eq!(training_len(&times(0..10), &SplitSettings::default()), 9);
        assert_eq!(training_len(&times(0..1), &SplitSettings::default()), 1);
        assert_eq!(training_len(&[], &SplitSettings::default()), 0);
    }

    #[test]
    fn a_session_border_near_the_share_is_preferred() {
        let pause_before = |n: i64| times((0..1000).map(move |i| if i < n { i } else { i + 180 }));
        assert_eq!(training_len(&pause_before(907), &SplitSettings::default()), 907);
        assert_eq!(training_len(&pause_before(885), &SplitSettings::default()), 885);
        assert_eq!(training_len(&pause_before(940), &SplitSettings::default()), 900, "too far away");
    }

    #[test]
    fn a_share_of_nothing_holds_nothing_out() {
        let none = SplitSettings { holdout_share: 0.0, ..SplitSettings::default() };
        assert_eq!(training_len(&times((0..100).map(|i| if i < 99 { i } else { i + 180 })), &none), 100);
    }

    fn keyed<'a>(texts: &[&'a str]) -> impl Iterator<Item = (Key, Option<&'a str>)> + Clone {
        texts.iter().map(|&text| (Key::of(text), text.contains('\n').then_some(text)))
    }

    fn judged(training: &[&str], holdout: &[&str]) -> Vec<bool> {
        unseen(keyed(training), keyed(holdout))
    }

    #[test]
    fn what_training_has_is_not_held_out() {
        assert_eq!(judged(&["ok", "see you"], &["OK", "new"]), [false, true]);
    }

    #[test]
    fn a_burst_of_lines_that_training_has_is_not_held_out() {
        let training = ["ok\nsee you", "hey"];
        assert_eq!(judged(&training, &["see you", "Hey\nok", "hey\nnew", "ok\nsee you"]), [false, false, true, false]);
        assert_eq!(judged(&training, &["hey\n\nok", "hey\n\nnew"]), [false, true]);
    }

    proptest::proptest! {
        #[test]
        fn a_cut_is_within_reach_and_at_a_border_or_exact(
            gaps in proptest::collection::vec(0i64..400, 0..300),
            share in 0.0f64..=0.5,
            tolerance in 0.0f64..=0.5,
        ) {
            let mut minute = 0;
            let times = times(gaps.iter().map(|gap| { minute += gap; minute }));
            let settings = SplitSettings { holdout_share: share, border_tolerance: tolerance, ..SplitSettings::default() };
            let cut = training_len(&times, &settings);
            let exact = times.len() - (times.len() as f64 * share).round() as usize;
            proptest::prop_assert!(cut <= times.len());
            proptest::prop_assert!(cut.abs_diff(exact) as f64 <= times.len() as f64 * tolerance);
            let border = 0 < cut && cut < times.len() && times[cut].duration_since(times[cut - 1]) > settings.session_gap;
            proptest::prop_assert!(cut == exact || border);
        }
    }
}
