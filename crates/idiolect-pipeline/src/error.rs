//! What stops the machine itself. A run that merely ends badly is an outcome, not an error.

use idiolect_provider::ProviderError;
use idiolect_registry::{ActivationRefused, ConsentMissing, Failure, IllegalTransition, StoreError, UserId, VersionId};

#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Consent(#[from] ConsentMissing),
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Transition(#[from] IllegalTransition),
    #[error(transparent)]
    Activation(#[from] ActivationRefused),
    /// The trigger is on record as refused.
    #[error("no run was begun ({code}): {message}", code = .failure.code.as_str(), message = .failure.message)]
    Refused { failure: Failure },
    #[error(
        "{user_id} has the unfinished run {run}; go on with it (`idiolect train --user {user_id}`) or end it (`idiolect runs cancel --user {user_id}`)"
    )]
    Unfinished { user_id: UserId, run: String },
    #[error("there is no version {0}; `idiolect versions list` shows what there is")]
    NoVersion(VersionId),
    #[error("{version} does not wait for a review; it is at the step {step}")]
    NotAwaitingReview { version: VersionId, step: &'static str },
    #[error(
        "{user_id} has no earlier version to go back to; `idiolect versions list --user {user_id}` shows what there is"
    )]
    NothingToRollBackTo { user_id: UserId },
    #[error(
        "{user_id} is being erased, and nothing else is done for them until that is complete; a worker goes on with it, and so does `idiolect erase --user {user_id} --yes`"
    )]
    BeingErased { user_id: UserId },
    #[error("the task that {task} was not begun, for the program ends")]
    Ending { task: &'static str },
    #[error("the system gives no random bytes")]
    NoRandomness,
}

impl PipelineError {
    /// Whether somebody else changed the records meanwhile, so that reading again settles it.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Conflict { .. }))
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Store(error) => !error.is_about_one_record(),
            Self::Provider(error) => error.retryable(),
            Self::Ending { .. } | Self::NoRandomness => true,
            Self::Consent(_)
            | Self::Transition(_)
            | Self::Activation(_)
            | Self::Refused { .. }
            | Self::Unfinished { .. }
            | Self::NoVersion(_)
            | Self::NotAwaitingReview { .. }
            | Self::NothingToRollBackTo { .. }
            | Self::BeingErased { .. } => false,
        }
    }

    /// What programs tell the errors apart by: a word that says nothing about anybody.
    pub fn code(&self) -> &str {
        match self {
            Self::Store(StoreError::Conflict { .. }) => "conflict",
            Self::Store(StoreError::Unavailable { .. }) => "store_unavailable",
            Self::Store(StoreError::Corrupt { .. }) => "record_unreadable",
            Self::Provider(error) => error.code(),
            Self::Refused { failure } => failure.code.as_str(),
            Self::Consent(_) => "consent_missing",
            Self::Transition(_) => "illegal_transition",
            Self::Activation(_) => "activation_refused",
            Self::Unfinished { .. } => "unfinished_run",
            Self::NoVersion(_) => "no_version",
            Self::NotAwaitingReview { .. } => "not_awaiting_review",
            Self::NothingToRollBackTo { .. } => "nothing_to_roll_back_to",
            Self::BeingErased { .. } => "being_erased",
            Self::Ending { .. } => "ending",
            Self::NoRandomness => "no_randomness",
        }
    }
}
