//! Which tables and columns this database has: they differ from one macOS to the next, so they are probed and never assumed.

use std::collections::HashSet;
use std::path::Path;

use idiolect_dataset::SourceError;
use rusqlite::Connection;

use super::errors;

/// What of the schema decides how the query is built.
pub(super) struct Schema {
    message: HashSet<String>,
    chat: HashSet<String>,
    /// It is known which conversation a message belongs to.
    pub(super) chat_message_join: bool,
    /// It is known who takes part in a conversation.
    pub(super) chat_handle_join: bool,
    /// It is known which handles are one person's.
    pub(super) person: bool,
    /// There is a bin of recently deleted messages.
    pub(super) recoverable: bool,
    /// Rows can be read in order of date without sorting.
    pub(super) date_index: bool,
}

impl Schema {
    /// Probes the database; a table or column that nothing works without is an error that names it.
    pub(super) fn probe(connection: &Connection, path: &Path) -> Result<Self, SourceError> {
        let failed = |error: rusqlite::Error| errors::sqlite(path, "its schema".into(), &error);
        let schema = Self::read(connection).map_err(failed)?;
        if schema.message.is_empty() {
            return Err(errors::lacks(path, "table `message`"));
        }
        for needed in ["guid", "date", "is_from_me"] {
            if !schema.has(needed) {
                return Err(errors::lacks(path, &format!("column `{needed}` in the table `message`")));
            }
        }
        if !schema.has("text") && !schema.has("attributedBody") {
            return Err(errors::lacks(path, "column `text` or `attributedBody` in the table `message`"));
        }
        Ok(schema)
    }

    /// Whether it has the table of messages, without which it is another program's.
    pub(super) fn has_messages(connection: &Connection) -> rusqlite::Result<bool> {
        columns(connection, "message").map(|columns| !columns.is_empty())
    }

    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let has = |table: &str, wanted: &[&str]| -> rusqlite::Result<bool> {
            let found = columns(connection, table)?;
            Ok(wanted.iter().all(|column| found.contains(*column)))
        };
        Ok(Self {
            message: columns(connection, "message")?,
            chat: columns(connection, "chat")?,
            chat_message_join: has("chat_message_join", &["chat_id", "message_id"])?,
            chat_handle_join: has("chat_handle_join", &["chat_id", "handle_id"])?,
            person: has("handle", &["person_centric_id"])?,
            recoverable: has("chat_recoverable_message_join", &["message_id"])?,
            date_index: has_date_index(connection)?,
        })
    }

    /// Whether the table `message` has the column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.message.contains(column)
    }

    /// Whether the table `chat`, of conversations, has the column.
    pub(super) fn chat_has(&self, column: &str) -> bool {
        self.chat.contains(column)
    }
}

/// The columns of a table, none when there is no such table.
fn columns(connection: &Connection, table: &str) -> rusqlite::Result<HashSet<String>> {
    connection.prepare("SELECT name FROM pragma_table_info(?1)")?.query_map([table], |row| row.get(0))?.collect()
}

/// A whole (not partial) index of `message` that begins with `date`.
fn has_date_index(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .prepare(
            "SELECT 1 FROM pragma_index_list('message') AS i, pragma_index_info(i.name) AS c \
             WHERE i.partial = 0 AND c.seqno = 0 AND c.name = 'date'",
        )?
        .exists([])
}
