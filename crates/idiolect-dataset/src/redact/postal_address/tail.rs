//! What belongs to an address behind its anchor: flat, town, state, postcode, country.

use super::postcode::{is_irish, is_postcode};
use super::word::{Gap, Word};
use super::words::*;
use super::{american, city, settled};

/// How many words behind an anchor a state, postcode or country may be.
const REACH: usize = 12;

/// The end (exclusive) of the address whose anchor ends before `at`.
pub(super) fn grown(words: &[Word], at: usize) -> usize {
    let mut end = at;
    loop {
        let from = flats(words, end);
        let next = match closing(words, from) {
            Some(closed) => closed,
            None => towns(words, from).max(city::end(words, from).unwrap_or(from)),
        };
        let next = settled::end(words, from).map_or(next, |settled| settled.end.max(next));
        if next == end {
            return end;
        }
        end = next;
    }
}

/// "Apt. 5", "# 26", "2nd floor", "Fl. 3", any number of them.
fn flats(words: &[Word], at: usize) -> usize {
    let mut end = if is_door(words, at) { at + 1 } else { at };
    while let Some(length) = flat_len(&words[end.min(words.len())..]) {
        end += length;
    }
    end
}

/// "27A", "C1S": a door right behind the street, in capitals and digits alone.
fn is_door(words: &[Word], at: usize) -> bool {
    let behind_street =
        || at.checked_sub(1).is_some_and(|before| words[before].is_street_word() || is_direction(&words[before].lower));
    let door = |word: &Word| {
        // "415 E. 71st Street, 4B"
        let last = || words.get(at + 1).is_none_or(|next| next.gap >= Gap::Comma);
        (word.gap == Gap::Space || word.gap == Gap::Comma && last())
            && word.upper
            && (1..=2).contains(&word.letters)
            && (1..=3).contains(&word.digits)
            && word.lower.len() <= 4
            && !word.is_ordinal()
            && (word.is_house_number() || word.letters == 2)
    };
    let postcode = || words.get(at + 1).is_some_and(|inward| is_postcode(&words[at].lower, &inward.lower));
    words.get(at).is_some_and(door) && behind_street() && !postcode()
}

fn flat_len(words: &[Word]) -> Option<usize> {
    let word = words.first().filter(|word| word.gap != Gap::Break)?;
    let next = words.get(1).filter(|next| next.gap == Gap::Space);
    let numbered = |word: &Word| word.digits > 0 && word.letters <= 1;
    if word.lower == "no" {
        return next.is_some_and(numbered).then_some(2);
    }
    if is_flat(&word.lower) && next.is_some_and(|next| next.lower == "no") {
        return words.get(2).is_some_and(numbered).then_some(3);
    }
    let ranked = word.is_ordinal() || is_ordinal_word(&word.lower) || word.is_number() && word.digits <= 2;
    let flat = is_flat(&word.lower) && next.is_some_and(|next| next.digits > 0 || next.letters == 1 || next.hash);
    // "Apt. 3rd Flr."
    let floored = flat
        && next.is_some_and(Word::is_ordinal)
        && words.get(2).is_some_and(|word| matches!(word.lower.as_ref(), "floor" | "fl" | "flr"));
    if floored {
        return Some(3);
    }
    let floor = ranked && next.is_some_and(|next| matches!(next.lower.as_ref(), "floor" | "fl" | "flr"));
    let post_box = matches!(word.lower.as_ref(), "pob" | "box") && next.is_some_and(|next| next.digits > 0);
    // "Ave 3 #05-123", "#05-123 S560123": how Singapore numbers its streets and writes its postcodes.
    // "Suite100"
    let glued = || {
        word.digits > 0
            && word.letters >= 3
            && ["suite", "ste", "apt", "unit"].iter().any(|flat| {
                word.lower
                    .strip_prefix(flat)
                    .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
            })
    };
    // "# 1 SW", "#3 South"
    let faced = |next: &Word| next.capital && is_direction(&next.lower);
    let before_unit = word.gap == Gap::Space
        && word.is_number()
        && word.digits <= 2
        && next.is_some_and(|next| next.hash && next.digits > 0);
    let singapore = word.lower.starts_with('s') && word.letters == 1 && word.digits == 6;
    if flat || floor || post_box {
        Some(2)
    } else if before_unit || singapore || glued() {
        Some(1)
    } else if word.hash && word.digits > 0 {
        Some(1 + usize::from(next.is_some_and(faced)))
    } else {
        (word.hash && (word.upper && word.letters == 1 || is_flat(&word.lower))).then_some(1)
    }
}

