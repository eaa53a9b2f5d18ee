//! The metadata store in one SQLite file.

mod erasure_row;
mod error;
mod moving;
mod open;
mod row;
mod schema;
mod spend;
#[cfg(test)]
mod tests;
mod user_row;
mod version_row;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use idiolect_registry::{
    Change, Erasure, LeaseOn, Listed, MetadataStore, ModelVersion, Reservation, Reserved, RunStep, SpendLimits,
    SpendingOf, StoreError, Usd, User, UserId, UserPage, VersionId,
};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params_from_iter};

pub(crate) use erasure_row::ErasureRow;
use error::Place;
use row::{Row, time_to_text};
pub(crate) use user_row::UserRow;
pub(crate) use version_row::VersionRow;

/// The file's name in the data directory.
pub const FILE_NAME: &str = "registry.sqlite3";

/// Earliest first, along each table's index, which is read no farther than is asked for: after a pause all users may be due.
const DUE: [&str; 2] = [
    "SELECT user_id, dispatch_next_at FROM users
        WHERE dispatch_next_at <= ?1 AND (?2 IS NULL OR dispatch_shard = ?2) ORDER BY dispatch_next_at, user_id",
    "SELECT user_id, run_next_at FROM llm_models
        WHERE run_next_at <= ?1 AND (?2 IS NULL OR run_shard = ?2) ORDER BY run_next_at, user_id",
];

/// How long a call waits for another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Users and model versions in `registry.sqlite3`.
///
/// Several processes may have it open: readers never wait, writers take turns. Calls run on tokio's blocking threads, one
/// at a time for each handle.
#[derive(Clone)]
pub struct SqliteStore {
    connection: Arc<Mutex<Connection>>,
    place: Place,
}

impl SqliteStore {
    /// Opens the store in `data_dir`; both are made if they do not exist, readable by their owner only.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], in one sentence, when the file is not a database of ours or of a newer idiolect's, is
    /// locked, or cannot be written.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        Self::open_waiting(data_dir, BUSY_TIMEOUT)
    }

    /// The same with another patience for other processes, which holds for all later calls too.
    pub fn open_waiting(data_dir: &Path, busy_timeout: Duration) -> Result<Self, StoreError> {
        let path = data_dir.join(FILE_NAME);
        let place = Place::new(&path);
        let connection = open::open(data_dir, &path, busy_timeout).map_err(|e| place.unavailable(&e))?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), place })
    }

    /// The database file.
    pub fn path(&self) -> PathBuf {
        PathBuf::from(self.place.as_str())
    }

    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &Place) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let Self { connection, place } = self.clone();
        let ended = tokio::task::spawn_blocking(move || {
            // A panic inside a transaction rolled it back, so the connection is sound.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut connection, &place)
        });
        match ended.await {
            Ok(result) => result,
            Err(e) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
            Err(_) => Err(self.place.shutting_down()),
        }
    }
}

impl SqliteStore {
    /// One short transaction that takes its turn among writers.
    async fn transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.call(move |db, place| {
            let run = |db: &mut Connection| {
                let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let found = work(&transaction)?;
                transaction.commit()?;
                Ok(found)
            };
            run(db).map_err(|e| place.unavailable(&open::Error::Sqlite(e)))
        })
        .await
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.place.as_str()).finish()
    }
}

