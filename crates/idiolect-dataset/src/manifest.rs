//! What is known of a dataset once its words are gone: hash, versions, counts. Nothing in it is anybody's text.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clean::CleanRule;
use crate::intent::Intent;
use crate::neutral::NeutralKind;
use crate::prompt::Form;
use crate::redact::{Ledger, PiiKind};
use crate::sent::Sent;

/// The record of one build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// SHA-256 of the training file, in lower-case hexadecimal.
    pub dataset_hash: String,
    pub dataset_builder_version: String,
    pub cleaning_version: String,
    pub redaction_ruleset_version: String,
    /// Whether every kind of redaction was on.
    pub pii_redaction: bool,
    /// `neutral_rewrite`, `style_rewrite`, `intent` or `mix`.
    pub strategy: String,
    /// The version of the prompt templates, `neutral_rewrite/1`.
    pub prompt_version: String,
    /// The version of the rules that make the neutral side of a prompt.
    pub neutraliser_version: String,
    /// The version of the rules that tell what a message is for.
    pub intent_version: String,
    /// First instant of the window.
    pub window_start: Timestamp,
    /// Last instant of the window.
    pub window_end: Timestamp,
    /// Messages given to the builder, those outside the window included.
    pub messages_in: u64,
    /// Sent messages of the window: what was given in, less what lay outside, came twice or was blank.
    pub messages_in_window: u64,
    /// Messages that became an example, training and holdout together.
    pub messages_kept: u64,
    pub training_examples: u64,
    pub holdout_examples: u64,
    /// Examples made of more than one message.
    pub bursts: u64,
    /// When the first and the last message that became an example were sent, bursts by their first message.
    pub first_message: Option<Timestamp>,
    pub last_message: Option<Timestamp>,
    /// Messages left out, by rule.
    pub dropped: DropCounts,
    /// Messages kept or looked at further without a part that the person did not write: a quote, a signature.
    #[serde(default)]
    pub messages_trimmed: u64,
    /// Values replaced by placeholders, in messages kept or not.
    pub redactions: RedactionCounts,
    /// The examples by the wording of their prompt.
    pub forms: FormCounts,
    /// How the neutral side of the examples came about; all zero for a strategy without content.
    pub prompts: PromptCounts,
    /// The examples whose prompt names an intent, by intent.
    pub intents: BTreeMap<String, u64>,
    pub tokens: TokenCounts,
}

impl Manifest {
    /// Takes what became an example into the counts of messages.
    pub(crate) fn keep<Text>(&mut self, sent: &Sent<Text>) {
        self.messages_kept += u64::from(sent.messages);
        self.bursts += u64::from(sent.messages > 1);
        self.tokens.messages_kept += u64::from(sent.tokens.unwrap_or_default());
        let earlier = |kept: Timestamp| kept.min(sent.timestamp);
        self.first_message = Some(self.first_message.map_or(sent.timestamp, earlier));
        let later = |kept: Timestamp| kept.max(sent.timestamp);
        self.last_message = Some(self.last_message.map_or(sent.timestamp, later));
    }

    /// Takes one example into the counts of prompts.
    pub(crate) fn count(&mut self, form: Form, neutral: Option<NeutralKind>, intent: Option<Intent>) {
        self.forms.add(form);
        if let Some(kind) = neutral {
            self.prompts.add(kind);
        }
        if let Some(intent) = intent {
            *self.intents.entry(intent.name().to_owned()).or_default() += 1;
        }
    }

    /// The versions of everything that shaped the examples, for the version's record: `builder/…+cleaning/…+…`.
    pub fn versions(&self) -> String {
        [
            &self.dataset_builder_version,
            &self.cleaning_version,
            &self.redaction_ruleset_version,
            &self.neutraliser_version,
            &self.intent_version,
        ]
        .map(String::as_str)
        .join("+")
    }
}

/// Messages left out, by the first rule that applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DropCounts {
    pub outside_window: u64,
    /// The same message id at the same time again.
    pub repeated_id: u64,
    pub blank: u64,
    pub emoji_only: u64,
    pub url_only: u64,
    pub too_short: u64,
    /// All of it quoted somebody.
    #[serde(default)]
    pub quoted: u64,
    /// All of it was forwarded.
    #[serde(default)]
    pub forwarded: u64,
    /// An automatic answer.
    #[serde(default)]
    pub automatic: u64,
    /// An app wrote it.
    #[serde(default)]
    pub app_made: u64,
    /// The recognizers gave up on it, so it is not safe to use.
    pub redaction_failed: u64,
    /// Nothing but placeholders was left of it.
    pub placeholder_only: u64,
    /// A copy of another message.
    pub duplicate: u64,
    /// Would have been held out, but training has the same text.
    pub seen_in_training: u64,
    /// As an example it would be longer than the base model takes.
    #[serde(default)]
    pub too_long: u64,
    /// Its conversation had its share of the training part already.
    pub over_conversation_share: u64,
    /// The training file was full.
    pub over_cap: u64,
}

