//! The port to where users, versions, spending and erasures are kept.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{Erasure, ModelVersion, Reservation, Reserved, SpendLimits, SpendingOf, Usd, User, UserId, VersionId};

/// Keeps users, model versions, spending and erasures: ids, counts, hashes, amounts and times, never anybody's words.
///
/// What every store guarantees:
///
/// - **Compare-and-swap.** A record carries the revision it was read with (0 if it was never stored); the store takes it only
///   if that is still the stored one, and stores it with the revision raised by one. Whoever loses gets
///   [`StoreError::Conflict`], reads again and decides again. This is also the fence: a worker that lost its lease to another
///   cannot write, for taking a lease is a write.
/// - **Whole commits.** [`commit`](MetadataStore::commit) writes all changes or none, and what it wrote survives a power cut.
///   An error other than a conflict means that the outcome is not known, and reading says what it was.
/// - **Reads see finished commits**: at once in the process that wrote, and no later than the next query anywhere else.
/// - **No hot record.** No document is written by more than one user's work, apart from shards of a day's spending.
/// - No call waits for ever: a store that does not answer is [`StoreError::Unavailable`].
/// - Times are kept to the microsecond, which is what [`Clock`](crate::Clock) gives.
#[async_trait]
pub trait MetadataStore: Send + Sync {
    async fn user(&self, user: &UserId) -> Result<Option<User>, StoreError>;

    /// A page of users in the order of their ids, from the one after `after` on, at most `limit`.
    async fn users(&self, after: Option<&str>, limit: usize) -> Result<UserPage, StoreError>;

    async fn version(&self, version: &VersionId) -> Result<Option<ModelVersion>, StoreError>;

    /// All of the user's versions, newest first.
    async fn versions(&self, user: &UserId) -> Result<Vec<ModelVersion>, StoreError>;

    /// Versions whose run is under way ([`RunStep::is_under_way`](crate::RunStep::is_under_way)), of all users, oldest first.
    async fn unfinished(&self) -> Result<Listed<ModelVersion>, StoreError>;

    /// Users with work that is due: a run under way whose `run.dispatch.next_at` has come, or a user whose `dispatch.next_at` has.
    /// Earliest first, each user once, at most `limit`; `shard` narrows it to one of [`SHARDS`](crate::SHARDS).
    ///
    /// It answers from an index and may be late by a moment; nobody is taken by it. Taking is a commit that
    /// [claims](crate::Dispatch::claim) the record read afterwards, and of several workers one wins that.
    async fn due(&self, now: Timestamp, shard: Option<u32>, limit: usize) -> Result<Vec<UserId>, StoreError>;

    /// Moves the end of a lease to `until`, and `next_at` with it, if `owner` still holds it; says whether it does.
    ///
    /// The revision stays as it is, so that a step under way can still be committed. Called no more often than every 30 s.
    async fn renew(&self, lease: &LeaseOn, owner: &str, until: Timestamp) -> Result<bool, StoreError>;

    /// Writes all changes or none. When it returns, they survive a power cut.
    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError>;

    /// Sets money aside for a run, unless a limit would be passed, in which case nothing changes.
    ///
    /// The limits hold at every moment, however many reserve at once; what is reserved and what is settled both count.
    /// Reserving again for a run replaces the earlier amount and keeps the earlier day, so that a step that is done again
    /// counts once; for a run that is settled it changes nothing and answers `Yes`. A day's total is kept in shards.
    async fn reserve(&self, reservation: &Reservation, limits: &SpendLimits) -> Result<Reserved, StoreError>;

    /// Replaces what was reserved for the run by what it cost, 0 if nothing was spent. Doing it again is the same; without a
    /// reservation it does nothing.
    async fn settle(&self, run: &VersionId, actual: Usd) -> Result<(), StoreError>;

    /// What is reserved or spent.
    async fn spending(&self, of: &SpendingOf) -> Result<Usd, StoreError>;

    async fn erasure(&self, id: &str) -> Result<Option<Erasure>, StoreError>;

    /// Erasures and receipts, newest first, at most `limit`.
    async fn erasures(&self, limit: usize) -> Result<Vec<Erasure>, StoreError>;

    /// Whether the store answers, for `/readyz`.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// Records of many users. One that cannot be read is named beside the others and keeps nobody from them.
#[derive(Debug)]
pub struct Listed<T> {
    pub records: Vec<T>,
    /// Each a [`StoreError::Corrupt`].
    pub unreadable: Vec<StoreError>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { records: Vec::new(), unreadable: Vec::new() }
    }
}

impl<T> Listed<T> {
    /// Takes a record that was read, or the name of one that could not be. Any other error is the whole list's.
    pub fn add(&mut self, read: Result<T, StoreError>) -> Result<(), StoreError> {
        match read {
            Ok(record) => self.records.push(record),
            Err(error) if error.is_about_one_record() => self.unreadable.push(error),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Some of the users.
#[derive(Debug, Default)]
pub struct UserPage {
    pub listed: Listed<User>,
    /// What the next page comes `after`; `None` if there is none.
    pub next: Option<String>,
}

/// The record that carries a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaseOn {
    Run(VersionId),
    User(UserId),
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
    /// Creates the erasure (revision 0) or replaces the record of that revision.
    PutErasure(Erasure),
    /// Deletes the version of that revision for good; one that does not exist is a conflict.
    DeleteVersion { version: VersionId, revision: u64 },
    /// Deletes the user of that revision for good, with their reservations and the totals of their months; the days' totals stay.
    DeleteUser { user: UserId, revision: u64 },
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

impl StoreError {
    /// Whether the store is well and only this record cannot be read, so that others can.
    pub fn is_about_one_record(&self) -> bool {
        matches!(self, Self::Corrupt { .. })
    }
}
