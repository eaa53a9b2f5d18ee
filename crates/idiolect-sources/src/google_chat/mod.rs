//! Google Chat in a Takeout: `Groups/*/messages.json` with `group_info.json` beside each, and `Users/*/user_info.json`, which
//! names the owner.

mod record;
mod walk;

use idiolect_dataset::SourceError;

use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{Match, Owner, Reader, Reading, Sink, Stop, by_counting};
use crate::spec::SourceKind;

pub(crate) struct GoogleChat;

impl Reader for GoogleChat {
    fn kind(&self) -> SourceKind {
        SourceKind::GoogleChat
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let lists = lists(export);
        let found = |confidence, why: &str| Some(Match { confidence, why: why.to_owned() });
        let has_info = |entry: &Entry| export.beside(entry, "group_info.json").is_some();
        match lists.iter().find(|entry| walk::looks_right(export, entry)) {
            Some(entry) if has_info(entry) => {
                found(Confidence::Certain, "messages.json beside group_info.json, with creators and created_date")
            }
            Some(_) => found(Confidence::Certain, "messages.json with creators and created_date"),
            None if lists.iter().any(|entry| has_info(entry)) => {
                found(Confidence::Likely, "messages.json beside group_info.json")
            }
            None => None,
        }
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        let users = walk::users(export)?;
        match (users.as_slice(), reading.me()) {
            ([user], _) if user.email().is_some() => {
                Ok(Owner::Marked { names: user.names(), why: "user_info.json names the account".into() })
            }
            (_, Some(me)) => Ok(Owner::Given { name: me.to_owned() }),
            (_, None) => by_counting(self, export, reading),
        }
    }

    fn walk(&self, export: &Export, _: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let users = walk::users(export)?;
        let owner = match users.as_slice() {
            [user] => user.email().map(str::to_owned),
            _ => None,
        };
        for entry in lists(export) {
            walk::messages(export, entry, owner.as_deref(), sink)?;
        }
        Ok(())
    }
}

fn lists(export: &Export) -> Vec<&Entry> {
    export.lone_or(|entry| entry.original_name().eq_ignore_ascii_case("messages.json"))
}

#[cfg(test)]
mod tests;
