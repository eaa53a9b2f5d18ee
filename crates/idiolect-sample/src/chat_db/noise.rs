//! Rows with `is_from_me = 1` that nobody typed and sent, or took back: a reader must leave them out.

use jiff::SignedDuration;
use plist::Value;

use super::plan::{ATTACHMENT, Row, Shape, binary, body, photo_body, summary, uuid};
use super::roster::Roster;
use crate::Error;

/// After how many messages a row of each kind comes.
const TAPBACK_EVERY: usize = 19;
const UNSENT_EVERY: usize = 211;
const PHOTO_EVERY: usize = 97;
/// Keeps the ids of noise apart from each other's and from those of attachments.
const UUIDS: u64 = 0x0150_0000;

/// Noise between and after `messages`, to be sorted in by time.
pub(super) fn rows(messages: &[Row], roster: &Roster) -> Result<Vec<Row>, Error> {
    let mut noise = Vec::new();
    let mut renamed = vec![false; roster.chats.len()];
    for (place, message) in messages.iter().enumerate() {
        let guid = uuid(UUIDS + place as u64);
        if message.sender.is_some() && place % TAPBACK_EVERY == 3 {
            noise.push(tapback(guid, message));
        } else if place % UNSENT_EVERY == 120 {
            noise.push(unsent(guid, message)?);
        } else if place % PHOTO_EVERY == 60 {
            noise.push(photo(guid, message, place));
        } else if roster.chats[message.chat].is_group() && !renamed[message.chat] {
            renamed[message.chat] = true;
            noise.push(rename(guid, message, &roster.chats[message.chat].conversation_id));
        }
    }
    noise.extend(messages.last().map(|last| scheduled(uuid(UUIDS - 1), last)));
    Ok(noise)
}

/// A row of the owner's, some seconds after `message` in its chat.
fn after(guid: String, message: &Row, seconds: i64) -> Row {
    let at = message.at + SignedDuration::from_secs(seconds);
    Row { guid, chat: message.chat, sender: None, at, text: None, body: None, shape: Shape::Plain }
}

fn tapback(guid: String, target: &Row) -> Row {
    // The words are what Messages shows where hearts are not supported: a quotation of somebody else's.
    let text = format!("Loved “{}”", target.text.as_deref().unwrap_or(ATTACHMENT));
    Row {
        body: Some(body(&text, false)),
        text: Some(text),
        shape: Shape::Tapback { target: target.guid.clone() },
        ..after(guid, target, 7)
    }
}

fn unsent(guid: String, message: &Row) -> Result<Row, Error> {
    let row = after(guid, message, 4);
    let mut info = summary("wrong chat sorry");
    info.insert("rp".into(), Value::Array(vec![0.into()]));
    let shape = Shape::Unsent { at: row.at + SignedDuration::from_secs(20), summary: binary(info, &row.guid)? };
    Ok(Row { shape, ..row })
}

fn photo(guid: String, message: &Row, place: usize) -> Row {
    let attachment_guid = format!("at_0_{}", uuid(UUIDS * 2 + place as u64));
    Row {
        text: Some(ATTACHMENT.to_owned()),
        body: Some(photo_body(&attachment_guid, "")),
        shape: Shape::Photo { attachment_guid },
        ..after(guid, message, 12)
    }
}

fn rename(guid: String, message: &Row, title: &str) -> Row {
    Row { shape: Shape::GroupRename { title: title.to_owned() }, ..after(guid, message, 2) }
}

fn scheduled(guid: String, last: &Row) -> Row {
    let text = "happy birthday!! call u after work";
    Row { text: None, body: Some(body(text, false)), shape: Shape::Scheduled, ..after(guid, last, 2 * 24 * 3600) }
}
