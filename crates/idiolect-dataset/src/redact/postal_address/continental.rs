//! Streets as they are written where the number comes last, or the word for "street" first: "Musterstraße 12, 10115 Berlin",
//! "31 rue de la Paix", "Calle Mayor 12, 28013 Madrid".

use super::super::numbers::is_year;
use super::announced::{is_counted, is_numbered, is_preposition};
use super::word::{Gap, Word};
use super::words::*;
use super::{bearing, city, cyrillic, door, french, settled, small, whole};
use crate::word_set::word_set;

/// The longest name of a street or town, in words.
const NAME_WORDS: usize = 6;

word_set! {
    is_joint [JOINTS]:
    "de" "la" "le" "u" "v" "nad" "pod" "pri" "sur" "am" "of" "do" "du" "del" "da" "dos" "das" "las" "los" "el" "e" "y" "des" "lès" "di" "der" "den" "della" "delle" "degli"
    "dei" "dalla" "van" "von" "bei" "im" "ob";
}

/// The end of such a street that starts at `at`, its postcode and town included.
pub(super) fn street(words: &[Word], at: usize) -> Option<usize> {
    let known = number_first(words, at).or_else(|| number_last(words, at));
    let (house, sure) = known.or_else(|| named_first(words, at))?;
    let end = door::end(words, house);
    // "Rua 68, quadra 74 lote 23": a street that is a number itself.
    let numbered = known.is_some() && is_sure_street_start(&words[at].lower);
    // "23, Jalan 9/47"
    let housed = || at > 0 && words[at - 1].is_house_number() && words[at].gap <= Gap::Comma;
    let sure = sure || numbered && (end > house || housed());
    let town = known
        .and_then(|_| postcode_and_town(words, end, sure))
        .or_else(|| {
            town_and_postcode(words, end, sure || is_icelandic(&words[at..], at == 0 || words[at].gap >= Gap::Line))
        })
        // "R. Olmusta, 900 - Olmação, São Olmo - SP, 01304-001"
        .or_else(|| (sure || words[at].lower == "r").then(|| later_postcode(words, end)).flatten())
        .or_else(|| known.filter(|_| !sure).and_then(|_| large_city(words, at, house, end)))
        .or_else(|| known.filter(|_| !sure).and_then(|_| settled_town(words, at, house, end)));
    town.or(sure.then_some(end))
}

/// The end of what belongs to a street whose house ends before `house`: the door, the postcode and its town.
pub(super) fn behind_house(words: &[Word], house: usize) -> usize {
    let end = door::end(words, house);
    postcode_and_town(words, end, true).or_else(|| town_and_postcode(words, end, true)).unwrap_or(end)
}

/// "Hlavná 58, Košice", "in Rosenhof 7, Freiburg": a large city behind a name and a number that only a house has, or that a preposition
/// leads to. Scores have a number behind both names.
fn large_city(words: &[Word], at: usize, house: usize, end: usize) -> Option<usize> {
    let city = city::end(words, end)?;
    let name = &words[at..house - 1];
    let number = &words[house - 1];
    let scored = words.get(city).is_some_and(|next| next.gap <= Gap::Comma && next.digits > 0);
    let ordinary = name.iter().any(|word| is_calendar(&word.lower) || is_numbered(&word.lower));
    let year = is_year(&number.lower);
    let led = at > 0 && words[at].gap == Gap::Space && is_preposition(&words[at - 1].lower);
    let own =
        number.letters == 1 || number.digits >= 3 || number.lower.contains('/') || led || !words[at].lower.is_ascii();
    // "San Olmo 845, Córdoba"
    let long = name.iter().any(|word| word.letters >= 4);
    (own && !scored && !ordinary && !year && long).then_some(city)
}

/// "Obala 33, 6320 piran, slovenia": a town in small letters behind a name and a number.
fn settled_town(words: &[Word], at: usize, house: usize, end: usize) -> Option<usize> {
    let ordinary = words[at..house - 1].iter().any(|word| is_calendar(&word.lower) || is_numbered(&word.lower));
    let named = words[at].letters >= 4 && !words[house - 1].hash && !ordinary;
    named.then(|| settled::end(words, end)).flatten().filter(|settled| settled.sure).map(|settled| settled.end)
}

