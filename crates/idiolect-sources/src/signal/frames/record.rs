//! A line of `main.jsonl`.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::json::{Scalar, present};
use crate::reading::Sent;
use crate::reason;

/// Stands in a body for each person mentioned, whose name is not in it.
const MENTION: char = '\u{FFFC}';

/// The first line.
#[derive(Deserialize)]
pub(super) struct Header {
    #[serde(rename = "backupTimeMs")]
    _backup_time_ms: Scalar,
    #[serde(rename = "version")]
    _version: Scalar,
}

impl Header {
    pub(super) fn is(line: &str) -> bool {
        serde_json::from_str::<Self>(line).is_ok()
    }
}

/// One of these; others say nothing that is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Frame {
    pub(super) account: Option<Account>,
    pub(super) recipient: Option<Recipient>,
    pub(super) chat: Option<Chat>,
    pub(super) chat_item: Option<ChatItem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    given_name: Option<String>,
    family_name: Option<String>,
    username: Option<String>,
}

impl Account {
    /// Those of the profile, and the username, which ends with a number.
    pub(super) fn names(self) -> Vec<String> {
        let whole = whole_name(self.given_name.as_deref(), self.family_name.as_deref());
        let known = [whole, self.given_name, self.username];
        known.into_iter().flatten().filter(|name| !name.trim().is_empty()).collect()
    }
}

/// A person, a group, or what else is written to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Recipient {
    #[serde(default, deserialize_with = "number")]
    pub(super) id: u64,
    pub(super) contact: Option<Contact>,
    pub(super) group: Option<Group>,
    #[serde(default, rename = "self", deserialize_with = "present")]
    pub(super) is_self: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contact {
    username: Option<String>,
    e164: Option<Scalar>,
    nickname: Option<Name>,
    system_given_name: Option<String>,
    system_family_name: Option<String>,
    profile_given_name: Option<String>,
    profile_family_name: Option<String>,
}

#[derive(Deserialize)]
struct Name {
    given: Option<String>,
    family: Option<String>,
}

impl Contact {
    /// As Signal shows them: the nickname that the owner gave, the address book's name, the profile's.
    pub(super) fn name(&self) -> Option<String> {
        let nickname = || {
            let nickname = self.nickname.as_ref()?;
            whole_name(nickname.given.as_deref(), nickname.family.as_deref())
        };
        nickname()
            .or_else(|| whole_name(self.system_given_name.as_deref(), self.system_family_name.as_deref()))
            .or_else(|| whole_name(self.profile_given_name.as_deref(), self.profile_family_name.as_deref()))
            .or_else(|| self.handle())
    }

    /// What tells them from others of their name.
    pub(super) fn handle(&self) -> Option<String> {
        let number = self.e164.as_ref().map(|Scalar(number)| format!("+{number}"));
        number.or_else(|| self.username.clone())
    }
}

