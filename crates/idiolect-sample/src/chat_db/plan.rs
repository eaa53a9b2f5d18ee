//! Decides, without IO, which row each message becomes: with its words in `text` or only in the body, plain, edited, or
//! as the caption of a photo. Choices are a hash of the message's place, so the same messages give the same rows.

use jiff::{SignedDuration, Timestamp};
use plist::{Dictionary, Value};

use super::roster::Roster;
use super::{ChatDbCounts, ChatDbOptions, noise};
use crate::typedstream::{Run, encode};
use crate::{Error, SampleMessage};

/// What stands for an attachment inside a text.
pub(super) const ATTACHMENT: &str = "\u{fffc}";

/// Every how-manieth sent message carries an edit history, or a photo.
const EDITED_EVERY: u64 = 61;
const CAPTION_EVERY: u64 = 83;

/// One row of the `message` table.
pub(super) struct Row {
    pub(super) guid: String,
    pub(super) chat: usize,
    /// Who sent it; `None` for the owner.
    pub(super) sender: Option<usize>,
    pub(super) at: Timestamp,
    pub(super) text: Option<String>,
    pub(super) body: Option<Vec<u8>>,
    pub(super) shape: Shape,
}

/// What kind of row it is, with the values only that kind has.
pub(super) enum Shape {
    Plain,
    /// A photo, with a caption if the row has one.
    Photo {
        attachment_guid: String,
    },
    Edited {
        at: Timestamp,
        summary: Vec<u8>,
    },
    Unsent {
        at: Timestamp,
        summary: Vec<u8>,
    },
    /// A heart on another message.
    Tapback {
        target: String,
    },
    GroupRename {
        title: String,
    },
    /// Waits to be sent later.
    Scheduled,
}

/// The rows of all messages and the noise between them, oldest first.
pub(super) fn rows(
    messages: &[SampleMessage],
    roster: &Roster,
    options: &ChatDbOptions,
) -> Result<(Vec<Row>, ChatDbCounts), Error> {
    let mut counts =
        ChatDbCounts { chats: roster.chats.len(), handles: roster.handles.len(), ..ChatDbCounts::default() };
    let mut rows = Vec::with_capacity(messages.len() + messages.len() / 8);
    for (place, message) in messages.iter().enumerate() {
        let chat = roster.chat(&message.conversation_id).expect("the roster was made from these messages");
        let row = if message.from_me {
            counts.sent += 1;
            sent(message, place as u64, chat, options)?
        } else {
            counts.received += 1;
            received(message, place as u64, chat, roster)
        };
        counts.sent_in_body += usize::from(message.from_me && row.text.is_none());
        counts.edited += usize::from(matches!(row.shape, Shape::Edited { .. }));
        rows.push(row);
    }
    let noise = noise::rows(&rows, roster)?;
    counts.noise = noise.len();
    rows.extend(noise);
    rows.sort_by_key(|row| row.at);
    Ok((rows, counts))
}

fn sent(message: &SampleMessage, place: u64, chat: usize, options: &ChatDbOptions) -> Result<Row, Error> {
    let mut row = Row {
        guid: message.message_id.clone(),
        chat,
        sender: None,
        at: message.timestamp,
        text: Some(message.text.clone()),
        body: Some(body(&message.text, false)),
        shape: Shape::Plain,
    };
    if place % EDITED_EVERY == 17 && message.text.chars().count() > 12 {
        row.shape = edited(message)?;
        row.text = None;
    } else if place % CAPTION_EVERY == 29 {
        let attachment_guid = format!("at_0_{}", uuid(place ^ 0xa77a_c4ed));
        row.body = Some(photo_body(&attachment_guid, &message.text));
        row.text = Some(format!("{ATTACHMENT}{}", message.text));
        row.shape = Shape::Photo { attachment_guid };
    }
    if share(place) < options.body_share {
        row.text = None;
    }
    Ok(row)
}

