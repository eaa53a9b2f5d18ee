//! Years that phones count otherwise: Thailand's Buddhist era and Iran's solar year.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::order::Years;

/// The Buddhist era is ahead by so many years; months and days are the same.
pub(super) const BUDDHIST: u16 = 543;
/// Iran's years in which a message can have been sent: 1388 began in 2009.
const IRAN: std::ops::RangeInclusive<u16> = 1388..=1448;
/// A year of two digits from here on is none of ours for decades, and 2552 of the Buddhist era was 2009.
const SHORT_BUDDHIST: std::ops::RangeInclusive<u16> = 52..=92;

/// The day, if its year is one in which a message can have been sent.
pub(super) fn day(year: u16, month: u16, day: u16, years: Years) -> Option<Date> {
    let year = match year {
        0..=99 if SHORT_BUDDHIST.contains(&year) => 2500 + year - BUDDHIST,
        0..=99 => 2000 + year,
        year if IRAN.contains(&year) => return iran(year, month, day),
        year if year > years.first + BUDDHIST => year - BUDDHIST,
        year => year,
    };
    if year < years.first || year > years.last {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Six months of 31 days, five of 30, and a last one whose length the next new year settles.
fn iran(year: u16, month: u16, day: u16) -> Option<Date> {
    let (month, day) = (i64::from(month), i64::from(day));
    let length = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => (new_year(year + 1) - new_year(year)) - 336,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let before = (month - 1) * 30 + (month - 1).min(6);
    let since = new_year(year) - new_year(1403) + before + day - 1;
    date(2024, 3, 20).checked_add(since.days()).ok()
}

/// Days from a fixed day to the first of a year: eight leap years in 33, which holds from 1206 to 1498.
fn new_year(year: u16) -> i64 {
    let year = i64::from(year) + 1595;
    365 * year + year / 33 * 8 + (year % 33 + 3) / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(year: u16, month: u16, of_month: u16) -> Option<String> {
        day(year, month, of_month, Years { first: 2009, last: 2069 }).map(|date| date.to_string())
    }

    #[test]
    fn thai_and_iranian_years_are_told_from_ours() {
        // Iranian dates by Python's `persiantools`.
        for (written, expected) in [
            ((2561, 6, 13), Some("2018-06-13")),
            ((61, 6, 13), Some("2018-06-13")),
            ((18, 6, 13), Some("2018-06-13")),
            ((1388, 1, 1), Some("2009-03-21")),
            ((1397, 3, 23), Some("2018-06-13")),
            ((1399, 12, 30), Some("2021-03-20")),
            ((1400, 1, 1), Some("2021-03-21")),
            ((1403, 12, 30), Some("2025-03-20")),
            ((1404, 7, 30), Some("2025-10-22")),
            ((1404, 12, 30), None),
            ((1404, 7, 31), None),
            ((1404, 13, 1), None),
            ((2071, 1, 1), None),
            ((2000, 1, 1), None),
        ] {
            assert_eq!(read(written.0, written.1, written.2).as_deref(), expected, "{written:?}");
        }
    }
}
