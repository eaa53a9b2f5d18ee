//! What a path holds, and who "me" is in it, as far as the files tell.

mod apps;
mod unread;

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use idiolect_dataset::{SourceError, Window};
use jiff::Timestamp;
use serde::Serialize;

use crate::export::{Entry, Export};
use crate::readers::{READERS, of};
use crate::reading::{Owner, Reading, writes};
use crate::spec::{SourceKind, SourceOptions};
use crate::{chat_db, ndjson};
use unread::unknown;

/// How sure a detection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It could be: nothing speaks against it.
    Possible,
    /// It has what is usual in this kind and in few others.
    Likely,
    /// It has what no other kind has.
    Certain,
}

/// What a path may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detection {
    pub kind: SourceKind,
    pub confidence: Confidence,
    /// What shows it.
    pub why: String,
}

const HEAD: usize = 64 * 1024;
const SQLITE: &[u8] = b"SQLite format 3\0";
const GZIP: &[u8] = b"\x1f\x8b";

/// All that the file, folder or zip at `path` may be, the surest first. Empty where it is nothing known.
pub fn detect(path: &Path) -> Result<Vec<Detection>, SourceError> {
    let Some(database) = chat_db::in_folder(path) else { return detect_in(&Export::open(path)?) };
    if chat_db::is_of_backup(&database) {
        return of_backup(path, &database).map(|found| vec![found]);
    }
    match of_messages(&database) {
        Some(found) => Ok(beside(found, path)),
        None => detect_in(&Export::open(path)?),
    }
}

/// What the backup of an iPhone is. The many files beside the database have no names that say anything.
fn of_backup(path: &Path, database: &Path) -> Result<Detection, SourceError> {
    let mut head = [0; SQLITE.len()];
    let readable = File::open(database).and_then(|mut file| file.read(&mut head));
    readable.map_err(|error| chat_db::cannot_open(database, &error))?;
    if head == SQLITE {
        let why = "it is an iPhone's backup, with the database of Messages".to_owned();
        return Ok(Detection { kind: SourceKind::ChatDb, confidence: Confidence::Certain, why });
    }
    Err(chat_db::encrypted_backup(path))
}

/// What a folder is that has `database`, if that is one of Messages.
fn of_messages(database: &Path) -> Option<Detection> {
    let mut head = [0; SQLITE.len()];
    let name = database.file_name()?.to_string_lossy();
    let is_database = match File::open(database).and_then(|mut file| file.read_exact(&mut head)) {
        Ok(()) if head == SQLITE => chat_db::holds_messages(database),
        // As it is on macOS until the terminal may read it.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(chat_db::cannot_open(database, &error)),
        _ => return None,
    };
    let (confidence, why) = match is_database {
        Ok(true) => (Confidence::Certain, format!("it has {name}, a database with a table of messages")),
        Ok(false) => return None,
        // Its reader says what is wrong with it, where the folder is nothing else.
        Err(_) => (Confidence::Possible, format!("it has {name}, a database that cannot be read")),
    };
    Some(Detection { kind: SourceKind::ChatDb, confidence, why })
}

/// The database with what else its folder may be. Attachments are not looked at: they may be anything, and many.
fn beside(database: Detection, folder: &Path) -> Vec<Detection> {
    let others = Export::open_without(folder, chat_db::ATTACHMENTS).and_then(|export| detect_in(&export));
    let mut found = vec![database];
    found.extend(others.unwrap_or_default());
    found.sort_by_key(|found| std::cmp::Reverse(found.confidence));
    found
}

fn detect_in(export: &Export) -> Result<Vec<Detection>, SourceError> {
    let named = export.single().filter(|entry| export.path_of(entry) == export.root());
    let mut found: Vec<Detection> = named.and_then(|entry| single_file(export, entry)).into_iter().collect();
    // A database is nothing else.
    if found.first().is_none_or(|detection| detection.confidence < Confidence::Certain) {
        let matches = READERS.iter().filter_map(|reader| Some((reader.kind(), reader.detect(export)?)));
        found.extend(matches.map(|(kind, found)| Detection { kind, confidence: found.confidence, why: found.why }));
    }
    if found.is_empty() && unread::by_head(export).is_none() {
        found.extend(export.single().and_then(|entry| by_name(entry, named.is_some())));
    }
    found.sort_by_key(|found| std::cmp::Reverse(found.confidence));
    Ok(found)
}

