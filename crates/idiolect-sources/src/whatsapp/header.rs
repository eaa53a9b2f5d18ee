//! What stands before a message: `[16.08.17, 16:39:30] Ana: `, `8/16/17, 4:39 PM - Ana: `, `2017/8/16 下午4:39 - Ana: `.
//!
//! A header is a date of three numbers, a time, and marks around them; which of the numbers is the day is not known from one
//! header. Digits of all scripts count, invisible marks and kinds of spaces do not.

use super::cursor::Cursor;

/// A header as it stands there, not yet interpreted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The three numbers of the date in their order.
    pub(crate) date: [u16; 3],
    pub(super) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
    pub(super) half: Option<Half>,
    pub(crate) form: Form,
    /// Written as America does not: a zero before the day or the month, or the half of the day in small letters.
    pub(super) is_unamerican: bool,
    /// Where in the line the rest begins, in bytes.
    pub(super) rest: usize,
}

/// Half of the day of a 12-hour clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    Am,
    Pm,
    /// 中午: eleven to one o'clock.
    Noon,
}

/// What all headers of one export have in common, however their numbers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Form {
    bracket: bool,
    time_first: bool,
    /// Between the date's numbers.
    date_mark: char,
    /// Which of the date's numbers has four digits, if any.
    long_year: Option<u8>,
    /// A comma between date and time.
    comma: bool,
    /// A word between date and time, such as "klo".
    word: bool,
    seconds: bool,
    half: bool,
    half_first: bool,
    close: Close,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Close {
    Bracket,
    Dash,
    Colon,
    Space,
}

impl Header {
    /// The sender and what follows, from the line that was parsed; a notice of the app has no sender.
    pub(super) fn sender_and_body<'l>(&self, line: &'l str) -> (Option<&'l str>, &'l str) {
        let rest = &line[self.rest..];
        let split = rest.split_once(": ").or_else(|| {
            let trimmed = rest.trim_end();
            // "Ana:" is an empty message, "Ana:." one that could be seen once.
            trimmed
                .strip_suffix(':')
                .map(|name| (name, ""))
                .or_else(|| trimmed.strip_suffix(":.").map(|name| (name, ONCE)))
        });
        match split {
            Some((name, body)) if !name.trim().is_empty() && name.len() <= MAX_NAME => (Some(name.trim()), body),
            _ => (None, rest),
        }
    }

    pub(super) fn is_iso_without_seconds(&self) -> bool {
        let form = &self.form;
        form.bracket && form.date_mark == '-' && form.long_year == Some(0) && !form.seconds && !form.half
    }

    /// Whether the clock has twelve hours.
    pub(super) fn is_12_hour(&self) -> bool {
        self.form.half
    }

    /// 0 to 23; `None` where there is no such hour.
    pub(crate) fn hour_of_day(&self) -> Option<u8> {
        match (self.half, self.hour) {
            (_, 24..) => None,
            // Some phones write 00:08 a. m. and 13:05 p. m.
            (None, hour) | (Some(_), hour @ 13..) => Some(hour),
            (Some(Half::Am), 12) => Some(0),
            (Some(Half::Am), hour) | (Some(Half::Pm), hour @ 12) => Some(hour),
            (Some(Half::Pm), hour) => Some(hour + 12),
            (Some(Half::Noon), hour @ 10..) => Some(hour),
            (Some(Half::Noon), hour) => Some(hour + 12),
        }
    }
}

