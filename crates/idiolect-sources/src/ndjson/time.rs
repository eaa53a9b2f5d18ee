//! The field `timestamp`: RFC 3339 with an offset, or without one where it is known where it was noted.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

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
    if let Some(timestamp) = in_utc(value.as_bytes()) {
        return Ok(Read { timestamp, zone_assumed: false });
    }
    let value = &*to_nanoseconds(value);
    // A zone in brackets, as Java writes it, says as much as an offset.
    let in_zone = || value.parse::<Zoned>().map(|zoned| zoned.timestamp());
    if let Ok(timestamp) = value.parse().or_else(|_| in_zone()) {
        return Ok(Read { timestamp, zone_assumed: false });
    }
    let not_a_time = Wrong { reason: "not a date with a time", advice: FORMAT };
    // A date alone would be taken for its midnight, and a zone that is not known passed over.
    let is_local = value.contains(':') && !value.contains('[');
    let local = value.parse::<DateTime>().ok().filter(|_| is_local).ok_or(not_a_time)?;
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

/// Without the digits of a second that are finer than nanoseconds, which the standard allows and the parser does not.
fn to_nanoseconds(value: &str) -> Cow<'_, str> {
    let Some((whole, fraction)) = value.split_once('.') else { return value.into() };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    match digits > 9 {
        true => format!("{whole}.{}{}", &fraction[..9], &fraction[digits..]).into(),
        false => value.into(),
    }
}

/// The form that nearly every time has, `2026-01-15T12:00:00Z` with or without a fraction of the second; anything else
/// is for the whole parser.
fn in_utc(value: &[u8]) -> Option<Timestamp> {
    let (time, rest) = value.split_first_chunk::<19>()?;
    let fraction = match rest {
        b"Z" => &[],
        [b'.', fraction @ .., b'Z'] if (1..=9).contains(&fraction.len()) => fraction,
        _ => return None,
    };
    let mut is_right = [4, 7, 10, 13, 16].map(|mark| time[mark]) == *b"--T::";
    // Asked for once, behind the last.
    let mut digit = |byte: u8| {
        is_right &= byte.is_ascii_digit();
        i32::from(byte & 0xf)
    };
    let nanosecond = fraction.iter().fold(0, |number, byte| number * 10 + digit(*byte)) * TENS[9 - fraction.len()];
    let mut two = |at: usize| digit(time[at]) * 10 + digit(time[at + 1]);
    let (year, month, day) = (two(0) * 100 + two(2), two(5), two(8));
    let (hour, minute, second) = (two(11), two(14), two(17));
    if !is_right || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let date = Date::new(year as i16, month as i8, day as i8).ok()?;
    Timestamp::new(days_since_1970(date) * 86_400 + i64::from(hour * 3600 + minute * 60 + second), nanosecond).ok()
}

/// 1, 10, 100 and so on.
const TENS: [i32; 10] = {
    let mut tens = [1; 10];
    let mut power = 1;
    while power < 10 {
        tens[power] = tens[power - 1] * 10;
        power += 1;
    }
    tens
};

/// Howard Hinnant's `days_from_civil` (<https://howardhinnant.github.io/date_algorithms.html>), for years from 0.
fn days_since_1970(date: Date) -> i64 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    // Years begin in March, so that the leap day is their last, and 400 of them earlier, so that none is negative.
    let year = i32::from(date.year()) + 400 - i32::from(month <= 2);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    i64::from(year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468 - 146_097)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_way_reads_what_the_whole_parser_reads(second in -62_167_219_200_i64..253_402_207_200, nanosecond in 0..1_000_000_000, digits in 0..=9_usize) {
            let written = format!("{:.digits$}", Timestamp::new(second, nanosecond).unwrap());
            prop_assert_eq!(in_utc(written.as_bytes()), Some(written.parse().unwrap()), "{}", written);
        }

        #[test]
        fn the_short_way_reads_nothing_else(value in "20[0-9]{2}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,10})?(Z|z|\\+01:00|)") {
            if let Some(read) = in_utc(value.as_bytes()) {
                prop_assert_eq!(Ok(read), value.parse::<Timestamp>().map_err(|error| error.to_string()));
            }
        }
    }

    fn utc(value: &str, timezone: Option<&TimeZone>) -> String {
        read(value, timezone).unwrap().timestamp.to_string()
    }

    #[test]
    fn offsets_are_taken_as_they_are() {
        assert_eq!(utc("2026-01-15T12:00:00Z", None), "2026-01-15T12:00:00Z");
        assert_eq!(utc("2011-09-08T11:39:10+08:00", None), "2011-09-08T03:39:10Z");
        assert_eq!(utc("2026-01-15t12:00:00.5-05:30", None), "2026-01-15T17:30:00.5Z");
        assert_eq!(utc("2026-01-15T12:00:00.1234567899999+01:00", None), "2026-01-15T11:00:00.123456789Z");
        let berlin = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(utc("2026-01-15T12:00:00[America/New_York]", Some(&berlin)), "2026-01-15T17:00:00Z");
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
        for value in [
            "",
            "yesterday",
            "2026-01-15",
            "2026-13-01T00:00:00Z",
            "1768478400",
            "12:00:00",
            "2026-01-15T12:00:00[Nowhere]",
        ] {
            assert_eq!(read(value, Some(&TimeZone::UTC)).unwrap_err().reason, "not a date with a time", "{value}");
        }
    }
}
