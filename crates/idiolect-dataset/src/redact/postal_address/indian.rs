//! Addresses of India and its neighbours by what only they have: ranked lanes, the endings of quarters, numbered sectors and six digits:
//! "34/1 2nd cross, elmnagar, bangalore 560038", "c-19 elmaviya nagar, new delhi", "H.No. 3-6-14, Elmayatnagar", "plot 12, sector 18, noida".

use super::super::numbers::is_year;
use super::word::{Gap, Word};
use super::words::*;
use super::{announced, city, locality, settled};
use crate::word_set::word_set;

/// The most parts of one address, numbers of one house, and words of a name.
const PARTS: usize = 8;
const LABELS: usize = 4;
const NAME_WORDS: usize = 4;

word_set! {
    /// What the names of quarters and lanes end in, and nothing else that is counted.
    is_quarter: "nagar" "nagara" "vihar" "enclave" "kunj" "chowk" "marg" "bagh" "mohalla" "chawl" "sarani" "peth" "salai" "theru" "veedhi" "gali" "puram" "pura" "puri" "ganj" "wadi" "halli" "palya" "pally" "guda";

    /// What they end in that ends other names too.
    is_other_quarter:
    "colony" "layout" "society" "apartments" "apartment" "apts" "residency" "heights" "lines" "extension" "extn" "road" "rd" "street" "st" "park" "area" "estate" "bazar" "bazaar" "market" "towers" "tower" "garden" "gardens"
    "town" "complex" "villas" "lane" "block" "phase" "sector" "building" "bldg" "mansion" "compound" "gate" "circle";

    /// Of those, what people live in.
    is_housing: "colony" "layout" "society" "apartments" "residency" "lines" "extension" "extn" "bazar" "bazaar";

    /// What is ranked: "2nd cross", "9th main road".
    is_ranked: "cross" "main" "street" "st" "road" "rd" "floor" "block" "stage" "phase" "lane" "sector" "avenue";

    /// What is numbered.
    is_numbered:
    "sector" "sec" "phase" "block" "blk" "pocket" "stage" "ward" "tower" "wing" "floor" "road" "rd" "street" "st" "gali" "lane" "zone" "house" "flat" "plot" "cross" "main" "building" "bldg";

    /// What Hindi counts, and says of an hour.
    is_counted: "baje" "bje" "bajay" "bajey" "tak" "tk" "din" "ghante" "ghanta" "log" "logo" "logon" "minat" "saal" "mahine" "hazar" "hazaar" "lakh" "crore" "rupay" "rupaye" "rs" "km" "baar" "bar" "number" "hum" "woh" "wo" "yeh" "ye" "aur" "ya";

    is_label: "h" "hno" "house" "hse" "flat" "plot" "door" "d" "dno" "sco" "shop" "no" "old" "new" "villa";
}

/// How surely an address begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum House {
    /// "45", "34/1"
    Plain,
    /// "no 14", "plot 12", "flat 4b"
    Labelled,
    /// "c-19", "B/203"
    Coded,
    /// "H.No. 3-6-14", "plot no 17"
    Sure,
}

/// What a part of an address says of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nothing but an address of there has it.
    Own,
    /// A lane by its rank.
    Lane,
    /// Others have it, too.
    Shared,
    City,
    Code,
    /// No more than a name between commas.
    Name,
}

