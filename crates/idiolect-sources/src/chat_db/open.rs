//! Opens a Messages database without leaving a trace beside it: no lock file, no checkpoint, no recovery, no write.
//!
//! | beside the database | how it is read |
//! | --- | --- |
//! | a `-wal` and a usable `-shm` (Messages runs, or all three were copied) | in place, the `-shm` opened read-only |
//! | a `-wal` alone | a private copy of both, in which SQLite recovers the `-wal` |
//! | nothing, database in WAL mode | in place as an immutable file, with a check at the end that it did not change |
//! | nothing, database in rollback mode | in place under SQLite's ordinary shared lock |
//! | a `-journal` of a crashed writer | a private copy of both, in which SQLite rolls back |

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use idiolect_dataset::SourceError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::errors;
use super::snapshot::{Snapshot, Stamp, with_suffix};

const MAGIC: &[u8] = b"SQLite format 3\0";
/// The first of the header's two bytes with the size of a page.
const PAGE: usize = 16;
/// The byte behind them that says how the file is written; `WAL` there means through a `-wal`.
const WRITE_VERSION: usize = 18;
const WAL: u8 = 2;
/// How long a lock may last before it counts as an error.
const PATIENCE: Duration = Duration::from_secs(3);

/// An open database in one read transaction.
pub(super) struct Store {
    pub(super) connection: Connection,
    /// As the person named it, for messages.
    pub(super) path: PathBuf,
    /// Set when nothing but this tells whether the file was written to while it was read.
    unlocked: Option<(PathBuf, Stamp)>,
    /// WAL mode, and no `-wal`: fine for a store at rest, suspicious for a copy.
    pub(super) wal_is_missing: bool,
}

impl Store {
    /// To be asked after the last row: whether what was read was one state of the database.
    pub(super) fn confirm_unchanged(&self) -> Result<(), SourceError> {
        match &self.unlocked {
            Some((file, before)) if Stamp::of(file).ok() != Some(*before) => Err(errors::changed_meanwhile(&self.path)),
            _ => Ok(()),
        }
    }
}

pub(super) fn open(path: &Path, scratch: Option<&Path>) -> Result<Store, SourceError> {
    // SQLite looks for the -wal beside the file itself, not beside a link to it.
    let file = path.canonicalize().map_err(|error| errors::cannot_open(path, &error))?;
    let header = check_header(path, &file)?;
    let has_wal = with_suffix(&file, "-wal").exists();
    // What a crashed writer left is mended with either.
    if !has_wal && !with_suffix(&file, "-journal").exists() {
        check_length(path, &file, header.page)?;
    }
    let immutable = !has_wal && header.write_version == WAL;
    let stamp = Stamp::of(&file).map_err(|error| errors::cannot_open(path, &error))?;

    let query = if immutable { "immutable=1" } else { "mode=ro&readonly_shm=1" };
    let opened = connect(&uri(&file, query), OpenFlags::SQLITE_OPEN_READ_ONLY);
    let connection = match opened {
        Ok(connection) => connection,
        Err(error) if needs_a_copy(&error) => open_copy(path, &file, scratch)?,
        Err(error) => return Err(errors::sqlite(path, "its first page".into(), &error)),
    };
    let unlocked = immutable.then_some((file, stamp));
    Ok(Store { connection, path: path.to_owned(), unlocked, wal_is_missing: immutable })
}

/// The file alone, without what its `-wal` has to add and without a copy: to tell what it is.
pub(super) fn without_wal(path: &Path) -> rusqlite::Result<Connection> {
    connect(&uri(path, "immutable=1"), OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// What the first bytes of a database say.
struct Header {
    write_version: u8,
    /// Bytes of a page.
    page: u64,
}

/// Tells from the first bytes whether this is a database at all.
fn check_header(path: &Path, file: &Path) -> Result<Header, SourceError> {
    if file.is_dir() {
        return Err(errors::is_a_folder(path));
    }
    let mut header = Vec::new();
    let opened = File::open(file).map_err(|error| errors::cannot_open(path, &error))?;
    opened.take(100).read_to_end(&mut header).map_err(|error| errors::cannot_open(path, &error))?;
    match header.get(PAGE..=WRITE_VERSION) {
        _ if header.is_empty() => Err(errors::is_empty(path)),
        Some(&[high, low, write_version]) if header.starts_with(MAGIC) => {
            let page = match u64::from(u16::from_be_bytes([high, low])) {
                1 => 65_536,
                page => page.max(1),
            };
            Ok(Header { write_version, page })
        }
        _ if super::is_of_backup(path) => Err(errors::encrypted_backup(path)),
        _ => Err(errors::not_a_database(path)),
    }
}

/// SQLite takes the rest of a last page that was cut short for zeros, and rows in it for none.
fn check_length(path: &Path, file: &Path, page: u64) -> Result<(), SourceError> {
    let metadata = file.metadata().map_err(|error| errors::cannot_open(path, &error))?;
    if metadata.len().is_multiple_of(page) { Ok(()) } else { Err(errors::cut_short(path)) }
}

/// Whether SQLite refused because it would have to write beside the database: a missing or unusable `-shm`, or a journal to
/// roll back.
fn needs_a_copy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

fn open_copy(path: &Path, file: &Path, scratch: Option<&Path>) -> Result<Connection, SourceError> {
    let snapshot = Snapshot::take(path, file, scratch)?;
    let connection = connect(&uri(&snapshot.database(), "mode=rw"), OpenFlags::SQLITE_OPEN_READ_WRITE);
    // The open files stay readable on Unix after the folder is gone, so that from here on the copy of the words does not outlive even a
    // crash. What one during the copying leaves, in a folder that only its owner can enter, goes with the next copy.
    drop(snapshot);
    connection.map_err(|error| errors::sqlite(path, "its first page".into(), &error))
}

/// Opens the database and begins the read transaction, which fixes what is seen and shows whether reading works.
fn connect(uri: &str, access: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = access | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // The schema is somebody else's: its views and triggers may call nothing.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    if access.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) {
        // A private copy: the index of its -wal is kept in memory instead of a file.
        connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
    }
    connection.execute_batch("PRAGMA query_only = ON; BEGIN; SELECT count(*) FROM sqlite_schema")?;
    Ok(connection)
}

/// A `file:` URI; every byte that could mean something in it is escaped.
fn uri(file: &Path, query: &str) -> String {
    let mut uri = String::from("file:");
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => uri.push(char::from(*byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push('?');
    uri.push_str(query);
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_escaped_in_uris() {
        assert_eq!(uri(Path::new("/a b/ä?#%.db"), "mode=ro"), "file:/a%20b/%C3%A4%3F%23%25.db?mode=ro");
    }
}
