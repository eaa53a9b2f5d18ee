//! The JSON of Telegram Desktop: a chat's messages and the account's owner.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;

use crate::json::{Scalar, present};
use crate::reading::Sent;
use crate::reason;

/// One element of `messages`.
#[derive(Deserialize)]
pub(super) struct Message {
    id: Option<Scalar>,
    #[serde(rename = "type")]
    kind: String,
    date: Option<String>,
    date_unixtime: Option<Scalar>,
    from: Option<String>,
    /// `user123`; a plain number in old exports.
    from_id: Option<Scalar>,
    actor: Option<String>,
    actor_id: Option<Scalar>,
    action: Option<String>,
    /// Missing where only the same in pieces is there.
    text: Option<Text>,
    text_entities: Option<Text>,
    media_type: Option<String>,
    /// `null` where the account that it came from is gone.
    #[serde(default, deserialize_with = "present")]
    forwarded_from: bool,
    #[serde(default, deserialize_with = "present")]
    forwarded_from_id: bool,
    /// In the chat with oneself: whence it was forwarded.
    #[serde(default, deserialize_with = "present")]
    saved_from: bool,
    #[serde(default, deserialize_with = "present")]
    via_bot: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Runs(Vec<Run>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Run {
    Plain(String),
    Formatted {
        #[serde(rename = "type")]
        kind: String,
        text: String,
    },
}

impl Message {
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_ref().map(|id| id.0.as_str())
    }

    /// Whether it has what no other app's message has.
    pub(super) fn is_telegrams(&self) -> bool {
        matches!(self.kind.as_str(), "message" | "service") && self.is_whole()
    }

    /// Whether it has what cannot be done without.
    pub(super) fn is_whole(&self) -> bool {
        self.date.is_some() || self.date_unixtime.is_some()
    }

    /// The number of the account that sent it, or did what a service message tells.
    pub(super) fn sender_id(&self) -> Option<Cow<'_, str>> {
        let id = &self.from_id.as_ref().or(self.actor_id.as_ref())?.0;
        Some(match old_number(id) {
            Some(number) => number.to_string().into(),
            None => account_number(id).into(),
        })
    }

    /// Missing or empty for accounts that are gone.
    pub(super) fn sender_name(&self) -> Option<&str> {
        self.from.as_deref().or(self.actor.as_deref()).filter(|name| !name.trim().is_empty())
    }

    pub(super) fn sent(&self) -> Sent {
        if let Some(seconds) = self.date_unixtime.as_ref().and_then(Scalar::as_i64) {
            return Timestamp::from_second(seconds).map_or(Sent::Unknown, Sent::At);
        }
        let local = self.date.as_deref().and_then(|date| date.parse::<DateTime>().ok());
        local.map_or(Sent::Unknown, Sent::Local)
    }

    pub(super) fn not_typed(&self) -> Option<&'static str> {
        match self.kind.as_str() {
            "message" => {}
            "service" if self.action.as_deref().is_some_and(|action| action.contains("call")) => {
                return Some(reason::CALL);
            }
            "service" => return Some(reason::SYSTEM_ITEM),
            _ => return Some(reason::UNREADABLE_BODY),
        }
        if self.forwarded_from || self.forwarded_from_id || self.saved_from {
            return Some(reason::FORWARDED);
        }
        if self.via_bot {
            return Some(reason::APP_MADE);
        }
        let has_text = match self.text.as_ref().or(self.text_entities.as_ref()) {
            Some(Text::Plain(text)) => !text.trim().is_empty(),
            Some(Text::Runs(runs)) => !runs.is_empty(),
            None => false,
        };
        match self.media_type.as_deref() {
            _ if has_text => None,
            Some("sticker") => Some(reason::STICKER),
            Some("voice_message" | "video_message" | "audio_file") => Some(reason::AUDIO),
            _ => Some(reason::ATTACHMENT_ONLY),
        }
    }

    /// The text without its formatting. Block quotes are somebody's words that were pasted, so they are left out.
    pub(super) fn into_text(self) -> String {
        match self.text.or(self.text_entities) {
            None => String::new(),
            Some(Text::Plain(text)) => text,
            Some(Text::Runs(runs)) => {
                let is_quote = |run: &Run| matches!(run, Run::Formatted { kind, .. } if kind == "blockquote");
                let quoted = runs.iter().any(is_quote);
                let text: String = runs.into_iter().filter(|run| !is_quote(run)).map(Run::into_text).collect();
                if quoted { text.trim().to_owned() } else { text }
            }
        }
    }
}

impl Run {
    fn into_text(self) -> String {
        match self {
            Self::Plain(text) | Self::Formatted { text, .. } => text,
        }
    }
}

/// `123` of `user123`; channels and groups keep their word, so that they are nobody's account.
pub(super) fn account_number(id: &str) -> &str {
    id.strip_prefix("user").unwrap_or(id)
}

/// The account of a sender as exports from before 2021 write it: a number alone, with a bit that tells users from groups.
fn old_number(id: &str) -> Option<u64> {
    const USER: u64 = 1 << 32;
    id.parse().ok().filter(|number| (USER..2 * USER).contains(number)).map(|number: u64| number - USER)
}

