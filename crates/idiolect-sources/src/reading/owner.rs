//! Who "me" is in an export.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use idiolect_dataset::SourceError;
use serde::Serialize;

use super::person::Person;
use super::record::{Record, Sender};
use super::sink::{Found, Sink, Stop};
use super::{Reader, Reading};
use crate::export::Export;

/// Senders that are told apart when they are counted; more are not somebody's chats.
const MAX_SENDERS: usize = 100_000;
/// Candidates that are listed.
const MAX_CANDIDATES: usize = 20;

/// Whose messages an export holds, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "camelCase")]
pub enum Owner {
    /// The store itself marks the owner's messages. `names` are the owner's own, if it holds them.
    Marked { names: Vec<String>, why: String },
    /// Nothing marks them, but what the files say leaves one sender only.
    Inferred { name: String, why: String },
    /// `--me` said it.
    Given { name: String },
    /// The files do not tell. The senders with the most messages first.
    Unknown { candidates: Vec<Candidate>, senders: u64 },
}

/// A sender who may be "me".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    pub name: String,
    /// Where several bear the name: what tells this one from them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub messages: u64,
}

/// The owner of an export that does not tell: as given, or else all senders, counted by reading through it once.
pub(crate) fn by_counting(reader: &dyn Reader, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
    if let Some(me) = reading.me() {
        return Ok(Owner::Given { name: me.to_owned() });
    }
    let mut senders = Tally::default();
    let mut take = |found: Found| {
        if let Found::Record(record) = found
            && let Sender::Named { name, id } = record.sender
            && record.not_typed.is_none()
        {
            senders.count(&name, id);
        }
        true
    };
    Stop::failure(reader.walk(export, reading, &mut Sink::new(&mut take)))?;
    Ok(senders.into_unknown(0))
}

/// Whether somebody called `name` wrote any of the export's messages.
pub(crate) fn writes(reader: &dyn Reader, export: &Export, reading: &Reading, name: &str) -> Result<bool, SourceError> {
    let mut person = Person::named(name);
    let mut is_there = false;
    let mut take = |found: Found| {
        is_there = match found {
            Found::Record(Record { sender: Sender::Me, .. }) => true,
            Found::Record(Record { sender: Sender::Named { name, id }, .. }) => {
                person.is(&name) || id.is_some_and(|id| person.is(&id))
            }
            _ => false,
        };
        !is_there
    };
    Stop::failure(reader.walk(export, reading, &mut Sink::new(&mut take)))?;
    Ok(is_there)
}

/// How many messages each sender has, by name and id.
#[derive(Default)]
pub(crate) struct Tally(HashMap<String, BTreeMap<Option<Arc<str>>, u64>>);

impl Tally {
    /// Whoever has no name is called by the id; who has neither is nobody.
    pub(crate) fn count(&mut self, name: &str, id: Option<Arc<str>>) {
        let own = id.clone();
        let name = match (name.trim().is_empty(), &own) {
            (false, _) => name,
            (true, Some(id)) => id,
            (true, None) => return,
        };
        if let Some(ids) = self.0.get_mut(name) {
            // Addresses are the same in any case. More who bear one name than are listed are counted together.
            let folded = |id: &Option<Arc<str>>| id.as_deref().map(str::to_ascii_lowercase);
            let known = ids.keys().find(|known| folded(known) == folded(&id)).cloned();
            let id = known.or_else(|| id.map(Some).filter(|_| ids.len() < MAX_CANDIDATES)).flatten();
            *ids.entry(id).or_default() += 1;
        } else if self.0.len() < MAX_SENDERS {
            self.0.insert(name.to_owned(), BTreeMap::from([(id, 1)]));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sender, where there is one and no other.
    pub(crate) fn only(&self) -> Option<&str> {
        self.0.keys().next().filter(|_| self.0.len() == 1).map(String::as_str)
    }

    /// `unnamed`: how many senders there are besides.
    pub(crate) fn into_unknown(self, unnamed: u64) -> Owner {
        let candidates = self.0.into_iter().flat_map(|(name, ids)| {
            let several = ids.len() > 1;
            ids.into_iter().map(move |(id, messages)| {
                let id = id.filter(|_| several).map(|id| id.to_string());
                Candidate { name: name.clone(), id, messages }
            })
        });
        let mut candidates: Vec<Candidate> = candidates.collect();
        let senders = candidates.len() as u64 + unnamed;
        candidates.sort_by(|a, b| b.messages.cmp(&a.messages).then_with(|| (&a.name, &a.id).cmp(&(&b.name, &b.id))));
        candidates.truncate(MAX_CANDIDATES);
        Owner::Unknown { candidates, senders }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_that_are_counted_have_an_end() {
        let mut senders = Tally::default();
        for number in 0..MAX_SENDERS + 10 {
            senders.count(&number.to_string(), None);
        }
        for number in 0..MAX_CANDIDATES + 10 {
            senders.count("0", Some(number.to_string().into()));
        }
        // The first has its messages without an id, too.
        let all = (MAX_SENDERS + MAX_CANDIDATES - 1) as u64;
        let Owner::Unknown { candidates, senders } = senders.into_unknown(0) else { panic!("known") };
        assert_eq!((candidates.len(), candidates[0].messages, senders), (MAX_CANDIDATES, 12, all));
    }
}
