//! Dates in prose, in the language of an account or a table: `Thursday, June 15, 2017 at 5:56:04 PM UTC`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::calendar::BUDDHIST;
use super::cursor::Cursor;
use super::months::month;
use super::numbers::Half;
use crate::digits;

/// The time that the prose says; `None` where it does not say its offset, without which it would be off by hours.
pub(crate) fn with_offset(prose: &str) -> Option<Timestamp> {
    if let Ok(timestamp) = prose.parse() {
        return Some(timestamp);
    }
    let found = Found::in_prose(prose);
    found.offset?.to_timestamp(found.datetime()?).ok()
}

/// The day and hour that the prose says; `None` where it says its offset besides.
pub(crate) fn local(prose: &str) -> Option<DateTime> {
    let found = Found::in_prose(prose);
    found.datetime().filter(|_| found.offset.is_none())
}

/// With spaces between what East Asian languages write together.
fn spaced_out(prose: &str) -> String {
    const AS: [(&str, &str); 13] = [
        ("\u{a0}", " "),
        ("\u{202f}", " "),
        ("،", " "),
        ("年", " "),
        ("년", " "),
        ("月", "月 "),
        ("월", "月 "),
        ("日", " "),
        ("일", " "),
        ("시 ", ":"),
        ("분 ", ":"),
        ("초", " "),
        ("tháng ", "月"),
    ];
    let digits = prose.chars().map(digits::plain).collect::<String>();
    AS.iter().fold(digits, |prose, (written, spaced)| prose.replace(written, spaced))
}

/// What the words of a date have said so far.
#[derive(Default)]
struct Found {
    year: Option<u16>,
    month: Option<i8>,
    day: Option<i8>,
    /// Behind the day, as Croatian has it.
    has_dot: bool,
    clock: Option<Time>,
    half: Option<Half>,
    offset: Option<Offset>,
}

impl Found {
    fn in_prose(prose: &str) -> Self {
        let mut found = Self::default();
        let text = spaced_out(prose);
        for word in text.split(|character: char| character.is_whitespace() || character == ',') {
            found.note(word.trim_matches(['(', '[', ']', ')']), &text);
        }
        found
    }

    fn note(&mut self, word: &str, text: &str) {
        let undotted = word.trim_end_matches('.');
        let unlettered = undotted.trim_matches(char::is_alphabetic);
        if let Some(offset) = offset(undotted) {
            self.offset = Some(offset);
        } else if let Some(clock) = clock(unlettered) {
            self.clock = Some(clock);
            self.half = half_beside(text, unlettered);
        } else if let Some(Ok(month)) =
            undotted.strip_suffix('月').or_else(|| undotted.strip_prefix('月')).map(str::parse)
        {
            self.month = Some(month);
        } else if let Ok(number) = undotted.trim_end_matches(char::is_alphabetic).parse::<u16>() {
            match number {
                1..=31 if self.day.is_none() => {
                    self.day = i8::try_from(number).ok();
                    self.has_dot = undotted != word;
                }
                2500.. => self.year = Some(number - BUDDHIST),
                1000.. => self.year = Some(number),
                _ => {}
            }
        } else if self.month.is_none() {
            self.month = match undotted.to_lowercase().as_str() {
                "listopada" if self.has_dot => Some(10),
                word => month(word),
            };
        }
    }

    fn datetime(&self) -> Option<DateTime> {
        let clock = self.clock?;
        let clock = match self.half {
            None => clock,
            Some(half) => {
                let hour = u8::try_from(clock.hour()).ok().filter(|hour| *hour <= 12)?;
                clock.with().hour(i8::try_from(half.hour_of_day(hour)).ok()?).build().ok()?
            }
        };
        let date = Date::new(i16::try_from(self.year?).ok()?, self.month?, self.day?).ok()?;
        Some(date.to_datetime(clock))
    }
}

/// The half of the day that stands behind or before the clock.
fn half_beside(text: &str, clock: &str) -> Option<Half> {
    let (before, after) = text.split_once(clock)?;
    let words =
        before.char_indices().filter(|(at, _)| before[..*at].chars().next_back().is_none_or(char::is_whitespace));
    let is_half = |(at, _)| {
        let mut word = Cursor::at_start(&before[at..]);
        let half = word.half()?;
        word.spaces();
        word.is_at_end().then_some(half)
    };
    Cursor::at_start(after).half_after().or_else(|| words.rev().take(2).find_map(is_half))
}

/// `UTC`, `GMT+2`, `+0200`, `-05:30`.
fn offset(word: &str) -> Option<Offset> {
    let behind = word.strip_prefix("UTC").or_else(|| word.strip_prefix("GMT"));
    let (sign, digits) = match behind {
        Some("") => return Some(Offset::UTC),
        behind => behind.unwrap_or(word).split_at_checked(1)?,
    };
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or_else(|| digits.split_at_checked(2).unwrap_or((digits, "")));
    let number = |digits: &str| match digits {
        "" => Some(0),
        _ if digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse::<i32>().ok(),
        _ => None,
    };
    let minutes = number(minutes).filter(|minutes| *minutes < 60)?;
    let hours = number(hours).filter(|_| !hours.is_empty())?;
    Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()
}

