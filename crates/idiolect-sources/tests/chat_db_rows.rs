//! Rows of chat.db: dates of both units, odd column types, several conversations, schemas of other versions.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

mod support;

use std::path::Path;

use idiolect_sources::{Conversations, Owner, SourceKind, SourceOptions, owner};
use rusqlite::params;
use support::chat_db::{Writer, nanoseconds, seconds};
use support::{at, everything, extract, extract_with, spec, texts, window};
use tempfile::TempDir;

fn store() -> (TempDir, Writer, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    let (writer, spec) = (Writer::create(&path), spec("chat-db", &path));
    (folder, writer, spec)
}

#[test]
fn seconds_and_nanoseconds_in_one_store() {
    let (_folder, writer, spec) = store();
    writer.message("new", nanoseconds(at("2025-12-02T00:00:00Z")), true, "nanoseconds");
    writer.message("old", seconds(at("2025-12-01T00:00:00Z")), true, "seconds");
    writer.message("older", seconds(at("2017-12-01T00:00:00Z")), true, "too early");
    writer.message("unset", 0, true, "no date");
    let (messages, report) = extract(&spec, window()).unwrap();
    assert_eq!(texts(&messages), ["seconds", "nanoseconds"]);
    assert_eq!(messages[0].timestamp, at("2025-12-01T00:00:00Z"));
    assert_eq!(report.skipped["outside_window"].count, 2);
}

#[test]
fn me_that_cannot_be_checked_is_remarked_upon() {
    let (_folder, writer, spec) = store();
    writer.message("m", nanoseconds(at("2025-12-01T00:00:00Z")), true, "sent");
    let options = SourceOptions { me: Some("Ana".into()), ..SourceOptions::default() };
    let (messages, report) = extract_with(&spec, &options, window()).unwrap();
    assert_eq!(texts(&messages), ["sent"]);
    assert!(report.notes.iter().any(|note| note.contains("--me is none that could be checked")), "{:?}", report.notes);
    assert!(extract(&spec, window()).unwrap().1.notes.iter().all(|note| !note.contains("--me")));
}

/// A store whose accounts are these.
fn with_accounts(accounts: &str) -> (tempfile::TempDir, String) {
    let (folder, writer, spec) = store();
    writer.message("m", nanoseconds(at("2025-12-01T00:00:00Z")), true, "sent");
    writer.connection.execute_batch(accounts).unwrap();
    (folder, spec)
}

const OF_CHATS: &str =
    "ALTER TABLE chat ADD COLUMN account_login TEXT; ALTER TABLE chat ADD COLUMN last_addressed_handle TEXT;
    UPDATE chat SET account_login = 'E:ana@example.com', last_addressed_handle = '+12025550142'";
const OF_MESSAGES: &str =
    "ALTER TABLE message ADD COLUMN account TEXT; ALTER TABLE message ADD COLUMN destination_caller_id TEXT;
    UPDATE message SET account = 'E:ana@example.com', destination_caller_id = '+12025550142'";

#[test]
fn me_is_one_of_the_accounts_or_refused() {
    for accounts in [OF_CHATS, OF_MESSAGES] {
        let (_folder, spec) = with_accounts(accounts);
        let with = |me: &str| {
            extract_with(&spec, &SourceOptions { me: Some(me.into()), ..SourceOptions::default() }, window())
        };
        for me in ["+1 202-555-0142", "(202) 555-0142", "Ana@Example.com"] {
            let (messages, report) = with(me).unwrap();
            assert_eq!(texts(&messages), ["sent"], "{me}");
            assert!(report.notes.iter().all(|note| !note.contains("--me")), "{:?}", report.notes);
        }
        // The correspondent of the first conversation, and a stranger.
        for me in ["+12125550101", "zoe@example.com"] {
            let error = with(me).unwrap_err().to_string();
            assert!(error.contains("somebody else than --me says; leave --me out if the database is yours"), "{error}");
        }
        let (_, report) = with("Ana").unwrap();
        assert!(report.notes.iter().any(|note| note.contains("none that could be checked")), "{:?}", report.notes);
    }
}

