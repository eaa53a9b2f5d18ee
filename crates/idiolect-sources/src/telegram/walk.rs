//! The chats of one `result.json`, message by message.

use std::sync::Arc;

use super::record::{Account, Message};
use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::json::{JsonReader, Kind, Scalar};
use crate::reading::{At, Match, Place, Record, Sender, Sink, Stop};
use crate::reason;

/// What a chat says before its messages.
#[derive(Clone, Default)]
pub(super) struct Chat {
    pub(super) kind: Option<String>,
    pub(super) id: Option<String>,
}

impl Chat {
    /// A chat with one other account, whose number the chat has.
    pub(super) fn other(&self) -> Option<&str> {
        self.id.as_deref().filter(|_| matches!(self.kind.as_deref(), Some("personal_chat" | "bot_chat")))
    }

    fn recipients(&self) -> Option<u32> {
        match self.kind.as_deref() {
            Some("personal_chat" | "bot_chat") => Some(1),
            Some("saved_messages") => Some(0),
            _ => None,
        }
    }
}

/// What a file holds, in its order.
pub(super) enum Part {
    Account(Account),
    /// A message with its line, or what is none.
    Message(u64, Option<Box<Message>>),
}

/// Gives each part of a file to `take`, until the end or the first error.
pub(super) fn parts(
    export: &Export,
    entry: &Entry,
    mut take: impl FnMut(&Chat, Part) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut json = JsonReader::open(export, entry)?;
    object(&mut json, &mut Chat::default(), &mut take)?;
    Ok(json.end()?)
}

type Take<'a> = dyn FnMut(&Chat, Part) -> Result<(), Stop> + 'a;

/// The file's own object or a chat's: their keys are told apart by their names.
fn object(json: &mut JsonReader, chat: &mut Chat, take: &mut Take<'_>) -> Result<(), Stop> {
    json.expect(Kind::Object)?;
    while let Some(key) = json.next_key()? {
        match (key.as_str(), json.peek()?) {
            ("personal_information", Kind::Object) => {
                if let Some(account) = json.field()? {
                    take(chat, Part::Account(account))?;
                }
            }
            ("chats" | "left_chats", Kind::Object) => lists(json, take)?,
            ("messages", Kind::Array) => messages(json, chat, take)?,
            ("type", _) => chat.kind = json.field()?,
            ("id", _) => chat.id = json.field()?.map(|Scalar(id)| id),
            _ => json.skip()?,
        }
    }
    Ok(())
}

fn lists(json: &mut JsonReader, take: &mut Take<'_>) -> Result<(), Stop> {
    json.expect(Kind::Object)?;
    while let Some(key) = json.next_key()? {
        if key != "list" || json.peek()? != Kind::Array {
            json.skip()?;
            continue;
        }
        json.expect(Kind::Array)?;
        while json.next_item()? {
            match json.peek()? {
                Kind::Object => object(json, &mut Chat::default(), take)?,
                _ => json.skip()?,
            }
        }
    }
    Ok(())
}

fn messages(json: &mut JsonReader, chat: &Chat, take: &mut Take<'_>) -> Result<(), Stop> {
    json.expect(Kind::Array)?;
    while json.next_item()? {
        let line = json.line();
        take(chat, Part::Message(line, json.field()?))?;
    }
    Ok(())
}

/// Gives the messages of one file. Without an account it is left to the senders' names who "me" is.
pub(super) fn file(export: &Export, entry: &Entry, account: Option<&Account>, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut current: (Option<String>, Option<Arc<str>>) = (None, None);
    parts(export, entry, |chat, part| {
        let Part::Message(line, message) = part else { return Ok(()) };
        let place = Place { entry: Arc::clone(&entry.path), at: At::Line(line) };
        let Some(message) = message.filter(|message| message.is_whole()) else {
            return sink.skip(reason::MALFORMED, place);
        };
        if current.0 != chat.id {
            current = (chat.id.clone(), chat.id.as_deref().map(Arc::from));
        }
        sink.give(Record {
            place,
            sender: sender(&message, account),
            sent: message.sent(),
            id: chat.id.as_deref().zip(message.id()).map(|(chat, message)| format!("{chat}:{message}")),
            conversation: current.1.clone(),
            recipients: chat.recipients(),
            not_typed: message.not_typed(),
            text: message.into_text(),
        })
    })
}

fn sender(message: &Message, account: Option<&Account>) -> Sender {
    let (name, id) = (message.sender_name(), message.sender_id());
    match account {
        Some(account) if id.as_deref() == Some(account.number()) => Sender::Me,
        Some(_) => Sender::Other,
        None => match name.or(id.as_deref()) {
            Some(name) => Sender::Named { name: name.into(), id: id.as_deref().map(Arc::from) },
            None => Sender::Other,
        },
    }
}

/// Whether a file is Telegram's, by its first part.
pub(super) fn detect(export: &Export, entry: &Entry) -> Option<Match> {
    let found = |confidence, why: &str| Some(Match { confidence, why: format!("{} {why}", entry.name()) });
    if !entry.has_extension("json") {
        return None;
    }
    let mut first = None;
    // Any error means that it is something else.
    let _ = parts(export, entry, |chat, part| {
        let is_account = matches!(part, Part::Account(_));
        let is_message = matches!(part, Part::Message(_, Some(message)) if message.is_telegrams());
        first = Some((chat.kind.clone(), is_account, is_message));
        Err(Stop::Enough)
    });
    match first? {
        (_, true, _) => found(Confidence::Certain, "has a Telegram account's personal_information"),
        (Some(_), _, true) => found(Confidence::Certain, "has a chat's type, id and messages as Telegram writes them"),
        (None, _, true) => found(Confidence::Likely, "has messages as Telegram writes them"),
        _ => None,
    }
}
