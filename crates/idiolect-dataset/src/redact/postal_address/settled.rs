//! What settles an address in small letters behind its street, where no capital tells a town's name: a postcode beside the name, a
//! country, a large city: "hamilton 3204", "6320 piran, slovenia", "ermita, makati, philippines".

use super::announced::is_counted;
use super::postcode::{is_irish, is_postcode};
use super::tail::{is_australian_state, is_joined_postcode};
use super::town::{goes_on, is_remark};
use super::word::{Gap, Word};
use super::words::*;
use super::{american, city, country, small};
use crate::word_set::word_set;

/// The most parts between commas, and the most words of one.
const PARTS: usize = 6;
const NAME_WORDS: usize = 5;

word_set! {
    /// Behind a street, the beginnings of sentences and the names of what has a number, no towns.
    is_no_town:
    "code" "codes" "pin" "key" "keys" "password" "passcode" "pass" "pw" "wifi" "gate" "door" "doors" "keypad" "lock" "alarm" "buzzer" "entry" "phone" "tel" "mobile" "cell"
    "number" "num" "dial" "ext" "extension" "rent" "price" "priced" "worth" "deposit" "bill" "fee" "total" "cash" "about"
    "around" "roughly" "approx" "ref" "account" "acct" "case" "id" "extra" "plus" "bus" "train" "tram" "flight" "exit" "table" "page" "row" "seat"
    "been" "house" "flat" "room" "floor" "bell" "upstairs" "downstairs" "bottom"
    "top" "side" "behind" "opposite" "maybe" "still" "really" "great" "back" "again"
    "vs"
    "home" "trip" "holiday" "born" "pizza" "food" "beers" "beer" "coffee" "tea" "movie" "game" "games"
    "points" "goals" "steps" "miles" "calories" "words" "views" "likes" "characters" "letters" "digits" "long" "noon" "max" "min" "avg" "everyone" "someone" "anyone" "everything" "nothing" "something"
    "cool" "fine" "lovely" "amazing" "beautiful" "huge" "big" "small" "blue" "red" "green" "white" "black" "yellow" "both";

    /// No town begins with them, though some streets end so.
    begins_clause:
    "kickoff" "open" "opens" "opening" "closes" "starts" "start" "starting" "ends" "doing" "wait" "waiting" "leave" "leaving" "left" "arrive"
    "arriving" "reach" "reached" "reaching" "gonna" "gotta" "wanna" "hope" "miss" "tell" "told" "ask" "look" "looking" "find" "try" "use" "used"
    "make" "made" "put" "keep" "give" "gave" "work" "works" "working" "paid" "pay" "pays" "sold" "built" "score" "scored" "won" "lost" "beat" "cost"
    "costs" "wanted" "needed" "need" "needs" "order";

    /// Within a town's name, between two of its words.
    joins_town: "of" "on" "in" "the" "by" "upon" "and" "a";
}

/// Where what belongs to an address ends, and whether a postcode or a country behind a town says that it does.
pub(super) struct Settled {
    pub end: usize,
    pub sure: bool,
}

/// The last part behind the street that ends before `at` which settles what stands before it.
pub(super) fn end(words: &[Word], at: usize) -> Option<Settled> {
    let (mut here, mut settled, mut sure) = (at, None, false);
    for parts in 0..PARTS {
        let Some(part) = part(words, here, parts == 0) else { break };
        here = part.end;
        if part.settles {
            sure |= part.coded || parts > 0;
            settled = Some(Settled { end: here, sure });
        }
    }
    settled
}

/// Whether a postcode, or a country behind a town, follows the street that ends before `at`.
pub(super) fn is_sure(words: &[Word], at: usize) -> bool {
    end(words, at).is_some_and(|settled| settled.sure)
}

/// What stands between two commas, or between a postcode and a comma.
struct Part {
    end: usize,
    settles: bool,
    coded: bool,
}

