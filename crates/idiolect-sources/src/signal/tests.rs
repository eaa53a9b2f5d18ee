use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::fixture::Fixture;
use crate::{Confidence, Owner, SourceKind, reason};

const JSON: &str = concat!(
    r#"{"date": "2026-01-15T13:00:00.250000", "sender": "Me", "body": "on my way  ", "quote": "\n\n> where?\n\n", "sticker": null, "reactions": [], "attachments": [], "deleted": false, "call": false, "missed": false}"#,
    "\n",
    r#"{"date": "2026-01-15T13:01:00", "sender": "Ben", "body": "ok  ", "attachments": []}"#,
    "\n\n",
    r#"{"date": "2026-01-15T13:02:00", "sender": "Me", "body": "Outgoing voice call  ", "call": true}"#,
    "\n",
    r#"{"date": "2026-01-15T13:03:00", "sender": "Me", "body": "  ", "deleted": true}"#,
    "\n",
    r#"{"date": "2026-01-15T13:04:00", "sender": "Me", "body": "two\nlines 😀  "}"#,
    "\n",
);

const MARKDOWN: &str = "[2026-01-15 13:00:00] Me: \n\n> where?\n\non my way  \n\n[2026-01-15 13:01:00] Ben: ok  \n(- Me: 👍 -)\n\n\
    [2026-01-15 13:02:00] Me:   ![a.jpg](./media/a.jpg)  \n\n[2026-01-15 13:03:00] Me: two\nlines  \n";

#[test]
fn records_of_lines_are_read_and_me_is_me() {
    let export = Fixture::new([("Ben/data.json", JSON), ("Ben/chat.md", MARKDOWN)]);
    assert_eq!((export.detect()[0].kind, export.detect()[0].confidence), (SourceKind::Signal, Confidence::Certain));
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["on my way", "two\nlines 😀"]);
    assert_eq!(read.messages[0].timestamp.to_string(), "2026-01-15T12:00:00.25Z");
    assert_eq!(read.messages[0].conversation_id.as_deref(), Some("Ben"));
    assert_eq!(read.skipped(reason::CALL), (1, "Ben/data.json, line 4"));
    assert_eq!(read.skipped(reason::UNSENT).0, 1);
    assert_eq!(read.report.rows_read, 5);
}

#[test]
fn whoever_says_their_name_is_still_me_but_a_correspondent_is_refused() {
    let read = Fixture::new([("Ben/data.json", JSON)]).me("Ana").extract().unwrap();
    assert_eq!(read.texts().len(), 2);
    assert!(read.report.notes.iter().any(|note| note.contains("--me could not be checked")), "{:?}", read.report.notes);
    let error = Fixture::new([("Ben/data.json", JSON)]).me("Ben").error();
    assert!(error.contains("somebody else than --me says"), "{error}");
    // Notes to oneself are in a chat of one's own name.
    let notes = "{\"date\": \"2026-01-15T13:00:00\", \"sender\": \"Me\", \"body\": \"milk  \"}\n";
    let export = Fixture::new([("Ana/data.json", notes), ("Ben/data.json", JSON)]).me("Ana");
    assert_eq!(export.extract().unwrap().texts().len(), 3);
}

#[test]
fn what_stands_for_a_mention_is_no_character_of_the_text() {
    let json = "{\"date\": \"2026-01-15T13:00:00\", \"sender\": \"Me\", \"body\": \"\u{fffc} you in?  \"}\n\
                {\"date\": \"2026-01-15T13:01:00\", \"sender\": \"Me\", \"body\": \"\u{fffc}  \"}\n";
    let read = Fixture::new([("Hikers/data.json", json)]).extract().unwrap();
    assert_eq!((read.texts(), read.skipped(reason::EMPTY).0), (vec![" you in?".to_owned()], 1));
}

#[test]
fn readable_files_alone_are_read() {
    let read = Fixture::new([("Ben/chat.md", MARKDOWN)]).extract().unwrap();
    assert_eq!(read.texts(), ["on my way", "two\nlines"]);
    assert_eq!(read.skipped(reason::ATTACHMENT_ONLY), (1, "line 10"));
}

#[test]
fn the_oldest_files_have_names_only() {
    let chat = "[2019-12-24, 12:23] Ana Ruiz: Hello Ben!\n[2020-01-17, 21:49] Ben: Hello\nAna!\n";
    let export = Fixture::new([("chat.txt", chat)]);
    assert!(matches!(export.owner(SourceKind::Signal), Owner::Unknown { senders: 2, .. }));
    assert!(export.error().contains("does not say which of its 2 senders is you"));
    assert_eq!(export.me("Ben").texts(), ["Hello\nAna!"]);
}

#[test]
fn broken_lines_are_named() {
    let cut = &JSON[..JSON.len() - 20];
    let error = Fixture::new([("Ben/data.json", cut)]).error();
    assert_eq!(error, "EXPORT/Ben/data.json, line 6, record: broken JSON; copy or export the file again");
}

#[test]
fn a_second_chat_of_one_folder_is_read() {
    let second = JSON.replace("on my way", "elsewhere").replace("two", "three");
    let export = Fixture::new([("data.json", JSON), ("data (1).json", &second), ("chat.md", MARKDOWN)]);
    assert_eq!(export.texts(), ["elsewhere", "three\nlines 😀", "on my way", "two\nlines 😀"]);
}

#[test]
fn a_message_without_end_is_named() {
    let line = format!("{}\n", "x".repeat(600 * 1024));
    let chat = ["[2026-01-15, 13:00] Me: hi\n", "[2026-01-15, 13:01] Me: yo\n", &line, &line].concat();
    let error = Fixture::new([("Ben/chat.md", chat.as_str())]).error();
    assert!(error.contains("Ben/chat.md, line 2, text: the message is longer than 1024 KiB"), "{error}");
}

#[test]
fn a_zip_of_one_chat_is_called_as_its_folder() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, contents) in [("data.json", JSON), ("chat.md", MARKDOWN)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(contents.as_bytes()).unwrap();
    }
    let export = Fixture::new([("Ben/data.json", JSON), ("Ben/chat.md", MARKDOWN)]);
    export.write("Ben.zip", &zip.finish().unwrap().into_inner());
    let of = |path| export.extract_file(SourceKind::Signal, path).unwrap().messages;
    assert_eq!(of("Ben")[0].conversation_id.as_deref(), Some("Ben"));
    assert!(of("Ben") == of("Ben.zip"), "the ids differ");
}
