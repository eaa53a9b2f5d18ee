//! What makes a run begin, and what the user's record remembers for the next one.

use jiff::Timestamp;

use crate::Failure;

/// Who or what asked for a run (spec §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The user gave consent.
    OptIn,
    /// Their week has come round.
    Schedule,
    /// Somebody asked: the command line or the admin endpoint.
    Manual,
    /// The active version's base model is about to be shut down.
    Retirement,
}

impl Trigger {
    pub const ALL: [Self; 4] = [Self::OptIn, Self::Schedule, Self::Manual, Self::Retirement];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::OptIn => "opt_in",
            Self::Schedule => "schedule",
            Self::Manual => "manual",
            Self::Retirement => "retirement",
        }
    }
}

/// What retraining goes by. When the next look is due stands in [`User::dispatch`](crate::User).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Where this user's messages are, as the text side spells it; `None` takes the installation's own.
    pub source: Option<String>,
    /// When the last run that came to a job was requested; the cooldown counts from here.
    pub last_trained_at: Option<Timestamp>,
    /// The end of the window that run trained on; newer messages are new.
    pub last_window_end: Option<Timestamp>,
    /// Sent messages in that window; the share of new ones is relative to it.
    pub last_message_count: u64,
}

/// What the last trigger led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerOutcome {
    pub trigger: Trigger,
    pub at: Timestamp,
    /// The version that was begun.
    pub version: Option<u32>,
    /// Why none was.
    pub refusal: Option<Failure>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_keep_triggers_under_words_that_do_not_change() {
        assert_eq!(Trigger::ALL.map(Trigger::as_str), ["opt_in", "schedule", "manual", "retirement"]);
    }
}
