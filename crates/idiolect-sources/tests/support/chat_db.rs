//! Writes a chat.db with the columns that matter, from the shape that macOS 13 gives its own.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, ToSql, params};

const SCHEMA: &str = "
    CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL, text TEXT, attributedBody BLOB,
        handle_id INTEGER DEFAULT 0, error INTEGER DEFAULT 0, date INTEGER, is_from_me INTEGER DEFAULT 0, is_sent INTEGER DEFAULT 0,
        is_auto_reply INTEGER DEFAULT 0, is_system_message INTEGER DEFAULT 0, is_audio_message INTEGER DEFAULT 0,
        item_type INTEGER DEFAULT 0, associated_message_type INTEGER DEFAULT 0, balloon_bundle_id TEXT, message_summary_info BLOB,
        date_edited INTEGER DEFAULT 0, date_retracted INTEGER DEFAULT 0, schedule_type INTEGER DEFAULT 0);
    CREATE TABLE chat (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL);
    CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER, PRIMARY KEY (chat_id, message_id));
    CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
    CREATE TABLE chat_recoverable_message_join (chat_id INTEGER, message_id INTEGER);
    CREATE INDEX message_idx_date ON message(date);
    CREATE INDEX chat_message_join_idx_message_id_only ON chat_message_join(message_id);
    INSERT INTO chat (guid) VALUES ('iMessage;-;+12125550101'), ('iMessage;+;chat1');
    INSERT INTO chat_handle_join VALUES (1, 1), (2, 1), (2, 2), (2, 3);";

/// Seconds from 1970 to 2001.
const EPOCH: i64 = 978_307_200;

pub fn nanoseconds(time: Timestamp) -> i64 {
    i64::try_from(time.as_nanosecond()).unwrap() - EPOCH * 1_000_000_000
}

pub fn seconds(time: Timestamp) -> i64 {
    time.as_second() - EPOCH
}

/// A store being written.
pub struct Writer {
    pub connection: Connection,
}

impl Writer {
    pub fn create(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        Self { connection }
    }

    /// In WAL mode, as Messages writes; nothing goes from the `-wal` into the main file by itself.
    pub fn create_wal(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;").unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        Self { connection }
    }

    /// A message in the conversation 1; its `ROWID`.
    pub fn message(&self, guid: &str, date: i64, from_me: bool, text: &str) -> i64 {
        let sql = "INSERT INTO message (guid, date, is_from_me, is_sent, text) VALUES (?1, ?2, ?3, ?3, ?4)";
        self.connection.execute(sql, params![guid, date, from_me, text]).unwrap();
        let row = self.connection.last_insert_rowid();
        self.connection.execute("INSERT INTO chat_message_join VALUES (1, ?1)", [row]).unwrap();
        row
    }

    pub fn set(&self, row: i64, column: &str, value: impl ToSql) {
        self.connection
            .execute(&format!("UPDATE message SET {column} = ?1 WHERE ROWID = ?2"), params![value, row])
            .unwrap();
    }
}
