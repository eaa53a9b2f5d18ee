//! From messages to a dataset: window, clean, join bursts, redact, dedupe, split, prompts, caps, JSONL, in this order.

use jiff::SignedDuration;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::caps::{self, Candidate, CapSettings, Verdict};
use crate::clean::{CLEANING_VERSION, CleanSettings};
use crate::days::Days;
use crate::dedupe::{self, DedupeSettings};
use crate::held::HeldMessages;
use crate::intent::{INTENT_VERSION, Intent};
use crate::jsonl::{self, TrainingFile};
use crate::look::{Look, Mark};
use crate::manifest::{DropCounts, FormCounts, Manifest, PromptCounts, RedactionCounts, TokenCounts};
use crate::neutral::{NEUTRALISER_VERSION, NeutralKind};
use crate::prompt::{self, Form, Prompts, Strategy};
use crate::reading::{Raw, Reading};
use crate::redact::{CountryCodes, Ledger, RULESET_VERSION, RedactionSettings};
use crate::sent::{Sent, TOGETHER, Words, keep_where};
use crate::split::{self, Holdout, SplitSettings};
use crate::tokens::{FRAME_TOKENS, TokenCounter};
use crate::{BuildError, Example, Message, Window};

/// Changes with every change of what the same messages give.
const DATASET_BUILDER_VERSION: &str = "builder/6";

/// Everything a build depends on beside the messages.
#[derive(Clone, Debug, PartialEq)]
pub struct DatasetSettings {
    pub window: Window,
    pub clean: CleanSettings,
    pub redaction: RedactionSettings,
    pub dedupe: DedupeSettings,
    pub strategy: Strategy,
    /// Messages to one conversation that follow one another within this time are one example; zero joins none.
    pub burst_gap: SignedDuration,
    pub split: SplitSettings,
    pub caps: CapSettings,
    /// Whether tokens are counted, which takes about a quarter of the time. Eligibility and prices need them.
    pub count_tokens: bool,
}

impl DatasetSettings {
    /// The defaults, for the messages of `window`.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            clean: CleanSettings::default(),
            redaction: RedactionSettings::default(),
            dedupe: DedupeSettings::default(),
            strategy: Strategy::default(),
            burst_gap: SignedDuration::ZERO,
            split: SplitSettings::default(),
            caps: CapSettings::default(),
            count_tokens: true,
        }
    }

    fn check(&self) -> Result<(), BuildError> {
        let share = |field, value: f64, most: f64, allowed| {
            if (0.0..=most).contains(&value) { Ok(()) } else { Err(BuildError::Setting { field, value, allowed }) }
        };
        share("dataset.holdout_share", self.split.holdout_share, 0.5, "0.0 to 0.5")?;
        share("split.border_tolerance", self.split.border_tolerance, 0.5, "0.0 to 0.5")?;
        share("cleaning.common_share", self.clean.common_share, 1.0, "0.0 to 1.0")?;
        share("dataset.max_conversation_share", self.caps.conversation_share, 1.0, "0.0 to 1.0")?;
        if self.caps.tokens > 0 && !self.count_tokens {
            return Err(BuildError::UncountedCap { cap: self.caps.tokens });
        }
        Ok(())
    }
}

/// What a build gives.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The only part that may be uploaded.
    pub training: TrainingFile,
    /// For scoring in this process.
    pub holdout: Holdout,
    pub manifest: Manifest,
    /// What was sent and kept on each day, for pictures.
    pub days: Days,
}

/// Collects the messages of a window, in any order, and builds the dataset from them.
pub struct DatasetBuilder {
    settings: DatasetSettings,
    messages: HeldMessages,
    codes: CountryCodes,
    messages_in: u64,
    dropped: DropCounts,
}

impl DatasetBuilder {
    pub fn new(settings: DatasetSettings) -> Self {
        Self {
            settings,
            messages: HeldMessages::default(),
            codes: CountryCodes::default(),
            messages_in: 0,
            dropped: DropCounts::default(),
        }
    }

    /// Takes one message; one outside the window is counted and forgotten.
    pub fn push(&mut self, message: &Message) {
        self.messages_in += 1;
        if self.settings.window.contains(message.timestamp) {
            let look = Look::at(&message.text);
            if look.holds(Mark::Plus) {
                self.codes.observe(&message.text);
            }
            self.messages.push(message, look);
        } else {
            self.dropped.outside_window += 1;
        }
    }

