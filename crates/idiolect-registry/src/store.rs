//! The port to where users and versions are kept.

use async_trait::async_trait;

use crate::{ModelVersion, User, UserId, VersionId};

/// Keeps users and model versions: ids, counts, hashes and times, never anybody's words.
///
/// Writes are compare-and-swap. A record carries the revision it was read with (0 if it was never stored); the store takes
/// it only if that is still the stored one, and stores it with the revision raised by one.
///
/// Times are kept to the microsecond, which is what [`Clock`](crate::Clock) gives.
#[async_trait]
pub trait MetadataStore: Send + Sync {
    async fn user(&self, user: &UserId) -> Result<Option<User>, StoreError>;

    async fn version(&self, version: &VersionId) -> Result<Option<ModelVersion>, StoreError>;

    /// All of the user's versions, newest first.
    async fn versions(&self, user: &UserId) -> Result<Vec<ModelVersion>, StoreError>;

    /// Versions whose run is not over, of all users, oldest first: what a starting process goes on with.
    async fn unfinished(&self) -> Result<Vec<ModelVersion>, StoreError>;

    /// Writes all changes or none. When it returns, they survive a power cut.
    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError>;

    /// Whether the store answers, for `/readyz`.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// One write.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Creates the user (revision 0) or replaces the record of that revision.
    PutUser(User),
    /// Creates the version; one that exists is a conflict, whatever its revision.
    CreateVersion(ModelVersion),
    /// Replaces the version of that revision; one that does not exist is a conflict.
    UpdateVersion(ModelVersion),
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else was faster: read again and decide again.
    #[error("{record} was changed by somebody else meanwhile; try again")]
    Conflict { record: String },
    #[error("the metadata store {place} is not available: {reason}; {advice}")]
    Unavailable { place: String, reason: String, advice: &'static str },
    #[error("{record} in the metadata store {place} cannot be read: {reason}; it may come from a newer idiolect")]
    Corrupt { place: String, record: String, reason: String },
}
