//! A text as words with the gaps between them, which is all that the address rules look at.

use std::borrow::Cow;
use std::ops::Range;

use super::{gaps, kinds};
use crate::redact::placeholder;
use crate::word_set::word_set;

word_set! {
    /// What follows a number without a space and makes it no house's.
    is_unit: "am" "pm" "k" "m" "km" "cm" "mm" "kg" "g" "p" "x" "hr" "hs" "h" "to" "gb" "mb" "tb" "s" "ms" "yr" "yo" "am-" "ft" "lb";
}

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// A space, or the full stop of an abbreviation.
    Space,
    Comma,
    Line,
    /// The end of a sentence, a blank line, brackets, quotes.
    Break,
}

#[derive(Clone, Debug)]
pub(super) struct Word<'a> {
    pub range: Range<usize>,
    pub gap: Gap,
    /// A `#` stands right before it.
    pub hash: bool,
    pub lower: Cow<'a, str>,
    pub capital: bool,
    /// No letter in it is small.
    pub upper: bool,
    pub digits: u32,
    pub letters: u32,
    house_number: bool,
    pub kinds: u8,
}

impl Word<'_> {
    /// Where the word starts, its `#` included.
    pub fn start_with_hash(&self, text: &str) -> usize {
        // Only then: without one, all of the text before would be looked through.
        let hash = self.hash.then(|| text[..self.range.start].rfind('#')).flatten();
        hash.unwrap_or(self.range.start)
    }

    /// Whether it may be of one of `kinds`; words that are not may be, too.
    #[inline]
    pub fn may_be(&self, kinds: u8) -> bool {
        self.kinds & kinds != 0
    }

    pub fn is_number(&self) -> bool {
        self.digits > 0 && self.letters == 0
    }

    /// "12", "123A", "1036-1038", "16½", "77W".
    pub fn is_house_number(&self) -> bool {
        self.house_number
    }

    /// Whether there is more in it than letters and digits.
    pub fn is_joined(&self) -> bool {
        self.lower.len() > (self.letters + self.digits) as usize
    }

    /// "ONE", "Two".
    #[inline]
    pub fn is_spelled_number(&self) -> bool {
        self.letters <= 5
            && matches!(
                self.lower.as_ref(),
                "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten"
            )
    }

    /// "street", "Rd".
    pub fn is_street_word(&self) -> bool {
        self.may_be(kinds::NAMING) && super::words::is_street_end(&self.lower)
    }

    /// Whether a full stop behind it may be that of an abbreviation: "Elm Rd.", "Hauptstr.".
    pub fn is_short_for_street(&self) -> bool {
        self.is_street_word() || self.lower.ends_with("str") || matches!(self.lower.as_ref(), "просп" | "fracc")
    }

    /// "1st", "42nd".
    pub fn is_ordinal(&self) -> bool {
        self.digits > 0 && is_ordinal(&self.lower, self.letters)
    }

    /// The letters of a rank, which a space may have split off: "1 st".
    pub fn is_rank(&self) -> bool {
        matches!(self.lower.as_ref(), "st" | "nd" | "rd" | "th")
    }

    /// Five digits, or five and four.
    pub fn is_zip(&self) -> bool {
        let bytes = self.lower.as_bytes();
        self.letters == 0
            && (self.digits == 5 && bytes.len() == 5
                || self.digits == 9 && (bytes.len() == 9 || bytes.get(5).is_some_and(|b| !b.is_ascii_digit())))
    }
}

/// Of a word with digits.
fn is_house_number(lower: &str, digits: u32, letters: u32) -> bool {
    // "nº45", "12bis"
    let (lower, letters) = lower.strip_prefix("nº").map_or((lower, letters), |lower| (lower, letters - 2));
    let again = letters > 2 && ["bis", "ter", "quater"].iter().any(|again| lower.ends_with(again));
    digits <= 10
        && (letters <= 2 || again && letters <= 6)
        && lower.starts_with(|c: char| c.is_ascii_digit())
        && (letters == 0 || !is_ordinal(lower, letters) && !is_clock_or_measure(lower))
}

/// Of a number.
fn is_ordinal(lower: &str, letters: u32) -> bool {
    letters == 2 && ["st", "nd", "rd", "th"].iter().any(|ending| lower.ends_with(ending))
}

