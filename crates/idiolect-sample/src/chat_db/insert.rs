//! Puts people and rows into the tables, in Messages' own units and conventions.

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, named_params, params};

use super::plan::{EPOCH_2001, Row, Shape, uuid};
use super::roster::{OWN_NUMBER, Roster};

const SERVICE: &str = "iMessage";
/// `chat.style` of a group and of a conversation between two.
const GROUP: i64 = 43;
const ONE_TO_ONE: i64 = 45;
/// `associated_message_type` of a heart, `item_type` of a new group name, `schedule_type` of Send Later.
const HEART: i64 = 2000;
const RENAME: i64 = 2;
const SEND_LATER: i64 = 2;

const INSERT_MESSAGE: &str = "INSERT INTO message (ROWID, guid, text, attributedBody, handle_id, version, service, account,
    date, date_read, date_delivered, is_delivered, is_finished, is_from_me, is_read, is_sent, cache_has_attachments,
    cache_roomnames, item_type, group_title, associated_message_guid, associated_message_type,
    associated_message_range_length, message_summary_info, destination_caller_id, reply_to_guid, date_edited,
    part_count, schedule_type, schedule_state)
  VALUES (:rowid, :guid, :text, :body, :handle, 10, :service, :account, :date, 0, :delivered, :sent, :finished, :from_me,
    1, :sent, :attachments, :room, :item_type, :title, :target, :associated, :range, :summary, :caller, :reply_to,
    :edited, :parts, :schedule, :schedule)";