/// The end of such an address that begins at `at`.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let (from, house) = house(words, at)?;
    let parted = words.get(from)?.gap == Gap::Comma;
    let (mut here, mut parts) = (from, Vec::new());
    while parts.len() < PARTS
        && let Some((end, part)) = part(words, here, here == from)
    {
        here = end;
        parts.push(part);
    }
    let count = |part: Part| parts.iter().filter(|other| **other == part).count();
    let (own, lanes, shared) = (count(Part::Own), count(Part::Lane), count(Part::Shared));
    let placed = count(Part::City) + count(Part::Code);
    let number = &words[from - 1];
    let joined = number.is_joined() || number.hash || parted;
    let known = own + lanes + shared + placed > 0 || number.is_joined() && count(Part::Name) > 0;
    let (start, first) = (&words[at], *parts.first()?);
    let enough = match house {
        House::Sure => known,
        // "a-1 quality, mumbai"
        House::Coded => own > 0 || placed > 0 && (shared > 0 || is_led(words, at)) || shared > 1,
        House::Labelled => {
            let tower = start.lower == "flat" && first == Part::Shared && count(Part::Name) > 0;
            own > 0 || lanes > 0 || shared > 0 && placed > 0 || tower
        }
        House::Plain => {
            let named = matches!(first, Part::Own | Part::Lane | Part::Shared) || parted;
            let housing = || words[from..here].iter().any(|word| is_housing(&word.lower));
            let laned = lanes > 0 && (joined || placed > 0 || shared > 0);
            named && (own > 0 || laned || shared > 0 && placed > 0 && (parted || shared > 1 || housing()))
        }
    };
    (enough && (placed > 0 || locality::clause_ends(words, here))).then_some(here)
}

/// Whether somebody lives or comes where the address begins at `at`.
fn is_led(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| words[before].lower.as_ref());
    announced::leads(before)
        || announced::is_living(before)
        || matches!(before, "ghar" | "stay" | "staying" | "hai" | "addr")
}

/// The end of the house that begins at `at`.
fn house(words: &[Word], at: usize) -> Option<(usize, House)> {
    let first = &words[at];
    // "bus 45", "gate no 4"
    let numbered = at > 0
        && words[at].gap == Gap::Space
        && announced::is_numbered(&words[at - 1].lower)
        && words[at - 1].lower != "no";
    if numbered {
        return None;
    }
    let is_number = |word: &Word| {
        (1..=6).contains(&word.digits)
            && word.letters <= 2
            && word.lower.starts_with(|c: char| c.is_ascii_digit())
            && !word.is_ordinal()
    };
    if first.digits > 0 {
        if first.is_house_number() && is_number(first) && !is_year(&first.lower) {
            return next_may_be(words, at + 1).then_some((at + 1, House::Plain));
        }
        let coded = (1..=2).contains(&first.letters)
            && (1..=4).contains(&first.digits)
            && first.lower.starts_with(|c: char| c.is_ascii_lowercase() && c != 'u')
            && first.lower.contains(['-', '/'])
            // "t-3": three days, or minutes, to go.
            && !(first.lower.starts_with("t-") && first.digits == 1);
        return coded.then_some((at + 1, House::Coded));
    }
    if !is_label(&first.lower) {
        return None;
    }
    // "old no 12 new no 34"
    let (mut here, mut labels, mut sure) = (at, 0, false);
    while labels < LABELS {
        let labelled = words.get(here).filter(|label| here == at || label.gap <= Gap::Comma && is_label(&label.lower));
        let Some(label) = labelled else { break };
        let next = words.get(here + 1).filter(|next| next.gap == Gap::Space);
        let no = next.is_some_and(|no| matches!(no.lower.as_ref(), "no" | "number"));
        let number = here + 1 + usize::from(no);
        if !words.get(number).is_some_and(|word| word.gap == Gap::Space && is_number(word)) {
            break;
        }
        // "old 12" and "new 3" are counted.
        if !no && (label.letters == 1 || matches!(label.lower.as_ref(), "old" | "new")) {
            break;
        }
        sure |= no || matches!(label.lower.as_ref(), "hno" | "dno" | "sco");
        (here, labels) = (number + 1, labels + 1);
    }
    (labels > 0).then_some((here, if sure { House::Sure } else { House::Labelled }))
}

/// Whether an address may go on at `at`, behind a number alone: few have a rank, a tower or the ending of a quarter near.
fn next_may_be(words: &[Word], at: usize) -> bool {
    let Some(next) = words.get(at).filter(|next| next.gap <= Gap::Line) else { return false };
    next.is_ordinal()
        || words[at..].iter().take(NAME_WORDS + 1).any(|word| is_quarter(&word.lower) || is_other_quarter(&word.lower))
}

