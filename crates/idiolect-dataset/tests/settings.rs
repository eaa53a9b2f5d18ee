//! What holds of a dataset under any settings: every message is kept or counted under one rule, the figures fit together, the
//! order of arrival makes no difference, and nothing held out is in the training file.

#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use idiolect_dataset::validate::{Limits, Rule};
use idiolect_dataset::{
    CapSettings, Choice, Dataset, DatasetBuilder, DatasetSettings, Message, Strategy as Prompting,
    validate_training_file,
};
use idiolect_dataset::{PiiKind, Window};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

const END: &str = "2026-01-15T12:00:00Z";

fn build(settings: &DatasetSettings, messages: &[Message]) -> Dataset {
    let mut builder = DatasetBuilder::new(settings.clone());
    messages.iter().for_each(|message| builder.push(message));
    builder.finish().unwrap()
}

/// What people write, each rule's kind among it, some of it often.
fn text() -> impl Strategy<Value = String> {
    let said = [
        "ok",
        "OK!",
        "k",
        "lol",
        "on my way",
        "ON MY WAY",
        "on  my way…",
        "haha sooo funny",
        "thx 4 that, ur the best",
        "see u tmrw",
        "\u{1f602}",
        "\u{1f602}\u{1f602}",
        "❤️",
        "https://example.org/a?b=c",
        "",
        " \n ",
        "\u{200b}",
        "> you said\nno i did not",
        "> you said",
        "---------- Forwarded message ---------\nFrom: A\nhello",
        "<Media omitted>",
        "Sent from my iPhone",
        "call me on 202-555-0142",
        "202-555-0142",
        "mail ana@example.org pls",
        "my code is 482913",
        "好的",
        "أنا في الطريق",
        "ﬁne ｏｋ",
        "first line\nsecond line",
        "second line\nok",
        "ok\n\nlol",
        "ok\nlol",
        "I will be there at five, please wait for me.",
        "[PHONE_1]",
        "are you coming to the party on friday??",
        "a\u{301}\u{301}\u{301}",
        "!!!",
        "...",
        "\\\"quoted\\\" \u{7}",
    ];
    prop_oneof![
        6 => prop::sample::select(said.to_vec()).prop_map(str::to_owned),
        5 => "[a-f]{2,5} [a-f]{2,5} [a-f]{2,5} [0-9]{2}",
        1 => "\\PC{0,20}",
    ]
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    let conversation = prop::option::weighted(0.8, 0..5_u8);
    let minutes = prop_oneof![9 => 0..4000_i64, 1 => -200_000..400_000_i64];
    let id = prop::option::weighted(0.1, 0..4_u8);
    prop::collection::vec((text(), minutes, conversation, id), 0..90).prop_map(|sent| {
        let start: Timestamp = "2025-12-01T00:00:00Z".parse().unwrap();
        let message =
            |(number, (text, minute, conversation, id)): (usize, (String, i64, Option<u8>, Option<u8>))| Message {
                message_id: id.map_or_else(|| format!("m{number}"), |id| format!("again{id}")),
                timestamp: start + SignedDuration::from_mins(minute),
                text,
                conversation_id: conversation.map(|conversation| format!("c{conversation}")),
                recipient_count: None,
            };
        sent.into_iter().enumerate().map(message).collect()
    })
}

fn settings() -> impl Strategy<Value = DatasetSettings> {
    let caps = (
        prop_oneof![3 => Just(0.0), 1 => Just(1.0), 4 => 0.0..1.0_f64],
        prop_oneof![2 => Just(0), 1 => 30..110_u64],
        prop_oneof![2 => Just(0), 3 => 1..40_u64],
        prop_oneof![2 => Just(0), 3 => 1..3000_u64],
        prop_oneof![2 => Just(0), 3 => 1..20_000_u64],
        any::<bool>(),
    );
    let gap = prop_oneof![2 => Just(0), 3 => 1..86_400_i64];
    let strategy = prop::sample::select(Prompting::ALL.to_vec());
    let split = (prop_oneof![1 => Just(0.0), 1 => Just(0.5), 4 => 0.0..0.5_f64], 0..500_i64);
    let clean = (any::<[bool; 7]>(), 0..6_usize, 0.0..1.0_f64, 0..5_u64);
    let dedupe = (any::<bool>(), 0..6_usize);
    let kinds = prop_oneof![2 => Just(None), 1 => any::<u16>().prop_map(Some)];
    (caps, gap, strategy, split, clean, dedupe, kinds).prop_map(|(caps, gap, strategy, split, clean, dedupe, kinds)| {
        let mut settings = DatasetSettings::new(Window::ending_at(END.parse().unwrap(), 60));
        let (conversation_share, example_tokens, examples, tokens, bytes, newest) = caps;
        let choice = if newest { Choice::Newest } else { Choice::Sampled };
        settings.caps = CapSettings { conversation_share, example_tokens, examples, tokens, bytes, choice };
        settings.burst_gap = SignedDuration::from_secs(gap);
        settings.strategy = strategy;
        settings.split.holdout_share = split.0;
        settings.split.session_gap = SignedDuration::from_mins(split.1);
        let on = clean.0;
        settings.clean.drop_emoji_only = on[0];
        settings.clean.drop_url_only = on[1];
        settings.clean.drop_quoted = on[2];
        settings.clean.drop_forwarded = on[3];
        settings.clean.drop_automatic = on[4];
        settings.clean.drop_app_made = on[5];
        settings.clean.drop_short = on[6];
        settings.clean.min_chars = clean.1;
        settings.clean.common_share = clean.2;
        settings.clean.common_count = clean.3;
        settings.dedupe.enabled = dedupe.0;
        settings.dedupe.paste_words = dedupe.1;
        if let Some(bits) = kinds {
            for (at, kind) in PiiKind::ALL.into_iter().enumerate() {
                if bits >> at & 1 == 1 {
                    settings.redaction.kinds = settings.redaction.kinds.without(kind);
                }
            }
        }
        settings
    })
}