#[test]
fn what_the_accounts_do_not_tell_is_remarked_upon() {
    for accounts in
        ["", "ALTER TABLE chat ADD COLUMN account_login TEXT; UPDATE chat SET account_login = 'E:ana@example.com'"]
    {
        let (_folder, spec) = with_accounts(accounts);
        let options = SourceOptions { me: Some("+12025550142".into()), ..SourceOptions::default() };
        let (messages, report) = extract_with(&spec, &options, window()).unwrap();
        assert_eq!(texts(&messages), ["sent"]);
        assert!(report.notes.iter().any(|note| note.contains("none that could be checked")), "{:?}", report.notes);
    }
}

#[test]
fn the_owner_is_named_by_the_accounts() {
    let (_folder, spec) = with_accounts(OF_CHATS);
    let path = spec.strip_prefix("chat-db:").unwrap();
    let owner = owner(SourceKind::ChatDb, Path::new(path), &SourceOptions::default()).unwrap().unwrap();
    let Owner::Marked { names, .. } = owner else { panic!("not marked") };
    assert_eq!(names, ["+12025550142", "ana@example.com"]);
}

#[test]
fn conversation_and_recipients_come_from_the_chat() {
    let (_folder, writer, spec) = store();
    writer.message("one", nanoseconds(at("2025-12-01T00:00:00Z")), true, "to one");
    let group = writer.message("three", nanoseconds(at("2025-12-01T00:00:01Z")), true, "to three");
    writer.connection.execute("UPDATE chat_message_join SET chat_id = 2 WHERE message_id = ?1", [group]).unwrap();
    let (messages, _) = extract(&spec, window()).unwrap();
    assert_eq!(messages[0].conversation_id.as_deref(), Some("iMessage;-;+12125550101"));
    assert_eq!((messages[0].recipient_count, messages[1].recipient_count), (Some(1), Some(3)));
    assert_eq!(messages[1].conversation_id.as_deref(), Some("iMessage;+;chat1"));
}

#[test]
fn a_message_in_several_conversations_is_given_once() {
    let (_folder, writer, spec) = store();
    let row = writer.message("m", nanoseconds(at("2025-12-01T00:00:00Z")), true, "once");
    writer.connection.execute("INSERT INTO chat_message_join VALUES (2, ?1)", [row]).unwrap();
    let (messages, _) = extract(&spec, window()).unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].recipient_count, Some(1));
}

#[test]
fn odd_column_types_do_not_end_the_reading() {
    let (_folder, writer, spec) = store();
    let date = nanoseconds(at("2025-12-01T00:00:00Z"));
    let row = writer.message("odd", date, true, "odd");
    for (column, value) in
        [("handle_id", "trash\n"), ("item_type", "x"), ("error", ""), ("associated_message_type", "y")]
    {
        writer.set(row, column, value);
    }
    writer.set(row, "date_edited", 1.5);
    writer.set(row, "text", b"blob".to_vec());
    writer.message("text date", date, true, "never");
    writer.set(row + 1, "date", "not a date");
    writer.set(row + 1, "attributedBody", "not a blob");
    let (messages, report) = extract(&spec, window()).unwrap();
    assert_eq!(texts(&messages), ["blob"]);
    assert_eq!(report.skipped["outside_window"].count, 1);
}

#[test]
fn what_is_left_out_is_counted_with_its_first_rows() {
    let (_folder, writer, spec) = store();
    let date = nanoseconds(at("2025-12-01T00:00:00Z"));
    for number in 0..5 {
        let row = writer.message(&format!("t{number}"), date + number, true, "Loved a message");
        writer.set(row, "associated_message_type", 2000);
    }
    let deleted = writer.message("deleted", date, true, "deleted");
    writer.connection.execute("DELETE FROM chat_message_join WHERE message_id = ?1", [deleted]).unwrap();
    writer.connection.execute("INSERT INTO chat_recoverable_message_join VALUES (1, ?1)", [deleted]).unwrap();
    let later = writer.message("later", date, true, "later");
    writer
        .connection
        .execute("UPDATE message SET schedule_type = 2, is_sent = 0 WHERE ROWID = ?1", params![later])
        .unwrap();
    let (messages, report) = extract(&spec, everything()).unwrap();
    assert!(messages.is_empty());
    assert_eq!(report.skipped["tapback"].count, 5);
    assert_eq!(report.skipped["tapback"].places, ["row 1", "row 2", "row 3"]);
    assert_eq!(report.skipped["recently_deleted"].places, ["row 6"]);
    assert_eq!(report.skipped["scheduled"].count, 1);
}

