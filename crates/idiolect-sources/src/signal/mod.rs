//! Signal's own export of chats (`frames/`), and what signal-export and its like write of Signal Desktop's: a folder for each chat, with
//! `data.json` (a record a line) or, in older versions, only the readable `chat.md` or `chat.txt`.
//!
//! The owner is "Me" in every version of signal-export.

mod frames;
mod record;
mod text;
mod walk;

use std::collections::HashMap;

use idiolect_dataset::SourceError;

use crate::export::{Entry, Export};
use crate::reading::{Match, Owner, Reader, Reading, Sink, Stop, by_counting, same_person};
use crate::spec::SourceKind;

pub(crate) struct Signal;

/// The owner's name in these exports.
const ME: &str = "Me";

impl Reader for Signal {
    fn kind(&self) -> SourceKind {
        SourceKind::Signal
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        if let Some(found) = frames::detect(export) {
            return Some(found);
        }
        // Logs have the same lines and fields; of what is called otherwise, "Me" tells.
        let is_called = |chat: &Chat<'_>| match chat.is_json {
            true => chat.entry.is_called("json"),
            false => chat.entry.is_called("txt") || chat.entry.is_called("md"),
        };
        let is_one = |chat: &Chat<'_>| is_called(chat) || walk::begins_with_me(export, chat);
        chats(export).into_iter().filter(is_one).find_map(|chat| walk::detect(export, &chat))
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        let files = frames::files(export);
        if !files.is_empty() {
            return frames::owner(export, &files);
        }
        if !walk::marks_me(export)? {
            return match reading.me() {
                Some(me) => Ok(Owner::Given { name: me.to_owned() }),
                None => by_counting(self, export, reading),
            };
        }
        // A chat is named for whom it is with; in that with oneself nobody else writes.
        let mut is_another = false;
        if let Some(me) = reading.me().filter(|me| !same_person(me, ME)) {
            for chat in chats(export).iter().filter(|chat| same_person(me, &chat.name)) {
                is_another |= walk::has_sender(export, chat, |sender| same_person(sender, me))?;
            }
        }
        let names = if is_another { vec![ME.to_owned()] } else { Vec::new() };
        Ok(Owner::Marked { names, why: "signal-export calls the owner \"Me\"".into() })
    }

    fn walk(&self, export: &Export, _: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let files = frames::files(export);
        if !files.is_empty() {
            if export.single().is_none() && !chats(export).is_empty() {
                sink.note("Beside Signal's own export there are files of signal-export; they were not read, since both hold the same chats.".into());
            }
            return files.into_iter().try_for_each(|entry| frames::file(export, entry, sink));
        }
        let marked = walk::marks_me(export)?;
        for chat in chats(export) {
            walk::chat(export, &chat, marked, sink)?;
        }
        Ok(())
    }
}

fn broken(export: &Export, entry: &Entry, line: u64) -> SourceError {
    SourceError::Malformed {
        path: export.path_of(entry),
        place: format!("line {line}"),
        field: "record",
        reason: "broken JSON".into(),
        advice: "copy or export the file again",
    }
}

/// One chat's file.
struct Chat<'a> {
    entry: &'a Entry,
    is_json: bool,
    name: String,
}

/// The files of each folder that are of the best kind: `data.json` where there is one, since the readable ones are made from the same.
fn chats(export: &Export) -> Vec<Chat<'_>> {
    let rank = |entry: &Entry| match entry.original_name().to_ascii_lowercase().as_str() {
        "data.json" => Some(0),
        "chat.md" => Some(1),
        "chat.txt" => Some(2),
        "index.md" => Some(3),
        _ if export.single().is_some() && entry.has_extension("json") => Some(0),
        _ if export.single().is_some() && (entry.has_extension("txt") || entry.has_extension("md")) => Some(2),
        _ => None,
    };
    let mut ranked: Vec<(&Entry, u8)> =
        export.entries().iter().filter_map(|entry| Some((entry, rank(entry)?))).collect();
    ranked.sort_by(|(a, a_rank), (b, b_rank)| (a.folder(), a_rank).cmp(&(b.folder(), b_rank)));
    let best: HashMap<&str, u8> = ranked.iter().rev().map(|(entry, rank)| (entry.folder(), *rank)).collect();
    ranked.retain(|(entry, rank)| best[entry.folder()] == *rank);
    ranked
        .into_iter()
        .map(|(entry, rank)| {
            let folder = entry.folder().rsplit('/').next().unwrap_or_default();
            let name =
                if folder.is_empty() && export.single().is_none() { name_of_all(export) } else { folder.to_owned() };
            Chat { entry, is_json: rank == 0, name }
        })
        .collect()
}

/// What the folder is called in which all lies, or the zip of it.
fn name_of_all(export: &Export) -> String {
    let root = std::path::absolute(export.root()).unwrap_or_else(|_| export.root().to_owned());
    let name = if root.is_dir() { root.file_name() } else { root.file_stem() };
    name.unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
