//! What every source owes: the person's own messages of the window, and nothing else.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

mod support;

use std::fs;
use std::path::Path;

use support::chat_db::{Writer, nanoseconds};
use support::{at, extract, spec, texts, window};

/// A time, whether the person sent it, and its text.
type Line = (&'static str, bool, &'static str);

/// The same messages in a store of each kind: what to write behind `--source`.
fn stores(folder: &Path, lines: &[Line]) -> [String; 2] {
    let chat_db = folder.join("chat.db");
    let writer = Writer::create(&chat_db);
    let mut records = String::new();
    for (number, (time, from_me, text)) in lines.iter().enumerate() {
        writer.message(&format!("m{number}"), nanoseconds(at(time)), *from_me, text);
        records += &format!(
            "{{\"messageId\":\"m{number}\",\"timestamp\":\"{time}\",\"fromMe\":{from_me},\"text\":\"{text}\"}}\n"
        );
    }
    let ndjson = folder.join("messages.ndjson");
    fs::write(&ndjson, records).unwrap();
    [spec("chat-db", &chat_db), spec("ndjson", &ndjson)]
}

#[test]
fn filters_messages_to_last_90_days() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        ("2025-10-17T11:59:59Z", true, "a second too early"),
        ("2025-10-17T12:00:00Z", true, "first instant"),
        ("2025-12-01T00:00:00.25Z", true, "within"),
        ("2026-01-15T12:00:00Z", true, "last instant"),
        ("2026-01-15T12:00:01Z", true, "a second too late"),
    ];
    for store in stores(folder.path(), &lines) {
        let (messages, report) = extract(&store, window()).unwrap();
        assert_eq!(texts(&messages), ["first instant", "within", "last instant"], "{store}");
        assert_eq!(messages[1].timestamp, at("2025-12-01T00:00:00.25Z"));
        assert_eq!(report.skipped["outside_window"].count, 2, "{store}");
    }
}

#[test]
fn returns_only_user_sent_messages() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        ("2025-12-01T10:00:00Z", true, "mine"),
        ("2025-12-01T10:00:01Z", false, "theirs"),
        ("2025-12-01T10:00:02Z", false, "theirs again"),
        ("2025-12-01T10:00:03Z", true, "mine again"),
    ];
    for store in stores(folder.path(), &lines) {
        let (messages, report) = extract(&store, window()).unwrap();
        assert_eq!(texts(&messages), ["mine", "mine again"], "{store}");
        assert_eq!(report.skipped["received"].count, 2, "{store}");
        assert_eq!(report.skipped["received"].places.len(), 2, "{store}");
    }
}

#[test]
fn handles_no_messages_gracefully() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(folder.path(), &[]) {
        let (messages, report) = extract(&store, window()).unwrap();
        assert!(messages.is_empty() && report.skipped.is_empty(), "{store}");
    }
    let elsewhere = tempfile::tempdir().unwrap();
    for store in
        stores(elsewhere.path(), &[("2019-01-01T00:00:00Z", true, "long ago"), (support::NOW, false, "theirs")])
    {
        let (messages, report) = extract(&store, window()).unwrap();
        assert!(messages.is_empty(), "{store}");
        assert_eq!((report.rows_read, report.kept), (2, 0), "{store}");
    }
}

#[test]
fn two_readings_give_the_same_messages_in_the_same_order() {
    let folder = tempfile::tempdir().unwrap();
    let lines =
        [("2025-12-01T10:00:01Z", true, "b"), ("2025-12-01T10:00:01Z", true, "c"), ("2025-12-01T10:00:00Z", true, "a")];
    for store in stores(folder.path(), &lines) {
        assert_eq!(extract(&store, window()).unwrap().0, extract(&store, window()).unwrap().0);
    }
}