#[async_trait]
impl MetadataStore for SqliteStore {
    async fn user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        let key = [user.to_string()];
        self.call(move |db, place| Ok(select::<UserRow>(db, place, "user_id = ?1", key)?.pop())).await
    }

    async fn users(&self, after: Option<&str>, limit: usize) -> Result<UserPage, StoreError> {
        // No user id is empty, and text compares by its bytes.
        let after = after.unwrap_or_default().to_owned();
        let rest = format!("user_id > ?1 ORDER BY user_id LIMIT {limit}");
        self.call(move |db, place| {
            let mut page = UserPage::default();
            for (user_id, read) in rows::<UserRow>(db, place, &rest, [after])? {
                page.listed.add(read)?;
                page.next = Some(user_id);
            }
            let is_last = page.listed.records.len() + page.listed.unreadable.len() < limit;
            Ok(UserPage { next: page.next.filter(|_| !is_last), ..page })
        })
        .await
    }

    async fn version(&self, version: &VersionId) -> Result<Option<ModelVersion>, StoreError> {
        let key = [version.user_id.to_string(), version.version.to_string()];
        self.call(move |db, place| Ok(select::<VersionRow>(db, place, "user_id = ?1 AND version = ?2", key)?.pop()))
            .await
    }

    async fn versions(&self, user: &UserId) -> Result<Vec<ModelVersion>, StoreError> {
        let key = [user.to_string()];
        self.call(move |db, place| select::<VersionRow>(db, place, "user_id = ?1 ORDER BY version DESC", key)).await
    }

    async fn unfinished(&self) -> Result<Listed<ModelVersion>, StoreError> {
        let steps: Vec<_> = RunStep::ALL.into_iter().filter(|s| s.is_under_way()).map(RunStep::as_str).collect();
        let places = vec!["?"; steps.len()].join(", ");
        let rest = format!("run_step IN ({places}) ORDER BY created_at, user_id, version");
        self.call(move |db, place| {
            let mut listed = Listed::default();
            rows::<VersionRow>(db, place, &rest, steps)?.into_iter().try_for_each(|(_, read)| listed.add(read))?;
            Ok(listed)
        })
        .await
    }

    async fn due(&self, now: Timestamp, shard: Option<u32>, limit: usize) -> Result<Vec<UserId>, StoreError> {
        let (now, shard) = (time_to_text(now), shard.map(i64::from));
        self.call(move |db, place| {
            let unavailable = |e| place.unavailable(&open::Error::Sqlite(e));
            let mut due = Vec::new();
            for sql in DUE {
                let mut statement = db.prepare_cached(sql).map_err(unavailable)?;
                let ids = statement.query_map(rusqlite::params![now, shard], |row| Ok((row.get(1)?, row.get(0)?)));
                // Nobody can be advanced whose id is none; a list of users names them.
                let users = ids.map_err(unavailable)?.filter_map(|found: rusqlite::Result<(String, String)>| {
                    found.map(|(next_at, id)| Some((next_at, id.parse::<UserId>().ok()?))).transpose()
                });
                for found in users.take(limit) {
                    due.push(found.map_err(unavailable)?);
                }
            }
            due.sort_unstable();
            let mut seen = BTreeSet::new();
            let users = due.into_iter().map(|(_, user)| user).filter(|user| seen.insert(user.clone()));
            Ok(users.take(limit).collect())
        })
        .await
    }

    async fn renew(&self, lease: &LeaseOn, owner: &str, until: Timestamp) -> Result<bool, StoreError> {
        let (lease, owner, until) = (lease.clone(), owner.to_owned(), time_to_text(until));
        self.call(move |db, place| {
            let renewed = match lease {
                LeaseOn::Run(VersionId { user_id, version }) => db.execute(
                    "UPDATE llm_models SET run_lease_until = ?1, run_next_at = ?1
                        WHERE user_id = ?2 AND version = ?3 AND run_lease_owner = ?4",
                    rusqlite::params![until, user_id.as_str(), version, owner],
                ),
                LeaseOn::User(user_id) => db.execute(
                    "UPDATE users SET dispatch_lease_until = ?1, dispatch_next_at = ?1
                        WHERE user_id = ?2 AND dispatch_lease_owner = ?3",
                    rusqlite::params![until, user_id.as_str(), owner],
                ),
            };
            Ok(renewed.map_err(|e| place.unavailable(&open::Error::Sqlite(e)))? > 0)
        })
        .await
    }

    async fn reserve(&self, reservation: &Reservation, limits: &SpendLimits) -> Result<Reserved, StoreError> {
        let (reservation, limits) = (reservation.clone(), *limits);
        self.transaction(move |db| spend::reserve(db, &reservation, &limits)).await
    }

    async fn settle(&self, run: &VersionId, actual: Usd) -> Result<(), StoreError> {
        let run = run.clone();
        self.transaction(move |db| spend::settle(db, &run, actual)).await
    }

    async fn spending(&self, of: &SpendingOf) -> Result<Usd, StoreError> {
        let of = of.clone();
        self.transaction(move |db| spend::spending(db, &of)).await
    }

    async fn erasure(&self, id: &str) -> Result<Option<Erasure>, StoreError> {
        let key = [id.to_owned()];
        self.call(move |db, place| Ok(select::<ErasureRow>(db, place, "id = ?1", key)?.pop())).await
    }

    async fn erasures(&self, limit: usize) -> Result<Vec<Erasure>, StoreError> {
        let rest = format!("1 ORDER BY requested_at DESC, id LIMIT {limit}");
        self.call(move |db, place| select::<ErasureRow>(db, place, &rest, [] as [String; 0])).await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.call(move |db, place| {
            let unavailable = |e| place.unavailable(&open::Error::Sqlite(e));
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unavailable)?;
            for change in &changes {
                let (record, rows_written) = write(&transaction, change);
                if rows_written.map_err(unavailable)? == 0 {
                    // Dropping the transaction takes back the changes before this one.
                    return Err(StoreError::Conflict { record });
                }
            }
            transaction.commit().map_err(unavailable)?;
            if changes.iter().any(|change| matches!(change, Change::DeleteUser { .. })) {
                empty_journal(db);
            }
            Ok(())
        })
        .await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.call(|db, place| {
            let answer = db.query_row("SELECT count(*) FROM users WHERE user_id = ''", [], |_| Ok(()));
            answer.map_err(|e| place.unavailable(&open::Error::Sqlite(e)))
        })
        .await
    }
}

