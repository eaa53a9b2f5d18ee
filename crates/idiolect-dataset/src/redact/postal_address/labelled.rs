//! Houses that a word announces before their number, and places that are numbered as well, as South Asia, the Gulf, West Africa and the
//! Philippines write them: "House 12, Street 33, F-7/2, Islamabad", "H.No. 4-12/3, Road No. 6, Rose Hills, Hyderabad".

use super::word::{Gap, Word};
use super::words::{is_never_a_name, is_region_name, is_street_end};
use super::{building, city};
use crate::word_set::word_set;

/// The most words of one address.
const REACH: usize = 20;

word_set! {
    /// What stands before the number of a house or flat.
    is_house [HOUSES]: "house" "hse" "flat" "plot" "villa" "door" "h" "hno" "apartment" "apt" "unit" "lot" "blk" "block" "studio" "room" "d" "sco" "shop";

    /// What places are numbered by.
    is_place:
    "street" "st" "road" "rd" "sector" "sec" "block" "blk" "phase" "cross" "main" "gali" "lane" "zone" "stage" "layout" "lot" "estate" "house" "ward"
    "plot" "close" "avenue" "ave" "building" "tower" "floor" "barangay" "brgy" "purok" "soi" "moo";

    /// What the names of quarters and blocks of flats end in.
    is_place_name: "nagar" "colony" "vihar" "enclave" "society" "apartments" "residency" "residence" "towers" "heights" "town" "gate" "bazar" "bazaar" "para" "pally" "subdivision";
}

/// The end of such an address that starts at `at`.
pub(super) fn address(words: &[Word], at: usize) -> Option<usize> {
    let label = &words[at];
    if !is_house(&label.lower) {
        return None;
    }
    let no =
        words.get(at + 1).is_some_and(|no| no.gap == Gap::Space && matches!(no.lower.as_ref(), "no" | "number" | "nr"));
    let house = at + 1 + usize::from(no);
    words.get(house).filter(|house| house.gap == Gap::Space && house.digits > 0 && house.letters <= 2)?;
    // "H 4" and "D 5" are grades, "room 12" one of many.
    let sure = no || label.letters > 1 && label.lower != "room";
    let (mut end, mut groups, mut signs, mut places) = (house + 1, 0, 0, 0);
    for here in house + 1..words.len().min(at + REACH) {
        let word = &words[here];
        let numbered = word.digits > 0 && (word.letters <= 3);
        if word.gap == Gap::Break
            || !(word.capital || numbered || word.lower == "no" || is_place(&word.lower) && groups > 0)
        {
            break;
        }
        let granary = word.lower == "the" && words.get(here + 1).is_some_and(|next| next.capital);
        if word.capital && word.letters > 2 && is_never_a_name(&word.lower) && !granary {
            break;
        }
        groups += usize::from(matches!(word.gap, Gap::Comma | Gap::Line));
        let before = &words[here - 1];
        let counted = numbered
            && here > house + 1
            && word.gap == Gap::Space
            && (is_place(&before.lower) || before.lower == "no" || before.is_ordinal());
        let ranked = is_place(&word.lower) && before.is_ordinal();
        let coded = word.is_number() && (4..=6).contains(&word.digits);
        // "F-7/2", "B05"
        let code = word.capital && word.digits > 0;
        // "15/F"
        let floor = word.digits <= 2 && word.lower.ends_with("/f");
        let named = is_street_end(&word.lower)
            || floor
            || word.gap == Gap::Space && building::is_building(&word.lower)
            || is_place_name(&word.lower)
            || is_region_name(&word.lower)
            || city::end(words, here).is_some();
        // "Unit 3, Main 4, Lot 5" and "Season 2" are numbered as well, places have names.
        let labels = words.get(here + 1).is_some_and(|next| next.gap == Gap::Space && (1..4).contains(&next.digits));
        let label = is_place(&word.lower) || is_house(&word.lower);
        places += usize::from(word.capital && word.digits == 0 && word.letters >= 3 && !label && !labels);
        signs += usize::from(counted || ranked || coded || code || named);
        end = here + 1;
    }
    (groups >= 2 && signs >= 2 && places > 0 && sure).then_some(end)
}

