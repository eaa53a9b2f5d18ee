//! Small stores for tests: a chat.db written row by row and files of records.
#![allow(dead_code, reason = "each test file uses its own part")]

pub mod chat_db;
pub mod other_program;
pub mod shared_data;

use std::path::{Path, PathBuf};

use idiolect_dataset::{DEFAULT_WINDOW_DAYS, ExtractionReport, Message, SourceError, Window};
use idiolect_sources::{SourceOptions, SourceSpec, open};
use jiff::Timestamp;

pub const NOW: &str = "2026-01-15T12:00:00Z";

pub fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// The 90 days before [`NOW`].
pub fn window() -> Window {
    Window::ending_at(at(NOW), DEFAULT_WINDOW_DAYS)
}

pub fn everything() -> Window {
    Window { start: Timestamp::MIN, end: Timestamp::MAX }
}

/// Reads a source to its end.
pub fn extract_with(
    spec: &str,
    options: &SourceOptions,
    window: Window,
) -> Result<(Vec<Message>, ExtractionReport), SourceError> {
    let spec: SourceSpec = spec.parse().unwrap();
    let source = open(&spec, options)?;
    assert_eq!(source.label(), spec.to_string());
    let mut stream = source.read(window)?;
    let mut messages = Vec::new();
    for message in &mut stream {
        messages.push(message?);
    }
    assert!(stream.next().is_none(), "the stream goes on after its end");
    let report = stream.report();
    let skipped: u64 = report.skipped.values().map(|skipped| skipped.count).sum();
    assert_eq!(report.kept, messages.len() as u64);
    assert_eq!(report.rows_read, report.kept + skipped, "every row is accounted for");
    assert_eq!(stream.progress(), Some(1.0));
    Ok((messages, report))
}

pub fn extract(spec: &str, window: Window) -> Result<(Vec<Message>, ExtractionReport), SourceError> {
    extract_with(spec, &SourceOptions::default(), window)
}

/// The one sentence that the person would see.
pub fn error_of(spec: &str) -> String {
    match extract(spec, everything()) {
        Ok(_) => panic!("{spec} was read"),
        Err(error) => {
            let sentence = error.to_string();
            assert!(!sentence.contains('\n') && !sentence.contains("canary"), "{sentence}");
            sentence
        }
    }
}

pub fn spec(kind: &str, path: &Path) -> String {
    format!("{kind}:{}", path.display())
}

pub fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.text.as_str()).collect()
}

/// Every file of a folder with its contents.
pub fn listing(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(&path).unwrap_or_default()))
        .collect();
    files.sort();
    files
}