/// "31 rue de la Paix", "24, boulevard Saint-Michel", "3 bis impasse du Moulin".
fn number_first(words: &[Word], at: usize) -> Option<(usize, bool)> {
    if !words[at].is_house_number() {
        return None;
    }
    let at = at + usize::from(is_again(words, at + 1));
    let leads = |start: &Word| {
        is_street_start(&start.lower)
            || matches!(start.lower.as_ref(), "place" | "route" | "passage" | "faubourg" | "cité" | "square")
    };
    let start = words.get(at + 1).filter(|start| start.gap <= Gap::Comma && leads(start))?;
    if start.gap == Gap::Comma && is_never_a_name(&start.lower) {
        return None;
    }
    words.get(at + 2).filter(|name| name.gap == Gap::Space)?;
    // "9383 ul. Chrzanowska 61": some write a number on both sides.
    let number = |end: usize| {
        // "18 chemin du lac, 1009 pully"
        let last = words.get(end + 1).is_none_or(|next| next.gap > Gap::Space || next.capital);
        words.get(end).is_some_and(|word| {
            (word.gap == Gap::Space || word.gap == Gap::Comma && last) && word.is_house_number() && word.digits <= 4
        })
    };
    let end =
        name_end(words, at + 2).or_else(|| settled::named(words, at + 2)).or_else(|| small_french_name(words, at + 1));
    end.map(|end| (end + usize::from(number(end)), true))
}

/// "110 Kontamari, Strovalos 2000", which is one if a town and its postcode follow.
fn named_first(words: &[Word], at: usize) -> Option<(usize, bool)> {
    let house = words.get(at).filter(|house| house.is_house_number() && (2..=4).contains(&house.digits))?;
    let named =
        |word: &Word| word.gap == Gap::Space && word.capital && word.digits == 0 && !is_never_a_name(&word.lower);
    let names = words[at + 1..].iter().take(4).take_while(|word| named(word)).count();
    let counted = names > 0 && !words[at + 1..=at + names].iter().any(|word| is_calendar(&word.lower));
    (counted && house.letters <= 1).then_some((at + 1 + names, false))
}

/// "8 rue de la gare", "3 chemin des vignes": behind a house number these begin nothing but a street, capitals or not.
fn small_french_name(words: &[Word], at: usize) -> Option<usize> {
    let joined = words[at + 1..].iter().take(3).take_while(|word| word.gap == Gap::Space && joins(&word.lower)).count();
    let sure = matches!(
        words[at].lower.as_ref(),
        "rue" | "chemin" | "impasse" | "allée" | "ruelle" | "bd" | "blvd" | "av" | "lotissement" | "quai" | "chaussée"
    );
    // "3 place libre" is a free seat, "3 place de la gare" a square.
    let french = words[at + 1..].iter().take(joined).any(|word| matches!(word.lower.as_ref(), "des" | "du" | "de"));
    let english = words[at + 1..].iter().take(joined).any(|word| word.lower == "of");
    if !sure && !french || english {
        return None;
    }
    let name =
        words.get(at + 1 + joined).filter(|name| name.gap == Gap::Space && name.letters > 2 && name.digits == 0)?;
    // "3 cours du soir", "2 route de nuit", "2 cours de yoga"
    if matches!(words[at].lower.as_ref(), "cours" | "route" | "passage") && french::is_counted_of(&name.lower) {
        return None;
    }
    (!is_never_a_name(&name.lower)
        && !whole::is_said_of_a_street(&name.lower)
        && !matches!(name.lower.as_ref(), "the" | "jesus" | "jésus"))
    .then_some(at + 2 + joined)
}

