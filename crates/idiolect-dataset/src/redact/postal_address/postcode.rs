//! Postcodes that tell an address alone: behind a house, or by a form that nothing else has.

use super::tail::is_eircode;
use super::word::{Gap, Word};
use super::words::*;

/// The end of the postcode at `at`, with the state or town before it.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    // Without a number behind it there is none but "Hindupur-669725".
    if words[at].digits != 6 && words.get(at + 1).is_none_or(|next| next.digits == 0) {
        return None;
    }
    state_and_zip(words, at).or_else(|| indian_postcode(words, at)).or_else(|| british_or_canadian_postcode(words, at))
}

/// "IL 62704", "California 94107", with a house number within reach before it.
fn state_and_zip(words: &[Word], at: usize) -> Option<usize> {
    let word = &words[at];
    let zip = words.get(at + 1).filter(|next| next.gap <= Gap::Comma && next.is_zip())?;
    // "on 25000", "in 12000": small words that are codes as well.
    let state =
        is_state_code(&word.lower) && (word.capital || !is_never_a_name(&word.lower)) || is_region_name(&word.lower);
    let reach = at.saturating_sub(12);
    let house = words[reach..at].iter().rposition(|before| before.is_house_number())? + reach;
    (state && zip.digits > 0 && is_unbroken(&words[house + 1..=at])).then_some(at + 2)
}

/// "Pune 411001": behind a number and at least two commas, with nothing but names between.
fn indian_postcode(words: &[Word], at: usize) -> Option<usize> {
    // "Hindupur-669725"
    let joined = words[at].digits == 6
        && words[at]
            .lower
            .rsplit_once('-')
            .is_some_and(|(town, code)| code.len() == 6 && !town.contains(|c: char| c.is_ascii_digit()));
    let code = words.get(at + 1).filter(|next| next.gap <= Gap::Comma && next.is_number() && next.digits == 6);
    let coded = joined || code.is_some_and(|code| code.lower.starts_with(|c: char| ('1'..='8').contains(&c)));
    let known = || super::city::end(words, at) == Some(at + 1);
    if !coded || !words[at].capital && !known() {
        return None;
    }
    let reach = at.saturating_sub(12);
    let house = words[reach..at].iter().position(|before| before.digits > 0 && before.letters <= 1)? + reach;
    let between = &words[house + 1..=at];
    let names = between.iter().all(|word| {
        word.gap <= Gap::Line
            && (word.capital || word.digits > 0 || !words[at].capital && !is_never_a_name(&word.lower))
    });
    let commas = between.iter().filter(|word| word.gap == Gap::Comma).count();
    (names && commas >= 2 - usize::from(joined)).then_some(at + 2 - usize::from(joined))
}

/// "MK42 0XE", "K1A 0B1", with a house number within reach before it or in capitals, as nothing else is written.
fn british_or_canadian_postcode(words: &[Word], at: usize) -> Option<usize> {
    let (outward, inward) = (&words[at], words.get(at + 1)?);
    let county = |word: &Word| {
        matches!(word.lower.as_ref(), "co" | "county" | "dublin" | "cork" | "galway" | "limerick" | "ireland")
    };
    if is_eircode(outward, Some(inward)) && words[at.saturating_sub(4)..at].iter().any(county) {
        return Some(at + 2);
    }
    if inward.digits == 0 || inward.gap != Gap::Space || !is_postcode(&outward.lower, &inward.lower) {
        return None;
    }
    // "GT3 4GB" is a graphics card.
    if outward.upper && inward.upper && outward.lower.len() >= 3 && !inward.lower.ends_with("gb") {
        return Some(at + 2);
    }
    let reach = at.saturating_sub(10);
    let house = words[reach..at].iter().rposition(|before| before.is_house_number())? + reach;
    is_unbroken(&words[house + 1..=at]).then_some(at + 2)
}

fn is_unbroken(words: &[Word]) -> bool {
    words.iter().all(|word| {
        word.gap != Gap::Break && (!is_never_a_name(&word.lower) || word.capital || is_state_code(&word.lower))
    })
}

/// The shapes of British and Canadian postcodes; the last letters of a British one are never C, I, K, M, O or V.
pub(super) fn is_postcode(outward: &str, inward: &str) -> bool {
    let is = |text: &str, shape: &str| {
        let fits = |(byte, of): (u8, u8)| if of == b'9' { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() };
        text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
    };
    let british = || ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"].iter().any(|shape| is(outward, shape));
    is(inward, "9AA") && !inward.ends_with(['c', 'i', 'k', 'm', 'o', 'v']) && british()
        || is(inward, "9A9") && is(outward, "A9A")
}

/// The shape of an Irish postcode: "D02 X285", "D6W XY00".
pub(super) fn is_irish(outward: &str, inward: &str) -> bool {
    let routing = matches!(outward.as_bytes(), [letter, digit, last] if letter.is_ascii_alphabetic() && digit.is_ascii_digit() && (last.is_ascii_digit() || *last == b'w'));
    let any = |kind: fn(&u8) -> bool| inward.bytes().any(|byte| kind(&byte));
    let unique = inward.len() == 4 && inward.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // "flight to Cork D12 1830"
    routing && unique && any(u8::is_ascii_digit) && any(u8::is_ascii_alphabetic)
}
