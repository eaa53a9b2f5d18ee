//! From a window's messages to the words that may be learned: cleaned, joined where they are bursts, redacted. Each message goes
//! all the way before the next is looked at.

use std::borrow::Cow;

use crate::DatasetSettings;
use crate::burst;
use crate::clean::{CleanRule, CommonTexts};
use crate::days::Days;
use crate::held::{HeldMessage, HeldMessages};
use crate::look::Look;
use crate::manifest::DropCounts;
use crate::redact::{Ledger, Redacted, Redactor, Region};
use crate::sent::{Sent, Words};
use crate::tokens::TokenCounter;

/// The window's messages before any rule but blankness.
#[derive(Default)]
pub(crate) struct Raw {
    pub(crate) messages: u64,
    /// Looked at further without a part that the person did not write.
    pub(crate) trimmed: u64,
    pub(crate) tokens: u64,
    pub(crate) days: Days,
}

/// Reads messages by the settings, and counts.
pub(crate) struct Reading<'a> {
    settings: &'a DatasetSettings,
    common: CommonTexts,
    redactor: Redactor,
    counter: &'a mut TokenCounter,
    dropped: &'a mut DropCounts,
    pub(crate) ledger: Ledger,
    pub(crate) raw: Raw,
}

impl<'a> Reading<'a> {
    /// Of `messages`, from which it takes how often the person writes short texts and which region they live in.
    pub(crate) fn new(
        settings: &'a DatasetSettings,
        messages: &HeldMessages,
        counter: &'a mut TokenCounter,
        dropped: &'a mut DropCounts,
    ) -> Self {
        let mut common = CommonTexts::new(&settings.clean);
        let mut redaction = settings.redaction.clone();
        // One way through the messages for both.
        let texts = messages.iter().map(|message| message.text).inspect(|text| common.observe(text));
        match redaction.region {
            Some(_) => texts.for_each(drop),
            None => redaction.region = Region::inferred(texts),
        }
        let redactor = Redactor::new(&redaction);
        Self { settings, common, redactor, counter, dropped, ledger: Ledger::new(), raw: Raw::default() }
    }

    /// What is left of `messages`, in their order.
    pub(crate) fn words<'m>(&mut self, messages: &'m HeldMessages) -> Vec<Sent<Words<'m>>> {
        let gap = self.settings.burst_gap;
        let mut sent = Vec::with_capacity(messages.len());
        if gap.is_positive() {
            let cleaned = messages.iter().filter_map(|message| Some(self.clean(message)?.0)).collect();
            let bursts = burst::join(cleaned, gap).into_iter();
            sent.extend(bursts.filter_map(|burst| self.redact(Look::at(&burst.text), burst)));
        } else {
            for message in messages.iter() {
                let Some((message, look)) = self.clean(message) else { continue };
                sent.extend(self.redact(look, message));
            }
        }
        sent
    }

    /// The person's own words in a message, with a look at them.
    fn clean<'m>(&mut self, message: HeldMessage<'m>) -> Option<(Sent<Cow<'m, str>>, Look)> {
        let clean = &self.settings.clean;
        let look = Look::at(message.text);
        let own = clean.own_words_after(look, message.text);
        let look = if own.cut.is_none() { look } else { Look::at(&own.text) };
        let rule = match own.cut {
            Some(rule) if own.is_nothing() => Some(rule),
            _ => clean.rule_against_after(look, &own.text, &self.common),
        };
        let trimmed = own.cut.is_some() && !own.is_nothing();
        self.raw.trimmed += u64::from(trimmed);
        if rule == Some(CleanRule::Blank) {
            self.dropped.blank += 1;
            return None;
        }
        let tokens = self.counter.count(&own.text);
        self.raw.messages += 1;
        self.raw.tokens += tokens;
        self.raw.days.sent(message.timestamp);
        if let Some(rule) = rule {
            *self.dropped.by(rule) += 1;
            return None;
        }
        let sent = Sent {
            timestamp: message.timestamp,
            text: own.text,
            // What would be too much for it is refused by redaction.
            tokens: Some(tokens as u32),
            messages: 1,
            conversation: message.conversation,
        };
        Some((sent, look))
    }

    /// `sent` redacted, after a look at its text.
    fn redact<'m>(&mut self, look: Look, sent: Sent<Cow<'m, str>>) -> Option<Sent<Words<'m>>> {
        let Sent { timestamp, text, tokens, messages, conversation } = sent;
        match self.redactor.redact_words(look, text, &mut self.ledger) {
            Err(_) => self.dropped.redaction_failed += u64::from(messages),
            Ok(redacted) if redacted.is_placeholder_only() => self.dropped.placeholder_only += u64::from(messages),
            Ok(Redacted { words, with_placeholders }) => {
                let counted = tokens.filter(|_| !with_placeholders);
                let tokens = Some(counted.unwrap_or_else(|| self.counter.count(words.as_str()) as u32));
                return Some(Sent { timestamp, text: Words::new(words), tokens, messages, conversation });
            }
        }
        None
    }
}