fn part(words: &[Word], at: usize, first: bool) -> Option<Part> {
    let word = words.get(at).filter(|word| word.gap != Gap::Break)?;
    let parted = word.gap >= Gap::Comma;
    let coded = |end| Some(Part { end, settles: true, coded: true });
    let behind_code = !first && words[at - 1].digits >= 3;
    if (parted || behind_code)
        && let Some(end) = country::end(words, at)
    {
        return Some(Part { end, settles: true, coded: false });
    }
    if !parted && !first {
        return None;
    }
    if word.digits > 0 {
        let (end, code) = code(words, at)?;
        let names = names(words, end);
        let town = (1..=3).contains(&names) && ends(words, end + names);
        // "12 elm street, 2500 followers"
        let settles = (parted || code == Code::Distinct && word.letters > 0)
            && match code {
                Code::Distinct => true,
                Code::Long => !first || town,
                Code::Short { hour } => town && names <= 2 && (!first || !hour && is_foreign(words, at)),
                Code::Shortest => {
                    town && first && words[at - 1].digits > 0 && is_icelandic(&words[at.saturating_sub(2)..end + names])
                }
            };
        let alone = !first && parted && ends(words, end) && matches!(code, Code::Long | Code::Short { hour: false });
        return match (settles, town) {
            (true, true) => coded(end + names),
            (true, false) if code == Code::Distinct => coded(end),
            _ if alone => coded(end),
            (_, true) if parted => Some(Part { end: end + names, settles: false, coded: false }),
            _ => None,
        };
    }
    let count = names(words, at);
    if count == 0 {
        // ", ok 74037": a state whose code is a word; ", at 31295": a region of two letters behind the town.
        let region = || {
            let zip = words.get(at + 1).filter(|zip| zip.gap == Gap::Space && zip.is_zip())?;
            (!first && word.letters == 2 && !zip.lower.ends_with("00") && ends(words, at + 2)).then_some(at + 2)
        };
        return zipped(words, at).or_else(region).and_then(coded);
    }
    let behind = at + count;
    if let Some(end) = zipped(words, behind - 1).or_else(|| zipped(words, behind)) {
        return coded(end);
    }
    let next = words.get(behind);
    // "dublin 2", "kingston 6, jamaica"
    let district = next.is_some_and(|next| next.gap == Gap::Space && next.is_number() && next.digits <= 2);
    let behind = behind + usize::from(district);
    if let Some((end, code)) = code(words, behind).filter(|_| words[behind].gap <= Gap::Comma) {
        let same = words[behind].gap == Gap::Space;
        let last = words.get(end).is_none_or(|next| next.gap >= Gap::Comma);
        let foreign = words[at - 1].digits > 0;
        let known = city::end(words, at).is_some();
        let settles = match code {
            Code::Distinct => true,
            Code::Long => same && (parted || last) && ends(words, end),
            Code::Short { hour } => same && parted && ends(words, end) && (!hour || foreign || known || count > 1),
            Code::Shortest => same && parted && last && is_icelandic(&words[at.saturating_sub(2)..behind]),
        };
        if settles {
            return coded(end);
        }
    }
    let plain = ends(words, behind);
    if let Some(from) = (1..count).find(|&from| country::end(words, at + from) == Some(behind))
        && parted
        && plain
    {
        return Some(Part { end: behind, settles: true, coded: from > 0 });
    }
    let large = (0..count).any(|from| city::end(words, at + from) == Some(at + count));
    // "Paris 2, Marseille 1" is a score.
    let scored = district
        && [&words[at - 1], &words[behind - 1]].iter().all(|goals| goals.is_number() && goals.digits == 1)
        && !at.checked_sub(2).is_some_and(|street| words[street].is_street_word());
    if large && plain && parted && !scored {
        return Some(Part { end: behind, settles: true, coded: district });
    }
    (parted && plain && words.get(behind).is_some_and(|next| next.gap >= Gap::Comma)).then_some(Part {
        end: behind,
        settles: false,
        coded: false,
    })
}

/// The end of a street's name in small letters from `at` on, behind whose comma or line something settles it.
pub(super) fn named(words: &[Word], at: usize) -> Option<usize> {
    const NAME_WORDS: usize = 4;
    let is_part = |word: &&Word| {
        word.gap == Gap::Space && word.digits == 0 && (!is_never_a_name(&word.lower) || joins_town(&word.lower))
    };
    let count = words.get(at..)?.iter().take(NAME_WORDS).take_while(is_part).count();
    let behind = words.get(at + count).is_some_and(|next| matches!(next.gap, Gap::Comma | Gap::Line));
    (count > 0 && behind && end(words, at + count).is_some()).then_some(at + count)
}

/// How many words from `at` on, of which the first may follow anything, are the name of a town.
pub(super) fn names(words: &[Word], at: usize) -> usize {
    let is_name = |(offset, word): &(usize, &Word)| {
        let joined = *offset == 0 || word.gap == Gap::Space;
        let name = word.digits == 0
            && word.letters >= 2
            && !is_never_a_name(&word.lower)
            && !is_remark(&word.lower)
            && !is_calendar(&word.lower)
            && !is_counted(&word.lower)
            && !is_no_town(&word.lower)
            && !small::is_unit(&word.lower);
        joined && (name && (*offset > 0 || !begins_clause(&word.lower)) || *offset > 0 && joins_town(&word.lower))
    };
    let count = words.get(at..).unwrap_or_default().iter().enumerate().take(NAME_WORDS).take_while(is_name).count();
    let joins = words[at.min(words.len())..].iter().take(count).rev().take_while(|word| joins_town(&word.lower));
    count - joins.count()
}

