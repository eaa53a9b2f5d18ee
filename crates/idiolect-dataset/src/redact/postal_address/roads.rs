//! Streets that a number or a letter is the name of: "US Highway 278", "County Road KK", "1202 a avenue", "avenue j".

use super::settled;
use super::word::{Gap, Word};
use super::words::*;

/// "Hwy 231", "US Highway 278", "County Road KK", "I 49", "farm to market road 529": the end of such a road that starts at `at`.
pub(super) fn numbered_road(words: &[Word], at: usize) -> Option<usize> {
    let market = words.get(at..at + 3).is_some_and(|words| {
        matches!(words[0].lower.as_ref(), "farm" | "ranch") && words[1].lower == "to" && words[2].lower == "market"
    });
    let at = if market { at + 2 } else { at };
    let prefixes = words[at..]
        .iter()
        .take(2)
        .take_while(|word| {
            matches!(
                word.lower.as_ref(),
                "us" | "u"
                    | "s"
                    | "state"
                    | "county"
                    | "country"
                    | "al"
                    | "ranch"
                    | "market"
                    | "forest"
                    | "township"
                    | "parish"
                    | "private"
                    | "old"
            )
        })
        .count();
    (0..=prefixes).rev().find_map(|skipped| {
        let road = words.get(at + skipped).filter(|word| skipped == 0 || word.gap == Gap::Space)?;
        let code = words.get(at + skipped + 1).filter(|next| next.gap == Gap::Space)?;
        let coded =
            code.digits > 0 && code.letters <= 2 || (code.letters <= 2 && code.capital && !is_direction(&code.lower));
        let private = || road.lower == "drive" && words[at].lower == "private";
        let is_road = is_numbered_road(&road.lower)
            || (skipped > 0 && (matches!(road.lower.as_ref(), "road" | "rd") || private()))
            || (road.lower == "i" && road.capital && code.digits > 0);
        (is_road && coded && !code.is_ordinal()).then_some(at + skipped + 2)
    })
}

/// Whether the road that ends before `end` and begins at `at` is no other than one that has a number: "county road 118", "state hwy 16".
pub(super) fn is_named(words: &[Word], at: usize, end: usize) -> bool {
    let road = &words[end - 2];
    end > at + 2 && (is_strong_street_end(&road.lower) || matches!(road.lower.as_ref(), "route" | "rte"))
}

/// "1202 a avenue", "950 n a w elm blvd": whether the letter at `at` is a street's name.
pub(super) fn is_lettered(words: &[Word], house: usize, at: usize) -> bool {
    let avenue = words.get(at + 1).is_some_and(|next| next.gap == Gap::Space && is_avenue(&next.lower));
    // "3950 n a w grimes blvd"
    let initial = || is_direction(&words[at - 1].lower) && words.get(at + 1).is_some_and(|next| next.letters == 1);
    words[house].digits >= 3 && words[at].letters == 1 && (at == house + 1 && avenue || at == house + 2 && initial())
}

/// "2118 avenue j": the end behind the letter that is the name of a street.
pub(super) fn lettered_avenue(words: &[Word], house: usize) -> Option<usize> {
    let [avenue, letter] = words.get(house + 1..house + 3)? else { return None };
    let named = avenue.gap == Gap::Space && is_avenue(&avenue.lower) && letter.gap == Gap::Space && letter.letters == 1;
    let ends = words.get(house + 3).is_none_or(|next| next.gap >= Gap::Comma);
    (named && letter.digits == 0 && words[house].digits >= 3 && ends).then_some(house + 3)
}

fn is_avenue(word: &str) -> bool {
    matches!(word, "avenue" | "ave")
}

/// "8410 fm 1960", "1400 county road 12", "55 hwy 9 n".
pub(super) fn housed(words: &[Word], at: usize) -> Option<usize> {
    let house = &words[at];
    if !house.is_number()
        || !(2..=5).contains(&house.digits)
        || words.get(at + 1).is_none_or(|next| next.gap != Gap::Space || next.digits > 0)
    {
        return None;
    }
    let end = numbered_road(words, at + 1)?;
    let end = end + usize::from(words.get(end).is_some_and(|next| next.gap == Gap::Space && is_direction(&next.lower)));
    settled::ends(words, end).then_some(end)
}
