//! Google Voice in a Takeout: a page of HTML for each piece of a conversation, among pages for calls and voicemail.
//!
//! The owner is "Me", in a tag of its own. Texts that were only pictures read "MMS Sent".

mod page;
mod walk;

use idiolect_dataset::SourceError;

use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{Handle, Match, Owner, Reader, Reading, Sink, Stop, same_handle, same_person};
use crate::spec::SourceKind;

pub(crate) struct GoogleVoice;

const HEAD: usize = 4 * 1024;
/// Pages whose beginnings are looked at to tell what a folder is.
const LOOKED_AT: usize = 40;

impl Reader for GoogleVoice {
    fn kind(&self) -> SourceKind {
        SourceKind::GoogleVoice
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let pages = pages(export);
        let voice = pages.iter().filter(|page| page.path.contains("Voice/") || page.path.contains("Calls/"));
        let entry = voice.chain(&pages).take(LOOKED_AT).find(|entry| is_conversation(export, entry))?;
        let why = format!("{} is a conversation of Google Voice", entry.name());
        Some(Match { confidence: Confidence::Certain, why })
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        // A page is named for whom the conversation is with.
        let is_other = |me: &str| {
            pages(export).iter().any(|page| page.name().split(" - ").next().is_some_and(|name| same_person(name, me)))
        };
        let names = match reading.me() {
            Some(me) if is_other(me) => vec!["Me".to_owned()],
            Some(me) if Handle::kind_of(me) == Some(Handle::Number) => {
                let own = walk::own_numbers(export, &pages(export))?;
                match own.iter().any(|number| same_handle(number, me)) {
                    true => vec![me.to_owned()],
                    false => own.into_iter().collect(),
                }
            }
            _ => Vec::new(),
        };
        Ok(Owner::Marked { names, why: "Google Voice calls the owner \"Me\"".into() })
    }

    fn walk(&self, export: &Export, _: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for entry in pages(export) {
            walk::page(export, entry, sink)?;
        }
        Ok(())
    }
}

fn pages(export: &Export) -> Vec<&Entry> {
    export.entries().iter().filter(|entry| entry.has_extension("html") || entry.has_extension("htm")).collect()
}

fn is_conversation(export: &Export, entry: &Entry) -> bool {
    export.head_text(entry, HEAD).contains("hChatLog")
}

#[cfg(test)]
mod tests;
