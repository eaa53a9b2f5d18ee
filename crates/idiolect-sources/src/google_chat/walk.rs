//! A group's or a direct conversation's messages.

use std::collections::HashSet;
use std::sync::Arc;

use idiolect_dataset::SourceError;

use super::record::{GroupInfo, Message, Person, UserInfo};
use crate::export::{Entry, Export};
use crate::json::{JsonReader, Kind};
use crate::reading::{At, Place, Record, Sender, Sink, Stop, first};
use crate::reason;

/// Everybody who has a user_info.json: usually the owner alone. Each once.
pub(super) fn users(export: &Export) -> Result<Vec<Person>, SourceError> {
    let mut users: Vec<Person> = Vec::new();
    let mut known = HashSet::new();
    for entry in export.called("user_info.json") {
        let info: Option<UserInfo> = JsonReader::open(export, entry)?.field()?;
        if let Some(UserInfo { user }) = info
            && known.insert((user.email().map(str::to_owned), user.name.clone()))
        {
            users.push(user);
        }
    }
    Ok(users)
}

/// Whether the first message has what Google Chat's have.
pub(super) fn looks_right(export: &Export, entry: &Entry) -> bool {
    // Any error means that it is something else.
    let message = first(|take| each(export, entry, |_, message| take(message)));
    message.flatten().is_some_and(|message| message.looks_right())
}

pub(super) fn messages(export: &Export, entry: &Entry, owner: Option<&str>, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let recipients = recipients(export, entry)?;
    let group = entry.folder().rsplit('/').next().filter(|group| !group.is_empty());
    let conversation: Option<Arc<str>> = group.map(Arc::from);
    each(export, entry, |number, message| {
        let place = Place { entry: Arc::clone(&entry.path), at: At::Item(number) };
        let message = match message {
            Some(message) if message.is_whole() => message,
            Some(message) if message.is_deleted() => return sink.skip(reason::UNSENT, place),
            _ => return sink.skip(reason::MALFORMED, place),
        };
        sink.give(Record {
            place,
            sender: sender(message.creator.as_ref(), owner),
            sent: message.sent(),
            id: message.message_id.clone(),
            conversation: conversation.clone(),
            recipients,
            not_typed: message.not_typed(),
            text: message.into_text(),
        })
    })
}

fn each(
    export: &Export,
    entry: &Entry,
    mut take: impl FnMut(u64, Option<Message>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut json = JsonReader::open(export, entry)?;
    json.expect(Kind::Object)?;
    while let Some(key) = json.next_key()? {
        if key != "messages" {
            json.skip()?;
            continue;
        }
        json.items(&mut take)?;
    }
    Ok(json.end()?)
}

/// With an owner, only the address counts: names repeat.
fn sender(creator: Option<&Person>, owner: Option<&str>) -> Sender {
    let Some(person) = creator else { return Sender::Other };
    match (owner, person.email()) {
        (Some(owner), Some(email)) if owner.eq_ignore_ascii_case(email) => Sender::Me,
        (Some(_), _) => Sender::Other,
        (None, email) => match person.name.as_deref().or(email) {
            Some(name) => Sender::Named { name: name.into(), id: email.map(Arc::from) },
            None => Sender::Other,
        },
    }
}

/// The group's members but for the sender.
fn recipients(export: &Export, messages: &Entry) -> Result<Option<u32>, SourceError> {
    let Some(entry) = export.beside(messages, "group_info.json") else { return Ok(None) };
    let info: Option<GroupInfo> = JsonReader::open(export, entry)?.field()?;
    let members = info.and_then(|info| info.members).map(|members| members.len());
    Ok(members.and_then(|count| u32::try_from(count.saturating_sub(1)).ok()).filter(|count| *count > 0))
}
