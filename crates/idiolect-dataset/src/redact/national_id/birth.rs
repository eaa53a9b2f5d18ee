//! Dates of birth, which with a name open most of what a person has at a bank or an office: only whole dates that are announced as one.

use super::super::pattern::Pattern;
use super::super::{PiiKind, Span, one_time_code};

/// What announces one, less what only somebody near is said to be.
const WORDS: &str = r"(?: d\.?o\.?b\.? | date \x20 of \x20 birth | birth \x20? date | (?: my | her | his | ur | your ) \x20 (?: birthday | bday ) | fecha \x20 de \x20 nac(?:imiento|\.)? | nac[ií] (?: d[oa] )? \x20 el | data \x20 de \x20 nasc(?:imento|\.)? | nasc(?:i|ida|ido) \x20 (?: em | no \x20 dia | dia | a )
    | date \x20 de \x20 naissance | née? \x20 le | geburtsdatum | geb(?:oren)?\.? (?: \x20 am )? | data \x20 di \x20 nascita | nat[oa] \x20 il | geboortedatum | geboren \x20 op | data \x20 urodzenia | urodz(?:iłem|iłam|ony|ona) (?: \x20 się )? | doğum \x20 tarihi(?:m|niz)? | dogum \x20 tarihi?
    | дата \x20 рождения | родил(?:ся|ась) | tanggal \x20 lahir | tgl \x20 lahir | födelsedatum | född | fødselsdato | født | syntymäaika )";

/// "she was born on": of whom nobody speaks in passing, as of the dead and the famous.
const NEAR: &str = r"(?: i | i['’]?m | he | she | they | we | baby | (?: my | our | his | her ) \x20 [a-z]+ ) \x20 (?: was \x20 | were \x20 | is \x20 )? born (?: \x20 on )?";

/// The same in scripts whose words need no borders.
const FOREIGN: &str = r"出生日期 | 出生于 | 生年月日 | 생년월일 | 생일 | تاريخ \x20 (?:الميلاد|ميلادي)";

const MONTH: &str = r"(?: jan | feb | m[aä]r | apr | ma[iyj] | jun | jul | aug | se[pt] | o[ck]t | nov | de[cz] | ene | abr | ago | dic | fev | fév | avr | mei | mrt | gen | mag | giu | lug | set | ott | out | gru | sty | lut | kwi | cze | lip | sie | wrz | paź | lis
    | oca | şub | nis | haz | tem | ağu | eyl | eki | kas | ara | янв | фев | мар | апр | ма[йя] | июн | июл | авг | сен | окт | ноя | дек | juin | juil | août ) [a-z\u{df}-\u{24f}а-я]{0,8} \.?";

static BIRTH: Pattern = Pattern::new(|| {
    const DAY: &str = r"(?: 0?[1-9] | [12][0-9] | 3[01] )";
    const YEAR: &str = r"(?: 19[0-9]{2} | 20[0-2][0-9] )";
    /// Two digits that are no hour.
    const SHORT_YEAR: &str = r"(?: ['’][0-9]{2} | [3-9][0-9] )";
    format!(
        r"(?xi) (?: (?: ^ | [^\p{{L}}\p{{N}}] ) (?: {WORDS} | {NEAR} ) | {FOREIGN} ) (?: [\s:=,(–—-] | is(?-u:\b) | was(?-u:\b) | es(?-u:\b) | est(?-u:\b) | ist(?-u:\b) | è | é | to(?-u:\b) | the(?-u:\b) | le(?-u:\b) | il(?-u:\b) | den(?-u:\b) | am(?-u:\b) | 是 | は | 는 | 은 )*
          (?P<value> {DAY} \x20? [/.-] \x20? {DAY} \x20? [/.-] \x20? (?: {YEAR} | [0-9]{{2}} ) | {DAY} \x20 {DAY} \x20 {YEAR} | {YEAR} [/.-] {DAY} [/.-] {DAY} | {DAY} (?: st | nd | rd | th | \. )? [\x20/-]? (?: (?: of | de ) \x20 )? {MONTH} (?: ,? \x20? (?: (?: de | of ) \x20 )? (?: {YEAR} | {SHORT_YEAR} ) | [/-] (?: {YEAR} | [0-9]{{2}} ) )
            | {MONTH} [\x20-] {DAY} (?: st | nd | rd | th )? (?: ,? \x20 (?: {YEAR} | {SHORT_YEAR} ) | - {YEAR} ) | {YEAR} \x20? 年 \x20? {DAY} \x20? 月 \x20? {DAY} \x20? 日 | {YEAR} 년 \x20? {DAY} 월 \x20? {DAY} 일 | (?: {YEAR} (?: 0[1-9] | 1[0-2] ) [0-3][0-9] | [0-3][0-9] [01][0-9] {YEAR} | [0-9]{{2}} (?: 0[1-9] | 1[0-2] ) [0-3][0-9] ) ) (?: [^\p{{L}}\p{{N}}] | [\p{{Han}}\p{{Hangul}}\p{{Hiragana}}\p{{Katakana}}] | $ )"
    )
});

