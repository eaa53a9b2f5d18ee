//! A day of a conversation, message by message.

use std::sync::Arc;

use super::directory::Directory;
use super::record::Message;
use super::text::{mentions_by_id, readable};
use crate::export::{Entry, Export};
use crate::json::{JsonReader, Scalar};
use crate::reading::{At, Place, Record, Sender, Sink, Stop, first};
use crate::reason;

/// Gives a day's messages; returns how many mentions stay ids.
pub(super) fn day(export: &Export, entry: &Entry, directory: &Directory, sink: &mut Sink<'_>) -> Result<u64, Stop> {
    let mut unknown = 0;
    let conversation = directory.conversation(entry);
    let id = conversation.as_ref().map(|conversation| Arc::clone(&conversation.id));
    let recipients = conversation.and_then(|conversation| conversation.recipients);
    each(export, entry, |number, message| {
        let place = Place { entry: Arc::clone(&entry.path), at: At::Item(number) };
        let Some(message) = message.filter(Message::is_whole) else { return sink.skip(reason::MALFORMED, place) };
        let name = |id: &str| directory.name(id).map(|name| name.to_string());
        let text = readable(message.typed(), name);
        unknown += mentions_by_id(&text);
        sink.give(Record {
            place,
            sender: sender(&message, directory),
            sent: message.sent(),
            text,
            id: message.ts.as_ref().map(|Scalar(ts)| format!("{}:{ts}", id.as_deref().unwrap_or_default())),
            conversation: id.clone(),
            recipients,
            not_typed: message.not_typed(),
        })
    })?;
    Ok(unknown)
}

/// Whether the first message has what Slack's have.
pub(super) fn looks_right(export: &Export, entry: &Entry) -> bool {
    // Any error means that it is something else.
    let message = first(|take| each(export, entry, |_, message| take(message)));
    message.flatten().is_some_and(|message| message.looks_right())
}

fn each(
    export: &Export,
    entry: &Entry,
    take: impl FnMut(u64, Option<Message>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut json = JsonReader::open(export, entry)?;
    json.items(take)?;
    Ok(json.end()?)
}

fn sender(message: &Message, directory: &Directory) -> Sender {
    let Some(id) = message.user() else { return Sender::Other };
    let name = directory.name(id).cloned().unwrap_or_else(|| id.into());
    Sender::Named { name, id: Some(id.into()) }
}
