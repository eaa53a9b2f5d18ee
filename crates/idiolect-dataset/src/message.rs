//! A sent message, the normalised record of spec §6.2, whose words stay hidden unless asked for by name.

use std::fmt;

use jiff::Timestamp;

/// One message that the person sent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Unique within its source and the same on every reading of it.
    pub message_id: String,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// What was typed, as it was typed.
    pub text: String,
    /// The conversation it was sent to, where the source knows it.
    pub conversation_id: Option<String>,
    /// How many people received it, the person themselves not counted.
    pub recipient_count: Option<u32>,
}

/// Shows the id and the length, never the words.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("message_id", &self.message_id)
            .field("timestamp", &self.timestamp)
            .field("text_chars", &self.text.chars().count())
            .finish_non_exhaustive()
    }
}