    /// Builds the dataset. Few messages, or none, are no error: whether they suffice is for eligibility to say.
    pub fn finish(mut self) -> Result<Dataset, BuildError> {
        self.settings.check()?;
        let mut messages = std::mem::take(&mut self.messages);
        self.dropped.repeated_id += messages.sort();
        let mut counter = TokenCounter::new(self.settings.count_tokens);
        let mut reading = Reading::new(&self.settings, self.codes.region(), &mut counter, &mut self.dropped);
        let mut sent = reading.words(&messages);
        let (ledger, mut raw) = (reading.ledger, reading.raw);
        self.dedupe(&mut sent);
        let (training, holdout) = self.split(sent);
        let mut manifest = self.manifest(&raw, &ledger);
        let mut days = std::mem::take(&mut raw.days);

        let holdout = holdout_examples(&self.settings, holdout, &mut counter, &mut manifest, &mut days);
        let file = training_file(&self.settings, training, &mut counter, &mut manifest, &mut days);
        manifest.dataset_hash.clone_from(&file.sha256);
        Ok(Dataset { training: file, holdout, manifest, days })
    }

    fn dedupe(&mut self, sent: &mut Vec<Sent<Words<'_>>>) {
        let kept = dedupe::kept(sent, Sent::keyed, &self.settings.dedupe);
        self.dropped.duplicate += keep_where(sent, &kept);
    }

    fn split<'a>(&mut self, mut training: Vec<Sent<Words<'a>>>) -> (Vec<Sent<Words<'a>>>, Vec<Sent<Words<'a>>>) {
        let cut = split::training_len(training.len(), |at| training[at].timestamp, &self.settings.split);
        let mut holdout = training.split_off(cut);
        let unseen = split::unseen(training.iter().map(Sent::keyed_lines), holdout.iter().map(Sent::keyed_lines));
        self.dropped.seen_in_training += keep_where(&mut holdout, &unseen);
        (training, holdout)
    }

    /// What is known before the prompts are made.
    fn manifest(&self, raw: &Raw, ledger: &Ledger) -> Manifest {
        Manifest {
            dataset_hash: String::new(),
            dataset_builder_version: DATASET_BUILDER_VERSION.to_owned(),
            cleaning_version: CLEANING_VERSION.to_owned(),
            redaction_ruleset_version: RULESET_VERSION.to_owned(),
            pii_redaction: self.settings.redaction.is_complete(),
            strategy: self.settings.strategy.name().to_owned(),
            prompt_version: self.settings.strategy.version().to_owned(),
            neutraliser_version: NEUTRALISER_VERSION.to_owned(),
            intent_version: INTENT_VERSION.to_owned(),
            window_start: self.settings.window.start,
            window_end: self.settings.window.end,
            messages_in: self.messages_in,
            messages_in_window: raw.messages,
            messages_kept: 0,
            training_examples: 0,
            holdout_examples: 0,
            bursts: 0,
            first_message: None,
            last_message: None,
            dropped: self.dropped,
            messages_trimmed: raw.trimmed,
            redactions: RedactionCounts::from(ledger),
            forms: FormCounts::default(),
            prompts: PromptCounts::default(),
            intents: Default::default(),
            tokens: TokenCounts { messages_in_window: raw.tokens, ..TokenCounts::default() },
        }
    }
}

fn holdout_examples(
    settings: &DatasetSettings,
    sent: Vec<Sent<Words<'_>>>,
    counter: &mut TokenCounter,
    manifest: &mut Manifest,
    days: &mut Days,
) -> Holdout {
    let mut prompts = Prompts::default();
    let mut examples = Vec::with_capacity(sent.len());
    for Sent { timestamp, text, tokens, messages, conversation } in sent {
        let example = Example::with(&mut prompts, settings.strategy, text.text.into_text());
        if settings.count_tokens && !fits(&example, &settings.caps, counter) {
            manifest.dropped.too_long += u64::from(messages);
            continue;
        }
        manifest.keep(&Sent { timestamp, text: (), tokens, messages, conversation });
        days.kept(timestamp, messages);
        manifest.holdout_examples += 1;
        manifest.count(example.form(), example.neutral(), example.intent());
        examples.push(example);
    }
    Holdout::new(examples)
}

/// Whether an example is no longer than it may be.
fn fits(example: &Example, caps: &CapSettings, counter: &mut TokenCounter) -> bool {
    let contents = [example.system(), example.user(), example.assistant()];
    // A text has no more tokens than bytes, and hardly any example comes near the limit.
    let most = contents.map(|content| content.len() as u64).iter().sum::<u64>() + FRAME_TOKENS;
    caps.leave_example(most)
        || caps.leave_example(contents.map(|content| counter.count(content)).iter().sum::<u64>() + FRAME_TOKENS)
}

