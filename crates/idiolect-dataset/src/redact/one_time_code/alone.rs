//! Long numbers of which nothing says what they are: "if it asks, 551902", "yep 880124". People hardly write any but codes and the numbers
//! of accounts and people; what they count they round, group or name.

use std::ops::Range;

use super::{PiiKind, Span, ends, nearby};
use crate::redact::nearby::is_picture;
use crate::word_set::word_set;

/// Shorter ones are mostly sums and times.
const DIGITS: std::ops::RangeInclusive<usize> = 6..=12;

/// A line that is one number may be shorter: what the other asked for is not in it, "whats the code for the door?" as little as "how many?".
const LINE_DIGITS: std::ops::RangeInclusive<usize> = 4..=5;

/// The fewest digits close to each other that there is something to find in.
pub(in crate::redact) const FEWEST_DIGITS: usize = *LINE_DIGITS.start();

/// What nothing else in `found` is part of.
pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut alone = Vec::new();
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|start| at + start) {
        let end = bytes[start..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |end| start + end);
        at = end;
        // "G-482910", as Google writes its own.
        let googled = end - start == 6 && text[..start].ends_with("G-");
        let start = if googled { start - 2 } else { start };
        let is_alone = match end - start {
            digits if DIGITS.contains(&digits) => stands_alone(text, start..end),
            digits if LINE_DIGITS.contains(&digits) => is_line(text, start..end),
            _ => false,
        };
        if is_alone {
            alone.push(start..end);
        }
    }
    if alone.is_empty() {
        return;
    }
    let mut taken: Vec<Range<usize>> = found.iter().map(|span| span.range.clone()).collect();
    taken.sort_unstable_by_key(|range| range.start);
    let (mut taken, mut taken_to) = (taken.into_iter().peekable(), 0);
    for number in alone {
        while let Some(range) = taken.next_if(|range| range.start < number.end) {
            taken_to = taken_to.max(range.end);
        }
        if taken_to <= number.start {
            found.push(Span::new(PiiKind::OneTimeCode, "one_time_code/alone", number));
        }
    }
}

/// Whether a number is a line but for marks, and neither a year nor round: "4829", "*4829#", "4829!".
fn is_line(text: &str, number: Range<usize>) -> bool {
    let is_mark = |c: char| {
        c.is_whitespace() || matches!(c, '#' | '*' | '!' | '.' | '"' | '\'') || is_picture(c) || c == '\u{fe0f}'
    };
    let written = &text[number.clone()];
    let before = text[..number.start].chars().rev().take_while(|&c| c != '\n');
    let after = text[number.end..].chars().take_while(|&c| c != '\n');
    before.chain(after).all(is_mark) && !is_round(written) && !matches!(written.parse(), Ok(1900..=2035))
}

/// "4800", "111111"
fn is_round(written: &str) -> bool {
    written.ends_with("00") || written.bytes().all(|byte| byte == written.as_bytes()[0])
}

fn stands_alone(text: &str, number: Range<usize>) -> bool {
    let (before, written, after) = (&text[..number.start], &text[number.clone()], &text[number.end..]);
    let apart =
        before.is_empty() || before.ends_with([' ', '\n', '\t', '(', '"', '\'', '“', '‘', ':', ',', '，', '：']);
    // "1,482910" and "12:482910" are parts of something.
    let joined = before.trim_end_matches([',', ':']).ends_with(|c: char| c.is_ascii_digit()) && !before.ends_with(' ');
    // Money and results: "$ 482910", "= 482910".
    let sum = before.trim_end().ends_with(['$', '€', '£', '¥', '₹', '₽', '=', '+', '×', '<', '>', '~', '≈', '#']);
    let goes_on = after.starts_with(['-', '/', '+', '*', '=', '_', '@', '%', '°', '\\', '&'])
        || after.starts_with([',', '.', ':']) && after[1..].starts_with(|c: char| c.is_ascii_digit());
    apart
        && says_nothing(before)
        && !is_timestamp(written)
        && !joined
        && !sum
        && !goes_on
        && !is_round(written)
        && !is_date(written)
        && ends(after)
}

