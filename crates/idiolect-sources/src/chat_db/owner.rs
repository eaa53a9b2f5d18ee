//! Whose database it is: Messages keeps the numbers and addresses of its accounts beside their conversations and messages, and no name.

use std::collections::BTreeSet;
use std::path::Path;

use idiolect_dataset::SourceError;
use rusqlite::Connection;

use super::errors;
use super::row::Cells;
use super::schema::Schema;
use crate::reading::{Handle, same_handle};

/// The columns that hold the owner's own numbers and addresses, `E:` or `P:` before those of accounts.
const OF_CHATS: [&str; 2] = ["account_login", "last_addressed_handle"];
/// The same in every message: the whole table is read for them.
const OF_MESSAGES: [&str; 2] = ["account", "destination_caller_id"];

/// What was found out about whom `--me` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    Confirmed,
    /// It is a name, or the database holds nothing that it could be compared with.
    Impossible,
}

/// Compares whom `--me` names with the database's accounts; refuses it where they are somebody else's.
pub(super) fn check(connection: &Connection, schema: &Schema, path: &Path, me: &str) -> Result<Check, SourceError> {
    let Some(kind) = Handle::kind_of(me) else { return Ok(Check::Impossible) };
    let mut has_kind = false;
    for (table, columns) in [("chat", OF_CHATS), ("message", OF_MESSAGES)] {
        let handles = handles(connection, schema, table, columns)
            .map_err(|error| errors::sqlite(path, "its accounts".into(), &error))?;
        if handles.iter().any(|handle| same_handle(handle, me)) {
            return Ok(Check::Confirmed);
        }
        has_kind |= handles.iter().any(|handle| Handle::kind_of(handle) == Some(kind));
    }
    match has_kind {
        true => Err(SourceError::Refused {
            path: path.to_owned(),
            reason: "its accounts are those of somebody else than --me says".into(),
            advice: "leave --me out if the database is yours: it marks which messages were sent; else name the one of the person you mean",
        }),
        false => Ok(Check::Impossible),
    }
}

/// The numbers and addresses of its accounts, those of its conversations if they have any.
pub(super) fn names(connection: &Connection, schema: &Schema, path: &Path) -> Result<Vec<String>, SourceError> {
    let read = |table, columns| {
        handles(connection, schema, table, columns).map_err(|error| errors::sqlite(path, "its accounts".into(), &error))
    };
    let of_chats = read("chat", OF_CHATS)?;
    let found = if of_chats.is_empty() { read("message", OF_MESSAGES)? } else { of_chats };
    Ok(found.into_iter().collect())
}

fn handles(
    connection: &Connection,
    schema: &Schema,
    table: &str,
    columns: [&str; 2],
) -> rusqlite::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for column in columns {
        let is_there = if table == "chat" { schema.chat_has(column) } else { schema.has(column) };
        if !is_there {
            continue;
        }
        let sql = format!("SELECT DISTINCT CAST({column} AS TEXT) FROM {table} WHERE {column} IS NOT NULL");
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(cell) = Cells::of(row).text()? else { continue };
            let handle = match cell.split_once(':') {
                Some((kind, handle)) if kind.len() <= 1 => handle,
                _ => &*cell,
            };
            if Handle::kind_of(handle).is_some() {
                found.insert(handle.to_owned());
            }
        }
    }
    Ok(found)
}
