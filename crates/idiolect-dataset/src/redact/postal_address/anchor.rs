//! Where an address certainly is: the few words that nothing else looks like.

use std::ops::Range;

use super::roads::{is_lettered, is_named, lettered_avenue, numbered_road};
use super::word::{Gap, Word};
use super::words::*;
use super::{
    american, announced, bearing, brought, building, continental, cyrillic, dated, downtown, estate, french, german,
    grid, indian, inflected, kinds, labelled, mailbox, ordinary, postcode, romanised, settled, singapore, small,
    spoken, staying, transliterated, whole,
};

/// The longest name of a street, in words.
const NAME_WORDS: usize = 6;

/// How far behind the first word of an anchor its number may be: behind a ship's name before its military post office.
const REACH: usize = 8;

/// The words of an anchor that starts at `at`; `number` is the next word behind that has a digit, or the end.
#[inline]
pub(super) fn at(words: &[Word], at: usize, number: usize) -> Option<Range<usize>> {
    let word = &words[at];
    // Most words have no number near, and begin nothing but "One Elm Street".
    if word.digits == 0 && (number > at + REACH || number == words.len()) {
        return (word.capital && word.is_spelled_number()).then(|| of_word(words, at, number)).flatten();
    }
    near(words, at, number)
}

/// As [`at`], where there is a number.
fn near(words: &[Word], at: usize, number: usize) -> Option<Range<usize>> {
    let known = match words[at].digits {
        0 if may_begin(words, at, number) => of_word(words, at, number),
        0 => None,
        _ => of_number(words, at, number).map(|end| at..end),
    };
    // "12 rue victor olmo" is more than "12 rue victor".
    let other = if words[at].digits > 0 {
        let english = spoken::end(words, at).or_else(|| building::coded(words, at)).max(downtown::end(words, at));
        english.max(indian::end(words, at)).max(french::end(words, at)).max(transliterated::of_number(words, at))
    } else if number <= at + NAME_WORDS && number < words.len() {
        let other = brought::end(words, at).max(estate::end(words, at)).max(staying::end(words, at));
        let other = other.max(bearing::end(words, at, number)).max(inflected::end(words, at, number));
        other.max(transliterated::of_word(words, at, number)).max(indian::end(words, at))
    } else {
        None
    };
    match whole::end(words, at, number).max(other) {
        Some(end) if known.as_ref().is_none_or(|known| known.start >= at && known.end < end) => Some(at..end),
        _ => known,
    }
}

/// The end of an anchor that begins with the number at `at`, or with a word that has one in it.
fn of_number(words: &[Word], at: usize, number: usize) -> Option<usize> {
    mailbox::end(words, at)
        .or_else(|| dated::street(words, at, number))
        .or_else(|| cyrillic::address(words, at))
        // "15 bis avenue Victor Hugo" is more than "15 bis avenue".
        .or_else(|| behind_house(words, at).max(american::address(words, at)))
        .or_else(|| grid::house(words, at))
        .or_else(|| singapore::housed(words, at))
        .or_else(|| romanised::address(words, at))
        .or_else(|| glued_street(words, at))
        .or_else(|| postcode::end(words, at))
        .or_else(|| announced::street(words, at, number))
}

/// An anchor that begins with the word at `at`, or with the name before it.
fn of_word(words: &[Word], at: usize, number: usize) -> Option<Range<usize>> {
    if let Some(end) = dated::street(words, at, number).or_else(|| german::street(words, at, number)) {
        return Some(at..end);
    }
    let near = number <= at + 2;
    if near && let Some((start, end)) = small::named_before(words, at) {
        return Some(start..end);
    }
    let end = mailbox::end(words, at)
        .or_else(|| near.then(|| labelled::address(words, at)).flatten())
        .or_else(|| cyrillic::address(words, at))
        .or_else(|| behind_house(words, at))
        .or_else(|| romanised::address(words, at))
        .or_else(|| grid::crossing(words, at))
        .or_else(|| near.then(|| grid::numbered(words, at)).flatten())
        .or_else(|| flat(words, at))
        .or_else(|| labelled::singapore_block(words, at))
        .or_else(|| postcode::end(words, at))
        .or_else(|| announced::street(words, at, number))
        .or_else(|| (number == at + 1).then(|| small::before_postcode(words, at)).flatten())?;
    Some(at..end)
}

