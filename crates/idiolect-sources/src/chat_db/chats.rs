//! Conversations: what they are called, who takes part, and which message belongs to which.

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::{Connection, params_from_iter};
use rustc_hash::{FxHashMap, FxHashSet};

use super::dates::DateRange;
use super::query::Order;
use super::row::Cells;
use super::schema::Schema;
use crate::Conversations;
use crate::conversations::Chooser;

/// A conversation.
#[derive(Default)]
pub(super) struct Chat {
    /// One for all conversations with one person.
    pub(super) guid: Option<String>,
    /// Where that is another conversation's.
    own_guid: Option<String>,
    pub(super) is_left_out: bool,
    /// Those who take part, the person themselves not counted.
    pub(super) recipients: Option<u32>,
}

/// All conversations by `ROWID`: some thousands in a large store.
pub(super) fn load(connection: &Connection, schema: &Schema) -> rusqlite::Result<FxHashMap<i64, Chat>> {
    let mut chats: FxHashMap<i64, Chat> = FxHashMap::default();
    if schema.chat_has("guid") {
        let mut statement = connection.prepare("SELECT ROWID, CAST(guid AS TEXT) FROM chat")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut cells = Cells::of(row);
            let (chat, guid) = (cells.integer()?, cells.text()?);
            chats.entry(chat).or_default().guid = guid.map(Cow::into_owned);
        }
    }
    if schema.chat_handle_join {
        let sql = "SELECT CAST(chat_id AS INTEGER), count(DISTINCT handle_id) FROM chat_handle_join \
                   WHERE chat_id IS NOT NULL GROUP BY 1";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut cells = Cells::of(row);
            let (chat, recipients) = (cells.integer()?, cells.integer()?);
            chats.entry(chat).or_default().recipients = u32::try_from(recipients).ok();
        }
    }
    if schema.chat_has("guid") && schema.chat_handle_join && schema.person {
        merge_persons(connection, &mut chats)?;
    }
    Ok(chats)
}

/// Gives all conversations with one and the same person the id of the first: a person may write from several numbers and
/// addresses, which Messages knows to be theirs.
fn merge_persons(connection: &Connection, chats: &mut FxHashMap<i64, Chat>) -> rusqlite::Result<()> {
    let sql = "SELECT CAST(j.chat_id AS INTEGER), CAST(min(h.person_centric_id) AS TEXT) \
               FROM chat_handle_join AS j JOIN handle AS h ON h.ROWID = j.handle_id WHERE j.chat_id IS NOT NULL \
               GROUP BY 1 HAVING count(DISTINCT j.handle_id) = 1 AND min(h.person_centric_id) <> '' ORDER BY 1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut first: HashMap<String, Option<String>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let mut cells = Cells::of(row);
        let (Some(chat), Some(person)) = (chats.get_mut(&cells.integer()?), cells.text()?) else { continue };
        // A group of which only one other member is left is still a group.
        if chat.guid.as_deref().is_some_and(|guid| guid.contains(";-;")) {
            let guid = first.entry(person.into_owned()).or_insert_with(|| chat.guid.clone()).clone();
            chat.own_guid = std::mem::replace(&mut chat.guid, guid);
        }
    }
    Ok(())
}

/// Marks those that are not read: a person is named by any of their numbers. Gives what there is to say of the names.
pub(super) fn choose(chats: &mut FxHashMap<i64, Chat>, conversations: &Conversations) -> Option<String> {
    let mut ids: HashMap<String, Vec<String>> = HashMap::new();
    for chat in chats.values() {
        if let Some(guid) = &chat.guid {
            ids.entry(guid.clone()).or_default().push(chat.own_guid.as_ref().unwrap_or(guid).clone());
        }
    }
    let mut chooser = Chooser::new(conversations);
    let mut is_read: HashMap<&str, bool> = HashMap::new();
    for (guid, ids) in &ids {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        is_read.insert(guid, chooser.includes(&ids));
    }
    for (number, chat) in chats {
        chat.is_left_out = match &chat.guid {
            Some(guid) => !is_read[guid.as_str()],
            None => !chooser.includes(&[&by_number(*number)]),
        };
    }
    chooser.note()
}