/// The part at `at`.
fn part(words: &[Word], at: usize, first: bool) -> Option<(usize, Part)> {
    let word = words.get(at).filter(|word| word.gap <= Gap::Line)?;
    if word.digits > 0 && !word.is_ordinal() {
        let spaced =
            words.get(at + 1).is_some_and(|next| next.gap == Gap::Space && next.is_number() && next.digits == 3);
        let code = word.is_number() && (word.digits == 6 || word.digits == 3 && spaced) && !word.is_joined();
        return code.then_some((at + if word.digits == 6 { 1 } else { 2 }, Part::Code)).filter(|_| !first);
    }
    if word.is_ordinal() {
        // "14th a main", "4th t block"
        let letter = words.get(at + 1).is_some_and(|letter| letter.gap == Gap::Space && letter.letters == 1);
        let kind = at + 1 + usize::from(letter);
        let ranked = words.get(kind).filter(|kind| kind.gap == Gap::Space && is_ranked(&kind.lower))?;
        let road = words
            .get(kind + 1)
            .is_some_and(|road| road.gap == Gap::Space && matches!(road.lower.as_ref(), "road" | "rd" | "street"));
        let lane = matches!(ranked.lower.as_ref(), "cross" | "main");
        let end = kind + 1 + usize::from(road && lane);
        // "2nd main event", "2nd cross was bad"
        let goes_on = words.get(end).is_none_or(|next| next.gap >= Gap::Comma) || part_follows(words, end);
        return Some((end, if lane && (road || goes_on) { Part::Lane } else { Part::Shared }));
    }
    if is_numbered(&word.lower)
        && let Some(end) = numbered(words, at)
    {
        return Some((end, Part::Shared));
    }
    if let Some(end) = city::end(words, at) {
        return Some((end, Part::City));
    }
    name(words, at, first)
}

/// Whether a quarter, another rank or a city is behind a lane without a comma: "4th main elmangala 1st block".
fn part_follows(words: &[Word], at: usize) -> bool {
    city::end(words, at).is_some()
        || name(words, at, false).is_some_and(|(_, part)| part != Part::Name)
        || words.get(at + 1).is_some_and(|rank| rank.is_ordinal() || rank.digits >= 3)
}

/// "sector 18", "tower b", "road no 2".
fn numbered(words: &[Word], at: usize) -> Option<usize> {
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space)?;
    let number = at + 1 + usize::from(next.lower == "no");
    words.get(number).filter(|number| {
        number.gap == Gap::Space
            && ((1..=3).contains(&number.digits) && number.letters <= 1 && !number.is_ordinal()
                || number.letters == 1 && number.digits == 0 && number.lower != "a" && number.lower != "i")
    })?;
    Some(number + 1)
}