#[test]
fn the_smallest_schema_is_enough() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let schema =
        "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, date INTEGER, is_from_me INTEGER)";
    connection.execute_batch(schema).unwrap();
    let date = seconds(at("2025-12-01T00:00:00Z"));
    connection.execute("INSERT INTO message VALUES (7, NULL, 'old', ?1, 1), (8, '', 'empty', ?1, 1)", [date]).unwrap();
    let (messages, _) = extract(&spec("chat-db", &path), window()).unwrap();
    assert_eq!((messages[0].message_id.as_str(), messages[0].text.as_str()), ("row:7", "old"));
    assert_eq!((messages[1].message_id.as_str(), messages[1].text.as_str()), ("row:8", "empty"));
    assert_eq!((&messages[0].conversation_id, messages[0].recipient_count), (&None, None));
}

#[test]
fn more_rows_than_the_reader_stays_ahead_arrive_in_order() {
    let (_folder, writer, spec) = store();
    let date = nanoseconds(at("2025-12-01T00:00:00Z"));
    writer.connection.execute_batch("BEGIN").unwrap();
    for number in 0..5000 {
        writer.message(&format!("m{number}"), date + number, number % 2 == 0, &number.to_string());
    }
    writer.connection.execute_batch("COMMIT").unwrap();
    let (messages, report) = extract(&spec, window()).unwrap();
    assert!(
        messages.iter().map(|m| &m.text).eq((0..5000).step_by(2).map(|n| n.to_string()).collect::<Vec<_>>().iter())
    );
    assert_eq!(report.skipped["received"].count, 2500);
}

#[test]
fn a_stream_dropped_halfway_lets_go_of_the_store() {
    let (folder, writer, spec) = store();
    let date = nanoseconds(at("2025-12-01T00:00:00Z"));
    writer.connection.execute_batch("BEGIN").unwrap();
    for number in 0..5000 {
        writer.message(&format!("m{number}"), date + number, true, "x");
    }
    writer.connection.execute_batch("COMMIT").unwrap();
    let source = idiolect_sources::open(&spec.parse().unwrap(), &Default::default()).unwrap();
    let mut stream = source.read(window()).unwrap();
    assert!(stream.next().unwrap().is_ok());
    drop(stream);
    // Were a reader still there, the exclusive lock could not be had.
    writer.connection.execute_batch("BEGIN EXCLUSIVE; COMMIT").unwrap();
    drop(folder);
}

#[test]
fn conversations_are_allowed_and_denied_by_id_or_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    let writer = Writer::create(&path);
    writer.message("a", nanoseconds(at("2025-12-01T10:00:00Z")), true, "to one");
    let group = writer.message("b", nanoseconds(at("2025-12-01T10:01:00Z")), true, "to the group");
    writer.connection.execute("UPDATE chat_message_join SET chat_id = 2 WHERE message_id = ?1", [group]).unwrap();
    let read = |allow: &[&str], deny: &[&str]| {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let conversations = Conversations { allow: list(allow), deny: list(deny) };
        let options = SourceOptions { conversations, ..SourceOptions::default() };
        let (messages, report) = extract_with(&spec("chat-db", &path), &options, window()).unwrap();
        let left_out = report.skipped.get("conversation_left_out").map_or(0, |skipped| skipped.count);
        (messages.into_iter().map(|message| message.message_id).collect::<Vec<_>>(), left_out)
    };
    assert_eq!(read(&["+1 212 555 0101"], &[]), (vec!["a".to_owned()], 1));
    assert_eq!(read(&[], &["iMessage;-;+12125550101"]), (vec!["b".to_owned()], 1));
    assert_eq!(read(&[], &[]).1, 0);
}

