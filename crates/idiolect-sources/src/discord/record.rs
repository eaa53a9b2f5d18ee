//! A message of a channel, from a row or an object.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::json::{Scalar, lenient};
use crate::reading::Sent;
use crate::reason;

/// Milliseconds from 1970 to the beginning of Discord's ids.
const DISCORD_EPOCH: i64 = 1_420_070_400_000;

#[derive(Default, Deserialize)]
pub(super) struct Message {
    #[serde(rename = "ID")]
    pub(super) id: Option<Scalar>,
    #[serde(rename = "Timestamp", default, deserialize_with = "lenient")]
    pub(super) timestamp: Option<String>,
    #[serde(rename = "Contents", default, deserialize_with = "lenient")]
    pub(super) contents: Option<String>,
    #[serde(rename = "Attachments", default, deserialize_with = "lenient")]
    pub(super) attachments: Option<String>,
}

/// `channel.json`.
#[derive(Deserialize)]
pub(super) struct Channel {
    pub(super) id: Option<Scalar>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) recipients: Option<Vec<serde::de::IgnoredAny>>,
}

impl Message {
    pub(super) fn looks_right(&self) -> bool {
        self.is_whole() && self.timestamp.is_some()
    }

    /// Whether it has what cannot be done without; the time is in the id too.
    pub(super) fn is_whole(&self) -> bool {
        self.id.is_some() && (self.contents.is_some() || self.attachments.is_some())
    }

    /// In UTC where the time has no offset; where it has none that can be read, the id holds it too.
    pub(super) fn sent(&self) -> Sent {
        let written = self.timestamp.as_deref().and_then(|time| {
            let local = || Some(time.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
            time.parse().ok().or_else(local)
        });
        let by_id = || {
            let id = u64::try_from(self.id.as_ref()?.as_i64()?).ok()?;
            Timestamp::from_millisecond(i64::try_from(id >> 22).ok()? + DISCORD_EPOCH).ok()
        };
        written.or_else(by_id).map_or(Sent::Unknown, Sent::At)
    }

    pub(super) fn not_typed(&self) -> Option<&'static str> {
        let filled = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        (!filled(&self.contents) && filled(&self.attachments)).then_some(reason::ATTACHMENT_ONLY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(id: &str, time: Option<&str>) -> String {
        let message = Message { id: Some(Scalar(id.into())), timestamp: time.map(str::to_owned), ..Message::default() };
        match message.sent() {
            Sent::At(timestamp) => timestamp.to_string(),
            _ => "unknown".into(),
        }
    }

    #[test]
    fn times_of_old_and_new_packages() {
        assert_eq!(utc("1", Some("2020-08-25 22:54:05.726000+00:00")), "2020-08-25T22:54:05.726Z");
        assert_eq!(utc("1", Some("2023-08-25 22:54:05")), "2023-08-25T22:54:05Z");
        assert_eq!(utc("1", Some("2025-01-02T03:04:05.006Z")), "2025-01-02T03:04:05.006Z");
    }

    #[test]
    fn the_id_holds_the_time_too() {
        // Discord's own example: developer documentation, "Snowflakes".
        assert_eq!(utc("175928847299117063", None), "2016-04-30T11:18:25.796Z");
        assert_eq!(utc("175928847299117063", Some("yesterday")), "2016-04-30T11:18:25.796Z");
        assert_eq!(utc("x", None), "unknown");
    }
}
