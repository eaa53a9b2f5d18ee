//! The written database holds exactly the messages given, in the shapes asked for.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use idiolect_sample::{ChatDbOptions, Error, sample_messages, write_chat_db, write_chat_db_with};
use rusqlite::{Connection, OpenFlags};

const EPOCH_2001: i64 = 978_307_200;

/// What a reader gets of one row, by guid.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    seconds: i64,
    from_me: bool,
    others: u32,
    text: String,
}

/// A tiny reader: it leaves out what its `WHERE` names and decodes the first string of a body.
fn read(path: &Path) -> BTreeMap<String, Found> {
    let db = Connection::open(path).unwrap();
    let mut statement = db
        .prepare(
            "SELECT m.guid, m.date, m.is_from_me, m.text, m.attributedBody,
                    (SELECT count(*) FROM chat_handle_join h WHERE h.chat_id = j.chat_id)
             FROM message m JOIN chat_message_join j ON j.message_id = m.ROWID
             WHERE m.associated_message_type = 0 AND m.item_type = 0 AND m.schedule_type = 0 AND m.part_count > 0",
        )
        .unwrap();
    let rows = statement.query_map([], |row| {
        let date: i64 = row.get(1)?;
        let seconds = EPOCH_2001 + if date > 1_000_000_000_000_000 { date / 1_000_000_000 } else { date };
        let body: Option<Vec<u8>> = row.get(4)?;
        let decoded = body.map(|blob| decode(&blob));
        let text: Option<String> = row.get(3)?;
        if let (Some(text), Some(decoded)) = (&text, &decoded) {
            assert_eq!(text, decoded, "both columns of a row say the same");
        }
        let text = text.or(decoded).unwrap().replace('\u{fffc}', "");
        Ok((row.get(0)?, Found { seconds, from_me: row.get(2)?, others: row.get(5)?, text }))
    });
    rows.unwrap().map(Result::unwrap).filter(|(_, found)| !found.text.is_empty()).collect()
}

fn decode(blob: &[u8]) -> String {
    let start = blob.windows(3).position(|window| window == b"\x84\x01+").unwrap() + 3;
    let (length, at) = match blob[start] {
        0x81 => (usize::from(u16::from_le_bytes([blob[start + 1], blob[start + 2]])), start + 3),
        short => (usize::from(short), start + 1),
    };
    String::from_utf8(blob[at..at + length].to_vec()).unwrap()
}

fn expected() -> BTreeMap<String, Found> {
    sample_messages()
        .into_iter()
        .map(|m| {
            let found =
                Found { seconds: m.timestamp.as_second(), from_me: m.from_me, others: m.recipient_count, text: m.text };
            (m.message_id, found)
        })
        .collect()
}

/// Compares without ever printing words.
fn assert_holds_the_sample(path: &Path) {
    let (read, expected) = (read(path), expected());
    assert_eq!(read.len(), expected.len());
    let different: Vec<_> =
        expected.iter().filter(|(id, found)| read.get(*id) != Some(found)).map(|(id, _)| id).collect();
    assert!(different.is_empty(), "{different:?}");
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chat.db");
    (directory, path)
}

#[test]
fn every_message_comes_back_as_it_was() {
    let (_directory, path) = place();
    let counts = write_chat_db(&path, &sample_messages()).unwrap();
    assert_holds_the_sample(&path);
    assert_eq!(counts.sent + counts.received, sample_messages().len());
    assert!((75..=88).contains(&(counts.sent_in_body * 100 / counts.sent)), "{counts:?}");
    assert!(counts.edited >= 8 && counts.noise >= 30, "{counts:?}");
}

