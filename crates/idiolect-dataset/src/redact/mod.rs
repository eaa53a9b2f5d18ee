//! Phone numbers, e-mail addresses and postal addresses out, numbered placeholders in (spec §9.3).

mod email;
mod ledger;
mod phone;
pub(crate) mod placeholder;
mod postal_address;
mod redacted;
mod region;
mod span;

pub use ledger::Ledger;
pub use redacted::RedactedText;
pub use region::Region;
pub use span::{PiiKind, Span};

use crate::RedactionError;

/// Changes with every change of what a recognizer finds or how a placeholder is written.
pub const RULESET_VERSION: &str = "redaction/1";

/// The longest message looked at, in bytes; a longer one is left out rather than half read.
pub const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// Redacting once may put two halves of something side by side, so the text is looked at again this often.
const MAX_PASSES: usize = 8;

/// What is redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactionSettings {
    pub phone: bool,
    pub email: bool,
    pub postal_address: bool,
    /// Where numbers without a country code are dialled, if that is known.
    pub region: Option<Region>,
}

impl Default for RedactionSettings {
    fn default() -> Self {
        Self { phone: true, email: true, postal_address: true, region: None }
    }
}

impl RedactionSettings {
    /// Whether every kind is redacted.
    pub fn is_complete(&self) -> bool {
        self.phone && self.email && self.postal_address
    }
}

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
        let region = region.or(self.settings.region);
        let mut found = Vec::new();
        if self.settings.email {
            email::find(text, &mut found);
        }
        // Both need digits, and most messages have none.
        let ascii_digits = text.bytes().any(|byte| byte.is_ascii_digit());
        if self.settings.postal_address && ascii_digits {
            postal_address::find(text, &mut found);
        }
        if self.settings.phone && (ascii_digits || !text.is_ascii() && text.contains(char::is_numeric)) {
            phone::find(text, region, &mut found);
        }
        if !found.is_empty() {
            placeholder::spare(text, &mut found);
            span::settle(&mut found);
        }
        Ok(found)
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
