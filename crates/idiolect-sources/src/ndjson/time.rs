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
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i32::from(digit - b'0')))
    };
    let (time, rest) = value.split_at_checked(19)?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if !marks.iter().all(|&(at, mark)| time[at] == mark) {
        return None;
    }
    let fraction = match rest {
        b"Z" => &[],
        [b'.', fraction @ .., b'Z'] if (1..=9).contains(&fraction.len()) => fraction,
        _ => return None,
    };
    let nanosecond = number(fraction)? * 10_i32.pow(9 - fraction.len() as u32);
    let (year, month, day) = (number(&time[..4])?, number(&time[5..7])?, number(&time[8..10])?);
    let (hour, minute, second) = (number(&time[11..13])?, number(&time[14..16])?, number(&time[17..])?);
    let small = |number: i32| i8::try_from(number).ok();
    let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_since_1970(date);
    Timestamp::new(days * 86_400 + i64::from(hour * 3600 + minute * 60 + second), nanosecond).ok()
}

/// Howard Hinnant's `days_from_civil` (<https://howardhinnant.github.io/date_algorithms.html>), for years from 0.
fn days_since_1970(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    // Years begin in March, so that the leap day is their last.
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
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
