//! A Slack export: `users.json`, lists of conversations, and a folder for each with a file for each day.
//!
//! A workspace's export is nobody's own, so that `--me` has to say whose messages are meant, unless one member is in every direct
//! conversation. Exports hold tokens that give access to files: nothing of `files` is read, and what stands in a text is taken out.

mod directory;
mod record;
mod text;
mod walk;

use idiolect_dataset::SourceError;

use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{Match, Owner, Reader, Reading, Sink, Stop};
use crate::spec::SourceKind;

pub(crate) struct Slack;

/// Days that are looked into to tell what an export is.
const LOOKED_AT: usize = 20;

impl Reader for Slack {
    fn kind(&self) -> SourceKind {
        SourceKind::Slack
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let entry = days(export).into_iter().take(LOOKED_AT).find(|entry| walk::looks_right(export, entry))?;
        Some(match export.called("users.json").next().is_some() {
            true => {
                Match { confidence: Confidence::Certain, why: "it has users.json and days of messages with ts".into() }
            }
            false => Match {
                confidence: Confidence::Likely,
                why: format!("{} has messages with type, user and ts", entry.name()),
            },
        })
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        directory::owner(self, export, reading)
    }

    fn walk(&self, export: &Export, _: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let directory = directory::Directory::read(export)?;
        let mut unknown = 0;
        for entry in days(export) {
            unknown += walk::day(export, entry, &directory, sink)?;
        }
        if unknown > 0 {
            sink.note(format!("Mentions of members whom the export does not name: {unknown}, which stay ids."));
        }
        Ok(())
    }
}

/// `general/2026-01-15.json`.
fn days(export: &Export) -> Vec<&Entry> {
    export.lone_or(|entry| {
        let name = entry.original_name();
        let day = name.strip_suffix(".json").unwrap_or_default();
        day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok()
    })
}

#[cfg(test)]
mod tests;