/// Whether a clause ends before the word at `at`.
pub(super) fn ends(words: &[Word], at: usize) -> bool {
    words.get(at).is_none_or(|next| {
        next.gap >= Gap::Comma
            || next.digits == 0
                && (words[at - 1].digits == 0 || !is_counted(&next.lower))
                && (goes_on(&next.lower) || is_never_a_name(&next.lower) && next.lower != "a")
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    /// Nothing but postcodes has its form.
    Distinct,
    /// Five or six digits.
    Long,
    /// Four digits, which may be an hour.
    Short { hour: bool },
    /// Three.
    Shortest,
}

/// The end of the postcode at `at`.
fn code(words: &[Word], at: usize) -> Option<(usize, Code)> {
    let word = words.get(at).filter(|word| word.digits > 0 && word.gap != Gap::Break)?;
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space);
    if let Some(next) = next {
        if is_postcode(&word.lower, &next.lower) || is_irish(&word.lower, &next.lower) {
            return Some((at + 2, Code::Distinct));
        }
        let spaced = word.is_number() && word.digits == 3 && next.is_number() && next.digits == 2;
        if spaced {
            return Some((at + 2, Code::Distinct));
        }
    }
    if word.letters > 0 {
        // "se154tw"
        if is_joined_postcode(&word.lower) {
            return Some((at + 1, Code::Distinct));
        }
        let prefixed = word.lower.split_once('-').is_some_and(|(country, number)| {
            country.len() <= 2
                && country.bytes().all(|byte| byte.is_ascii_lowercase())
                && matches!(number.len(), 4 | 5)
                && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        return prefixed.then_some((at + 1, Code::Distinct));
    }
    let hyphen = word.lower.as_bytes().iter().position(|byte| *byte == b'-');
    let kind = match (word.digits, hyphen) {
        (7 | 8, Some(4 | 5)) | (5, Some(2)) => Code::Distinct,
        (5 | 6, None) => Code::Long,
        (4, None) if !matches!(word.lower.parse(), Ok(1950..=2035)) => Code::Short { hour: is_hour(&word.lower) },
        (3, None) => Code::Shortest,
        _ => return None,
    };
    Some((at + 1, kind))
}

/// Whether the street that ends before `at` is no English one: its house or flat comes last, or the word for it first.
fn is_foreign(words: &[Word], at: usize) -> bool {
    let begins = |word: &Word| is_street_start(&word.lower) || word.lower == "route";
    words[at - 1].digits > 0 || words[at.saturating_sub(5)..at - 1].iter().any(begins)
}

/// "1830": whether four digits may be an hour of the day.
pub(super) fn is_hour(number: &str) -> bool {
    number.parse().is_ok_and(|number: u32| number < 2400 && number % 100 < 60 && number.is_multiple_of(5))
}

/// "ok 74037", "vic 3149", "on l6y 2n2": the end of the postcode behind the state at `at`.
fn zipped(words: &[Word], at: usize) -> Option<usize> {
    let state = words.get(at).filter(|state| state.gap != Gap::Break)?;
    let code = words.get(at + 1).filter(|code| code.gap <= Gap::Comma)?;
    let australian = is_australian_state(&state.lower) && code.is_number() && code.digits == 4;
    if australian { Some(at + 2) } else { american::coded_state(words, at) }
}

/// Whether letters or an ending are in them that hardly another language has.
fn is_icelandic(words: &[Word]) -> bool {
    words
        .iter()
        .any(|word| word.lower.contains(['ð', 'þ', 'á', 'í', 'ú', 'ý', 'æ', 'ó', 'ö']) || word.lower.ends_with("vegur"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn towns_in_small_letters_belong_to_their_street() {
        for (text, address) in [
            ("im at 203 elm road, elmanga 3110 now", "203 elm road, elmanga 3110"),
            ("73 elm place, elm bay 1010", "73 elm place, elm bay 1010"),
            ("18 elm street, rondelm, cape town 7700", "18 elm street, rondelm, cape town 7700"),
            ("22 elm avenue, elmford, manchester m32 8ab", "22 elm avenue, elmford, manchester m32 8ab"),
            ("223 elm street, melbourne vic 3000, australia", "223 elm street, melbourne vic 3000, australia"),
            ("33 elm drive, elm town, virgin islands", "33 elm drive, elm town, virgin islands"),
            ("12 elm road, kingston 6, jamaica", "12 elm road, kingston 6, jamaica"),
            ("avda. del olmo 46, olmasque 22440", "avda. del olmo 46, olmasque 22440"),
            ("rua olmo alves 1947, olmina 86087-630", "rua olmo alves 1947, olmina 86087-630"),
            ("olmeva 986, stare olmeno 507 53", "olmeva 986, stare olmeno 507 53"),
            ("komm zur rosengasse 9, 4020 ulmdorf", "rosengasse 9, 4020 ulmdorf"),
            ("obala 33, 6320 olmiran, slovenia", "obala 33, 6320 olmiran, slovenia"),
            ("106 rue abdel olmi, el olmarit 6042", "106 rue abdel olmi, el olmarit 6042"),
            ("obere ulmenstraße 12, 82319 ulmberg", "obere ulmenstraße 12, 82319 ulmberg"),
            ("álmstígur 4, álmavík 641", "álmstígur 4, álmavík 641"),
            ("olmanin tie 8 a 12, 00250 helsinki", "olmanin tie 8 a 12, 00250 helsinki"),
            ("av. olmo 2210, olmiago, chile", "av. olmo 2210, olmiago, chile"),
            ("12 elm st, sarajevo, bosnia and herzegovina ok", "12 elm st, sarajevo, bosnia and herzegovina"),
            ("4 elm court, killelm, co kerry", "4 elm court, killelm, co kerry"),
            ("22 elm row, dublin 8", "22 elm row, dublin 8"),
            ("35 elm way, london, se154tw", "35 elm way, london, se154tw"),
            ("50 elm street a88 8kk2 elmville", "50 elm street a88 8kk2 elmville"),
            ("14 route de lorme, 1260 lormon", "14 route de lorme, 1260 lormon"),
            ("rua das olmeiras 210, ap 301, rio de janeiro", "rua das olmeiras 210, ap 301, rio de janeiro"),
            ("álmos út 60, budapest", "álmos út 60, budapest"),
            ("10 east elm, denver, colorado", "10 east elm, denver, colorado"),
            ("its 4102 n elmwood chicago", "4102 n elmwood chicago"),
            ("drop me at 19 elm ct pls", "19 elm ct"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn announced_addresses_go_on_to_their_town() {
        for (text, address) in [
            ("my address is 410 elmhurst bend, elmford", "410 elmhurst bend, elmford"),
            ("we live at 29 elm reach, eastelm now", "29 elm reach, eastelm"),
            ("my address is elmova 41", "elmova 41"),
            ("our address is 9721 elmova 43 apt 678 elmenje", "9721 elmova 43 apt 678 elmenje"),
            ("979 elm street apt 59 elmdorf ka", "979 elm street apt 59 elmdorf ka"),
            ("hey 979 elm street apt 59 looks great", "979 elm street apt 59"),
            ("i live at 12 elm road, ring twice", "12 elm road"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn sentences_behind_a_street_stay() {
        for (text, address) in [
            ("12 park road see you there", "12 park road"),
            ("12 elm road, rent 1450 a month", "12 elm road"),
            ("12 elm road, doors 1930", "12 elm road"),
            ("12 elm road, pin 4829", "12 elm road"),
            ("12 elm road, dinner, drinks", "12 elm road"),
            ("See you at 12 Elm Street, Saturday", "12 Elm Street"),
            ("Its 12 Elm Street, Mom", "12 Elm Street"),
            ("12 Elm Street, Elmford, Sunday Beach", "12 Elm Street, Elmford, Sunday Beach"),
            ("Elm Street 3, Dublin 2", "Elm Street 3, Dublin 2"),
            ("Jilmová 25, Praha 1", "Jilmová 25, Praha 1"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn what_is_counted_has_no_town() {
        for text in [
            "i have 3 pl games in a row",
            "2 or 3 st johns fans",
            "the 12 best views, canada",
            "3 best friends place, london",
            "Paris 2, Marseille 1, quel match",
            "Ajax 3, Utrecht 1, lekker",
            "ranked 12, scored 10439 today",
            "room 12, building 4829",
            "they live in 12 cities",
            "the address is 12 characters long",
            "moving from one side to level 12",
            "my 10 way split, texas",
            "boarding gate 12, dublin",
            "at 50 cts",
            "got 24 pt game from him, dallas",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
