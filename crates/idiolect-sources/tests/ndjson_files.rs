//! Files of records: packed ones, cut ones, other people's records, times without a zone.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

mod support;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use idiolect_sources::SourceOptions;
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
    let records =
        [line("1", "one", ",\"conversationId\":\"c\",\"recipientCount\":2,\"sender\":\"x\""), line("2", "two", "")];
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
fn several_senders_without_me_are_remarked_upon() {
    let (_folder, spec) =
        file([line("1", "a", ",\"sender\":\"x\""), line("2", "b", ",\"sender\":\"y\"")].concat().as_bytes());
    let (messages, report) = extract(&spec, window()).unwrap();
    assert_eq!(messages.len(), 2);
    assert!(report.notes[0].contains("--me"), "{:?}", report.notes);
}

#[test]
fn times_without_a_zone_are_read_in_the_given_one() {
    let (_folder, spec) = file(b"{\"messageId\":\"1\",\"timestamp\":\"2025-12-01T10:00:00\",\"text\":\"x\"}");
    let options = SourceOptions { timezone: Some(TimeZone::fixed(offset(2))), ..SourceOptions::default() };
    let (messages, report) = extract_with(&spec, &options, window()).unwrap();
    assert_eq!(messages[0].timestamp, at("2025-12-01T08:00:00Z"));
    assert!(report.notes[0].starts_with("1 times without an offset"), "{:?}", report.notes);
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
