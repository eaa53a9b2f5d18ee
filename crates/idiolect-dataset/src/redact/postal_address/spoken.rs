//! English streets whose word is short or an ordinary one, in sentences that lead to them: "cops came to 2215 elm ct",
//! "pop round 29 elm view", "nan lives at 5 the paddocks". And Irish ones, whose word comes first.

use super::announced::{is_address_word, is_brought, is_counted, is_living, is_sent};
use super::english::is_no_english_name;
use super::small::is_unit;
use super::town::is_remark;
use super::whole::is_last_word;
use super::word::{Gap, Word};
use super::words::*;
use super::{locality, ordinary, settled};
use crate::word_set::word_set;

/// The longest name of a street, in words, its own one included.
const NAME_WORDS: usize = 4;

/// How many words before a house may say that somebody is or comes there.
const REACH: usize = 5;

word_set! {
    /// What leads to a house, if somebody is or comes there.
    is_lead: "at" "to" "from" "into" "its" "it's" "round" "by" "is" "live" "lives" "nr" "outside";

    /// What leads to one alone.
    is_sure_lead: "addy" "address" "addr" "gps" "satnav" "nav" "swing" "party" "bbq" "sale" "house" "housewarming" "im" "i'm" "up";

    /// Whose address it is.
    is_owner: "my" "his" "her" "hers" "our" "ur" "your" "their" "the" "new" "home" "work" "delivery" "shipping" "mailing" "billing" "postal" "street" "full" "is" "moms" "dads";

    /// What texts end in.
    is_texted_end: "shes" "hes" "theyre" "rn" "atm" "asap" "tn" "tmrw" "tmr" "tonite" "lol" "thru" "thanx" "cuz" "bc" "lmk";

    /// Of those, the words that many other numbers follow.
    is_doubtful_lead: "im" "i'm" "house" "party" "sale" "up" "is";

    /// That somebody goes there or something does, beside what is brought and sent.
    is_going: "came" "went" "goes" "moved" "leave" "left" "moving" "move" "crashed" "crashing" "staying" "stay" "stays" "swing" "swung" "pop" "popped" "popping" "nip" "over" "round" "keys" "key" "collect" "grab" "dropped" "r" "are" "we're" "were" "im" "i'm";

    /// Words for streets that end nothing else behind a number and a name.
    is_rare_end:
    "mews" "garth" "croft" "wynd" "brae" "copse" "spinney" "glebe" "dell" "paddock" "paddocks" "gdns" "cres" "tce" "terr" "cct" "crt" "pde" "ct" "cir" "circ" "trl" "pl"
    "hts" "xing" "cv" "grove" "grv" "wharf" "quay" "mead" "maltings" "ter" "crescent" "terrace";

    /// Those that are titles, measures and packs as well.
    is_doubtful_end: "dr" "pt" "pk" "sq" "wk";

    /// Ordinary words.
    is_ordinary_end:
    "view" "walk" "rise" "close" "court" "place" "trail" "way" "row" "hill" "park" "green" "gardens" "end" "square" "alley" "loop" "point" "bend" "cove" "heights" "vale"
    "chase" "common" "fields" "bank" "meadow" "meadows" "ridge" "path" "parade" "fold" "hollow" "circle" "landing" "cottages" "villas" "crossing" "manor" "creek" "lodge";

    /// What is only called "the".
    is_called_the: "mews" "paddocks" "paddock" "crescent" "avenue" "grove" "glebe" "spinney" "croft" "copse" "dell" "maltings" "willows" "poplars" "laurels" "beeches" "limes" "oaks" "elms" "orchards" "chestnuts" "hawthorns" "pines";

    is_irish_start: "cois" "sli" "slí" "bothar" "bóthar" "sraid" "sráid" "ascaill" "cluain" "garran" "garrán" "gleann" "radharc" "pairc" "páirc" "faiche" "céide" "lána";

    /// What is no street's name before an ordinary word: "evening walk", "theme park".
    is_ordinary_name:
    "station" "mall" "morning" "evening" "night" "afternoon" "nature" "brisk" "lovely" "business" "theme" "water" "car" "skate" "national" "state" "retail" "caravan" "trailer" "wildlife" "safari" "high" "crown"
    "supreme" "federal" "county" "food" "beer" "zoo" "dead" "top" "front" "back" "final" "last" "next" "right" "wrong" "half" "full" "quick" "sea" "ocean" "city" "street" "world" "book" "week" "pay"
    "price" "sun" "oven" "hair" "eye" "foot" "heart" "skin" "tooth" "kids" "child" "animal" "head" "love" "play" "take" "make" "buy" "pick" "check" "prem" "premier" "leaving" "open" "shop" "shops"
    "pub" "pubs" "bar" "bars" "store" "stores" "gym" "bank" "office" "offices" "school" "library" "karat" "carat" "gold" "thread" "beers" "cans" "can" "eggs" "egg" "pack" "soda" "bottle" "bottles"
    "bedroom" "bedrooms" "bathroom" "person" "star" "stars" "degree" "degrees" "coffee" "sharp" "eleven" "key" "main" "selling" "adult" "hole" "personal" "physical" "match" "set" "percent" "decimal" "grand" "bed" "power" "data" "plot" "turning" "starting" "breaking" "boiling" "freezing" "inner" "outer" "traffic" "study" "friend" "vicious"
    "whole" "entire" "better" "worse" "weird" "long" "fitting" "perfect" "happy" "quiet" "crowded" "busy" "fancy" "sick" "dope" "chill";
}

