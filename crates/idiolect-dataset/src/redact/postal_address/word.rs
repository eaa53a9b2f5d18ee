//! A text as words with the gaps between them, which is all that the address rules look at.

use std::borrow::Cow;
use std::ops::Range;

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
}

impl Word<'_> {
    /// Where the word starts, its `#` included.
    pub fn start_with_hash(&self, text: &str) -> usize {
        // Only then: without one, all of the text before would be looked through.
        let hash = self.hash.then(|| text[..self.range.start].rfind('#')).flatten();
        hash.unwrap_or(self.range.start)
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
        super::words::is_street_end(&self.lower)
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
        let (mut end, mut counts) = (begin, 0);
        for byte in &bytes[begin..] {
            let count = COUNTED[usize::from(*byte)];
            if count == OTHER || *byte == b'/' && parts(bytes, end) {
                break;
            }
            counts += count;
            end += 1;
        }
        let whole = end == bytes.len() || bytes[end].is_ascii();
        let short = if end == begin + 1 { abbreviated(bytes[begin], &text[end..]) } else { 0 };
        end += short;
        if short == 0 && whole && bytes[end - 1].is_ascii_alphanumeric() {
            words.push(ascii_word(&small[begin..end], begin, bytes[begin].is_ascii_uppercase(), counts));
        } else {
            let word = without_joints(&text[begin..if short > 0 { end } else { general_end(text, end) }]);
            end = begin + word.len();
            words.push(other_word(text, small, begin..end));
        }
        // What stands between most words.
        if begin != gap_start + 1 || bytes[gap_start] != b' ' || words.len() == 1 {
            in_note = set_gap(text, gap_start..begin, &mut words, in_note);
        }
        (begin, gap_start) = (end, end);
    }
    words
}

/// Says of the last of `words` what stands `between` it and the one before, which may be `in_note`; and whether it is in one.
fn set_gap(text: &str, between: Range<usize>, words: &mut [Word], in_note: bool) -> bool {
    let behind = &text[between.end..];
    let between = &text[between];
    let Some((word, before)) = words.split_last_mut() else { return false };
    word.hash = between.contains('#') && between.trim_end().ends_with('#');
    word.gap = match before.last() {
        None => Gap::Break,
        previous if in_note && between.starts_with(')') => gap(&between[1..], previous),
        previous => gap(between, previous),
    };
    // A blank line may stand before the country.
    let blank = word.gap == Gap::Break && word.capital && between.trim().is_empty();
    if blank && super::words::is_region_name(&word.lower) {
        word.gap = Gap::Line;
    }
    let in_note = between == " ("
        && (before.last().is_some_and(|country| super::words::is_region_name(&country.lower)) || is_other_name(behind));
    if in_note {
        word.gap = Gap::Space;
    }
    in_note
}

/// "Elm Park) 2230", "Elm Boulevard), Springfield": whether a place's other name stands in brackets, and the address goes on behind them.
fn is_other_name(text: &str) -> bool {
    /// In bytes.
    const LONGEST: usize = 32;
    let Some(end) = memchr::memchr(b')', &text.as_bytes()[..text.len().min(LONGEST)]) else { return false };
    let behind = &text[end + 1..];
    end >= 4
        && text.starts_with(char::is_uppercase)
        && text[..end].chars().all(|c| c.is_alphabetic() || c == ' ')
        && (behind.starts_with(", ")
            || behind.starts_with(' ') && behind[1..].starts_with(|c: char| c.is_ascii_digit()))
}

/// How long the character is that `text` begins with, which is not ASCII, if no word begins with it.
fn outside(text: &str) -> usize {
    text.chars().next().filter(|character| !is_part(*character)).map_or(0, char::len_utf8)
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
        true => COUNTED[c as usize] != OTHER,
        false => is_part(c) || matches!(c, '’' | '–' | '—'),
    };
    text[at..].find(|c: char| !goes_on(c)).map_or(text.len(), |length| at + length)
}

/// Whether `character`, which is not ASCII, may be anywhere in a word.
fn is_part(character: char) -> bool {
    is_ideograph(character)
        || character.is_alphanumeric()
        || matches!(character, '½' | '\u{2206}')
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

/// Bits for each of three counts in one number: no message that is looked at has more bytes than one of them can count.
const LANE: u32 = 21;
const _: () = assert!(crate::redact::MAX_MESSAGE_BYTES < 1 << LANE);

/// One more digit, small letter or capital, for each byte that goes on with a word; joints count as none.
static COUNTED: [u64; 256] = {
    let mut counted = [OTHER; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        counted[byte as usize] = match byte {
            b'0'..=b'9' => 1,
            b'a'..=b'z' => 1 << LANE,
            b'A'..=b'Z' => 1 << (2 * LANE),
            b'\'' | b'-' | b'/' => 0,
            _ => OTHER,
        };
        byte += 1;
    }
    counted
};

/// Stands for a byte at which a word of ASCII ends.
const OTHER: u64 = u64::MAX;

/// What most texts that are not in an alphabet consist of: letters without case.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}')
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// The word `lower` that begins at `begin`, as if a space were before it.
fn ascii_word(lower: &str, begin: usize, capital: bool, counts: u64) -> Word<'_> {
    let [digits, small_letters, capitals] = [0, 1, 2].map(|lane| (counts >> (lane * LANE)) as u32 & ((1 << LANE) - 1));
    let letters = small_letters + capitals;
    Word {
        range: begin..begin + lower.len(),
        gap: Gap::Space,
        hash: false,
        lower: Cow::Borrowed(lower),
        capital,
        upper: small_letters == 0,
        digits,
        letters,
        house_number: digits > 0 && is_house_number(lower, digits, letters),
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
        lower,
        capital: shown.starts_with(char::is_uppercase),
        upper,
        digits,
        letters,
        range,
    }
}

fn gap(between: &str, previous: Option<&Word>) -> Gap {
    // "3.14" is one number.
    if between == "." && previous.is_some_and(Word::is_number) {
        return Gap::Break;
    }
    let short = || previous.is_none_or(|word| word.letters <= 4 || super::words::is_short_for_street(&word.lower));
    let mut gap = Gap::Space;
    let (mut stops, mut lines) = (0, 0);
    for character in between.chars() {
        match character {
            // What quotes a line: "> 12 Elm Street\n> Springfield".
            '>' | '|' | '?' if lines > 0 => {}
            ',' => gap = gap.max(Gap::Comma),
            '/' if between == "/" => gap = Gap::Comma,
            '\n' => {
                lines += 1;
                gap = gap.max(Gap::Line);
            }
            '.' => stops += 1,
            // "No:12 D:5"
            ':' if previous.is_some_and(|word| matches!(word.lower.as_ref(), "no" | "nr" | "d" | "kat" | "daire")) => {}
            // "Av. Elm N° 41"
            '°' if previous.is_some_and(|word| matches!(word.lower.as_ref(), "n" | "1")) => {}
            ' ' | '\t' | '\r' | '\u{a0}' | '#' | '\'' | '-' | '/' => {}
            _ => return Gap::Break,
        }
    }
    if stops > 1 || lines > 1 || stops == 1 && !short() { Gap::Break } else { gap }
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
