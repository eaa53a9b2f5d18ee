//! What SQLite and the file system say, in words for the person who named the database.

use std::io;
use std::path::Path;

use idiolect_dataset::SourceError;
use rusqlite::ErrorCode;

use crate::export::NOT_ALLOWED;

const A_DATABASE: &str = "a macOS Messages database";
const NAME_CHAT_DB: &str = "name the file chat.db of ~/Library/Messages or a copy of it";
const QUIT_THE_OTHER: &str = "quit the program that has it open (Messages, a backup, a database browser) and try again";
const COPY_AGAIN: &str = "copy chat.db again together with its chat.db-wal and chat.db-shm while Messages is closed";

pub(crate) fn cannot_open(path: &Path, error: &io::Error) -> SourceError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound => SourceError::NotFound { path },
        io::ErrorKind::PermissionDenied => {
            SourceError::CannotOpen { path, reason: "permission denied".into(), advice: NOT_ALLOWED }
        }
        _ => SourceError::CannotOpen { path, reason: error.to_string(), advice: "check the disk it lies on" },
    }
}

pub(super) fn is_a_folder(path: &Path) -> SourceError {
    SourceError::CannotOpen {
        path: path.to_owned(),
        reason: "it is a folder without chat.db".into(),
        advice: NAME_CHAT_DB,
    }
}

pub(super) fn is_empty(path: &Path) -> SourceError {
    SourceError::CannotOpen { path: path.to_owned(), reason: "the file is empty".into(), advice: NAME_CHAT_DB }
}

pub(super) fn not_a_database(path: &Path) -> SourceError {
    SourceError::WrongKind { path: path.to_owned(), expected: "an SQLite database", advice: NAME_CHAT_DB }
}

pub(crate) fn encrypted_backup(path: &Path) -> SourceError {
    SourceError::Refused {
        path: path.to_owned(),
        reason: "it is an iPhone's backup that is encrypted".into(),
        advice: "back the phone up without encryption, or name the sms.db that a program took out of the backup",
    }
}

/// The database is sound but lacks `what` (`table message`, `column date in table message`).
pub(super) fn lacks(path: &Path, what: &str) -> SourceError {
    SourceError::Malformed {
        path: path.to_owned(),
        place: "schema".into(),
        field: "tables",
        reason: format!("there is no {what}, so it is not {A_DATABASE}"),
        advice: NAME_CHAT_DB,
    }
}

pub(super) fn no_private_copy(path: &Path, folder: &Path, bytes: u64, error: &io::Error) -> SourceError {
    SourceError::CannotOpen {
        path: path.to_owned(),
        reason: format!(
            "its -wal file has no usable -shm file beside it, so a private copy of {} MB is needed in {}, and that failed: {error}",
            bytes.div_ceil(1_000_000),
            folder.display(),
        ),
        advice: "make room there or point the temporary folder (TMPDIR) elsewhere",
    }
}

pub(super) fn cut_short(path: &Path) -> SourceError {
    SourceError::Read {
        path: path.to_owned(),
        place: "its last page".into(),
        reason: "the database is damaged or cut short".into(),
        advice: COPY_AGAIN,
    }
}

/// The file was written to while it was read or copied without a lock.
pub(super) fn changed_meanwhile(path: &Path) -> SourceError {
    SourceError::Read {
        path: path.to_owned(),
        place: "the end".into(),
        reason: "another program wrote to it meanwhile".into(),
        advice: "try again, with Messages closed if it happens again",
    }
}

/// What SQLite reported at `place` (`row 88360`, `the schema`). SQLite's messages name tables, columns and files, never values.
pub(super) fn sqlite(path: &Path, place: String, error: &rusqlite::Error) -> SourceError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            SourceError::CannotOpen { path, reason: "another program has locked it".into(), advice: QUIT_THE_OTHER }
        }
        Some(ErrorCode::NotADatabase) => not_a_database(&path),
        Some(ErrorCode::DatabaseCorrupt) => {
            SourceError::Read { path, place, reason: "the database is damaged or cut short".into(), advice: COPY_AGAIN }
        }
        Some(ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => {
            SourceError::CannotOpen { path, reason: "permission denied".into(), advice: NOT_ALLOWED }
        }
        _ => SourceError::Read { path, place, reason: error.to_string(), advice: COPY_AGAIN },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permission_denied_advises_full_disk_access() {
        let error = cannot_open(Path::new("/x/chat.db"), &io::ErrorKind::PermissionDenied.into());
        assert_eq!(
            error.to_string(),
            "/x/chat.db: cannot be opened (permission denied); check the file's permissions, and on macOS allow your terminal \
             Full Disk Access in System Settings under Privacy & Security, then start it again"
        );
    }
}