/// The end of such a street whose house is at `at`.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let (house, before) = (&words[at], &words[at.checked_sub(1)?]);
    let number = house.is_house_number() && house.digits <= 5 && house.letters <= 1 && !house.hash;
    // "my addy: 6 elm beach dr"
    let joined = house.gap == Gap::Space || is_address_word(&before.lower);
    if !number || !joined || !(is_lead(&before.lower) || is_sure_lead(&before.lower)) {
        return None;
    }
    if let Some(end) = irish(words, at) {
        return Some(end);
    }
    let is_the = words.get(at + 1).is_some_and(|the| the.gap == Gap::Space && the.lower == "the");
    if is_the {
        let named = words.get(at + 2).is_some_and(|name| name.gap == Gap::Space && is_called_the(&name.lower));
        let sure = || is_rare_end(&words[at + 2].lower) || lead(words, at).is_some_and(|lead| lead >= Lead::Place);
        return (named && ends(words, at + 3) && sure()).then_some(at + 3);
    }
    let is_part = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && (word.letters >= 3 || matches!(word.lower.as_ref(), "st" | "mt"))
            && !is_never_a_name(&word.lower)
            && !is_counted(&word.lower)
            && !is_unit(&word.lower)
            && !is_calendar(&word.lower)
            && !is_flat(&word.lower)
            && !is_remark(&word.lower)
    };
    let names = words[at + 1..].iter().take(NAME_WORDS - 1).take_while(is_part).count();
    let end = (at + 2..=at + 1 + names).rev().find(|&last| {
        words.get(last).is_some_and(|word| {
            word.gap == Gap::Space
                && (is_rare_end(&word.lower) || is_doubtful_end(&word.lower) || is_ordinary_end(&word.lower))
        })
    })?;
    let name = &words[at + 1..end];
    let ordinary = name.iter().any(|word| is_no_english_name(&word.lower) || is_ordinary_name(&word.lower));
    if ordinary || !ends(words, end + 1) || ordinary::is_no_street(words, at, end) {
        return None;
    }
    let last = words[end].lower.as_ref();
    // "its 23 elm park, elmbury": a town behind its comma says that it is a street.
    let parted = words.get(end + 1).is_some_and(|next| next.gap == Gap::Comma);
    let town = parted && !plural(name) && locality::town(words, end + 1, false).is_some();
    let said = matches!(before.lower.as_ref(), "is" | "its" | "it's");
    let lead = lead(words, at)
        .filter(|_| before.lower != "its" && before.lower != "it's")
        .or((town && said).then_some(Lead::Any))?;
    // "we meet at 7", "doors at 10"
    let hour = house.letters == 0 && house.lower.parse().is_ok_and(|hour: u32| hour <= 24);
    let plural = plural(name);
    let enough = if is_rare_end(last) {
        lead >= Lead::Place || !hour || house.digits == 2 && matches!(before.lower.as_ref(), "im" | "i'm")
    } else if is_doubtful_end(last) {
        lead >= Lead::Addressed
            || house.digits >= 3
            || lead >= Lead::Place && (name.len() >= 2 || matches!(before.lower.as_ref(), "by" | "round"))
    } else {
        lead >= Lead::Addressed || town || lead >= Lead::Place && !plural
    };
    enough.then_some(end + 1)
}

