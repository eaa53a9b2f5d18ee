//! Writes messages as a macOS Messages `chat.db`, as Sequoia lays it out and fills it: most words only in
//! `attributedBody`, rows that are no typed message among them, and (on request) the newest ones still in the `-wal` file.

mod insert;
mod noise;
mod plan;
mod roster;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::{Error, SampleMessage};
use plan::Row;

/// How the database differs from what a current Mac would hold.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatDbOptions {
    /// Dates in seconds since 2001, as macOS 10.12 and before wrote them, instead of nanoseconds.
    pub legacy_seconds: bool,
    /// Leaves the newest 5 % of the rows in `<path>-wal`, as a running Messages does. Off, there is one file.
    pub leave_wal: bool,
    /// Which share of the sent rows has `text` NULL and the words in `attributedBody` alone, 0 to 1.
    pub body_share: f64,
}

impl Default for ChatDbOptions {
    fn default() -> Self {
        Self { legacy_seconds: false, leave_wal: false, body_share: 0.8 }
    }
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChatDbCounts {
    /// Sent messages: exactly those given.
    pub sent: usize,
    /// Received messages: exactly those given.
    pub received: usize,
    /// Sent messages whose words are only in `attributedBody`.
    pub sent_in_body: usize,
    /// Sent messages that carry an edit history.
    pub edited: usize,
    /// Rows that a reader must leave out: tapbacks, group renames, unsent, scheduled and attachment-only ones.
    pub noise: usize,
    /// Conversations.
    pub chats: usize,
    /// Other people.
    pub handles: usize,
}

/// Writes `messages` to a new database at `path` with the default [`ChatDbOptions`].
///
/// # Errors
/// See [`write_chat_db_with`].
pub fn write_chat_db(path: &Path, messages: &[SampleMessage]) -> Result<ChatDbCounts, Error> {
    write_chat_db_with(path, messages, &ChatDbOptions::default())
}

/// Writes `messages` to a new database at `path`. The same messages and options give the same rows. The file is built
/// beside its place and moved there when whole, so a crash leaves nothing at `path`.
///
/// # Errors
/// When something is at `path` already, when the directory cannot be written, or when SQLite fails.
pub fn write_chat_db_with(
    path: &Path,
    messages: &[SampleMessage],
    options: &ChatDbOptions,
) -> Result<ChatDbCounts, Error> {
    for taken in [path.to_owned(), wal_of(path), beside(path, "-shm")] {
        if taken.exists() {
            return Err(Error::Exists { path: taken });
        }
    }
    let write_error = |source: io::Error| Error::Write { path: path.to_owned(), source };
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let workshop = tempfile::Builder::new().prefix(".chat-db-").tempdir_in(directory).map_err(write_error)?;
    let draft = workshop.path().join("chat.db");

    let roster = roster::Roster::of(messages);
    let (rows, counts) = plan::rows(messages, &roster, options)?;
    build(&draft, &roster, &rows, options).map_err(|source| Error::Database { path: path.to_owned(), source })?;

    // The -wal first: a reader that sees the database must not miss its newest rows.
    if options.leave_wal {
        fs::rename(wal_of(&draft), wal_of(path)).map_err(write_error)?;
    }
    if let Err(source) = fs::rename(&draft, path) {
        if options.leave_wal {
            // Already on the way out with an error: a -wal that stays behind harms nobody, the next call names it.
            let _ = fs::remove_file(wal_of(path));
        }
        return Err(write_error(source));
    }
    Ok(counts)
}

fn build(draft: &Path, roster: &roster::Roster, rows: &[Row], options: &ChatDbOptions) -> rusqlite::Result<()> {
    let mut db = Connection::open(draft)?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "wal_autocheckpoint", 0)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, options.leave_wal)?;
    db.execute_batch(include_str!("chat_db/schema.sql"))?;
    let checkpointed = if options.leave_wal { rows.len() - rows.len().div_ceil(20) } else { rows.len() };
    let (older, newest) = rows.split_at(checkpointed);

    let mut writer = insert::Writer::new(roster, options.legacy_seconds);
    let transaction = db.transaction()?;
    writer.people(&transaction)?;
    writer.messages(&transaction, older)?;
    transaction.commit()?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let transaction = db.transaction()?;
    writer.messages(&transaction, newest)?;
    transaction.commit()?;
    db.close().map_err(|(_, error)| error)
}

fn wal_of(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
