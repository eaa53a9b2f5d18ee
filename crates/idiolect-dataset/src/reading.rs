//! From a window's messages to the words that may be learned: cleaned, joined where they are bursts, redacted. They go
//! all the way some at a time; only then is it known which short texts the person writes often.

use crate::DatasetSettings;
use crate::burst;
use crate::clean::{CleanRule, CommonTexts, Judgement};
use crate::days::Days;
use crate::held::{HeldMessage, HeldMessages};
use crate::key::Key;
use crate::look::Look;
use crate::manifest::DropCounts;
use crate::redact::{BesideReader, Found, Ledger, Redacted, Redactor, Region};
use crate::sent::{Own, Sent, TOGETHER, Words, keep_where};
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

/// The person's own words in a message, with a look at them and what the rules say of them.
struct Cleaned<'m> {
    sent: Sent<Own<'m>>,
    look: Look,
    judgement: Judgement,
}

/// Reads messages by the settings, and counts.
pub(crate) struct Reading<'a> {
    settings: &'a DatasetSettings,
    common: CommonTexts,
    redactor: Redactor,
    beside: BesideReader,
    counter: &'a mut TokenCounter,
    dropped: &'a mut DropCounts,
    pub(crate) ledger: Ledger,
    pub(crate) raw: Raw,
}

impl<'a> Reading<'a> {
    /// Of a person who, unless the settings say it, lives where `region` is.
    pub(crate) fn new(
        settings: &'a DatasetSettings,
        region: Option<Region>,
        counter: &'a mut TokenCounter,
        dropped: &'a mut DropCounts,
    ) -> Self {
        let mut redaction = settings.redaction.clone();
        redaction.region = redaction.region.or(region);
        let (redactor, beside) = (Redactor::new(&redaction), BesideReader::new(&redaction));
        let common = CommonTexts::new(&settings.clean);
        Self { settings, common, redactor, beside, counter, dropped, ledger: Ledger::new(), raw: Raw::default() }
    }

    /// What is left of `messages`, in their order.
    pub(crate) fn words<'m>(&mut self, messages: &'m HeldMessages) -> Vec<Sent<Words<'m>>> {
        let gap = self.settings.burst_gap;
        let (mut short, mut some) = (Vec::new(), Vec::with_capacity(TOGETHER));
        let mut left = messages.iter();
        if gap.is_positive() {
            let mut cleaned = Vec::with_capacity(messages.len());
            while self.clean(&mut left, &mut some) {
                for Cleaned { sent, judgement, .. } in some.drain(..) {
                    short.extend(judgement.key(&sent.text.text).map(|key| (cleaned.len(), key)));
                    cleaned.push(sent);
                }
            }
            self.drop_uncommon(&mut cleaned, &short);
            return self.redact_bursts(burst::join(cleaned, gap));
        }
        let mut words = Vec::with_capacity(messages.len());
        while self.clean(&mut left, &mut some) {
            let found = self.find(some.iter().map(|cleaned| (cleaned.look, &cleaned.sent.text)));
            for (Cleaned { sent, look, judgement }, found) in some.drain(..).zip(found) {
                let key = judgement.key(&sent.text.text);
                let Some(redacted) = self.redact(look, sent, found) else { continue };
                short.extend(key.map(|key| (words.len(), key)));
                words.push(redacted);
            }
        }
        self.drop_uncommon(&mut words, &short);
        words
    }

    fn redact_bursts<'m>(&mut self, bursts: Vec<Sent<Own<'m>>>) -> Vec<Sent<Words<'m>>> {
        let mut words = Vec::with_capacity(bursts.len());
        let mut left = bursts.into_iter();
        while left.len() > 0 {
            let some: Vec<_> = left.by_ref().take(TOGETHER).map(|burst| (Look::at(&burst.text.text), burst)).collect();
            let found = self.find(some.iter().map(|(look, burst)| (*look, &burst.text)));
            let redacted =
                some.into_iter().zip(found).filter_map(|((look, burst), found)| self.redact(look, burst, found));
            words.extend(redacted);
        }
        words
    }

    /// Leaves out those of `short`, named by their places in `sent` and their keys, that the person does not write often.
    fn drop_uncommon<Text>(&mut self, sent: &mut Vec<Sent<Text>>, short: &[(usize, Key)]) {
        let mut uncommon = short.iter().filter(|(_, key)| !self.common.is_common(*key)).peekable();
        if uncommon.peek().is_some() {
            let mut kept = vec![true; sent.len()];
            uncommon.for_each(|(at, _)| kept[*at] = false);
            *self.dropped.by(CleanRule::TooShort) += keep_where(sent, &kept);
        }
    }

    /// Puts what cleaning leaves of the next of `messages` into `cleaned`; false if there are no more.
    fn clean<'m>(
        &mut self,
        messages: &mut impl ExactSizeIterator<Item = HeldMessage<'m>>,
        cleaned: &mut Vec<Cleaned<'m>>,
    ) -> bool {
        let more = messages.len() > 0;
        cleaned.extend(messages.take(TOGETHER).filter_map(|message| self.own_words(message)));
        let counts = self.counter.count_each(cleaned.iter().map(|cleaned| &*cleaned.sent.text.text));
        for (Cleaned { sent, .. }, tokens) in cleaned.iter_mut().zip(counts) {
            // What would be too much for it is refused by redaction.
            sent.tokens = Some(tokens as u32);
            self.raw.messages += 1;
            self.raw.tokens += tokens;
            self.raw.days.sent(sent.timestamp);
        }
        cleaned.retain(|cleaned| {
            if let Judgement::Goes(rule) = cleaned.judgement {
                *self.dropped.by(rule) += 1;
            }
            !matches!(cleaned.judgement, Judgement::Goes(_))
        });
        more
    }

    /// The person's own words in a message, unless they are blank.
    fn own_words<'m>(&mut self, message: HeldMessage<'m>) -> Option<Cleaned<'m>> {
        let clean = &self.settings.clean;
        let own = clean.own_words(message.look, message.text);
        let look = if own.cut.is_none() { message.look } else { Look::at(&own.text) };
        let judgement = match own.cut.filter(|_| own.is_nothing()) {
            Some(rule) => {
                self.common.observe(message.text, clean.is_short(message.text));
                Judgement::Goes(rule)
            }
            None => {
                let short = clean.is_short(&own.text);
                self.common.observe(&own.text, short);
                self.raw.trimmed += u64::from(own.cut.is_some());
                clean.judge(look, &own.text, short)
            }
        };
        if judgement == Judgement::Goes(CleanRule::Blank) {
            self.dropped.blank += 1;
            return None;
        }
        let HeldMessage { timestamp, conversation, before, after, .. } = message;
        let text = Own { text: own.text, before, after };
        let sent = Sent { timestamp, text, tokens: None, messages: 1, conversation };
        Some(Cleaned { sent, look, judgement })
    }

    /// What is found in each of `texts`, after a look at it.
    fn find<'t>(&self, texts: impl Iterator<Item = (Look, &'t Own<'t>)> + Clone) -> Vec<Found> {
        let mut found = self.redactor.find_together(texts.clone().map(|(look, own)| (look, &*own.text)));
        self.beside.find(texts.map(|(_, own)| own), &mut found);
        found
    }

    /// `sent` redacted, after a look at its text and what was found in it.
    fn redact<'m>(&mut self, look: Look, sent: Sent<Own<'m>>, found: Found) -> Option<Sent<Words<'m>>> {
        let Sent { timestamp, text, tokens, messages, conversation } = sent;
        match self.redactor.redact_found(look, text.text, found, &mut self.ledger) {
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