/// "5pm", "3k", "10m": a number with its unit, not a house.
fn is_clock_or_measure(lower: &str) -> bool {
    is_unit(lower.trim_start_matches(|c: char| !c.is_alphabetic()))
}

/// The words of `text`; letters, digits and what joins them within a word.
///
/// `small` is the text with its ASCII letters small.
pub(super) fn split<'a>(text: &'a str, small: &'a str) -> Vec<Word<'a>> {
    let bytes = text.as_bytes();
    let mut words: Vec<Word> = Vec::with_capacity(text.len() / 4 + 2);
    let (mut begin, mut gap_start) = (0, 0);
    // Within the brackets of "Cyprus (Greek) 51034".
    let mut in_note = false;
    while begin < bytes.len() {
        let outside = match bytes[begin] {
            b' ' => 1,
            first if first.is_ascii_alphanumeric() => 0,
            // The number in a placeholder is none of an address.
            b'[' => placeholder::length(&text[begin..]).unwrap_or(1),
            0..0x80 => 1,
            _ => outside(&text[begin..]),
        };
        if outside > 0 {
            begin += outside;
            continue;
        }
        let (mut end, mut seen) = run(bytes, begin);
        while bytes.get(end) == Some(&b'/') && !parts(bytes, end) {
            let (behind, more) = run(bytes, end + 1);
            (end, seen) = (behind, seen | JOINT | more);
        }
        let whole = end == bytes.len() || bytes[end].is_ascii();
        let short = if end == begin + 1 { abbreviated(bytes[begin], &text[end..]) } else { 0 };
        end += short;
        if short == 0 && whole && bytes[end - 1].is_ascii_alphanumeric() {
            words.push(ascii_word(&small[begin..end], begin, bytes[begin].is_ascii_uppercase(), seen));
        } else {
            let word = without_joints(&text[begin..if short > 0 { end } else { general_end(text, end) }]);
            end = begin + word.len();
            words.push(other_word(text, small, begin..end));
        }
        // What stands between most words.
        if begin != gap_start + 1 || bytes[gap_start] != b' ' || words.len() == 1 {
            in_note = gaps::set(text, gap_start..begin, &mut words, in_note);
        }
        (begin, gap_start) = (end, end);
    }
    words
}

/// How long the character is that `text` begins with, which is not ASCII, if no word begins with it.
fn outside(text: &str) -> usize {
    text.chars().next().filter(|character| !is_part(*character)).map_or(0, char::len_utf8)
}

/// Where what goes on at `at` with a word of ASCII ends, and what its bytes are. By itself, as the compiler keeps all of this in registers.
#[inline(never)]
fn run(bytes: &[u8], at: usize) -> (usize, u8) {
    let mut seen = 0;
    for (length, byte) in bytes[at..].iter().enumerate() {
        let part = PARTS[usize::from(*byte)];
        if part == OTHER {
            return (at + length, seen);
        }
        seen |= part;
    }
    (bytes.len(), seen)
}

/// Whether the slash at `at` parts words, or a postcode from one: "12 Elm Street/Springfield", "62704/dob", but "c/mayor" and "12/A".
fn parts(bytes: &[u8], at: usize) -> bool {
    let run = |is: fn(&u8) -> bool| bytes[..at].iter().rev().take_while(|byte| is(byte)).count();
    let word = |from: usize| bytes.get(from..from + 2).is_some_and(|two| two.iter().all(u8::is_ascii_alphabetic));
    word(at + 1) && (run(u8::is_ascii_alphabetic) >= 2 || run(u8::is_ascii_digit) >= 5)
}

/// How much of the `text` behind its first letter belongs to an abbreviation with a full stop in it: "n.º 45", "C.so Olmo", "P.zza Olmo".
fn abbreviated(first: u8, text: &str) -> usize {
    let ends: &[&str] = match first {
        b'n' | b'N' => &[".º", ".°"],
        b'c' | b'C' => &[".so"],
        b'v' | b'V' => &[".le"],
        b'p' | b'P' => &[".zza", ".za", ".le"],
        b'l' | b'L' => &[".go"],
        _ => return 0,
    };
    let end = ends.iter().find(|end| text.starts_with(**end)).map_or(0, |end| end.len());
    if text[end..].starts_with(char::is_alphanumeric) { 0 } else { end }
}