/// "Musterstraße 12" and "Calle Mayor 12", which are sure, and "Am Markt 3", which a postcode has to follow.
fn number_last(words: &[Word], at: usize) -> Option<(usize, bool)> {
    let first = &words[at];
    // "263-267" and "12/34" are two short ones.
    let short = |word: &Word| word.lower.split(['-', '/']).all(|part| (1..=4).contains(&part.len()));
    let is_house = |word: &Word| {
        word.gap <= Gap::Comma && (word.is_house_number() && (word.digits <= 4 || short(word)) || door::follows(word))
    };
    // "ul. narewska 94": what begins so in small letters is a street all the same.
    if !first.capital && first.letters == 0 {
        return None;
    }
    if cyrillic::is_no_name(&first.lower) {
        return None;
    }
    let italian = is_small_street_start(&first.lower);
    let spanish = is_spanish_street(&first.lower);
    let small = !first.capital;
    let suffixed = || {
        first.capital
            || has_sure_street_suffix(&first.lower)
            || !is_ordinary_way(&first.lower) && small::is_in_town(words, door::end(words, at + 2))
            || has_likely_street_suffix(&first.lower) && small::is_placed(words, at)
    };
    if has_street_suffix(&first.lower) && suffixed() {
        let counted = words.get(at + 2).is_some_and(|word| word.gap == Gap::Space && is_counted(&word.lower))
            || small::measures(words, at + 2)
            || small && small::counts(words, at + 2);
        let house = words.get(at + 1).filter(|word| {
            is_house(word) && !whole::is_clock(words, at + 1) && (first.capital || word.gap == Gap::Space)
        });
        return (house.is_some() && !counted).then_some((at + 2, true));
    }
    if small && !italian && !spanish && !small::begins(words, at) {
        return None;
    }
    let glued = spanish && first.lower.len() > 2;
    // "ул. Ленина, д. 14", "Atatürk Cad. No: 12", "Calle Mayor s/n"
    let house = |end: usize| {
        let house = end + usize::from(is_number_word_at(words, end));
        let none = |word: &Word| {
            word.gap <= Gap::Comma && matches!(word.lower.as_ref(), "s/n" | "snc") && is_street_start(&first.lower)
        };
        words.get(house).is_some_and(|word| is_house(word) || none(word)).then_some(house)
    };
    let end = name_end(words, if small { at + 1 } else { at })
        .and_then(house)
        .filter(|&house| !if small { small::counts(words, house + 1) } else { cyrillic::counts(words, at, house + 1) })
        .or_else(|| glued.then_some(at + 1).and_then(house))
        .or_else(|| {
            let name = small.then(|| small::name_end(words, at + 1)).flatten()?;
            let end = house(name)?;
            (small::is_street(words, at, name, end) && !small::counts(words, end + 1)).then_some(end)
        })?;
    // "Villacher Strasse 89", "Tompa u. 49", "Mushfiki Street 160", "Atatürk Cad. No:12".
    let name = if end > at + 2 && is_number_word(&words[end - 1].lower) { end - 1 } else { end };
    let called = name > at + 2 || !small::is_determiner(&first.lower);
    // "Lols u 1": of one letter it has its full stop.
    let shortened = |word: &Word, next: &Word| word.letters > 1 || next.range.start > word.range.end + 1;
    // "Told u. 12 noon works", "Lisa u. 2 Kinder"
    let told = words[name - 1].lower == "u"
        && !bearing::is_accented(&words[at..name])
        && words.get(end + 1).is_some_and(|next| next.gap == Gap::Space && !is_flat(&next.lower))
        && city::end(words, end + 1).is_none()
        && door::end(words, end + 1) == end + 1;
    let named_behind = name > at + 1
        && is_street_behind(&words[name - 1].lower)
        && !told
        && shortened(&words[name - 1], &words[name])
        && called;
    // "Via Changi 5" may be the way that somebody takes.
    let is_via = first.lower == "via";
    let numbered = || words[at..end].iter().any(|word| is_calendar(&word.lower) || is_numbered(&word.lower));
    let way = is_via && words[end].gap != Gap::Comma && words[end].digits < 2 || is_via && numbered();
    // "AL World 2017": short starts of streets begin other things as well.
    let year = is_year(&words[end].lower) && first.letters <= 3 && !is_sure_street_start(&first.lower);
    let sure = (is_street_start(&first.lower) || small && !italian) && !year && !way && end > at + 1
        || named_behind
        || spanish && (glued || end > at + 1);
    Some((end + 1, sure))
}

/// Whether a line begins with what no other language's letters are in; Iceland's postcodes have three digits.
fn is_icelandic(words: &[Word], begins_line: bool) -> bool {
    let letters = ['ð', 'þ', 'á', 'í', 'ú', 'ý', 'æ', 'ó'];
    begins_line && words.iter().take(5).any(|word| word.lower.contains(letters))
}

