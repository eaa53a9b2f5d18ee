//! Facebook Messenger and Instagram: the "download your information" of both, and Messenger's export of end-to-end encrypted
//! chats.
//!
//! A download has a folder for each thread with `message_1.json`, `message_2.json` and so on, newest first, its texts broken in
//! one and the same way (`mojibake.rs`). The other export has a file for each thread and whole texts. Before 2020, Instagram had all
//! threads in one list, `messages.json`.

mod generated;
mod mojibake;
mod owner;
mod record;
mod thread;

use idiolect_dataset::SourceError;

use self::thread::Shape;
use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{Match, Owner, Reader, Reading, Sink, Stop};
use crate::spec::SourceKind;

pub(crate) struct Messenger;
pub(crate) struct Instagram;

/// Files that are looked into to tell what an export is.
const LOOKED_AT: usize = 20;
const HEAD: usize = 64 * 1024;
const LIST: &str = "messages.json";

impl Reader for Messenger {
    fn kind(&self) -> SourceKind {
        SourceKind::Messenger
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let (found, shape) = looks_like(export)?;
        // Nothing in a lone thread tells the two apps apart.
        match shape {
            Some(Shape::List) => None,
            _ if is_instagram(export) => Some(Match { confidence: Confidence::Possible, ..found }),
            _ => Some(found),
        }
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        owner::of(self, export, reading)
    }

    fn walk(&self, export: &Export, _: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        walk(export, sink)
    }
}

impl Reader for Instagram {
    fn kind(&self) -> SourceKind {
        SourceKind::Instagram
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let (found, shape) = looks_like(export)?;
        (shape == Some(Shape::List) || is_instagram(export)).then_some(found)
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        owner::of(self, export, reading)
    }

    fn walk(&self, export: &Export, _: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        walk(export, sink)
    }
}

fn walk(export: &Export, sink: &mut Sink<'_>) -> Result<(), Stop> {
    if owner::holds_both_apps(export) {
        sink.note("It holds downloads of both Facebook and Instagram; messages by one name may be from both.".into());
    }
    for entry in threads(export) {
        thread::messages(export, entry, sink)?;
    }
    Ok(())
}

/// `message_1.json`, and `message.json` as it once was.
fn is_part_of_download(entry: &Entry, extension: &str) -> bool {
    let name = entry.original_name();
    let Some(part) = name.strip_prefix("message").and_then(|name| name.strip_suffix(extension)) else { return false };
    part.is_empty() || part.strip_prefix('_').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_encrypted_chat(export: &Export, entry: &Entry) -> bool {
    entry.has_extension("json") && export.head_text(entry, HEAD).contains("\"senderName\"")
}

/// The files with messages.
fn threads(export: &Export) -> Vec<&Entry> {
    export.lone_or(|entry| is_thread(export, entry))
}

/// Reads the beginning of what its name does not tell.
fn is_thread(export: &Export, entry: &Entry) -> bool {
    is_part_of_download(entry, ".json") || is_list(export, entry) || is_encrypted_chat(export, entry)
}

/// Other apps have a file of the name.
fn is_list(export: &Export, entry: &Entry) -> bool {
    entry.original_name() == LIST && thread::shape(export, entry) == Some(Shape::List)
}

/// The shape of what was found, where it could be read.
fn looks_like(export: &Export) -> Option<(Match, Option<Shape>)> {
    let in_download = |entry: &&Entry| is_part_of_download(entry, ".json");
    let json = |entry: &&Entry| entry.has_extension("json");
    let candidates = export.entries().iter().filter(in_download).take(LOOKED_AT);
    let others = export.called(LIST).chain(export.entries().iter().filter(json)).take(LOOKED_AT);
    let found = candidates.chain(others).find_map(|entry| Some((entry, thread::shape(export, entry)?)));
    let Some((entry, shape)) = found else {
        let why = "it has message_1.html in a thread's folder".into();
        return owner::is_html(export).then_some((Match { confidence: Confidence::Likely, why }, None));
    };
    let (confidence, has) = match shape {
        Shape::Encrypted => {
            (Confidence::Certain, "senderName, timestamp and text, as end-to-end encrypted chats are exported")
        }
        Shape::List => (Confidence::Certain, "conversations with sender and created_at, as Instagram had before 2020"),
        Shape::Download if in_download(&entry) => (Confidence::Certain, "sender_name and timestamp_ms"),
        Shape::Download => (Confidence::Likely, "sender_name and timestamp_ms"),
    };
    Some((Match { confidence, why: format!("{} has {has}", entry.name()) }, Some(shape)))
}

fn is_instagram(export: &Export) -> bool {
    let names_it = |path: &str| path.to_ascii_lowercase().contains("instagram");
    let is_named = export.root().file_name().is_some_and(|name| names_it(&name.to_string_lossy()))
        || export.entries().iter().any(|entry| names_it(&entry.path));
    // A friend or a page of Facebook may be called so.
    is_named && (owner::lies_in(export, "instagram") || !owner::lies_in(export, "facebook"))
}

#[cfg(test)]
mod tests;
