//! The field `timestamp`: RFC 3339 with an offset, or without one where it is known where it was noted.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A time, and whether its zone came from the options.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) timestamp: Timestamp,
    pub(super) zone_assumed: bool,
}

/// What is wrong with a time, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) reason: &'static str,
    pub(super) advice: &'static str,
}

const FORMAT: &str = "write it as 2026-01-15T12:00:00Z";

pub(super) fn read(value: &str, timezone: Option<&TimeZone>) -> Result<Read, Wrong> {
    if let Ok(timestamp) = value.parse() {
        return Ok(Read { timestamp, zone_assumed: false });
    }
    let not_a_time = Wrong { reason: "not a date with a time", advice: FORMAT };
    // A date alone would be taken for its midnight.
    let local = value.parse::<DateTime>().ok().filter(|_| value.contains(':')).ok_or(not_a_time)?;
    let Some(timezone) = timezone else {
        return Err(Wrong {
            reason: "a time without a zone",
            advice: "add Z or an offset such as +01:00, or pass --timezone",
        });
    };
    match local.to_zoned(timezone.clone()) {
        Ok(zoned) => Ok(Read { timestamp: zoned.timestamp(), zone_assumed: true }),
        Err(_) => Err(Wrong { reason: "a time beyond the calendar", advice: FORMAT }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(value: &str, timezone: Option<&TimeZone>) -> String {
        read(value, timezone).unwrap().timestamp.to_string()
    }

    #[test]
    fn offsets_are_taken_as_they_are() {
        assert_eq!(utc("2026-01-15T12:00:00Z", None), "2026-01-15T12:00:00Z");
        assert_eq!(utc("2011-09-08T11:39:10+08:00", None), "2011-09-08T03:39:10Z");
        assert_eq!(utc("2026-01-15t12:00:00.5-05:30", None), "2026-01-15T17:30:00.5Z");
        let berlin = TimeZone::fixed(jiff::tz::offset(1));
        assert!(!read("2026-01-15T12:00:00Z", Some(&berlin)).unwrap().zone_assumed);
    }

    #[test]
    fn a_time_without_a_zone_needs_one_from_outside() {
        let wrong = read("2026-01-15T12:00:00", None).unwrap_err();
        assert_eq!((wrong.reason, &wrong.advice[..19]), ("a time without a zone", "add Z or an offset "));
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(utc("2026-01-15 12:00:00", Some(&zone)), "2026-01-15T11:00:00Z");
        assert!(read("2026-01-15T12:00:00", Some(&zone)).unwrap().zone_assumed);
    }

    #[test]
    fn anything_else_is_no_time() {
        for value in ["", "yesterday", "2026-01-15", "2026-13-01T00:00:00Z", "1768478400", "12:00:00"] {
            assert_eq!(read(value, Some(&TimeZone::UTC)).unwrap_err().reason, "not a date with a time", "{value}");
        }
    }
}
