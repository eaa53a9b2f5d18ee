//! Who "me" is in an export.

use std::collections::HashMap;
use std::sync::Arc;

use idiolect_dataset::SourceError;
use serde::Serialize;

use super::record::Sender;
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
    pub messages: u64,
}

/// The owner of an export that does not tell: as given, or else all senders, counted by reading through it once.
pub(crate) fn by_counting(reader: &dyn Reader, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
    if let Some(me) = reading.me() {
        return Ok(Owner::Given { name: me.to_owned() });
    }
    let mut counts: HashMap<Arc<str>, u64> = HashMap::new();
    let mut take = |found: Found| {
        if let Found::Record(record) = found
            && let Sender::Named { name, .. } = record.sender
            && record.not_typed.is_none()
            && (counts.len() < MAX_SENDERS || counts.contains_key(&name))
        {
            *counts.entry(name).or_default() += 1;
        }
        true
    };
    match reader.walk(export, reading, &mut Sink::new(&mut take)) {
        Ok(()) | Err(Stop::Enough) => {}
        Err(Stop::Failed(error)) => return Err(error),
    }
    let senders = counts.len() as u64;
    let mut candidates: Vec<Candidate> =
        counts.into_iter().map(|(name, messages)| Candidate { name: name.to_string(), messages }).collect();
    candidates.sort_by(|a, b| b.messages.cmp(&a.messages).then_with(|| a.name.cmp(&b.name)));
    candidates.truncate(MAX_CANDIDATES);
    Ok(Owner::Unknown { candidates, senders })
}
