//! How long the numbers of a message are, which tells the recognizers of long numbers whether to look closer.

/// Lengths in ASCII digits, over everything in a text, placeholders included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    /// The most with no more than one space, full stop or hyphen between one and the next.
    pub grouped: usize,
    /// The most with nothing between that does not also stand between the groups of a phone number.
    pub dialled: usize,
}

/// The most that stands between two groups of a phone number: four characters of up to three bytes.
const MOST_BETWEEN: usize = 12;

impl Numbers {
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut longest, mut current) = (Self::default(), Self::default());
        let (mut at, mut end) = (0, 0);
        while let Some(found) = bytes[at..].iter().position(u8::is_ascii_digit) {
            let start = at + found;
            let between = &bytes[end..start];
            if !matches!(between, [b' ' | b'.' | b'-']) {
                current.grouped = 0;
            }
            if between.len() > MOST_BETWEEN || !between.iter().all(|byte| separates(*byte)) {
                current.dialled = 0;
            }
            end = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            current.grouped += end - start;
            current.dialled += end - start;
            longest.grouped = longest.grouped.max(current.grouped);
            longest.dialled = longest.dialled.max(current.dialled);
            at = end;
        }
        longest
    }
}

/// Whether `byte` may be one of a separator of phone numbers. Those that are not ASCII begin with 0xC2, 0xE2, 0xE3 or 0xEF.
fn separates(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'(' | b')' | b'.' | b'-' | b'/' | b'~' | 0x80..=0xc2 | 0xe2 | 0xe3 | 0xef)
}

/// Whether a digit of another script than ASCII's is in `text`, or any other character that stands for a number.
pub(super) fn has_foreign_digit(text: &str) -> bool {
    let leads =
        text.bytes().enumerate().filter(|(_, byte)| !byte.is_ascii() && may_lead_number(*byte)).map(|(at, _)| at);
    leads.filter(|at| may_be_number(&text.as_bytes()[*at..])).any(|at| text[at..].starts_with(char::is_numeric))
}

/// Whether a character that is not ASCII and stands for a number may begin with `byte`. Those of Han, Hangul, Cyrillic and Latin do not.
pub(crate) const fn may_lead_number(byte: u8) -> bool {
    matches!(byte, 0xc2 | 0xd9..=0xe3 | 0xea | 0xef..)
}

/// Whether `bytes`, which [may lead a number](may_lead_number), are not those of what people write far more often.
pub(crate) fn may_be_number(bytes: &[u8]) -> bool {
    match bytes {
        // Quotation marks and dashes; Japanese letters; the commas, full stops and exclamation marks of Chinese; emoji.
        [0xe2, 0x80, ..]
        | [0xe3, 0x81..=0x83, ..]
        | [0xe3, 0x80, 0x80..=0x86, ..]
        | [0xef, 0xbc, 0x80..=0x8f | 0x9a.., ..]
        | [0xf0, 0x9f, 0x85..=0xae, ..] => false,
        _ => true,
    }
}

/// Whether `written` may be a year that people speak of.
pub(super) fn is_year(written: &str) -> bool {
    matches!(written.parse(), Ok(1900..=2100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_stands_for_a_number_is_seen() {
        let mut buffer = [0; 4];
        for character in '\u{80}'..=char::MAX {
            let seen = has_foreign_digit(character.encode_utf8(&mut buffer));
            assert_eq!(seen, character.is_numeric(), "{character:?}");
        }
        assert!(!has_foreign_digit("3 号") && has_foreign_digit("é ５"));
    }

    #[test]
    fn numbers_are_measured_by_what_stands_between_their_digits() {
        for (text, grouped, dialled) in [
            ("no", 0, 0),
            ("12 of 345", 3, 3),
            ("078-05-1120", 9, 9),
            ("12/05/2026", 4, 8),
            ("10:30", 2, 2),
            ("1 2.3-4  567", 4, 7),
            ("call (202) 555 – 0142, 7 times", 4, 10),
            ("3号5点", 1, 1),
            ("[PHONE_12] 3", 2, 2),
        ] {
            assert_eq!(Numbers::of(text), Numbers { grouped, dialled }, "{text:?}");
        }
    }
}