/// Whether any anchor can begin with the word at `at`: a word of addresses that a number follows within reach.
fn may_begin(words: &[Word], at: usize, number: usize) -> bool {
    let word = &words[at];
    let lower = word.lower.as_ref();
    let known = || {
        is_mailbox_start(lower)
            || is_small_street_start(lower)
            || small::may_begin(lower)
            || grid::is_crossed(lower)
            || lower == "blk"
            || is_sure_flat(lower)
            || is_spelled(words, at)
            || number <= at + 2 && small::is_sure_street_behind(lower)
    };
    let numbered = || {
        let suffix = || has_sure_street_suffix(lower) || has_street_suffix(lower);
        words[at + 1].is_zip()
            || small::may_be_coded(words, at)
            || cyrillic::flat(words, at).is_some()
            || announced::may_be_named(words, at)
            || word.letters > 6 && suffix()
    };
    word.capital && goes_on(words, at)
        || word.may_be(kinds::ANCHOR) && known()
        || continental::is_spanish_street(lower)
        || cyrillic::may_begin(lower)
        || number <= at + 2 && word.may_be(kinds::BEHIND) && is_street_behind(lower)
        || number == at + 1 && numbered()
}

/// Whether more of a name, or a number, is behind the capitalised word at `at`, or addresses have a word for it.
fn goes_on(words: &[Word], at: usize) -> bool {
    let [word, next] = [&words[at], &words[at + 1]];
    next.capital
        || next.digits > 0
        || next.may_be(kinds::JOINING)
        || next.is_joined()
        || word.may_be(kinds::ANCHOR | kinds::LINE | kinds::START | kinds::BEHIND)
        || word.is_joined()
}

/// The end of a street whose house number is at `at`.
pub(super) fn behind_house(words: &[Word], at: usize) -> Option<usize> {
    street(words, at).max(continental::street(words, at))
}

/// A house number, a name of one to six words and a street's ending: "12 N Elm St", "5536 West 103 Place".
///
/// The last ending counts ("Park Circle East Rd"), and directions behind it belong to it.
fn street(words: &[Word], at: usize) -> Option<usize> {
    let house = &words[at];
    // "page 12 of the road" counts something.
    if !house.is_house_number() && !is_spelled(words, at) || words.get(at + 1).is_some_and(|word| word.lower == "of") {
        return None;
    }
    named_street(words, at)
}

/// "ONE NORTH JEFFERSON AVE", "Two Elm Street", "one north elm ave".
fn is_spelled(words: &[Word], at: usize) -> bool {
    let directed = || words.get(at + 1).is_some_and(|next| next.letters > 2 && is_direction(&next.lower));
    words[at].is_spelled_number() && (words[at].capital || directed())
}

/// The end of the street's name behind the house at `at`, and of what it ends in.
pub(super) fn named_street(words: &[Word], at: usize) -> Option<usize> {
    let house = &words[at];
    // Most numbers count something, and nothing within the longest name is what a street has.
    let mut near = words[at + 1..].iter().take(NAME_WORDS + 3);
    let mut end = match near.any(|word| word.may_be(kinds::NAMING)) {
        true => ended_street(words, at)
            .or_else(|| lettered_avenue(words, at))
            .or_else(|| unnamed_street(words, at))
            .or_else(|| directed_street(words, at)),
        false => unnamed_street(words, at),
    }?;
    while words.get(end).is_some_and(|word| {
        is_direction(&word.lower)
            && (word.gap == Gap::Space && word.capital
                || word.gap <= Gap::Comma && word.letters <= 2 && house.digits > 1)
    }) {
        end += 1;
    }
    Some(end)
}

/// The end of a street behind the house at `at` that a word for streets is the last of.
fn ended_street(words: &[Word], at: usize) -> Option<usize> {
    let house = &words[at];
    let mut name_is_capital = true;
    let mut end = None;
    let mut next = at + 1;
    while next <= at + NAME_WORDS + 1 {
        let Some(word) = words.get(next) else { break };
        // "12, Elm Road" is written in India and Britain.
        let joined = word.gap == Gap::Space || (word.gap == Gap::Comma && next == at + 1 && word.capital)
            // A house number on a line of its own, as some write in India.
            || (word.gap == Gap::Line && next == at + 1 && word.capital && house.gap >= Gap::Line);
        if !joined || word.hash {
            break;
        }
        if let Some(behind) = numbered_road(words, next).filter(|&behind| {
            house.digits >= 2 && (word.capital || closes(words, behind) || is_named(words, next, behind))
        }) {
            end = Some(behind);
            next = behind;
            continue;
        }
        // "Willow Bend street"
        let named_by_end = end == Some(next) && is_strong_street_end(&word.lower);
        if end.is_some() && !(named_by_end || is_direction(&word.lower) || word.capital && ends_soon(words, next)) {
            break;
        }
        // "3 lane road", "5 ways street"
        let lanes = matches!(word.lower.as_ref(), "lane" | "lanes" | "car" | "mph" | "gb" | "tb" | "bit" | "usb");
        if next == at + 1 && (house.digits == 1 || lanes) && !word.capital && ordinary::is_counted_in_roads(&word.lower)
        {
            break;
        }
        let named = next > at + 1 && !(words[next - 1].is_number() && word.letters == 2 && word.is_rank());
        // "S. Dr Martin Luther King Jr Drive"
        let titled = word.lower == "dr"
            && words.get(next + 1).is_some_and(|name| name.gap == Gap::Space && name.lower == "martin");
        let sure = !titled && is_strong_street_end(&word.lower)
            || (!titled
                && is_weak_street_end(&word.lower)
                && (name_is_capital && word.capital
                    || closes(words, next + 1)
                    || is_abbreviated(words, at, next)
                    || is_directed(words, at, next)));
        if named && sure && !ordinary::is_no_street(words, at, next) {
            end = Some(next + 1);
        } else if is_never_a_name(&word.lower)
            && !(word.capital && (word.letters > 2 || word.letters == 1))
            && !is_southern_or_northern(words, next)
            && !joins_names(words, at, next)
            && !ordinary::is_old_name(words, next)
            && !is_lettered(words, at, next)
        {
            break;
        }
        name_is_capital &= word.capital || word.digits > 0 || is_direction(&word.lower);
        next += 1;
    }
    end
}

