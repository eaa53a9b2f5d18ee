//! One element of a day's list.

use jiff::Timestamp;
use serde::Deserialize;

use crate::json::{Scalar, lenient, present};
use crate::reading::Sent;
use crate::reason;

/// `blocks` repeats the text and `files` holds tokens: neither is read.
#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    subtype: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    user: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
    pub(super) ts: Option<Scalar>,
    #[serde(default, deserialize_with = "present")]
    bot_id: bool,
    #[serde(default, deserialize_with = "present")]
    files: bool,
    #[serde(default, deserialize_with = "present")]
    attachments: bool,
    #[serde(default, deserialize_with = "lenient")]
    comment: Option<Comment>,
    #[serde(default, deserialize_with = "lenient")]
    file: Option<File>,
}

/// What somebody wrote about a file, before 2018.
#[derive(Deserialize)]
struct Comment {
    user: Option<String>,
    comment: Option<String>,
}

impl Comment {
    fn typed(&self) -> Option<&str> {
        self.comment.as_deref()
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default, deserialize_with = "lenient")]
    initial_comment: Option<Comment>,
}

/// A member's names, in `users.json` and with their messages.
#[derive(Default, Deserialize)]
pub(super) struct Profile {
    pub(super) display_name: Option<String>,
    pub(super) real_name: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
}

impl Profile {
    /// What other people see: Slack shows the first of these that is there.
    pub(super) fn shown(&self) -> Option<&str> {
        let names = [self.display_name.as_deref(), self.real_name.as_deref(), self.name.as_deref()];
        names.into_iter().flatten().find(|name| !name.is_empty())
    }
}

impl Message {
    pub(super) fn looks_right(&self) -> bool {
        self.kind.as_deref() == Some("message") && self.ts.as_ref().is_some_and(|Scalar(ts)| ts.contains('.'))
    }

    /// Whether it has what cannot be done without.
    pub(super) fn is_whole(&self) -> bool {
        self.ts.is_some()
    }

    pub(super) fn user(&self) -> Option<&str> {
        let of_comment = self.comment.as_ref().and_then(|comment| comment.user.as_deref());
        let user = of_comment.filter(|_| self.subtype.as_deref() == Some("file_comment")).or(self.user.as_deref());
        user.filter(|user| !user.is_empty())
    }

    /// `ts` is seconds and, behind the dot, what makes it an id: digits that are close to microseconds.
    pub(super) fn sent(&self) -> Sent {
        let at = || {
            let (seconds, fraction) = self.ts.as_ref()?.0.split_once('.')?;
            let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(6).collect();
            let microseconds: i64 =
                seconds.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(fraction.parse().ok()?)?;
            Timestamp::from_microsecond(microseconds).ok()
        };
        at().map_or(Sent::Unknown, Sent::At)
    }

    pub(super) fn not_typed(&self) -> Option<&'static str> {
        if self.kind.as_deref().is_some_and(|kind| kind != "message") {
            return Some(reason::SYSTEM_ITEM);
        }
        match self.subtype.as_deref() {
            None | Some("thread_broadcast" | "me_message" | "file_share" | "file_comment") => {}
            Some("bot_message" | "slackbot_response" | "bot_add" | "bot_remove" | "bot_enable" | "bot_disable") => {
                return Some(reason::APP_MADE);
            }
            // Old exports have a copy of the reply in the channel.
            Some("reply_broadcast") => return Some(reason::BROADCAST_COPY),
            Some("tombstone" | "message_deleted") => return Some(reason::UNSENT),
            Some("huddle_thread") => return Some(reason::CALL),
            Some(event)
                if event.starts_with("channel_") || event.starts_with("group_") || event.starts_with("mpim_") =>
            {
                return Some(reason::GROUP_EVENT);
            }
            Some(_) => return Some(reason::SYSTEM_ITEM),
        }
        // An app that posts in somebody's name.
        if self.bot_id {
            return Some(reason::APP_MADE);
        }
        let is_blank = self.typed().trim().is_empty();
        (is_blank && (self.files || self.attachments || self.file.is_some())).then_some(reason::ATTACHMENT_ONLY)
    }

    /// Slack's own markup of what was typed. Old exports write a file's comment into a sentence of theirs.
    pub(super) fn typed(&self) -> &str {
        let text = self.text.as_deref().unwrap_or_default();
        match self.subtype.as_deref() {
            Some("file_comment") => self.comment.as_ref().and_then(Comment::typed).unwrap_or(text),
            Some("file_share") if is_sentence_about_a_file(text) => {
                let initial = self.file.as_ref().and_then(|file| file.initial_comment.as_ref());
                let in_sentence = || text.split_once(" and commented: ").map(|(_, comment)| comment);
                initial.and_then(Comment::typed).or_else(in_sentence).unwrap_or_default()
            }
            _ => text,
        }
    }
}

