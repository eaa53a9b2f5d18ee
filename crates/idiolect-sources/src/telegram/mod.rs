//! Telegram Desktop's `result.json`: of the whole account, or of one chat.
//!
//! The account's export names its owner by number. A chat's does not, but a chat of two is named by the other's number.

mod owner;
mod record;
mod walk;

use idiolect_dataset::SourceError;

use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{Match, Owner, Reader, Reading, Sink, Stop};
use crate::spec::SourceKind;

pub(crate) struct Telegram;

const HEAD: usize = 4 * 1024;

impl Reader for Telegram {
    fn kind(&self) -> SourceKind {
        SourceKind::Telegram
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let json = entries(export).into_iter().find_map(|entry| walk::detect(export, entry));
        let html = || Match { confidence: Confidence::Likely, why: "messages.html is a page of Telegram's".into() };
        json.or_else(|| is_html(export).then(html))
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        if is_html(export) {
            return Err(export.refused("its messages are in HTML", "export again as \"machine-readable JSON\""));
        }
        owner::of(self, export, reading)
    }

    fn walk(&self, export: &Export, _: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let account = owner::account(export)?;
        for entry in entries(export) {
            walk::file(export, entry, account.as_ref(), sink)?;
        }
        Ok(())
    }
}

/// The files that hold chats. A single file may have been renamed.
fn entries(export: &Export) -> Vec<&Entry> {
    export.lone_or(|entry| entry.original_name().eq_ignore_ascii_case("result.json"))
}

/// Telegram Desktop's other format, in which times have no zone and forwarded messages no mark of their own.
fn is_html(export: &Export) -> bool {
    let is_page = |entry: &Entry| {
        entry.has_extension("html") && {
            let head = export.head_text(entry, HEAD);
            head.contains("page_wrap") && head.contains("CheckLocation()")
        }
    };
    let has_json = export.entries().iter().any(|entry| entry.has_extension("json"));
    !has_json
        && export
            .entries()
            .iter()
            .filter(|entry| entry.name().starts_with("messages") || export.single().is_some())
            .any(is_page)
}

#[cfg(test)]
mod tests;
