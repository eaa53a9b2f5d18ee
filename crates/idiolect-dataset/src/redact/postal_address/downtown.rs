//! Streets of English that bear no word for one, in the middle of a sentence: "me to 60 n elmark", "its 1700 broadway", "keys at 140 hwy 12
//! west", "Come by, 412 Oak, gate's open".

use super::announced::{is_address_word, is_brought, is_living, is_sent};
use super::roads::numbered_road;
use super::town::is_remark;
use super::word::{Gap, Word};
use super::words::*;
use super::{city, locality, settled, small, spoken};
use crate::word_set::word_set;

/// How many words before a house may say that somebody is or comes there.
const REACH: usize = 5;

word_set! {
    /// What leads to a house.
    is_lead: "at" "to" "from" "im" "i'm" "is" "its" "it's" "by" "near" "outside" "off" "address" "addy" "addr" "live" "lives" "up" "meet" "gps";

    /// That somebody or something goes there or is fetched there, beside what is brought and sent.
    is_fetched: "grab" "get" "getting" "collect" "fetch" "leave" "left" "dropped" "parked" "pull" "moved" "moving" "move" "staying" "stay" "crashing" "crashed" "over" "me" "us" "him" "her" "keys" "key" "lyft" "ride" "swing" "walk" "im" "i'm" "we're" "were" "are" "r" "house" "place" "addy" "it" "gig";

    /// Streets that are called so and no more.
    is_whole: "broadway" "piccadilly" "deansgate" "haymarket" "cheapside" "whitehall" "bowery" "embarcadero" "kingsway" "queensway" "aldwych" "eastgate" "westgate" "northgate" "southgate" "briggate" "kirkgate" "micklegate" "stonegate" "fishergate" "corporation" "spadina" "danforth";

    /// What is north or south of the world, or comes with something ("w" is "with").
    is_no_name: "african" "africa" "korean" "korea" "american" "america" "indian" "asian" "asia" "european" "europe" "london" "carolina" "dakota" "virginia" "island" "pole" "coast" "side" "west" "east" "german" "germany" "tax" "taxes" "fees" "shipping" "delivery" "tips" "postage" "friends" "family" "kids" "change" "bound" "counting" "facing" "wing" "sussex" "yorkshire" "wales" "shore" "beach" "end" "interest" "discount" "coupon" "insurance" "rising" "gate" "stand" "entrance" "more" "less" "rank" "tier" "class";

    /// Trees and others that many American streets are called after.
    is_tree: "elm" "oak" "maple" "pine" "cedar" "main" "walnut" "chestnut" "spruce" "cherry" "birch" "ash" "willow" "poplar" "locust" "hickory" "magnolia" "vine" "market" "washington" "lincoln" "jefferson" "madison" "monroe" "jackson" "adams" "franklin" "church" "mulberry" "sycamore" "laurel" "linden" "juniper" "olive";
}

/// The end of such a street whose house is at `at`.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let [house, next] = words.get(at..at + 2)? else { return None };
    if next.gap != Gap::Space
        || !house.is_number()
        || house.is_joined()
        || !(2..=5).contains(&house.digits)
        || house.hash
    {
        return None;
    }
    if next.capital && is_tree(&next.lower) && called(words, at) {
        return words.get(at + 2).is_none_or(|next| next.gap >= Gap::Comma).then_some(at + 2);
    }
    let street = is_direction(&next.lower) || is_whole(&next.lower) || is_numbered_road(&next.lower);
    if !street || !led(words, at) {
        return None;
    }
    // "drop to 350 w foil"
    if next.lower == "w" && words[at - 1].lower == "to" && house.lower.ends_with('0') {
        return None;
    }
    // "at 10 n out": fewer digits are many other numbers.
    let large = house.digits >= 3 || house.lower.parse().is_ok_and(|number: u32| number > 24) && fetched(words, at);
    let end = if is_whole(&next.lower) {
        let city = city::end(words, at + 2);
        city.or_else(|| ends(words, at + 2).then_some(at + 2)).filter(|_| !is_hour(words, at))?
    } else if is_direction(&next.lower) {
        directed(words, at + 1, if house.digits >= 3 { 2 } else { 1 })?
    } else {
        // "me at 60 hwy 5" is a speed.
        let road = numbered_road(words, at + 1).filter(|_| house.digits >= 3)?;
        let faced = words.get(road).is_some_and(|next| next.gap == Gap::Space && is_direction(&next.lower));
        (faced || ends(words, road)).then_some(road + usize::from(faced))?
    };
    large.then_some(end)
}

/// "n elmark", "e 12th": a name of no more than `most` words, of which the clause is the end.
fn directed(words: &[Word], at: usize, most: usize) -> Option<usize> {
    let is_name = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && word.letters >= 4
            && !is_never_a_name(&word.lower)
            && !is_no_name(&word.lower)
            && !word.lower.strip_suffix('s').is_some_and(is_no_name)
            && !is_remark(&word.lower)
            && !word.lower.ends_with("ed")
            && !is_calendar(&word.lower)
            && !is_flat(&word.lower)
            && !settled::begins_clause(&word.lower)
            && !small::is_unit(&word.lower)
            && !spoken::is_texted_end(&word.lower)
            && (locality::may_be_town(word) || is_tree(&word.lower))
    };
    if words.get(at + 1).is_some_and(|name| name.gap == Gap::Space && name.is_ordinal()) {
        return Some(at + 2);
    }
    let count = words[at + 1..].iter().take(most).take_while(is_name).count();
    (1..=count).rev().map(|count| at + 1 + count).find(|&end| ends(words, end))
}