impl DropCounts {
    /// The count of a cleaning rule.
    pub(crate) fn by(&mut self, rule: CleanRule) -> &mut u64 {
        match rule {
            CleanRule::Blank => &mut self.blank,
            CleanRule::EmojiOnly => &mut self.emoji_only,
            CleanRule::UrlOnly => &mut self.url_only,
            CleanRule::TooShort => &mut self.too_short,
            CleanRule::Quoted => &mut self.quoted,
            CleanRule::Forwarded => &mut self.forwarded,
            CleanRule::Automatic => &mut self.automatic,
            CleanRule::AppMade => &mut self.app_made,
        }
    }

    /// Each count with what people are shown as its reason.
    pub fn by_reason(&self) -> [(&'static str, u64); 17] {
        [
            ("outside the window", self.outside_window),
            ("read twice", self.repeated_id),
            ("blank", self.blank),
            ("emoji only", self.emoji_only),
            ("links only", self.url_only),
            ("too short", self.too_short),
            ("quoted from others", self.quoted),
            ("forwarded", self.forwarded),
            ("automatic answers", self.automatic),
            ("made by an app", self.app_made),
            ("duplicates", self.duplicate),
            ("not safely redactable", self.redaction_failed),
            ("nothing but placeholders", self.placeholder_only),
            ("held out but seen in training", self.seen_in_training),
            ("longer than the base model takes", self.too_long),
            ("over its conversation's share", self.over_conversation_share),
            ("over a cap of the settings", self.over_cap),
        ]
    }
}

/// Values replaced, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RedactionCounts {
    pub phone: u64,
    pub email: u64,
    pub postal_address: u64,
    pub one_time_code: u64,
    pub password: u64,
    pub payment_card: u64,
    pub iban: u64,
    pub national_id: u64,
    pub ip_address: u64,
    /// Tokens in links, API keys and the like.
    pub secret: u64,
    pub name: u64,
    /// From the user's own list.
    pub word: u64,
}

impl RedactionCounts {
    /// Each kind's count.
    pub fn by_kind(&self) -> [(PiiKind, u64); PiiKind::ALL.len()] {
        let mut counts = *self;
        PiiKind::ALL.map(|kind| (kind, *counts.of(kind)))
    }

    fn of(&mut self, kind: PiiKind) -> &mut u64 {
        match kind {
            PiiKind::Phone => &mut self.phone,
            PiiKind::Email => &mut self.email,
            PiiKind::PostalAddress => &mut self.postal_address,
            PiiKind::OneTimeCode => &mut self.one_time_code,
            PiiKind::Password => &mut self.password,
            PiiKind::PaymentCard => &mut self.payment_card,
            PiiKind::Iban => &mut self.iban,
            PiiKind::NationalId => &mut self.national_id,
            PiiKind::IpAddress => &mut self.ip_address,
            PiiKind::Secret => &mut self.secret,
            PiiKind::Name => &mut self.name,
            PiiKind::Word => &mut self.word,
        }
    }
}

impl From<&Ledger> for RedactionCounts {
    fn from(ledger: &Ledger) -> Self {
        let mut counts = Self::default();
        PiiKind::ALL.into_iter().for_each(|kind| *counts.of(kind) = ledger.replaced(kind));
        counts
    }
}

/// Examples, training and holdout together, by the wording of their prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormCounts {
    pub neutral_rewrite: u64,
    pub style_rewrite: u64,
    pub intent: u64,
}

impl FormCounts {
    fn add(&mut self, form: Form) {
        match form {
            Form::NeutralRewrite => self.neutral_rewrite += 1,
            Form::StyleRewrite => self.style_rewrite += 1,
            Form::Intent => self.intent += 1,
        }
    }
}

/// Examples, training and holdout together, by how their prompt's content was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PromptCounts {
    /// The message in plain English.
    pub rewritten: u64,
    /// The message was plain English: prompt and answer are the same.
    pub plain: u64,
    /// The message had no words, so its meaning was put into words.
    pub reaction: u64,
    /// The rules could not be used: prompt and answer are the same but for white space.
    pub unchanged: u64,
}

impl PromptCounts {
    fn add(&mut self, kind: NeutralKind) {
        match kind {
            NeutralKind::Rewritten => self.rewritten += 1,
            NeutralKind::Plain => self.plain += 1,
            NeutralKind::Reaction => self.reaction += 1,
            NeutralKind::Unchanged => self.unchanged += 1,
        }
    }
}

/// Estimates in o200k tokens; all zero if the settings switched counting off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenCounts {
    /// Of the window's sent messages as they were written.
    pub messages_in_window: u64,
    /// Of the messages kept, redacted.
    pub messages_kept: u64,
    /// Of the training file: prompts, answers and the chat frame. A provider's price is per epoch of these.
    pub training_file: u64,
    /// Of the longest training example.
    pub longest_example: u64,
}
