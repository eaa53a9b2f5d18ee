//! Years that phones count otherwise: Thailand's Buddhist era, Iran's solar year and Arabia's lunar one.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::order::Years;

/// The Buddhist era is ahead by so many years; months and days are the same.
pub(super) const BUDDHIST: u16 = 543;
/// Iran's years in which a message can have been sent: 1388 began in 2009, and 1430 begins in 2051,
const IRAN: std::ops::RangeInclusive<u16> = 1388..=1429;
/// when Arabia's of that number began in 2008.
const ARABIA: std::ops::RangeInclusive<u16> = 1430..=1460;
/// Which months of each of these years have 30 days and not 29, the first as the lowest bit: Umm al-Qura's calendar, as ICU has it.
const LONG_MONTHS: [u16; 31] = [
    0xaa6, 0x956, 0x2ae, 0x56d, 0x36a, 0xb55, 0xaaa, 0x94d, 0x49d, 0x95d, 0x2ba, 0x5b5, 0x5aa, 0xd55, 0xa9a, 0x92e,
    0x26e, 0x55d, 0xada, 0x6d4, 0x6a5, 0xb27, 0xa4d, 0x4ad, 0x56d, 0xb5a, 0x754, 0xf49, 0xe92, 0xd26, 0xa56,
];
/// A year of two digits from here on is none of ours for decades, and 2552 of the Buddhist era was 2009.
const SHORT_BUDDHIST: std::ops::RangeInclusive<u16> = 52..=92;

/// The day, if its year is one in which a message can have been sent.
pub(super) fn day(year: u16, month: u16, day: u16, years: Years) -> Option<Date> {
    let year = match year {
        0..=99 if SHORT_BUDDHIST.contains(&year) => 2500 + year - BUDDHIST,
        0..=99 => 2000 + year,
        year if IRAN.contains(&year) => return iran(year, month, day),
        year if ARABIA.contains(&year) => return arabia(year, month, day),
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

fn arabia(year: u16, month: u16, day: u16) -> Option<Date> {
    let years = LONG_MONTHS.get(..=usize::from(year - ARABIA.start()))?;
    let (this, earlier) = years.split_last()?;
    let length = |year: u16, month: u16| 29 + (year >> (month - 1) & 1);
    if !(1..=12).contains(&month) || !(1..=length(*this, month)).contains(&day) {
        return None;
    }
    let whole_years: u16 = earlier.iter().flat_map(|year| (1..=12).map(|month| length(*year, month))).sum();
    let months: u16 = (1..month).map(|month| length(*this, month)).sum();
    date(2008, 12, 29).checked_add(i64::from(whole_years + months + day - 1).days()).ok()
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
    fn thai_iranian_and_arabian_years_are_told_from_ours() {
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
            // Arabia's by ICU's `islamic-umalqura`.
            ((1430, 1, 1), Some("2008-12-29")),
            ((1445, 5, 6), Some("2023-11-20")),
            ((1447, 12, 29), Some("2026-06-15")),
            ((1460, 1, 1), Some("2038-02-06")),
            ((1445, 5, 30), None),
            ((1445, 13, 1), None),
            ((2071, 1, 1), None),
            ((2000, 1, 1), None),
        ] {
            assert_eq!(read(written.0, written.1, written.2).as_deref(), expected, "{written:?}");
        }
    }
}
