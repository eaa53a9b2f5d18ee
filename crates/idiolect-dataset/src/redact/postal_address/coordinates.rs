//! Places without an address: coordinates, plus codes, and what3words' three words.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::redact::pattern::AnyOf;
use crate::redact::scan::Scan;
use crate::redact::{PiiKind, Span};

/// "51.50741, -0.12780", and as map links have it. Four decimals are eleven metres; with fewer it is a town, or no place.
static DECIMAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: ^ | [^\w.] | !3d | %2[cC] | (?-u:\b)[NSns]\x20? ) (?P<latitude> [-+−]? [0-9]{1,2} \.[0-9]{4,12} ) (?: \x20? ° )? (?: \x20? [NSns] )?
            (?: [,;\x20]{1,3} | !4d | %2[cC] (?: %20 )? ) (?: [EWew]\x20? )? (?P<longitude> [-+−]? [0-9]{1,3} \.[0-9]{4,12} ) (?: \x20? ° )? (?: \x20? [EWew] (?-u:\b) )?",
    )
    .expect("the pattern is constant")
});

/// 40°42'46"N 74°00'21"W
static SEXAGESIMAL: LazyLock<Regex> = LazyLock::new(|| {
    let angle = r#"[0-9]{1,3} \x20? ° \x20? [0-9]{1,2} (?: \.[0-9]{1,5} )? \x20? (?: ['′’] | (?-u:\b) ) \x20? (?: [0-9]{1,2} (?: [.,][0-9]{1,4} )? \x20? (?: ["″”] | '' | ’’ )? \x20? )?"#;
    Regex::new(&format!(r"(?xi) {angle} [NS] [,;\x20]{{0,3}} {angle} [EWO] (?-u:\b)")).expect("the pattern is constant")
});

/// "9C3XGV2V+8Q", and "GV2V+8Q" beside the name of a town.
static PLUS_CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[2-9CFGHJMPQRVWX]{4}){1,2}\+[2-9CFGHJMPQRVWX]{2,3}(?-u:\b)")
        .expect("the pattern is constant")
});

/// "///filled.count.soap"
static THREE_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) (?: (?: ^ | [^:/] ) /// | (?: w3w\.co | what3words\.com ) / | (?-u:\b) (?: w3w | what \x20? 3 \x20? words ) (?-u:\b) (?: \x20 (?: is | are | address | for | it ) ){0,2} [\s:=]+ )
            (?P<words> [\p{L}\p{M}]+ \. [\p{L}\p{M}]+ \. [\p{L}\p{M}]+ )",
    )
    .expect("the pattern is constant")
});

/// Coordinates and plus codes, by a `scan` of the text: hardly any has what they cannot do without.
pub(in crate::redact) fn find(text: &str, scan: Scan, found: &mut Vec<Span>) {
    let mut push = |rule, range: Range<usize>| found.push(Span::new(PiiKind::PostalAddress, rule, range));
    if scan.full_stops() >= 2 && has_decimals(text.as_bytes()) {
        let places = DECIMAL.captures_iter(text).filter_map(|pair| place(text, &pair));
        places.for_each(|place| push("address/coordinates", place));
    }
    if scan.not_ascii() && text.contains('°') {
        SEXAGESIMAL.find_iter(text).for_each(|place| push("address/coordinates", place.range()));
    }
    if scan.plus() && may_hold_plus_code(text.as_bytes()) {
        // "2222+22" is a sum.
        let is_code = |code: &str| {
            code.contains(|c: char| c.is_ascii_digit()) && code.bytes().filter(u8::is_ascii_alphabetic).nth(1).is_some()
        };
        let codes = PLUS_CODE.find_iter(text).filter(|code| is_code(code.as_str()));
        codes.for_each(|code| push("address/plus_code", code.range()));
    }
}

/// Whether four decimals stand behind a full stop, as few numbers have them.
fn has_decimals(text: &[u8]) -> bool {
    let decimals =
        |at: usize| text[at + 1..].first_chunk::<4>().is_some_and(|four| four.iter().all(u8::is_ascii_digit));
    memchr::memchr_iter(b'.', text).any(decimals)
}

/// Whether a plus sign stands within a word.
fn may_hold_plus_code(text: &[u8]) -> bool {
    let within = |at: usize| at >= 4 && text[at - 4..at].iter().all(u8::is_ascii_alphanumeric);
    memchr::memchr_iter(b'+', text).any(within)
}

