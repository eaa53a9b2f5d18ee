//! What ends as a street does and is none: "4 wheel drive", "3 cats crossed the road", "2 pints st patricks day".

use super::word::{Gap, Word};
use super::words::{is_street_end, is_strong_street_end, is_weak_street_end};
use crate::word_set::word_set;

word_set! {
    /// Drives that are no streets, by the word before.
    is_of_drive: "hard" "flash" "thumb" "usb" "google" "wheel" "test" "pen" "disk" "tape" "shared" "external" "rear" "front" "cloud" "zip" "food" "blood" "sex" "line";

    /// Lanes of roads and games.
    is_of_lane: "mid" "bot" "bus" "fast" "slow" "bike" "cycle" "memory" "passing" "carpool" "swim" "swimming" "bowling" "side" "safe" "off";

    /// Whom somebody drives, or where.
    is_driven: "me" "us" "him" "her" "them" "past" "everyone";

    /// Behind "road" or "street", what is of the road.
    is_of_road:
    "trip" "trips" "bike" "bikes" "tyre" "tyres" "tire" "tires" "rage" "test" "tests" "block" "blocks" "sign" "signs" "safety" "race" "races" "racing" "works" "legal" "food" "art"
    "artist" "artists" "fighter" "lights" "wear" "performer" "performers" "cred" "kids" "cats" "dogs" "users" "tax";

    /// What roads have some of.
    is_counted_in_roads:
    "lane" "lanes" "way" "ways" "car" "mile" "block" "story" "star" "door" "bed" "bedroom" "man" "point" "mph" "gb" "tb" "bit" "usb";

    is_saint:
    "pauls" "paul" "patricks" "patrick" "albans" "pancras" "johns" "john" "georges" "george" "helens" "andrews" "andrew" "louis" "ives" "marys" "mary" "james" "peters" "peter" "lucia"
    "tropez" "moritz" "petersburg" "kilda" "valentines" "thomas" "anthony" "francis" "nicholas" "martins" "martin" "austell" "neots" "davids" "kitts" "vincent" "bernard" "bernards";
}

/// Whether the word at `at`, which streets end in, ends none behind the number at `house`.
pub(super) fn is_no_street(words: &[Word], house: usize, at: usize) -> bool {
    let end = &words[at];
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space).map_or("", |next| next.lower.as_ref());
    if end.lower == "st" && is_saint(next) {
        return true;
    }
    if end.capital {
        return false;
    }
    let digits = words[house].digits;
    let before = words[at - 1].lower.as_ref();
    let compound = match end.lower.as_ref() {
        "drive" => is_of_drive(before) || digits == 1 && is_driven(next),
        // "2 dogs 1 lane"
        "lane" => is_of_lane(before) || words[at - 1].is_number() && words[at - 1].digits == 1,
        "road" | "street" => digits <= 2 && is_of_road(next),
        _ => false,
    };
    // "12 the avenue" is a street.
    let led = words[house + 2..at].iter().any(|word| word.lower == "the" && !word.capital);
    // "6 seasons of …"
    let counted = words.get(house + 2).is_some_and(|of| of.lower == "of")
        && !words[house + 1].capital
        && words[house + 1].lower.ends_with('s');
    compound || led || counted
}

/// "level 50 paladin lane": how far somebody is in a game, where only small letters follow.
pub(super) fn is_rank(words: &[Word], at: usize) -> bool {
    let level = at.checked_sub(1).map(|before| &words[before]);
    level.is_some_and(|level| !level.capital && matches!(level.lower.as_ref(), "level" | "lvl" | "lv"))
        && words[at].gap == Gap::Space
        && words.get(at + 1).is_some_and(|next| !next.capital && next.digits == 0)
}

/// "116 old forge crescent": no age, as a name and a street's ending follow.
pub(super) fn is_old_name(words: &[Word], at: usize) -> bool {
    let is_name =
        |word: &Word| word.gap == Gap::Space && word.letters > 2 && word.digits == 0 && !is_street_end(&word.lower);
    // "4210 old mill rd", "56 old mill pond rd"
    let is_doubled = |word: &Word| {
        let mut behind = words[at + 2..].iter().take(2).take_while(|end| end.gap == Gap::Space);
        word.gap == Gap::Space && is_weak_street_end(&word.lower) && behind.any(|end| is_strong_street_end(&end.lower))
    };
    words[at].lower == "old"
        && words.get(at + 1).is_some_and(|word| is_name(word) || is_doubled(word))
        && words[at + 2..].iter().take(2).any(|word| word.gap == Gap::Space && is_street_end(&word.lower))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn what_is_counted_drives_no_street() {
        for text in [
            "a 4 wheel drive",
            "3 kids 2 dogs 1 lane driveway",
            "2 tb hard drive",
            "my 2 kids drive me nuts",
            "got 3 kills mid lane",
            "20 best street food stalls",
            "2 new road tyres",
            "3 cats crossed the road",
            "all 6 seasons of elm street",
            "3 pints st patricks day",
            "took 2 trains St Albans way",
            "60 mph highway",
            "the 2 blvd of broken things",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
        for (text, address) in [
            ("come to 4 wheelers drive ok", "4 wheelers drive"),
            ("its 56 old mill pond rd, unit b, elmua nh", "56 old mill pond rd, unit b, elmua nh"),
            ("its 12 oak drive, me n jo", "12 oak drive"),
            ("12 isle of elm road", "12 isle of elm road"),
            ("at 5 the elm road", "5 the elm road"),
            ("im at 12 elm street, food at 8", "12 elm street"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }
}
