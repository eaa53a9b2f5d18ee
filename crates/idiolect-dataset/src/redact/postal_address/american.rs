//! Addresses of North America that only their state and postcode tell, where no capital does: "8500 south elwood, jenks, ok 74037",
//! "305 main fort cobb ok 73038", "1202 a avenue, douglas, az 85607".

use super::postcode::is_postcode;
use super::settled;
use super::word::{Gap, Word};
use super::words::*;

/// The most words from a house to its postcode.
const REACH: usize = 14;

/// States and territories with the last word of their name, and the first three digits of their ZIPs, from and to.
///
/// Source: the Postal Service's list L002, "3-Digit ZIP Code Prefix Matrix".
#[rustfmt::skip]
const STATES: [(&str, &str, u16, u16); 63] = [
    ("al", "alabama", 350, 369), ("ak", "alaska", 995, 999), ("az", "arizona", 850, 865), ("ar", "arkansas", 716, 729), ("ca", "california", 900, 961),
    ("co", "colorado", 800, 816), ("ct", "connecticut", 60, 69), ("de", "delaware", 197, 199), ("dc", "columbia", 200, 205), ("fl", "florida", 320, 349),
    ("ga", "georgia", 300, 319), ("ga", "georgia", 398, 399), ("gu", "guam", 969, 969), ("hi", "hawaii", 967, 968), ("id", "idaho", 832, 838),
    ("il", "illinois", 600, 629), ("in", "indiana", 460, 479), ("ia", "iowa", 500, 528), ("ks", "kansas", 660, 679), ("ky", "kentucky", 400, 427),
    ("la", "louisiana", 700, 714), ("me", "maine", 39, 49), ("md", "maryland", 206, 219), ("ma", "massachusetts", 10, 27), ("ma", "massachusetts", 55, 55),
    ("mi", "michigan", 480, 499), ("mn", "minnesota", 550, 567), ("ms", "mississippi", 386, 397), ("mo", "missouri", 630, 658), ("mt", "montana", 590, 599),
    ("ne", "nebraska", 680, 693), ("nv", "nevada", 889, 898), ("nh", "hampshire", 30, 38), ("nj", "jersey", 70, 89), ("nm", "mexico", 870, 884),
    ("ny", "york", 100, 149), ("ny", "york", 5, 5), ("ny", "york", 63, 63), ("nc", "carolina", 270, 289), ("nd", "dakota", 580, 588),
    ("oh", "ohio", 430, 459), ("ok", "oklahoma", 730, 749), ("or", "oregon", 970, 979), ("pa", "pennsylvania", 150, 196), ("pr", "rico", 6, 9),
    ("ri", "island", 28, 29), ("sc", "carolina", 290, 299), ("sd", "dakota", 570, 577), ("tn", "tennessee", 370, 385), ("tx", "texas", 733, 733),
    ("tx", "texas", 750, 799), ("tx", "texas", 885, 885), ("ut", "utah", 840, 847), ("vt", "vermont", 50, 54), ("vt", "vermont", 56, 59),
    ("va", "virginia", 201, 201), ("va", "virginia", 220, 246), ("vi", "islands", 8, 8), ("wa", "washington", 980, 994), ("wv", "virginia", 247, 268),
    ("wi", "wisconsin", 530, 549), ("wy", "wyoming", 820, 831), ("ny", "nyc", 100, 104),
];

/// Whether `zip` is one of the state that `state` ends the name of.
fn is_zip_of(state: &Word, zip: &Word) -> bool {
    if !zip.is_zip() {
        return false;
    }
    let area: u16 = zip.lower[..3].parse().unwrap_or(0);
    STATES
        .iter()
        .any(|(code, name, from, to)| (*from..=*to).contains(&area) && [*code, *name].contains(&state.lower.as_ref()))
}

/// The end of the postcode at `at + 1` if that at `at` is its state or province: "ok 74037", "on l6y 2n2".
pub(super) fn coded_state(words: &[Word], at: usize) -> Option<usize> {
    let state = words.get(at).filter(|state| state.gap != Gap::Break)?;
    let code = words.get(at + 1).filter(|code| code.gap <= Gap::Comma && code.digits > 0)?;
    if is_zip_of(state, code) {
        return Some(at + 2);
    }
    let inward = words.get(at + 2).filter(|inward| inward.gap == Gap::Space && inward.digits > 0)?;
    let canadian = is_province(&state.lower) && code.digits == 1 && is_postcode(&code.lower, &inward.lower);
    canadian.then_some(at + 3)
}

fn is_province(code: &str) -> bool {
    matches!(
        code,
        "on" | "qc"
            | "bc"
            | "ab"
            | "mb"
            | "sk"
            | "ns"
            | "nb"
            | "nl"
            | "pe"
            | "nt"
            | "yt"
            | "nu"
            | "ontario"
            | "quebec"
            | "alberta"
            | "manitoba"
    )
}

