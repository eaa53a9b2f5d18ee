//! What stands before the house behind commas: flats, floors, buildings and housing societies: "2nd floor, Elm Tower, 14 Elm Road",
//! "Résidence des Ormes, Bât B2, 45 avenue d'Orme", "B-402, Elm Heights, Elm Road, Pune 411045".

use super::continental::joins;
use super::settled;
use super::word::{Gap, Word};
use super::words::*;
use crate::word_set::word_set;

/// The most parts before a street, and the most words of one.
const PARTS: usize = 5;
const NAME_WORDS: usize = 5;

word_set! {
    /// What a number or a letter follows.
    is_label:
    "flat" "apt" "apartment" "appt" "app" "suite" "ste" "unit" "rm" "room" "tower" "block" "blk" "bldg" "building" "bât" "bat" "bâtiment" "batiment" "esc" "escalier" "porte" "wing" "villa" "shop" "office"
    "level" "floor" "door" "plot" "étage" "logement" "lgt" "entrée" "hall" "studio" "lot" "phase" "bloque" "torre" "piso" "edificio" "bloco" "apto" "depto";

    /// What names of buildings end in.
    is_building: "house" "tower" "towers" "court" "apartments" "apts" "heights" "mansion" "mansions" "residency" "residence" "residences" "building" "bldg" "chambers" "lodge" "cottage" "society" "villas" "estate" "park" "complex" "plaza" "enclave" "greens" "flats" "condo" "condominium" "point" "gardens" "granary" "maltings";

    /// What they begin with in other languages.
    starts_building: "résidence" "residence" "résid" "res" "immeuble" "imm" "edificio" "edif" "torre" "edifício" "condominio" "condomínio" "residencial" "palazzo" "palazzina" "villa" "conjunto";
}

/// The first word of the address that begins at `first`, whose flat, floor or building may stand before that.
pub(super) fn before(words: &[Word], first: usize) -> usize {
    let (mut best, mut here, mut named) = (first, first, false);
    for _ in 0..PARTS {
        let gap = words[here].gap;
        let house = words[here].is_house_number();
        if gap == Gap::Space && here == first && house && here > 0 && is_glued_unit(&words[here - 1]) {
            // "u6 / 52 boundary rd"
            return here - 1;
        }
        if gap != Gap::Comma || here == 0 {
            break;
        }
        if let Some(part) = numbered(words, here) {
            (best, here) = (part, part);
            continue;
        }
        let Some(part) = name(words, here) else { break };
        let words = &words[part..here];
        // Another name may be a town, a person or a sentence, if nothing numbered is before it.
        let known = words.len() > 1 && words.last().is_some_and(|last| is_building(&last.lower))
            || words.len() > 1 && starts_building(&words[0].lower);
        let street = words.len() > 1 && words.last().is_some_and(Word::is_street_word);
        if named && !known && !street {
            break;
        }
        named |= !known;
        here = part;
        if known {
            best = part;
        }
    }
    best
}

/// "U4", "u6"
fn is_glued_unit(word: &Word) -> bool {
    word.letters == 1 && (1..=4).contains(&word.digits) && word.lower.starts_with('u')
}

/// Where the part before `end` begins that is a floor, a flat or a block by its number: "2nd floor", "22/F", "Bât B2", "Rm 8C", "B-402", "5/2".
fn numbered(words: &[Word], end: usize) -> Option<usize> {
    let last = &words[end - 1];
    let label = end.checked_sub(2).map(|label| &words[label]).filter(|_| last.gap == Gap::Space);
    let floor = matches!(last.lower.as_ref(), "floor" | "flr" | "fl" | "étage" | "etage")
        && label.is_some_and(|rank| {
            rank.digits > 0 && rank.digits <= 2
                || matches!(rank.lower.as_ref(), "ground" | "top" | "first" | "second" | "third")
        });
    let coded = last.digits > 0 && last.digits <= 4 && last.letters <= 2 || last.letters == 1 && last.upper;
    if floor || coded && !last.is_ordinal() && label.is_some_and(|label| is_label(&label.lower)) {
        return Some(end - 2);
    }
    let (digits, letters) = (last.digits, last.letters);
    // "22/F", "B-402", "A/302", "U4"
    let alone = digits > 0
        && (digits <= 2 && last.lower.ends_with("/f") && letters == 1
            || letters <= 2
                && letters > 0
                && digits <= 4
                && last.capital
                && last.lower.contains(['-', '/'])
                && last.lower.starts_with(|c: char| c.is_ascii_lowercase())
            || is_glued_unit(last) && last.capital
            || letters == 0
                && digits == 2
                && last.lower.len() == 3
                && last.lower.contains('/')
                && words[end].is_house_number());
    alone.then_some(end - 1)
}

/// Where the capitalised name before `end` begins, between commas or behind small words.
fn name(words: &[Word], end: usize) -> Option<usize> {
    let is_name = |at: usize| {
        let word = &words[at];
        let numbered = word.digits == 0 || word.digits == 1 && at + 1 == end;
        word.capital && numbered && (!is_never_a_name(&word.lower) || word.letters > 3) && !is_calendar(&word.lower)
    };
    let joined = |at: usize| at == end || words[at].gap == Gap::Space;
    let (mut start, mut here) = (end, end);
    while here > 0 && end - here < NAME_WORDS && joined(here) {
        here -= 1;
        if is_name(here) {
            start = here;
        } else if start == end || !joins(&words[here].lower) {
            break;
        }
    }
    (start < end).then_some(start)
}

