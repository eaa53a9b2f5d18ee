//! The end of a second number that is the first one's but for its last digits: "202-555-0142 / 0143", "07700 900123/124", "… or 0143".

use std::sync::LazyLock;

use regex::Regex;

use crate::redact::{PiiKind, Span};

/// Behind a number. What joins them loosely takes the four digits of a line, which nothing but marks or the end of a clause may follow.
static ENDING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) ^ (?: \x20?/\x20? (?P<close> [0-9]{2,4} ) | (?: \x20?&\x20? | ,\x20?- | \x20(?:or|and|oder|und|ou|et|y|ili|или|и|o|e)\x20 ) (?P<line> [0-9]{4} ) ) (?P<behind> [^0-9.:%\p{L}] | [.]\s | [.]?$ )",
    )
    .expect("the pattern is constant")
});

/// The fewest digits of a number of which a second one has the beginning, too.
const FIRST_DIGITS: usize = 9;

/// Of the numbers that were `found` from the span `first` on.
pub(super) fn find(text: &str, first: usize, found: &mut Vec<Span>) {
    for at in first..found.len() {
        let number = &found[at];
        let whole = text[number.range.clone()].bytes().filter(u8::is_ascii_digit).count() >= FIRST_DIGITS;
        let behind = &text[number.range.end..];
        // Most of what stands behind a number is told by its first two bytes.
        if !whole || !behind.bytes().take(3).any(|byte| matches!(byte, b'/' | b'&' | b',' | b' ')) {
            continue;
        }
        let Some(ending) = ENDING.captures(behind) else { continue };
        let Some(digits) = ending.name("close").or(ending.name("line")) else { continue };
        // "or 2019", "/ 12 pm"
        let year = digits.as_str().len() == 4 && matches!(digits.as_str().parse(), Ok(1950..=2035));
        let loose = ending.name("line").is_some();
        let goes_on = behind[ending[0].len()..].starts_with(char::is_alphanumeric);
        let hour = loose && goes_on && ending["behind"].starts_with(' ');
        if !year && !hour {
            let range = number.range.end + digits.start()..number.range.end + digits.end();
            found.push(Span::new(PiiKind::Phone, "phone/second", range));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found_anywhere as found;

    #[test]
    fn the_ends_of_second_numbers_are_found() {
        for (text, second) in [
            ("202-555-0142 / 0143", "0143"),
            ("07700900123/124 is mums", "124"),
            ("202-555-0142 or 0143", "0143"),
            ("202-555-0142 & 0143, ask jo", "0143"),
            ("202-555-0142, -0143", "0143"),
            ("202-555-0142 or 0143 👍", "0143"),
        ] {
            assert_eq!(found(text).last(), Some(&second), "{text:?}");
            assert_eq!(found(text).len(), 2, "{text:?}");
        }
    }

    #[test]
    fn what_follows_a_number_is_no_second_one() {
        for text in [
            "202-555-0142 or 5",
            "202-555-0142 and 2019",
            "202-555-0142 or 1930 people",
            "202-555-0142 or 12:30",
            "202-555-0142, 0143",
            "202-555-0142 / 5pm",
            "555-0142 / 0143",
        ] {
            assert_eq!(found(text).len(), 1, "{text:?}");
        }
    }
}