/// The end of the postcode behind the house at `at`, where names in small letters lead to it and to its state.
pub(super) fn address(words: &[Word], at: usize) -> Option<usize> {
    let house = &words[at];
    // Few messages have a number that may be a postcode.
    let may_end = |word: &Word| word.is_zip() || word.digits == 1 && word.letters == 2 && !word.is_house_number();
    let near = words[at + 1..].iter().take(REACH).skip(2);
    let code = at + 3 + near.clone().position(may_end)?;
    let state = code - 1;
    let end = coded_state(words, state)?;
    // "route 7 rr 7 box": a road's number begins no address.
    let road = at > 0 && words[at].gap == Gap::Space && is_numbered_road(&words[at - 1].lower);
    if !house.is_house_number() || house.digits > 6 || house.hash || road || words[at + 1].gap > Gap::Comma {
        return None;
    }
    let named = (at + 1..state).all(|here| is_part(words, here, state));
    let parted = words[at + 1..=state].iter().any(|word| word.gap == Gap::Comma || word.gap == Gap::Line);
    let street = words[at + 1..state].iter().any(|word| is_street_end(&word.lower));
    // "12 tickets in 46552 seconds"
    let ends = !is_never_a_name(&words[state].lower) || settled::ends(words, end);
    (named && ends && (parted || street || house.digits >= 2)).then_some(end)
}

/// Whether the word at `here` may be one of a street's or town's name, or of what leads to a door. What else joins the words of
/// sentences stands between two of a name: "lake in the hills", and may be one before a street's word, "a avenue".
fn is_part(words: &[Word], here: usize, state: usize) -> bool {
    let word = &words[here];
    if word.gap == Gap::Break {
        return false;
    }
    if word.digits > 0 {
        // "77 w wacker dr suite 1800", "9554 62 rue gafsa"
        let before = &words[here - 1];
        let labelled = is_flat(&before.lower)
            || is_numbered_road(&before.lower)
            || is_direction(&before.lower)
            || before.lower == "box";
        return word.is_ordinal()
            || word.hash
            || word.gap == Gap::Space && (labelled || word.is_number() && before.digits > 0);
    }
    if !is_never_a_name(&word.lower) || is_direction(&word.lower) {
        return !is_calendar(&word.lower) || matches!(word.lower.as_ref(), "may" | "june" | "august" | "march");
    }
    let next = &words[here + 1];
    let between = word.gap == Gap::Space && words[here - 1].letters > 2 && next.gap == Gap::Space && next.letters > 1;
    let before_street = next.gap == Gap::Space && is_street_end(&next.lower);
    let town = here + 1 == state || next.gap == Gap::Comma;
    match word.lower.as_ref() {
        "of" | "in" | "the" | "at" | "on" | "and" | "by" | "over" => between || before_street,
        // "us 117", "malmstrom a f b"
        "a" | "i" | "u" | "us" => before_street || next.gap == Gap::Space && (next.letters == 1 || next.is_number()),
        "old" | "way" | "drive" | "walk" | "many" | "day" | "hundred" | "near" | "down" | "up" | "blocks" | "so"
        | "no" => here + 1 < state || town,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn a_state_and_its_postcode_tell_addresses_in_small_letters() {
        for (text, address) in [
            ("send it to 850 south elmwood, elms, ok 74037 pls", "850 south elmwood, elms, ok 74037"),
            ("its 305 main fort elm ok 73038", "305 main fort elm ok 73038"),
            ("120 a avenue, elmville, az 85607", "120 a avenue, elmville, az 85607"),
            ("12 elm highway, many, la 71449 ok", "12 elm highway, many, la 71449"),
            ("6100 old elm road ln lake in the elms ia 52404", "6100 old elm road ln lake in the elms ia 52404"),
            ("735 elm drive, elmstrom a f b, mt 59402", "735 elm drive, elmstrom a f b, mt 59402"),
            ("77 w elm dr suite 1800 springfield il 62704-1714", "77 w elm dr suite 1800 springfield il 62704-1714"),
            ("one north elm ave, elm mound, wi 54739", "one north elm ave, elm mound, wi 54739"),
            ("793 tenth line, elm hills, on l5n 8p7 ok", "793 tenth line, elm hills, on l5n 8p7"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn numbers_that_are_no_zips_of_a_state_stay() {
        for text in [
            "we got 5 in 46 mins ok 74037",
            "i told 12 friends, ok 10000",
            "road trip 3000 km, ca 10000",
            "12 tickets or 20000 points",
            "saw 30 ducks in 97459 lakes",
            "got 12 tickets in 46552 seconds",
            "route 7, elms, vt 052",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
