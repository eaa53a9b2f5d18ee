//! A line of `data.json`.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;

use super::text;
use crate::json::lenient;
use crate::reading::Sent;
use crate::reason;

#[derive(Deserialize)]
pub(super) struct Message {
    pub(super) date: String,
    pub(super) sender: String,
    #[serde(default, deserialize_with = "lenient")]
    body: Option<String>,
    #[serde(default, deserialize_with = "is_set")]
    sticker: bool,
    #[serde(default, deserialize_with = "is_set")]
    attachments: bool,
    #[serde(default, deserialize_with = "is_set")]
    deleted: bool,
    /// Versions that did not have it yet tell calls by their text alone.
    #[serde(default, deserialize_with = "flag")]
    call: Option<bool>,
    #[serde(default, deserialize_with = "is_set")]
    missed: bool,
}

/// Anything but `false`, `null`, `""`, `[]` and what is not there.
fn is_set<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    use serde_json::Value;
    Ok(match Value::deserialize(deserializer)? {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    })
}

fn flag<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    is_set(deserializer).map(Some)
}

impl Message {
    pub(super) fn not_typed(&self) -> Option<&'static str> {
        if self.deleted {
            return Some(reason::UNSENT);
        }
        let body = self.body.as_deref().unwrap_or_default().trim();
        if self.call.unwrap_or_else(|| text::is_call(body)) || self.missed {
            return Some(reason::CALL);
        }
        match (body.is_empty(), self.sticker, self.attachments) {
            (_, true, _) => Some(reason::STICKER),
            (true, _, true) => Some(reason::ATTACHMENT_ONLY),
            _ => None,
        }
    }

    /// The body without the two spaces that signal-export puts behind it for Markdown's sake.
    pub(super) fn into_text(self) -> String {
        let mut body = self.body.unwrap_or_default();
        if body.ends_with("  ") {
            body.truncate(body.len() - 2);
        }
        body
    }
}

/// Local unless it carries an offset.
pub(super) fn sent(date: &str) -> Sent {
    if let Ok(timestamp) = date.parse::<Timestamp>() {
        return Sent::At(timestamp);
    }
    date.parse::<DateTime>().map_or(Sent::Unknown, Sent::Local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(fields: &str) -> Message {
        serde_json::from_str(&format!(r#"{{"date":"2026-01-15T13:00:00.250000","sender":"Me"{fields}}}"#)).unwrap()
    }

    #[test]
    fn the_body_is_as_typed() {
        assert_eq!(message(r#","body":"on my way  ","quote":"\n\n> where?\n\n""#).into_text(), "on my way");
        assert_eq!(message(r#","body":"plain""#).into_text(), "plain");
        assert_eq!(message("").into_text(), "");
    }

    #[test]
    fn times_are_local() {
        let Sent::Local(local) = sent(&message("").date) else { panic!("not local") };
        assert_eq!(local.to_string(), "2026-01-15T13:00:00.25");
        assert!(matches!(sent("2026-01-15T13:00:00+01:00"), Sent::At(_)));
        assert!(matches!(sent("soon"), Sent::Unknown));
    }

    #[test]
    fn what_nobody_typed_has_its_reason() {
        for (fields, expected) in [
            (r#","body":"hi  ","deleted":false,"call":false,"sticker":null,"attachments":[]"#, None),
            (r#","body":"hi  ""#, None),
            (r#","body":"look  ","attachments":[{"name":"a.jpg"}]"#, None),
            (r#","body":"  ","attachments":[{"name":"a.jpg"}]"#, Some(reason::ATTACHMENT_ONLY)),
            (r#","body":"  ","sticker":"👍""#, Some(reason::STICKER)),
            (r#","body":"  ","deleted":true"#, Some(reason::UNSENT)),
            (r#","body":"Outgoing voice call  ","call":true"#, Some(reason::CALL)),
            (r#","body":"hi  ","call":1"#, Some(reason::CALL)),
            (r#","body":"Outgoing voice call (accepted, 3m 5s)  ""#, Some(reason::CALL)),
            (r#","body":"Missed call  ","call":false"#, None),
        ] {
            assert_eq!(message(fields).not_typed(), expected, "{fields}");
        }
    }
}
