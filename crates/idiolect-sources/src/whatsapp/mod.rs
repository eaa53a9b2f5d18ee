//! WhatsApp's *Export chat*: one text file a chat, from iOS or Android, alone, in a folder or in the `.zip` that was shared.
//!
//! The format has no schema, no zone and no mark of the owner, and its dates follow the phone's language. So the whole export is
//! read once to learn what its headers look like (`shape.rs`), once a chat for who writes in it (`chat.rs`), and then for the
//! messages.

mod chat;
mod copied;
mod deleted_words;
mod header;
mod media_words;
mod named;
mod notice;
mod notice_words;
mod omitted_words;
mod people;
mod renamed;
mod same_chat;
mod sequence;
mod shape;
mod title;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use idiolect_dataset::SourceError;

use self::chat::{ASSISTANT, Chat, Known};
use self::people::People;
use self::shape::Shapes;
use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{
    At, Match, Owner, Place, Reader, Reading, Record, Sender, Sent, Sink, Stop, by_counting, same_person,
};
use crate::reason;
use crate::spec::SourceKind;

/// How much of a file is looked at to tell what it is.
const HEAD: usize = 32 * 1024;

pub(crate) struct Whatsapp;

impl Reader for Whatsapp {
    fn kind(&self) -> SourceKind {
        SourceKind::Whatsapp
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let mut chats = chats(export);
        chats.retain(|entry| entry.is_called("txt") || is_renamed(export, entry));
        let entry = chats.iter().find(|entry| title::is_whatsapps(&entry.path)).or(chats.first())?;
        let confidence = match (title::is_whatsapps(&entry.path), is_signals_shape(export, entry)) {
            (true, _) => Confidence::Certain,
            (false, false) => Confidence::Likely,
            (false, true) => Confidence::Possible,
        };
        let named = if confidence == Confidence::Certain { "named and " } else { "" };
        let files = match chats.len() {
            1 => "1 text file is".to_owned(),
            count => format!("{count} text files are"),
        };
        let why =
            format!("{files} {named}laid out as WhatsApp's chats: a date, a time and a sender before each message");
        Some(Match { confidence, why })
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        if let Some(me) = reading.me() {
            return Ok(Owner::Given { name: me.to_owned() });
        }
        let entries = chats(export);
        let shapes = Shapes::learn(export, &entries)?;
        // In a chat of two, the one whom the chat is not named after.
        let mut remaining = BTreeSet::new();
        for (entry, title) in entries.iter().zip(titles(export, &entries)) {
            let chat = Chat::survey(export, entry, &shapes, Known { title: &title, me: None })?;
            match chat.senders()[..] {
                [a, b] => match (same_person(a, &title), same_person(b, &title)) {
                    (true, false) => remaining.insert(b.to_string()),
                    (false, true) => remaining.insert(a.to_string()),
                    _ => false,
                },
                [asks] if title == ASSISTANT => remaining.insert(asks.to_string()),
                _ => false,
            };
        }
        match remaining.len() {
            1 => {
                let name = remaining.pop_first().unwrap_or_default();
                let why = "in the chats of two people it is the one whom the chat is not named after".to_owned();
                Ok(Owner::Inferred { name, why })
            }
            _ => by_counting(self, export, reading),
        }
    }