fn whole_name(given: Option<&str>, family: Option<&str>) -> Option<String> {
    let parts: Vec<&str> =
        [given, family].into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[derive(Deserialize)]
pub(super) struct Group {
    snapshot: Option<Snapshot>,
}

#[derive(Deserialize)]
struct Snapshot {
    title: Option<Title>,
    #[serde(default)]
    members: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Title {
    title: Option<String>,
}

impl Group {
    pub(super) fn title(&self) -> Option<&str> {
        let title = self.snapshot.as_ref()?.title.as_ref()?.title.as_deref()?;
        (!title.trim().is_empty()).then_some(title)
    }

    /// The members but the owner; unknown of a group that was left.
    pub(super) fn others(&self) -> Option<u32> {
        let members = self.snapshot.as_ref()?.members.len();
        u32::try_from(members.checked_sub(1)?).ok()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Chat {
    #[serde(default, deserialize_with = "number")]
    pub(super) id: u64,
    #[serde(default, deserialize_with = "number")]
    pub(super) recipient_id: u64,
}

/// What stands in a chat. Earlier versions of what was edited are within it and not looked at, nor are quotes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChatItem {
    #[serde(default, deserialize_with = "number")]
    pub(super) chat_id: u64,
    #[serde(default, deserialize_with = "number")]
    date_sent: u64,
    #[serde(default, deserialize_with = "present")]
    pub(super) outgoing: bool,
    standard_message: Option<Standard>,
    direct_story_reply_message: Option<StoryReply>,
    update_message: Option<Update>,
    #[serde(default, deserialize_with = "present")]
    sticker_message: bool,
    #[serde(default, deserialize_with = "present")]
    contact_message: bool,
    #[serde(default, deserialize_with = "present")]
    view_once_message: bool,
    #[serde(default, deserialize_with = "present")]
    remote_deleted_message: bool,
    #[serde(default, deserialize_with = "present")]
    admin_deleted_message: bool,
    #[serde(default, deserialize_with = "present")]
    payment_notification: bool,
    #[serde(default, deserialize_with = "present")]
    gift_badge: bool,
    #[serde(default, deserialize_with = "present")]
    poll: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Standard {
    text: Option<Text>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    /// The whole of a text of which `text` is the beginning, in a file of its own.
    long_text: Option<File>,
}

/// A file beside the export.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File {
    pub(super) locator_info: Option<Locator>,
}

/// What a file is called by, in base 64.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Locator {
    /// SHA-256 of the file.
    pub(super) plaintext_hash: Option<String>,
    pub(super) local_key: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    body: Option<String>,
}

#[derive(Deserialize)]
struct Attachment {
    flag: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoryReply {
    text_reply: Option<TextReply>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TextReply {
    text: Option<Text>,
    long_text: Option<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    #[serde(default, deserialize_with = "present")]
    individual_call: bool,
    #[serde(default, deserialize_with = "present")]
    group_call: bool,
    #[serde(default, deserialize_with = "present")]
    group_change: bool,
}

impl ChatItem {
    pub(super) fn sent(&self) -> Sent {
        let millisecond = i64::try_from(self.date_sent).ok().filter(|millisecond| *millisecond > 0);
        let sent = millisecond.and_then(|millisecond| Timestamp::from_millisecond(millisecond).ok());
        sent.map_or(Sent::Unknown, Sent::At)
    }

    /// Where the whole text is, if it is longer than what stands here.
    pub(super) fn long_text(&self) -> Option<&File> {
        let said = self.standard_message.as_ref().and_then(|message| message.long_text.as_ref());
        let replied = || self.direct_story_reply_message.as_ref()?.text_reply.as_ref()?.long_text.as_ref();
        said.or_else(replied)
    }

    /// Why it is no text; to be asked where that is not in a file of its own.
    pub(super) fn not_typed(&self) -> Option<&'static str> {
        if let Some(message) = &self.standard_message {
            let says_nothing = message.text.as_ref().is_none_or(Text::is_blank);
            let is_voice = |attachment: &Attachment| attachment.flag.as_deref() == Some("VOICE_MESSAGE");
            return match says_nothing {
                true if message.attachments.iter().any(is_voice) => Some(reason::AUDIO),
                true if !message.attachments.is_empty() => Some(reason::ATTACHMENT_ONLY),
                _ => None,
            };
        }
        if let Some(reply) = &self.direct_story_reply_message {
            // Another story's answer is one emoji.
            return match &reply.text_reply {
                Some(_) => None,
                None => Some(reason::TAPBACK),
            };
        }
        if let Some(update) = &self.update_message {
            return Some(match update {
                Update { individual_call: true, .. } | Update { group_call: true, .. } => reason::CALL,
                Update { group_change: true, .. } => reason::GROUP_EVENT,
                _ => reason::SYSTEM_ITEM,
            });
        }
        let others = [
            (self.sticker_message, reason::STICKER),
            (self.remote_deleted_message || self.admin_deleted_message, reason::UNSENT),
            (self.contact_message || self.view_once_message, reason::ATTACHMENT_ONLY),
            (self.payment_notification || self.gift_badge || self.poll, reason::APP_BALLOON),
        ];
        let other = others.into_iter().find(|(is_one, _)| *is_one).map(|(_, reason)| reason);
        // What newer versions of Signal may add is no typed text, either.
        Some(other.unwrap_or(reason::SYSTEM_ITEM))
    }

    pub(super) fn into_text(self) -> String {
        let said = self.standard_message.and_then(|message| message.text);
        let replied = || self.direct_story_reply_message?.text_reply?.text;
        without_mentions(said.or_else(replied).and_then(|text| text.body).unwrap_or_default())
    }
}

pub(super) fn without_mentions(body: String) -> String {
    if body.contains(MENTION) { body.replace(MENTION, "") } else { body }
}

impl Text {
    fn is_blank(&self) -> bool {
        self.body.as_deref().is_none_or(|body| body.trim().is_empty())
    }
}

/// Left out where it is 0.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let Scalar(number) = Scalar::deserialize(deserializer)?;
    number.parse().map_err(|_| serde::de::Error::custom("no number"))
}
