//! From messages to a dataset: window, clean, redact, dedupe, split, prompts, JSONL, in this order.

use jiff::Timestamp;

use crate::clean::{CLEANING_VERSION, CleanRule, CleanSettings, CommonTexts};
use crate::dedupe::{self, DedupeSettings};
use crate::jsonl::TrainingFile;
use crate::manifest::{DropCounts, Manifest, RedactionCounts, TokenCounts};
use crate::neutral::NEUTRALISER_VERSION;
use crate::prompt::{self, Strategy};
use crate::redact::{Ledger, PiiKind, RULESET_VERSION, RedactedText, RedactionSettings, Redactor};
use crate::split::{self, Holdout, SplitSettings};
use crate::tokens::{FRAME_TOKENS, TokenCounter};
use crate::{BuildError, Example, Message, Window};

/// Changes with every change of what the same messages give.
pub const DATASET_BUILDER_VERSION: &str = "builder/1";

/// Everything a build depends on beside the messages.
#[derive(Clone, Debug, PartialEq)]
pub struct DatasetSettings {
    pub window: Window,
    pub clean: CleanSettings,
    pub redaction: RedactionSettings,
    pub dedupe: DedupeSettings,
    pub strategy: Strategy,
    pub split: SplitSettings,
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
            split: SplitSettings::default(),
        }
    }

    fn check(&self) -> Result<(), BuildError> {
        let share = |field, value: f64, most: f64, allowed| {
            if (0.0..=most).contains(&value) { Ok(()) } else { Err(BuildError::Setting { field, value, allowed }) }
        };
        share("split.holdout_share", self.split.holdout_share, 0.5, "0.0 to 0.5")?;
        share("split.border_tolerance", self.split.border_tolerance, 0.5, "0.0 to 0.5")?;
        share("clean.common_share", self.clean.common_share, 1.0, "0.0 to 1.0")
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
}

/// Collects the messages of a window, in any order, and builds the dataset from them.
pub struct DatasetBuilder {
    settings: DatasetSettings,
    messages: Vec<Message>,
    messages_in: u64,
    dropped: DropCounts,
}

impl DatasetBuilder {
    pub fn new(settings: DatasetSettings) -> Self {
        Self { settings, messages: Vec::new(), messages_in: 0, dropped: DropCounts::default() }
    }

    /// Takes one message; one outside the window is counted and forgotten.
    pub fn push(&mut self, message: Message) {
        self.messages_in += 1;
        if self.settings.window.contains(message.timestamp) {
            self.messages.push(message);
        } else {
            self.dropped.outside_window += 1;
        }
    }

    /// Builds the dataset. Few messages, or none, are no error: whether they suffice is for eligibility to say.
    pub fn finish(mut self) -> Result<Dataset, BuildError> {
        self.settings.check()?;
        self.sort();
        let mut counter = TokenCounter::new();
        let raw = self.clean(&mut counter);
        let mut ledger = Ledger::new();
        let mut sent = self.redact(&mut ledger);
        self.dedupe(&mut sent);
        let (training, holdout) = self.split(sent);

        let mut tokens = TokenCounts { messages_in_window: raw.tokens, ..TokenCounts::default() };
        let system_tokens = counter.count(prompt::system_prompt(self.settings.strategy));
        let training = self.examples(training);
        let holdout = self.examples(holdout);
        for example in &training {
            let answer = counter.count(example.assistant());
            tokens.messages_kept += answer;
            tokens.training_file += system_tokens + counter.count(example.user()) + answer + FRAME_TOKENS;
        }
        tokens.messages_kept += holdout.iter().map(|example| counter.count(example.assistant())).sum::<u64>();

        let file = TrainingFile::from_examples(&training);
        let redactions = RedactionCounts {
            phone: ledger.replaced(PiiKind::Phone),
            email: ledger.replaced(PiiKind::Email),
            postal_address: ledger.replaced(PiiKind::PostalAddress),
        };
        let manifest = Manifest {
            dataset_hash: file.sha256.clone(),
            dataset_builder_version: DATASET_BUILDER_VERSION.to_owned(),
            cleaning_version: CLEANING_VERSION.to_owned(),
            redaction_ruleset_version: RULESET_VERSION.to_owned(),
            pii_redaction: self.settings.redaction.is_complete(),
            strategy: self.settings.strategy.name().to_owned(),
            prompt_version: self.settings.strategy.version().to_owned(),
            neutraliser_version: NEUTRALISER_VERSION.to_owned(),
            window_start: self.settings.window.start,
            window_end: self.settings.window.end,
            messages_in: self.messages_in,
            messages_in_window: raw.messages,
            messages_kept: (training.len() + holdout.len()) as u64,
            training_examples: training.len() as u64,
            holdout_examples: holdout.len() as u64,
            dropped: self.dropped,
            redactions,
            tokens,
        };
        Ok(Dataset { training: file, holdout: Holdout::new(holdout), manifest })
    }

