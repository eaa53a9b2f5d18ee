//! One line's record: its fields by name, their types checked by hand so that no error ever quotes a value.

use serde::Deserialize;
use serde_json::error::Category;

use idiolect_dataset::{Message, SourceError};
use jiff::tz::TimeZone;

use super::errors::Place;
use super::field::Field;
use super::{plain, time};
use crate::json::escapes;

const ONE_OBJECT: &str = "write one whole JSON object a line";

/// The fields as they stand in the line; unknown ones are passed over.
#[derive(Default, Deserialize)]
#[cfg_attr(test, derive(Debug, PartialEq))]
#[serde(rename_all = "camelCase")]
pub(super) struct Fields<'a> {
    #[serde(borrow, default)]
    message_id: Field<'a>,
    #[serde(borrow, default)]
    timestamp: Field<'a>,
    #[serde(borrow, default)]
    text: Field<'a>,
    #[serde(borrow, default)]
    conversation_id: Field<'a>,
    #[serde(borrow, default)]
    recipient_count: Field<'a>,
    /// Under the names that other programs give it, too: passed over, it would make somebody else's words the person's.
    #[serde(borrow, default, alias = "isFromMe", alias = "is_from_me", alias = "from_me")]
    from_me: Field<'a>,
    #[serde(borrow, default)]
    sender: Field<'a>,
}

impl<'a> Fields<'a> {
    /// The field whose name, in quotation marks and with its colon, `bytes` begin with, and how many bytes that is.
    pub(super) fn named_at_start(&mut self, bytes: &[u8]) -> Option<(usize, &mut Field<'a>)> {
        // Comparing with words that the compiler knows takes a few instructions each.
        macro_rules! first_of {
            ($($name:literal => $field:ident,)*) => {
                $(if bytes.starts_with(concat!('"', $name, "\":").as_bytes()) {
                    return Some((concat!('"', $name, "\":").len(), &mut self.$field));
                })*
            };
        }
        first_of! {
            "messageId" => message_id,
            "timestamp" => timestamp,
            "text" => text,
            "conversationId" => conversation_id,
            "recipientCount" => recipient_count,
            "fromMe" => from_me,
            "isFromMe" => from_me,
            "is_from_me" => from_me,
            "from_me" => from_me,
            "sender" => sender,
        }
        None
    }
}

/// What a record says beside its message.
pub(super) struct Origin {
    /// False: the line says that somebody else sent it.
    pub(super) from_me: Option<bool>,
    pub(super) sender: Option<String>,
    /// The zone of its time came from the options.
    pub(super) zone_assumed: bool,
}

/// Reads the record in `line`, its message into `message`.
pub(super) fn read(
    line: &str,
    place: Place<'_>,
    timezone: Option<&TimeZone>,
    message: &mut Message,
) -> Result<Origin, SourceError> {
    let repaired;
    let mut fields = Fields::default();
    if plain::read(line, &mut fields).is_none() {
        if !line.trim_start().starts_with('{') {
            return Err(place.broken_line("not a JSON object".into(), ONE_OBJECT));
        }
        fields = match serde_json::from_str(line) {
            Ok(fields) => fields,
            Err(error) => {
                repaired = escapes::repaired(line.as_bytes()).ok_or_else(|| broken(place, &error))?;
                serde_json::from_slice(&repaired).map_err(|error| broken(place, &error))?
            }
        };
    }
    if !read_id(place, "messageId", &fields.message_id, &mut message.message_id)? {
        return Err(missing(place, "messageId"));
    }
    let time = match &fields.timestamp {
        Field::Null => return Err(missing(place, "timestamp")),
        Field::Text(value) => time::read(value, timezone)
            .map_err(|wrong| place.malformed("timestamp", wrong.reason.into(), wrong.advice))?,
        _ => return Err(place.malformed("timestamp", "not a string".into(), "write it as \"2026-01-15T12:00:00Z\"")),
    };
    message.timestamp = time.timestamp;
    match &fields.text {
        Field::Text(text) => text.as_ref().clone_into(&mut message.text),
        Field::Null => return Err(missing(place, "text")),
        _ => return Err(place.malformed("text", "not a string".into(), "put the message's text there")),
    }
    message.recipient_count = match fields.recipient_count {
        Field::Null => None,
        Field::Count(count) if u32::try_from(count).is_ok() => Some(count as u32),
        Field::Count(_) | Field::Negative(_) | Field::Fraction => {
            let advice = "write a whole number from 0, or leave it out";
            return Err(place.malformed("recipientCount", "not a count".into(), advice));
        }
        _ => {
            return Err(place.malformed(
                "recipientCount",
                "not a number".into(),
                "write a whole number from 0, or leave it out",
            ));
        }
    };
    let from_me = match fields.from_me {
        Field::Null => None,
        Field::Bool(from_me) => Some(from_me),
        // As databases have it.
        Field::Count(from_me @ 0..=1) => Some(from_me == 1),
        _ => {
            return Err(place.malformed(
                "fromMe",
                "neither true nor false".into(),
                "write true or false, or leave it out",
            ));
        }
    };
    let (mut conversation, mut sender) = (message.conversation_id.take().unwrap_or_default(), String::new());
    if read_id(place, "conversationId", &fields.conversation_id, &mut conversation)? {
        message.conversation_id = Some(conversation);
    }
    let sender = read_id(place, "sender", &fields.sender, &mut sender)?.then_some(sender);
    Ok(Origin { from_me, sender, zone_assumed: time.zone_assumed })
}

