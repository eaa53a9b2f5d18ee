//! A date of three numbers and a time: `16.08.17, 16:39:30`, `8/16/17, 4:39 PM`, `2017/8/16 下午4:39`.
//!
//! Which of the numbers is the day is not known from one such stamp: `order.rs` settles it from many. Digits of all scripts count,
//! invisible marks and kinds of spaces do not.

use super::cursor::Cursor;

/// A date and a time as they stand there, not yet interpreted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The three numbers of the date in their order.
    pub(super) date: [u16; 3],
    hour: u8,
    minute: u8,
    second: u8,
    half: Option<Half>,
    pub(crate) form: Form,
    /// Tells the word between date and time from others.
    pub(super) word: Option<u64>,
    /// Written as America does not: a zero before the day or the month, or the half of the day in small letters.
    pub(super) is_unamerican: bool,
}

/// Half of the day of a 12-hour clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Am,
    Pm,
    /// 中午: eleven to one o'clock.
    Noon,
}

/// What all stamps of one program have in common, however their numbers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Form {
    pub(crate) time_first: bool,
    /// Between the date's numbers.
    date_mark: char,
    /// Which of the date's numbers has four digits, if any.
    long_year: Option<u8>,
    /// A comma between date and time.
    comma: bool,
    /// A word between date and time, such as "klo".
    word: bool,
    pub(crate) seconds: bool,
    half: bool,
    half_first: bool,
}

impl Half {
    /// 0 to 23, of an hour up to 12.
    pub(super) fn hour_of_day(self, hour: u8) -> u8 {
        match (self, hour) {
            (Self::Am, 12) => 0,
            (Self::Am, hour) | (Self::Pm, hour @ 12) | (Self::Noon, hour @ 10..) => hour,
            (Self::Pm | Self::Noon, hour) => hour + 12,
        }
    }
}

impl Stamp {
    /// The stamp at the cursor, which then stands behind it. Vietnamese has the time before the date.
    pub(crate) fn read(at: &mut Cursor<'_>, time_first: bool) -> Option<Self> {
        let (date, between, time);
        if time_first {
            time = read_time(at, None)?;
            between = read_between(at);
            if !between.parts || between.word.is_some() {
                return None;
            }
            date = read_date(at)?;
        } else {
            date = read_date(at)?;
            between = read_between(at);
            // Before the time at the latest, something parts it from the date.
            if !(between.parts || date.is_written_out()) {
                return None;
            }
            time = read_time(at, between.half)?;
        }
        let form = Form {
            time_first,
            date_mark: date.mark,
            long_year: date.long_year,
            comma: between.comma,
            word: between.word.is_some(),
            seconds: time.second.is_some(),
            half: time.half.is_some(),
            half_first: between.half.is_some(),
        };
        let Time { hour, minute, second, half, small_half } = time;
        let is_unamerican = date.zero_led || small_half;
        let second = second.unwrap_or(0);
        let word = between.word;
        Some(Self { date: date.numbers, hour, minute, second, half, form, word, is_unamerican })
    }

    /// A text that is a stamp and nothing else; a date alone is its first minute.
    pub(crate) fn whole(text: &str) -> Option<Self> {
        let whole = |text: &str, time_first| {
            let mut at = Cursor::at_start(text);
            at.spaces();
            let bracket = at.take('[');
            let stamp = Self::read(&mut at, time_first)?;
            at.spaces();
            ((!bracket || at.take(']')) && at.is_at_end()).then_some(stamp)
        };
        let midnight = || if text.contains(':') { None } else { whole(&format!("{text} 00:00"), false) };
        whole(text, false).or_else(|| whole(text, true)).or_else(midnight)
    }

    /// The date's numbers and the hour, minute and second.
    #[cfg(test)]
    pub(crate) fn parts(&self) -> Option<([u16; 3], (u8, u8, u8))> {
        Some((self.date, (self.hour_of_day()?, self.minute, self.second)))
    }

    /// The time of day; `None` where there is no such hour.
    pub(super) fn time(&self) -> Option<jiff::civil::Time> {
        let byte = |number: u8| i8::try_from(number).ok();
        jiff::civil::Time::new(byte(self.hour_of_day()?)?, byte(self.minute)?, byte(self.second)?, 0).ok()
    }

    /// Whether only a clock with twenty-four hours has such an hour.
    pub(super) fn is_past_noon(&self) -> bool {
        self.hour > 12
    }

    /// Whether the clock has twelve hours.
    pub(super) fn is_12_hour(&self) -> bool {
        self.form.half
    }

    /// 0 to 23; `None` where there is no such hour.
    fn hour_of_day(&self) -> Option<u8> {
        match (self.half, self.hour) {
            (_, 24..) => None,
            // Some phones write 00:08 a. m. and 13:05 p. m.
            (None, hour) | (Some(_), hour @ 13..) => Some(hour),
            (Some(half), hour) => Some(half.hour_of_day(hour)),
        }
    }
}