/// What a conversation without an id is called: a store without its table of conversations still tells them apart.
pub(super) fn by_number(chat: i64) -> String {
    format!("chat:{chat}")
}

/// Rows of `message` whose numbers differ in their lowest bits only share one entry: numbers in use are mostly neighbours.
const NEIGHBOURS: i64 = 16;
const NOWHERE: i64 = i64::MIN;

/// Where the rows of a reading belong: some nine bytes for each.
#[derive(Default)]
pub(super) struct Whereabouts {
    chats: Vec<[i64; NEIGHBOURS as usize]>,
    /// Where in `chats` the neighbours are.
    places: FxHashMap<i64, usize>,
    /// In the bin of recently deleted messages.
    recoverable: FxHashSet<i64>,
}

impl Whereabouts {
    /// Those of the rows with dates in `range`; of all rows where the table is read as it lies.
    pub(super) fn load(
        connection: &Connection,
        schema: &Schema,
        range: DateRange,
        order: Order,
    ) -> rusqlite::Result<Self> {
        let mut whereabouts = Self::default();
        if schema.chat_message_join {
            let (sql, bounds) = match order {
                Order::Rows => ("SELECT message_id, chat_id FROM chat_message_join NOT INDEXED", &[][..]),
                Order::Dates => (
                    "SELECT c.message_id, c.chat_id FROM message AS m \
                     JOIN chat_message_join AS c ON c.message_id = m.ROWID WHERE m.date BETWEEN ? AND ?",
                    &[range.low, range.high][..],
                ),
            };
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query(params_from_iter(bounds))?;
            while let Some(row) = rows.next()? {
                let mut cells = Cells::of(row);
                if let (Some(message), Some(chat)) = (cells.optional_integer()?, cells.optional_integer()?) {
                    whereabouts.put(message, chat);
                }
            }
        }
        if schema.recoverable {
            let mut statement = connection.prepare("SELECT message_id FROM chat_recoverable_message_join")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                whereabouts.recoverable.extend(Cells::of(row).optional_integer()?);
            }
        }
        Ok(whereabouts)
    }

    fn put(&mut self, message: i64, chat: i64) {
        let (entry, place) = (message.div_euclid(NEIGHBOURS), message.rem_euclid(NEIGHBOURS) as usize);
        let entry = *self.places.entry(entry).or_insert_with(|| {
            self.chats.push([NOWHERE; NEIGHBOURS as usize]);
            self.chats.len() - 1
        });
        let entry = &mut self.chats[entry];
        if entry[place] == NOWHERE || chat < entry[place] {
            entry[place] = chat;
        }
    }

    /// The conversation with the smallest number that a row belongs to.
    pub(super) fn chat(&self, message: i64) -> Option<i64> {
        let (entry, place) = (message.div_euclid(NEIGHBOURS), message.rem_euclid(NEIGHBOURS) as usize);
        let chat = self.chats[*self.places.get(&entry)?][place];
        (chat != NOWHERE).then_some(chat)
    }

    pub(super) fn is_recoverable(&self, message: i64) -> bool {
        self.recoverable.contains(&message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_belongs_to_the_conversation_with_the_smallest_number() {
        let mut whereabouts = Whereabouts::default();
        for (message, chat) in [(17, 3), (17, 2), (17, 9), (18, 5), (-1, 7), (i64::MAX, 1), (i64::MIN, 4)] {
            whereabouts.put(message, chat);
        }
        let chats = [16, 17, 18, -1, 0, i64::MAX, i64::MIN].map(|message| whereabouts.chat(message));
        assert_eq!(chats, [None, Some(2), Some(5), Some(7), None, Some(1), Some(4)]);
    }
}
