//! Boxes and routes that mail goes to without a street: post office boxes, rural routes, military mail.

use super::kinds;
use super::word::{Gap, Word};
use super::words::is_mailbox_start;

/// The end of a box that starts at `at`.
#[inline]
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    let begins = match first.digits {
        0 => first.may_be(kinds::ANCHOR) && is_mailbox_start(&first.lower),
        // "pobox84", "box12", "rr4"
        _ => matches!(first.lower.as_bytes(), [b'p' | b'b' | b'r', ..]),
    };
    let end = || post_box(words, at).or_else(|| route(words, at)).or_else(|| military(words, at));
    begins.then(end).flatten()
}

/// "P.O. Box 123", "PO Box 4", "GPO Box 7", "post office box 9", "pob 130", "POBox84", "Box # 20".
fn post_box(words: &[Word], at: usize) -> Option<usize> {
    let is = |offset: usize, word: &str| words.get(at + offset).is_some_and(|w| w.lower == word);
    let glued = |offset: usize, word: &str| {
        let number = words.get(at + offset).and_then(|w| w.lower.strip_prefix(word));
        number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
    };
    if glued(0, "pobox") || glued(0, "box") && words[at].digits >= 2 && words[at].letters <= 9 {
        return Some(at + 1);
    }
    if is(0, "po") && glued(1, "box") {
        return Some(at + 2);
    }
    let is_box = |offset: usize| is(offset, "box") || is(offset, "bx");
    let number_at = if (is(0, "po") || is(0, "p") || is(0, "gpo")) && is_box(1) {
        2
    } else if (is(0, "p") && is(1, "o") || is(0, "post") && is(1, "office")) && is_box(2) {
        3
    } else if is(0, "pob")
        || is(0, "pobox")
        || is(0, "lockbox")
        || is(0, "lbx")
        || is(0, "postbox")
        || is(0, "postfach")
    {
        1
    } else if is(0, "lock") && is(1, "box") || is(0, "caixa") && is(1, "postal") {
        2
    } else if is(0, "box") && words.get(at + 1).is_some_and(|number| number.hash) {
        1
    } else {
        return None;
    };
    let end = words.get(at + number_at).filter(|word| word.digits > 0).map(|_| at + number_at + 1)?;
    // "Postfach 10 22 04"
    let pairs =
        words[end..].iter().take(2).take_while(|pair| pair.gap == Gap::Space && pair.is_number() && pair.digits == 2);
    Some(if is(0, "postfach") { end + pairs.count() } else { end })
}

/// "RR 4 Box 42", "HCR 99 box 22B", "rural route 2, box 5", "highway contract route 12A box 285", "PSC 4355, Box 81".
fn route(words: &[Word], at: usize) -> Option<usize> {
    let lower = |offset: usize| words.get(at + offset).map_or("", |word| word.lower.as_ref());
    // "RR#2, Elmbridge ON P1L 1W9"
    let hashed = |number: &Word| number.hash && number.is_number() && number.digits <= 2;
    let town = |town: &Word| town.gap == Gap::Comma && town.capital;
    if lower(0) == "rr" && words.get(at + 1).is_some_and(hashed) && words.get(at + 2).is_some_and(town) {
        return Some(at + 2);
    }
    let reach = match (lower(0), lower(1), lower(2)) {
        ("rural" | "star" | "hc", "route" | "rte", _) => 3,
        ("rr" | "rfd" | "hc" | "hcr" | "psc" | "cmr" | "route" | "rte" | "unit", _, _) => 2,
        ("hwy" | "highway", "contract", "route" | "rte") => 4,
        (first, _, _) if first.strip_prefix("rr").is_some_and(|id| id.parse::<u16>().is_ok()) => 1,
        _ => return None,
    };
    let is_box = |here: &usize| words.get(*here).is_some_and(|word| word.lower == "box" && word.gap <= Gap::Comma);
    let box_at = (at + 1..=at + reach).find(is_box)?;
    words.get(box_at + 1).filter(|number| number.digits > 0 && number.gap != Gap::Break).map(|_| box_at + 2)
}

/// "APO AP 28906", with the ship before it: "USS Lorenzen, FPO AE 25990".
fn military(words: &[Word], at: usize) -> Option<usize> {
    let office = |at: usize| {
        let [office, area, zip] = words.get(at..at + 3)? else { return None };
        let is_office =
            matches!(office.lower.as_ref(), "apo" | "fpo" | "dpo") && matches!(area.lower.as_ref(), "aa" | "ae" | "ap");
        (is_office && zip.is_zip()).then_some(at + 3)
    };
    if matches!(words[at].lower.as_ref(), "uss" | "usns" | "usnv" | "uscgc") {
        return (at + 2..at + 6).find_map(office);
    }
    office(at)
}