/// "house 12 street 4 f-7/2 islamabad", "plot no 7 sector 15 gurgaon": small letters as far as a large city, a numbered place or the name of a
/// quarter among them.
pub(super) fn in_city(words: &[Word], at: usize) -> Option<usize> {
    /// In words.
    const REACH: usize = 10;
    if !is_house(&words[at].lower) {
        return None;
    }
    let no = words.get(at + 1).is_some_and(|no| no.gap == Gap::Space && matches!(no.lower.as_ref(), "no" | "number"));
    let house = at + 1 + usize::from(no);
    words.get(house).filter(|house| house.gap == Gap::Space && house.digits > 0 && house.letters <= 2)?;
    let from = house + 1;
    let mut signs = 0;
    for here in from..words.len().min(from + REACH) {
        let word = &words[here];
        if word.gap > Gap::Line || is_never_a_name(&word.lower) && word.lower != "no" {
            return None;
        }
        if here > from
            && signs > 0
            && let Some(city) = city::end(words, here)
        {
            let code = words
                .get(city)
                .is_some_and(|code| code.gap <= Gap::Comma && code.is_number() && (4..=6).contains(&code.digits));
            return Some(city + usize::from(code));
        }
        let numbered = words.get(here + 1).is_some_and(|next| next.gap == Gap::Space && (1..=3).contains(&next.digits));
        signs +=
            usize::from(is_place(&word.lower) && numbered || is_place_name(&word.lower) || is_street_end(&word.lower));
    }
    None
}

/// "Blk 218 Toa Payoh Lor 8 #07-114": a block, the street that it stands in, and the unit.
pub(super) fn singapore_block(words: &[Word], at: usize) -> Option<usize> {
    if !matches!(words[at].lower.as_ref(), "blk" | "block") {
        return None;
    }
    words.get(at + 1).filter(|block| block.gap == Gap::Space && block.is_house_number())?;
    let street = words[at + 2..]
        .iter()
        .take(6)
        .take_while(|word| word.gap <= Gap::Comma && !word.hash && (!is_never_a_name(&word.lower) || word.capital));
    let unit = at + 2 + street.count();
    words.get(unit).filter(|unit| unit.gap <= Gap::Comma && unit.hash && unit.digits > 0).map(|_| unit + 1)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn numbered_places_follow_a_house() {
        for (text, address) in [
            ("House 12, Street 33, F-7/2, Islamabad ok", "House 12, Street 33, F-7/2, Islamabad"),
            ("house 12 street 4 f-7/2 islamabad", "house 12 street 4 f-7/2 islamabad"),
            ("plot no 7 sector 15 gurgaon", "plot no 7 sector 15 gurgaon"),
            (
                "im at flat no 302, elm residency, elm road, pune 411045",
                "flat no 302, elm residency, elm road, pune 411045",
            ),
            ("H.No. 4-12/3, Road No. 6, Rose Hills, Hyderabad", "H.No. 4-12/3, Road No. 6, Rose Hills, Hyderabad"),
            ("House # 20, Road # 4, Rosemondi, Dhaka 1209", "House # 20, Road # 4, Rosemondi, Dhaka 1209"),
            ("come to Plot no 7, Phase 3, Rosewadi, Pune", "Plot no 7, Phase 3, Rosewadi, Pune"),
            ("Villa 60, Street 12, Al Rosha, Dubai", "Villa 60, Street 12, Al Rosha, Dubai"),
            (
                "House no. 9, Gali no. 20, Rose Nagar, Delhi - 110092",
                "House no. 9, Gali no. 20, Rose Nagar, Delhi - 110092",
            ),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "House 5, Season 2, Episode 3",
            "unit 3, lesson 4, page 5",
            "Room 12, Floor 3, Block C",
            "Room no 12, Floor 3, Block C, Tower 2",
            "Unit 3, Main 4, Lot 5 sold",
            "Lot 12, Sector 5, Phase 2 of the game",
            "flat 3, then we left, 5 of us",
            "Lot 12, sold, 5000",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