/// A name, as far as the ending of a quarter, a comma, a rank or a number.
fn name(words: &[Word], at: usize, first: bool) -> Option<(usize, Part)> {
    let is_end = |word: &Word| is_quarter(&word.lower) || is_other_quarter(&word.lower);
    let is_name = |here: usize| {
        let word = &words[here];
        let initial = word.letters <= 3 && words.get(here + 1).is_some_and(is_end);
        (here == at || word.gap == Gap::Space)
            && word.digits == 0
            && (initial || word.letters >= 2)
            && !is_never_a_name(&word.lower)
            && !settled::begins_clause(&word.lower)
            && !is_counted(&word.lower)
            && (initial && word.letters == 1 || locality::may_be_town(word))
    };
    let mut end = at;
    while end < words.len()
        && end - at < NAME_WORDS
        && (is_name(end) || end > at && words[end].gap == Gap::Space && is_end(&words[end]))
    {
        let last = &words[end];
        end += 1;
        if end > at + 1 && is_end(last) {
            // "lake view apartments", "elm park road"
            let more = words
                .get(end)
                .is_some_and(|next| next.gap == Gap::Space && is_end(next) && numbered(words, end).is_none());
            if more {
                continue;
            }
            return Some((end, if is_quarter(&last.lower) { Part::Own } else { Part::Shared }));
        }
    }
    let bounded = words.get(end).is_none_or(|next| {
        next.gap >= Gap::Comma
            || next.digits > 0
            || city::end(words, end).is_some()
            || locality::clause_ends(words, end)
    });
    // "elmi nagar they come"
    let parted = first || words[at].gap >= Gap::Comma || !is_quarter(&words[at - 1].lower);
    (end > at && parted && bounded && words[end - 1].letters >= 3).then_some((end, Part::Name))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn houses_in_lanes_quarters_and_sectors_are_found() {
        for (text, address) in [
            (
                "my pg is at 34/1 2nd cross, elmanagala, bangalore 560038",
                "34/1 2nd cross, elmanagala, bangalore 560038",
            ),
            ("ghar ka pata c-19 elmaviya nagar, new delhi 110017 hai", "c-19 elmaviya nagar, new delhi 110017"),
            ("didi ka ghar 22 elmeru nagar, elmopal me hai", "22 elmeru nagar, elmopal"),
            ("Aunty stays at No. 8, 2nd Main Road, Elmeswaram", "No. 8, 2nd Main Road, Elmeswaram"),
            ("Cake for H.No. 3-6-14, Elmayatnagar, Hyderabad ok?", "H.No. 3-6-14, Elmayatnagar, Hyderabad"),
            ("H.No. 2-3-44, Elmerpet", "H.No. 2-3-44, Elmerpet"),
            ("send it to plot 12, sector 18, noida", "plot 12, sector 18, noida"),
            ("i stay at no 14, 9th main, ep nagar", "no 14, 9th main, ep nagar"),
            ("come to c-45 greater elmash, delhi by 6", "c-45 greater elmash, delhi"),
            ("mera ghar h no 221 sector 7 elmkula me hai", "h no 221 sector 7 elmkula"),
            ("plot no 17, phase 2, industrial area, chandigarh", "plot no 17, phase 2, industrial area, chandigarh"),
            ("#45, 3rd Cross, Elmon Garden, Bangalore", "#45, 3rd Cross, Elmon Garden, Bangalore"),
            ("its #12 4th main elmangala 1st block", "#12 4th main elmangala 1st block"),
            (
                "203, elm view apartments, elmeri west, mumbai 400058",
                "203, elm view apartments, elmeri west, mumbai 400058",
            ),
            ("B-203, Elmi Kunj, Sector 62, Noida", "B-203, Elmi Kunj, Sector 62, Noida"),
            ("old no 12 new no 34, 3rd street, e nagar, chennai", "old no 12 new no 34, 3rd street, e nagar, chennai"),
            ("nani ka ghar 7 civil lines, allahabad", "7 civil lines, allahabad"),
            ("1204 tower b, elmertech, sector 74, noida", "1204 tower b, elmertech, sector 74, noida"),
            ("flat 4b, tower 3, elmige shanti, elmfield", "flat 4b, tower 3, elmige shanti, elmfield"),
            ("14, 3rd street, ek nagar, elmurai la irukken", "14, 3rd street, ek nagar, elmurai"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "we lost 3, 2nd cross was bad",
            "12 2nd main events",
            "no 8, 2nd main character energy",
            "we play 5 sector 7 runs",
            "stuck on level 12, sector 18",
            "K-9 sector 7",
            "B-42 phase 3 trial",
            "u-19 match, delhi",
            "3 matches phase 2, delhi",
            "flat 3, phase 2 starts monday",
            "no 1 in delhi",
            "2 ant colony sims",
            "b-12 and d-3",
            "since 2019 elmeru nagar floods",
            "the 2nd main thing, 3rd street",
            "i did 4 cross trainers, 2 mats",
            "block 5 sector 3 of the map",
            "new no 1, old no 2",
            "page 12, 3rd block",
            "6 bje tk Elmi Nagar",
            "8 baje elmi nagar",
            "bus 45 elmi nagar jati hai",
            "a-1 quality, mumbai",
            "c-130 landed, delhi",
            "im at t-3, delhi",
            "ch 3, sector 9, delhi",
            "chapter 3, sector 9, delhi",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