/// Whether the address that begins at `first` stands behind "c/o" and a name, and where that is.
pub(super) fn care_of(words: &[Word], first: usize) -> usize {
    let start = (first.saturating_sub(4)..first).rev().find(|&at| words[at].lower == "c/o");
    let named =
        |at: usize| words[at + 1..first].iter().all(|word| word.capital && word.digits == 0 && word.gap == Gap::Space);
    start
        .filter(|&at| at + 1 < first && words[first].gap >= Gap::Comma && words[first].gap <= Gap::Line && named(at))
        .unwrap_or(first)
}

/// The end of an address that a flat's code begins, where no street has its house: "A/302, Elm Oak Apartments, Elm Road, Elmeri West".
pub(super) fn coded(words: &[Word], at: usize) -> Option<usize> {
    let code = &words[at];
    let is_code = code.capital
        && (1..=2).contains(&code.letters)
        && (1..=4).contains(&code.digits)
        && code.lower.starts_with(|c: char| c.is_ascii_lowercase())
        && code.lower.contains(['-', '/']);
    // "B-42 sector 9 rohini"
    if is_code
        && let Some([place, number]) = words.get(at + 1..at + 3)
        && place.gap == Gap::Space
        && number.gap == Gap::Space
    {
        let numbered = matches!(place.lower.as_ref(), "sector" | "sec")
            && code.digits >= 2
            && number.is_number()
            && number.digits <= 3;
        let town = at + 3 + settled::names(words, at + 3);
        let named = (at + 4..=at + 5).contains(&town) && settled::ends(words, town);
        return (numbered && named).then_some(town);
    }
    if !is_code || words.get(at + 1).is_none_or(|next| next.gap != Gap::Comma) {
        return None;
    }
    let (mut end, mut parts, mut building, mut street) = (at + 1, 0, false, false);
    while let Some(word) = words.get(end).filter(|word| word.gap <= Gap::Comma && word.capital && end < at + 14) {
        let last = words.get(end + 1).is_none_or(|next| next.gap >= Gap::Comma);
        let several = word.gap == Gap::Space;
        parts += usize::from(word.gap == Gap::Comma);
        building |= last && several && is_building(&word.lower);
        street |= last && several && parts > 1 && is_strong_street_end(&word.lower);
        end += 1;
    }
    let code = words.get(end).is_some_and(|code| code.gap <= Gap::Comma && code.is_number() && code.digits == 6);
    (parts >= 3 && building && street).then_some(end + usize::from(code))
}

/// "de Olmstraat 88": the article that a Dutch street's name begins with, where nothing leads to it.
pub(super) fn article(words: &[Word], first: usize) -> usize {
    const ENDINGS: [&str; 6] = ["straat", "kade", "laan", "gracht", "plein", "singel"];
    let Some(before) = first.checked_sub(1).filter(|_| words[first].gap == Gap::Space && words[first].capital) else {
        return first;
    };
    let dutch = words[before].lower == "de" && ENDINGS.iter().any(|ending| words[first].lower.ends_with(ending));
    let begins =
        before == 0 || words[before].gap >= Gap::Comma || super::announced::is_living(&words[before - 1].lower);
    if dutch && begins { before } else { first }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn flats_and_buildings_stand_before_their_street() {
        for text in [
            "5/2, 118 Elmbarton Road",
            "2nd floor, Elm Tower, 14 Elm Road",
            "3rd floor, Elm Tower, 88 Elm Road, Leeds",
            "Flat 3, Elm House, 12 Elm Lane, Leeds LS8 1QS",
            "Résidence des Ormes, Bât B2, 45 avenue d'Orme",
            "Appt 14, 3 rue des Ormes",
            "Rm 8C, 22/F, Wah Elm House, 310 Elm Road",
            "U4, 77 Elm St",
            "u6 / 52 elm rd",
            "B-402, Elm Heights, Elmer Road, Pune 411045",
            "A/302, Elm Oak Apartments, Elm Road, Elmeri West",
            "c/o Lind, Almvägen 101",
            "de Olmessestraat 88",
            "B-42 sector 9 elmini",
            "Apt 12, The Granary, Elmers Quay, Elmton",
            "Flat 12A, 15/F, Tower 3, Elmhill, Elm Bay",
        ] {
            assert_eq!(found(text), [text], "{text:?}");
        }
        assert_eq!(found("office is 3rd floor, Elm Tower, 88 Elm Road ok"), ["3rd floor, Elm Tower, 88 Elm Road"]);
    }

    #[test]
    fn what_else_stands_before_a_street_stays() {
        for (text, address) in [
            ("Hi Anna, 12 Elm Road", "12 Elm Road"),
            ("Thanks Mum, Dad, 12 Elm Road", "12 Elm Road"),
            ("in the House, 12 Elm Road", "12 Elm Road"),
            ("at 3/4, 12 Elm Road", "3/4, 12 Elm Road"),
            ("we won 10-2, 12 Elm Road", "12 Elm Road"),
            ("ask for Jo, 12 Elm Road", "12 Elm Road"),
            ("Party On Saturday, 12 Elm Road", "12 Elm Road"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
        for text in [
            "B-52, Elm Shack, Rock Elm",
            "A-1, the best road",
            "G/5, Am Chord, Main Road",
            "F-16, Elm House, Elm Road",
            "B-42 phase 3 trial",
            "K-9 sector 7",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
