//! How a table writes its times: one way for the whole of it, the one that reads most of them.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::fmt::{rfc2822, strtime};
use jiff::{Timestamp, Zoned};

use super::serial::{self, Calendar};
use crate::dates::{Form, Settled, Stamp, Tally, Years, prose};
use crate::reading::Sent;

/// Texting began in 1992.
const YEARS: Years = Years { first: 1990, last: 2069 };

/// 2001 in seconds since 1970.
const APPLE: i64 = 978_307_200;

/// With names of months, in English.
const NAMED: &[&str] = &[
    "%b %d, %Y, %I:%M:%S %p",
    "%b %d, %Y, %I:%M %p",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M:%S %p",
    "%B %d, %Y %I:%M %p",
    "%B %d, %Y at %I:%M %p",
    "%b %d, %Y %H:%M:%S",
    "%b %d, %Y %H:%M",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    // Oracle's own.
    "%d-%b-%y %I.%M.%S %p",
    "%a %b %d %H:%M:%S %Y",
];

/// A way of writing times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// RFC 3339 and its kin, with an offset.
    Offset,
    /// The same without.
    Iso,
    /// A number since 1970, in seconds, thousandths, millionths or billionths.
    Epoch(u8),
    /// The same since 2001, as Apple counts, in seconds or billionths.
    Apple(u8),
    Mail,
    Named(usize),
    /// The same in other languages, and with names of days.
    Prose,
    /// The same with an offset, or in UTC.
    ProseOffset,
    /// Days as a spreadsheet counts them.
    Serial,
    /// As the options say.
    Given,
    /// A date of numbers and a time, in local orders.
    Numbers(Form),
}

/// Which ways read how many of the times.
#[derive(Default)]
pub(super) struct TimeTally {
    given: Option<String>,
    counts: BTreeMap<Way, u64>,
    orders: BTreeMap<Form, Tally>,
    /// Some spreadsheet's day has a time of day.
    has_time_of_day: bool,
    rows: u64,
}

/// Why no way was settled on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsettled {
    Unknown,
    /// Whole numbers that may be a spreadsheet's days, or numbers of anything else.
    WholeDays,
}

/// The way that was settled on.
pub(super) struct Times {
    way: Way,
    given: Option<String>,
    settled: Option<Settled>,
    share: (u64, u64),
}

impl TimeTally {
    pub(super) fn new(given: Option<&str>) -> Self {
        Self { given: given.map(str::to_owned), ..Self::default() }
    }

    pub(super) fn note(&mut self, time: &str) {
        self.rows += 1;
        let time = time.trim();
        let way = match &self.given {
            Some(format) => given(time, format).map(|_| Way::Given),
            None => way_of(time),
        };
        let Some(way) = way else { return };
        *self.counts.entry(way).or_default() += 1;
        self.has_time_of_day |= way == Way::Serial && serial::has_time_of_day(time);
        if let (Way::Numbers(form), Some(stamp)) = (way, Stamp::whole(time)) {
            self.orders.entry(form).or_insert_with(|| Tally::new(YEARS)).note(&stamp);
        }
    }

    /// How many times some way reads.
    pub(super) fn readable(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The way of most of them, if that is most of all rows.
    pub(super) fn settle(self) -> Result<Times, Unsettled> {
        let most = self.counts.iter().max_by_key(|(_, count)| **count).map(|(way, count)| (*way, *count));
        // A table without rows has no times to read.
        let (way, count) = most.or((self.rows == 0).then_some((Way::Offset, 0))).ok_or(Unsettled::Unknown)?;
        if count * 2 < self.rows {
            return Err(Unsettled::Unknown);
        }
        if way == Way::Serial && !self.has_time_of_day {
            return Err(Unsettled::WholeDays);
        }
        let settled = match way {
            Way::Numbers(form) => self.orders.get(&form).map(|tally| tally.settle(&form)),
            _ => None,
        };
        Ok(Times { way, given: self.given, settled, share: (count, self.rows) })
    }
}

impl Times {
    pub(super) fn read(&self, time: &str) -> Sent {
        let time = time.trim();
        let read = match self.way {
            Way::Offset => offset(time).map(Sent::At),
            // What says its offset is read by it among others that do not.
            Way::Iso => offset(time).map(Sent::At).or_else(|| iso(time).map(Sent::Local)),
            Way::Epoch(unit) => epoch(time, unit, 0).map(Sent::At),
            Way::Apple(unit) => epoch(time, unit, APPLE).map(Sent::At),
            Way::Mail => mail(time).map(Sent::At),
            Way::Named(index) => {
                strtime::parse(NAMED[index], time).and_then(|parsed| parsed.to_datetime()).ok().map(Sent::Local)
            }
            Way::Prose => prose::with_offset(time).map(Sent::At).or_else(|| prose::local(time).map(Sent::Local)),
            Way::ProseOffset => prose::with_offset(time).map(Sent::At),
            Way::Given => self.given.as_deref().and_then(|format| given(time, format)),
            Way::Serial => serial::read(time, Calendar::From1899).map(Sent::Local),
            Way::Numbers(_) => self.numbers(time).map(Sent::Local),
        };
        read.unwrap_or(Sent::Unknown)
    }

