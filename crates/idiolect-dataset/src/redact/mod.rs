//! What identifies people or opens their doors out, numbered placeholders in (spec §9.3). One recognizer per file.

mod email;
mod kind;
mod ledger;
mod phone;
pub(crate) mod placeholder;
mod postal_address;
mod redacted;
mod region;
mod settings;
mod span;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use kind::{KindSet, PiiKind};
pub use ledger::Ledger;
pub use redacted::RedactedText;
pub use region::Region;
pub use settings::RedactionSettings;
pub use span::Span;

use crate::RedactionError;

/// Changes with every change of what a recognizer finds or how a placeholder is written.
pub const RULESET_VERSION: &str = "redaction/2";

/// The longest message looked at, in bytes; a longer one is left out rather than half read.
pub const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// Redacting once may put two halves of something side by side, so the text is looked at again this often.
const MAX_PASSES: usize = 8;

/// Finds what identifies people and puts placeholders in its place.
#[derive(Clone, Debug)]
pub struct Redactor {
    settings: RedactionSettings,
}

impl Redactor {
    pub fn new(settings: &RedactionSettings) -> Self {
        Self { settings: settings.clone() }
    }

    /// Everything to redact in `text`: byte spans on character borders, in order, none overlapping.
    ///
    /// `region` overrules the settings' one. Placeholders already in `text` are never touched.
    pub fn find(&self, text: &str, region: Option<Region>) -> Result<Vec<Span>, RedactionError> {
        if text.len() > MAX_MESSAGE_BYTES {
            return Err(RedactionError::TooLong { bytes: text.len(), limit: MAX_MESSAGE_BYTES });
        }
        // A recognizer that panics has a bug, and what it did not look at may be anything: the message is not safe.
        catch_unwind(AssertUnwindSafe(|| self.recognize(text, region.or(self.settings.region))))
            .map_err(|_| RedactionError::RecognizerFailed)
    }

    fn recognize(&self, text: &str, region: Option<Region>) -> Vec<Span> {
        let on = |kind| self.settings.kinds.contains(kind);
        let mut found = Vec::new();
        if on(PiiKind::Email) {
            email::find(text, &mut found);
        }
        // Both need digits, and most messages have none.
        let ascii_digits = text.bytes().any(|byte| byte.is_ascii_digit());
        if on(PiiKind::PostalAddress) && ascii_digits {
            postal_address::find(text, &mut found);
        }
        if on(PiiKind::Phone) && (ascii_digits || !text.is_ascii() && text.contains(char::is_numeric)) {
            phone::find(text, region, &mut found);
        }
        if !found.is_empty() {
            placeholder::spare(text, &mut found);
            span::settle(&mut found);
        }
        found
    }

    /// `text` with a numbered placeholder for everything found; `ledger` keeps the numbers of one dataset.
    ///
    /// Redacting the result again changes nothing. On an error the text must not be used.
    pub fn redact(&self, text: &str, ledger: &mut Ledger) -> Result<RedactedText, RedactionError> {
        self.redact_owned(text.to_owned(), ledger)
    }

    /// As [`redact`](Self::redact); a text in which nothing is found is not copied.
    pub fn redact_owned(&self, text: String, ledger: &mut Ledger) -> Result<RedactedText, RedactionError> {
        let mut redacted = text;
        for _ in 0..MAX_PASSES {
            let spans = self.find(&redacted, None)?;
            if spans.is_empty() {
                return Ok(RedactedText::vouched(redacted));
            }
            redacted = ledger.replace(&redacted, &spans);
        }
        Err(RedactionError::Unsettled { passes: MAX_PASSES })
    }
}

#[cfg(test)]
mod tests;