/// The one kind that `path` is; an error that says what to write where it is none or more than one.
pub fn detect_one(path: &Path) -> Result<SourceKind, SourceError> {
    let refused = |reason: String, advice| SourceError::Refused { path: path.to_owned(), reason, advice };
    let found = detect(path)?;
    match &found[..] {
        [] => {
            let (reason, advice) = unknown(&Export::open(path)?);
            Err(refused(reason, advice))
        }
        [first, second, ..] if first.confidence == second.confidence => {
            let alike = |found: &&Detection| found.confidence == first.confidence;
            let names: Vec<&str> = found.iter().filter(alike).map(|found| found.kind.name()).collect();
            let [others @ .., last] = &names[..] else { return Ok(first.kind) };
            Err(refused(format!("it may be {} or {last}", others.join(", ")), "write KIND: before its path"))
        }
        [first, ..] => Ok(first.kind),
    }
}

/// Who "me" is at `path`; `None` for a bridge, which is asked for one person's messages.
pub fn owner(kind: SourceKind, path: &Path, options: &SourceOptions) -> Result<Option<Owner>, SourceError> {
    let Some(reader) = of(kind) else {
        return match (kind, &options.me) {
            (SourceKind::Ndjson, Some(me)) => Ok(Some(Owner::Given { name: me.clone() })),
            (SourceKind::Ndjson, None) => ndjson::find_owner(path).map(Some),
            (SourceKind::ChatDb, _) => chat_db::find_owner(path, options).map(Some),
            _ => Ok(None),
        };
    };
    let window = Window { start: Timestamp::MIN, end: Timestamp::MAX };
    let (export, reading) = (Export::open(path)?, Reading { options: options.clone(), window });
    let owner = reader.owner(&export, &reading)?;
    match &owner {
        Owner::Given { name } if !writes(reader, &export, &reading, name)? => Err(SourceError::Refused {
            path: path.to_owned(),
            reason: "nobody who writes in it is called as --me says".to_owned(),
            advice: "leave --me out to see who there is",
        }),
        _ => Ok(Some(owner)),
    }
}

/// What a file that nothing shows to be anything is named as: its reader says best, and where, what is wrong with it.
fn by_name(entry: &Entry, is_file: bool) -> Option<Detection> {
    let is = |extensions: [&str; 2]| extensions.into_iter().any(|extension| entry.has_extension(extension));
    let (kind, what) = if is_file && is(["ndjson", "jsonl"]) {
        (SourceKind::Ndjson, "NDJSON, though its first line is no record of a message")
    } else if is(["csv", "tsv"]) {
        (SourceKind::Csv, "a table, though its header names no columns for times, texts and who sent them")
    } else if entry.name().eq_ignore_ascii_case("result.json") {
        (SourceKind::Telegram, "Telegram's export, though it does not begin like one")
    } else {
        return None;
    };
    Some(Detection { kind, confidence: Confidence::Possible, why: format!("it is named as {what}") })
}

/// The stores that are one file and no app's export: they are read as files, and not from a folder or zip.
fn single_file(export: &Export, entry: &Entry) -> Option<Detection> {
    let head = export.head(entry, HEAD);
    if head.starts_with(SQLITE) {
        let why = "it is an SQLite database".to_owned();
        return Some(Detection { kind: SourceKind::ChatDb, confidence: Confidence::Certain, why });
    }
    let ndjson = |confidence, why: &str| Some(Detection { kind: SourceKind::Ndjson, confidence, why: why.into() });
    if head.starts_with(GZIP) {
        return match begins_with_a_record(&unpacked(&head)) {
            true => ndjson(
                Confidence::Certain,
                "it is packed with gzip, and its first line is a JSON object with messageId, timestamp and text",
            ),
            false if is_named_as_ndjson(entry) => ndjson(
                Confidence::Possible,
                "it is named as NDJSON packed with gzip, though its first line is no record of a message",
            ),
            false => None,
        };
    }
    match begins_with_a_record(&head) {
        true => ndjson(Confidence::Certain, "its first line is a JSON object with messageId, timestamp and text"),
        false => None,
    }
}

fn is_named_as_ndjson(entry: &Entry) -> bool {
    let name = entry.name().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".ndjson") || name.ends_with(".jsonl")
}

/// As much of what is packed with gzip as this beginning of it holds.
fn unpacked(head: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    // It ends early, as it has to.
    let _ = GzDecoder::new(head).take(HEAD as u64).read_to_end(&mut unpacked);
    unpacked
}

fn begins_with_a_record(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head));
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(first).unwrap_or_default();
    ["messageId", "timestamp", "text"].iter().all(|field| fields.contains_key(*field))
}

#[cfg(test)]
mod tests;
