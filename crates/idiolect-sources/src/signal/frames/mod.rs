//! Signal's own export of chats: `main.jsonl`, a header and then a frame a line. Frames are the account, people and groups
//! ("recipients"), chats, and what was said in them, each after those that it refers to by number.
//!
//! The lines are Signal's backup format as JSON (`Backup.proto` of libsignal, field names and 64-bit numbers as protobuf's JSON has them:
//! camelCase, in quotes, left out where they are 0). What disappears by itself is not exported.

mod long_text;
mod people;
mod record;

use std::sync::Arc;

use idiolect_dataset::SourceError;

use self::people::People;
use self::record::{Account, Frame, Header};
use super::broken;
use crate::detect::Confidence;
use crate::export::{Entry, Export, Line};
use crate::reading::{At, Match, Owner, Place, Record, Sender, Sink, Stop, same_person};
use crate::reason;

const NAME: &str = "main.jsonl";
/// As much of a file as its header fits into.
const HEAD: usize = 64 * 1024;
/// The first lines, among which the account's is.
const FIRST: u64 = 100;

/// The files of this kind; a lone one may be called anything.
pub(super) fn files(export: &Export) -> Vec<&Entry> {
    match export.single() {
        Some(entry) if begins(export, entry) => vec![entry],
        _ => export.called(NAME).collect(),
    }
}

fn begins(export: &Export, entry: &Entry) -> bool {
    Header::is(export.head_text(entry, HEAD).lines().next().unwrap_or_default())
}

pub(super) fn detect(export: &Export) -> Option<Match> {
    let entry = files(export).into_iter().find(|entry| begins(export, entry))?;
    let why = format!("{} begins as Signal's own export of chats does", entry.name());
    Some(Match { confidence: Confidence::Certain, why })
}

/// The account whose export it is.
pub(super) fn owner(export: &Export, files: &[&Entry]) -> Result<Owner, SourceError> {
    let mut names: Option<Vec<String>> = None;
    for entry in files {
        let Some(account) = account(export, entry)? else { continue };
        let found = account.names();
        match &mut names {
            None => names = Some(found),
            // A profile may have been renamed in part between two exports.
            Some(names) if names.iter().any(|name| found.iter().any(|other| same_person(name, other))) => {
                names.extend(found);
            }
            Some(names) if names.is_empty() || found.is_empty() => names.extend(found),
            Some(_) => {
                let advice = "name the folder of the account you mean";
                return Err(export.refused("it holds exports of several accounts", advice));
            }
        }
    }
    Ok(Owner::Marked { names: names.unwrap_or_default(), why: "Signal's export marks what was sent".into() })
}

fn account(export: &Export, entry: &Entry) -> Result<Option<Account>, SourceError> {
    let mut account = None;
    let read = frames(export, entry, |line, frame| {
        account = frame.and_then(|frame| frame.account);
        if account.is_some() || line > FIRST { Err(Stop::Enough) } else { Ok(()) }
    });
    Stop::failure(read)?;
    Ok(account)
}

pub(super) fn file(export: &Export, entry: &Entry, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut people = People::default();
    frames(export, entry, |line, frame| {
        let place = Place { entry: Arc::clone(&entry.path), at: At::Line(line) };
        let Some(frame) = frame else { return sink.skip(reason::MALFORMED, place) };
        if let Some(recipient) = frame.recipient {
            people.add_recipient(recipient);
        }
        if let Some(chat) = frame.chat {
            people.add_chat(&chat);
        }
        let Some(item) = frame.chat_item else { return Ok(()) };
        let (conversation, recipients) = people.chat(item.chat_id);
        let (sent, is_mine) = (item.sent(), item.outgoing);
        let (not_typed, text) = match item.long_text() {
            Some(file) if is_mine => match long_text::read(export, entry, file) {
                Some(text) => (None, record::without_mentions(text)),
                None => (Some(reason::UNREADABLE_BODY), String::new()),
            },
            _ => (item.not_typed(), item.into_text()),
        };
        sink.give(Record {
            place,
            sender: if is_mine { Sender::Me } else { Sender::Other },
            sent,
            not_typed,
            text,
            id: None,
            conversation: Some(conversation),
            recipients,
        })
    })
}

/// Each frame with its line; `None` for one of another shape.
fn frames(
    export: &Export,
    entry: &Entry,
    mut take: impl FnMut(u64, Option<Frame>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut lines = export.lines(entry)?;
    let mut begun = false;
    while let Some(line) = lines.next_line_or_number()? {
        let (number, line) = match line {
            Ok(Line { text: line, .. }) if line.trim().is_empty() => continue,
            Ok(Line { number, text, .. }) => (number, text),
            // A frame like any other, of a shape that is not read.
            Err(number) if begun => {
                take(number, None)?;
                continue;
            }
            Err(number) => (number, ""),
        };
        if !begun {
            if !Header::is(line) {
                return Err(SourceError::Malformed {
                    path: export.path_of(entry),
                    place: format!("line {number}"),
                    field: "backupTimeMs",
                    reason: "it is not the header of Signal's export".into(),
                    advice: "name the folder as Signal exported it",
                }
                .into());
            }
            begun = true;
            continue;
        }
        match serde_json::from_str(line) {
            Ok(frame) => take(number, Some(frame))?,
            Err(error) if error.is_data() => take(number, None)?,
            Err(_) => return Err(broken(export, entry, number).into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
