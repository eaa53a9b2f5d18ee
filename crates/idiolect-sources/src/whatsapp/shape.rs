//! What the headers of an export look like, and which of a date's numbers is the day: settled from all of it.

use std::collections::{BTreeMap, BTreeSet};

use idiolect_dataset::SourceError;
use jiff::civil::{Date, DateTime};

use super::calendar;
use super::header::{self, Form, Header};
use crate::export::{Entry, Export};

/// The share of all headers from which on a form is one of the export's own though no chat begins with it: chats that were put
/// behind one another. Lines pasted into messages are fewer,
const OWN_SHARE: u64 = 4;
/// and so few headers are no share of anything.
const OWN_HEADERS: u64 = 5;

/// Years in which a message can have been sent: WhatsApp is from 2009, and phones whose clocks stood still say 2000 or 1970.
const YEARS: Years = Years { first: 2009, last: 2069 };

/// Years that a date can have; of two orders that give a date, one may give none in these.
#[derive(Clone, Copy)]
pub(crate) struct Years {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

/// The order of a date's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
    YearDayMonth,
}

const ORDERS: [Order; 4] = [Order::DayMonthYear, Order::MonthDayYear, Order::YearMonthDay, Order::YearDayMonth];

impl Order {
    pub(crate) fn date(self, numbers: [u16; 3], years: Years) -> Option<Date> {
        let [a, b, c] = numbers;
        let (year, month, day) = match self {
            Self::DayMonthYear => (c, b, a),
            Self::MonthDayYear => (c, a, b),
            Self::YearMonthDay => (a, b, c),
            Self::YearDayMonth => (a, c, b),
        };
        calendar::day(year, month, day, years)
    }

    /// Whether the year can stand where this order has it.
    fn fits(self, form: &Form) -> bool {
        match form.long_year() {
            None => self != Self::YearDayMonth,
            Some(0) => matches!(self, Self::YearMonthDay | Self::YearDayMonth),
            Some(_) => matches!(self, Self::DayMonthYear | Self::MonthDayYear),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::DayMonthYear => "day, month, year",
            Self::MonthDayYear => "month, day, year",
            Self::YearMonthDay => "year, month, day",
            Self::YearDayMonth => "year, day, month",
        }
    }
}

/// The forms of an export's headers, with the order of their dates.
pub(super) struct Shapes {
    own: BTreeMap<Form, Settled>,
    /// All forms seen, also those of pasted lines.
    others: BTreeMap<Form, Settled>,
}

#[derive(Clone, Copy)]
pub(crate) struct Settled {
    pub(crate) order: Order,
    pub(crate) count: u64,
    by: By,
    is_12_hour: bool,
}

/// What settled an order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The year's place, or a number that can only be a day.
    Dates,
    /// Messages come in order of time.
    Sequence,
    /// Messages come in days and weeks, and not on the same day of each month or year.
    Nearness,
    /// Nothing: what is usual with such headers.
    Custom,
}

impl Shapes {
    /// Reads the headers of all `entries`.
    pub(super) fn learn(export: &Export, entries: &[&Entry]) -> Result<Self, SourceError> {
        let mut tallies: BTreeMap<Form, Tally> = BTreeMap::new();
        let mut first_forms: BTreeSet<Form> = BTreeSet::new();
        for entry in entries {
            let mut is_first = true;
            for tally in tallies.values_mut() {
                tally.previous = [None; 4];
            }
            let mut lines = export.lines(entry)?;
            while let Some(line) = lines.next_line()? {
                if let Some(header) = header::parse(line.text) {
                    if std::mem::take(&mut is_first) {
                        first_forms.insert(header.form);
                    }
                    tallies.entry(header.form).or_insert_with(|| Tally::new(YEARS)).note(&header);
                }
            }
        }
        let all: u64 = tallies.values().map(|tally| tally.count).sum();
        let is_own =
            |form: &Form, count: u64| first_forms.contains(form) || (count >= OWN_HEADERS && count * OWN_SHARE > all);
        let settled = tallies.into_iter().map(|(form, tally)| (form, tally.settle(&form)));
        let (own, others) = settled.partition(|(form, settled)| is_own(form, settled.count));
        Ok(Self { own, others })
    }

    /// Whether headers of this form are the export's own.
    pub(super) fn is_own(&self, header: &Header) -> bool {
        self.own.contains_key(&header.form)
    }

