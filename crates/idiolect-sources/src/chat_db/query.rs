//! The queries, built from what the schema has: never `SELECT *`, never a column that is not there.

use std::collections::HashMap;

use rusqlite::Connection;

use super::row::COLUMNS;
use super::schema::Schema;

/// The rows behind `?3` whose `date` is between `?1` and `?2`, each once: `ROWID`, chat, bin, then the columns of [`COLUMNS`].
pub(super) fn messages(schema: &Schema) -> String {
    let columns: Vec<String> = COLUMNS
        .iter()
        .map(|column| match (schema.has(column.name), column.words) {
            (false, _) => "NULL".to_owned(),
            (true, false) => format!("m.{}", column.name),
            (true, true) => format!("CASE WHEN m.is_from_me THEN m.{} END", column.name),
        })
        .collect();
    let (chat, chat_join) = match schema.chat_message_join {
        true => ("min(c.chat_id)", "LEFT JOIN chat_message_join AS c ON c.message_id = m.ROWID"),
        false => ("NULL", ""),
    };
    let (bin, bin_join) = match schema.recoverable {
        true => ("min(r.message_id)", "LEFT JOIN chat_recoverable_message_join AS r ON r.message_id = m.ROWID"),
        false => ("NULL", ""),
    };
    // Sorting would put the words of a large store into temporary files, so only an order that comes for free is asked for.
    let order = if schema.date_index { "m.date, m.ROWID" } else { "m.ROWID" };
    format!(
        "SELECT m.ROWID, {chat}, {bin}, {} FROM message AS m {chat_join} {bin_join} \
         WHERE m.date BETWEEN ?1 AND ?2 AND m.ROWID > ?3 GROUP BY {order} ORDER BY {order}",
        columns.join(", "),
    )
}

/// The number of rows behind `?3` whose `date` is between `?1` and `?2`.
pub(super) const COUNT_IN_RANGE: &str = "SELECT count(*) FROM message WHERE date BETWEEN ?1 AND ?2 AND ROWID > ?3";

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
