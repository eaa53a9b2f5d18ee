//! Databases of other makers: each must give exactly its list.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use idiolect_dataset::{Message, Window};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use support::{at, everything, extract, listing, shared_data, spec, window};

/// The lists count a message an hour ahead of the clock as one of the last 90 days: devices' clocks differ.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_hours(1);

fn databases(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "db"));
    found.sort();
    assert!(!found.is_empty());
    found
}

fn beside(database: &Path, suffix: &str) -> String {
    fs::read_to_string(format!("{}{suffix}", database.display())).unwrap()
}

fn lines(text: &str) -> impl Iterator<Item = Value> + '_ {
    text.lines().map(|line| serde_json::from_str(line).unwrap())
}

/// What of a message the lists tell; compared as sets without ever printing the words.
type Key = (String, Timestamp, String, Option<String>, Option<u64>);

fn key(message: &Message) -> Key {
    let Message { message_id, timestamp, text, conversation_id, recipient_count } = message.clone();
    (message_id, timestamp, text, conversation_id, recipient_count.map(u64::from))
}

fn assert_same(database: &Path, got: &[Message], want: &BTreeSet<Key>) {
    let keys: BTreeSet<Key> = got.iter().map(key).collect();
    assert_eq!(keys.len(), got.len(), "{}: a message came twice", database.display());
    let (missing, extra) = (want.difference(&keys).count(), keys.difference(want).count());
    assert_eq!((missing, extra), (0, 0), "{}: missing and extra of {}", database.display(), want.len());
}

#[test]
fn generated_databases_give_exactly_their_lists() {
    let Some(folder) = shared_data::folder("chatdb/generated") else { return };
    let before = listing(&folder);
    for database in databases(&folder) {
        let expected = beside(&database, ".expected.ndjson");
        let want = |in_window: bool| -> BTreeSet<Key> {
            lines(&expected)
                .filter(|line| !in_window || line["in90d"] == true)
                .map(|line| {
                    let text = |field: &str| line[field].as_str().unwrap().to_owned();
                    let timestamp = at(&text("timestamp"));
                    (
                        text("messageId"),
                        timestamp,
                        text("text"),
                        Some(text("conversationId")),
                        line["recipientCount"].as_u64(),
                    )
                })
                .collect()
        };
        let skewed = Window { end: window().end + CLOCK_SKEW, ..window() };
        let spec = spec("chat-db", &database);
        assert_same(&database, &extract(&spec, skewed).unwrap().0, &want(true));
        let strict: BTreeSet<Key> = want(true).into_iter().filter(|key| window().contains(key.1)).collect();
        assert_same(&database, &extract(&spec, window()).unwrap().0, &strict);
        let (messages, report) = extract(&spec, everything()).unwrap();
        assert_same(&database, &messages, &want(false));
        assert_reasons(
            &database,
            &report.skipped.into_iter().map(|(reason, skipped)| (reason, skipped.count)).collect(),
        );
    }
    assert!(listing(&folder) == before, "the folder was changed");
}

/// Compares the counts of rows left out with those of the maker.
fn assert_reasons(database: &Path, got: &std::collections::BTreeMap<&str, u64>) {
    let stats: Value = serde_json::from_str(&beside(database, ".stats.json")).unwrap();
    let mut want = std::collections::BTreeMap::new();
    for (name, count) in stats.as_object().unwrap() {
        let Some(name) = name.strip_prefix("excluded:") else { continue };
        let reason = match name.trim_start_matches("policy:") {
            "scheduled_unsent" => "scheduled",
            group if group.starts_with("group_event") => "group_event",
            other => other,
        };
        *want.entry(reason).or_insert(0) += count.as_u64().unwrap();
    }
    let got: std::collections::BTreeMap<&str, u64> =
        got.iter().map(|(reason, count)| (*reason, *count)).filter(|(reason, _)| *reason != "received").collect();
    assert_eq!(got, want, "{}", database.display());
}

#[test]
fn third_party_databases_give_exactly_their_sent_messages() {
    let Some(folder) = shared_data::folder("chatdb/third_party_MIT") else { return };
    let before = listing(&folder);
    for database in databases(&folder) {
        let expected: Value = serde_json::from_str(&beside(&database, ".expected.json")).unwrap();
        let want: BTreeSet<(String, i64, String)> = expected
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["is_from_me"] == 1 && row["associated_message_type"] == 0)
            .map(|row| {
                let text = row["text_column"].as_str().or(row["attributedBody_text"].as_str()).unwrap();
                let timestamp = at(row["timestamp"].as_str().unwrap());
                (row["guid"].as_str().unwrap().to_owned(), timestamp.as_microsecond(), text.to_owned())
            })
            .collect();
        let (messages, report) = extract(&spec("chat-db", &database), everything()).unwrap();
        let got: BTreeSet<_> =
            messages.iter().map(|m| (m.message_id.clone(), m.timestamp.as_microsecond(), m.text.clone())).collect();
        assert!(got == want, "{}: {} of {}", database.display(), got.intersection(&want).count(), want.len());
        assert_eq!((report.skipped["received"].count, report.skipped["tapback"].count), (10, 1));
    }
    assert!(listing(&folder) == before, "the folder was changed");
}