fn is_ordinal_word(word: &str) -> bool {
    matches!(
        word,
        "first"
            | "second"
            | "third"
            | "fourth"
            | "fifth"
            | "sixth"
            | "seventh"
            | "eighth"
            | "ninth"
            | "tenth"
            | "ground"
            | "top"
    )
}

/// The end of the last state, postcode or country that the words from `at` on lead to without a break.
pub(super) fn closing(words: &[Word], at: usize) -> Option<usize> {
    let mut closed = None;
    let mut lines = 0;
    for (offset, word) in words[at.min(words.len())..].iter().enumerate().take(REACH) {
        let here = at + offset;
        lines += usize::from(word.gap == Gap::Line);
        if word.gap == Gap::Break
            || lines > 4
            || (closed.is_some() && offset > 0 && closed != Some(here) && !word.capital)
        {
            break;
        }
        let next = words.get(here + 1).filter(|next| next.gap <= Gap::Comma);
        // "12 elm rd or 07700 900123"
        let joins = matches!(word.lower.as_ref(), "or" | "in" | "me" | "ok" | "on") && !word.capital;
        let zip_next = next.is_some_and(Word::is_zip) && (!joins || american::coded_state(words, here).is_some());
        // "Mt Eden" is no Montana.
        let names_on = !word.upper && next.is_some_and(|next| next.gap == Gap::Space && next.capital);
        let upper_code = word.capital && word.letters <= 3 && word.digits == 0 && !names_on;
        // "rocky hill ct" where the text or line ends.
        let last = words.get(here + 1).is_none_or(|next| next.gap >= Gap::Line || next.capital && !word.capital);
        let small_code = last && offset > 0 && !is_never_a_name(&word.lower) && !is_ordinary_code(&word.lower);
        let code = is_state_code(&word.lower)
            && (zip_next || small_code || upper_code && (offset > 0 || word.gap >= Gap::Comma));
        let coded = code || upper_code && zip_next && offset > 0;
        let named = is_region_name(&word.lower) && (word.capital || offset > 0 || zip_next);
        if word.is_zip() {
            closed = Some(here + 1);
            // A postcode ends everything but a country.
            let country = words.get(here + 1).filter(|next| {
                next.gap != Gap::Break
                    && (is_region_name(&next.lower) || starts_region_name(&next.lower))
                    && next.capital
            });
            if country.is_none() {
                break;
            }
        } else if next.is_some_and(|next| {
            is_postcode(&word.lower, &next.lower)
                || is_eircode(word, Some(next))
                || is_australian_state(&word.lower) && next.is_number() && next.digits == 4
        }) {
            closed = Some(here + 2);
        } else if coded || named || is_eircode(word, None) || word.upper && is_joined_postcode(&word.lower) {
            closed = Some(here + 1);
        } else if is_never_a_name(&word.lower) && !(word.capital && word.letters > 2) {
            break;
        }
    }
    // Postcodes of four or six digits, where a state or country has just been named.
    let code = closed
        .and_then(|end| words.get(end))
        .is_some_and(|code| code.gap <= Gap::Comma && code.is_number() && matches!(code.digits, 4 | 6));
    closed.map(|end| end + usize::from(code))
}

pub(super) fn is_australian_state(word: &str) -> bool {
    matches!(word, "nsw" | "vic" | "qld" | "tas" | "wa" | "sa" | "act" | "nt")
}

/// "D02 X285", "E40X990": Ireland's postcodes, in capitals.
pub(super) fn is_eircode(outward: &Word, inward: Option<&Word>) -> bool {
    let shown = outward.upper && outward.lower.is_ascii();
    match inward {
        Some(inward) => {
            // "flight to Cork D12 1830"
            shown && inward.gap == Gap::Space && inward.upper && is_irish(&outward.lower, &inward.lower)
        }
        None => shown && outward.lower.len() == 7 && is_irish(&outward.lower[..3], &outward.lower[3..]),
    }
}

/// "Y7Y3V4", "W1J6HL": written without the space.
pub(super) fn is_joined_postcode(word: &str) -> bool {
    word.is_ascii() && (5..=7).contains(&word.len()) && is_postcode(&word[..word.len() - 3], &word[word.len() - 3..])
}

/// State codes that end an ordinary sentence as well.
fn is_ordinary_code(code: &str) -> bool {
    matches!(
        code,
        "me" | "in"
            | "or"
            | "ok"
            | "oh"
            | "hi"
            | "la"
            | "pa"
            | "ma"
            | "id"
            | "on"
            | "al"
            | "act"
            | "ab"
            | "nl"
            | "de"
            | "co"
    )
}

