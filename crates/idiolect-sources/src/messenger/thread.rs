//! A thread's file: who takes part, and its messages.

use std::sync::Arc;

use idiolect_dataset::SourceError;
use serde::Deserialize;

use super::mojibake::repaired;
use super::record::Message;
use crate::export::{Entry, Export};
use crate::json::{JsonReader, Kind};
use crate::reading::{At, Place, Record, Sender, Sink, Stop};
use crate::reason;

/// Which of the two exports a thread is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Download,
    Encrypted,
}

/// What a thread's file says beside its messages.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    /// Each name once, made whole.
    pub(super) participants: Vec<String>,
    /// Names of several of them.
    namesakes: Vec<String>,
    /// Who has left a group is none of its participants.
    pub(super) has_left: bool,
}

/// `{"name":"Ana"}` in downloads, `"Ana"` in the export of encrypted chats.
#[derive(Deserialize)]
#[serde(untagged)]
enum Participant {
    Named { name: String },
    Plain(String),
}

/// Reads a file's head, and what comes of its messages one by one.
fn each(
    export: &Export,
    entry: &Entry,
    about: &mut About,
    mut take: impl FnMut(&About, u64, &mut JsonReader) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut json = JsonReader::open(export, entry)?;
    json.expect(Kind::Object)?;
    while let Some(key) = json.next_key()? {
        match (key.as_str(), json.peek()?) {
            ("participants", Kind::Array) => {
                let participants: Option<Vec<Participant>> = json.field()?;
                about.participants = participants.into_iter().flatten().map(Participant::into_name).collect();
                about.participants.sort();
                let twice = about.participants.windows(2).filter(|pair| pair[0] == pair[1]);
                about.namesakes = twice.map(|pair| pair[0].clone()).collect();
                about.participants.dedup();
            }
            ("is_still_participant", _) => about.has_left = json.field()? == Some(false),
            ("messages", Kind::Array) => {
                json.expect(Kind::Array)?;
                let mut number = 0;
                while json.next_item()? {
                    number += 1;
                    take(about, number, &mut json)?;
                }
            }
            _ => json.skip()?,
        }
    }
    Ok(json.end()?)
}

impl Participant {
    fn into_name(self) -> String {
        match self {
            Self::Named { name } => repaired(name),
            Self::Plain(name) => name,
        }
    }
}

/// What a thread's file says beside its messages.
pub(super) fn about(export: &Export, entry: &Entry) -> Result<About, SourceError> {
    let mut about = About::default();
    // The messages are passed over: what stands behind them counts too.
    Stop::failure(each(export, entry, &mut about, |_, _, json| Ok(json.skip()?)))?;
    Ok(about)
}

/// What a file's first message is like; `None` where it is none of either export.
pub(super) fn shape(export: &Export, entry: &Entry) -> Option<Shape> {
    let mut shape = None;
    // Any error means that it is something else.
    let _ = each(export, entry, &mut About::default(), |_, _, json| {
        shape = json.field::<Message>()?.and_then(|message| {
            match (message.is_of_download(), message.is_of_encrypted_chat()) {
                (true, _) => Some(Shape::Download),
                (_, true) => Some(Shape::Encrypted),
                _ => None,
            }
        });
        Err(Stop::Enough)
    });
    shape
}

pub(super) fn messages(export: &Export, entry: &Entry, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let conversation = conversation(entry);
    each(export, entry, &mut About::default(), |about, number, json| {
        let place = Place { entry: Arc::clone(&entry.path), at: At::Item(number) };
        let Some(message) = json.field()?.and_then(Message::read) else { return sink.skip(reason::MALFORMED, place) };
        let is_unclear = about.namesakes.contains(&message.sender);
        sink.give(Record {
            place,
            sender: Sender::Named { name: message.sender.into(), id: None },
            sent: message.sent,
            text: message.text,
            id: None,
            conversation: conversation.clone(),
            recipients: u32::try_from(about.participants.len().saturating_sub(1)).ok().filter(|count| *count > 0),
            not_typed: message.not_typed.or(is_unclear.then_some(reason::NAMESAKE)),
        })
    })
}

/// The thread's folder, which bears the thread's number; of an encrypted chat the file's name.
fn conversation(entry: &Entry) -> Option<Arc<str>> {
    let name = match super::is_part_of_download(entry, ".json") {
        true => entry.folder().rsplit('/').next().unwrap_or_default(),
        false => entry.name().rsplit_once('.').map_or(entry.name(), |(stem, _)| stem),
    };
    (!name.is_empty()).then(|| name.into())
}
