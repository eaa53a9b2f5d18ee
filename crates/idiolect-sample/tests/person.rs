//! The sample person is eligible, consistent, fictional, and gives a cleaning step something to do.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::collections::{HashMap, HashSet};

use idiolect_sample::{SAMPLE_NDJSON, SampleMessage, WINDOW_END, sample_messages};
use jiff::{SignedDuration, Timestamp};
use regex::Regex;

fn sent() -> Vec<SampleMessage> {
    sample_messages().into_iter().filter(|message| message.from_me).collect()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// The ids of messages for which `broken` holds.
fn ids(messages: &[SampleMessage], broken: impl Fn(&str) -> bool) -> Vec<&str> {
    messages.iter().filter(|message| broken(&message.text)).map(|message| message.message_id.as_str()).collect()
}

#[test]
fn has_enough_distinct_words_to_be_eligible() {
    let tokenizer = bpe_openai::o200k_base();
    let worth_learning = regex(r"[a-z0-9].*[a-z0-9].*[a-z0-9]");
    let mut seen = HashSet::new();
    let kept: Vec<_> = sent()
        .into_iter()
        .filter(|message| !message.text.starts_with("http") && worth_learning.is_match(&message.text))
        .filter(|message| seen.insert(message.text.clone()))
        .collect();
    let tokens: usize = kept.iter().map(|message| tokenizer.count(message.text.as_str())).sum();
    assert!(kept.len() >= 1_000, "{} messages", kept.len());
    assert!(tokens >= 13_000, "{tokens} tokens");
}

#[test]
fn messages_are_in_order_and_inside_the_window() {
    let messages = sample_messages();
    let end: Timestamp = WINDOW_END.parse().unwrap();
    let start = end - SignedDuration::from_hours(90 * 24);
    assert!(messages.is_sorted_by_key(|message| message.timestamp));
    assert!(messages.iter().all(|message| message.timestamp >= start && message.timestamp < end));
    let days: HashSet<_> = sent().iter().map(|message| message.timestamp.strftime("%F").to_string()).collect();
    assert!(days.len() >= 86, "{} days", days.len());
}

#[test]
fn lines_are_ids_senders_and_sizes_that_fit_together() {
    let messages = sample_messages();
    assert_eq!(messages.len(), SAMPLE_NDJSON.lines().count());
    let unique: HashSet<_> = messages.iter().map(|message| &message.message_id).collect();
    assert_eq!(unique.len(), messages.len());
    assert!(messages.iter().all(|message| message.from_me == message.sender.is_none()));
    let mut sizes = HashMap::new();
    for message in &messages {
        let size = *sizes.entry(&message.conversation_id).or_insert(message.recipient_count);
        assert_eq!(size, message.recipient_count);
    }
    assert!(sizes.len() >= 10);
    assert!(messages.len() - sent().len() >= 400, "conversations have two sides");
}

#[test]
fn the_person_always_writes_the_same_way() {
    let sent = sent();
    let breaks: &[(&str, &str)] = &[
        ("capital letters", r"\p{Lu}"),
        ("apostrophes", r"['’]"),
        ("a full stop at the end", r"\.\s*$"),
        ("a single question mark", r"(^|[^?])\?([^?]|$)"),
        ("a single exclamation mark", r"(^|[^!])!([^!]|$)"),
        (
            "spelled-out words",
            r"\b(you|your|are|because|though|with|tomorrow|please|thanks|people|really|definitely)\b",
        ),
    ];
    // Links, mail addresses and postcodes keep their own spelling.
    let foreign = regex(r"https?://\S+|\S+@\S+|\bPB\d \d[A-Z]{2}\b");
    for (what, pattern) in breaks {
        let pattern = regex(pattern);
        let broken = ids(&sent, |text| pattern.is_match(&foreign.replace_all(text, "")));
        assert!(broken.is_empty(), "{what} in {broken:?}");
    }
    let share = |pattern: &str| {
        let pattern = regex(pattern);
        sent.iter().filter(|message| pattern.is_match(&message.text)).count() * 100 / sent.len()
    };
    assert!(share(r"\b(u|ur|r|w/|bc|tho|pls|thx|ppl|tmrw|rn|gonna|wanna|kinda)(\W|$)") >= 30);
    assert!(share(r"\?\?|!!") >= 25);
}

#[test]
fn leaves_work_for_cleaning() {
    let sent = sent();
    let count = |pattern: &str| {
        let pattern = regex(pattern);
        sent.iter().filter(|message| pattern.is_match(&message.text)).count()
    };
    let mut seen = HashSet::new();
    let duplicates = sent.iter().filter(|message| !seen.insert(&message.text)).count();
    assert!(duplicates >= 40, "{duplicates} duplicates");
    assert!(count(r"https?://") >= 18);
    assert!(count(r"^https?://\S+$") >= 8);
    assert!(count(r"^[🙃😭🫠]+$") >= 10);
    assert!(count(r"^[a-z]{1,2}$") >= 8);
    assert!(count(r"\d{5} \d{6}|020 7946 \d{4}|555-01\d\d|@example|@\w+\.example|\d+ [a-z]+ [a-z]+( |$|,)") >= 25);
}

#[test]
fn personal_data_is_from_ranges_kept_for_fiction() {
    let fictional = regex(r"^(07700 900\d{3}|01632 960\d{3}|020 7946 0\d{3}|555-01\d\d)$");
    let number = regex(r"\b(0\d{2,4} \d{3,4} ?\d{3,4}|\+\d[\d ]{7,}|\d{3}-\d{4})\b");
    let host = regex(r"(?:https?://|@)([\w.-]+\w)");
    let reserved = regex(r"(^|\.)example(\.(com|org))?$|(^|\.)example\.(com|org)$");
    for message in sample_messages() {
        for found in number.find_iter(&message.text) {
            assert!(fictional.is_match(found.as_str()), "a number in {}", message.message_id);
        }
        for found in host.captures_iter(&message.text) {
            assert!(reserved.is_match(&found[1]), "a host in {}", message.message_id);
        }
    }
}