fn received(message: &SampleMessage, place: u64, chat: usize, roster: &Roster) -> Row {
    let in_text = share(place ^ 0x0a11) < 0.65;
    Row {
        guid: message.message_id.clone(),
        chat,
        sender: message.sender.as_deref().and_then(|name| roster.handle(name)),
        at: message.timestamp,
        text: in_text.then(|| message.text.clone()),
        body: Some(body(&message.text, place.is_multiple_of(3))),
        shape: Shape::Plain,
    }
}

/// A text that was first sent with its last two letters swapped.
fn edited(message: &SampleMessage) -> Result<Shape, Error> {
    let mut letters: Vec<char> = message.text.chars().collect();
    let last = letters.len() - 1;
    letters.swap(last - 1, last);
    let first: String = letters.into_iter().collect();
    let at = message.timestamp + SignedDuration::from_secs(25);
    let version = |when: Timestamp, text: &str| {
        let mut entry = Dictionary::new();
        entry.insert("d".into(), Value::Real((when.as_second() - EPOCH_2001) as f64));
        entry.insert("t".into(), Value::Data(body(text, false)));
        Value::Dictionary(entry)
    };
    let mut parts = Dictionary::new();
    parts.insert("0".into(), Value::Array(vec![version(message.timestamp, &first), version(at, &message.text)]));
    let mut info = summary(&first);
    info.insert("ec".into(), Value::Dictionary(parts));
    info.insert("ep".into(), Value::Array(vec![0.into()]));
    Ok(Shape::Edited { at, summary: binary(info, &message.message_id)? })
}

/// Seconds from 1970 to 2001, where Messages' dates start.
pub(super) const EPOCH_2001: i64 = 978_307_200;

/// The part of `message_summary_info` every changed message has: where its first part was in the original text.
pub(super) fn summary(original: &str) -> Dictionary {
    let mut range = Dictionary::new();
    range.insert("lo".into(), 0.into());
    range.insert("le".into(), (original.encode_utf16().count() as u64).into());
    let mut ranges = Dictionary::new();
    ranges.insert("0".into(), Value::Dictionary(range));
    let mut info = Dictionary::new();
    info.insert("amc".into(), 0.into());
    info.insert("ust".into(), true.into());
    info.insert("otr".into(), Value::Dictionary(ranges));
    info
}

/// A dictionary as a binary property list.
pub(super) fn binary(dictionary: Dictionary, message_id: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    Value::Dictionary(dictionary)
        .to_writer_binary(&mut bytes)
        .map_err(|source| Error::PropertyList { message_id: message_id.to_owned(), source })?;
    Ok(bytes)
}

/// The `attributedBody` of a text of one part.
pub(super) fn body(text: &str, mutable: bool) -> Vec<u8> {
    encode(&[Run { text, part: 0, attachment_guid: None }], mutable)
}

/// The `attributedBody` of a photo with a caption (none if empty).
pub(super) fn photo_body(attachment_guid: &str, caption: &str) -> Vec<u8> {
    let photo = Run { text: ATTACHMENT, part: 0, attachment_guid: Some(attachment_guid) };
    let caption = Run { text: caption, part: 1, attachment_guid: None };
    if caption.text.is_empty() { encode(&[photo], false) } else { encode(&[photo, caption], false) }
}

/// A number from 0 to 1 for a place.
fn share(place: u64) -> f64 {
    (mix(place) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A UUID for a place, in capitals as Messages writes them.
pub(super) fn uuid(place: u64) -> String {
    let (high, low) = (mix(place.wrapping_mul(2)), mix(place.wrapping_mul(2) ^ 1));
    format!(
        "{:08X}-{:04X}-4{:03X}-{:04X}-{:012X}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

/// SplitMix64 (Steele, Lea and Flood, 2014): a number in, an unrelated one out.
fn mix(place: u64) -> u64 {
    let mut z = place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
