//! Lines that are nothing but an English street in small letters: "3 elmwood close", "52 st elms gdns".

use super::super::numbers::is_year;
use super::announced::is_counted;
use super::word::{Gap, Word};
use super::words::{is_calendar, is_never_a_name};
use super::{city, kinds, whole};
use crate::word_set::word_set;

/// The longest name of a street, in words.
const NAME_WORDS: usize = 4;

word_set! {
    /// Endings of English streets that a sentence hardly ends in behind a number and a name.
    is_end [ENDS]:
    "close" "mews" "gdns" "grove" "pde" "approach" "rise" "dve" "cres" "crescent" "tce" "terr" "cct" "crt" "plz" "pl" "ct" "cir" "croft" "wynd" "brae" "garth";

    /// Those behind a number of two digits at least.
    is_weaker_end [WEAKER_ENDS]: "dr" "walk" "row" "court" "place" "way" "hill" "parade" "trail" "quay" "heights" "vale" "drove" "wharf" "path";

    /// What is counted or measured before such an ending: "10 nice place", "12 tennis court".
    is_no_english_name:
    "new" "good" "more" "great" "nice" "big" "small" "bad" "best" "free" "hard" "long" "short" "easy" "safe" "whole" "double" "single" "tennis" "basketball" "squash" "parking"
    "yard" "foot" "metre" "meter" "mile" "point" "dog" "cats" "people" "ppl" "shops" "cars" "stores" "schools" "pubs" "guys" "friends" "times" "step" "game" "win" "goal"
    "place" "random" "cool" "cute" "fun" "real" "true" "first" "second" "third" "fourth" "really" "very" "super" "too" "so" "pretty" "almost" "getting" "come" "coming" "bus" "day"
    "one" "two" "three" "both" "other" "different" "closest" "cheap" "hot" "cold" "food" "job" "jobs" "christmas" "birthday" "dance" "fashion" "military";
}

/// "3 elmwood close", "52 st elms gdns", "9 elmwood grove bristol".
pub(super) fn street(words: &[Word], at: usize) -> Option<usize> {
    let house =
        Some(&words[at]).filter(|house| house.is_house_number() && house.digits <= 4 && !is_year(&house.lower))?;
    if !words[at + 1..].iter().take(NAME_WORDS + 1).any(|end| end.may_be(kinds::ENDING)) {
        return None;
    }
    let first = at == 0 || house.gap >= Gap::Line;
    // "come to 25 sarahs close"
    if !first && words[at - 1].lower == "to" {
        return None;
    }
    let is_part = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && (word.letters >= 3 || matches!(word.lower.as_ref(), "st" | "mt"))
            && !is_never_a_name(&word.lower)
            && !is_no_english_name(&word.lower)
            && !is_counted(&word.lower)
    };
    let ends_street = |word: &Word| {
        word.gap == Gap::Space && (is_end(&word.lower) || first && house.digits >= 2 && is_weaker_end(&word.lower))
    };
    let count = words[at + 1..].iter().take(NAME_WORDS).take_while(is_part).count();
    let last = (at + 2..=at + 1 + count).rev().find(|&last| words.get(last).is_some_and(ends_street))?;
    // "shops close at 8", "22 jan close"
    let verb = matches!(words[last].lower.as_ref(), "close" | "rise" | "approach")
        && words[last - 1].lower.ends_with('s')
        && last == at + 2;
    if verb || words[at + 1..last].iter().any(|word| is_calendar(&word.lower)) {
        return None;
    }
    let town = city::end(words, last + 1).filter(|&town| whole::ends(words, town));
    town.or_else(|| whole::ends(words, last + 1).then_some(last + 1))
}