/// `5:56:04`, with or without seconds; `17.56.04` with them.
fn clock(word: &str) -> Option<Time> {
    let mut parts = word.split(if word.matches('.').count() == 2 { '.' } else { ':' });
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let second = parts.next().map_or(Some(0), |second| second.parse().ok())?;
    parts.next().is_none().then(|| Time::new(hour, minute, second, 0).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(prose: &str) -> String {
        with_offset(prose).map_or_else(|| "none".to_owned(), |timestamp| timestamp.to_string())
    }

    #[test]
    fn english_prose_with_a_12_hour_clock() {
        assert_eq!(utc("Thursday, June 15, 2017 at 5:56:04\u{202f}PM UTC"), "2017-06-15T17:56:04Z");
        assert_eq!(utc("Tuesday, May 3, 2022 at 12:00:01 AM UTC"), "2022-05-03T00:00:01Z");
        assert_eq!(utc("Saturday, March 5, 2022 at 12:30:00 PM UTC"), "2022-03-05T12:30:00Z");
    }

    #[test]
    fn prose_of_other_languages() {
        assert_eq!(utc("Dienstag, 8. Dezember 2020 um 17:21:31 UTC"), "2020-12-08T17:21:31Z");
        assert_eq!(utc("mardi 6 mars 2022 à 15:52:10 UTC"), "2022-03-06T15:52:10Z");
        assert_eq!(utc("jueves, 21 de diciembre de 2017, 17:17:08 UTC"), "2017-12-21T17:17:08Z");
        assert_eq!(utc("martes, 1 de agosto de 2023, 7:05:00 UTC"), "2023-08-01T07:05:00Z");
        assert_eq!(utc("quarta-feira, 4 de outubro de 2023 às 09:10:11 UTC"), "2023-10-04T09:10:11Z");
        assert_eq!(utc("maandag 5 juni 2023 om 08:00:00 UTC"), "2023-06-05T08:00:00Z");
        assert_eq!(utc("sabato 1 luglio 2023 alle ore 08:00:00 UTC"), "2023-07-01T08:00:00Z");
        assert_eq!(utc("jueves, 15 de junio de 2017, 5:56:04 p. m. UTC"), "2017-06-15T17:56:04Z");
        assert_eq!(utc("torsdag den 15. juni 2017 kl. 17.56.04 UTC"), "2017-06-15T17:56:04Z");
        assert_eq!(utc("fredag 15. desember 2017 kl. 17:56:04 UTC"), "2017-12-15T17:56:04Z");
        assert_eq!(utc("2017年6月15日木曜日 17:56:04 UTC"), "2017-06-15T17:56:04Z");
        assert_eq!(utc("2017年12月15日星期五 UTC 下午5:56:04"), "2017-12-15T17:56:04Z");
        assert_eq!(utc("2017년 6월 15일 목요일 오후 5시 56분 4초 UTC"), "2017-06-15T17:56:04Z");
        assert_eq!(utc("2022-03-06T15:52:10Z"), "2022-03-06T15:52:10Z");
        for prose in [
            "3 Nisan 2023 Pazartesi 17:56:04 UTC",
            "pondělí 3. dubna 2023 v 17:56:04 UTC",
            "2023. április 3., hétfő 17:56:04 UTC",
            "понеділок, 3 квітня 2023 р. о 17:56:04 UTC",
            "luni, 3 aprilie 2023 la 17:56:04 UTC",
            "Δευτέρα 3 Απριλίου 2023 στις 5:56:04 μ.μ. UTC",
            "maanantai 3. huhtikuuta 2023 klo 17.56.04 UTC",
            "lúc 17:56:04 UTC Thứ Hai, 3 tháng 4, 2023",
            "יום שני, 3 באפריל 2023 בשעה 17:56:04 UTC",
            "الاثنين، ٣ أبريل ٢٠٢٣ في ٥:٥٦:٠٤ م UTC",
            "सोमवार, 3 अप्रैल 2023 को 5:56:04 pm UTC बजे",
            "วันจันทร์ที่ 3 เมษายน พ.ศ. 2566 เวลา 17:56:04 UTC",
            "dilluns, 3 d’abril del 2023, a les 17:56:04 UTC",
            "Isnin, 3 April 2023 pada 5:56:04 PTG UTC",
            "2023年4月3日 星期一 下午5:56:04 [UTC]",
            "2023年4月3日 星期一 晚上5:56:04 [UTC]",
            "e hënë, 3 prill 2023 në 5:56:04 e pasdites, UTC",
            "ponedjeljak, 3. travnja 2023. u 17:56:04 UTC",
            "திங்கள், 3 ஏப்ரல், 2023 அன்று பிற்பகல் 5:56:04 UTC",
        ] {
            assert_eq!(utc(prose), "2023-04-03T17:56:04Z", "{prose}");
        }
        assert_eq!(utc("ponedjeljak, 2. listopada 2023. u 17:56:04 UTC"), "2023-10-02T17:56:04Z");
        assert_eq!(utc("czwartek, 2 listopada 2023 17:56:04 UTC"), "2023-11-02T17:56:04Z");
        assert_eq!(utc("pon, 3 april 2023 5:56:04PM UTC"), "2023-04-03T17:56:04Z");
        assert_eq!(utc("středa 5. července 2023 v 17:56:04 UTC"), "2023-07-05T17:56:04Z");
        assert_eq!(utc("středa 7. června 2023 v 17:56:04 UTC"), "2023-06-07T17:56:04Z");
    }

    #[test]
    fn what_says_no_time_for_certain_is_none() {
        for prose in [
            "",
            "yesterday UTC",
            "Thursday, June 15, 2017 UTC",
            "Thursday, June 15, 2017 at 5:56:04 PM",
            "Thursday, June 35, 2017 at 5:56:04 PM UTC",
            "Thursday, June 15, 2017 at 15:56:04 PM UTC",
            "Thursday, Smarch 15, 2017 at 5:56:04 PM UTC",
            "Thursday, June 15, 2017 at 5:56:04 PM UTC+2:90",
            "Thursday, June 15, 2017 at 5:56:04 PM GMT+",
            "Thursday, June 15, 2017 at 5:56:04 PM +123456",
        ] {
            assert_eq!(utc(prose), "none", "{prose}");
        }
    }
}
