//! The whole path, on made-up messages.

use jiff::SignedDuration;

use super::*;
use crate::validate::Limits;
use crate::{Choice, validate_training_file};

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
    messages.into_iter().for_each(|message| builder.push(&message));
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
    let training = String::from_utf8(dataset.training.to_bytes()).unwrap();
    assert!(newest.iter().all(|text| !training.contains(text.as_str())), "nothing held out is in the training file");
}

#[test]
fn deterministic_output_for_same_input() {
    let messages = distinct(200);
    let (once, again) = (build(messages.clone()), build(messages.clone()));
    assert_eq!(once.training.to_bytes(), again.training.to_bytes());
    assert_eq!(once.manifest, again.manifest);
    let mut shuffled: Vec<Message> = messages.iter().rev().cloned().collect();
    shuffled.swap(3, 150);
    assert_eq!(build(shuffled).manifest, once.manifest, "the order of arrival does not matter");
}

#[test]
fn messages_at_the_same_instant_are_ordered_by_id() {
    let at = |id: &str, text: &str| Message { message_id: id.to_owned(), ..message(0, text) };
    let (a, b) = (at("a", "what time are we meeting"), at("b", "bring the blue bag"));
    assert_eq!(build([a.clone(), b.clone()]).training.to_bytes(), build([b, a]).training.to_bytes());
}

#[test]
fn handles_no_messages() {
    let dataset = build([]);
    assert!(dataset.training.to_bytes().is_empty() && dataset.holdout.is_empty());
    assert_eq!((dataset.manifest.messages_in, dataset.manifest.messages_kept), (0, 0));
}

#[test]
fn short_texts_count_without_what_stands_below_them() {
    let short = |minute: i64| message(minute, if minute % 2 == 0 { "k" } else { "k\nSent from my iPhone" });
    let kept = |times: i64, gap: i64| {
        let settings = DatasetSettings { burst_gap: SignedDuration::from_mins(gap), ..DatasetSettings::new(window()) };
        let mut builder = DatasetBuilder::new(settings);
        distinct(50).into_iter().chain((100..100 + times).map(short)).for_each(|message| builder.push(&message));
        let manifest = builder.finish().unwrap().manifest;
        (
            manifest.dropped.too_short,
            manifest.messages_kept + manifest.dropped.duplicate + manifest.dropped.seen_in_training,
        )
    };
    for gap in [0, 5] {
        assert_eq!((kept(2, gap), kept(4, gap)), ((2, 50), (0, 54)), "bursts within {gap} minutes");
    }
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
            ..DropCounts::default()
        }
    );
    assert_eq!(
        manifest.redactions,
        RedactionCounts { phone: 1, email: 1, postal_address: 1, ..RedactionCounts::default() }
    );
    let dropped: u64 = manifest.dropped.by_reason().iter().map(|(_, count)| count).sum();
    assert_eq!(manifest.messages_in, manifest.messages_kept + dropped);
    assert_eq!(manifest.messages_in_window, manifest.messages_in - 3);
    assert!(manifest.tokens.messages_kept < manifest.tokens.messages_in_window);
    assert!(manifest.tokens.training_file > manifest.tokens.messages_kept);
}

#[test]
fn what_a_build_gives_can_be_uploaded() {
    for strategy in Strategy::ALL {
        let mut builder = DatasetBuilder::new(DatasetSettings { strategy, ..DatasetSettings::new(window()) });
        distinct(40).into_iter().for_each(|message| builder.push(&message));
        let dataset = builder.finish().unwrap();
        validate_training_file(&dataset.training.to_bytes(), &dataset.holdout, Limits::default()).unwrap();
        assert_eq!(dataset.manifest.strategy, strategy.to_string());
    }
}

fn in_conversation(minute: i64, conversation: &str, text: &str) -> Message {
    Message { conversation_id: Some(conversation.to_owned()), ..message(minute, text) }
}

#[test]
fn bursts_become_one_example_and_are_never_cut_by_the_split() {
    // Three messages a minute apart to each of two people at once, then an hour's silence; ten times.
    let messages = (0..10).flat_map(|round| {
        (0..3).flat_map(move |n| {
            ["ana", "ben"].map(|to| in_conversation(round * 60 + n, to, &format!("{to} part {n} of story {round}")))
        })
    });
    let messages: Vec<_> = messages.enumerate().map(|(n, m)| Message { message_id: format!("m{n}"), ..m }).collect();
    let settings = DatasetSettings { burst_gap: SignedDuration::from_mins(2), ..DatasetSettings::new(window()) };
    let mut builder = DatasetBuilder::new(settings);
    messages.iter().for_each(|message| builder.push(message));
    let dataset = builder.finish().unwrap();
    let manifest = &dataset.manifest;
    assert_eq!((manifest.messages_kept, manifest.training_examples, manifest.holdout_examples), (60, 18, 2));
    assert_eq!(manifest.bursts, 20);
    for example in dataset.holdout.examples() {
        let lines: Vec<&str> = example.assistant().lines().collect();
        let to = lines[0].split(' ').next().unwrap();
        assert_eq!(lines, (0..3).map(|n| format!("{to} part {n} of story 9")).collect::<Vec<_>>());
    }
    // Without the setting each message is an example.
    assert_eq!(build(messages).manifest.training_examples, 54);
}