    /// When the header says; `None` where the calendar has no such day.
    pub(super) fn time(&self, header: &Header) -> Option<DateTime> {
        let settled = self.own.get(&header.form).or_else(|| self.others.get(&header.form))?;
        let date = settled.order.date(header.date, YEARS)?;
        let hour = i8::try_from(header.hour_of_day()?).ok()?;
        Some(date.at(hour, i8::try_from(header.minute).ok()?, i8::try_from(header.second).ok()?, 0))
    }

    /// How ambiguous dates and clocks were read, for the report.
    pub(super) fn notes(&self) -> Vec<String> {
        self.own.values().map(Settled::note).collect()
    }
}

impl Settled {
    /// How the dates were read, for the report.
    pub(crate) fn note(&self) -> String {
        let by = match self.by {
            By::Dates => "as the dates themselves show",
            By::Sequence => "as only so the messages come in order of time",
            By::Nearness => "as only so the messages lie near one another",
            By::Custom => "which nothing in the export settles: it is what is usual with such dates",
        };
        let clock = if self.is_12_hour { "12" } else { "24" };
        format!("Dates were read as {}, {by}; the clock has {clock} hours.", self.order.words())
    }
}

/// What the headers of one form say for and against each order.
pub(crate) struct Tally {
    years: Years,
    count: u64,
    is_12_hour: bool,
    is_unamerican: bool,
    /// Dates that exist, by order.
    valid: [u64; 4],
    /// Steps back in time, by order.
    back: [u64; 4],
    previous: [Option<Date>; 4],
    /// The earliest and the latest date, by order.
    span: [Option<(Date, Date)>; 4],
    /// How often a date follows that is not the one before.
    changes: u64,
    last: [u16; 3],
}

/// Dates from which on it tells in which order they lie near one another,
const TELLING_CHANGES: u64 = 2;
/// and how many times nearer than in the usual order they have to.
const NEARER: i64 = 7;

impl Tally {
    pub(crate) fn new(years: Years) -> Self {
        Self {
            years,
            count: 0,
            is_12_hour: false,
            is_unamerican: false,
            valid: [0; 4],
            back: [0; 4],
            previous: [None; 4],
            span: [None; 4],
            changes: 0,
            last: [0; 3],
        }
    }

    pub(crate) fn note(&mut self, header: &Header) {
        self.count += 1;
        self.is_12_hour |= header.is_12_hour();
        self.is_unamerican |= header.is_unamerican;
        self.changes += u64::from(self.count > 1 && self.last != header.date);
        self.last = header.date;
        for (index, order) in ORDERS.into_iter().enumerate() {
            let Some(date) = order.date(header.date, self.years) else { continue };
            self.valid[index] += 1;
            self.back[index] += u64::from(self.previous[index].is_some_and(|previous| date < previous));
            self.previous[index] = Some(date);
            let (first, last) = self.span[index].unwrap_or((date, date));
            self.span[index] = Some((first.min(date), last.max(date)));
        }
    }

    pub(crate) fn settle(&self, form: &Form) -> Settled {
        // What is usual comes first, so that it wins where nothing else tells.
        let usual = match form.long_year() {
            Some(0) => [2, 3, 0, 1],
            None if form.is_east_asian() => [2, 0, 1, 3],
            _ if form.is_american() && !self.is_unamerican => [1, 0, 2, 3],
            _ => [0, 1, 2, 3],
        };
        let fitting: Vec<usize> = usual.into_iter().filter(|index| ORDERS[*index].fits(form)).collect();
        let best_valid = fitting.iter().map(|index| self.valid[*index]).max().unwrap_or(0);
        let valid: Vec<usize> = fitting.into_iter().filter(|index| self.valid[*index] == best_valid).collect();
        let least_back = valid.iter().map(|index| self.back[*index]).min().unwrap_or(0);
        let ordered: Vec<usize> = valid.iter().copied().filter(|index| self.back[*index] == least_back).collect();
        let usual = ordered.first().copied().unwrap_or(0);
        let nearest = ordered.iter().copied().min_by_key(|index| self.days(*index)).unwrap_or(usual);
        let is_nearer = self.changes >= TELLING_CHANGES && self.days(usual) > self.days(nearest) * NEARER;
        let (index, by) = match (valid.len(), ordered.len()) {
            (1, _) => (usual, By::Dates),
            (_, 1) => (usual, By::Sequence),
            _ if is_nearer => (nearest, By::Nearness),
            _ => (usual, By::Custom),
        };
        let order = ORDERS[index];
        Settled { order, count: self.count, by, is_12_hour: self.is_12_hour }
    }

