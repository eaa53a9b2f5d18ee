//! What holds of duplicates whatever the messages are: the order they come in makes no difference, a habit is thinned
//! and never erased, and nothing held out is in the training file.

#![allow(clippy::unwrap_used)]

use idiolect_dataset::{Dataset, DatasetBuilder, DatasetSettings, Message, Window};
use jiff::SignedDuration;
use proptest::prelude::*;

fn build(messages: impl IntoIterator<Item = Message>) -> Dataset {
    let window = Window::ending_at("2026-01-15T12:00:00Z".parse().unwrap(), 90);
    let mut builder = DatasetBuilder::new(DatasetSettings::new(window));
    messages.into_iter().for_each(|message| builder.push(&message));
    builder.finish().unwrap()
}

/// A few texts said often, in several spellings, and others said once.
fn messages() -> impl Strategy<Value = Vec<Message>> {
    let text = prop_oneof![
        4 => prop::sample::select(vec!["ok", "Ok!", "on my way", "ON MY WAY", "lol", "call me on 202-555-0142", "call me on (202) 555-0142 !"])
            .prop_map(str::to_owned),
        3 => "[a-d]{3} [a-d]{3} [a-d]{3} [a-d]{3} [0-9]{2}",
    ];
    prop::collection::vec((text, 0..4000_i64), 1..120).prop_map(|sent| {
        let start: jiff::Timestamp = "2025-12-01T00:00:00Z".parse().unwrap();
        let message = |(number, (text, minute)): (usize, (String, i64))| Message {
            message_id: format!("m{number}"),
            timestamp: start + SignedDuration::from_mins(minute),
            text,
            conversation_id: None,
            recipient_count: None,
        };
        sent.into_iter().enumerate().map(message).collect()
    })
}

/// Letters and digits alone, small: what two copies share.
fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn answers(dataset: &Dataset) -> Vec<String> {
    let file = String::from_utf8(dataset.training.to_bytes()).unwrap();
    let lines = file.lines();
    let answer = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        key(line["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap())
    };
    lines.map(answer).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_arrival_makes_no_difference((messages, shuffled) in messages().prop_flat_map(|messages| {
        (Just(messages.clone()), Just(messages).prop_shuffle())
    })) {
        let (one, other) = (build(messages), build(shuffled));
        prop_assert_eq!(one.training.to_bytes(), other.training.to_bytes());
        prop_assert_eq!(one.manifest, other.manifest);
    }

    #[test]
    fn no_duplicate_straddles_the_split(messages in messages()) {
        let dataset = build(messages);
        let training = answers(&dataset);
        for example in dataset.holdout.examples() {
            prop_assert!(!training.contains(&key(example.assistant())));
        }
    }

    #[test]
    fn a_habit_is_thinned_by_the_root_and_never_erased(copies in 1..150_usize) {
        let at = |number: usize, text: &str| Message {
            message_id: format!("m{number:04}"),
            timestamp: "2025-12-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap() + SignedDuration::from_mins(number as i64),
            text: text.to_owned(),
            conversation_id: None,
            recipient_count: None,
        };
        // The habit lies in the older part, so that none of it is held out.
        let habit = (0..copies).map(|number| at(number, if number % 2 == 0 { "on my way" } else { "On my way!" }));
        let others = (0..200).map(|number| at(5000 + number, &format!("something else entirely, number {number}")));
        let dataset = build(habit.chain(others));
        let kept = answers(&dataset).iter().filter(|answer| *answer == "onmyway").count();
        prop_assert_eq!(kept, (copies as f64).sqrt().ceil() as usize);
    }
}
