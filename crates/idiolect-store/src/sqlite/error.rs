//! SQLite's error codes as sentences that say what to do.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use idiolect_registry::StoreError;
use rusqlite::{ErrorCode, ffi};

use super::open::Error;

/// The database file, as errors name it.
#[derive(Clone)]
pub(super) struct Place(Arc<str>);

const MOVE_AWAY: &str = "move the file away or point the data directory elsewhere";
const FREE_SPACE: &str = "free some space and try again";
const PERMISSIONS: &str = "give yourself write access to it or point the data directory elsewhere";
const LOOK_AT_DISK: &str =
    "see whether the disk is failing; if it is not, restore the file from a backup or move it away";
const RESTORE: &str = "restore it from a backup or move it away";

impl Place {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_string_lossy().into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn unavailable(&self, error: &Error) -> StoreError {
        let (reason, advice) = explain(error);
        StoreError::Unavailable { place: self.0.to_string(), reason, advice }
    }

    pub(super) fn shutting_down(&self) -> StoreError {
        let reason = "the program is shutting down".to_owned();
        StoreError::Unavailable { place: self.0.to_string(), reason, advice: "start it again" }
    }

    /// A row of `(table, user id)` that cannot be understood.
    pub(super) fn corrupt(&self, (table, user): (String, String), reason: String) -> StoreError {
        StoreError::Corrupt { place: self.0.to_string(), record: format!("a row of {table} for user {user}"), reason }
    }
}

/// What is wrong and what to do about it.
fn explain(error: &Error) -> (String, &'static str) {
    if error.is_newer_schema() {
        return ("a newer idiolect has written it".into(), "install that version or a later one");
    }
    let (reason, advice) = match (error, error.sqlite_code()) {
        (Error::NotOurs, _) => ("it is another program's database", MOVE_AWAY),
        (Error::Io(e), _) => match e.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => ("permission was denied", PERMISSIONS),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ("the disk is full", FREE_SPACE),
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => ("its directory is a file", MOVE_AWAY),
            _ => return (e.to_string(), "check the data directory"),
        },
        (_, Some(ErrorCode::NotADatabase)) => ("it is not a database", MOVE_AWAY),
        // SQLite says so of a disk that cannot be read, too.
        (_, Some(ErrorCode::DatabaseCorrupt)) => ("the file is damaged or cannot be read", LOOK_AT_DISK),
        (_, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed)) => {
            ("another process has locked it", "end the other process or wait for it")
        }
        (_, Some(ErrorCode::DiskFull)) => ("the disk is full", FREE_SPACE),
        (_, Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::AuthorizationForStatementDenied)) => {
            ("permission was denied", PERMISSIONS)
        }
        (_, Some(ErrorCode::CannotOpen)) => ("the file cannot be opened", PERMISSIONS),
        // The file beside the database that its readers share could not be made as large as it must be.
        (Error::Sqlite(rusqlite::Error::SqliteFailure(code, _)), _)
            if [ffi::SQLITE_IOERR_SHMSIZE, ffi::SQLITE_IOERR_SHMMAP].contains(&code.extended_code) =>
        {
            ("the disk is full", FREE_SPACE)
        }
        (_, Some(ErrorCode::SystemIoFailure)) => {
            ("reading or writing the disk failed", "see whether the disk is full or failing, and try again")
        }
        (Error::Sqlite(e), _) => return (e.to_string(), RESTORE),
        (Error::Migration(e), _) => return (e.to_string(), RESTORE),
    };
    (reason.into(), advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_a_sentence_with_the_place_and_what_to_do() {
        let place = Place::new(Path::new("data/registry.sqlite3"));
        for (code, reason) in [
            (ffi::SQLITE_FULL, "the disk is full; free some space"),
            (ffi::SQLITE_READONLY, "permission was denied; give yourself write access"),
            (ffi::SQLITE_CANTOPEN, "cannot be opened; give yourself write access"),
            (ffi::SQLITE_NOTADB, "it is not a database; move the file away"),
            (ffi::SQLITE_BUSY, "another process has locked it; end the other process"),
            (ffi::SQLITE_CORRUPT, "the file is damaged or cannot be read; see whether the disk is failing"),
            (ffi::SQLITE_IOERR, "reading or writing the disk failed; see whether the disk is full"),
            (ffi::SQLITE_IOERR_SHMSIZE, "the disk is full; free some space"),
        ] {
            let error = Error::Sqlite(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
            let said = place.unavailable(&error).to_string();
            assert!(said.contains("data/registry.sqlite3 is not available") && said.contains(reason), "{said}");
            assert!(!said.contains('\n'), "one sentence: {said}");
        }
        let denied = place.unavailable(&Error::Io(ErrorKind::PermissionDenied.into())).to_string();
        assert!(denied.contains("permission was denied"), "{denied}");
    }
}
