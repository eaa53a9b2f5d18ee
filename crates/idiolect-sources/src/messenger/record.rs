//! One message of a thread, as a download of today or of before 2020 or the export of encrypted chats writes it.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;

use super::generated;
use super::mojibake::repaired;
use super::thread::Shape;
use crate::json::{Scalar, lenient, present};
use crate::reading::Sent;
use crate::reason;

#[derive(Deserialize)]
pub(super) struct Message {
    sender_name: Option<String>,
    #[serde(rename = "senderName")]
    plain_sender: Option<String>,
    /// In a list of threads.
    sender: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    created_at: Option<String>,
    timestamp_ms: Option<Scalar>,
    timestamp: Option<Scalar>,
    #[serde(default, deserialize_with = "lenient")]
    content: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
    /// Gone from downloads since 2024.
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    is_unsent: Option<bool>,
    #[serde(rename = "isUnsent", default, deserialize_with = "lenient")]
    plain_is_unsent: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    call_duration: bool,
    #[serde(default, deserialize_with = "present")]
    sticker: bool,
    #[serde(default, deserialize_with = "present")]
    audio_files: bool,
    #[serde(default, deserialize_with = "present")]
    photos: bool,
    #[serde(default, deserialize_with = "present")]
    videos: bool,
    #[serde(default, deserialize_with = "present")]
    files: bool,
    #[serde(default, deserialize_with = "present")]
    gifs: bool,
    #[serde(default, deserialize_with = "present")]
    share: bool,
    #[serde(default, deserialize_with = "lenient")]
    media: Option<Vec<serde::de::IgnoredAny>>,
}

/// A message made whole.
pub(super) struct Read {
    pub(super) sender: String,
    pub(super) sent: Sent,
    pub(super) text: String,
    pub(super) not_typed: Option<&'static str>,
}

impl Message {
    /// Which export it is of, if it is of one.
    pub(super) fn shape(&self) -> Option<Shape> {
        if self.sender_name.is_some() && self.timestamp_ms.is_some() {
            Some(Shape::Download)
        } else if self.plain_sender.is_some() && self.timestamp.is_some() {
            Some(Shape::Encrypted)
        } else {
            (self.sender.is_some() && self.created_at.is_some()).then_some(Shape::List)
        }
    }

    /// `None` where it has no sender.
    pub(super) fn read(self) -> Option<Read> {
        let is_plain = self.plain_sender.is_some();
        let whole = |text: String| if is_plain { text } else { repaired(text) };
        let sender = self.plain_sender.as_ref().or(self.sender_name.as_ref()).or(self.sender.as_ref());
        let sender = whole(sender?.clone());
        let text = whole(self.content.clone().or_else(|| self.text.clone()).unwrap_or_default());
        let milliseconds = self.timestamp_ms.as_ref().or(self.timestamp.as_ref()).and_then(Scalar::as_i64);
        let sent = match &self.created_at {
            Some(written) => written.parse().ok(),
            None => milliseconds.and_then(|at| Timestamp::from_millisecond(at).ok()),
        };
        let sent = sent.map_or(Sent::Unknown, Sent::At);
        Some(Read { not_typed: self.not_typed(&sender, &text), sender, sent, text })
    }

    fn not_typed(&self, sender: &str, text: &str) -> Option<&'static str> {
        if self.is_unsent == Some(true) || self.plain_is_unsent == Some(true) {
            return Some(reason::UNSENT);
        }
        let kind = self.kind.as_deref().map_or(Cow::Borrowed(""), |kind| kind.to_ascii_lowercase().into());
        if self.call_duration || kind == "call" {
            return Some(reason::CALL);
        }
        // What the export of encrypted chats writes in the place of what it does not hold, and downloads of money sent.
        if kind == "placeholder" || kind == "payment" {
            return Some(reason::APP_MADE);
        }
        if kind == "subscribe" || kind == "unsubscribe" {
            return Some(reason::GROUP_EVENT);
        }
        let has_media = self.photos
            || self.videos
            || self.files
            || self.gifs
            || self.media.as_ref().is_some_and(|media| !media.is_empty());
        if text.trim().is_empty() {
            return match (self.sticker, self.audio_files, has_media || self.share) {
                (true, ..) => Some(reason::STICKER),
                (_, true, _) => Some(reason::AUDIO),
                (.., true) => Some(reason::ATTACHMENT_ONLY),
                _ => None,
            };
        }
        generated::reason(text, sender, self.share || has_media)
    }
}