impl Form {
    pub(super) fn long_year(&self) -> Option<u8> {
        self.long_year
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

/// The body that stands for a message that could be seen once.
pub(super) const ONCE: &str = "\u{200E}.";
/// Bytes of a sender's name; WhatsApp allows 25 characters, address books more.
const MAX_NAME: usize = 300;

pub(crate) fn parse(line: &str) -> Option<Header> {
    parse_in_order(line, false).or_else(|| parse_in_order(line, true))
}

/// Vietnamese has the time before the date.
fn parse_in_order(line: &str, time_first: bool) -> Option<Header> {
    let mut at = Cursor::at_start(line);
    at.spaces();
    let bracket = at.take('[');
    let (date, between, time);
    if time_first {
        time = read_time(&mut at, None)?;
        between = read_between(&mut at);
        if !between.parts || between.word {
            return None;
        }
        date = read_date(&mut at)?;
    } else {
        date = read_date(&mut at)?;
        between = read_between(&mut at);
        // Before the time at the latest, something parts it from the date.
        if !(between.parts || date.is_written_out()) {
            return None;
        }
        time = read_time(&mut at, between.half)?;
    }
    at.spaces();
    let close = match bracket {
        true if at.take(']') => Close::Bracket,
        true => return None,
        false if at.take('-') || at.take('–') || at.take('—') => Close::Dash,
        false if at.take(':') => Close::Colon,
        false => Close::Space,
    };
    // Only a space must not be taken for the end of the header where it may be that of the time.
    let ends = at.spaces() || (bracket && at.rest().is_empty()) || close == Close::Space;
    if !ends || (close == Close::Space && (time.second.is_none() || time_first)) {
        return None;
    }
    let form = Form {
        bracket,
        time_first,
        date_mark: date.mark,
        long_year: date.long_year,
        comma: between.comma,
        word: between.word,
        seconds: time.second.is_some(),
        half: time.half.is_some(),
        half_first: between.half.is_some(),
        close,
    };
    let Time { hour, minute, second, half, small_half } = time;
    let is_unamerican = date.zero_led || small_half;
    let second = second.unwrap_or(0);
    Some(Header { date: date.numbers, hour, minute, second, half, form, is_unamerican, rest: at.at })
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
    // Bulgarian writes "year" behind it.
    let _ = at.literal("г.");
    let zero_led = [(a, a_digits), (b, b_digits)].into_iter().any(|(number, digits)| digits == 2 && number < 10);
    Some(Day { numbers: [a, b, c], mark, long_year, zero_led })
}

/// What stands between date and time.
struct Between {
    /// Whether a space, a comma or half of the day parts them.
    parts: bool,
    comma: bool,
    /// Such as "klo".
    word: bool,
    half: Option<Half>,
}

fn read_between(at: &mut Cursor<'_>) -> Between {
    let mut spaced = at.spaces();
    let comma = at.take(',') || at.take('،') || at.take('、');
    spaced |= at.spaces();
    let half = at.half();
    let word = half.is_none() && at.word();
    let parts = spaced || comma || half.is_some();
    at.spaces();
    let half = half.or_else(|| if word { at.half() } else { None });
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
    let (hour, _) = at.number(2)?;
    at.time_mark()?;
    let (minute, minute_digits) = at.number(2)?;
    let second = at.seconds();
    let before_half = at.rest();
    let half = half_before.or_else(|| at.half_after());
    let small_half = before_half[..before_half.len() - at.rest().len()].contains(char::is_lowercase);
    // "o'clock", as Bulgarian, German and Thai have it.
    let _ = at.literal("ч.") || at.literal("Uhr") || at.literal("น.");
    if minute_digits != 2 || minute > 59 || second.is_some_and(|second| second > 59) {
        return None;
    }
    let byte = |number: u16| u8::try_from(number).ok();
    Some(Time { hour: byte(hour)?, minute: byte(minute)?, second: second.and_then(byte), half, small_half })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts<'l> = ([u16; 3], (u8, u8, u8), &'l str);

    fn read(line: &str) -> Option<Parts<'_>> {
        let header = parse(line)?;
        Some((header.date, (header.hour_of_day()?, header.minute, header.second), &line[header.rest..]))
    }