/// Puts a string, or a whole number taken as one, into `id`; false if there is none.
fn read_id(place: Place<'_>, field: &'static str, value: &Field<'_>, id: &mut String) -> Result<bool, SourceError> {
    let (reason, advice) = match value {
        Field::Null => return Ok(false),
        Field::Text(text) if !text.is_empty() => {
            text.as_ref().clone_into(id);
            return Ok(true);
        }
        Field::Count(number) => {
            *id = number.to_string();
            return Ok(true);
        }
        Field::Negative(number) => {
            *id = number.to_string();
            return Ok(true);
        }
        Field::Text(_) => ("empty", "give it a value or leave it out"),
        _ => ("neither a string nor a whole number of up to 19 digits", "write it as a string"),
    };
    Err(place.malformed(field, reason.into(), advice))
}

fn missing(place: Place<'_>, field: &'static str) -> SourceError {
    place.malformed(field, "missing".into(), "every record needs messageId, timestamp and text")
}

/// Says where the JSON is broken, in words of our own: serde_json's may quote a value.
fn broken(place: Place<'_>, error: &serde_json::Error) -> SourceError {
    let reason = match error.classify() {
        Category::Eof => format!("broken JSON: the line ends early at column {}", error.column()),
        // Any type is taken for any field, so all that can be wrong with an object's data is this.
        Category::Data => format!("the same field twice, at column {}", error.column()),
        Category::Syntax | Category::Io => format!("broken JSON at column {}", error.column()),
    };
    place.broken_line(reason, ONE_OBJECT)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn try_read(line: &str) -> Result<(Message, Origin), String> {
        let mut message = Message::default();
        let origin = read(line, Place { path: Path::new("x.ndjson"), line: 7 }, None, &mut message);
        origin.map(|origin| (message, origin)).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_the_fields_and_passes_over_unknown_ones() {
        let line = r#"{"messageId":17,"timestamp":"2026-01-15T12:00:00Z","text":"hi\n😀","conversationId":"c","recipientCount":3,"fromMe":true,"sender":"me","service":{"x":[1]}}"#;
        let (message, origin) = try_read(line).unwrap();
        assert_eq!((message.message_id.as_str(), message.text.as_str()), ("17", "hi\n😀"));
        assert_eq!((message.conversation_id.as_deref(), message.recipient_count), (Some("c"), Some(3)));
        assert_eq!((origin.from_me, origin.sender.as_deref()), (Some(true), Some("me")));
    }

    #[test]
    fn nothing_is_left_of_the_message_before() {
        let long = r#"{"messageId":"m10","timestamp":"2026-01-15T12:00:00Z","text":"a long one","conversationId":"c","recipientCount":3}"#;
        let short = r#"{"messageId":2,"timestamp":"2026-01-15T12:00:01Z","text":""}"#;
        let (mut message, _) = try_read(long).unwrap();
        let place = Place { path: Path::new("x.ndjson"), line: 7 };
        for line in [short, long, short] {
            read(line, place, None, &mut message).unwrap();
            assert!(message == try_read(line).unwrap().0, "{line}");
        }
    }

    #[test]
    fn half_an_emoji_where_a_text_was_cut_ends_no_reading() {
        let read =
            try_read(r#"{"messageId":"1","timestamp":"2026-01-15T12:00:00Z","text":"hi \ud83d","sender":"\ude00"}"#);
        let (message, origin) = read.unwrap();
        assert_eq!((message.text.as_str(), origin.sender.as_deref()), ("hi \u{fffd}", Some("\u{fffd}")));
    }

    #[test]
    fn who_sent_it_stands_under_several_names() {
        for name in ["fromMe", "isFromMe", "is_from_me", "from_me"] {
            for (text, no) in [("hi", "false"), ("hi\\n", "false"), ("hi", "0")] {
                let line =
                    format!(r#"{{"messageId":"1","timestamp":"2026-01-15T12:00:00Z","text":"{text}","{name}":{no}}}"#);
                assert_eq!(try_read(&line).map(|(_, origin)| origin.from_me), Ok(Some(false)), "{line}");
            }
        }
    }

    #[test]
    fn errors_name_line_and_field_and_quote_nothing() {
        let cases = [
            (r#"{"messageId":"canary"#, "x.ndjson, line 7, record: broken JSON: the line ends early at column 20; "),
            (r#"{"messageId" "canary"}"#, "x.ndjson, line 7, record: broken JSON at column 14; "),
            (r#"{"text":"\ud83d","x":}"#, "x.ndjson, line 7, record: broken JSON at column "),
            (r#"["canary"]"#, "x.ndjson, line 7, record: not a JSON object; "),
            (r#""canary""#, "x.ndjson, line 7, record: not a JSON object; "),
            (r#"{"text":"canary","text":"canary"}"#, "x.ndjson, line 7, record: the same field twice, at column 23; "),
            (r#"{"timestamp":"2026-01-15T12:00:00Z","text":"canary"}"#, "x.ndjson, line 7, messageId: missing; "),
            (r#"{"messageId":"","text":"canary"}"#, "x.ndjson, line 7, messageId: empty; "),
            (
                r#"{"messageId":[],"text":"canary"}"#,
                "x.ndjson, line 7, messageId: neither a string nor a whole number of up to 19 digits; ",
            ),
            (r#"{"messageId":"1","text":"canary"}"#, "x.ndjson, line 7, timestamp: missing; "),
            (r#"{"messageId":"1","timestamp":17,"text":"canary"}"#, "x.ndjson, line 7, timestamp: not a string; "),
            (
                r#"{"messageId":"1","timestamp":"canary","text":"canary"}"#,
                "x.ndjson, line 7, timestamp: not a date with a time; ",
            ),
            (
                r#"{"messageId":"1","timestamp":"2026-01-15T12:00:00","text":"canary"}"#,
                "x.ndjson, line 7, timestamp: a time without a zone; add Z or an offset",
            ),
            (r#"{"messageId":"1","timestamp":"2026-01-15T12:00:00Z"}"#, "x.ndjson, line 7, text: missing; "),
            (
                r#"{"messageId":"1","timestamp":"2026-01-15T12:00:00Z","text":1}"#,
                "x.ndjson, line 7, text: not a string; ",
            ),
            (
                r#"{"messageId":"1","timestamp":"2026-01-15T12:00:00Z","text":"canary","recipientCount":-1}"#,
                "x.ndjson, line 7, recipientCount: not a count; ",
            ),
            (
                r#"{"messageId":"1","timestamp":"2026-01-15T12:00:00Z","text":"canary","fromMe":"yes"}"#,
                "x.ndjson, line 7, fromMe: neither true nor false; ",
            ),
        ];
        for (line, expected) in cases {
            let Err(error) = try_read(line) else { panic!("accepted {line}") };
            assert!(error.starts_with(expected), "{error}\nshould begin {expected}");
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