    /// From the earliest date to the latest, both counted.
    fn days(&self, index: usize) -> i64 {
        self.span[index].map_or(i64::MAX / NEARER, |(first, last)| i64::from((last - first).get_days()) + 1)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn learn(lines: &[&str]) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x.txt"), lines.join("\n")).unwrap();
        let export = Export::open(folder.path()).unwrap();
        let entries: Vec<&Entry> = export.entries().iter().collect();
        let shapes = Shapes::learn(&export, &entries).unwrap();
        let times = lines
            .iter()
            .filter_map(|line| header::parse(line))
            .map(|header| shapes.time(&header).map_or("none".into(), |time| time.to_string()))
            .collect();
        (times, shapes.notes())
    }

    #[test]
    fn a_day_above_twelve_settles_the_order_for_all() {
        let (times, notes) = learn(&["3/4/23, 10:00 - A: x", "3/13/23, 10:00 - A: x"]);
        assert_eq!(times, ["2023-03-04T10:00:00", "2023-03-13T10:00:00"]);
        assert_eq!(
            notes,
            ["Dates were read as month, day, year, as the dates themselves show; the clock has 24 hours."]
        );
        assert_eq!(learn(&["3/4/23, 10:00 - A: x", "13/4/23, 10:00 - A: x"]).0[0], "2023-04-03T10:00:00");
    }

    #[test]
    fn without_one_the_sequence_does() {
        let (times, notes) = learn(&["1/2/23, 10:00 - A: x", "2/1/23, 10:00 - A: x", "3/1/23, 10:00 - A: x"]);
        assert_eq!(times[1], "2023-02-01T10:00:00");
        assert!(notes[0].contains("in order of time"), "{notes:?}");
    }

    #[test]
    fn and_without_that_custom_which_is_said() {
        let (times, notes) = learn(&["1/2/23, 10:00 - A: x"]);
        assert_eq!(times, ["2023-02-01T10:00:00"]);
        assert!(notes[0].contains("nothing in the export settles"), "{notes:?}");
        assert_eq!(learn(&["1/2/23, 10:00 PM - A: x"]).0, ["2023-01-02T22:00:00"]);
        assert_eq!(learn(&["1/2/23, 10:00 pm - A: x"]).0, ["2023-02-01T22:00:00"]);
        assert_eq!(learn(&["01/02/23, 10:00 PM - A: x"]).0, ["2023-02-01T22:00:00"]);
        assert_eq!(learn(&["2023/1/2, 10:00 - A: x"]).0, ["2023-01-02T10:00:00"]);
    }

    #[test]
    fn dates_lie_near_one_another() {
        let lines = ["1/2/23, 10:00 PM - A: x", "2/2/23, 10:00 PM - A: x", "3/2/23, 10:00 PM - A: x"];
        let (times, notes) = learn(&lines);
        assert_eq!(times[2], "2023-02-03T22:00:00");
        assert!(notes[0].contains("near one another"), "{notes:?}");
        // Two dates tell nothing, and neither do some weeks.
        assert_eq!(learn(&lines[..2]).0[1], "2023-02-02T22:00:00");
        let weeks = ["1/2/23, 10:00 PM - A: x", "1/9/23, 10:00 PM - A: x", "2/6/23, 10:00 PM - A: x"];
        assert_eq!(learn(&weeks).0[1], "2023-01-09T22:00:00");
        let korean = ["23. 4. 13. 오후 1:07 - A: x", "23. 4. 14. 오후 1:07 - A: x"];
        assert_eq!(learn(&korean).0[1], "2023-04-14T13:07:00");
        let year_first = ["23/4/13, 13:07 - A: x", "23/4/14, 13:07 - A: x", "23/4/25, 13:07 - A: x"];
        assert_eq!(learn(&year_first).0[2], "2023-04-25T13:07:00");
    }

    #[test]
    fn short_years_may_come_first() {
        let lines = ["18. 6. 30. 오후 8:28 - A: x", "18. 7. 1. 오후 8:28 - A: x", "18. 7. 31. 오후 8:28 - A: x"];
        assert_eq!(learn(&lines).0[0], "2018-06-30T20:28:00");
    }
}
