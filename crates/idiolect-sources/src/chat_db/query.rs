//! The queries, built from what the schema has: never `SELECT *`, never a column that is not there.

use std::collections::HashMap;

use rusqlite::Connection;

use super::row::COLUMNS;
use super::schema::Schema;

/// The rows whose `date` is between `?1` and `?2`, each once: `ROWID`, chat, bin, then the columns of [`COLUMNS`].
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
         WHERE m.date BETWEEN ?1 AND ?2 GROUP BY {order} ORDER BY {order}",
        columns.join(", "),
    )
}

/// The number of rows whose `date` is between `?1` and `?2`.
pub(super) const COUNT_IN_RANGE: &str = "SELECT count(*) FROM message WHERE date BETWEEN ?1 AND ?2";

pub(super) const COUNT_ALL: &str = "SELECT count(*) FROM message";

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
    Ok(chats)
}