impl Form {
    pub(super) fn long_year(&self) -> Option<u8> {
        self.long_year
    }

    /// `2019-12-24, 12:23`.
    pub(crate) fn is_iso_without_seconds(&self) -> bool {
        self.date_mark == '-' && self.long_year == Some(0) && !self.seconds && !self.half
    }

    /// `2019-12-24 12:23:05`, `2019/12/24 12:23`.
    pub(crate) fn is_year_first(&self) -> bool {
        self.long_year == Some(0) && !self.half
    }

    /// Nothing between a date and its time, nor behind it.
    pub(crate) fn is_bare(&self) -> bool {
        !self.comma && !self.word && !self.half
    }

    /// China and Korea: the half of the day before the hour, and nothing else between date and time.
    pub(super) fn is_east_asian(&self) -> bool {
        self.half_first && !self.comma && !self.time_first
    }

    /// US English: slashes, short years, twelve hours.
    pub(super) fn is_american(&self) -> bool {
        self.date_mark == '/' && self.half && !self.half_first && self.long_year.is_none()
    }
}

struct Day {
    numbers: [u16; 3],
    mark: char,
    long_year: Option<u8>,
    /// A number below ten has two digits, the year apart.
    zero_led: bool,
}

impl Day {
    fn is_written_out(&self) -> bool {
        matches!(self.mark, '年' | '년')
    }
}

fn read_date(at: &mut Cursor<'_>) -> Option<Day> {
    let (a, a_digits) = at.number(4)?;
    let mark = at.date_mark()?;
    let (b, b_digits) = at.number(4)?;
    if at.date_mark()? != mark && !matches!(mark, '年' | '년') {
        return None;
    }
    let (c, c_digits) = at.number(4)?;
    let long = [a_digits, b_digits, c_digits].map(|digits| digits == 4);
    // A number of three digits is part of no date.
    if [a_digits, b_digits, c_digits].contains(&3) || long[1] || (long[0] && long[2]) {
        return None;
    }
    let long_year = long.iter().position(|long| *long).and_then(|index| u8::try_from(index).ok());
    let _ = at.take('.') || at.take('日') || at.take('일');
    // Bulgarian writes "year" behind it, and whoever counts otherwise than Gregor the era.
    let _ = ["г.", "BE", "AH", "AP", "هـ"].iter().any(|word| at.literal(word));
    let zero_led = [(a, a_digits), (b, b_digits)].into_iter().any(|(number, digits)| digits == 2 && number < 10);
    Some(Day { numbers: [a, b, c], mark, long_year, zero_led })
}

/// What stands between date and time.
struct Between {
    /// Whether a space, a comma or half of the day parts them.
    parts: bool,
    comma: bool,
    /// Such as "klo".
    word: Option<u64>,
    half: Option<Half>,
}

fn read_between(at: &mut Cursor<'_>) -> Between {
    let mut spaced = at.spaces();
    let comma = at.take(',') || at.take('،') || at.take('、');
    spaced |= at.spaces();
    let half = at.half();
    let before = at.rest();
    let has_word = half.is_none() && at.word();
    let word = has_word.then(|| xxhash_rust::xxh3::xxh3_64(&before.as_bytes()[..before.len() - at.rest().len()]));
    let parts = spaced || comma || half.is_some();
    at.spaces();
    let half = half.or_else(|| if has_word { at.half() } else { None });
    at.spaces();
    Between { parts, comma, word, half }
}

struct Time {
    hour: u8,
    minute: u8,
    second: Option<u8>,
    half: Option<Half>,
    /// "pm" and not "PM".
    small_half: bool,
}

fn read_time(at: &mut Cursor<'_>, half_before: Option<Half>) -> Option<Time> {
    // Basque has the time in brackets.
    let bracket = at.take('(');
    let (hour, _) = at.number(2)?;
    let mark = at.time_mark()?;
    let (minute, minute_digits) = at.number(2)?;
    let second = at.seconds();
    let before_half = at.rest();
    let half = half_before.or_else(|| at.half_after());
    let small_half = before_half[..before_half.len() - at.rest().len()].contains(char::is_lowercase);
    // "o'clock", as Bulgarian, German and Thai have it.
    let _ = at.literal("ч.") || at.literal("Uhr") || at.literal("น.");
    if bracket && !at.take(')') {
        return None;
    }
    // Yoruba has 15:4:5.
    if (minute_digits != 2 && mark != ':') || minute > 59 || second.is_some_and(|second| second > 59) {
        return None;
    }
    let byte = |number: u16| u8::try_from(number).ok();
    Some(Time { hour: byte(hour)?, minute: byte(minute)?, second: second.and_then(byte), half, small_half })
}
