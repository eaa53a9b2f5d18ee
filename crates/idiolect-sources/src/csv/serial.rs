//! Times as a spreadsheet counts them: days since 1899-12-30 or 1904-01-01, their fraction the time of day.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, date};

/// The day from which days are counted. The numbers do not tell which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Calendar {
    From1899,
    /// Of Excel for the Mac once, and of workbooks that were begun there.
    From1904,
}

impl Calendar {
    /// What is said for `--csv time-format=`, as where a table has whole days only, which may be anything's numbers.
    pub(super) fn named(format: &str) -> Option<Self> {
        match format {
            "excel" => Some(Self::From1899),
            "excel1904" => Some(Self::From1904),
            _ => None,
        }
    }

    const fn start(self) -> Date {
        match self {
            Self::From1899 => date(1899, 12, 30),
            Self::From1904 => date(1904, 1, 1),
        }
    }
}

/// 1990 to 2069, as for other times.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2069;
const DAY: f64 = 86_400_000.0;

/// `45335.8854`, `45335,8854` as some languages write it, `45335`, or the two parts in two columns.
pub(super) fn read(time: &str, calendar: Calendar) -> Option<DateTime> {
    let mut parts = time.split_whitespace();
    let days = number(parts.next()?)?;
    let of_day =
        parts.next().map_or(Some(0.0), |part| number(part).filter(|part| *part < 1.0 && has_time_of_day(time)))?;
    if parts.next().is_some() || days.trunc() < 10_000.0 {
        return None;
    }
    // To the millisecond: what a spreadsheet keeps is a little off.
    let millis = SignedDuration::from_millis(((days + of_day) * DAY).round() as i64);
    let at = calendar.start().at(0, 0, 0, 0).checked_add(millis).ok()?;
    YEARS.contains(&at.year()).then_some(at)
}

/// Whether a number is more than a whole day, as no number of another kind would be.
pub(super) fn has_time_of_day(time: &str) -> bool {
    time.contains(['.', ','])
}

/// Digits with at most one mark among them; at most 5 before it, as the days of our time have.
fn number(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.len() <= 20 && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() > 5 || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    format!("{whole}.{fraction}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_since_1899_are_read_to_the_second() {
        // By Python: `date(2017, 6, 15) - date(1899, 12, 30)` is 42901 days, and 17:56:04 is 64564 / 86400 of one.
        for (time, expected) in [
            ("42901.7472685185", Some("2017-06-15T17:56:04")),
            ("42901,7472685185", Some("2017-06-15T17:56:04")),
            ("42901 0.7472685185", Some("2017-06-15T17:56:04")),
            ("42901", Some("2017-06-15T00:00:00")),
            ("32874.5", Some("1990-01-01T12:00:00")),
            ("32873.5", None),
            ("62094.5", None),
            ("142901.5", None),
            ("4290.5", None),
            ("42901.5.5", None),
            ("42901 17", None),
            ("42901 1.5", None),
            ("42901.", None),
            ("-42901.5", None),
            ("4e4", None),
            ("", None),
        ] {
            assert_eq!(read(time, Calendar::From1899).map(|at| at.to_string()).as_deref(), expected, "{time}");
        }
        // 1,462 days lie between the two beginnings.
        let later = read("41439.7472685185", Calendar::From1904).map(|at| at.to_string());
        assert_eq!(later.as_deref(), Some("2017-06-15T17:56:04"));
    }
}
