//! The seam between what a run does and who calls it, when and on which machine.

use std::sync::Arc;

use async_trait::async_trait;
use idiolect_registry::{StoreError, UserId};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::error::PipelineError;

/// What is done for one user, one step a call: their run, their weekly check, their erasure.
///
/// All state is in the metadata store. A call does at most one thing outside, records it by compare-and-swap and returns, so
/// calls may come from anywhere, too often, at the same time, or again after one that was cut short; what they cost is work
/// done twice, never a job paid twice.
#[async_trait]
pub trait Machine: Send + Sync {
    /// Goes one step further. An error means that nothing was recorded and that the call is to be made again later; a
    /// [conflict](StoreError::Conflict) that somebody else changed the user's records meanwhile, so that it may be made at once.
    async fn advance(&self, user: &UserId) -> Result<Next, PipelineError>;
}

/// What to do after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing is to be done for this user until somebody kicks.
    Done,
    /// Call again then, or earlier when kicked; a time that has come means at once.
    WaitUntil(Timestamp),
}

/// Calls the machine: in this process, or on many.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Sees to it that the user is advanced soon: starts a driver, or wakes the one that waits. Any number of kicks make one
    /// driver. Whoever changed something that the machine should see calls it: a new run, a revocation, a sweep.
    async fn kick(&self, user: &UserId) -> Result<(), EngineError>;

    /// Advances users until `stop` turns true; then what is under way is brought to its next record and the call returns.
    /// Several workers, here and elsewhere, share the users: each is advanced by one at a time, and those of a worker that
    /// died by another one within the lease or heartbeat.
    async fn run_worker(&self, machine: Arc<dyn Machine>, stop: watch::Receiver<bool>) -> Result<(), EngineError>;
}

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the engine at {address} is not available: {reason}; start it or check its address and key")]
    Unavailable { address: String, reason: String },
}
