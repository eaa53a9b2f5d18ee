//! A page's messages as records.

use std::collections::BTreeSet;
use std::sync::Arc;

use idiolect_dataset::SourceError;

use super::page::{Message, Page};
use super::{HEAD, is_conversation};
use crate::export::{Entry, Export};
use crate::reading::{At, Place, Record, Sender, Sent, Sink, Stop};
use crate::reason;
use crate::xml::{Piece, XmlReader};

/// What stands where a message had no text.
const PLACEHOLDERS: [&str; 2] = ["MMS Sent", "MMS Received"];
/// Numbers of one account that are kept: hardly anybody had more than two.
const MAX_NUMBERS: usize = 100;
/// What a page may hold, in bytes, before the other has written in it.
const MAX_WAITING: usize = 4 * 1024 * 1024;

pub(super) fn page(export: &Export, entry: &Entry, sink: &mut Sink<'_>) -> Result<(), Stop> {
    if !is_conversation(export, entry) {
        return match export.head_text(entry, HEAD).contains("haudio") {
            true => sink.skip(reason::CALL, Place { entry: Arc::clone(&entry.path), at: At::Line(1) }),
            // The archive's own overview and the like.
            false => Ok(()),
        };
    }
    let mut given = Given {
        entry,
        sink,
        other: None,
        waiting: Vec::new(),
        waiting_bytes: 0,
        page_name: page_name(entry),
        group: None,
    };
    let participants = each(export, entry, |message, participants| given.message(message, participants))?;
    given.flush(&participants)
}

/// The numbers that the owner's own messages bear.
pub(super) fn own_numbers(export: &Export, pages: &[&Entry]) -> Result<BTreeSet<String>, SourceError> {
    let mut numbers = BTreeSet::new();
    for entry in pages.iter().filter(|entry| is_conversation(export, entry)) {
        let read = each(export, entry, |message, _| {
            numbers.extend(message.tel.filter(|_| message.by_me && numbers.len() < MAX_NUMBERS));
            Ok(())
        });
        Stop::failure(read.map(drop))?;
    }
    Ok(numbers)
}

/// Gives a conversation's messages, each with the participants listed up to there; returns all that are.
fn each(
    export: &Export,
    entry: &Entry,
    mut take: impl FnMut(Message, &[String]) -> Result<(), Stop>,
) -> Result<Vec<String>, Stop> {
    let mut xml = XmlReader::open(export, entry)?;
    let mut page = Page::default();
    let mut ended = false;
    loop {
        let line = xml.line();
        let finished = match xml.next()? {
            Piece::Open { tag, closed } => page.open(&tag, closed, line),
            Piece::Close { name } => {
                ended |= name == "html" || name == "body";
                page.close(&name)
            }
            Piece::Text(text) => {
                page.text(&text);
                None
            }
            Piece::End if !ended => return Err(xml.cut_short().into()),
            Piece::End => {
                if let Some(message) = page.end() {
                    take(message, &page.participants)?;
                }
                return Ok(page.participants);
            }
        };
        if let Some(message) = finished {
            take(message, &page.participants)?;
        }
    }
}

/// Gives a page's messages once it is known whom they went to: in a group from the start, else when the other has written, or at
/// the page's end.
struct Given<'a, 'b> {
    entry: &'a Entry,
    sink: &'a mut Sink<'b>,
    other: Option<Arc<str>>,
    waiting: Vec<Message>,
    waiting_bytes: usize,
    page_name: Option<Arc<str>>,
    /// The conversation's id in a group, and of how many.
    group: Option<(Arc<str>, u32)>,
}

impl Given<'_, '_> {
    fn message(&mut self, message: Message, participants: &[String]) -> Result<(), Stop> {
        if self.other.is_none() && participants.is_empty() && !message.by_me {
            self.other = message.tel.as_deref().map(Arc::from);
        }
        let waits = self.other.is_none() && participants.is_empty() && self.waiting_bytes < MAX_WAITING;
        self.waiting_bytes += size_of::<Message>() + message.text.len();
        self.waiting.push(message);
        if waits { Ok(()) } else { self.flush(participants) }
    }

    fn flush(&mut self, participants: &[String]) -> Result<(), Stop> {
        let (conversation, recipients) = match (participants, &self.other) {
            ([], Some(other)) => (Some(Arc::clone(other)), 1),
            ([], None) => (self.page_name.clone(), 1),
            (participants, _) => {
                let count = u32::try_from(participants.len()).unwrap_or(u32::MAX);
                // The page lists them once, before its messages.
                let group = match &self.group {
                    Some((group, of)) if *of == count => Arc::clone(group),
                    _ => {
                        let mut numbers: Vec<&str> = participants.iter().map(String::as_str).collect();
                        numbers.sort_unstable();
                        Arc::from(numbers.join("~"))
                    }
                };
                self.group = Some((Arc::clone(&group), count));
                (Some(group), count)
            }
        };
        self.waiting_bytes = 0;
        for message in std::mem::take(&mut self.waiting) {
            self.sink.give(Record {
                place: Place { entry: Arc::clone(&self.entry.path), at: At::Line(message.line) },
                sender: if message.by_me { Sender::Me } else { Sender::Other },
                sent: message.sent.map_or(Sent::Unknown, Sent::At),
                id: None,
                conversation: conversation.clone(),
                recipients: Some(recipients),
                not_typed: not_typed(&message),
                text: message.text,
            })?;
        }
        Ok(())
    }
}

fn not_typed(message: &Message) -> Option<&'static str> {
    let text = message.text.trim();
    if message.too_long {
        return Some(reason::UNREADABLE_BODY);
    }
    if PLACEHOLDERS.contains(&text) || (text.is_empty() && message.has_picture) {
        return Some(reason::ATTACHMENT_ONLY);
    }
    None
}

/// `Ana Ruiz` of `Ana Ruiz - Text - 2026-01-15T12_00_00Z.html`.
fn page_name(entry: &Entry) -> Option<Arc<str>> {
    let name = entry.name().split(" - ").next().filter(|name| !name.is_empty())?;
    Some(name.into())
}