/// "10 shops close": whether the name is what is counted.
fn plural(name: &[Word]) -> bool {
    name.len() == 1 && name[0].lower.ends_with('s')
}

/// How surely a sentence leads to a house.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lead {
    /// By "at" alone.
    Any,
    /// Somebody is or goes there, and the number is no hour.
    Place,
    /// Somebody lives there, or it is called an address.
    Addressed,
}

/// How surely the words before the house at `at` lead to it.
fn lead(words: &[Word], at: usize) -> Option<Lead> {
    let before = words[at - 1].lower.as_ref();
    let near = || {
        (at.saturating_sub(REACH)..at)
            .rev()
            .take_while(|&here| here + 1 == at || words[here + 1].gap <= Gap::Comma)
            .map(|here| words[here].lower.as_ref())
    };
    // "from 5 to 6", "9 to 5 desk way"
    let counted = || {
        before == "to" && near().skip(1).any(|word| word == "from" || word.starts_with(|c: char| c.is_ascii_digit()))
    };
    // "address 3 minor points" does something about them.
    let spoken_of = |here: usize| {
        let lower = words[here].lower.as_ref();
        let owned = || here.checked_sub(1).is_none_or(|owner| is_owner(&words[owner].lower));
        is_address_word(lower) && (!matches!(lower, "address" | "addresses") || words[at].gap == Gap::Break || owned())
    };
    let addressed = || (at.saturating_sub(REACH)..at).any(spoken_of);
    if near().any(|word| is_living(word) && word != "side" && word != "corner")
        || addressed()
        || is_sure_lead(before) && !is_doubtful_lead(before) && !is_address_word(before)
    {
        return Some(Lead::Addressed);
    }
    if before == "is" || counted() {
        return None;
    }
    if is_doubtful_lead(before) {
        // "pick me up 2 elm end", "open house 51 elm ter", "im 21 elm grove"
        let fetched = || matches!(words[at.saturating_sub(2)].lower.as_ref(), "me" | "us" | "him" | "her" | "them");
        return match before {
            "up" => fetched().then_some(Lead::Place),
            "im" | "i'm" => Some(Lead::Any),
            _ => (words[at].digits >= 2).then_some(Lead::Place),
        };
    }
    let gone = near().skip(1).any(is_going);
    let brought = near().skip(1).any(is_brought);
    let sent = near().skip(1).any(is_sent);
    let over_24 = words[at].letters > 0 || words[at].lower.parse().is_ok_and(|number: u32| number > 24);
    let place = brought || gone || sent && before != "at";
    Some(if place || sent && over_24 { Lead::Place } else { Lead::Any })
}

/// Whether a clause ends before `at`.
pub(super) fn ends(words: &[Word], at: usize) -> bool {
    settled::ends(words, at)
        || words[at].gap == Gap::Space
            && words[at].digits == 0
            && (is_remark(&words[at].lower)
                || is_last_word(&words[at].lower)
                || is_texted_end(&words[at].lower)
                || is_calendar(&words[at].lower))
}