/// What two copies share: letters and digits alone, whatever their form and case. A text without any is itself.
fn key(text: &str) -> String {
    let cased: String = text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    let letters: String = cased.nfkc().filter(|c| c.is_alphanumeric()).collect();
    if letters.is_empty() { text.to_owned() } else { letters }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_figures_fit_together(
        settings in settings(),
        (messages, shuffled) in messages().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let dataset = build(&settings, &messages);
        let (manifest, bytes) = (&dataset.manifest, dataset.training.to_bytes());
        let dropped: u64 = manifest.dropped.by_reason().iter().map(|(_, count)| count).sum();
        prop_assert_eq!(manifest.messages_in, messages.len() as u64);
        prop_assert_eq!(manifest.messages_in, manifest.messages_kept + dropped, "{:?}", manifest);
        let drops = &manifest.dropped;
        prop_assert_eq!(
            manifest.messages_in_window + drops.outside_window + drops.repeated_id + drops.blank,
            manifest.messages_in
        );
        let (training, holdout) = (manifest.training_examples, manifest.holdout_examples);
        let lines: Vec<&str> = std::str::from_utf8(&bytes).unwrap().lines().collect();
        prop_assert_eq!((lines.len(), dataset.training.examples, dataset.holdout.len()),
            (training as usize, training as usize, holdout as usize));
        let forms = &manifest.forms;
        prop_assert_eq!(forms.neutral_rewrite + forms.intent + forms.style_rewrite, training + holdout);
        prop_assert_eq!(manifest.intents.values().sum::<u64>(), forms.intent);
        let prompts = &manifest.prompts;
        prop_assert_eq!(prompts.rewritten + prompts.plain + prompts.reaction + prompts.unchanged, forms.neutral_rewrite);
        prop_assert!(manifest.messages_kept >= training + holdout + manifest.bursts);
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        prop_assert_eq!(&manifest.dataset_hash, &hash);
        let days = dataset.days.all().fold((0, 0), |(sent, kept), (_, day)| (sent + day.sent, kept + day.kept));
        prop_assert_eq!(days, (manifest.messages_in_window, manifest.messages_kept));
        prop_assert_eq!(manifest.first_message.is_some(), manifest.messages_kept > 0);
        prop_assert!(manifest.first_message <= manifest.last_message);

        let caps = &settings.caps;
        let within = |total: u64, cap: u64| cap == 0 || total <= cap;
        prop_assert!(within(training, caps.examples) && within(bytes.len() as u64, caps.bytes));
        prop_assert!(within(manifest.tokens.training_file, caps.tokens));
        prop_assert!(manifest.tokens.longest_example <= manifest.tokens.training_file);

        let mut seen = HashSet::new();
        for line in &lines {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let answer = line["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned();
            seen.extend(answer.lines().map(key));
            seen.insert(key(&answer));
        }
        for example in dataset.holdout.examples() {
            let answer = example.assistant();
            prop_assert!(!seen.contains(&key(answer)), "{answer:?} is in both");
            let mut lines = answer.lines().filter(|line| !line.trim().is_empty());
            prop_assert!(!lines.all(|line| seen.contains(&key(line))), "every line of {answer:?} is in both");
        }
        let max_example_tokens = Some(caps.example_tokens).filter(|tokens| *tokens > 0);
        let limits = Limits { min_examples: 0, max_example_tokens, ..Limits::default() };
        let valid = validate_training_file(&bytes, &dataset.holdout, limits);
        prop_assert!(valid.is_ok(), "{:?}", valid.err().map(|error| error.report.problems.iter().map(|p| p.rule).collect::<Vec<Rule>>()));

        let other = build(&settings, &shuffled);
        prop_assert_eq!(other.training.to_bytes(), bytes);
        prop_assert_eq!(&other.manifest, manifest);
        let answers = |dataset: &Dataset| dataset.holdout.examples().iter().map(|e| e.assistant().to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(answers(&other), answers(&dataset));
    }
}
