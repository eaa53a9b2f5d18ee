//! A user and what is served to them: document `users/{userId}` of spec §5.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{Consent, Dispatch, Schedule, TriggerOutcome, VersionId};

/// The authenticated identity. It names documents and folders, so it is 1 to 128 letters, digits, `.`, `_`, `-` or `@`,
/// and begins with a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a user id is 1 to 128 letters, digits, '.', '_', '-' or '@' and begins with a letter or digit")]
pub struct InvalidUserId;

impl FromStr for UserId {
    type Err = InvalidUserId;

    fn from_str(id: &str) -> Result<Self, InvalidUserId> {
        let fits = (1..=128).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(&b))
            && id.as_bytes()[0].is_ascii_alphanumeric();
        if fits { Ok(Self(id.to_owned())) } else { Err(InvalidUserId) }
    }
}

impl UserId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a user's chats may be answered with, in the spec's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelStatus {
    /// No run has started yet.
    None,
    /// The first run is under way. A user who has an active model stays `Ready` while a newer one is trained.
    Training,
    /// The active model may be served.
    Ready,
    /// The last run failed and there is no earlier model; or there is an active model and its provider has it no more.
    Failed,
    /// The user has switched personalisation off. Nothing is trained and nothing personal is served.
    Disabled,
}

impl ModelStatus {
    pub const ALL: [Self; 5] = [Self::None, Self::Training, Self::Ready, Self::Failed, Self::Disabled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Training => "training",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Disabled => "disabled",
        }
    }
}

/// One user's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub user_id: UserId,
    /// The fine-tuned model that is served, as its provider names it.
    pub active_model_id: Option<String>,
    /// The version that is served; 0 when none is.
    pub active_model_version: u32,
    /// The version served before the active one, for rolling back.
    pub previous_model_version: Option<u32>,
    /// The highest version number given out; the next run takes the one after it.
    pub latest_model_version: u32,
    pub model_status: ModelStatus,
    pub model_updated_at: Timestamp,
    pub consent: Consent,
    /// From when on the active model's base model is no longer there: the base model of the settings answers then.
    pub active_retires_at: Option<Timestamp>,
    pub schedule: Schedule,
    /// When the user is to be looked at while no run of theirs is under way: the weekly check, or an erasure.
    pub dispatch: Dispatch,
    pub last_trigger: Option<TriggerOutcome>,
    /// The [`Erasure`](crate::Erasure) that is under way.
    pub erasure_id: Option<String>,
    /// Compare-and-swap counter: 0 until stored, then as last read. Only the store raises it.
    pub revision: u64,
}

impl User {
    /// A user about whom nothing is stored yet.
    pub fn new(user_id: UserId, now: Timestamp) -> Self {
        Self {
            dispatch: Dispatch::at(&user_id, None),
            user_id,
            active_model_id: None,
            active_model_version: 0,
            previous_model_version: None,
            latest_model_version: 0,
            model_status: ModelStatus::None,
            model_updated_at: now,
            consent: Consent::default(),
            active_retires_at: None,
            schedule: Schedule::default(),
            last_trigger: None,
            erasure_id: None,
            revision: 0,
        }
    }

    /// The name of the version that the next run makes.
    pub fn next_version(&self) -> VersionId {
        self.version(self.latest_model_version + 1)
    }

    /// The name of the version that is served; its number is 0 where none is.
    pub fn active_version(&self) -> VersionId {
        self.version(self.active_model_version)
    }

    /// The name of their version of this number.
    pub fn version(&self, version: u32) -> VersionId {
        VersionId { user_id: self.user_id.clone(), version }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_cannot_leave_their_folder_or_split_a_document_name() {
        for good in ["me", "Fx3kq9", "ana@example.org", "a.b_c-d"] {
            assert!(good.parse::<UserId>().is_ok(), "{good}");
        }
        for bad in ["", "..", ".a", "a/b", "a:1", "a b", "é", &"x".repeat(129)] {
            assert_eq!(bad.parse::<UserId>(), Err(InvalidUserId), "{bad}");
        }
    }

    #[test]
    fn statuses_are_the_specs_words() {
        assert_eq!(ModelStatus::ALL.map(ModelStatus::as_str), ["none", "training", "ready", "failed", "disabled"]);
    }
}