/// `<@U1> uploaded a file: <https://…|name> and commented: look`.
fn is_sentence_about_a_file(text: &str) -> bool {
    let Some((who, deed)) = text.split_once('>') else { return false };
    let deed = deed.trim_start();
    who.starts_with("<@") && (deed.starts_with("uploaded a file") || deed.starts_with("shared a file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(fields: &str) -> Message {
        serde_json::from_str(&format!(r#"{{"type":"message","user":"U1","ts":"1768478400.000250",{fields}}}"#)).unwrap()
    }

    #[test]
    fn ts_is_the_time() {
        let Sent::At(timestamp) = message(r#""text":"hi""#).sent() else { panic!("no time") };
        assert_eq!(timestamp.to_string(), "2026-01-15T12:00:00.00025Z");
    }

    #[test]
    fn what_nobody_typed_has_its_reason() {
        for (fields, expected) in [
            (r#""text":"hi""#, None),
            (r#""text":"hi","subtype":"thread_broadcast""#, None),
            (r#""text":"waves","subtype":"me_message""#, None),
            (r#""text":"look","files":[{"url_private":"x"}],"upload":true"#, None),
            (r#""text":"","files":[{}]"#, Some(reason::ATTACHMENT_ONLY)),
            (r#""text":"hi","subtype":"bot_message""#, Some(reason::APP_MADE)),
            (r#""text":"hi","bot_id":"B1""#, Some(reason::APP_MADE)),
            (r#""text":"<@U1> has joined the channel","subtype":"channel_join""#, Some(reason::GROUP_EVENT)),
            (r#""text":"","subtype":"reply_broadcast""#, Some(reason::BROADCAST_COPY)),
            (r#""text":"This message was deleted.","subtype":"tombstone""#, Some(reason::UNSENT)),
            (r#""text":"x","subtype":"something_new""#, Some(reason::SYSTEM_ITEM)),
        ] {
            assert_eq!(message(fields).not_typed(), expected, "{fields}");
        }
    }

    #[test]
    fn of_a_sentence_about_a_file_only_the_comment_was_typed() {
        let old = r#""subtype":"file_share","text":"<@U1> uploaded a file: <https://a.slack.com/f|a.png> and commented: so nice""#;
        assert_eq!(message(old).typed(), "so nice");
        let with_file = r#""subtype":"file_share","file":{"initial_comment":{"comment":"so nice","user":"U1"}},"text":"<@U1|ana> uploaded a file: <https://a.slack.com/f|a.png> and commented: so nice""#;
        assert_eq!(message(with_file).typed(), "so nice");
        let alone = r#""subtype":"file_share","file":{},"text":"<@U1> uploaded a file: <https://a.slack.com/f|a.png>""#;
        assert_eq!(message(alone).typed(), "");
        assert_eq!(message(alone).not_typed(), Some(reason::ATTACHMENT_ONLY));
        assert_eq!(message(r#""subtype":"file_share","text":"look at this","files":[{}]"#).typed(), "look at this");
        let comment = r#""subtype":"file_comment","comment":{"user":"U2","comment":"wow"},"text":"<@U2> commented on <@U1>’s file""#;
        assert_eq!((message(comment).typed(), message(comment).user()), ("wow", Some("U2")));
    }
}