/// What3words' addresses, which need no digits.
pub(in crate::redact) fn find_three_words(text: &str, found: &mut Vec<Span>) {
    static SIGNS: AnyOf = AnyOf::new(&["///", "w3w", "what3words", "what 3 words"]);
    if !SIGNS.is_in(text) {
        return;
    }
    let are_words = |words: &str| words.split('.').all(|word| (2..=20).contains(&word.chars().count()));
    let words = THREE_WORDS.captures_iter(text).filter_map(|place| place.name("words"));
    let words = words.filter(|words| are_words(words.as_str()));
    found.extend(words.map(|words| Span::new(PiiKind::PostalAddress, "address/what3words", words.range())));
}

/// Where both numbers stand, if they are a place on Earth.
fn place(text: &str, pair: &Captures) -> Option<Range<usize>> {
    let (latitude, longitude) = (pair.name("latitude")?, pair.name("longitude")?);
    let degrees = |number: &str| number.replace('−', "-").parse::<f64>().ok().map(f64::abs);
    let (north, east) = (degrees(latitude.as_str())?, degrees(longitude.as_str())?);
    // Most pairs of small numbers are measured. Near Greenwich and the equator both, Lagos and Accra are told by five decimals.
    let decimals = |number: &str| number.len() - number.find('.').map_or(0, |point| point + 1);
    let precise = [latitude, longitude].iter().all(|number| decimals(number.as_str()) >= 5);
    let far = if precise { 4.0 } else { 10.0 };
    let on_earth = north <= 90.0 && east <= 180.0 && north.max(east) >= far;
    // "45.6789.1" is a version.
    let behind = &text[longitude.end()..];
    let behind = behind.strip_prefix('.').unwrap_or(behind);
    let goes_on = behind.starts_with(|c: char| c.is_ascii_digit());
    (on_earth && !goes_on).then(|| latitude.start()..longitude.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::Look;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(|text, found| find(text, Scan::of(Look::at(text), text), found), text)
    }

    #[test]
    fn places_are_found_by_their_numbers() {
        for (text, place) in [
            ("im at 12.34567, -45.67891 now", "12.34567, -45.67891"),
            ("12.3456,-145.6789", "12.3456,-145.6789"),
            ("maps.example.com/?q=12.3456,-45.6789&z=3", "12.3456,-45.6789"),
            ("maps.example.com/@12.3456,-45.6789,17z", "12.3456,-45.6789"),
            ("ll=12.3456%2C-45.6789", "12.3456%2C-45.6789"),
            ("data=!3d12.3456!4d-45.6789", "12.3456!4d-45.6789"),
            ("12.34567° N, 45.67891° W", "12.34567° N, 45.67891"),
            ("its 12.34567 45.67891.", "12.34567 45.67891"),
            ("maps.example.com/?q=6.12345,3.12345", "6.12345,3.12345"),
            ("12°34'56\"N 45°07'08\"W ok", "12°34'56\"N 45°07'08\"W"),
            ("12° 34.567' N, 145° 07.891' E", "12° 34.567' N, 145° 07.891' E"),
            ("9C3XGV2V+8Q", "9C3XGV2V+8Q"),
            ("we're at GV2V+8Q, come", "GV2V+8Q"),
        ] {
            assert_eq!(found(text), [place], "{text:?}");
        }
    }

    #[test]
    fn places_are_found_by_their_three_words() {
        for text in [
            "///elm.oak.linden",
            "meet at ///elm.oak.linden ok",
            "w3w.co/elm.oak.linden",
            "what3words is elm.oak.linden",
            "what 3 words: elm.oak.linden",
        ] {
            assert_eq!(found_by(find_three_words, text), ["elm.oak.linden"], "{text:?}");
        }
        for text in ["file:///elm.oak.linden", "what 3 words rhyme", "a////b.c.d", "///a.b.c"] {
            assert_eq!(found_by(find_three_words, text), Vec::<&str>::new(), "{text:?}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "1.2345, 2.3456",
            "between 12.34 and 45.67",
            "95.12345, 12.12345",
            "12.34567, 190.12345",
            "version 12.3456.78 45.6789.1",
            "0.99991 0.12345",
            "3.14159, 2.71828",
            "6.1234, 3.1234",
            "2222+22 = 2244",
            "its 21° today, 25° tomorrow",
            "C++20",
            "XXXX+XX",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