/// Writes rows in order and remembers where it is.
pub(super) struct Writer<'a> {
    roster: &'a Roster,
    legacy_seconds: bool,
    rowid: i64,
    /// The newest message of each chat: Messages fills `reply_to_guid` on ordinary messages too.
    newest: Vec<Option<String>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(roster: &'a Roster, legacy_seconds: bool) -> Self {
        Self { roster, legacy_seconds, rowid: 4100, newest: vec![None; roster.chats.len()] }
    }

    /// Handles, chats and who is in which.
    pub(super) fn people(&self, db: &Connection) -> rusqlite::Result<()> {
        for (index, handle) in self.roster.handles.iter().enumerate() {
            db.execute(
                "INSERT INTO handle (ROWID, id, country, service) VALUES (?, ?, 'gb', ?)",
                params![key(index), handle.number, SERVICE],
            )?;
        }
        for (index, chat) in self.roster.chats.iter().enumerate() {
            let (style, sign) = if chat.is_group() { (GROUP, '+') } else { (ONE_TO_ONE, '-') };
            let identifier = self.identifier(index);
            db.execute(
                "INSERT INTO chat (ROWID, guid, style, state, chat_identifier, service_name, room_name, account_login,
                     last_addressed_handle, display_name, group_id) VALUES (?, ?, ?, 3, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    key(index),
                    format!("{SERVICE};{sign};{identifier}"),
                    style,
                    identifier,
                    SERVICE,
                    chat.is_group().then_some(&identifier),
                    "E:wren@example.org",
                    OWN_NUMBER,
                    chat.is_group().then_some(&chat.conversation_id),
                    uuid(0x000c_4a70 + index as u64),
                ],
            )?;
            for &handle in &chat.handles {
                db.execute("INSERT INTO chat_handle_join VALUES (?, ?)", params![key(index), key(handle)])?;
            }
        }
        Ok(())
    }

    /// Messages with what joins them to chats and attachments.
    pub(super) fn messages(&mut self, db: &Connection, rows: &[Row]) -> rusqlite::Result<()> {
        let mut message = db.prepare_cached(INSERT_MESSAGE)?;
        let mut join = db.prepare_cached("INSERT INTO chat_message_join VALUES (?, ?, ?)")?;
        for row in rows {
            // Deleted messages leave gaps.
            self.rowid += if self.rowid % 23 == 0 { 4 } else { 1 };
            self.message(&mut message, row)?;
            join.execute(params![key(row.chat), self.rowid, self.date(row.at)])?;
            if let Shape::Photo { attachment_guid } = &row.shape {
                self.photo(db, row, attachment_guid)?;
            }
            self.newest[row.chat] = Some(row.guid.clone());
        }
        Ok(())
    }

    fn message(&self, statement: &mut CachedStatement<'_>, row: &Row) -> rusqlite::Result<()> {
        let chat = &self.roster.chats[row.chat];
        let from_me = row.sender.is_none();
        let scheduled = matches!(row.shape, Shape::Scheduled);
        let sent = from_me && !scheduled;
        // The owner's rows name the other person, except in groups.
        let handle = match row.sender {
            Some(handle) => key(handle),
            None if chat.is_group() => 0,
            None => chat.handles.first().map_or(0, |&handle| key(handle)),
        };
        let (edited, summary) = match &row.shape {
            Shape::Edited { at, summary } | Shape::Unsent { at, summary } => (self.date(*at), Some(summary)),
            _ => (0, None),
        };
        let target = match &row.shape {
            Shape::Tapback { target } => Some(format!("p:0/{target}")),
            _ => None,
        };
        let (item_type, title) = match &row.shape {
            Shape::GroupRename { title } => (RENAME, Some(title)),
            _ => (0, None),
        };
        let parts = match &row.shape {
            Shape::Unsent { .. } | Shape::GroupRename { .. } => 0,
            Shape::Photo { .. } if row.text.as_ref().is_none_or(|text| text.chars().count() > 1) => 2,
            _ => 1,
        };
        statement.execute(named_params! {
            ":rowid": self.rowid,
            ":guid": row.guid,
            ":text": row.text,
            ":body": row.body,
            ":handle": handle,
            ":service": SERVICE,
            ":account": "E:wren@example.org",
            ":date": self.date(row.at),
            ":delivered": if sent { self.date(row.at) } else { 0 },
            ":sent": sent,
            ":finished": !scheduled,
            ":from_me": from_me,
            ":attachments": matches!(row.shape, Shape::Photo { .. }),
            ":room": chat.is_group().then(|| self.identifier(row.chat)),
            ":item_type": item_type,
            ":title": title,
            ":associated": if target.is_some() { HEART } else { 0 },
            ":range": i64::from(target.is_some()),
            ":target": target,
            ":summary": summary,
            ":caller": OWN_NUMBER,
            ":reply_to": self.newest[row.chat].as_ref().filter(|_| self.rowid % 3 == 0 && item_type == 0),
            ":edited": edited,
            ":parts": parts,
            ":schedule": if scheduled { SEND_LATER } else { 0 },
        })?;
        Ok(())
    }

    fn photo(&self, db: &Connection, row: &Row, guid: &str) -> rusqlite::Result<()> {
        let name = format!("IMG_{}.jpeg", self.rowid);
        db.execute(
            "INSERT INTO attachment (guid, created_date, filename, uti, mime_type, transfer_state, is_outgoing,
                 transfer_name, total_bytes) VALUES (?, ?, ?, 'public.jpeg', 'image/jpeg', 5, 1, ?, 1048576)",
            params![
                guid,
                row.at.as_second() - EPOCH_2001,
                format!("~/Library/Messages/Attachments/{guid}/{name}"),
                name
            ],
        )?;
        db.execute("INSERT INTO message_attachment_join VALUES (?, ?)", params![self.rowid, db.last_insert_rowid()])?;
        Ok(())
    }

    /// Messages' unit: nanoseconds since 2001, or seconds in old databases.
    fn date(&self, at: Timestamp) -> i64 {
        let seconds = at.as_second() - EPOCH_2001;
        if self.legacy_seconds { seconds } else { seconds * 1_000_000_000 + i64::from(at.subsec_nanosecond()) }
    }

    /// `chat_identifier`: the other's address, or a made-up number for a group.
    fn identifier(&self, index: usize) -> String {
        let chat = &self.roster.chats[index];
        match chat.handles.as_slice() {
            [only] => self.roster.handles[*only].number.clone(),
            _ => format!("chat{}", 880_000_000_000_000_000 + 7_777 * (index as u64 + 1)),
        }
    }
}

/// ROWIDs start at 1.
fn key(index: usize) -> i64 {
    index as i64 + 1
}
