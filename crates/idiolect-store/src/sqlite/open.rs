//! Opening the file: private to its owner, journalled, migrated.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use rusqlite_migration::MigrationDefinitionError;

use super::schema;

/// Everything that SQLite or the file system can answer with.
#[derive(Debug)]
pub(super) enum Error {
    Io(io::Error),
    Sqlite(rusqlite::Error),
    Migration(rusqlite_migration::Error),
    /// A database, but another program's.
    NotOurs,
}

const RETRY_PAUSE: Duration = Duration::from_millis(20);

pub(super) fn open(data_dir: &Path, path: &Path, busy_timeout: Duration) -> Result<Connection, Error> {
    make_private(data_dir, path).map_err(Error::Io)?;
    let mut db = Connection::open(path).map_err(Error::Sqlite)?;
    db.busy_timeout(busy_timeout).map_err(Error::Sqlite)?;
    db.set_transaction_behavior(TransactionBehavior::Immediate);
    // Two processes may find the same new file. SQLite does not wait for the lock that switching the journal takes, and
    // the slower migration finds the faster one's tables, so both are tried again, and see what the other has done.
    let deadline = Instant::now() + busy_timeout;
    loop {
        match prepare(&mut db) {
            Err(e) if e.may_be_a_race() && Instant::now() < deadline => sleep(RETRY_PAUSE),
            Err(e) => return Err(e),
            Ok(()) => return Ok(db),
        }
    }
}

fn prepare(db: &mut Connection) -> Result<(), Error> {
    if !schema::is_ours(db).map_err(Error::Sqlite)? {
        return Err(Error::NotOurs);
    }
    // FULL writes through on every commit; fullfsync makes macOS mean it. Elsewhere it does nothing.
    db.pragma_update(None, "journal_mode", "WAL").map_err(Error::Sqlite)?;
    db.pragma_update(None, "synchronous", "FULL").map_err(Error::Sqlite)?;
    db.pragma_update(None, "fullfsync", true).map_err(Error::Sqlite)?;
    // What is deleted is overwritten, or a record that is gone could still be read in the file.
    db.pragma_update(None, "secure_delete", true).map_err(Error::Sqlite)?;
    schema::migrate(db).map_err(Error::Migration)
}

/// Makes the directory and the file if they do not exist. SQLite gives its `-wal` and `-shm` files the same mode.
fn make_private(data_dir: &Path, path: &Path) -> io::Result<()> {
    let mut directory = fs::DirBuilder::new();
    directory.recursive(true).mode(0o700);
    let mut file = fs::OpenOptions::new();
    // Never opens a file that is there: closing it would drop the locks that SQLite holds on it in this process.
    file.write(true).create_new(true).mode(0o600);
    directory.create(data_dir)?;
    match file.open(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        opened => opened.map(drop),
    }
}

impl Error {
    pub(super) fn sqlite_code(&self) -> Option<ErrorCode> {
        match self {
            Self::Sqlite(e) | Self::Migration(rusqlite_migration::Error::RusqliteError { err: e, .. }) => {
                e.sqlite_error_code()
            }
            Self::Io(_) | Self::Migration(_) | Self::NotOurs => None,
        }
    }

    pub(super) fn is_newer_schema(&self) -> bool {
        use rusqlite_migration::Error::MigrationDefinition;
        matches!(self, Self::Migration(MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead)))
    }

    fn may_be_a_race(&self) -> bool {
        let busy = matches!(self.sqlite_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked));
        let table_exists = matches!(self, Self::Migration(_)) && self.sqlite_code() == Some(ErrorCode::Unknown);
        busy || table_exists
    }
}