#[test]
fn noise_of_every_kind_is_there() {
    let (_directory, path) = place();
    let counts = write_chat_db(&path, &sample_messages()).unwrap();
    let db = Connection::open(&path).unwrap();
    let count = |condition: &str| -> usize {
        db.query_row(&format!("SELECT count(*) FROM message WHERE {condition}"), [], |row| row.get::<_, u32>(0))
            .unwrap() as usize
    };
    assert_eq!(count("1"), counts.sent + counts.received + counts.noise);
    assert_eq!(count("item_type = 2 AND group_title IS NOT NULL"), 4);
    assert_eq!(count("schedule_type = 2 AND is_sent = 0"), 1);
    assert!(count("associated_message_type = 2000 AND associated_message_guid LIKE 'p:0/%'") >= 10);
    assert!(count("text IS NULL AND attributedBody IS NULL AND date_edited > 0") >= 3);
    assert_eq!(count("date_edited > 0 AND message_summary_info IS NULL"), 0);
    assert_eq!(count("date_edited > 0 AND attributedBody IS NOT NULL"), counts.edited);
    let attached =
        db.query_row("SELECT count(*) FROM message_attachment_join", [], |row| row.get::<_, u32>(0)).unwrap() as usize;
    assert_eq!(attached, count("cache_has_attachments = 1"));
}

#[test]
fn old_databases_date_in_seconds() {
    let (_directory, path) = place();
    let options = ChatDbOptions { legacy_seconds: true, ..ChatDbOptions::default() };
    write_chat_db_with(&path, &sample_messages(), &options).unwrap();
    assert_holds_the_sample(&path);
    let newest: i64 =
        Connection::open(&path).unwrap().query_row("SELECT max(date) FROM message", [], |row| row.get(0)).unwrap();
    assert!(newest < 1_000_000_000);
}

#[test]
fn newest_rows_can_stay_in_the_wal() {
    let (directory, path) = place();
    let options = ChatDbOptions { leave_wal: true, ..ChatDbOptions::default() };
    write_chat_db_with(&path, &sample_messages(), &options).unwrap();
    assert!(directory.path().join("chat.db-wal").metadata().unwrap().len() > 10_000);
    let (alone, copy) = place();
    fs::copy(&path, &copy).unwrap();
    let without_wal = read(&copy).len();
    assert!(without_wal < sample_messages().len(), "the file alone lacks the newest rows");
    assert!(alone.path().exists());
    assert_holds_the_sample(&path);
}

#[test]
fn body_share_decides_where_the_words_are() {
    for (body_share, least, most) in [(0.0, 0, 3), (1.0, 100, 100)] {
        let (_directory, path) = place();
        let options = ChatDbOptions { body_share, ..ChatDbOptions::default() };
        let counts = write_chat_db_with(&path, &sample_messages(), &options).unwrap();
        assert!((least..=most).contains(&(counts.sent_in_body * 100 / counts.sent)), "{counts:?}");
        assert_holds_the_sample(&path);
    }
}

#[test]
fn the_same_messages_give_the_same_bytes() {
    let (_first, one) = place();
    let (_second, two) = place();
    write_chat_db(&one, &sample_messages()).unwrap();
    write_chat_db(&two, &sample_messages()).unwrap();
    assert!(fs::read(one).unwrap() == fs::read(two).unwrap());
}

#[test]
fn nothing_is_overwritten_or_left_behind() {
    let (directory, path) = place();
    write_chat_db(&path, &sample_messages()).unwrap();
    let before = fs::read(&path).unwrap();
    assert!(matches!(write_chat_db(&path, &[]), Err(Error::Exists { .. })));
    assert!(fs::read(&path).unwrap() == before);
    let names: Vec<_> = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["chat.db"]);
    assert!(matches!(write_chat_db(&directory.path().join("no/chat.db"), &[]), Err(Error::Write { .. })));
}

#[test]
fn an_empty_sample_is_an_empty_database() {
    let (_directory, path) = place();
    let counts = write_chat_db(&path, &[]).unwrap();
    assert_eq!(counts.sent + counts.received + counts.noise, 0);
    assert!(read(&path).is_empty());
    Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
}
