//! What can go wrong while the sample is turned into a database.

use std::path::PathBuf;

/// An error of this crate; none carries message text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The target, or a journal beside it, is already there.
    #[error("{} already exists: choose another path or remove it first", path.display())]
    Exists { path: PathBuf },

    /// The directory or a file in it cannot be written.
    #[error("cannot write {}: {source}; check that its directory exists, is writable and has room", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },

    /// SQLite refused a statement.
    #[error("cannot build the database {}: {source}; check that its directory is writable and has room", path.display())]
    Database {
        path: PathBuf,
        #[source]
        source: rusqlite::Error,
    },

    /// The message history of an edited or unsent row could not be encoded.
    #[error("cannot encode the property list of message {message_id}: {source}")]
    PropertyList {
        message_id: String,
        #[source]
        source: plist::Error,
    },
}