/// "612 So Lake St", "1112 No. Elm": short for a direction where a capitalised name follows.
fn is_southern_or_northern(words: &[Word], at: usize) -> bool {
    let word = &words[at];
    let follows = |next: &Word| next.gap == Gap::Space && (next.capital || next.is_ordinal());
    word.capital && matches!(word.lower.as_ref(), "so" | "no") && words.get(at + 1).is_some_and(follows)
}

/// "Wind and Fire Dr", "THE BEND AT EAST PINES ST": a small word between capitalised ones that a street's ending follows.
fn joins_names(words: &[Word], house: usize, at: usize) -> bool {
    let large = words[house].digits >= 4;
    let named =
        |word: &Word| (word.capital || large) && word.digits == 0 && word.letters > 2 && !is_never_a_name(&word.lower);
    matches!(words[at].lower.as_ref(), "and" | "at" | "in")
        && named(&words[at - 1])
        && words.get(at + 1).is_some_and(|next| next.gap == Gap::Space && named(next))
        && (ends_soon(words, at + 1) || large && ends_small(words, at + 1))
        && !words[at + 1..].iter().take(3).any(|word| is_street_end(&word.lower) && word.gap > Gap::Space)
}

/// "110 e mangrove bay way", "2141 ne tan court": a street's ending at `at` behind a house of three digits and the letters of a direction.
fn is_directed(words: &[Word], house: usize, at: usize) -> bool {
    let direction = &words[house + 1];
    // "5536 west 103 place"
    let numbered = at == house + 3 && words[house + 2].digits > 0;
    let ends = || {
        words
            .get(at + 1)
            .is_none_or(|next| next.gap >= Gap::Comma || super::town::goes_on(&next.lower) || is_direction(&next.lower))
    };
    // "7720 sw 112th pl"
    let ranked = numbered && words[house + 2].is_ordinal() && direction.letters <= 2;
    words[house].digits >= 3
        && direction.gap == Gap::Space
        && (direction.letters <= 2 || numbered)
        && is_direction(&direction.lower)
        && at > house + 2
        && (ranked || ends())
}

/// "im at 2152 raven rock pl": a street's ending at `at` that is no word, behind a house of three digits to which a preposition leads or
/// with which a clause of more than "250 likes sq" begins, where the clause ends.
fn is_abbreviated(words: &[Word], house: usize, at: usize) -> bool {
    let begins = house == 0 || words[house].gap >= Gap::Comma;
    let led = if begins { at > house + 2 } else { announced::leads(&words[house - 1].lower) };
    // "drop me at 19 linden ct"
    let brought = || !begins && matches!(words[house - 1].lower.as_ref(), "at" | "to");
    (words[house].digits >= 3 || words[house].digits == 2 && brought())
        && led
        && is_abbreviated_end(&words[at].lower)
        && words.get(at + 1).is_none_or(|next| next.gap >= Gap::Comma || super::town::goes_on(&next.lower))
}

/// A street's ending within the next four capitalised words.
fn ends_soon(words: &[Word], at: usize) -> bool {
    let near = words[at..].iter().take(4);
    near.take_while(|word| word.gap == Gap::Space && word.capital).any(|word| is_street_end(&word.lower))
}