#[test]
fn a_cursor_reads_on_from_where_the_last_reading_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    let writer = Writer::create(&path);
    writer.message("a", nanoseconds(at("2025-12-01T10:00:00Z")), true, "first");
    let spec = spec("chat-db", &path);
    let cursor = extract(&spec, window()).unwrap().1.cursor;
    assert_eq!(cursor.as_deref(), Some("row:1"));
    writer.message("b", nanoseconds(at("2025-12-01T10:01:00Z")), true, "second");
    let options = SourceOptions { after: cursor, ..SourceOptions::default() };
    let (messages, report) = extract_with(&spec, &options, window()).unwrap();
    assert_eq!((messages.len(), messages[0].message_id.as_str()), (1, "b"));
    assert_eq!((report.rows_read, report.cursor.as_deref()), (1, Some("row:2")));
    let wrong = SourceOptions { after: Some("17".into()), ..SourceOptions::default() };
    let Err(error) = idiolect_sources::open(&spec.parse().unwrap(), &wrong) else { panic!("took it") };
    assert!(error.to_string().contains("row:88360"), "{error}");
}

#[test]
fn one_persons_numbers_are_one_conversation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    let writer = Writer::create(&path);
    writer
        .connection
        .execute_batch(
            "CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT, person_centric_id TEXT);
             INSERT INTO handle VALUES (1, '+12125550101', 'P'), (4, 'x@example.org', 'P'), (5, 'y@example.org', NULL);
             INSERT INTO chat (guid) VALUES ('iMessage;-;x@example.org'), ('iMessage;-;y@example.org');
             INSERT INTO chat_handle_join VALUES (3, 4), (4, 5);",
        )
        .unwrap();
    for (number, chat) in [(1, 1), (2, 3), (3, 4)] {
        let row = writer.message(&number.to_string(), nanoseconds(at("2025-12-01T10:00:00Z")) + number, true, "x");
        writer
            .connection
            .execute("UPDATE chat_message_join SET chat_id = ?1 WHERE message_id = ?2", [chat, row])
            .unwrap();
    }
    let (messages, _) = extract(&spec("chat-db", &path), window()).unwrap();
    let conversations: Vec<_> = messages.iter().map(|message| message.conversation_id.as_deref().unwrap()).collect();
    assert_eq!(conversations, ["iMessage;-;+12125550101", "iMessage;-;+12125550101", "iMessage;-;y@example.org"]);
    // Whoever leaves a person out names any of their numbers, as it is dialled at home, too.
    for (deny, texts, notes) in [("x@example.org", 1, 0), ("212-555-0101", 1, 0), ("z@example.org", 3, 1)] {
        let conversations = Conversations { allow: vec![], deny: vec![deny.to_owned()] };
        let options = SourceOptions { conversations, ..SourceOptions::default() };
        let (messages, report) = extract_with(&spec("chat-db", &path), &options, window()).unwrap();
        let said = report.notes.iter().filter(|note| note.contains("1 were not found")).count();
        assert_eq!((messages.len(), said), (texts, notes), "{deny}");
    }
}

#[test]
fn dates_with_a_fraction_are_read_once() {
    let (_folder, writer, spec) = store();
    // Most lies outside the window, so that the rows come by their dates, some thousands at a time.
    writer.connection.execute_batch("BEGIN").unwrap();
    let early = nanoseconds(at("2020-01-01T00:00:00Z"));
    for n in 0..20_000 {
        writer.message(&format!("early {n}"), early, true, "early");
    }
    let second = seconds(at("2025-12-01T00:00:00Z"));
    for n in 0..5000 {
        let row = writer.message(&format!("m{n}"), second, true, "sent");
        writer.set(row, "date", second as f64 + f64::from(n) / 10_000.0);
    }
    writer.connection.execute_batch("COMMIT").unwrap();
    let (messages, report) = extract(&spec, window()).unwrap();
    assert_eq!((messages.len(), report.rows_read, report.kept), (5000, 25_000, 5000));
}

#[test]
fn a_conversation_whose_id_is_no_text_is_read() {
    let (_folder, writer, spec) = store();
    writer.message("m", nanoseconds(at("2025-12-01T00:00:00Z")), true, "sent");
    writer.connection.execute_batch("UPDATE chat SET guid = CAST(x'ff41' AS TEXT) WHERE ROWID = 1").unwrap();
    let (messages, _) = extract(&spec, window()).unwrap();
    assert_eq!(texts(&messages), ["sent"]);
}
