//! What is fuzzed, as plain functions: each takes any bytes and panics where something is wrong.
//!
//! `cargo fuzz` calls them from `fuzz_targets/`, the program `smoke` from a loop of mutations on the stable toolchain.

pub mod seeds;

use std::cell::RefCell;
use std::path::PathBuf;

use idiolect_dataset::validate::Limits;
use idiolect_dataset::{Ledger, RedactionError, RedactionSettings, Redactor, Validator, Window};
use idiolect_sources::{SourceKind, SourceOptions, SourceSpec, detect, fuzzing, open};
use jiff::Timestamp;

/// A body of chat.db: the text alone is what the whole archive says, and its parts can be taken out.
pub fn typedstream(data: &[u8]) {
    fuzzing::typedstream(data);
}

/// The property list of an edited message.
pub fn summary(data: &[u8]) {
    fuzzing::summary(data);
}

/// What is read beside the files that every reader has a sample of.
const OTHERS: [(SourceKind, &str); 3] = [
    (SourceKind::Ndjson, "sent.ndjson"),
    (SourceKind::Whatsapp, "WhatsApp Chat - Ben.zip"),
    (SourceKind::ChatDb, "chat.db"),
];

/// The files that are read, each by its kind and name: their places in this list choose them.
pub fn files() -> impl Iterator<Item = (SourceKind, &'static str)> + Clone {
    fuzzing::FILES.iter().map(|(kind, name, _)| (*kind, *name)).chain(OTHERS)
}

/// Any reader, which the first byte chooses: it reads the rest or refuses it, and accounts for every row it read.
pub fn exports(data: &[u8]) {
    messages_of(data);
}

/// How many messages are read before the end or the first error.
pub fn messages_of(data: &[u8]) -> u64 {
    let Some((choice, contents)) = data.split_first() else { return 0 };
    let (kind, name) = files().cycle().nth(usize::from(*choice)).unwrap();
    let me = if kind == SourceKind::Slack { "U1A" } else { "Ana" };
    thread_local!(static FOLDER: RefCell<tempfile::TempDir> = RefCell::new(tempfile::tempdir().unwrap()));
    let path: PathBuf = FOLDER.with_borrow(|folder| folder.path().join(name));
    std::fs::write(&path, contents).unwrap();
    let _ = detect(&path);
    let options = SourceOptions { me: Some(me.into()), ..SourceOptions::default() };
    let Ok(source) = open(&SourceSpec { kind: Some(kind), path: path.clone() }, &options) else { return 0 };
    let Ok(mut stream) = source.read(Window { start: Timestamp::MIN, end: Timestamp::MAX }) else { return 0 };
    let (mut kept, mut failed) = (0, false);
    for message in stream.by_ref() {
        match message {
            Ok(message) => {
                kept += 1;
                assert!(!message.message_id.is_empty() && !message.text.trim().is_empty());
            }
            Err(_) => failed = true,
        }
    }
    let report = stream.report();
    if !failed {
        let skipped: u64 = report.skipped.values().map(|skipped| skipped.count).sum();
        assert_eq!((report.kept, report.rows_read), (kept, kept + skipped), "every row is accounted for");
    }
    kept
}

/// A training file that somebody is about to upload.
pub fn validator(data: &[u8]) {
    let mut validator = Validator::new(Limits::default());
    data.split(|byte| *byte == b'\n').for_each(|line| validator.line(line));
    let report = validator.finish();
    assert_eq!(report.is_valid(), report.total() == 0);
}

/// Spans lie in order on borders of characters; what was redacted has nothing more to redact.
pub fn redaction(data: &[u8]) {
    /// A message may be refused, but not because a recognizer panicked, which the redactor catches.
    fn answer<T>(redacted: Result<T, RedactionError>) -> Option<T> {
        assert!(!matches!(redacted, Err(RedactionError::RecognizerFailed)), "a recognizer failed");
        redacted.ok()
    }

    thread_local!(static REDACTOR: Redactor = Redactor::new(&RedactionSettings::default()));
    let text = String::from_utf8_lossy(data);
    REDACTOR.with(|redactor| {
        let Some(spans) = answer(redactor.find(&text, None)) else { return };
        let mut at = 0;
        for span in &spans {
            let (start, end) = (span.range.start, span.range.end);
            assert!(start >= at && start < end, "spans overlap or are empty");
            assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
            at = end;
        }
        let Some(once) = answer(redactor.redact(&text, &mut Ledger::new())) else { return };
        if let Some(twice) = answer(redactor.redact(once.as_str(), &mut Ledger::new())) {
            assert_eq!(once.as_str(), twice.as_str(), "redaction is not idempotent");
        }
    });
}