/// A street's ending that hardly anything else ends in within the next four small words, with which a clause ends.
fn ends_small(words: &[Word], at: usize) -> bool {
    let near = words[at..].iter().take(4).take_while(|word| word.gap == Gap::Space && !is_never_a_name(&word.lower));
    let last = near.clone().position(|word| is_strong_street_end(&word.lower));
    last.is_some_and(|last| words.get(at + last + 1).is_none_or(|next| next.gap >= Gap::Comma))
}

/// A street without an ending, where a state or postcode soon follows: "10 EAST LAKE, DENVER, COLORADO".
fn unnamed_street(words: &[Word], at: usize) -> Option<usize> {
    let house = &words[at];
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space && next.letters > 0)?;
    let year = house.digits == 4 && (house.lower.starts_with("19") || house.lower.starts_with("20"));
    let directed = is_direction(&next.lower) && next.letters <= 2 || next.is_ordinal();
    let numbered = (2..=6).contains(&house.digits);
    let named = next.capital || next.digits > 0 || is_direction(&next.lower);
    if !numbered || !directed && !named {
        return None;
    }
    // "10 east elm, denver, colorado"
    if is_direction(&next.lower)
        && let Some(named) = settled::named(words, at + 2).filter(|&named| settled::is_sure(words, named))
    {
        return Some(named);
    }
    let closed = super::tail::closing(words, at + 1).filter(|&closed| (at + 3..=at + 9).contains(&closed))?;
    let capital = words[at + 1..closed].iter().all(|word| word.capital || word.digits > 0 || is_direction(&word.lower));
    let sure = directed || capital && !year && house.letters == 0;
    sure.then_some(closed)
}

/// "4859 S. Wabash", "2820 N. Greenview", "2641 Orchard Knob SE": a direction before or behind the name.
fn directed_street(words: &[Word], at: usize) -> Option<usize> {
    let is_short_direction = |word: &Word| {
        word.upper && word.letters <= 2 && is_direction(&word.lower)
            || matches!(word.lower.as_ref(), "so" | "no") && word.capital
    };
    let is_name = |word: &Word| {
        word.gap == Gap::Space
            && word.capital
            && word.digits == 0
            && !is_never_a_name(&word.lower)
            && !is_sure_flat(&word.lower)
            && !matches!(word.lower.as_ref(), "rm" | "unit" | "room")
    };
    let house = words.get(at).filter(|house| house.digits >= 3 && house.letters <= 1 && !house.hash)?;
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space)?;
    let names = |from: usize| {
        words
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take(3)
            .take_while(|word| is_name(word) && !is_short_direction(word))
            .count()
    };
    if is_short_direction(next) {
        let count = names(at + 2);
        return (count > 0 && house.digits <= 5).then_some(at + 2 + count);
    }
    // "4102 n elmwood chicago"
    if next.letters <= 2 && is_direction(&next.lower) {
        let behind = settled::names(words, at + 2).min(3);
        return (1..=behind).map(|count| at + 2 + count).find(|&end| small::is_in_town(words, end));
    }
    let count = names(at + 1);
    let behind = words.get(at + 1 + count).filter(|word| word.gap == Gap::Space && is_short_direction(word))?;
    (count > 0 && (behind.letters == 2 || house.digits >= 3)).then_some(at + 2 + count)
}

/// "Apt. 864", "Suite 104": a number is behind it, and a number is within reach before it.
fn flat(words: &[Word], at: usize) -> Option<usize> {
    let word = &words[at];
    let next = words.get(at + 1)?;
    let numbered = next.gap == Gap::Space && next.digits > 0;
    let reach = at.saturating_sub(8);
    let house_before = || words[reach..at].iter().any(|before| before.is_house_number());
    (numbered && is_sure_flat(&word.lower) && house_before()).then_some(at + 2)
}

/// "lindenstr14", "goetheweg3b".
fn glued_street(words: &[Word], at: usize) -> Option<usize> {
    let word = &words[at];
    if !(1..=3).contains(&word.digits) || word.letters == 0 {
        return None;
    }
    // The letter of "3b", then the number.
    let street = word.lower.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let street = street.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_street = street.chars().all(char::is_alphabetic) && has_street_suffix(street);
    is_street.then_some(at + 1)
}

/// Whether what begins at `at` is more of an address: a flat, a town with its state or postcode, a country.
fn closes(words: &[Word], at: usize) -> bool {
    let Some(next) = words.get(at).filter(|word| word.gap != Gap::Break) else { return false };
    if is_flat(&next.lower) && words.get(at + 1).is_some_and(|number| number.digits > 0 || number.letters == 1)
        || next.hash && next.digits > 0
    {
        return true;
    }
    super::tail::closing(words, at).is_some() || settled::is_sure(words, at)
}
