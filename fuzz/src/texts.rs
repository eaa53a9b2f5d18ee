//! Texts: what redaction finds in them, what a dataset makes of them, and the file that comes of it.

use std::collections::VecDeque;

use idiolect_dataset::validate::Limits;
use idiolect_dataset::{
    CleanSettings, Dataset, DatasetBuilder, DatasetSettings, Ledger, Message, PiiKind, RedactionError,
    RedactionSettings, Redactor, Region, Strategy, Validator, Window, count_tokens, validate_training_file,
};
use jiff::{SignedDuration, Timestamp};

/// A training file that somebody is about to upload.
pub fn validator(data: &[u8]) {
    let mut validator = Validator::new(Limits::default());
    data.split(|byte| *byte == b'\n').for_each(|line| validator.line(line));
    let report = validator.finish();
    assert_eq!(report.is_valid(), report.total() == 0);
    tokens_are_those_of_the_published_tokenizer(&String::from_utf8_lossy(data));
}

fn tokens_are_those_of_the_published_tokenizer(text: &str) {
    let line = serde_json::json!({"messages": [{"role": "assistant", "content": text}]}).to_string();
    let mut validator = Validator::new(Limits::default());
    validator.line(line.as_bytes());
    validator.line(line.as_bytes());
    assert_eq!(validator.finish().tokens, 2 * (3 + 3 + 1 + count_tokens(text)), "tokens are counted wrongly");
}

/// A message may be refused, but not because a recognizer panicked, which the redactor catches.
fn answer<T>(redacted: Result<T, RedactionError>) -> Option<T> {
    assert!(!matches!(redacted, Err(RedactionError::RecognizerFailed)), "a recognizer failed");
    redacted.ok()
}

/// As it is by default, and with all of the person's own words.
fn redactors() -> [Redactor; 2] {
    let own_words = RedactionSettings {
        names: vec!["Ana".to_owned(), "Ben Ode".to_owned()],
        greeting_names: true,
        deny: vec!["elm".to_owned(), "code".to_owned(), "phone".to_owned(), "c++".to_owned()],
        allow: vec!["192.0.2.7".to_owned()],
        region: Some("GB".parse().unwrap()),
        ..RedactionSettings::default()
    };
    [RedactionSettings::default(), own_words].map(|settings| Redactor::new(&settings))
}

/// Countries whose numbers and addresses are looked for, chosen by a text's length.
const REGIONS: [&str; 8] = ["US", "GB", "DE", "FR", "JP", "IN", "BR", "KR"];

/// Spans lie in order on borders of characters and leave placeholders alone; what was redacted is the text but for them, and has
/// nothing more to redact.
pub fn redaction(data: &[u8]) {
    thread_local!(static REDACTORS: [Redactor; 2] = redactors());
    let text = String::from_utf8_lossy(data);
    let held = placeholders(&text);
    REDACTORS.with(|redactors| {
        let region: Region = REGIONS[text.len() % REGIONS.len()].parse().unwrap();
        answer(redactors[0].find(&text, Some(region))).inspect(|spans| in_order(&text, spans, &held));
        for redactor in redactors {
            let mut ledger = Ledger::new();
            let Some((spans, once)) = answer(redactor.redact_and_find(&text, &mut ledger)) else { continue };
            in_order(&text, &spans, &held);
            assert!(answer(redactor.find(&text, None)).as_ref() == Some(&spans), "found alone it is something else");
            if held.is_empty() {
                assert!(
                    is_with_placeholders(&text, &spans, once.as_str()),
                    "something else than the spans is replaced"
                );
            }
            let again = answer(redactor.redact(&text, &mut ledger)).expect("what was redacted once");
            assert_eq!(once.as_str(), again.as_str(), "a value has two numbers");
            if let Some(twice) = answer(redactor.redact(once.as_str(), &mut Ledger::new())) {
                assert_eq!(once.as_str(), twice.as_str(), "redaction is not idempotent");
            }
        }
    });
}

type Range = std::ops::Range<usize>;

fn in_order(text: &str, spans: &[idiolect_dataset::Span], held: &[Range]) {
    let mut at = 0;
    for Range { start, end } in spans.iter().map(|span| span.range.clone()) {
        assert!(start >= at && start < end, "spans overlap or are empty");
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
        assert!(held.iter().all(|held| end <= held.start || held.end <= start), "a placeholder is redacted");
        at = end;
    }
}

