//! A thread's file: who takes part, and its messages.

use std::sync::Arc;

use idiolect_dataset::SourceError;
use serde::Deserialize;

use super::HEAD;
use super::mojibake::repaired;
use super::record::Message;
use crate::export::{Entry, Export};
use crate::json::{JsonReader, Kind};
use crate::reading::{At, Place, Record, Sender, Sink, Stop};
use crate::reason;

/// Which of the exports a thread is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Download,
    Encrypted,
    /// A list of threads, as Instagram's downloads had them before 2020.
    List,
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
    /// Of a thread among others in a file, which nothing but its participants names.
    id: Option<Arc<str>>,
}

/// `{"name":"Ana"}` in downloads, `"Ana"` in the export of encrypted chats and in lists.
#[derive(Deserialize)]
#[serde(untagged)]
enum Participant {
    Named { name: String },
    Plain(String),
}

/// Reads what a file says of its threads, and what comes of their messages one by one; they are numbered through the file.
fn each(
    export: &Export,
    entry: &Entry,
    mut take: impl FnMut(&About, u64, &mut JsonReader) -> Result<(), Stop>,
) -> Result<Vec<About>, Stop> {
    let mut json = JsonReader::open(export, entry)?;
    let (mut threads, mut number) = (Vec::new(), 0);
    if json.peek()? == Kind::Array {
        json.expect(Kind::Array)?;
        while json.next_item()? {
            threads.push(thread(&mut json, &mut number, &mut take)?);
        }
    } else {
        threads.push(thread(&mut json, &mut number, &mut take)?);
    }
    json.end()?;
    Ok(threads)
}

fn thread(
    json: &mut JsonReader,
    number: &mut u64,
    take: &mut impl FnMut(&About, u64, &mut JsonReader) -> Result<(), Stop>,
) -> Result<About, Stop> {
    let mut about = About::default();
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
            ("messages" | "conversation", Kind::Array) => {
                about.id = (key == "conversation").then(|| about.participants.join(", ").into());
                json.expect(Kind::Array)?;
                while json.next_item()? {
                    *number += 1;
                    take(&about, *number, json)?;
                }
            }
            _ => json.skip()?,
        }
    }
    Ok(about)
}

impl Participant {
    fn into_name(self) -> String {
        match self {
            Self::Named { name } => repaired(name),
            Self::Plain(name) => name,
        }
    }
}

/// What a file says of its threads beside their messages.
pub(super) fn all(export: &Export, entry: &Entry) -> Result<Vec<About>, SourceError> {
    let mut threads = Vec::new();
    // The messages are passed over: what stands behind them counts too.
    Stop::failure(each(export, entry, |_, _, json| Ok(json.skip()?)).map(|all| threads = all))?;
    Ok(threads)
}

/// What a file's first message is like; `None` where it is none of these exports.
pub(super) fn shape(export: &Export, entry: &Entry) -> Option<Shape> {
    // Other lists are long, and none of their items tells that none is a thread.
    let head = export.head_text(entry, HEAD);
    if head.trim_start().starts_with('[') && !head.contains("\"conversation\"") {
        return None;
    }
    let mut shape = None;
    // Any error means that it is something else.
    let _ = each(export, entry, |_, _, json| {
        shape = json.field::<Message>()?.and_then(|message| message.shape());
        Err(Stop::Enough)
    });
    shape
}

pub(super) fn messages(export: &Export, entry: &Entry, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let conversation = conversation(entry);
    let read = each(export, entry, |about, number, json| {
        let place = Place { entry: Arc::clone(&entry.path), at: At::Item(number) };
        let Some(message) = json.field()?.and_then(Message::read) else { return sink.skip(reason::MALFORMED, place) };
        let is_unclear = about.namesakes.contains(&message.sender);
        sink.give(Record {
            place,
            sender: Sender::Named { name: message.sender.into(), id: None },
            sent: message.sent,
            text: message.text,
            id: None,
            conversation: about.id.clone().or_else(|| conversation.clone()),
            recipients: u32::try_from(about.participants.len().saturating_sub(1)).ok().filter(|count| *count > 0),
            not_typed: message.not_typed.or(is_unclear.then_some(reason::NAMESAKE)),
        })
    });
    read.map(drop)
}

/// The thread's folder, which bears the thread's number; of an encrypted chat the file's name.
fn conversation(entry: &Entry) -> Option<Arc<str>> {
    let name = match super::is_part_of_download(entry, ".json") {
        true => entry.folder().rsplit('/').next().unwrap_or_default(),
        false => entry.name().rsplit_once('.').map_or(entry.name(), |(stem, _)| stem),
    };
    (!name.is_empty()).then(|| name.into())
}