    fn walk(&self, export: &Export, reading: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let entries = chats(export);
        let shapes = Shapes::learn(export, &entries)?;
        for note in shapes.notes() {
            sink.note(note);
        }
        let titles = titles(export, &entries);
        let all = entries.len();
        let mut without_me = Vec::new();
        for (entry, title) in entries.into_iter().zip(titles) {
            let conversation: Arc<str> = title.into();
            let known = Known { title: &conversation, me: reading.me() };
            let chat = Chat::survey(export, entry, &shapes, known)?;
            let people = People::of(&chat.senders());
            let others = match reading.me() {
                Some(me) => people.beside(me),
                // One of them is the person.
                None => people.count().saturating_sub(1),
            };
            if people.count() > 0 && reading.me().is_some_and(|me| !people.has(me)) {
                without_me.push(&*entry.path);
            }
            chat.messages(export, entry, &shapes, known, |message| {
                let text = notice::strip(message.text);
                let record = Record {
                    place: Place { entry: Arc::clone(&entry.path), at: At::Line(message.line) },
                    sender: match message.sender.filter(|name| **name != *ASSISTANT && !people.is_stranger(name)) {
                        Some(name) => Sender::Named { name, id: None },
                        None => Sender::Other,
                    },
                    sent: message.sent.map_or(Sent::Unknown, Sent::Local),
                    not_typed: match (message.is_too_long, message.is_pasted) {
                        (true, _) => Some(reason::UNREADABLE_BODY),
                        (false, true) => Some(reason::FORWARDED),
                        (false, false) => text.as_ref().err().copied(),
                    },
                    text: text.unwrap_or_default(),
                    id: None,
                    conversation: Some(Arc::clone(&conversation)),
                    recipients: u32::try_from(others.max(1)).ok(),
                };
                sink.give(record)
            })?;
        }
        // Where nobody is in any chat, that is refused.
        if let (Some(first), true) = (without_me.first(), without_me.len() < all) {
            let count = without_me.len();
            sink.note(format!(
                "In {count} of {all} chats nobody is called as --me says, first in {first}: you wrote nothing there, or had another name."
            ));
        }
        Ok(())
    }
}

fn titles(export: &Export, entries: &[&Entry]) -> Vec<String> {
    let folder = folder_of_all(export);
    let paths: Vec<String> = entries.iter().map(|entry| format!("{folder}/{}", entry.path)).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let with_another = |places: &[usize]| {
        let named: Vec<&Entry> = places.iter().map(|place| entries[*place]).collect();
        same_chat::with_another(export, &named).into_iter().map(|index| places[index]).collect()
    };
    title::all(&paths, with_another, |place, name| is_of_two_with(export, entries[place], name))
}

/// Whether nobody but another and whoever is called `name` writes where a chat begins.
fn is_of_two_with(export: &Export, entry: &Entry, name: &str) -> bool {
    let head = export.head_text(entry, HEAD);
    let senders: HashSet<&str> = head.lines().filter_map(|line| header::parse(line)?.sender_and_body(line).0).collect();
    senders.len() < 3 && senders.iter().any(|sender| same_person(sender, name))
}

/// What the folder or the zip is called in which all lies.
fn folder_of_all(export: &Export) -> String {
    // Where a file is named, it may be by its name alone.
    let root = std::path::absolute(export.root()).unwrap_or_else(|_| export.root().to_owned());
    let is_file = export.single().is_some_and(|entry| export.path_of(entry) == export.root());
    let folder = if is_file { root.parent() } else { Some(&*root) };
    folder.and_then(|folder| folder.file_name()).map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The entries that look like chats.
fn chats(export: &Export) -> Vec<&Entry> {
    let texts = export.entries().iter().filter(|entry| entry.has_extension("txt"));
    texts.filter(|entry| begins_with_headers(export, entry)).collect()
}

/// Whether a file is a chat that is called anything: logs begin with the same headers.
fn is_renamed(export: &Export, entry: &Entry) -> bool {
    renamed::is_chat(&export.head_text(entry, HEAD), title::is_whatsapps(entry.name()))
}

/// Whether it is a lone file that begins as a chat does, called anything and too short to be told from a log.
pub(crate) fn may_be_chat(export: &Export) -> bool {
    export.single().is_some_and(|entry| begins_with_headers(export, entry))
}

fn begins_with_headers(export: &Export, entry: &Entry) -> bool {
    let head = export.head_text(entry, HEAD);
    let lines = head.lines().filter(|line| !line.trim().is_empty()).take(40);
    let (mut headers, mut senders) = (0, 0);
    for (number, line) in lines.enumerate() {
        match header::parse(line) {
            Some(header) => {
                headers += 1;
                senders += usize::from(header.sender_and_body(line).0.is_some());
            }
            // A chat begins with a header.
            None if number == 0 => return false,
            None => {}
        }
    }
    headers > 0 && senders > 0
}

/// Signal's text exports have the same brackets, with ISO dates and no seconds.
fn is_signals_shape(export: &Export, entry: &Entry) -> bool {
    let head = export.head_text(entry, HEAD);
    head.lines().find_map(header::parse).is_some_and(|header| header.is_iso_without_seconds())
}

#[cfg(test)]
mod tests;
