//! A message, or a burst of them, on its way to becoming an example.

use std::borrow::Cow;
use std::num::NonZeroU32;

use jiff::Timestamp;

use crate::key::Key;
use crate::redact::RedactedWords;

/// So many messages go through one step before any goes through the next: what has just run, and the messages themselves, are in the
/// processor's caches.
pub(crate) const TOGETHER: usize = 4096;

/// Before and after redaction.
pub(crate) struct Sent<Text> {
    /// When it was sent; of a burst, its first message.
    pub(crate) timestamp: Timestamp,
    pub(crate) text: Text,
    /// In o200k tokens, once they are counted.
    pub(crate) tokens: Option<u32>,
    /// How many messages it is made of.
    pub(crate) messages: u32,
    /// Which conversation, numbered by first appearance; unknown in some sources.
    pub(crate) conversation: Option<NonZeroU32>,
}

/// What the person wrote themselves, and the texts of the messages beside it that may announce what it holds, or empty.
pub(crate) struct Own<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) before: &'a str,
    pub(crate) after: &'a str,
}

/// What was sent, redacted, and the key under which it is looked up among the others.
pub(crate) struct Words<'a> {
    pub(crate) text: RedactedWords<'a>,
    pub(crate) key: Key,
    /// Whether it is of several lines.
    several: bool,
}

impl<'a> Words<'a> {
    pub(crate) fn new(text: RedactedWords<'a>) -> Self {
        let several = memchr::memchr(b'\n', text.as_str().as_bytes()).is_some();
        Self { key: Key::of(text.as_str()), text, several }
    }
}

impl Sent<Words<'_>> {
    pub(crate) fn words(&self) -> &str {
        self.text.text.as_str()
    }

    pub(crate) fn keyed(&self) -> (Key, &str) {
        (self.text.key, self.words())
    }

    /// The key of the whole, and the words if they are of several lines.
    pub(crate) fn keyed_lines(&self) -> (Key, Option<&str>) {
        (self.text.key, self.text.several.then(|| self.words()))
    }
}

/// Keeps the items whose flag is set and gives the number of messages in the others.
pub(crate) fn keep_where<Text>(items: &mut Vec<Sent<Text>>, kept: &[bool]) -> u64 {
    let mut lost = 0;
    let mut flags = kept.iter();
    items.retain(|item| {
        let stays = flags.next().copied().unwrap_or(true);
        lost += if stays { 0 } else { u64::from(item.messages) };
        stays
    });
    lost
}
