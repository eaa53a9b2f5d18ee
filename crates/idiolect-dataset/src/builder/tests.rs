//! The whole path, on made-up messages.

use jiff::SignedDuration;

use super::*;
use crate::validate_jsonl;

fn window() -> Window {
    Window::ending_at("2026-01-15T12:00:00Z".parse().unwrap(), 90)
}

/// A message sent `minute` minutes after the window's start.
fn message(minute: i64, text: &str) -> Message {
    Message {
        message_id: format!("m{minute:05}"),
        timestamp: window().start + SignedDuration::from_mins(minute),
        text: text.to_owned(),
        conversation_id: None,
        recipient_count: Some(1),
    }
}

fn build(messages: impl IntoIterator<Item = Message>) -> Dataset {
    let mut builder = DatasetBuilder::new(DatasetSettings::new(window()));
    messages.into_iter().for_each(|message| builder.push(message));
    builder.finish().unwrap()
}

/// `count` messages, one a minute, no two alike.
fn distinct(count: i64) -> Vec<Message> {
    (0..count).map(|minute| message(minute, &format!("gonna be there in {minute} mins lol"))).collect()
}

#[test]
fn correct_train_holdout_split() {
    let dataset = build(distinct(100));
    assert_eq!((dataset.training.examples, dataset.holdout.len()), (90, 10));
    let held_out: Vec<&str> = dataset.holdout.examples().iter().map(Example::assistant).collect();
    let newest: Vec<String> = (90..100).map(|minute| format!("gonna be there in {minute} mins lol")).collect();
    assert_eq!(held_out, newest, "the most recent tenth, in order");
    let training = String::from_utf8(dataset.training.bytes).unwrap();
    assert!(newest.iter().all(|text| !training.contains(text.as_str())), "nothing held out is in the training file");
}

#[test]
fn deterministic_output_for_same_input() {
    let messages = distinct(200);
    let (once, again) = (build(messages.clone()), build(messages.clone()));
    assert_eq!(once.training.bytes, again.training.bytes);
    assert_eq!(once.manifest, again.manifest);
    let mut shuffled: Vec<Message> = messages.iter().rev().cloned().collect();
    shuffled.swap(3, 150);
    assert_eq!(build(shuffled).manifest, once.manifest, "the order of arrival does not matter");
}

#[test]
fn messages_at_the_same_instant_are_ordered_by_id() {
    let at = |id: &str, text: &str| Message { message_id: id.to_owned(), ..message(0, text) };
    let (a, b) = (at("a", "what time are we meeting"), at("b", "bring the blue bag"));
    assert_eq!(build([a.clone(), b.clone()]).training.bytes, build([b, a]).training.bytes);
}

#[test]
fn handles_no_messages() {
    let dataset = build([]);
    assert!(dataset.training.bytes.is_empty() && dataset.holdout.is_empty());
    assert_eq!((dataset.manifest.messages_in, dataset.manifest.messages_kept), (0, 0));
}

#[test]
fn every_message_is_kept_or_counted_under_one_rule() {
    let mut messages = distinct(60);
    let before =
        Message { timestamp: window().start - SignedDuration::from_mins(1), ..message(900, "too early for this") };
    messages.extend([
        before,
        message(10, "gonna be there in 10 mins lol"),
        message(100, " \u{fffc}"),
        message(101, "👍👍"),
        message(102, "https://example.com/a"),
        message(103, "mm"),
        message(104, "202-555-0142"),
        message(105, "gonna be there in 7 mins lol"),
        message(106, "mail jo@example.com about 12 Elm Street"),
        message(107, "kk then"),
        message(108, &"x".repeat(2 << 20)),
    ]);
    // Two of a habit: both may stay, but the second would be held out while training has the first.
    messages.push(Message { message_id: "earlier".to_owned(), ..message(1, "kk then") });
    let manifest = build(messages).manifest;
    assert_eq!(
        manifest.dropped,
        DropCounts {
            outside_window: 1,
            repeated_id: 1,
            blank: 1,
            emoji_only: 1,
            url_only: 1,
            too_short: 1,
            redaction_failed: 1,
            placeholder_only: 1,
            duplicate: 1,
            seen_in_training: 1,
        }
    );
    assert_eq!(
        manifest.redactions,
        RedactionCounts { phone: 1, email: 1, postal_address: 1, ..RedactionCounts::default() }
    );
    assert_eq!(manifest.messages_in, manifest.messages_kept + manifest.dropped.total());
    assert_eq!(manifest.messages_in_window, manifest.messages_in - 3);
    assert!(manifest.tokens.messages_kept < manifest.tokens.messages_in_window);
    assert!(manifest.tokens.training_file > manifest.tokens.messages_kept);
}

#[test]
fn what_a_build_gives_can_be_uploaded() {
    for strategy in Strategy::ALL {
        let mut builder = DatasetBuilder::new(DatasetSettings { strategy, ..DatasetSettings::new(window()) });
        distinct(40).into_iter().for_each(|message| builder.push(message));
        let dataset = builder.finish().unwrap();
        validate_jsonl(&dataset.training.bytes).unwrap();
        assert_eq!(dataset.manifest.strategy, strategy.to_string());
    }
}

#[test]
fn settings_out_of_range_are_named() {
    let mut settings = DatasetSettings::new(window());
    settings.split.holdout_share = 0.9;
    let error = DatasetBuilder::new(settings).finish().unwrap_err();
    assert!(error.to_string().contains("split.holdout_share"));
}

#[test]
fn debug_output_and_manifest_show_no_words() {
    let dataset = build((0..30).map(|minute| message(minute, &format!("zanzibar canary {minute}"))));
    assert!(!format!("{dataset:?}").contains("canary"));
    assert!(!serde_json::to_string(&dataset.manifest).unwrap().contains("canary"));
}

#[test]
fn the_manifest_is_camel_case_json_and_reads_back() {
    let manifest = build(distinct(20)).manifest;
    let json = serde_json::to_value(&manifest).unwrap();
    assert_eq!(json["datasetHash"].as_str().unwrap().len(), 64);
    assert_eq!(json["windowEnd"], "2026-01-15T12:00:00Z");
    assert_eq!(json["dropped"]["seenInTraining"], 0);
    assert_eq!(serde_json::from_value::<Manifest>(json).unwrap(), manifest);
}
