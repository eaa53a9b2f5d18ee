//! macOS Messages: `~/Library/Messages/chat.db` or a copy of it.

mod body;
mod chats;
mod dates;
mod errors;
mod exclusion;
mod open;
mod owner;
mod query;
mod row;
mod schema;
mod snapshot;
mod summary;
mod walk;

use std::path::{Path, PathBuf};

use idiolect_dataset::{MessageSource, MessageStream, SourceError, Window};

pub(crate) use errors::{cannot_open, encrypted_backup};
use schema::Schema;
pub use snapshot::remove_copies;
use walk::Walk;

use crate::{Conversations, Owner, SourceOptions};

/// A Messages database, read where it lies and never written to.
///
/// Messages come in chronological order where the window holds a small part of the database, else in the order of its rows.
#[derive(Clone, Debug)]
pub(crate) struct ChatDb {
    path: PathBuf,
    options: ChatDbOptions,
}

/// How a database is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChatDbOptions {
    /// The folder for the short-lived private copy that a database needs whose `-wal` file has no usable `-shm` file beside it;
    /// the system's temporary folder by default.
    pub(crate) scratch: Option<PathBuf>,
    pub(crate) conversations: Conversations,
    /// Who the user says they are: a number or an address is compared with those of the database's accounts, a name cannot be.
    pub(crate) me: Option<String>,
    /// Only rows with a larger number.
    pub(crate) after: Option<i64>,
}

impl ChatDbOptions {
    /// What stands before the row in a cursor.
    pub(crate) const CURSOR: &str = "row:";
}

impl ChatDb {
    /// `path` may be the folder of Messages.
    pub(crate) fn new(path: PathBuf, options: ChatDbOptions) -> Self {
        Self { path, options }
    }
}

/// What the database is called on a Mac, and on an iPhone.
pub(crate) const NAMES: [&str; 2] = ["chat.db", "sms.db"];

/// What the database is called in an iPhone's backup: the SHA-1 of "HomeDomain-Library/SMS/sms.db".
const IN_BACKUP: &str = "3d0d7e5fb2ce288813306e4d4636395e047a3d28";
/// Since iOS 10 such files lie in folders called as they begin.
const IN_NEWER_BACKUP: &str = "3d/3d0d7e5fb2ce288813306e4d4636395e047a3d28";

/// The database in the folder of Messages, or of an iPhone's backup.
pub(crate) fn in_folder(folder: &Path) -> Option<PathBuf> {
    let names = NAMES.into_iter().chain([IN_NEWER_BACKUP, IN_BACKUP]);
    names.map(|name| folder.join(name)).find(|path| path.is_file())
}

/// Whether `database` is that of an iPhone's backup.
pub(crate) fn is_of_backup(database: &Path) -> bool {
    database.ends_with(IN_BACKUP)
}

/// Whether a file of this name may be the database.
pub(crate) fn is_called_so(name: &str) -> bool {
    NAMES.contains(&name) || name == IN_BACKUP
}

/// The folder in which Messages keeps what was sent with messages.
pub(crate) const ATTACHMENTS: &str = "Attachments";

/// Whether the database at `path` is one of Messages and not another program's of the same name.
pub(crate) fn holds_messages(path: &Path) -> Result<bool, SourceError> {
    if open::without_wal(path).and_then(|connection| Schema::has_messages(&connection)).unwrap_or(false) {
        return Ok(true);
    }
    // A new database may have all it has in its -wal.
    let store = open::open(path, None)?;
    Schema::has_messages(&store.connection).map_err(|error| errors::sqlite(path, "its schema".into(), &error))
}

/// Whose database is at `path`: it marks the owner's messages, and knows the numbers and addresses of its accounts.
pub(crate) fn find_owner(path: &Path, options: &SourceOptions) -> Result<Owner, SourceError> {
    let path = &in_folder(path).unwrap_or_else(|| path.to_owned());
    let store = open::open(path, options.scratch.as_deref())?;
    let schema = Schema::probe(&store.connection, path)?;
    if let Some(me) = &options.me {
        owner::check(&store.connection, &schema, path, me)?;
    }
    let names = owner::names(&store.connection, &schema, path)?;
    Ok(Owner::Marked { names, why: "the database marks which messages were sent".into() })
}

/// The newest versions in a `message_summary_info`.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_summary(data: &[u8]) -> Vec<Vec<u8>> {
    summary::Summary::read(Some(data)).newest_versions
}

impl MessageSource for ChatDb {
    fn label(&self) -> String {
        format!("chat-db:{}", self.path.display())
    }

    fn read(&self, window: Window) -> Result<Box<dyn MessageStream + '_>, SourceError> {
        let path = in_folder(&self.path).unwrap_or_else(|| self.path.clone());
        let store = open::open(&path, self.options.scratch.as_deref())?;
        Ok(Box::new(Walk::prepare(store, window, &self.options)?))
    }
}
