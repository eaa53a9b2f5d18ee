//! The metadata store in one SQLite file.

mod error;
mod open;
mod row;
mod schema;
#[cfg(test)]
mod tests;
mod user_row;
mod version_row;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use idiolect_registry::{Change, MetadataStore, ModelVersion, RunStep, StoreError, User, UserId, VersionId};
use rusqlite::{Connection, TransactionBehavior, params_from_iter};

use error::Place;
use row::Row;
use user_row::UserRow;
use version_row::VersionRow;

/// The file's name in the data directory.
pub const FILE_NAME: &str = "registry.sqlite3";

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

    async fn version(&self, version: &VersionId) -> Result<Option<ModelVersion>, StoreError> {
        let key = [version.user_id.to_string(), version.version.to_string()];
        self.call(move |db, place| Ok(select::<VersionRow>(db, place, "user_id = ?1 AND version = ?2", key)?.pop()))
            .await
    }

    async fn versions(&self, user: &UserId) -> Result<Vec<ModelVersion>, StoreError> {
        let key = [user.to_string()];
        self.call(move |db, place| select::<VersionRow>(db, place, "user_id = ?1 ORDER BY version DESC", key)).await
    }

    async fn unfinished(&self) -> Result<Vec<ModelVersion>, StoreError> {
        let steps: Vec<_> = RunStep::ALL.into_iter().filter(|s| !s.is_terminal()).map(RunStep::as_str).collect();
        let places = vec!["?"; steps.len()].join(", ");
        let rest = format!("run_step IN ({places}) ORDER BY created_at, user_id, version");
        self.call(move |db, place| select::<VersionRow>(db, place, &rest, steps)).await
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
            transaction.commit().map_err(unavailable)
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
    }
}

fn select<R: Row>(
    db: &Connection,
    place: &Place,
    rest: &str,
    params: impl IntoIterator<Item = impl rusqlite::ToSql>,
) -> Result<Vec<R::Record>, StoreError> {
    let unavailable = |e| place.unavailable(&open::Error::Sqlite(e));
    let sql = format!("SELECT {} FROM {} WHERE {rest}", R::COLUMNS.join(", "), R::TABLE);
    let mut statement = db.prepare_cached(&sql).map_err(unavailable)?;
    let mut found = statement.query(params_from_iter(params)).map_err(unavailable)?;
    let mut records = Vec::new();
    while let Some(columns) = found.next().map_err(unavailable)? {
        let name = || (R::TABLE.to_owned(), columns.get::<_, String>(0).unwrap_or_default());
        let row = R::read(columns).map_err(|e| place.corrupt(name(), e.to_string()))?;
        records.push(row.into_record().map_err(|e| place.corrupt(name(), e))?);
    }
    Ok(records)
}
