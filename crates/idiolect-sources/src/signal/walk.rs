//! A chat's file, message by message.

use std::sync::Arc;

use idiolect_dataset::SourceError;

use super::record::{self, Message};
use super::{Chat, ME, broken, chats, text};
use crate::detect::Confidence;
use crate::export::{Export, Line};
use crate::reading::{At, Match, Place, Record, Sender, Sink, Stop};
use crate::reason;

/// Lines that are looked at to tell what a file is.
const LOOKED_AT: usize = 50;
/// The longest message over several lines, in bytes.
const MAX_MESSAGE: usize = 1024 * 1024;

/// A message as both kinds of files give it.
struct Found {
    line: u64,
    /// `None` where the line is no record.
    message: Option<Parsed>,
}

struct Parsed {
    date: String,
    sender: String,
    text: String,
    not_typed: Option<&'static str>,
}

/// Stands in a body for each person mentioned, whose name signal-export does not write.
const MENTION: char = '\u{FFFC}';

/// Messages with which a chat begins in one of which "Me" is to be found.
const FIRST: u32 = 1000;

/// Whether any message is by "Me".
pub(super) fn marks_me(export: &Export) -> Result<bool, SourceError> {
    for chat in chats(export) {
        if has_sender(export, &chat, |sender| sender == ME)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether one of the messages with which a chat begins is by "Me".
pub(super) fn begins_with_me(export: &Export, chat: &Chat<'_>) -> bool {
    let (mut has, mut seen) = (false, 0);
    // Any error means that it is something else.
    let _ = messages(export, chat, |found| {
        seen += 1;
        has = found.message.is_some_and(|message| message.sender == ME);
        if has || seen == FIRST { Err(Stop::Enough) } else { Ok(()) }
    });
    has
}

/// Whether a chat has a message by somebody of whom `is_one` is true.
pub(super) fn has_sender(export: &Export, chat: &Chat<'_>, is_one: impl Fn(&str) -> bool) -> Result<bool, SourceError> {
    let mut has = false;
    let read = messages(export, chat, |found| {
        has = found.message.is_some_and(|message| is_one(&message.sender));
        if has { Err(Stop::Enough) } else { Ok(()) }
    });
    Stop::failure(read)?;
    Ok(has)
}

pub(super) fn chat(export: &Export, chat: &Chat<'_>, marked: bool, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let conversation: Option<Arc<str>> = (!chat.name.is_empty()).then(|| chat.name.as_str().into());
    messages(export, chat, |found| {
        let place = Place { entry: Arc::clone(&chat.entry.path), at: At::Line(found.line) };
        let Some(message) = found.message else { return sink.skip(reason::MALFORMED, place) };
        let sender = match marked {
            true if message.sender == ME => Sender::Me,
            true => Sender::Other,
            false => Sender::Named { name: message.sender.as_str().into(), id: None },
        };
        sink.give(Record {
            place,
            sender,
            sent: record::sent(&message.date),
            text: message.text.replace(MENTION, ""),
            id: None,
            conversation: conversation.clone(),
            recipients: None,
            not_typed: message.not_typed,
        })
    })
}

fn messages(export: &Export, chat: &Chat<'_>, take: impl FnMut(Found) -> Result<(), Stop>) -> Result<(), Stop> {
    match chat.is_json {
        true => json_lines(export, chat, take),
        false => readable(export, chat, take),
    }
}

fn json_lines(export: &Export, chat: &Chat<'_>, mut take: impl FnMut(Found) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut lines = export.lines(chat.entry)?;
    while let Some(Line { number, text: line, .. }) = lines.next_line()? {
        if line.trim().is_empty() {
            continue;
        }
        let message = match serde_json::from_str::<Message>(line) {
            Ok(message) => Some(Parsed {
                date: message.date.clone(),
                sender: message.sender.clone(),
                not_typed: message.not_typed(),
                text: message.into_text(),
            }),
            Err(error) if error.is_data() => None,
            Err(_) => return Err(broken(export, chat.entry, number).into()),
        };
        take(Found { line: number, message })?;
    }
    Ok(())
}

fn readable(export: &Export, chat: &Chat<'_>, mut take: impl FnMut(Found) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut lines = export.lines(chat.entry)?;
    let mut open: Option<(Found, String)> = None;
    let mut close = |open: Option<(Found, String)>| match open {
        Some((mut found, raw)) => {
            let body = text::body(&raw);
            if let Some(message) = &mut found.message {
                message.not_typed = body.not_typed;
                message.text = body.text;
            }
            take(found)
        }
        None => Ok(()),
    };
    while let Some(Line { number, text: line, .. }) = lines.next_line()? {
        if let Some(header) = text::header(line) {
            let message =
                Parsed { date: header.date, sender: header.sender.to_owned(), text: String::new(), not_typed: None };
            let next = (Found { line: number, message: Some(message) }, header.text.to_owned());
            close(open.replace(next))?;
        } else if let Some((found, raw)) = &mut open {
            if raw.len() + line.len() > MAX_MESSAGE {
                let place = format!("line {}", found.line);
                return Err(SourceError::Malformed {
                    path: export.path_of(chat.entry),
                    place,
                    field: "text",
                    reason: format!("the message is longer than {} KiB", MAX_MESSAGE / 1024),
                    advice: "check that the file is what the app exported",
                }
                .into());
            }
            raw.push('\n');
            raw.push_str(line);
        } else if !line.trim().is_empty() {
            // Nothing was said before the first header.
            close(Some((Found { line: number, message: None }, String::new())))?;
        }
    }
    close(open)
}

/// Whether a chat's file is of this kind, by its first lines.
pub(super) fn detect(export: &Export, chat: &Chat<'_>) -> Option<Match> {
    let mut looked = 0;
    let (mut found, mut by_me, mut foreign, mut without_seconds) = (false, false, false, true);
    // Any error means that it is something else.
    let _ = messages(export, chat, |next| {
        looked += 1;
        match next.message {
            Some(message) => {
                found = true;
                by_me |= message.sender == ME;
                without_seconds &= message.date.len() == "2026-01-15T13:00".len();
            }
            None => foreign = true,
        }
        if looked < LOOKED_AT && !foreign { Ok(()) } else { Err(Stop::Enough) }
    });
    if !found || foreign {
        return None;
    }
    let name = chat.entry.name();
    let named = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    let matched = |confidence, why: String| Some(Match { confidence, why });
    match chat.is_json {
        true => matched(Confidence::Certain, format!("{name} has signal-export's date, sender and body on each line")),
        // WhatsApp writes seconds wherever it writes brackets.
        false if without_seconds => matched(Confidence::Likely, format!("{name} has signal-export's oldest lines")),
        false if by_me => {
            matched(Confidence::Likely, format!("{name} has signal-export's lines, some of them by \"Me\""))
        }
        false if named(&["chat.md", "chat.txt", "index.md"]) => {
            matched(Confidence::Likely, format!("{name} has signal-export's lines"))
        }
        false => matched(Confidence::Possible, format!("{name} has lines like signal-export's")),
    }
}
