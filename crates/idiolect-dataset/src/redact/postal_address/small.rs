//! Streets in small letters, where no capital tells a name: "rua das flores, 146", "avenue de la gare 5", "gül sokak 6",
//! "mickiewicza 81, 60-834 poznań".

use super::city;
use super::continental::{self, is_number_word_at, joins, postcode_of};
use super::town::goes_on;
use super::word::{Gap, Word};
use super::words::*;
use crate::word_set::word_set;

/// The longest name of a street, in words.
const NAME_WORDS: usize = 4;

word_set! {
    /// Beginnings of streets that are written small before a capitalised name or a name behind its article.
    is_led_start:
    "av" "avenue" "avenida" "boulevard" "boul" "bd" "bld" "blvd" "plaza" "paseo" "ronda" "carrer" "quai" "cours" "allée" "chaussée" "square"
    "passage" "sentier" "lotissement" "résidence" "str" "strada" "bulevardul" "calea" "șoseaua" "soseaua" "aleea" "jl" "gang" "lorong"
    "trg" "nám" "náměstí" "námestie" "třída" "trieda" "tř" "ulice" "cesta" "largo" "praceta" "beco" "rotunda" "travesía" "camino"
    "pasaje" "pje" "jirón" "jr" "cerrada" "privada" "callejón" "prolongación" "cl" "cll" "rambla" "bulevar" "leoforos" "leof" "rehov" "đường"
    "phố" "ngõ" "hẻm";

    /// Words behind the name of a street that mean nothing else.
    is_sure_street_behind:
    "strasse" "straße" "gasse" "sokak" "sokağı" "sok" "cad" "caddesi" "bulvarı" "utca" "utcája" "körút" "körútja" "iela" "gatvė" "tänav" "puiestee"
    "ulice" "gatan" "vägen" "katu" "straat" "gracht" "allé";
}

/// The end of the name in small letters from `at` on, where its house number stands; `start` is the word before it.
pub(super) fn name_end(words: &[Word], start: &Word, at: usize) -> Option<usize> {
    let is_part = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && (joins(&word.lower) || !is_never_a_name(&word.lower))
            && !is_number_word(&word.lower)
    };
    let count = words.get(at..)?.iter().take(NAME_WORDS).take_while(is_part).count();
    let named = &words[at..at + count];
    let led =
        is_sure_street_start(&start.lower) || named.first().is_some_and(|first| first.capital || joins(&first.lower));
    (led && named.last().is_some_and(|last| last.letters >= 2 && !joins(&last.lower))).then_some(at + count)
}

/// Whether a street may begin with `lower`, which is in small letters.
pub(super) fn may_begin(lower: &str) -> bool {
    is_sure_street_start(lower) || is_led_start(lower)
}

/// Whether a postcode may follow the word at `at` and the number behind it.
pub(super) fn may_be_coded(words: &[Word], at: usize) -> bool {
    words.get(at + 2).is_some_and(|code| code.gap == Gap::Comma && code.digits > 0)
}

/// Whether the word at `at`, which is small, begins a street: by what it is, or by the name behind it.
pub(super) fn begins(words: &[Word], at: usize) -> bool {
    let lower = words[at].lower.as_ref();
    is_sure_street_start(lower) || is_led_start(lower) && is_led(words, at + 1)
}

fn is_led(words: &[Word], at: usize) -> bool {
    words
        .get(at)
        .filter(|name| name.gap == Gap::Space && name.digits == 0)
        .is_some_and(|name| joins(&name.lower) || name.capital && !is_never_a_name(&name.lower))
}

/// Whether the number before `at` counts what follows it: "calle tiene 5 casas", "rua cheia, 33 pessoas".
pub(super) fn counts(words: &[Word], at: usize) -> bool {
    let few = words[at - 1].digits <= 2;
    few && words.get(at).is_some_and(|next| {
        next.gap == Gap::Space
            && !next.capital
            && next.digits == 0
            && next.letters >= 4
            && !goes_on(&next.lower)
            && !is_flat(&next.lower)
            && !super::door::is_labelled(&next.lower)
            && city::end(words, at).is_none()
    })
}

/// "gül sokak 6", "atatürk cad. no: 131", "währinger straße 5": the name before the word for a street at `at`, and the house's end.
pub(super) fn named_before(words: &[Word], at: usize) -> Option<(usize, usize)> {
    let behind = &words[at];
    if behind.gap != Gap::Space || !is_sure_street_behind(&behind.lower) {
        return None;
    }
    let name = at.checked_sub(1).map(|name| &words[name])?;
    let numbered = name.is_number() && (3..=4).contains(&name.digits);
    let named = name.digits == 0 && name.letters >= 2 && !is_never_a_name(&name.lower) && !joins(&name.lower);
    let house = at + 1 + usize::from(is_number_word_at(words, at + 1));
    let is_house =
        words.get(house).is_some_and(|word| word.gap == Gap::Space && word.is_house_number() && word.digits <= 4);
    ((named || numbered) && is_house && !counts(words, house + 1))
        .then(|| (at - 1, continental::behind_house(words, house + 1)))
}

/// "mickiewicza 81, 60-834 poznań": a word and a number are a street where a postcode of one form, or of five digits with a large
/// city, follows their comma.
pub(super) fn before_postcode(words: &[Word], at: usize) -> Option<usize> {
    let name = &words[at];
    let [house, code] = [words.get(at + 1)?, words.get(at + 2)?];
    let named = name.digits == 0 && name.letters >= 4 && !is_never_a_name(&name.lower) && !is_calendar(&name.lower);
    if !named || house.gap != Gap::Space || code.gap != Gap::Comma || !house.is_house_number() || house.digits > 4 {
        return None;
    }
    let (town, distinct) = postcode_of(words, at + 2)?;
    let first = words.get(town).filter(|first| first.gap == Gap::Space && first.letters >= 3 && first.digits == 0)?;
    let city = city::end(words, town);
    if distinct && !is_never_a_name(&first.lower) { city.or(Some(town + 1)) } else { city }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn streets_need_no_capitals() {
        for (text, address) in [
            ("moro na rua das olmeiras, 146", "rua das olmeiras, 146"),
            ("vivo en calle san olmo 184", "calle san olmo 184"),
            ("im at avenue de la gare 56 now", "avenue de la gare 56"),
            ("paseo de Olmos 7", "paseo de Olmos 7"),
            ("carrer de l'om nº 96, 8º izq, 08008 barcelona", "carrer de l'om nº 96, 8º izq, 08008 barcelona"),
            ("gül sokak 6", "gül sokak 6"),
            ("gül cad. no: 131 d: 12", "gül cad. no: 131 d: 12"),
            ("treffen wir uns ulmer straße 178/5?", "ulmer straße 178/5"),
            ("ich wohne in der ulmenweg 139", "ulmenweg 139"),
            ("ulmenstr. 60, d-50667 köln", "ulmenstr. 60, d-50667 köln"),
            ("wiązowa 81, 60-834 poznań", "wiązowa 81, 60-834 poznań"),
            ("olmeinde 42, 1016 gv amsterdam ok", "olmeinde 42, 1016 gv amsterdam"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn ordinary_words_stay() {
        for text in [
            "la calle tiene 5 casas",
            "rua cheia, 33 pessoas",
            "the avenue opens 9",
            "heimweg 10",
            "eine dekade 20",
            "via zoom 12",
            "sokak kedisi 5",
            "paid 12, 10439 left",
            "bought 12, 10 20 30",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
