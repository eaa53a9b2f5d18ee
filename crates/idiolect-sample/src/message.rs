//! The sample's messages as values, parsed from the shipped NDJSON.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;

use crate::SAMPLE_NDJSON;

/// One message of the sample person or of somebody who writes to them.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SampleMessage {
    /// Unique and stable, in the form of the UUIDs that Messages uses as `guid`.
    pub message_id: String,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// The words.
    pub text: String,
    /// A name that is the same for all messages of one conversation.
    pub conversation_id: String,
    /// How many other people are in the conversation.
    pub recipient_count: u32,
    /// Whether the sample person sent it.
    pub from_me: bool,
    /// Who wrote a received message; absent on sent ones.
    pub sender: Option<String>,
}

/// Prints who and how long, never the words.
impl fmt::Debug for SampleMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SampleMessage")
            .field("message_id", &self.message_id)
            .field("timestamp", &self.timestamp)
            .field("from_me", &self.from_me)
            .field("text_bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// All messages of the sample, oldest first.
///
/// # Panics
/// Never: the file is part of this crate and its tests parse it.
pub fn sample_messages() -> Vec<SampleMessage> {
    SAMPLE_NDJSON
        .lines()
        .map(|line| serde_json::from_str(line).expect("the shipped sample is valid, a test parses it"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_words() {
        let message = sample_messages().remove(0);
        let shown = format!("{message:?}");
        assert!(shown.contains(&message.message_id));
        assert!(!shown.contains(&message.text));
    }
}