#[test]
fn what_a_burst_says_across_its_messages_is_redacted() {
    let settings = DatasetSettings { burst_gap: SignedDuration::from_mins(2), ..DatasetSettings::new(window()) };
    let mut builder = DatasetBuilder::new(settings);
    builder.push(&in_conversation(0, "ana", "my new mail is jo@example.com"));
    builder.push(&in_conversation(1, "ana", "202-555-0142 stays the number"));
    let dataset = builder.finish().unwrap();
    let training = String::from_utf8(dataset.training.to_bytes()).unwrap();
    assert!(training.contains("[EMAIL_1]\\n[PHONE_1] stays"), "{training}");
}

#[test]
fn what_a_message_beside_it_announces_is_redacted() {
    // In what conversation, and how many minutes after the announcement.
    for (redacted, conversation, later) in [(true, "jo", 0), (true, "jo", 10), (false, "mo", 0), (false, "jo", 11)] {
        for order in [["the wifi password is", "bluefish77"], ["bluefish77", "thats the wifi password btw"]] {
            let mut messages = distinct(40);
            let said = [(50, "jo", order[0]), (50, "mo", "no idea"), (50 + later, conversation, order[1])];
            messages.extend(said.into_iter().enumerate().map(|(n, (minute, to, text))| Message {
                message_id: n.to_string(),
                ..in_conversation(minute, to, text)
            }));
            let dataset = build(messages);
            let mut lines = String::from_utf8(dataset.training.to_bytes()).unwrap();
            lines.extend(dataset.holdout.examples().iter().map(Example::assistant));
            assert_eq!(lines.contains("bluefish77"), !redacted, "{conversation}, {later} minutes, {order:?}");
            assert_eq!(dataset.manifest.redactions.password, u64::from(redacted));
        }
    }
}

#[test]
fn caps_leave_the_newest_or_a_sample_and_count_the_rest() {
    let build = |caps: CapSettings| {
        let mut builder = DatasetBuilder::new(DatasetSettings { caps, ..DatasetSettings::new(window()) });
        distinct(100).into_iter().for_each(|message| builder.push(&message));
        builder.finish().unwrap()
    };
    let all = build(CapSettings::default());
    let newest = build(CapSettings { examples: 30, ..CapSettings::default() });
    assert_eq!((newest.training.examples, newest.manifest.dropped.over_cap, newest.holdout.len()), (30, 60, 10));
    assert!(all.training.to_bytes().ends_with(&newest.training.to_bytes()), "the newest thirty, in their order");
    validate_training_file(&newest.training.to_bytes(), &newest.holdout, Limits::default()).unwrap();

    let by_bytes = build(CapSettings { bytes: 9000, ..CapSettings::default() });
    assert!(by_bytes.training.to_bytes().len() <= 9000 && by_bytes.training.to_bytes().len() > 8500);
    let by_tokens = build(CapSettings { tokens: 2000, ..CapSettings::default() });
    let tokens = by_tokens.manifest.tokens;
    assert!(tokens.training_file <= 2000 && tokens.training_file + tokens.longest_example > 2000);

    let sample = CapSettings { examples: 30, choice: Choice::Sampled, ..CapSettings::default() };
    let (sampled, again) = (build(sample.clone()), build(sample));
    assert_eq!(sampled.training.sha256, again.training.sha256);
    assert_ne!(sampled.training.sha256, newest.training.sha256);
    let whole = String::from_utf8(all.training.to_bytes()).unwrap();
    let mut lines = whole.lines();
    for line in String::from_utf8(sampled.training.to_bytes()).unwrap().lines() {
        assert!(lines.any(|other| other == line), "chronological, and each one of all");
    }
}

#[test]
fn an_example_longer_than_the_base_model_takes_is_left_out_of_both_parts() {
    let long = "a long story about a lighthouse ".repeat(60);
    let messages = || {
        let long = [5, 98].map(|minute| Message {
            message_id: format!("long {minute}"),
            ..message(minute, &format!("{long}{minute}"))
        });
        distinct(100).into_iter().chain(long)
    };
    let build = |example_tokens: u64, count_tokens: bool| {
        let caps = CapSettings { example_tokens, ..CapSettings::default() };
        let settings = DatasetSettings { caps, count_tokens, ..DatasetSettings::new(window()) };
        let mut builder = DatasetBuilder::new(settings);
        messages().for_each(|message| builder.push(&message));
        builder.finish().unwrap()
    };
    let (all, limited) = (build(0, true), build(500, true));
    assert_eq!((all.manifest.dropped.too_long, all.training.examples, all.holdout.len()), (0, 92, 10));
    let manifest = &limited.manifest;
    assert_eq!((manifest.dropped.too_long, limited.training.examples, limited.holdout.len()), (2, 91, 9));
    assert_eq!(manifest.messages_in, manifest.messages_kept + manifest.dropped.too_long);
    assert!(manifest.tokens.longest_example <= 500 && all.manifest.tokens.longest_example > 500);
    let limits = Limits { max_example_tokens: Some(500), ..Limits::default() };
    validate_training_file(&limited.training.to_bytes(), &limited.holdout, limits).unwrap();
    assert_eq!(build(500, false).manifest.dropped.too_long, 0, "nothing is counted");
}