    /// Chronological order, ties by id (and text, should a source repeat one), each message once.
    fn sort(&mut self) {
        self.messages
            .sort_unstable_by(|a, b| (a.timestamp, &a.message_id, &a.text).cmp(&(b.timestamp, &b.message_id, &b.text)));
        let before = self.messages.len();
        self.messages.dedup_by(|a, b| a.timestamp == b.timestamp && a.message_id == b.message_id);
        self.dropped.repeated_id += (before - self.messages.len()) as u64;
    }

    fn clean(&mut self, counter: &mut TokenCounter) -> Raw {
        let mut common = CommonTexts::new(&self.settings.clean);
        self.messages.iter().for_each(|message| common.observe(&message.text));
        let mut raw = Raw::default();
        let (settings, dropped) = (&self.settings.clean, &mut self.dropped);
        self.messages.retain(|message| {
            let rule = settings.rule_against(&message.text, &common);
            if rule != Some(CleanRule::Blank) {
                raw.messages += 1;
                raw.tokens += counter.count(&message.text);
            }
            match rule {
                None => return true,
                Some(CleanRule::Blank) => dropped.blank += 1,
                Some(CleanRule::EmojiOnly) => dropped.emoji_only += 1,
                Some(CleanRule::UrlOnly) => dropped.url_only += 1,
                Some(CleanRule::TooShort) => dropped.too_short += 1,
            }
            false
        });
        raw
    }

    fn redact(&mut self, ledger: &mut Ledger) -> Vec<Sent> {
        let redactor = Redactor::new(&self.settings.redaction);
        let mut sent = Vec::with_capacity(self.messages.len());
        for message in std::mem::take(&mut self.messages) {
            match redactor.redact(&message.text, ledger) {
                Err(_) => self.dropped.redaction_failed += 1,
                Ok(text) if text.is_placeholder_only() => self.dropped.placeholder_only += 1,
                Ok(text) => sent.push(Sent { timestamp: message.timestamp, text }),
            }
        }
        sent
    }

    fn dedupe(&mut self, sent: &mut Vec<Sent>) {
        let kept = dedupe::kept(sent.iter().map(Sent::words), &self.settings.dedupe);
        self.dropped.duplicate += keep_where(sent, &kept);
    }

    fn split(&mut self, mut training: Vec<Sent>) -> (Vec<Sent>, Vec<Sent>) {
        let times: Vec<Timestamp> = training.iter().map(|sent| sent.timestamp).collect();
        let mut holdout = training.split_off(split::training_len(&times, &self.settings.split));
        let unseen = split::unseen(training.iter().map(Sent::words), holdout.iter().map(Sent::words));
        self.dropped.seen_in_training += keep_where(&mut holdout, &unseen);
        (training, holdout)
    }

    fn examples(&self, sent: Vec<Sent>) -> Vec<Example> {
        sent.into_iter().map(|sent| Example::new(self.settings.strategy, sent.text)).collect()
    }
}

/// A redacted message on its way to becoming an example.
struct Sent {
    timestamp: Timestamp,
    text: RedactedText,
}

impl Sent {
    fn words(&self) -> &str {
        self.text.as_str()
    }
}

/// The window's messages before any rule but blankness.
#[derive(Default)]
struct Raw {
    messages: u64,
    tokens: u64,
}

/// Keeps the items whose flag is set and gives the number of the others.
fn keep_where<T>(items: &mut Vec<T>, kept: &[bool]) -> u64 {
    let before = items.len();
    let mut flags = kept.iter();
    items.retain(|_| flags.next().copied().unwrap_or(true));
    (before - items.len()) as u64
}

#[cfg(test)]
mod tests;