/// "Škofije 6281", "UNTERASSLING 9911", "Staré Mesto 569 32": the town before its postcode.
fn town_and_postcode(words: &[Word], at: usize, sure: bool) -> Option<usize> {
    words.get(at).filter(|town| matches!(town.gap, Gap::Comma | Gap::Line) && !is_calendar(&town.lower))?;
    let count = words[at..]
        .iter()
        .enumerate()
        .take(6)
        .take_while(|(offset, word)| {
            (*offset == 0 || word.gap == Gap::Space)
                && (word.capital && !is_never_a_name(&word.lower) || joins(&word.lower))
        })
        .count();
    let at_code = at + count;
    let spaced = |at: usize| words.get(at).filter(|word| word.gap == Gap::Space);
    // "Chrudim 3 537 03": a town's districts are numbered.
    let district = spaced(at_code).is_some_and(|word| word.is_number() && word.digits == 1)
        && spaced(at_code + 1).is_some_and(|word| word.is_number() && word.digits == 3);
    let at = at + usize::from(district);
    let code = words.get(at + count).filter(|code| count > 0 && code.gap == Gap::Space && code.is_number())?;
    let rest = words.get(at + count + 1);
    let closes = rest.is_none_or(|rest| rest.gap >= Gap::Line);
    let lettered =
        rest.is_some_and(|rest| rest.gap == Gap::Space && rest.upper && rest.letters == 2 && rest.digits == 0);
    let year = code.digits == 4 && (code.lower.starts_with("19") || code.lower.starts_with("20"));
    match code.digits {
        // "Assen 9408 DX"
        4 if lettered => Some(at + count + 2),
        4 if !year => Some(at + count + 1),
        5 => Some(at + count + 1),
        // "Selfoss 802", "Porto 4050-262", "Joinville 89209-040"
        3 if closes && sure && !district => Some(at + count + 1),
        7 | 8 if code.lower.as_bytes()[code.digits as usize - 3] == b'-' => Some(at + count + 1),
        3 if rest.is_some_and(|rest| rest.gap == Gap::Space && rest.is_number() && rest.digits == 2) => {
            Some(at + count + 2)
        }
        _ => None,
    }
}

/// The end of the capitalised words from `at` on, with the small words between them.
fn name_end(words: &[Word], at: usize) -> Option<usize> {
    let joined = |(offset, word): &(usize, &Word)| {
        (*offset == 0 || word.gap == Gap::Space)
            && (word.capital && (*offset > 0 || !is_never_a_name(&word.lower) || word.lower == "am")
                || joins(&word.lower)
                || *offset > 0 && is_street_behind(&word.lower))
    };
    let count = words.get(at..)?.iter().enumerate().take(NAME_WORDS).take_while(joined).count();
    let last = (count > 0).then(|| &words[at + count - 1])?;
    (last.capital || is_street_behind(&last.lower) || has_article(&last.lower)).then_some(at + count)
}

/// "l'Étoile", "dell'Orso": a name behind its article.
pub(super) fn has_article(lower: &str) -> bool {
    ["d'", "l'", "dell'", "all'", "d’", "l’", "dell’"].iter().any(|article| lower.starts_with(article))
}

/// Whether it joins the words of a name, or is one behind its article.
pub(super) fn joins(lower: &str) -> bool {
    has_article(lower) || is_joint(lower)
}

/// "C/ Mayor", "C/Mayor": how Spain abbreviates "calle".
pub(super) fn is_spanish_street(lower: &str) -> bool {
    lower == "c/" || lower.len() > 4 && lower.starts_with("c/") && lower != "c/o"
}