    #[test]
    fn headers_of_many_locales() {
        for (line, date, time) in [
            ("[16.08.17, 16:39:30] A: x", [16, 8, 17], (16, 39, 30)),
            ("\u{200e}[8/16/17, 4:39:30\u{202f}PM] A: x", [8, 16, 17], (16, 39, 30)),
            ("8/16/17, 4:39\u{202f}PM - A: x", [8, 16, 17], (16, 39, 0)),
            ("16/8/2017, 4:39\u{a0}p.\u{a0}m. - A: x", [16, 8, 2017], (16, 39, 0)),
            ("16/08/2017 16:39 - A: x", [16, 8, 2017], (16, 39, 0)),
            ("2017/8/16 下午4:39 - A: x", [2017, 8, 16], (16, 39, 0)),
            ("[16.8.2017 klo 16.39.30] A: x", [16, 8, 2017], (16, 39, 30)),
            ("16.8.2017 klo 16.39 - A: x", [16, 8, 2017], (16, 39, 0)),
            ("2018. 6. 13. 오후 8:28, A: x", [0; 3], (0, 0, 0)),
            ("[2018. 6. 13. 오후 8:28:01] A: x", [2018, 6, 13], (20, 28, 1)),
            ("2018년 6월 13일 오후 8:28 - A: x", [2018, 6, 13], (20, 28, 0)),
            ("13/06/18 à 21:25 - A: x", [13, 6, 18], (21, 25, 0)),
            ("2018-06-13 21 h 25 - A: x", [2018, 6, 13], (21, 25, 0)),
            ("[2018-06-13 21 h 25 min 15 s] A: x", [2018, 6, 13], (21, 25, 15)),
            ("2018-06-13 kl. 21:25 - A: x", [2018, 6, 13], (21, 25, 0)),
            ("[٢٠\u{200f}/٧\u{200f}/٢٠١٨، ٨:٢٨:٠١ م] A: x", [20, 7, 2018], (20, 28, 1)),
            ("20/6/2017 12:08 a. m. - A: x", [20, 6, 2017], (0, 8, 0)),
            ("20/6/2017, 00:08 a.m. - A: x", [20, 6, 2017], (0, 8, 0)),
            ("20/6/2017, 12:08 PM - A: x", [20, 6, 2017], (12, 8, 0)),
            ("13. 6. 2018. 21:25:15 A: x", [13, 6, 2018], (21, 25, 15)),
            ("13.06.18 21.25.15: A: x", [13, 6, 18], (21, 25, 15)),
            ("03-06-2018, 01.55 PM - A: x", [3, 6, 2018], (13, 55, 0)),
            ("20/6/2017 ÖS 8:28 - A: x", [20, 6, 2017], (20, 28, 0)),
            ("2018. 06. 13. du. 8:28 - A: x", [2018, 6, 13], (20, 28, 0)),
            ("1/23/23, 3:22_AM - A: x", [1, 23, 23], (3, 22, 0)),
            ("21:25, 13/06/2018 - A: x", [13, 6, 2018], (21, 25, 0)),
            ("[21:25:15, 13/06/2018] A: x", [13, 6, 2018], (21, 25, 15)),
            ("[21:25:15 13/6/18] A: x", [13, 6, 18], (21, 25, 15)),
            ("13/6/18 21:25 น. - A: x", [13, 6, 18], (21, 25, 0)),
            ("13.06.18 г., 21:25 ч. - A: x", [13, 6, 18], (21, 25, 0)),
            ("13.06.2018 г. 21:25 - A: x", [13, 6, 2018], (21, 25, 0)),
            ("13.06.18, 21:25 Uhr - A: x", [13, 6, 18], (21, 25, 0)),
            ("13/6/18, பிற்பகல் 8:28 - A: x", [13, 6, 18], (20, 28, 0)),
            ("१३/६/१८, ८:२८ म.उ. - A: x", [13, 6, 18], (20, 28, 0)),
            ("13.6.2018, 8:28 m.d. - A: x", [13, 6, 2018], (20, 28, 0)),
            ("13/6/2018, 8:28 بعد دوپہر - A: x", [13, 6, 2018], (20, 28, 0)),
            ("13. 6. 2018 8:28 odp. - A: x", [13, 6, 2018], (20, 28, 0)),
        ] {
            match read(line) {
                Some(got) => assert_eq!(got, (date, time, "A: x"), "{line}"),
                None => assert_eq!(date, [0; 3], "{line}"),
            }
        }
    }

    #[test]
    fn other_lines_have_no_header() {
        for line in [
            "",
            "hello",
            "12/05/2019 was a day",
            "at 16/08/2017 16:39 - A: x",
            "16/08/2017",
            "[16.08.17, 16:39:30",
            "1.2.3.4 5:06 - x",
            "123/4/5, 10:10 - A: x",
            "16/08/2017 16:390 - A: x",
            "16/08/2017 16:39-A: x",
            "10:30 12/5/2019 lunch",
            "10:30 on 12/5/2019 - lunch at 5",
            "3.5.2 1.2.3 - x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn sender_and_body_part_at_the_first_colon() {
        let parts = |line: &'static str| parse(line).unwrap().sender_and_body(line);
        assert_eq!(parts("1/2/23, 10:10 - Ana B: c: d"), (Some("Ana B"), "c: d"));
        assert_eq!(parts("1/2/23, 10:10 - You created group \"x\""), (None, "You created group \"x\""));
        assert_eq!(parts("1/2/23, 10:10 - Ana: "), (Some("Ana"), ""));
        assert_eq!(parts("1/2/23, 10:10 - Ana:"), (Some("Ana"), ""));
        assert_eq!(parts("1/2/23, 10:10 - Ana:."), (Some("Ana"), ONCE));
    }
}
