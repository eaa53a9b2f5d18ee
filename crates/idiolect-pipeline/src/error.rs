//! What stops the machine itself. A run that merely ends badly is an outcome, not an error.

use idiolect_provider::ProviderError;
use idiolect_registry::{ActivationRefused, ConsentMissing, IllegalTransition, StoreError, UserId};

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
    #[error(
        "{user_id} has the unfinished run {run}; go on with it (`idiolect train --user {user_id}`) or end it (`idiolect runs cancel --user {user_id}`)"
    )]
    Unfinished { user_id: UserId, run: String },
    #[error("the task that {task} stopped unexpectedly; this is a defect in idiolect")]
    Panicked { task: &'static str },
}