    fn numbers(&self, time: &str) -> Option<DateTime> {
        self.settled.as_ref()?.time(&Stamp::whole(time)?, YEARS)
    }

    /// How the times were read, for the report.
    pub(super) fn note(&self) -> Option<String> {
        let way = match self.way {
            Way::Numbers(_) => return self.settled.as_ref().map(Settled::note),
            Way::Offset => "with their offsets",
            Way::Iso => "as year, month, day, without a zone",
            Way::Epoch(0) => "as seconds since 1970",
            Way::Epoch(3) => "as milliseconds since 1970",
            Way::Epoch(6) => "as microseconds since 1970",
            Way::Epoch(_) => "as nanoseconds since 1970",
            Way::Apple(0) => "as seconds since 2001",
            Way::Apple(_) => "as nanoseconds since 2001",
            Way::Mail => "as in e-mail",
            Way::Named(_) | Way::Prose => "with names of months, without a zone",
            Way::ProseOffset => "with names of months and their offsets",
            Way::Serial => {
                "as a spreadsheet's days since 1899-12-30, without a zone (if they lie four years early, say --csv \
                 time-format=excel1904)"
            }
            Way::Given => "in the format given",
        };
        (self.share.1 > 0).then(|| format!("Times were read {way}, {} of {}.", self.share.0, self.share.1))
    }
}

fn way_of(time: &str) -> Option<Way> {
    if offset(time).is_some() {
        return Some(Way::Offset);
    }
    if iso(time).is_some() {
        return Some(Way::Iso);
    }
    if let Some(unit) = unit(time) {
        // Before 2001 hardly anybody texted, and nobody kept it in a table: Apple's count begins then.
        let is_early = epoch(time, unit, 0).is_some_and(|at| at.as_second() < APPLE);
        return Some(if is_early && matches!(unit, 0 | 9) { Way::Apple(unit) } else { Way::Epoch(unit) });
    }
    if let Some(stamp) = Stamp::whole(time) {
        return Some(Way::Numbers(stamp.form));
    }
    if serial::read(time, Calendar::From1899).is_some() {
        return Some(Way::Serial);
    }
    if mail(time).is_some() {
        return Some(Way::Mail);
    }
    let named = time.contains(|c: char| c.is_ascii_alphabetic());
    let index = named.then(|| {
        NAMED.iter().position(|format| strtime::parse(format, time).and_then(|parsed| parsed.to_datetime()).is_ok())
    });
    let with_offset = || prose::with_offset(time).map(|_| Way::ProseOffset);
    index.flatten().map(Way::Named).or_else(with_offset).or_else(|| prose::local(time).map(|_| Way::Prose))
}

/// `2017-06-15T17:56:04.685Z`, and with a space, ` UTC`, ` +0200` or `+02`.
fn offset(time: &str) -> Option<Timestamp> {
    if !time.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // A zone in brackets, as Java writes it, says as much as an offset.
    let in_zone = || time.parse::<Zoned>().map(|zoned| zoned.timestamp());
    if let Ok(timestamp) = time.parse().or_else(|_| in_zone()) {
        return Some(timestamp);
    }
    let local = time.strip_suffix("UTC").or_else(|| time.strip_suffix("GMT")).or_else(|| time.strip_suffix('Z'));
    if let Some(local) = local {
        return iso(local.trim_end())?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    }
    let (local, zone) = time.rsplit_once(' ')?;
    zone.starts_with(['+', '-']).then(|| format!("{}{zone}", local.trim_end()).parse().ok()).flatten()
}

fn iso(time: &str) -> Option<DateTime> {
    let looks = time.len() >= 13 && time.as_bytes()[4] == b'-' && time.contains(':') && !time.contains('[');
    if looks || is_compact(time) { time.parse().ok() } else { None }
}

/// `20170615 175604`, the space a `T` as well.
fn is_compact(time: &str) -> bool {
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    time.split_once([' ', 'T']).is_some_and(|(date, time)| digits(date, 8) && digits(time, 6))
}

/// The decimal places by which a number since 1970 is larger than seconds, told by its size: from 1990 to 2100.
fn unit(time: &str) -> Option<u8> {
    let whole = time.split('.').next()?;
    let digits = whole.len();
    let is_number = time.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && time.matches('.').count() <= 1;
    match digits {
        9 | 10 if is_number => Some(0),
        12 | 13 if is_number => Some(3),
        15 | 16 if is_number => Some(6),
        18 | 19 if is_number => Some(9),
        _ => None,
    }
}

/// Since `from`, in seconds since 1970.
fn epoch(time: &str, unit: u8, from: i64) -> Option<Timestamp> {
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    let whole: i128 = whole.parse().ok()?;
    let nanos = whole.checked_mul(10_i128.pow(9_u32.checked_sub(u32::from(unit))?))?;
    let places: String = fraction.chars().chain("000000000".chars()).take(9 - usize::from(unit)).collect();
    let fraction: i128 = if places.is_empty() { 0 } else { places.parse().ok()? };
    let since = fraction + i128::from(from) * 1_000_000_000;
    Timestamp::from_nanosecond(nanos.checked_add(since)?).ok()
}

fn mail(time: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_zoned(time).ok().map(|zoned| zoned.timestamp())
}

fn given(time: &str, format: &str) -> Option<Sent> {
    if let Some(calendar) = Calendar::named(format) {
        return serial::read(time, calendar).map(Sent::Local);
    }
    let parsed = strtime::parse(format, time).ok()?;
    parsed.to_timestamp().map(Sent::At).or_else(|_| parsed.to_datetime().map(Sent::Local)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(times: &[&str], format: Option<&str>) -> (Vec<String>, Option<String>) {
        let mut tally = TimeTally::new(format);
        times.iter().for_each(|time| tally.note(time));
        let settled = tally.settle().unwrap();
        let shown = times.iter().map(|time| match settled.read(time) {
            Sent::At(at) => at.to_string(),
            Sent::Local(local) => local.to_string(),
            Sent::Unknown => "?".into(),
        });
        (shown.collect(), settled.note())
    }

    #[test]
    fn ways_of_writing_are_told_from_the_times() {
        for (time, expected) in [
            ("2017-06-15T17:56:04.685Z", "2017-06-15T17:56:04.685Z"),
            ("2017-06-15 17:56:04+02:00", "2017-06-15T15:56:04Z"),
            ("2017-06-15 17:56:04 +0200", "2017-06-15T15:56:04Z"),
            ("2017-06-15 17:56:04 UTC", "2017-06-15T17:56:04Z"),
            ("2017-06-15T17:56:04[Europe/Berlin]", "2017-06-15T15:56:04Z"),
            ("2017-06-15T17:56:04[Nowhere]", "?"),
            ("2017-06-15 17:56:04", "2017-06-15T17:56:04"),
            ("2017-06-15T17:56", "2017-06-15T17:56:00"),
            ("20170615 175604", "2017-06-15T17:56:04"),
            ("20170615T175604Z", "2017-06-15T17:56:04Z"),
            ("1497549364", "2017-06-15T17:56:04Z"),
            ("1497549364.685", "2017-06-15T17:56:04.685Z"),
            ("1497549364685", "2017-06-15T17:56:04.685Z"),
            ("1497549364685123", "2017-06-15T17:56:04.685123Z"),
            ("1497549364685123456", "2017-06-15T17:56:04.685123456Z"),
            ("519242164", "2017-06-15T17:56:04Z"),
            ("519242164.5", "2017-06-15T17:56:04.5Z"),
            ("519242164000000000", "2017-06-15T17:56:04Z"),
            ("15.06.2017 19:56:04", "2017-06-15T19:56:04"),
            ("6/15/2017 7:56 PM", "2017-06-15T19:56:00"),
            ("2017/06/15 19:56", "2017-06-15T19:56:00"),
            ("2017-06-15", "2017-06-15T00:00:00"),
            ("15.06.2017", "2017-06-15T00:00:00"),
            ("15.06.2017, 19:56 o'clock", "?"),
            ("Thu, 15 Jun 2017 19:56:04 +0200", "2017-06-15T17:56:04Z"),
            ("Jun 15, 2017 7:56:04 PM", "2017-06-15T19:56:04"),
            ("15 Jun 2017 19:56", "2017-06-15T19:56:00"),
            ("15 juin 2017 19:56:04", "2017-06-15T19:56:04"),
            ("Donnerstag, 15. Juni 2017 um 19:56", "2017-06-15T19:56:00"),
            ("15 de junio de 2017, 7:56:04 p. m.", "2017-06-15T19:56:04"),
            ("Thursday, June 15, 2017 7:56 PM", "2017-06-15T19:56:00"),
            ("42901.7472685185", "2017-06-15T17:56:04"),
            ("42901,7472685185", "2017-06-15T17:56:04"),
            ("see you at 19:56", "?"),
        ] {
            if expected == "?" {
                assert!(way_of(time).is_none(), "{time}");
            } else {
                assert_eq!(read(&[time], None).0, [expected], "{time}");
            }
        }
        assert_eq!(read(&["15|06|2017 19h56"], Some("%d|%m|%Y %Hh%M")).0, ["2017-06-15T19:56:00"]);
    }

    #[test]
    fn whole_numbers_are_a_spreadsheets_days_only_beside_others_or_if_that_is_said() {
        let (times, note) = read(&["42901", "42901.5"], None);
        assert_eq!(times, ["2017-06-15T00:00:00", "2017-06-15T12:00:00"]);
        let note = note.unwrap();
        assert!(
            note.contains("as a spreadsheet's days since 1899-12-30, without a zone (if they lie four years early"),
            "{note}"
        );
        assert!(note.ends_with(", 2 of 2."), "{note}");
        let mut whole = TimeTally::new(None);
        whole.note("42901");
        assert_eq!(whole.settle().err(), Some(Unsettled::WholeDays));
        assert_eq!(read(&["42901"], Some("excel")).0, ["2017-06-15T00:00:00"]);
        assert_eq!(read(&["41439"], Some("excel1904")).0, ["2017-06-15T00:00:00"]);
    }

    #[test]
    fn a_time_that_says_its_zone_is_read_by_it_among_others_that_do_not() {
        let (times, _) = read(&["2017-06-15 17:56", "2017-06-15 17:57", "2017-06-15 17:58:00+02:00"], None);
        assert_eq!(times, ["2017-06-15T17:56:00", "2017-06-15T17:57:00", "2017-06-15T15:58:00Z"]);
        for (time, expected) in [
            ("Thursday, June 15, 2017 at 5:56:04 PM UTC", "2017-06-15T17:56:04Z"),
            ("15 juin 2017 à 17:56:04 GMT", "2017-06-15T17:56:04Z"),
            ("Jun 15, 2017 5:56 PM GMT+2", "2017-06-15T15:56:00Z"),
            ("15 juin 2017 17:56 -05:30", "2017-06-15T23:26:00Z"),
        ] {
            let (times, note) = read(&[time], None);
            assert_eq!((times, note.unwrap().contains("their offsets")), (vec![expected.to_owned()], true), "{time}");
        }
        let (times, _) = read(&["15 juin 2017 17:56", "16 juin 2017 17:56", "17 juin 2017 17:56 +0200"], None);
        assert_eq!(times[2], "2017-06-17T15:56:00Z");
    }

    #[test]
    fn a_number_of_any_length_is_survived() {
        let most = i128::MAX.to_string();
        for usual in ["519242164", "519242164000000000", "1497549364", "1497549364685"] {
            for odd in [most.clone(), format!("{}.999999999", &most[..most.len() - 9])] {
                assert_eq!(read(&[usual, usual, &odd], None).0[2], "?", "{usual}, {odd}");
            }
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_settled_from_all_rows() {
        let (times, note) = read(&["3/4/2017 10:00", "3/14/2017 10:00", "odd"], None);
        assert_eq!(times, ["2017-03-04T10:00:00", "2017-03-14T10:00:00", "?"]);
        assert!(note.unwrap().contains("month, day, year, as the dates themselves show"));
    }
}