/// Writes the journal into the file and empties it, for earlier states of what was deleted stand there. What has been committed
/// stays so if another process reads and this cannot be: then the journal goes when the last process closes the store.
fn empty_journal(db: &Connection) {
    let busy = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    if busy.unwrap_or(true) {
        tracing::warn!("the journal of the store could not be emptied; it goes when no process has the store open");
    }
}

/// The record's name, and how many rows were written: one, or none when the compare-and-swap failed.
fn write(db: &Connection, change: &Change) -> (String, rusqlite::Result<usize>) {
    match change {
        Change::PutUser(user) => {
            let row = UserRow::from(user);
            let rows = if user.revision == 0 { row::insert(db, row) } else { row::update(db, row) };
            (format!("user {}", user.user_id), rows)
        }
        Change::CreateVersion(version) => {
            (format!("version {}", version.id), row::insert(db, VersionRow::from(version)))
        }
        Change::UpdateVersion(version) => {
            (format!("version {}", version.id), row::update(db, VersionRow::from(version)))
        }
        Change::PutErasure(erasure) => {
            let row = ErasureRow::from(erasure);
            let rows = if erasure.revision == 0 { row::insert(db, row) } else { row::update(db, row) };
            (format!("erasure {}", erasure.id), rows)
        }
        Change::DeleteVersion { version, revision } => {
            let sql = "DELETE FROM llm_models WHERE user_id = ?1 AND version = ?2 AND revision = ?3";
            let key = rusqlite::params![version.user_id.as_str(), version.version, revision.cast_signed()];
            (format!("version {version}"), db.execute(sql, key))
        }
        Change::DeleteUser { user, revision } => {
            let sql = "DELETE FROM users WHERE user_id = ?1 AND revision = ?2";
            let rows = db.execute(sql, rusqlite::params![user.as_str(), revision.cast_signed()]);
            let rows = rows.and_then(|rows| spend::forget(db, user).map(|()| rows));
            (format!("user {user}"), rows)
        }
    }
}

fn select<R: Row>(
    db: &Connection,
    place: &Place,
    rest: &str,
    params: impl IntoIterator<Item = impl rusqlite::ToSql>,
) -> Result<Vec<R::Record>, StoreError> {
    rows::<R>(db, place, rest, params)?.into_iter().map(|(_, read)| read).collect()
}

/// The same with each row's first column, and whether the row could be read.
#[expect(clippy::type_complexity, reason = "a list of pairs")]
fn rows<R: Row>(
    db: &Connection,
    place: &Place,
    rest: &str,
    params: impl IntoIterator<Item = impl rusqlite::ToSql>,
) -> Result<Vec<(String, Result<R::Record, StoreError>)>, StoreError> {
    let unavailable = |e| place.unavailable(&open::Error::Sqlite(e));
    let sql = format!("SELECT {} FROM {} WHERE {rest}", R::COLUMNS.join(", "), R::TABLE);
    let mut statement = db.prepare_cached(&sql).map_err(unavailable)?;
    let mut found = statement.query(params_from_iter(params)).map_err(unavailable)?;
    let mut rows = Vec::new();
    while let Some(columns) = found.next().map_err(unavailable)? {
        let id: String = columns.get(0).map_err(unavailable)?;
        let read = R::read(columns).map_err(|e| e.to_string()).and_then(R::into_record);
        let read = read.map_err(|reason| place.corrupt((R::TABLE.to_owned(), id.clone()), reason));
        rows.push((id, read));
    }
    Ok(rows)
}