/// The fewest digits of such a date.
const DIGITS: usize = 4;

pub(in crate::redact) fn find(text: &str, digits: usize, found: &mut Vec<Span>) {
    if digits < DIGITS || !may_hold_date(text.as_bytes()) {
        return;
    }
    let dates = BIRTH.of(text).captures_iter(text).filter_map(|captures| captures.name("value"));
    // "march 14, 30 years old"
    let dates = dates.filter(|date| !one_time_code::is_counted(&text[date.end()..]));
    found.extend(dates.map(|date| Span::new(PiiKind::NationalId, "national_id/birth", date.range())));
}

/// Whether four digits stand in a row, or a mark of dates between two others, or a short year: the patterns are large, and most people need none.
fn may_hold_date(text: &[u8]) -> bool {
    text.windows(4).any(|four| four.iter().all(u8::is_ascii_digit))
        || text.windows(3).any(|three| {
            matches!(three, [a, b'/' | b'.' | b'-', b] if a.is_ascii_digit() && b.is_ascii_digit())
                || matches!(three, [b' ' | b'/' | b'-' | b'\'' | 0x99, b'0'..=b'9', b'0'..=b'9'])
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(|text, spans| find(text, text.bytes().filter(u8::is_ascii_digit).count(), spans), text)
    }

    #[test]
    fn finds_dates_of_birth_that_are_announced() {
        for (text, date) in [
            ("my dob is 14/03/1989", "14/03/1989"),
            ("dob 03-14-89 for the form", "03-14-89"),
            ("DOB: 1989-03-14", "1989-03-14"),
            ("date of birth 14 march 1989", "14 march 1989"),
            ("my birthday is March 14th, 1989", "March 14th, 1989"),
            ("i was born on the 14th of march 1989", "14th of march 1989"),
            ("our daughter was born 3/4/2024", "3/4/2024"),
            ("fecha de nacimiento 14 de marzo de 1989", "14 de marzo de 1989"),
            ("data de nascimento: 14/03/1989", "14/03/1989"),
            ("je suis née le 14 mars 1989", "14 mars 1989"),
            ("geb. 14.03.1989", "14.03.1989"),
            ("geboren am 14. März 1989", "14. März 1989"),
            ("sono nato il 14/03/1989", "14/03/1989"),
            ("дата рождения 14.03.1989", "14.03.1989"),
            ("出生日期1989年3月14日", "1989年3月14日"),
            ("생년월일 890314", "890314"),
            ("dob 14-Mar-1989", "14-Mar-1989"),
            ("DOB (14/mar/89)", "14/mar/89"),
            ("dob – Mar-14-1989", "Mar-14-1989"),
            ("my bday is 14th March '89", "14th March '89"),
            ("dob 14 mar 89", "14 mar 89"),
            ("date of birth 14 / 03 / 1989", "14 / 03 / 1989"),
        ] {
            assert_eq!(found(text), [date], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_dates_alone() {
        for text in [
            "my birthday is on the 14th",
            "born in 1989",
            "einstein was born on 14 march 1879",
            "obama was born on august 4 1961",
            "birthday party 14/03/2026 at 19",
            "happy birthday 2026",
            "dob 14/03 i think",
            "my birthday is 14 march 19 people come",
            "my birthday is march 14, 30 years old",
            "date of birth march 1989",
            "geb mir 3.5 davon",
            "the form wants a dob",
            "reborn 14/03/2026",
            "date of birth: 12345 things",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
