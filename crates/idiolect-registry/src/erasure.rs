//! Erasing a user: everything at the provider and every record, retried until it is done, and a receipt without personal data.

use jiff::Timestamp;

use crate::{Failure, UserId};

/// A request to erase a user, and once it is done its receipt. Its id is random and says nothing about the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    pub id: String,
    /// Whose; `None` once everything is erased, so that the receipt names nobody.
    pub user_id: Option<UserId>,
    pub requested_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    /// What was erased, in order.
    pub items: Vec<ErasedItem>,
    /// What stands in the way, while something does.
    pub trouble: Option<Failure>,
    /// Compare-and-swap counter, as in [`User`](crate::User).
    pub revision: u64,
}

/// One thing that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedItem {
    pub kind: ErasedKind,
    /// Which version it belonged to.
    pub version: Option<u32>,
    pub at: Timestamp,
    /// What the provider or the store answered: `deleted`, `was already gone`, …
    pub answer: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErasedKind {
    /// A fine-tuning job was cancelled.
    Job,
    TrainingFile,
    /// A fine-tuned model or adapter.
    Model,
    /// A version's record.
    Version,
    /// The user's record with their spending.
    User,
}

impl ErasedKind {
    pub const ALL: [Self; 5] = [Self::Job, Self::TrainingFile, Self::Model, Self::Version, Self::User];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::TrainingFile => "training_file",
            Self::Model => "model",
            Self::Version => "version",
            Self::User => "user",
        }
    }
}

impl Erasure {
    pub fn requested(id: String, user_id: UserId, now: Timestamp) -> Self {
        Self {
            id,
            user_id: Some(user_id),
            requested_at: now,
            completed_at: None,
            items: Vec::new(),
            trouble: None,
            revision: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_say_what_was_erased_in_words_that_do_not_change() {
        let words = ["job", "training_file", "model", "version", "user"];
        assert_eq!(ErasedKind::ALL.map(ErasedKind::as_str), words);
    }
}