/// "Lysá nad Labem", "Chomutice u Horic v Podkrkonoší": a small word before a capitalised one.
fn joins_town(words: &[Word], at: usize, word: &Word) -> bool {
    let small = matches!(
        word.lower.as_ref(),
        "nad"
            | "pod"
            | "u"
            | "v"
            | "ve"
            | "na"
            | "pri"
            | "an"
            | "der"
            | "am"
            | "sur"
            | "en"
            | "de"
            | "do"
            | "da"
            | "del"
            | "dos"
            | "das"
            | "bei"
            | "im"
            | "ob"
            | "la"
            | "le"
            | "les"
            | "lès"
            | "i"
    );
    let last_follows = |steps: usize| words.get(at + steps).is_some_and(|next| next.gap == Gap::Space && next.capital);
    small && word.gap == Gap::Space && (last_follows(1) || last_follows(2))
}

/// "TIN CAN BAY 4580", "WENG IM GESÄUSE 8913": in capitals the small words are names as well, if a postcode follows.
fn capitals_and_postcode(words: &[Word], at: usize) -> Option<usize> {
    let upper =
        |(offset, word): &(usize, &Word)| (*offset == 0 || word.gap == Gap::Space) && word.upper && word.digits == 0;
    let count = words.get(at..)?.iter().enumerate().take(6).take_while(upper).count();
    let code = words
        .get(at + count)
        .filter(|code| code.gap == Gap::Space && code.is_number() && (4..=5).contains(&code.digits));
    (count > 1 && code.is_some()).then_some(at + count + 1)
}

/// Whether `word` before a number with what ends there is a town: "Beni Said 9010".
fn is_coded_town(words: &[Word], at: usize) -> bool {
    words[at].letters > 2
        && words.get(at + 1).is_some_and(|code| code.gap == Gap::Space && code.is_number() && code.digits >= 4)
}

/// Whether the number at `at` ends its line as the postcode of a town: "Selfoss 802", "Chrudim 3 537 03".
fn ends_town(words: &[Word], at: usize) -> bool {
    let last = |at: usize| words.get(at).is_none_or(|next| next.gap >= Gap::Line);
    let spaced = |at: usize, digits: u32| {
        words.get(at).is_some_and(|word| word.gap == Gap::Space && word.is_number() && word.digits == digits)
    };
    spaced(at, 3) && last(at + 1)
        || spaced(at, 3) && spaced(at + 1, 2)
        || spaced(at, 2) && spaced(at - 1, 3)
        || spaced(at, 1) && spaced(at + 1, 3) && spaced(at + 2, 2)
}

/// Capitalised names after commas and on lines of their own, where no state or country tells where to stop.
fn towns(words: &[Word], at: usize) -> usize {
    let mut end = at;
    let mut groups = 0;
    while groups < 3 {
        let Some(first) = words.get(end).filter(|word| matches!(word.gap, Gap::Comma | Gap::Line)) else { break };
        let numbered = first.is_number() && first.digits >= 4;
        let named = first.capital && !is_never_a_name(&first.lower);
        if !named && !numbered {
            break;
        }
        if let Some(closed) = capitals_and_postcode(words, end) {
            end = closed;
            groups += 1;
            continue;
        }
        let start = end;
        end += 1;
        while words.get(end).is_some_and(|word| {
            word.gap == Gap::Space
                && (word.capital && (!is_never_a_name(&word.lower) || is_coded_town(words, end))
                    || word.is_number() && word.digits >= 4
                    || ends_town(words, end)
                    || joins_town(words, end, word))
        }) {
            end += 1;
        }
        // "See you at 12 Elm Street, Saturday": a day, or who is spoken to, by itself.
        let spoken = || {
            is_calendar(&first.lower) || matches!(first.lower.as_ref(), "mom" | "mum" | "dad" | "mama" | "babe" | "bro")
        };
        if end == start + 1 && spoken() {
            end = start;
            break;
        }
        groups += 1;
    }
    if groups > 0 || at == 0 || !words[at - 1].is_number() || at < 2 || !is_flat(&words[at - 2].lower) {
        return end;
    }
    // Behind a flat's number the town may follow without a comma.
    let same_line = words[end..]
        .iter()
        .take(4)
        .take_while(|word| {
            word.gap == Gap::Space && (word.capital && !is_never_a_name(&word.lower) || word.is_house_number())
        })
        .count();
    end + same_line
}