/// "D-10115", "CH-8001", "L-1234": a postcode with its country before it.
fn is_prefixed_postcode(code: &Word) -> bool {
    code.lower.split_once('-').is_some_and(|(country, number)| {
        matches!(
            country,
            "d" | "a" | "ch" | "f" | "l" | "b" | "de" | "at" | "fr" | "dk" | "fi" | "lt" | "lv" | "hr" | "si"
        ) && matches!(number.len(), 4 | 5)
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether the word at `at` stands between the name of a street and its number: "Nr.", "д.", "km".
pub(super) fn is_number_word_at(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|word| word.gap <= Gap::Comma && (is_number_word(&word.lower) || is_height(words, at)))
}

/// "Av. Olmientes al 1450": how Argentina says where on a street.
fn is_height(words: &[Word], at: usize) -> bool {
    words[at].lower == "al"
        && words[at].gap == Gap::Space
        && words.get(at + 1).is_some_and(|house| house.gap == Gap::Space && house.is_number() && house.digits >= 3)
}

/// "12 bis", "12 B": whether what follows the number before `at` belongs to it.
pub(super) fn is_again(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|word| {
        matches!(word.lower.as_ref(), "bis" | "ter" | "quater")
            || word.gap == Gap::Space && word.upper && matches!(word.lower.as_ref(), "a" | "b" | "c" | "d" | "e" | "f")
    })
}

/// Where the town begins behind the postcode at `at`, and whether nothing but postcodes has its form:
/// "10115 Berlin", "1015 CJ Amsterdam", "5907JO, Hasselt", "111 43 Stockholm", "13-037 Tarnów".
pub(super) fn postcode_of(words: &[Word], at: usize) -> Option<(usize, bool)> {
    let code = words.get(at).filter(|code| code.gap != Gap::Break && code.digits > 0)?;
    let next = words.get(at + 1).filter(|next| next.gap <= Gap::Line)?;
    let (spaced, number) = (next.gap == Gap::Space, code.is_number());
    let lettered = |word: &Word, town: usize| word.upper || city::end(words, town).is_some();
    match code.digits {
        4 if !number && code.letters == 2 && code.lower.len() == 6 && lettered(code, at + 1) => Some((at + 1, true)),
        4 if number && spaced && next.letters == 2 && next.digits == 0 && lettered(next, at + 2) => {
            Some((at + 2, true))
        }
        3 if number && spaced && next.is_number() && next.digits == 2 => Some((at + 2, true)),
        4 | 5 if (number || is_prefixed_postcode(code)) && spaced => Some((at + 1, code.lower.contains('-'))),
        7 | 8 if number && code.lower.contains('-') && spaced => Some((at + 1, true)),
        _ => None,
    }
}

/// The end of the postcode and town that begin at `at`; behind a street that is `sure` the town may be in small letters.
fn postcode_and_town(words: &[Word], at: usize, sure: bool) -> Option<usize> {
    let (town, distinct) = postcode_of(words, at)?;
    let is_town = |(offset, word): &(usize, &Word)| {
        let near = word.gap == Gap::Space || *offset == 0 && word.gap <= Gap::Line;
        near && (word.capital && !is_never_a_name(&word.lower) || *offset > 0 && joins(&word.lower))
    };
    let names: Vec<&Word> =
        words.get(town..)?.iter().enumerate().take(6).take_while(is_town).map(|(_, word)| word).collect();
    let count = names.iter().rposition(|word| word.capital).map_or(0, |last| last + 1);
    if count > 0 {
        return Some(town + count);
    }
    let small = words.get(town).filter(|first| {
        let name = first.gap == Gap::Space && first.letters >= 3 && first.digits == 0;
        name && !is_never_a_name(&first.lower) && !is_counted(&first.lower)
    })?;
    let code = &words[at];
    let closed = distinct || code.digits == 5 && code.gap == Gap::Comma && small.letters >= 4;
    (sure && closed).then(|| city::end(words, town).unwrap_or(town + 1))
}

/// "Consolação, São Paulo - SP, 01305-000": districts and towns before a postcode that has one form.
fn later_postcode(words: &[Word], at: usize) -> Option<usize> {
    /// In words.
    const REACH: usize = 10;
    let mut lines = 0;
    for here in at..words.len().min(at + REACH) {
        let word = &words[here];
        lines += usize::from(word.gap == Gap::Line);
        if word.gap == Gap::Break || lines > 3 {
            return None;
        }
        if word.is_number()
            && matches!(word.digits, 7 | 8)
            && word.lower.as_bytes().get(word.digits as usize - 3) == Some(&b'-')
        {
            return postcode_and_town(words, here, false).or(Some(here + 1));
        }
        if !word.capital && word.digits == 0 && !joins(&word.lower) {
            return None;
        }
    }
    None
}