/// The length of the placeholder that `text` begins with.
fn placeholder(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('[')?;
    let rest = PiiKind::ALL.iter().find_map(|kind| rest.strip_prefix(kind.label())?.strip_prefix('_'))?;
    let rest_of_number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.len() - rest_of_number.len();
    ((1..=9).contains(&digits) && rest_of_number.starts_with(']')).then(|| text.len() - rest_of_number.len() + 1)
}

fn placeholders(text: &str) -> Vec<Range> {
    text.match_indices('[').filter_map(|(at, _)| Some(at..at + placeholder(&text[at..])?)).collect()
}

/// Whether `redacted` is `text` with a placeholder or more in the place of each of `spans`, and nowhere else.
fn is_with_placeholders(text: &str, spans: &[idiolect_dataset::Span], redacted: &str) -> bool {
    let (mut at, mut rest) = (0, redacted);
    for side_by_side in spans.chunk_by(|one, next| one.range.end == next.range.start) {
        let Some(left) = rest.strip_prefix(&text[at..side_by_side[0].range.start]) else { return false };
        rest = left;
        let mut count = 0;
        while let Some(length) = placeholder(rest) {
            rest = &rest[length..];
            count += 1;
        }
        if count < side_by_side.len() {
            return false;
        }
        at = side_by_side[side_by_side.len() - 1].range.end;
    }
    rest == &text[at..]
}

/// Every line is a message: a dataset redacts it as it is redacted alone, does not depend on the order, and is valid.
pub fn dataset(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let message = |(number, text): (usize, &str)| Message {
        message_id: number.to_string(),
        timestamp: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(11 * number as i64),
        text: text.to_owned(),
        conversation_id: None,
        recipient_count: None,
    };
    let messages: Vec<Message> = text.split('\n').enumerate().map(message).collect();
    let window = Window { start: Timestamp::MIN, end: Timestamp::MAX };
    as_each_alone(window, &messages);

    let mut settings = DatasetSettings::new(window);
    settings.burst_gap = SignedDuration::from_mins(if data.len().is_multiple_of(2) { 0 } else { 15 });
    let together = |mut message: Message| {
        message.conversation_id = Some("c".to_owned());
        message
    };
    let messages: Vec<Message> = messages.into_iter().map(together).collect();
    let (dataset, reversed) = (made(&settings, &messages), made(&settings, messages.iter().rev()));
    let bytes = dataset.training.to_bytes();
    assert!(bytes == reversed.training.to_bytes() && dataset.manifest == reversed.manifest, "the order matters");
    let limits = Limits { min_examples: 0, ..Limits::default() };
    if let Err(error) = validate_training_file(&bytes, &dataset.holdout, limits) {
        panic!("what was built is not valid: {error}");
    }
}

fn made<'m>(settings: &DatasetSettings, messages: impl IntoIterator<Item = &'m Message>) -> Dataset {
    let mut builder = DatasetBuilder::new(settings.clone());
    messages.into_iter().for_each(|message| builder.push(message));
    let dataset = builder.finish().unwrap();
    let dropped: u64 = dataset.manifest.dropped.by_reason().iter().map(|(_, count)| count).sum();
    assert_eq!(
        dataset.manifest.messages_in,
        dataset.manifest.messages_kept + dropped,
        "every message is accounted for"
    );
    dataset
}

fn as_each_alone(window: Window, messages: &[Message]) {
    let mut settings = DatasetSettings::new(window);
    settings.clean = CleanSettings {
        drop_emoji_only: false,
        drop_url_only: false,
        drop_quoted: false,
        drop_forwarded: false,
        drop_automatic: false,
        drop_app_made: false,
        drop_short: false,
        ..CleanSettings::default()
    };
    settings.redaction.region = Some("US".parse().unwrap());
    settings.dedupe.enabled = false;
    settings.split.holdout_share = 0.0;
    settings.strategy = Strategy::StyleRewrite;
    let dataset = made(&settings, messages);

    let redactor = Redactor::new(&settings.redaction);
    let mut ledger = Ledger::new();
    let alone = messages.iter().filter_map(|message| answer(redactor.redact(&message.text, &mut ledger)));
    let mut alone: VecDeque<_> = alone.collect();
    let bytes = dataset.training.to_bytes();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line: serde_json::Value = serde_json::from_slice(line).unwrap();
        let answer = line["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap();
        let is_there = std::iter::from_fn(|| alone.pop_front()).any(|alone| alone.as_str() == answer);
        assert!(is_there, "redacted alone it is another text");
    }
    let dropped = &dataset.manifest.dropped;
    let expected = messages.len() as u64 - dropped.blank - dropped.placeholder_only - dropped.redaction_failed;
    assert_eq!(dataset.manifest.training_examples, expected);
}
