//! The queries, built from what the schema has: never `SELECT *`, never a column that is not there.

use std::collections::HashMap;

use rusqlite::Connection;

use super::row::{RARE, USUAL};
use super::schema::Schema;

/// The sent rows behind `?3` whose `date` is between `?1` and `?2`: `ROWID`, chat, bin, whether anything of [`RARE`] is set, then
/// the columns of [`USUAL`].
///
/// A row comes once for each of its conversations, one after the other: grouping here would copy every column of every row.
pub(super) fn messages(schema: &Schema) -> String {
    let (chat, join) = match schema.chat_message_join {
        true => ("c.chat_id", "LEFT JOIN chat_message_join AS c ON c.message_id = m.ROWID"),
        false => ("NULL", ""),
    };
    let bin = match schema.recoverable {
        // Of rows in a conversation it makes no difference.
        true => format!(
            "CASE WHEN {chat} IS NULL THEN m.ROWID IN (SELECT message_id FROM chat_recoverable_message_join) END"
        ),
        false => "NULL".to_owned(),
    };
    format!(
        "SELECT m.ROWID, {chat}, {bin}, {}, {} FROM message AS m {join} \
         WHERE m.date BETWEEN ?1 AND ?2 AND m.ROWID > ?3 AND m.is_from_me ORDER BY {}",
        is_rare(schema),
        columns(schema, &USUAL),
        order(schema),
    )
}

/// Whether a row is not like nearly all, in which nothing of [`RARE`] is set and there is something to read.
fn is_rare(schema: &Schema) -> String {
    let rare = RARE.iter().filter(|column| schema.has(column)).map(|column| match *column {
        // Set in ordinary rows, and of interest only beside another column.
        "is_from_me" | "is_sent" | "message_summary_info" => "0".to_owned(),
        "balloon_bundle_id" => "m.balloon_bundle_id IS NOT NULL".to_owned(),
        column => format!("m.{column}"),
    });
    let mut texts = ["text", "attributedBody"].into_iter().filter(|column| schema.has(column));
    let wordless = texts.by_ref().map(|column| format!("m.{column} IS NULL")).collect::<Vec<_>>().join(" AND ");
    let rare: Vec<String> = rare.filter(|term| term != "0").chain([format!("({wordless})")]).collect();
    rare.join(" OR ")
}

/// The columns of [`RARE`] of the row `?1`.
pub(super) fn rare(schema: &Schema) -> String {
    format!("SELECT {} FROM message AS m WHERE m.ROWID = ?1", columns(schema, &RARE))
}

fn columns(schema: &Schema, names: &[&str]) -> String {
    let column = |name: &&str| if schema.has(name) { format!("m.{name}") } else { "NULL".to_owned() };
    names.iter().map(column).collect::<Vec<_>>().join(", ")
}

/// The first rows in the same range that are not sent, `?4` of them.
pub(super) fn received(schema: &Schema) -> String {
    format!(
        "SELECT m.ROWID FROM message AS m WHERE m.date BETWEEN ?1 AND ?2 AND m.ROWID > ?3 \
         AND NOT coalesce(m.is_from_me, 0) ORDER BY {} LIMIT ?4",
        order(schema),
    )
}

/// Sorting would put the words of a large store into temporary files, so only an order that comes for free is asked for.
fn order(schema: &Schema) -> &'static str {
    if schema.date_index { "m.date, m.ROWID" } else { "m.ROWID" }
}

/// The number of rows whose `date` is between `?1` and `?2`.
pub(super) const COUNT_IN_RANGE: &str = "SELECT count(*) FROM message WHERE date BETWEEN ?1 AND ?2";

/// The same behind `?3`.
pub(super) const COUNT_IN_RANGE_AFTER: &str =
    "SELECT count(*) FROM message WHERE date BETWEEN ?1 AND ?2 AND ROWID > ?3";

/// The first and the last `date` between `?1` and `?2`.
pub(super) const FIRST_IN_RANGE: &str = "SELECT coalesce(min(date), 0) FROM message WHERE date BETWEEN ?1 AND ?2";
pub(super) const LAST_IN_RANGE: &str = "SELECT coalesce(max(date), 0) FROM message WHERE date BETWEEN ?1 AND ?2";

pub(super) const COUNT: &str = "SELECT count(*) FROM message";

/// For a cursor alone: the condition has the whole table read where [`COUNT`] takes the smallest index.
pub(super) const COUNT_AFTER: &str = "SELECT count(*) FROM message WHERE ROWID > ?1";

pub(super) const LAST_ROW: &str = "SELECT coalesce(max(ROWID), 0) FROM message";

/// A conversation.
#[derive(Default)]
pub(super) struct Chat {
    pub(super) guid: Option<String>,
    /// Those who take part, the person themselves not counted.
    pub(super) recipients: Option<u32>,
}

/// All conversations by `ROWID`: some thousands in a large store.
pub(super) fn chats(connection: &Connection, schema: &Schema) -> rusqlite::Result<HashMap<i64, Chat>> {
    let mut chats: HashMap<i64, Chat> = HashMap::new();
    if schema.chat_guid {
        let mut statement = connection.prepare("SELECT ROWID, CAST(guid AS TEXT) FROM chat")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            chats.entry(row.get(0)?).or_default().guid = row.get(1)?;
        }
    }
    if schema.chat_handle_join {
        let sql = "SELECT CAST(chat_id AS INTEGER), count(DISTINCT handle_id) FROM chat_handle_join \
                   WHERE chat_id IS NOT NULL GROUP BY 1";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            chats.entry(row.get(0)?).or_default().recipients = u32::try_from(row.get::<_, i64>(1)?).ok();
        }
    }
    if schema.chat_guid && schema.chat_handle_join && schema.person {
        merge_persons(connection, &mut chats)?;
    }
    Ok(chats)
}

/// Gives all conversations with one and the same person the id of the first: a person may write from several numbers and
/// addresses, which Messages knows to be theirs.
fn merge_persons(connection: &Connection, chats: &mut HashMap<i64, Chat>) -> rusqlite::Result<()> {
    let sql = "SELECT CAST(j.chat_id AS INTEGER), CAST(min(h.person_centric_id) AS TEXT) \
               FROM chat_handle_join AS j JOIN handle AS h ON h.ROWID = j.handle_id WHERE j.chat_id IS NOT NULL \
               GROUP BY 1 HAVING count(DISTINCT j.handle_id) = 1 AND min(h.person_centric_id) <> '' ORDER BY 1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut first: HashMap<String, Option<String>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (chat, person): (i64, String) = (row.get(0)?, row.get(1)?);
        let Some(chat) = chats.get_mut(&chat) else { continue };
        // A group of which only one other member is left is still a group.
        if chat.guid.as_deref().is_some_and(|guid| guid.contains(";-;")) {
            chat.guid = first.entry(person).or_insert_with(|| chat.guid.clone()).clone();
        }
    }
    Ok(())
}
