//! From messages to a dataset: window, clean, redact, dedupe, split, prompts, JSONL, in this order.

use jiff::Timestamp;

use crate::clean::{CLEANING_VERSION, CleanRule, CleanSettings, CommonTexts};
use crate::dedupe::{self, DedupeSettings};
use crate::jsonl::TrainingFile;
use crate::manifest::{DropCounts, Manifest, PromptCounts, RedactionCounts, TokenCounts};
use crate::neutral::NEUTRALISER_VERSION;
use crate::prompt::Strategy;
use crate::redact::{Ledger, RULESET_VERSION, RedactedText, RedactionSettings, Redactor};
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
        let (raw, sent) = self.clean(&mut counter);
        let mut ledger = Ledger::new();
        let mut sent = self.redact(sent, &mut ledger, &mut counter);
        self.dedupe(&mut sent);
        let (training, holdout) = self.split(sent);

        let kept_tokens = training.iter().chain(&holdout).map(|sent| sent.tokens).sum();
        let answer_tokens: u64 = training.iter().map(|sent| sent.tokens).sum();
        let (training, holdout) = (self.examples(training), self.examples(holdout));
        let prompt_tokens = prompt_tokens(&training, &mut counter);
        let file = TrainingFile::from_examples(&training);
        let mut prompts = PromptCounts::default();
        training.iter().chain(&holdout).filter_map(Example::neutral).for_each(|kind| prompts.add(kind));
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
            redactions: RedactionCounts::from(&ledger),
            prompts,
            tokens: TokenCounts {
                messages_in_window: raw.tokens,
                messages_kept: kept_tokens,
                training_file: prompt_tokens + answer_tokens,
            },
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

    fn clean(&mut self, counter: &mut TokenCounter) -> (Raw, Vec<Sent<String>>) {
        let messages = std::mem::take(&mut self.messages);
        let mut common = CommonTexts::new(&self.settings.clean);
        messages.iter().for_each(|message| common.observe(&message.text));
        let mut raw = Raw::default();
        let mut sent = Vec::with_capacity(messages.len());
        for message in messages {
            let rule = self.settings.clean.rule_against(&message.text, &common);
            let tokens = if rule == Some(CleanRule::Blank) { 0 } else { counter.count(&message.text) };
            raw.messages += u64::from(rule != Some(CleanRule::Blank));
            raw.tokens += tokens;
            match rule {
                None => sent.push(Sent { timestamp: message.timestamp, text: message.text, tokens }),
                Some(CleanRule::Blank) => self.dropped.blank += 1,
                Some(CleanRule::EmojiOnly) => self.dropped.emoji_only += 1,
                Some(CleanRule::UrlOnly) => self.dropped.url_only += 1,
                Some(CleanRule::TooShort) => self.dropped.too_short += 1,
            }
        }
        (raw, sent)
    }

    fn redact(
        &mut self,
        sent: Vec<Sent<String>>,
        ledger: &mut Ledger,
        counter: &mut TokenCounter,
    ) -> Vec<Sent<RedactedText>> {
        let redactor = Redactor::new(&self.settings.redaction);
        let mut redacted = Vec::with_capacity(sent.len());
        for Sent { timestamp, text, tokens } in sent {
            let bytes = text.len();
            match redactor.redact_owned(text, ledger) {
                Err(_) => self.dropped.redaction_failed += 1,
                Ok(text) if text.is_placeholder_only() => self.dropped.placeholder_only += 1,
                Ok(text) => {
                    let untouched = text.as_str().len() == bytes && !text.as_str().contains('[');
                    let tokens = if untouched { tokens } else { counter.count(text.as_str()) };
                    redacted.push(Sent { timestamp, text, tokens });
                }
            }
        }
        redacted
    }

    fn dedupe(&mut self, sent: &mut Vec<Sent<RedactedText>>) {
        let kept = dedupe::kept(sent.iter().map(Sent::words), &self.settings.dedupe);
        self.dropped.duplicate += keep_where(sent, &kept);
    }

    fn split(&mut self, mut training: Vec<Sent<RedactedText>>) -> (Vec<Sent<RedactedText>>, Vec<Sent<RedactedText>>) {
        let times: Vec<Timestamp> = training.iter().map(|sent| sent.timestamp).collect();
        let mut holdout = training.split_off(split::training_len(&times, &self.settings.split));
        let unseen = split::unseen(training.iter().map(Sent::words), holdout.iter().map(Sent::words));
        self.dropped.seen_in_training += keep_where(&mut holdout, &unseen);
        (training, holdout)
    }

    fn examples(&self, sent: Vec<Sent<RedactedText>>) -> Vec<Example> {
        sent.into_iter().map(|sent| Example::new(self.settings.strategy, sent.text)).collect()
    }
}

/// A message on its way to becoming an example, before and after redaction.
struct Sent<Text> {
    timestamp: Timestamp,
    text: Text,
    /// In o200k tokens.
    tokens: u64,
}

impl Sent<RedactedText> {
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

/// Tokens of everything in `examples` but the answers.
fn prompt_tokens(examples: &[Example], counter: &mut TokenCounter) -> u64 {
    let system = examples.first().map_or(0, |example| counter.count(example.system()));
    examples.iter().map(|example| system + counter.count(example.user()) + FRAME_TOKENS).sum()
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