/// Writes the training lines, those that the caps leave.
///
/// Every line is written first, since what it takes is known only then; a cap that is reached moves the rest together.
fn training_file(
    settings: &DatasetSettings,
    sent: Vec<Sent<Words<'_>>>,
    counter: &mut TokenCounter,
    manifest: &mut Manifest,
    days: &mut Days,
) -> TrainingFile {
    let system = prompt::system_prompt(settings.strategy);
    let request = settings.strategy.constant_request();
    let line_start = jsonl::line_start(system, request);
    let system_tokens = counter.count(system);
    let mut prompts = Prompts::default();
    let mut contents = Vec::with_capacity(sent.iter().map(|sent| 2 + 2 * sent.words().len()).sum());
    let mut lines = Vec::with_capacity(sent.len());
    let (mut users, mut ends) = (String::new(), Vec::with_capacity(TOGETHER));
    for sent in sent.chunks(TOGETHER) {
        for sent in sent {
            let prompt = prompts.training(settings.strategy, sent.words());
            let start = contents.len();
            jsonl::push_contents(&prompt.user[request.len()..], sent.words(), &mut contents);
            lines.push(Line { start, tokens: 0, form: prompt.form, neutral: prompt.neutral, intent: prompt.intent });
            if settings.count_tokens {
                users.push_str(prompt.user);
                ends.push((users.len(), prompt.constant));
            }
        }
        let (mut start, first) = (0, lines.len() - sent.len());
        for ((line, sent), (end, constant)) in lines[first..].iter_mut().zip(sent).zip(ends.drain(..)) {
            line.tokens = system_tokens + line_tokens(counter, &users[start..end], constant, sent);
            start = end;
        }
        users.clear();
    }
    let total = lines.iter().map(|line| line.tokens).sum();
    let bytes = contents.len() + lines.len() * jsonl::line_len(&line_start);
    let longest = lines.iter().map(|line| line.tokens).max().unwrap_or_default();
    let verdicts = match settings.caps.leave_all(lines.len() as u64, total, bytes as u64, longest) {
        true => None,
        false => {
            caps::verdicts(&candidates(&sent, &lines, jsonl::line_len(&line_start), contents.len()), &settings.caps)
        }
    };
    let verdict = |at: usize| verdicts.as_ref().map_or(Verdict::Kept, |verdicts| verdicts[at]);
    let mut end = 0;
    for (at, (sent, line)) in sent.iter().zip(&lines).enumerate() {
        match verdict(at) {
            Verdict::TooLong => manifest.dropped.too_long += u64::from(sent.messages),
            Verdict::OverConversationShare => manifest.dropped.over_conversation_share += u64::from(sent.messages),
            Verdict::OverSize => manifest.dropped.over_cap += u64::from(sent.messages),
            Verdict::Kept => {
                let range = line.start..lines.get(at + 1).map_or(contents.len(), |next| next.start);
                let (start, length) = (range.start, range.len());
                if start != end {
                    contents.copy_within(range, end);
                }
                end += length;
                manifest.keep(sent);
                days.kept(sent.timestamp, sent.messages);
                manifest.training_examples += 1;
                manifest.count(line.form, line.neutral, line.intent);
                manifest.tokens.training_file += line.tokens;
                manifest.tokens.longest_example = manifest.tokens.longest_example.max(line.tokens);
            }
        }
    }
    contents.truncate(end);
    TrainingFile::of(line_start, contents, manifest.training_examples as usize)
}

/// The tokens of a line beside those of its system prompt.
fn line_tokens(counter: &mut TokenCounter, user: &str, constant: usize, sent: &Sent<Words<'_>>) -> u64 {
    let answer = u64::from(sent.tokens.unwrap_or_default());
    let asked = match user.get(constant..) {
        // Plain already: what was counted once.
        Some(content) if constant > 0 && content == sent.words() => counter.count_constant(&user[..constant]) + answer,
        _ => counter.count_behind(user, constant),
    };
    asked + answer + FRAME_TOKENS
}

/// Where a line's contents begin, and what its prompt is.
struct Line {
    start: usize,
    tokens: u64,
    form: Form,
    neutral: Option<NeutralKind>,
    intent: Option<Intent>,
}

fn candidates(sent: &[Sent<Words<'_>>], lines: &[Line], line_len: usize, end: usize) -> Vec<Candidate> {
    let ends = lines.iter().skip(1).map(|line| line.start).chain([end]);
    let candidate = |((sent, line), end): ((&Sent<Words<'_>>, &Line), usize)| Candidate {
        conversation: sent.conversation,
        hash: xxh3_64_with_seed(sent.words().as_bytes(), sent.timestamp.as_second() as u64),
        tokens: line.tokens,
        bytes: (line_len + end - line.start) as u64,
    };
    sent.iter().zip(lines).zip(ends).map(candidate).collect()
}

#[cfg(test)]
mod tests;