/// Where the word that goes on at `at` ends.
fn general_end(text: &str, at: usize) -> usize {
    let goes_on = |c: char| match c.is_ascii() {
        true => c == '/' || PARTS[c as usize] != OTHER,
        false => is_part(c) || matches!(c, '’' | '–' | '—'),
    };
    text[at..].find(|c: char| !goes_on(c)).map_or(text.len(), |length| at + length)
}

/// Whether `character`, which is not ASCII, may be anywhere in a word.
fn is_part(character: char) -> bool {
    is_ideograph(character)
        || character.is_alphanumeric()
        || matches!(character, '½' | '°' | '\u{2206}')
        || is_mark(character)
}

/// A word without what would join it to more behind it.
fn without_joints(word: &str) -> &str {
    match word.as_bytes().last() {
        Some(last) if last.is_ascii_alphanumeric() => word,
        // "C/ Mayor": Spain's "calle".
        _ if word.eq_ignore_ascii_case("c/") => word,
        _ => word.trim_end_matches(['\'', '’', '-', '/', '–', '—']),
    }
}

/// What a byte is that goes on with a word of ASCII, as a bit.
static PARTS: [u8; 256] = {
    let mut parts = [OTHER; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        parts[byte as usize] = match byte {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' => SMALL,
            b'A'..=b'Z' => CAPITAL,
            b'\'' | b'-' => JOINT,
            _ => OTHER,
        };
        byte += 1;
    }
    parts
};

const OTHER: u8 = 0;
const DIGIT: u8 = 1;
const SMALL: u8 = 2;
const CAPITAL: u8 = 4;
const JOINT: u8 = 8;

/// What most texts that are not in an alphabet consist of: letters without case.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}')
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// The word `lower` that begins at `begin`, as if a space were before it; what its bytes are is `seen`.
fn ascii_word(lower: &str, begin: usize, capital: bool, seen: u8) -> Word<'_> {
    let count = |is: fn(&u8) -> bool| lower.bytes().filter(is).count() as u32;
    let (digits, letters) = match seen & (DIGIT | JOINT) {
        0 => (0, lower.len() as u32),
        _ => (count(u8::is_ascii_digit), count(u8::is_ascii_lowercase)),
    };
    Word {
        range: begin..begin + lower.len(),
        gap: Gap::Space,
        hash: false,
        lower: Cow::Borrowed(lower),
        capital,
        upper: seen & SMALL == 0,
        digits,
        letters,
        house_number: digits > 0 && is_house_number(lower, digits, letters),
        kinds: kinds::of(lower),
    }
}

/// As [`ascii_word`], for any word.
fn other_word<'a>(text: &'a str, small: &'a str, range: Range<usize>) -> Word<'a> {
    let shown = &text[range.clone()];
    let (mut caseless, mut upper, mut letters, mut digits) = (true, true, 0, 0);
    for character in shown.chars() {
        match character {
            '0'..='9' => digits += 1,
            _ if is_ideograph(character) => letters += 1,
            _ => {
                caseless &= character.is_ascii();
                upper &= !character.is_lowercase();
                letters += u32::from(character.is_alphabetic());
            }
        }
    }
    let lower = if caseless { Cow::Borrowed(&small[range.clone()]) } else { Cow::Owned(shown.to_lowercase()) };
    Word {
        gap: Gap::Space,
        hash: false,
        house_number: digits > 0 && is_house_number(&lower, digits, letters),
        kinds: kinds::of(&lower),
        lower,
        capital: shown.starts_with(char::is_uppercase),
        upper,
        digits,
        letters,
        range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_tell_abbreviations_from_sentence_ends() {
        let text = "12 E. Elm St., Ste. 5\nTown. Please #4?";
        let small = text.to_ascii_lowercase();
        let words = split(text, &small);
        let gaps: Vec<Gap> = words.iter().map(|word| word.gap).collect();
        use Gap::*;
        assert_eq!(gaps, [Break, Space, Space, Space, Comma, Space, Line, Space, Space]);
        assert!(words[8].hash);
    }

    #[test]
    fn house_numbers_are_told_from_times_and_ranks() {
        let is_house = |text: &str| split(text, &text.to_ascii_lowercase())[0].is_house_number();
        for house in ["12", "123A", "1036-1038", "16½", "12bis", "nº45"] {
            assert!(is_house(house), "{house}");
        }
        for other in ["1st", "42nd", "5pm", "3k", "abc", "10km", "5cis", "nº"] {
            assert!(!is_house(other), "{other}");
        }
    }
}
