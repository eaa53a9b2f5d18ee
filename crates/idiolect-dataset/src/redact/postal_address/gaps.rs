//! What stands between two words, as far as it says whether one address goes across it.

use std::ops::Range;

use super::word::{Gap, Word};
use super::words::is_region_name;

/// Says of the last of `words` what stands `between` it and the one before, which may be `in_note`; and whether it is in one.
pub(super) fn set(text: &str, between: Range<usize>, words: &mut [Word], in_note: bool) -> bool {
    let behind = &text[between.end..];
    let between = &text[between];
    let Some((word, before)) = words.split_last_mut() else { return false };
    word.hash = between.as_bytes().contains(&b'#') && between.trim_end().ends_with('#');
    word.gap = match before.last() {
        None => Gap::Break,
        previous if in_note && between.starts_with(')') => of(&between[1..], previous),
        previous => of(between, previous),
    };
    // A blank line may stand before the country.
    let blank = word.gap == Gap::Break && word.capital && between.trim().is_empty();
    if blank && is_region_name(&word.lower) {
        word.gap = Gap::Line;
    }
    let in_note = between == " ("
        && (before.last().is_some_and(|country| is_region_name(&country.lower)) || is_other_name(behind));
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

/// What `between` says behind the `previous` word.
fn of(between: &str, previous: Option<&Word>) -> Gap {
    // "3.14" is one number.
    if between == "." && previous.is_some_and(Word::is_number) {
        return Gap::Break;
    }
    let short = || previous.is_none_or(|word| word.letters <= 4 || word.is_short_for_street());
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
            // "4°B": the door of the fourth floor.
            '°' if between == "°" && previous.is_some_and(|word| word.is_number() && word.digits <= 2) => {}
            // "Av. Elm N° 41"
            '°' if previous.is_some_and(|word| matches!(word.lower.as_ref(), "n" | "1")) => {}
            ' ' | '\t' | '\r' | '\u{a0}' | '#' | '\'' | '-' | '/' => {}
            _ => return Gap::Break,
        }
    }
    if stops > 1 || lines > 1 || stops == 1 && !short() { Gap::Break } else { gap }
}