/// `personal_information` of a full export.
#[derive(Deserialize)]
pub(super) struct Account {
    user_id: Scalar,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    phone_number: Option<String>,
}

impl Account {
    pub(super) fn number(&self) -> &str {
        account_number(&self.user_id.0)
    }

    /// All that the owner may be called, ids included.
    pub(super) fn names(&self) -> Vec<String> {
        let number = self.number();
        let mut names = vec![number.to_owned(), format!("user{number}")];
        let part =
            |part: &Option<String>| part.as_deref().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
        let (first, last) = (part(&self.first_name), part(&self.last_name));
        names.extend(first.as_ref().zip(last.as_ref()).map(|(first, last)| format!("{first} {last}")));
        names.extend(first);
        names.extend(last);
        if let Some(username) = part(&self.username) {
            names.push(username.trim_start_matches('@').to_owned());
            names.push(format!("@{}", username.trim_start_matches('@')));
        }
        names.extend(part(&self.phone_number));
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(fields: &str) -> Message {
        serde_json::from_str(&format!(r#"{{"id":7,"type":"message",{fields}}}"#)).unwrap()
    }

    #[test]
    fn text_is_a_string_or_runs() {
        assert_eq!(message(r#""text":"on my way""#).into_text(), "on my way");
        let runs = r#""text":["see ",{"type":"bold","text":"this"},{"type":"link","text":" https://a.example"}]"#;
        assert_eq!(message(runs).into_text(), "see this https://a.example");
        let quote = r#""text":[{"type":"blockquote","text":"are you in?"},"\nsure"]"#;
        assert_eq!(message(quote).into_text(), "sure");
        assert_eq!(message(r#""text_entities":[{"type":"plain","text":"ok"}]"#).into_text(), "ok");
        assert_eq!(message(r#""text":"","text_entities":[]"#).into_text(), "");
    }

    #[test]
    fn the_senders_account_is_a_number_in_every_version() {
        assert_eq!(message(r#""from_id":"user12""#).sender_id().as_deref(), Some("12"));
        assert_eq!(message(r#""from_id":4295000012"#).sender_id(), Some("32716".into()));
        assert_eq!(message(r#""from_id":"channel12""#).sender_id().as_deref(), Some("channel12"));
        assert_eq!(message(r#""from":null"#).sender_id(), None);
    }

    #[test]
    fn times_are_utc_where_the_export_says_so() {
        let both = message(r#""date":"2026-01-15T13:00:00","date_unixtime":"1768478400""#);
        let Sent::At(timestamp) = both.sent() else { panic!("not in UTC") };
        assert_eq!(timestamp.to_string(), "2026-01-15T12:00:00Z");
        assert!(matches!(message(r#""date":"2018-01-15T13:00:00""#).sent(), Sent::Local(_)));
        assert!(matches!(message(r#""date":"soon""#).sent(), Sent::Unknown));
    }

    #[test]
    fn what_nobody_typed_has_its_reason() {
        for (fields, expected) in [
            (r#""text":"hi""#, None),
            (r#""text":"hi","forwarded_from":"Somebody""#, Some(reason::FORWARDED)),
            (r#""text":"hi","forwarded_from":null"#, Some(reason::FORWARDED)),
            (r#""text":"hi","saved_from":"Somebody""#, Some(reason::FORWARDED)),
            (r#""text_entities":[{"type":"plain","text":"hi"}]"#, None),
            (r#""text":"hi","via_bot":"@gif""#, Some(reason::APP_MADE)),
            (r#""text":"","media_type":"sticker""#, Some(reason::STICKER)),
            (r#""text":"","media_type":"voice_message""#, Some(reason::AUDIO)),
            (r#""text":"","photo":"a.jpg""#, Some(reason::ATTACHMENT_ONLY)),
            (r#""text":"look","photo":"a.jpg""#, None),
        ] {
            assert_eq!(message(fields).not_typed(), expected, "{fields}");
        }
        let service = |action: &str| {
            let json = format!(r#"{{"id":7,"type":"service","actor_id":"user1","action":"{action}","text":""}}"#);
            serde_json::from_str::<Message>(&json).unwrap().not_typed()
        };
        assert_eq!(service("phone_call"), Some(reason::CALL));
        assert_eq!(service("pin_message"), Some(reason::SYSTEM_ITEM));
    }

    #[test]
    fn old_exports_mark_users_by_a_bit_in_their_numbers() {
        let sender = |id: &str| message(&format!(r#""from_id":{id}"#)).sender_id().map(std::borrow::Cow::into_owned);
        for (id, number) in [
            ("12", "12"),
            ("4294967308", "12"),
            (r#""user4294967308""#, "4294967308"),
            ("8589934604", "8589934604"),
            (r#""channel12""#, "channel12"),
        ] {
            assert_eq!(sender(id).as_deref(), Some(number), "{id}");
        }
    }

    #[test]
    fn the_owner_goes_by_every_name_of_the_account() {
        let account: Account = serde_json::from_str(
            r#"{"user_id":12,"first_name":"Ana","last_name":"Ruiz","username":"@ana","phone_number":"+1 212 555 0100"}"#,
        )
        .unwrap();
        assert_eq!(account.names(), ["12", "user12", "Ana Ruiz", "Ana", "Ruiz", "ana", "@ana", "+1 212 555 0100"]);
    }
}
