//! Text that went through redaction: the only text that can enter an example.

use std::borrow::Cow;
use std::fmt;

use super::placeholder;

/// A message's text after redaction. Only [`Redactor::redact`](super::Redactor::redact) makes one.
///
/// ```compile_fail
/// let unredacted = idiolect_dataset::RedactedText(String::from("call 202-555-0142"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RedactedText(String);

impl RedactedText {
    /// The words, asked for by name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As [`RedactedText`], borrowed where nothing was to be redacted, as in most messages.
pub(crate) struct RedactedWords<'a>(Cow<'a, str>);

impl RedactedWords<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_text(self) -> RedactedText {
        RedactedText(self.0.into_owned())
    }
}

/// What the redactor gives.
pub(crate) struct Redacted<'a> {
    pub(crate) words: RedactedWords<'a>,
    /// Whether there may be a placeholder in them; otherwise they are as they were written.
    pub(crate) with_placeholders: bool,
}

impl<'a> Redacted<'a> {
    /// For the redactor alone, which vouches for `text`, and that without `with_placeholders` there is none in it.
    pub(super) fn vouched(text: Cow<'a, str>, with_placeholders: bool) -> Self {
        Self { words: RedactedWords(text), with_placeholders }
    }

    /// Whether nothing but placeholders is left to learn from.
    pub(crate) fn is_placeholder_only(&self) -> bool {
        self.with_placeholders && !placeholder::has_words_beside(self.words.as_str())
    }
}

/// Shows the length, never the words.
impl fmt::Debug for RedactedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedactedText({} chars)", self.0.chars().count())
    }
}