word_set! {
    /// What somebody begins with who was asked for a number.
    is_answer:
    "yep" "yup" "yea" "yeah" "yes" "ya" "ok" "okay" "sure" "here" "its" "it's" "it" "thats" "that's" "this" "put" "enter" "type" "try" "use" "then"
    "and" "or" "to" "got" "get" "wait" "now" "maybe" "sorry" "oops" "si" "sí" "sim" "oui" "ja" "da" "hai" "evet" "tak" "ano" "joo" "igen" "oké"
    "да" "ага" "вот" "держи" "voici" "ecco" "tieni" "bueno" "toma" "ahí" "aqui" "aquí" "é" "voilà" "hier" "tiens";
}

/// Whether the words before a number leave open what it is, unlike "score" or "order number is".
fn says_nothing(before: &str) -> bool {
    /// In bytes, more than any such word has: without spaces, a word may be as long as the text.
    const REACH: usize = 64;
    let before = nearby::end_of(before.trim_end_matches([' ', '(', '"', '\'', '“', '‘']), REACH);
    let before = before.strip_suffix(" :").map_or(before, str::trim_end);
    let word = before.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default().to_lowercase();
    let word = word.trim_end_matches(':');
    // An emoji, a dash or a bullet.
    let sign = !word.is_ascii() && !word.contains(char::is_alphanumeric);
    before.is_empty()
        || sign
        || word.ends_with(is_picture)
        || before.ends_with([',', '，', '?', '!', '.', ';', '\n'])
        || is_answer(word)
}

/// Seconds since 1970, of this century.
fn is_timestamp(written: &str) -> bool {
    written.len() == 10 && written.starts_with('1')
}

/// "20260115", "15012026"
fn is_date(written: &str) -> bool {
    is_date_by_year(written) || is_date_of(written, 4..8, 2..4, 0..2) || is_date_of(written, 4..8, 0..2, 2..4)
}

/// "20260115", as programs write dates (ISO 8601's basic form).
pub(in crate::redact) fn is_date_by_year(written: &str) -> bool {
    is_date_of(written, 0..4, 4..6, 6..8)
}

fn is_date_of(written: &str, year: Range<usize>, month: Range<usize>, day: Range<usize>) -> bool {
    let part = |range: Range<usize>| written.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or_default();
    written.len() == 8
        && (1900..2100).contains(&part(year))
        && (1..=12).contains(&part(month))
        && (1..=31).contains(&part(day))
}

#[cfg(test)]
mod tests {
    use crate::redact::tests::found_by;

    #[test]
    fn long_numbers_that_nothing_announces_are_found() {
        for (text, value) in [
            ("if it asks, 551902", "551902"),
            ("yep 880124", "880124"),
            ("here: 880124", "880124"),
            ("👉 880124", "880124"),
            ("пришло?\nда 880124", "880124"),
            ("880124\nhurry", "880124"),
            ("(551902)", "551902"),
            ("G-551902", "G-551902"),
            ("send it to 84920417", "84920417"),
            ("did u get it? 48291047112.", "48291047112"),
        ] {
            assert_eq!(found_by(super::find, text), [value], "{text:?}");
        }
    }

    #[test]
    fn a_line_that_is_one_number_is_found() {
        for (text, value) in
            [("4829", "4829"), ("*48291#", "48291"), (" 0482!\n", "0482"), ("door by the bins\n4829\nthen up", "4829")]
        {
            assert_eq!(found_by(super::find, text), [value], "{text:?}");
        }
        for text in [
            "482",
            "2019",
            "1987",
            "1500",
            "1111",
            "$4829",
            "4829 km",
            "~4829",
            "4829?",
            "4829-4830",
            "48:29",
            "1,4829",
        ] {
            assert_eq!(found_by(super::find, text), Vec::<&str>::new(), "{text:?}");
        }
    }

    #[test]
    fn what_is_counted_or_part_of_something_stays() {
        for text in [
            "got 151200 likes, 145000",
            "482917 views",
            "482917 people there",
            "£482917",
            "20260115",
            "15012026",
            "1,482917",
            "482917.25",
            "x = 482917",
            "PR #482917",
            "111111",
            "high score 482917",
            "order number is 482917",
            "sku: 482917",
            "total : 482917",
            "1701009562",
            "v482917",
            "about 48291",
            "482917km",
            "482917/3",
        ] {
            assert_eq!(found_by(super::find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
