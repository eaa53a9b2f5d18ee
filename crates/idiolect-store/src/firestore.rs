//! The metadata store in Google Firestore.

mod commit;
mod connection;
mod document;
mod erasure_document;
mod error;
mod moving;
mod query;
mod settings;
mod spending;
#[cfg(test)]
mod tests;
mod user_document;
mod version_document;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use firestore::gcloud_sdk::google::firestore::v1::value::ValueType;
use firestore::gcloud_sdk::tonic::Code;
use firestore::{FirestoreDocument, FirestoreTimestamp, FirestoreValue};
use idiolect_registry::{
    Change, Erasure, LeaseOn, Listed, MetadataStore, ModelVersion, Reservation, Reserved, RunStep, SHARDS, SpendLimits,
    SpendingOf, StoreError, Usd, User, UserId, UserPage, VersionId,
};
use jiff::Timestamp;

use connection::Connection;
use document::Document;
use erasure_document::ErasureDocument;
use query::{Asked, Shape};
pub use settings::{Collections, FirestoreSettings};
use spending::Spending;
use user_document::UserDocument;
use version_document::VersionDocument;

/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How often a request is sent before its failure is the caller's: with the pauses in between, some two seconds.
const TRIES: u32 = 6;

/// Users, model versions, erasures and spending, each in a collection of its own.
///
/// Any number of processes may use it. It connects when it is first asked for something, so one can be made while Firestore is
/// out of reach. No transaction is ever held open: see `commit.rs`.
#[derive(Clone)]
pub struct FirestoreStore {
    connection: Arc<Connection>,
    collections: Collections,
}

impl FirestoreStore {
    pub fn new(settings: FirestoreSettings) -> Self {
        Self { collections: settings.collections.clone(), connection: Arc::new(Connection::new(settings)) }
    }

    async fn find<D: Document>(&self, kind: &str, collection: &str, id: &str) -> Result<Option<D::Record>, StoreError> {
        let name = self.connection.name(collection, id).await?;
        let found = self.connection.get(std::slice::from_ref(&name)).await?.remove(&name);
        found.map(|document| self.record_of::<D>(kind, document)).transpose()
    }

    fn record_of<D: Document>(&self, kind: &str, document: FirestoreDocument) -> Result<D::Record, StoreError> {
        let id = document::id(&document).to_owned();
        document::from_fields::<D>(document.fields)
            .and_then(|read| read.into_record(&id))
            .map_err(|reason| self.connection.place.corrupt(format!("{kind} {id}"), reason))
    }

    async fn query<D: Document>(
        &self,
        kind: &str,
        shape: &Shape,
        asked: Asked<'_>,
    ) -> Result<Vec<D::Record>, StoreError> {
        let found = shape.run(&self.connection, asked).await?;
        found.into_iter().map(|document| self.record_of::<D>(kind, document)).collect()
    }

    /// The user of a document, which other code may have changed; `None` if it is not ours or was written again meanwhile.
    async fn user_of(&self, found: FirestoreDocument) -> Result<Option<User>, StoreError> {
        if !document::is_ours(&found.fields) {
            return Ok(None);
        }
        let id = document::id(&found).to_owned();
        let corrupt = |reason| self.connection.place.corrupt(format!("user {id}"), reason);
        let read: UserDocument = document::from_fields(found.fields.clone()).map_err(corrupt)?;
        let read = if read.is_as_written() { Some(read) } else { self.adopt(&found, read).await? };
        read.map(|read| read.into_record(&id)).transpose().map_err(corrupt)
    }

    fn spending_docs(&self) -> Spending<'_> {
        Spending { connection: &self.connection, collections: &self.collections }
    }

    /// Makes a change by somebody else's code a revision, so that whoever read the record before it has a conflict.
    /// `None` if the document was written again meanwhile.
    async fn adopt(
        &self,
        found: &FirestoreDocument,
        mut user: UserDocument,
    ) -> Result<Option<UserDocument>, StoreError> {
        user.seal(user.revision());
        let id = document::id(found);
        let corrupt = |reason| self.connection.place.corrupt(format!("user {id}"), reason);
        let fields = document::to_fields(&user).map_err(corrupt)?;
        match self.connection.commit(vec![commit::write(&found.name, fields, Some(found))]).await? {
            Ok(()) => {
                tracing::info!(user_id = id, "the user's document was changed by other code; taken over");
                Ok(Some(user))
            }
            Err(status) if matches!(status.code(), Code::FailedPrecondition | Code::Aborted) => Ok(None),
            Err(status) => Err(self.connection.place.refused(&status)),
        }
    }
}

impl fmt::Debug for FirestoreStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirestoreStore").field("place", &self.connection.place.0).finish()
    }
}

