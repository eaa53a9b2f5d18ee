//! Exports of every app, rendered by somebody else: each must give exactly its owner's messages.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use idiolect_sources::{SourceOptions, SourceSpec, detect_one};
use jiff::tz::{TimeZone, offset};
use serde_json::Value;
use support::{everything, extract_with, shared_data};

fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// How often each text comes, without the spaces at its ends and without whom it mentions: Slack's list of users lacks some
/// whom the expected list names.
fn counted<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for text in texts {
        let mut parts = text.trim().split("<@");
        let mut text = parts.next().unwrap_or_default().to_owned();
        parts.for_each(|part| text.push_str(part.split_once('>').map_or(part, |(_, rest)| rest)));
        *counts.entry(text).or_default() += 1;
    }
    counts
}

#[test]
fn rendered_exports_give_exactly_their_owners_messages() {
    let Some(folder) = shared_data::folder("formats/rendered") else { return };
    for layout in folders(&folder) {
        let name = layout.file_name().unwrap().to_string_lossy().into_owned();
        let owner: Value = serde_json::from_slice(&fs::read(layout.join("owner.json")).unwrap()).unwrap();
        let expected = fs::read_to_string(layout.join("expected.ndjson")).unwrap();
        let expected: Vec<Value> = expected.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let want = counted(expected.iter().map(|line| line["text"].as_str().unwrap()));
        let options = SourceOptions {
            me: Some(owner["me"].as_str().unwrap().to_owned()),
            timezone: Some(TimeZone::fixed(offset(2))),
            ..SourceOptions::default()
        };
        // The lists lie beside the exports; a copy holds the export alone.
        let copy = tempfile::tempdir().unwrap();
        copy_tree(&layout, copy.path());
        let sources = match name.as_str() {
            "csv_generic" => folders(copy.path()),
            "telegram_full" => vec![copy.path().join("result.json")],
            _ => vec![copy.path().to_owned()],
        };
        for source in sources {
            let spec = SourceSpec { kind: Some(detect_one(&source).unwrap()), path: source.clone() };
            let (messages, report) = extract_with(&spec.to_string(), &options, everything()).unwrap();
            let got = counted(messages.iter().map(|message| message.text.as_str()));
            let off: i64 = want
                .keys()
                .chain(got.keys())
                .collect::<std::collections::BTreeSet<_>>()
                .iter()
                .map(|text| (want.get(*text).unwrap_or(&0) - got.get(*text).unwrap_or(&0)).abs())
                .sum();
            assert_eq!(off, 0, "{name}: missing and extra of {}; kept {}", expected.len(), report.kept);
        }
    }
}

fn copy_tree(from: &Path, to: &Path) {
    for entry in folders(from) {
        let name = entry.file_name().unwrap();
        if entry.is_dir() {
            fs::create_dir(to.join(name)).unwrap();
            copy_tree(&entry, &to.join(name));
        } else if name != "owner.json" && name != "expected.ndjson" {
            fs::copy(&entry, to.join(name)).unwrap();
        }
    }
}
