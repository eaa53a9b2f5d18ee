//! Discord's data package: a folder for each channel with the owner's messages, `messages.csv` in old packages and
//! `messages.json` in new ones, and `user.json`, which names the owner.
//!
//! Folder names changed their case and, in some languages, their words; so they are not looked at.

mod account;
mod content;
mod record;
mod walk;

use idiolect_dataset::SourceError;

use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{Match, Owner, Reader, Reading, Sink, Stop};
use crate::spec::SourceKind;

pub(crate) struct Discord;

/// Files that are looked into to tell what an export is.
const LOOKED_AT: usize = 20;

impl Reader for Discord {
    fn kind(&self) -> SourceKind {
        SourceKind::Discord
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let lists = lists(export);
        let entry = lists.iter().take(LOOKED_AT).find(|entry| walk::looks_right(export, entry))?;
        let why = format!("{} has Discord's ID, Timestamp, Contents and Attachments", entry.name());
        Some(Match { confidence: Confidence::Certain, why })
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        account::owner(export, reading)
    }

    fn walk(&self, export: &Export, _: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let names = content::Names::read(export)?;
        for entry in lists(export) {
            walk::channel(export, entry, &names, sink)?;
        }
        Ok(())
    }
}

/// The files with messages: one for each channel.
fn lists(export: &Export) -> Vec<&Entry> {
    let names = ["messages.json", "messages.csv"];
    export.lone_or(|entry| names.iter().any(|name| entry.original_name().eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests;