fn ends(words: &[Word], at: usize) -> bool {
    spoken::ends(words, at) || locality::clause_ends(words, at)
}

/// Whether a preposition, or a word for an address, leads to the house at `at`.
fn led(words: &[Word], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| words[before].lower.as_ref()) else { return false };
    let pulled = || before != "up" || at > 1 && matches!(words[at - 2].lower.as_ref(), "pull" | "pulled" | "me" | "us");
    let exit = |word: &Word| matches!(word.lower.as_ref(), "off" | "on" | "exit" | "traffic");
    let drives = words[at.saturating_sub(3)..at].windows(2).any(|pair| {
        matches!(pair[0].lower.as_ref(), "get" | "gets" | "got" | "getting" | "take" | "took" | "turn")
            && exit(&pair[1])
    });
    is_address_word(before) || words[at].gap == Gap::Space && is_lead(before) && pulled() && !drives
}

/// "meet at 730 broadway": a quarter of an hour, where nobody is said to be there.
fn is_hour(words: &[Word], at: usize) -> bool {
    let quarter = |number: u32| (100..2400).contains(&number) && matches!(number % 100, 0 | 15 | 30 | 45);
    let met = matches!(words[at - 1].lower.as_ref(), "at" | "by" | "from" | "to" | "meet");
    let stays = at > 1 && {
        let before = words[at - 2].lower.as_ref();
        is_living(before) || matches!(before, "im" | "i'm" | "we're" | "are" | "r" | "parked" | "stay" | "staying")
    };
    met && !stays && words[at].lower.parse().is_ok_and(quarter)
}

fn fetched(words: &[Word], at: usize) -> bool {
    words[at.saturating_sub(REACH)..at].iter().any(|word| {
        let lower = word.lower.as_ref();
        is_fetched(lower) || is_brought(lower) || is_sent(lower) || is_living(lower) || is_address_word(lower)
    })
}

/// Whether somebody is told to come to the house at `at`, behind a comma: "Come by, 412 Oak".
fn called(words: &[Word], at: usize) -> bool {
    let near = words[at.saturating_sub(4)..at].iter();
    let come = |word: &Word| {
        matches!(
            word.lower.as_ref(),
            "come" | "pull" | "swing" | "stop" | "drop" | "head" | "deliver" | "meet" | "send"
        )
    };
    // "come get it, 500 oak"
    let there = at > 0
        && matches!(
            words[at - 1].lower.as_ref(),
            "by" | "over" | "up" | "in" | "here" | "round" | "around" | "through" | "thru" | "off" | "down" | "out"
        );
    words[at].digits >= 3 && words[at].gap == Gap::Comma && there && near.clone().any(come)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn streets_without_a_word_for_one_are_found_in_sentences() {
        for (text, address) in [
            ("uber me to 60 n elmark pls", "60 n elmark"),
            ("im at 1742 n elmstad come down", "1742 n elmstad"),
            ("can u grab me from 88 e 12th in 10", "88 e 12th"),
            ("yo pull up 1313 w 5th", "1313 w 5th"),
            ("im parked at 390 s main", "390 s main"),
            ("lol no its 1700 broadway not the other one", "1700 broadway"),
            ("the gig is at 150 deansgate from 8", "150 deansgate"),
            ("the gig is 205 deansgate manchester doors 7", "205 deansgate manchester"),
            ("keys at 140 hwy 12 west with jo", "140 hwy 12 west"),
            ("leave it at 930 hwy 6 south", "930 hwy 6 south"),
            ("pick me up at 120 rr 620 north", "120 rr 620 north"),
            ("gps 14 county road 312 cuz the pin is wrong", "14 county road 312"),
            ("she moved to 9120 farm to market road 1488", "9120 farm to market road 1488"),
            ("Turn left, 7130 Farm to Market Road 529", "7130 Farm to Market Road 529"),
            ("its 604 state hwy 16 after the bridge", "604 state hwy 16"),
            ("at 5500 Ranch Road 12, big red barn", "5500 Ranch Road 12"),
            ("mail it to 301 us highway 90 e thx", "301 us highway 90 e"),
            ("Come by, 412 Oak, gate's open", "412 Oak"),
            ("im at 730 broadway come up", "730 broadway"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "going at 70 hwy 12 is slow",
            "take exit 436 hwy 35",
            "meet at 10 n bring wine",
            "its 150 w shipping",
            "its 300 w tax",
            "up to 200 south african rand",
            "over 60 north koreans",
            "its 40 s late",
            "got to 100 n stopped",
            "paid 200 broadway tickets",
            "its 30 west ham fans",
            "from 20 n back",
            "got 200 Oak, 100 Pine",
            "im at 45 e commerce orders",
            "to 90 n counting",
            "from 100 w love",
            "drop to 350 w foil",
            "im on 405 north traffic",
            "get off at 45 hwy 290",
            "get off at 145 hwy 290",
            "me at 60 hwy 5",
            "meet at 730 broadway",
            "meet me at 1830 piccadilly",
            "im at 390 s rank",
            "move to 200 south koreans",
            "Come get it, 500 Oak",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
