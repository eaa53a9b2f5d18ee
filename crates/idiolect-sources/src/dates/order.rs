//! Which of a date's numbers is the day: settled from all dates of a store, and said.

use jiff::civil::{Date, DateTime};

use super::calendar;
use super::numbers::{Form, Stamp};

/// Years that a date can have; of two orders that give a date, one may give none in these.
#[derive(Clone, Copy)]
pub(crate) struct Years {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

/// The order of a date's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
    YearDayMonth,
}

const ORDERS: [Order; 4] = [Order::DayMonthYear, Order::MonthDayYear, Order::YearMonthDay, Order::YearDayMonth];

impl Order {
    fn date(self, numbers: [u16; 3], years: Years) -> Option<Date> {
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

#[derive(Clone, Copy)]
pub(crate) struct Settled {
    order: Order,
    pub(crate) count: u64,
    by: By,
    is_12_hour: bool,
    has_unknown_halves: bool,
}

/// What settled an order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// The year's place, or a number that can only be a day.
    Dates,
    /// Messages come in order of time.
    Sequence,
    /// Messages come in days and weeks, and not on the same day of each month or year.
    Nearness,
    /// Nothing: what is usual with such dates.
    Custom,
}

impl Settled {
    /// When the stamp says; `None` where the calendar or the clock has no such time.
    pub(crate) fn time(&self, stamp: &Stamp, years: Years) -> Option<DateTime> {
        Some(self.order.date(stamp.date, years)?.to_datetime(stamp.time()?))
    }

    /// The same of a stamp whose year was left out where it stands and is put last: day and month are in the order of whole dates.
    pub(crate) fn time_in_year(&self, stamp: &Stamp, years: Years) -> Option<DateTime> {
        let order = match self.order {
            Order::DayMonthYear | Order::YearDayMonth => Order::DayMonthYear,
            Order::MonthDayYear | Order::YearMonthDay => Order::MonthDayYear,
        };
        Self { order, ..*self }.time(stamp, years)
    }

    /// How the dates were read, for the report.
    pub(crate) fn note(&self) -> String {
        let by = match self.by {
            By::Dates => "as the dates themselves show",
            By::Sequence => "as only so the messages come in order of time",
            By::Nearness => "as only so the messages lie near one another",
            By::Custom => {
                "a guess by what is usual with such dates: nothing in the export settles it, as a longer one would"
            }
        };
        let clock = if self.is_12_hour { "12" } else { "24" };
        let halves = match self.has_unknown_halves {
            true => {
                ", unless the words before the hour, which are not known, tell halves of the day: then some times are twelve hours early"
            }
            false => "",
        };
        format!("Dates were read as {}, {by}; the clock has {clock} hours{halves}.", self.order.words())
    }
}

/// What the stamps of one form say for and against each order.
pub(crate) struct Tally {
    years: Years,
    pub(crate) count: u64,
    is_12_hour: bool,
    is_unamerican: bool,
    is_past_noon: bool,
    /// Up to two of the words between date and time.
    words: [Option<u64>; 2],
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
            is_past_noon: false,
            words: [None; 2],
            valid: [0; 4],
            back: [0; 4],
            previous: [None; 4],
            span: [None; 4],
            changes: 0,
            last: [0; 3],
        }
    }

    /// What follows is another file, whose first date may lie before the last one of this.
    pub(crate) fn begin_anew(&mut self) {
        self.previous = [None; 4];
    }

    pub(crate) fn note(&mut self, stamp: &Stamp) {
        self.count += 1;
        self.is_12_hour |= stamp.is_12_hour();
        self.is_unamerican |= stamp.is_unamerican;
        self.is_past_noon |= stamp.is_past_noon();
        if !self.words.contains(&stamp.word)
            && let Some(free) = self.words.iter_mut().find(|word| word.is_none())
        {
            *free = stamp.word;
        }
        self.changes += u64::from(self.count > 1 && self.last != stamp.date);
        self.last = stamp.date;
        for (index, order) in ORDERS.into_iter().enumerate() {
            let Some(date) = order.date(stamp.date, self.years) else { continue };
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
        let has_unknown_halves = self.words[1].is_some() && !self.is_12_hour && !self.is_past_noon;
        Settled { order, count: self.count, by, is_12_hour: self.is_12_hour, has_unknown_halves }
    }

    /// From the earliest date to the latest, both counted.
    fn days(&self, index: usize) -> i64 {
        self.span[index].map_or(i64::MAX / NEARER, |(first, last)| i64::from((last - first).get_days()) + 1)
    }
}
