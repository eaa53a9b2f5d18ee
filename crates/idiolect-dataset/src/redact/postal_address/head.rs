//! What belongs to an address before its anchor: the house, the flat, the box's department.

use std::ops::Range;

use super::word::{Gap, Word};
use super::words::*;
use super::{announced, led};

/// How many words before an anchor are looked at.
const REACH: usize = 14;

/// The first word of the address around `anchor`.
pub(super) fn grown(words: &[Word], anchor: Range<usize>, last: usize) -> usize {
    let mut first = anchor.start;
    let anchored = &words[anchor.start];
    // A flat, a state or a postcode anchors the end of an address: its street is before it.
    // So is it where the house number stands right before the flat: "Koskikatu 25 Apt. 864".
    let before_flat = words.get(first + 1).is_some_and(|next| is_sure_flat(&next.lower));
    if !anchored.is_house_number() || before_flat {
        first = street_before(words, first);
    }
    if first == anchor.start && anchor.end == first + 2 && anchored.upper {
        first = named_house(words, first);
    }
    let first = numbers_before(words, first);
    let tail = &words[anchor.end.min(last)..last];
    let closed = tail.iter().any(|word| word.is_zip() || is_sure_flat(&word.lower));
    let first = if closed { name_before(words, first) } else { first };
    let coded = words[anchor.start..last].iter().any(|word| word.is_number() && word.digits >= 4);
    let before = first == anchor.start && coded && (anchored.digits == 0 || closed && before_flat_of(tail));
    if before { small_name_before(words, first) } else { first }
}

/// Whether a flat is in what follows a street.
fn before_flat_of(tail: &[Word]) -> bool {
    tail.iter().any(|word| is_sure_flat(&word.lower)) && tail.iter().any(Word::is_zip)
}

/// "obere hauptstraße 5, 80331 köln": no more than two small words before an address that a postcode settles, where a clause begins with them or
/// a preposition leads to them.
fn small_name_before(words: &[Word], first: usize) -> usize {
    let is_name = |at: usize| {
        let word = &words[at];
        words[at + 1].gap == Gap::Space
            && word.digits == 0
            && word.letters >= 2
            && !is_never_a_name(&word.lower)
            && !led::is_lead(&word.lower)
            && !super::town::is_remark(&word.lower)
            && !super::inflected::is_preposition(&word.lower)
            && !super::small::is_no_name(&word.lower)
    };
    let mut start = first;
    while start > 0 && first - start < 3 && is_name(start - 1) && !announced::begins(words, start) {
        start -= 1;
    }
    let begun =
        start < first && first - start <= 2 && (announced::begins(words, start) || words[start].gap >= Gap::Comma);
    if begun { start } else { first }
}

/// "Storgarden 52 Trajanka Forks, Suite 894": a street in front of the house number, where the rest leaves no doubt.
fn name_before(words: &[Word], first: usize) -> usize {
    let is_name = |at: usize| {
        let word = &words[at];
        words[at + 1].gap == Gap::Space
            && word.capital
            && word.digits == 0
            && word.letters > 2
            && !is_never_a_name(&word.lower)
            && !is_calendar(&word.lower)
    };
    let mut start = first;
    while start > 0 && first - start < 3 && is_name(start - 1) {
        start -= 1;
    }
    if start < first { numbers_before(words, start) } else { first }
}

/// The leftmost house number, or capitalised name with one, that reaches `first` without a break.
fn street_before(words: &[Word], first: usize) -> usize {
    let mut start = first;
    let mut lines = 0;
    let mut gap = words[first].gap;
    // A British postcode ends an address that may have a line for each part.
    let coded =
        words.get(first + 1).is_some_and(|inward| super::postcode::is_postcode(&words[first].lower, &inward.lower));
    let most_lines = if coded { 4 } else { 1 };
    for at in (first.saturating_sub(REACH)..first).rev() {
        if gap == Gap::Break {
            break;
        }
        lines += usize::from(gap == Gap::Line);
        let word = &words[at];
        if lines > most_lines
            || is_never_a_name(&word.lower) && !(word.capital && word.letters > 2 && word.lower != "user")
        {
            break;
        }
        let names_a_number = words[at + 1..first].iter().any(|w| w.is_house_number());
        if word.is_house_number()
            || word.lower == "po"
            || (word.capital && names_a_number && lines == usize::from(words[first].gap == Gap::Line))
        {
            start = at;
        }
        gap = word.gap;
    }
    start
}

/// "Rose Cottage, Church Lane, Ambleside LA22 9BU": names before a postcode that stands alone, a street or a kind of house among them.
fn named_house(words: &[Word], first: usize) -> usize {
    let mut start = first;
    let (mut known, mut gap) = (false, words[first].gap);
    while start > 0 && first - start < REACH && gap != Gap::Break {
        let word = &words[start - 1];
        if !word.capital || word.digits > 0 && word.letters > 0 || is_never_a_name(&word.lower) {
            break;
        }
        known |= is_street_end(&word.lower)
            || matches!(word.lower.as_ref(), "cottage" | "house" | "rectory" | "barn" | "co");
        gap = word.gap;
        start -= 1;
    }
    if known { start } else { first }
}

/// Whether the line before the one that begins at `at` is a flat and no more: "Flat 3\n12 Elm Street".
fn is_line_of_flat(words: &[Word], at: usize) -> bool {
    let [.., flat, number] = &words[..at] else { return false };
    flat.gap >= Gap::Line
        && number.gap == Gap::Space
        && (is_flat(&flat.lower) && number.digits > 0 && number.letters <= 1
            || number.lower == "floor" && flat.is_ordinal())
}

/// "dept 3234", "Block 1,", "#01-03 Riverside point", a second house number.
fn numbers_before(words: &[Word], anchor: usize) -> usize {
    let mut first = anchor;
    while anchor - first < REACH {
        let gap = words[first].gap;
        if gap == Gap::Line && is_line_of_flat(words, first) {
            first -= 2;
            continue;
        }
        let Some(before) = first.checked_sub(1).filter(|_| gap <= Gap::Comma) else { return first };
        let word = &words[before];
        if words[first].digits > 0 && (is_box_prefix(&word.lower) || is_flat(&word.lower)) {
            // "mail code 55083", "drawer cs 198422"
            let mail =
                before.checked_sub(1).is_some_and(|at| words[before].gap == Gap::Space && words[at].lower == "mail");
            first = before - usize::from(mail);
            continue;
        }
        let label = before.checked_sub(1).map(|at| &words[at]);
        let labelled =
            label.is_some_and(|label| word.gap == Gap::Space && (is_box_prefix(&label.lower) || is_flat(&label.lower)));
        if word.digits > 0 && word.letters <= 1 && labelled {
            first = before - 1;
        } else if word.is_house_number() && word.digits >= 2 && gap == Gap::Space && words[first].is_house_number() {
            first = before;
        } else if let Some(hash) =
            (before.saturating_sub(3)..=before).rev().find(|&at| words[at].hash && words[at].digits > 0)
        {
            if words[hash + 1..=first].iter().any(|word| word.gap > Gap::Comma || is_never_a_name(&word.lower)) {
                return first;
            }
            first = hash;
        } else {
            return first;
        }
    }
    first
}