/// "4 Cois Ulmann", "23 sli na mara": Irish has the word first.
fn irish(words: &[Word], at: usize) -> Option<usize> {
    let start = words.get(at + 1).filter(|start| start.gap == Gap::Space && is_irish_start(&start.lower))?;
    let is_name = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && (word.letters >= 3 && word.capital == start.capital && !is_never_a_name(&word.lower)
                || word.lower == "na"
                || word.lower == "an")
    };
    let names = words[at + 2..].iter().take(3).take_while(is_name).count();
    (names > 0 && words[at + 1 + names].letters >= 3 && ends(words, at + 2 + names)).then_some(at + 2 + names)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn sentences_lead_to_streets_in_small_letters() {
        for (text, address) in [
            ("cops came to 2215 elmamore ct last nite again", "2215 elmamore ct"),
            ("get the keys from 14 elmarisk way shes in", "14 elmarisk way"),
            ("its 23 elm park, elmbury like", "23 elm park, elmbury"),
            ("nan is at 3 elmard close, elmwick til sunday", "3 elmard close, elmwick"),
            ("moved into 4 elmthorn rise, elmdale last week", "4 elmthorn rise, elmdale"),
            ("we r at 40 elmeron pl come thru", "40 elmeron pl"),
            ("crashed at 212 elm bluff trl last nite", "212 elm bluff trl"),
            ("her addy is 7 elmout pt", "7 elmout pt"),
            ("my addy: 6 elm beach dr", "6 elm beach dr"),
            ("my new addy 19 sandy elm dr", "19 sandy elm dr"),
            ("yard sale 3310 elmfield cir sat 8am", "3310 elmfield cir"),
            ("open house 51 elm view ter sunday", "51 elm view ter"),
            ("swing by 19 elm pk before mass", "19 elm pk"),
            ("dropping it at 812 elmow bend ct rn", "812 elmow bend ct"),
            ("leave it at 40 elmbrook court with mum", "40 elmbrook court"),
            ("nan lives at 5 the paddocks", "5 the paddocks"),
            ("party at 8 the mews dont tell ben", "8 the mews"),
            ("im at 12 the crescent", "12 the crescent"),
            ("drop it at 3 elm view", "3 elm view"),
            ("come to 27 elmory walk bring wine", "27 elmory walk"),
            ("pop round 31 elmingham rise x", "31 elmingham rise"),
            ("pop round 29 elmdle view i got cake", "29 elmdle view"),
            ("party 66 elmstrel garth sat", "66 elmstrel garth"),
            ("pick me up 2 elm end", "2 elm end"),
            ("im at 4 Cois Ulmann", "4 Cois Ulmann"),
            ("drop in to 23 Sli na Olma", "23 Sli na Olma"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn numbers_before_ordinary_words_stay() {
        for text in [
            "moved up from 6 to 8 pl",
            "went to 2 dr appointments",
            "at 10 eye dr said no",
            "i was at 7 heart dr",
            "500 thread ct sheets",
            "went to 12 beer pk",
            "at 5 the best",
            "at 8 the view was nice",
            "doors at 8 close at 11",
            "we close at 8 close friends only",
            "at 8 pub close",
            "meet at 7 dogs walk",
            "went to 3 theme park",
            "at 6 evening walk",
            "from 5 to 6 elm walk",
            "im 40 half way there",
            "im 25 park way too old",
            "up to 20 foot path",
            "moved to 2 bedroom place",
            "staying at 5 star place lol",
            "dropped to 3 degree rise",
            "drop by 4 coffee walk",
            "lets address 3 minor point",
            "it came to 40 grand close",
            "it is 5 long way",
            "party at 8 the oaks are out",
            "party at 9 hers rise",
            "meet at 5 grand court",
            "lost to 3 best view",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
