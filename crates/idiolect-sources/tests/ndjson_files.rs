//! Files of records: packed ones, cut ones, other people's records, times without a zone.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

mod support;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use idiolect_sources::{Candidate, Conversations, Owner, SourceKind, SourceOptions, owner};
use jiff::tz::{TimeZone, offset};
use support::{at, error_of, extract, extract_with, spec, texts, window};
use tempfile::TempDir;

fn file(contents: &[u8]) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("messages.ndjson");
    fs::write(&path, contents).unwrap();
    let spec = spec("ndjson", &path);
    (folder, spec)
}

fn line(id: &str, text: &str, more: &str) -> String {
    format!("{{\"messageId\":\"{id}\",\"timestamp\":\"2025-12-01T10:00:00+08:00\",\"text\":\"{text}\"{more}}}\n")
}

fn gzip(contents: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(contents.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn plain_and_gzip_files_give_the_same() {
    let sender = ",\"sender\":\"x\"";
    let records = [
        line("1", "one", &format!(",\"conversationId\":\"c\",\"recipientCount\":2{sender}")),
        line("2", "two", sender),
    ];
    let (_plain, plain) = file(records.concat().as_bytes());
    let (_packed, packed) = file(&gzip(&records.concat()));
    let (_members, members) = file(&[gzip(&records[0]), gzip(&records[1])].concat());
    let expected = extract(&plain, window()).unwrap();
    assert_eq!(texts(&expected.0), ["one", "two"]);
    assert_eq!(expected.0[0].timestamp, at("2025-12-01T02:00:00Z"));
    assert_eq!((expected.0[0].conversation_id.as_deref(), expected.0[0].recipient_count), (Some("c"), Some(2)));
    assert_eq!(extract(&packed, window()).unwrap(), expected);
    assert_eq!(extract(&members, window()).unwrap(), expected);
}

#[test]
fn of_two_records_with_one_id_the_first_counts() {
    let (_folder, spec) =
        file([line("1", "first", ""), line("2", "other", ""), line("1", "second", "")].concat().as_bytes());
    let (messages, report) = extract(&spec, window()).unwrap();
    assert_eq!(texts(&messages), ["first", "other"]);
    assert_eq!((report.skipped["duplicate_id"].count, &report.skipped["duplicate_id"].places[0][..]), (1, "line 3"));
}

#[test]
fn with_me_only_my_records_count() {
    let records = [
        line("1", "mine", ",\"sender\":\"me\""),
        line("2", "theirs", ",\"sender\":\"them\""),
        line("3", "unnamed", ""),
        line("4", "not mine", ",\"sender\":\"me\",\"fromMe\":false"),
    ];
    let (_folder, spec) = file(records.concat().as_bytes());
    let options = SourceOptions { me: Some("me".into()), ..SourceOptions::default() };
    let (messages, report) = extract_with(&spec, &options, window()).unwrap();
    assert_eq!(texts(&messages), ["mine", "unnamed"]);
    assert_eq!(report.skipped["received"].count, 2);
    assert!(report.notes.is_empty());
}

#[test]
fn me_is_a_sender_however_it_is_written() {
    let records = [
        line("1", "mine", ",\"sender\":\"+12025550142\""),
        line("2", "theirs", ",\"sender\":\"+12025550143\""),
        line("3", "mail", ",\"sender\":\"ana@example.com\""),
    ];
    let (_folder, spec) = file(records.concat().as_bytes());
    for (me, expected) in [("+1 202-555-0142", "mine"), ("Ana@Example.com", "mail")] {
        let options = SourceOptions { me: Some(me.into()), ..SourceOptions::default() };
        assert_eq!(texts(&extract_with(&spec, &options, window()).unwrap().0), [expected], "{me}");
    }
}

#[test]
fn several_senders_without_me_are_refused() {
    let x = line("1", "canary", ",\"sender\":\"x\"");
    let old = "{\"messageId\":\"2\",\"timestamp\":\"2020-01-01T00:00:00Z\",\"text\":\"canary\",\"sender\":\"y\"}\n";
    for (records, senders) in [
        ([x.clone(), line("2", "canary", ",\"sender\":\"y\""), line("3", "canary", ",\"sender\":\"z\"")].concat(), 3),
        // Outside the window too.
        ([old, &x].concat(), 2),
        // Whoever left out the name may be somebody else.
        ([x.clone(), line("2", "canary", "")].concat(), 2),
        ([x.clone(), line("2", "canary", ",\"fromMe\":true")].concat(), 2),
    ] {
        for contents in [records.clone().into_bytes(), gzip(&records)] {
            let (_folder, spec) = file(&contents);
            let error = extract(&spec, window()).unwrap_err().to_string();
            let expected = format!(
                "messages.ndjson: it does not say which of its {senders} senders is you; pass --me with the name or id"
            );
            assert!(error.contains(&expected), "{error}");
            assert!(error.contains("`idiolect sources detect`") && !error.contains("canary"), "{error}");
        }
    }
}

#[test]
fn records_of_one_sender_or_with_marks_need_no_me() {
    let other = line("9", "theirs", ",\"sender\":\"y\",\"fromMe\":false");
    for more in ["", ",\"sender\":\"x\"", ",\"fromMe\":true"] {
        let (_folder, spec) = file([line("1", "a", more), other.clone(), line("2", "b", more)].concat().as_bytes());
        assert_eq!(texts(&extract(&spec, window()).unwrap().0), ["a", "b"], "{more}");
    }
    // A person's phone and computer may have two names.
    let marked = |id, sender| line(id, "a", &format!(",\"fromMe\":true,\"sender\":\"{sender}\""));
    let (_folder, spec) = file([marked("1", "x"), marked("2", "y")].concat().as_bytes());
    assert_eq!(extract(&spec, window()).unwrap().0.len(), 2);
}

#[test]
fn a_file_without_a_record_of_mine_is_refused() {
    let theirs = line("1", "canary", ",\"sender\":\"y\",\"fromMe\":false");
    let (_folder, spec) = file(theirs.as_bytes());
    let error = error_of(&spec);
    assert!(error.contains("none of its 1 records is marked as sent by you; pass --me"), "{error}");
    let (_folder, spec) = file(line("1", "canary", ",\"sender\":\"y\"").as_bytes());
    let options = SourceOptions { me: Some("me".into()), ..SourceOptions::default() };
    let error = extract_with(&spec, &options, window()).unwrap_err().to_string();
    assert!(error.contains("none of its 1 records was sent by the one whom --me names"), "{error}");
}

#[test]
fn whose_records_they_are_is_found_out() {
    let owner = |records: &[String], me: Option<&str>| {
        let (folder, _) = file(records.concat().as_bytes());
        let options = SourceOptions { me: me.map(str::to_owned), ..SourceOptions::default() };
        owner(SourceKind::Ndjson, &folder.path().join("messages.ndjson"), &options).unwrap().unwrap()
    };
    let named = |id, sender| line(id, "canary", &format!(",\"sender\":\"{sender}\""));
    let (x, y, z) = (named("1", "x"), named("2", "y"), named("3", "y"));
    let candidate = |name: &str, messages| Candidate { id: None, name: name.into(), messages };
    assert_eq!(
        owner(&[x.clone(), y.clone(), z], None),
        Owner::Unknown { candidates: vec![candidate("y", 2), candidate("x", 1)], senders: 2 }
    );
    let unnamed = line("4", "canary", "");
    let unclear = owner(&[x.clone(), unnamed.clone()], None);
    assert_eq!(unclear, Owner::Unknown { candidates: vec![candidate("x", 1)], senders: 2 });
    assert!(matches!(owner(std::slice::from_ref(&x), None), Owner::Inferred { name, .. } if name == "x"));
    assert!(matches!(owner(&[unnamed], None), Owner::Marked { names, .. } if names.is_empty()));
    assert_eq!(owner(&[x, y], Some("y")), Owner::Given { name: "y".into() });
}

#[test]
fn times_without_a_zone_are_read_in_the_given_one() {
    let (_folder, spec) = file(b"{\"messageId\":\"1\",\"timestamp\":\"2025-12-01T10:00:00\",\"text\":\"x\"}");
    let options = SourceOptions { timezone: Some(TimeZone::fixed(offset(2))), ..SourceOptions::default() };
    let (messages, report) = extract_with(&spec, &options, window()).unwrap();
    assert_eq!(messages[0].timestamp, at("2025-12-01T08:00:00Z"));
    assert!(report.notes[0].starts_with("Times without an offset, 1 of them"), "{:?}", report.notes);
    assert!(error_of(&spec).contains("line 1, timestamp: a time without a zone; add Z or an offset"));
}

#[test]
fn a_file_broken_on_line_7_is_named_and_ends_there() {
    let mut lines: Vec<String> = (1..=9).map(|number| line(&number.to_string(), "canary", "")).collect();
    lines[6] = "{\"messageId\":\"7\",\"text\":\"canary\n".into();
    let (_folder, spec) = file(lines.concat().as_bytes());
    let error = error_of(&spec);
    assert!(error.contains("messages.ndjson, line 7, record: broken JSON"), "{error}");

    let source = idiolect_sources::open(&spec.parse().unwrap(), &SourceOptions::default()).unwrap();
    let mut stream = source.read(window()).unwrap();
    assert_eq!(stream.by_ref().take_while(Result::is_ok).count(), 6);
    assert!(stream.next().is_none(), "the stream goes on after an error");
}

#[test]
fn what_is_wrong_with_a_file_is_named_one_by_one() {
    let good = line("1", "canary", "");
    let packed = gzip(&good.repeat(50));
    let mut damaged = packed.clone();
    // The checksum, which comes before the last four bytes.
    let end = damaged.len() - 4;
    damaged[end - 4..end].fill(0x55);
    let cases: [(Vec<u8>, &str); 6] = [
        (
            [good.as_bytes(), b"{\"messageId\":\"2\",\"text\":\"canary\xff\"}"].concat(),
            "line 2, record: byte 32 is not valid UTF-8; ",
        ),
        (packed[..packed.len() - 10].to_vec(), "the gzip data ends early; the file was cut short"),
        (damaged, "the gzip data is damaged; "),
        ([gzip(&good), b"canary canary canary".to_vec()].concat(), "line 2: the gzip data is damaged; "),
        (b"\xff\xfe{\0".to_vec(), "line 1, record: the file is UTF-16; save the file as UTF-8"),
        (vec![b'x'; 2 << 20], "line 1, record: the line is longer than 1024 KiB; "),
    ];
    for (contents, expected) in cases {
        let (_folder, spec) = file(&contents);
        let error = error_of(&spec);
        assert!(error.contains(expected), "{error}\nshould contain {expected}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(
        error_of(&spec("ndjson", folder.path())).contains("cannot be opened (it is a folder); name the file in it")
    );
}

#[test]
fn conversations_that_are_named_and_not_there_are_said() {
    let conversation = |id: &str, name: &str| line(id, "hi", &format!(",\"conversationId\":\"{name}\""));
    let (_folder, spec) = file([conversation("1", "+12125550101"), conversation("2", "ben")].concat().as_bytes());
    for (deny, kept, notes) in [("ben", 1, 0), ("(212) 555-0101", 1, 0), ("bne", 2, 1)] {
        let conversations = Conversations { allow: vec![], deny: vec![deny.to_owned()] };
        let options = SourceOptions { conversations, ..SourceOptions::default() };
        let (messages, report) = extract_with(&spec, &options, window()).unwrap();
        assert_eq!((messages.len(), report.notes.len()), (kept, notes), "{deny}: {:?}", report.notes);
    }
}