#[async_trait]
impl MetadataStore for FirestoreStore {
    async fn user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        let name = self.connection.name(&self.collections.users, user.as_str()).await?;
        for tried in 0..TRIES {
            let found = self.connection.get(std::slice::from_ref(&name)).await?.remove(&name);
            let Some(found) = found.filter(|found| document::is_ours(&found.fields)) else { return Ok(None) };
            match self.user_of(found).await? {
                Some(user) => return Ok(Some(user)),
                None => pause(tried).await,
            }
        }
        Err(StoreError::Conflict { record: format!("user {user}") })
    }

    async fn users(&self, after: Option<&str>, limit: usize) -> Result<UserPage, StoreError> {
        let found = query::USERS.run(&self.connection, Asked { limit: Some(limit), after, ..Asked::default() }).await?;
        let next = found.last().filter(|_| found.len() == limit).map(|document| document::id(document).to_owned());
        let mut page = UserPage { next, ..UserPage::default() };
        for document in found {
            // Among ours there may be documents that the app has made and we have not written to.
            if let Some(read) = self.user_of(document).await.transpose() {
                page.listed.add(read)?;
            }
        }
        Ok(page)
    }

    async fn version(&self, version: &VersionId) -> Result<Option<ModelVersion>, StoreError> {
        self.find::<VersionDocument>("version", &self.collections.llm_models, &version.to_string()).await
    }

    async fn versions(&self, user: &UserId) -> Result<Vec<ModelVersion>, StoreError> {
        let of_user = Asked { values: vec![user.as_str().into()], ..Asked::default() };
        let mut versions = self.query::<VersionDocument>("version", &query::VERSIONS_OF_USER, of_user).await?;
        versions.sort_unstable_by_key(|version| std::cmp::Reverse(version.id.version));
        Ok(versions)
    }

    async fn unfinished(&self) -> Result<Listed<ModelVersion>, StoreError> {
        let steps: Vec<_> = RunStep::ALL.into_iter().filter(|s| s.is_under_way()).map(RunStep::as_str).collect();
        let under_way = Asked { values: vec![steps.into()], ..Asked::default() };
        let mut listed = Listed::default();
        for document in query::UNFINISHED.run(&self.connection, under_way).await? {
            listed.add(self.record_of::<VersionDocument>("version", document))?;
        }
        listed.records.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        Ok(listed)
    }

    async fn due(&self, now: Timestamp, shard: Option<u32>, limit: usize) -> Result<Vec<UserId>, StoreError> {
        let shards: Vec<u32> = shard.map_or_else(|| (0..SHARDS).collect(), |shard| vec![shard]);
        let mut earliest: BTreeMap<String, (i64, i32)> = BTreeMap::new();
        for shape in [&query::DUE_USERS, &query::DUE_RUNS] {
            let now: FirestoreValue = FirestoreTimestamp(document::time(now)).into();
            let asked = Asked { values: vec![shards.clone().into(), now], limit: Some(limit), ..Asked::default() };
            for found in shape.run(&self.connection, asked).await? {
                // A version is named by its user and its number; no user id holds a colon.
                let user = document::id(&found).split(':').next().unwrap_or_default().to_owned();
                let next_at = next_at(&found).unwrap_or_default();
                earliest.entry(user).and_modify(|time| *time = (*time).min(next_at)).or_insert(next_at);
            }
        }
        let mut due: Vec<_> = earliest.into_iter().map(|(user, time)| (time, user)).collect();
        due.sort_unstable();
        // Nobody can be advanced whose id is none; a list of users names them.
        Ok(due.into_iter().filter_map(|(_, id)| id.parse().ok()).take(limit).collect())
    }

    async fn renew(&self, lease: &LeaseOn, owner: &str, until: Timestamp) -> Result<bool, StoreError> {
        commit::renew(&self.connection, &self.collections, lease, owner, document::time(until)).await
    }

    async fn reserve(&self, reservation: &Reservation, limits: &SpendLimits) -> Result<Reserved, StoreError> {
        self.spending_docs().reserve(reservation, limits).await
    }

    async fn settle(&self, run: &VersionId, actual: Usd) -> Result<(), StoreError> {
        self.spending_docs().settle(run, actual).await
    }

    async fn spending(&self, of: &SpendingOf) -> Result<Usd, StoreError> {
        self.spending_docs().spending(of).await
    }

    async fn erasure(&self, id: &str) -> Result<Option<Erasure>, StoreError> {
        self.find::<ErasureDocument>("erasure", &self.collections.erasures, id).await
    }

    async fn erasures(&self, limit: usize) -> Result<Vec<Erasure>, StoreError> {
        let newest = Asked { limit: Some(limit), ..Asked::default() };
        self.query::<ErasureDocument>("erasure", &query::ERASURES, newest).await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        commit::commit(&self.connection, &self.collections, &changes).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.connection.db().await?.ping().await.map_err(|error| self.connection.place.failed(&error))
    }
}

/// `nextAt` of a due document, in seconds and nanoseconds.
fn next_at(found: &FirestoreDocument) -> Option<(i64, i32)> {
    let part = found.fields.get("run").or_else(|| found.fields.get("dispatch"))?;
    let Some(ValueType::MapValue(part)) = &part.value_type else { return None };
    match part.fields.get("nextAt")?.value_type {
        Some(ValueType::TimestampValue(time)) => Some((time.seconds, time.nanos)),
        _ => None,
    }
}

/// Longer after each try, and by chance, so that those who met once do not meet again.
async fn pause(tried: u32) {
    let longest = 50_u64 << tried.min(5);
    let chance = getrandom::u64().unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(longest / 2 + chance % (longest / 2))).await;
}
