//! What a message is for, by rules and without any model (spec §7.2 Option B), and the words that carry its content.
//! English only: a message of another language is `other`, and all its words are content.

mod keywords;
mod phrases;
mod rules;

pub(crate) use keywords::Keywords;

/// Changes with every change of what the same message gives.
pub const INTENT_VERSION: &str = "intents/6";

/// The coarse purpose of a message: the spec's six, and three that chats are full of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    Confirmation,
    Decline,
    Question,
    Logistics,
    StatusUpdate,
    Joke,
    Thanks,
    Greeting,
    Other,
}

impl Intent {
    pub const ALL: [Self; 9] = [
        Self::Confirmation,
        Self::Decline,
        Self::Question,
        Self::Logistics,
        Self::StatusUpdate,
        Self::Joke,
        Self::Thanks,
        Self::Greeting,
        Self::Other,
    ];

    /// The name in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::Decline => "decline",
            Self::Question => "question",
            Self::Logistics => "logistics",
            Self::StatusUpdate => "status_update",
            Self::Joke => "joke",
            Self::Thanks => "thanks",
            Self::Greeting => "greeting",
            Self::Other => "other",
        }
    }

    /// The word before "message" in a prompt, with the space behind it; nothing for a message without a nameable purpose.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation ",
            Self::Decline => "decline ",
            Self::Question => "question ",
            Self::Logistics => "logistics update ",
            Self::StatusUpdate => "status update ",
            Self::Joke => "joke ",
            Self::Thanks => "thank-you ",
            Self::Greeting => "greeting ",
            Self::Other => "",
        }
    }
}

/// The intent of a message: `said` as the person wrote it, for laughter and emoji, and `plain` as
/// [`neutralise`](crate::neutral::neutralise) gives it, for the words.
///
/// The first rule that applies decides, from what is said outright ("thanks") to what is only likely ("I'm at the gym").
pub fn classify(said: &str, plain: &str) -> Intent {
    rules::intent(said, plain)
}

#[cfg(test)]
mod tests;
