//! A text as words with the gaps between them, which is all that the address rules look at.

use std::borrow::Cow;
use std::ops::Range;

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
    pub digits: usize,
    pub letters: usize,
}

impl Word<'_> {
    /// Where the word starts, its `#` included.
    pub fn start_with_hash(&self, text: &str) -> usize {
        match (self.hash, text[..self.range.start].rfind('#')) {
            (true, Some(hash)) => hash,
            _ => self.range.start,
        }
    }

    pub fn is_number(&self) -> bool {
        self.digits > 0 && self.letters == 0
    }

    /// "12", "123A", "1036-1038", "16½", "77W".
    pub fn is_house_number(&self) -> bool {
        (1..=10).contains(&self.digits)
            && self.letters <= 2
            && self.lower.starts_with(|c: char| c.is_ascii_digit())
            && !self.is_ordinal()
            && !is_clock_or_measure(&self.lower)
    }

    /// "ONE NORTH JEFFERSON AVE", "Two Elm Street".
    pub fn is_spelled_number(&self) -> bool {
        self.capital
            && matches!(
                self.lower.as_ref(),
                "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten"
            )
    }

    /// "street", "Rd".
    pub fn is_street_word(&self) -> bool {
        super::words::is_street_end(&self.lower)
    }

    /// "1st", "42nd".
    pub fn is_ordinal(&self) -> bool {
        self.letters == 2
            && self.digits > 0
            && ["st", "nd", "rd", "th"].iter().any(|ending| self.lower.ends_with(ending))
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

/// "5pm", "3k", "10m": a number with its unit, not a house.
fn is_clock_or_measure(lower: &str) -> bool {
    let unit = lower.trim_start_matches(|c: char| !c.is_alphabetic());
    matches!(
        unit,
        "am" | "pm"
            | "k"
            | "m"
            | "km"
            | "cm"
            | "mm"
            | "kg"
            | "g"
            | "p"
            | "x"
            | "hr"
            | "h"
            | "gb"
            | "mb"
            | "s"
            | "ms"
            | "yr"
            | "yo"
            | "am-"
            | "ft"
            | "lb"
    )
}

/// The words of `text`; letters, digits and what joins them within a word.
///
/// `small` is the text with its ASCII letters small.
pub(super) fn split<'a>(text: &'a str, small: &'a str) -> Vec<Word<'a>> {
    let mut words: Vec<Word> = Vec::with_capacity(text.len() / 4 + 1);
    let (mut at, mut gap_start) = (0, 0);
    // Within the brackets of "Cyprus (Greek) 51034".
    let mut in_note = false;
    while let Some(begin) = position(text, at, false) {
        at = position(text, begin, true).unwrap_or(text.len());
        let range = begin..begin + without_joints(&text[begin..at]).len();
        let mut word = word(text, small, range.clone(), gap_start, words.last());
        let between = &text[gap_start..range.start];
        if in_note && between.starts_with(')') {
            word.gap = gap(&between[1..], words.last());
        }
        in_note = between == " (" && words.last().is_some_and(|country| super::words::is_region_name(&country.lower));
        if in_note {
            word.gap = Gap::Space;
        }
        words.push(word);
        gap_start = range.end;
    }
    words
}

/// Where the next word begins from `at` on, or, if `within` one, where it ends.
fn position(text: &str, mut at: usize, within: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        let (belongs, length) = if byte.is_ascii() {
            (byte.is_ascii_alphanumeric() || within && matches!(byte, b'\'' | b'-' | b'/'), 1)
        } else {
            let character = text[at..].chars().next()?;
            let part = is_ideograph(character)
                || character.is_alphanumeric()
                || matches!(character, '½' | '\u{2206}')
                || is_mark(character);
            (part || within && matches!(character, '’' | '–' | '—'), character.len_utf8())
        };
        if belongs != within {
            return Some(at);
        }
        at += length;
    }
    None
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

/// Bits for each of three counts in one number: no message that is looked at has more bytes than one of them can count.
const LANE: u32 = 21;
const _: () = assert!(crate::redact::MAX_MESSAGE_BYTES < 1 << LANE);

/// One more digit, small letter or capital, for each byte.
static COUNTED: [u64; 256] = {
    let mut counted = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        counted[byte as usize] = match byte {
            b'0'..=b'9' => 1,
            b'a'..=b'z' => 1 << LANE,
            b'A'..=b'Z' => 1 << (2 * LANE),
            _ => 0,
        };
        byte += 1;
    }
    counted
};

/// What most texts that are not in an alphabet consist of: letters without case.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}')
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

fn word<'a>(text: &'a str, small: &'a str, range: Range<usize>, gap_start: usize, previous: Option<&Word>) -> Word<'a> {
    let shown = &text[range.clone()];
    let between = &text[gap_start..range.start];
    let gap = if previous.is_none() { Gap::Break } else { gap(between, previous) };
    let hash = between != " " && between.trim_end().ends_with('#');
    if !shown.is_ascii() {
        let caseless = shown.chars().all(|c| c.is_ascii() || is_ideograph(c));
        return Word {
            gap,
            hash,
            lower: if caseless { Cow::Borrowed(&small[range.clone()]) } else { Cow::Owned(shown.to_lowercase()) },
            capital: shown.starts_with(char::is_uppercase),
            upper: !shown.contains(|c: char| !is_ideograph(c) && c.is_lowercase()),
            digits: shown.bytes().filter(u8::is_ascii_digit).count(),
            letters: shown.chars().filter(|c| is_ideograph(*c) || c.is_alphabetic()).count(),
            range,
        };
    }
    let counts: u64 = shown.bytes().map(|byte| COUNTED[usize::from(byte)]).sum();
    let [digits, small_letters, capitals] =
        [0, 1, 2].map(|lane| (counts >> (lane * LANE)) as usize & ((1 << LANE) - 1));
    Word {
        gap,
        hash,
        lower: Cow::Borrowed(&small[range.clone()]),
        capital: shown.as_bytes()[0].is_ascii_uppercase(),
        upper: small_letters == 0,
        digits,
        letters: small_letters + capitals,
        range,
    }
}

fn gap(between: &str, previous: Option<&Word>) -> Gap {
    if between == " " {
        return Gap::Space;
    }
    // "3.14" is one number.
    if between == "." && previous.is_some_and(Word::is_number) {
        return Gap::Break;
    }
    let short = previous.is_none_or(|word| word.letters <= 4 || super::words::is_short_for_street(&word.lower));
    let mut gap = Gap::Space;
    let (mut stops, mut lines) = (0, 0);
    for character in between.chars() {
        match character {
            ',' => gap = gap.max(Gap::Comma),
            '\n' => {
                lines += 1;
                gap = gap.max(Gap::Line);
            }
            '.' => stops += 1,
            // "No:12 D:5"
            ':' if previous.is_some_and(|word| matches!(word.lower.as_ref(), "no" | "nr" | "d" | "kat" | "daire")) => {}
            ' ' | '\t' | '\r' | '\u{a0}' | '#' | '\'' | '-' | '/' => {}
            _ => return Gap::Break,
        }
    }
    if stops > 1 || lines > 1 || (stops == 1 && !short) { Gap::Break } else { gap }
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
        for house in ["12", "123A", "1036-1038", "16½"] {
            assert!(is_house(house), "{house}");
        }
        for other in ["1st", "42nd", "5pm", "3k", "abc", "10km"] {
            assert!(!is_house(other), "{other}");
        }
    }
}