#[test]
fn one_conversation_can_be_capped() {
    let mut builder = DatasetBuilder::new(DatasetSettings {
        caps: CapSettings { conversation_share: 0.25, ..CapSettings::default() },
        ..DatasetSettings::new(window())
    });
    for (n, text) in distinct(100).into_iter().enumerate() {
        let to = if n % 2 == 0 { "ana".to_owned() } else { format!("friend {n}") };
        builder.push(&Message { conversation_id: Some(to), ..text });
    }
    let manifest = builder.finish().unwrap().manifest;
    assert_eq!((manifest.training_examples, manifest.dropped.over_conversation_share), (68, 22));
}

#[test]
fn without_counting_only_the_token_figures_differ() {
    let mut settings = DatasetSettings { count_tokens: false, ..DatasetSettings::new(window()) };
    let build = |settings: &DatasetSettings| {
        let mut builder = DatasetBuilder::new(settings.clone());
        distinct(50).into_iter().for_each(|message| builder.push(&message));
        builder.finish()
    };
    let uncounted = build(&settings).unwrap();
    settings.count_tokens = true;
    let counted = build(&settings).unwrap();
    assert_eq!(uncounted.training.to_bytes(), counted.training.to_bytes());
    assert_eq!(uncounted.manifest.tokens, TokenCounts::default());
    assert_eq!(Manifest { tokens: TokenCounts::default(), ..counted.manifest }, uncounted.manifest);
    settings = DatasetSettings { count_tokens: false, ..settings };
    settings.caps.tokens = 5;
    assert!(build(&settings).unwrap_err().to_string().contains("dataset.max_tokens is 5"));
}

#[test]
fn the_file_tokens_are_those_of_its_contents_and_frames() {
    for strategy in Strategy::ALL {
        let mut builder = DatasetBuilder::new(DatasetSettings { strategy, ..DatasetSettings::new(window()) });
        let texts =
            ["/shrug ok", "omw :) 👍🏽", "mail jo@example.com pls", "it's \"quoted\"", "two\nlines here", "你好 在吗"];
        (0..60).for_each(|n| builder.push(&message(n, &format!("{} {n}", texts[n as usize % texts.len()]))));
        let dataset = builder.finish().unwrap();
        let file = String::from_utf8(dataset.training.to_bytes()).unwrap();
        let tokens = file.lines().map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let contents = line["messages"].as_array().unwrap().iter();
            15 + contents.map(|message| crate::count_tokens(message["content"].as_str().unwrap())).sum::<u64>()
        });
        assert_eq!(tokens.sum::<u64>(), dataset.manifest.tokens.training_file, "{strategy}");
    }
}

/// Goes off when the bytes of the same messages change, which a new version of whatever changed them must say.
#[test]
fn the_bytes_of_a_version_stay_the_same() {
    let texts = include_str!("golden.txt").lines().map(|line| line.replace("\\n", "\n")).collect::<Vec<_>>();
    let hashes: Vec<(&str, String)> = Strategy::ALL
        .into_iter()
        .map(|strategy| {
            let mut builder = DatasetBuilder::new(DatasetSettings { strategy, ..DatasetSettings::new(window()) });
            texts.iter().enumerate().for_each(|(n, text)| builder.push(&message(n as i64 * 7, text)));
            (strategy.version(), builder.finish().unwrap().training.sha256)
        })
        .collect();
    insta::assert_debug_snapshot!(hashes, @r#"
    [
        (
            "neutral_rewrite/1",
            "124f9fba9b16e9c0a07beffeb87a04c5bef126dfba919d5c00f169ae80861a74",
        ),
        (
            "style_rewrite/1",
            "9a4cf6c0b9f07dbf89d11f95b439372a3e6a9e743fdd8aa7ce2662bf35540ef4",
        ),
        (
            "intent/1",
            "b3a95d61cab2bce1304969e836e976487343e2066a6ded7667f28f58950bc63c",
        ),
        (
            "mix/1",
            "6568286132040905a2e48e995a8d26a4a47df6e1079172ad541bf2ac86d9f223",
        ),
    ]
    "#);
}

#[test]
fn settings_out_of_range_are_named() {
    let mut settings = DatasetSettings::new(window());
    settings.split.holdout_share = 0.9;
    let error = DatasetBuilder::new(settings).finish().unwrap_err();
    assert!(error.to_string().contains("dataset.holdout_share"));
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
