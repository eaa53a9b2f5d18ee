//! What belongs to a Dutch or German street beside the word that bears its ending: "Jan van der Olmstraat 7", "lange olmstraat 4",
//! "Witte de Olmstraat 19", "olmweg 7 1234 ab olmdorp", "Olmgracht 48 hs".

use super::announced::is_living;
use super::settled::is_hour;
use super::word::{Gap, Word};
use super::words::*;
use crate::word_set::word_set;

/// The most words before the one with the ending.
const NAME_WORDS: usize = 4;

/// Endings of such words in Dutch.
const DUTCH_ENDINGS: [&str; 14] = [
    "straat",
    "laan",
    "plein",
    "gracht",
    "kade",
    "singel",
    "steeg",
    "dreef",
    "dijk",
    "steenweg",
    "lei",
    "plantsoen",
    "straatje",
    "weg",
];

/// In German and the languages of the north, which write names in one word and "Danke" with a capital.
const OTHER_ENDINGS: [&str; 6] = ["straße", "strasse", "str", "gatan", "vägen", "gade"];

word_set! {
    /// What the name of a street begins with in small letters as well: sizes, ages, ranks and titles.
    is_first:
    "lange" "korte" "oude" "nieuwe" "grote" "kleine" "hoge" "lage" "brede" "eerste" "tweede" "derde" "vierde" "1e" "2e" "3e" "westelijke" "oostelijke" "noordelijke" "zuidelijke" "verlengde" "sint" "st" "dr" "prof"
    "ir" "mr" "ds" "burg" "burgemeester" "pastoor" "pater" "koningin" "koning" "prins" "prinses" "keizer" "graaf" "admiraal" "generaal" "kapitein" "president" "minister"
    "groot" "klein" "alte" "neue" "große" "grosse" "obere" "untere" "hohe" "breite" "kurze" "vordere" "hintere"
    "norra" "södra" "östra" "västra" "stora" "lilla" "gamla" "nya" "gammel" "store" "lille" "vestre" "østre" "nordre" "søndre";

    /// First names, which are of people who are spoken to unless a particle or a rank is beside them.
    is_first_name:
    "jan" "pieter" "piet" "willem" "hugo" "johan" "frans" "jacob" "albert" "witte" "anna" "maria" "karel" "frederik" "hendrik" "maurits" "bernard";

    /// Small words between two of a name, or with which a name begins.
    is_particle: "van" "von" "der" "den" "de" "het" "ter" "ten" "te" "'t" "t";

    /// What leads to a street and is capitalised where a sentence begins with it.
    is_no_first:
    "kom" "komt" "bel" "naar" "op" "bij" "adres" "woon" "woont" "wonen" "sta" "staat" "het" "is" "ik" "we" "wij" "feestje" "feest" "stuur" "breng" "mijn" "hier" "nu" "straks" "hoi" "hey" "oh" "ja" "nee" "ben" "zit" "zie"
    "vanaf" "tot" "aan" "achter" "voor" "tegenover" "naast" "hoek" "pakket" "pakketje" "huis" "treffen" "treff" "komm" "kommt" "wohne" "adresse" "bin" "sind" "wir" "ich" "und" "oder" "im" "am" "zur" "zum" "auf" "vid"
    "bor" "adress" "adressen" "kl" "en" "of" "maar" "dus" "die" "das" "dem" "in" "an" "der" "den" "de" "neben" "gegenüber" "hinter" "vor" "bei";

    /// Two letters that are a word rather than the end of a postcode.
    is_word: "om" "en" "in" "is" "op" "ik" "je" "we" "ze" "af" "al" "er" "of" "te" "tm" "ga" "me" "nu" "zo" "ja" "als" "pm" "am" "hs" "ok" "de" "uw" "wo" "ma" "di" "do" "vr" "za" "km" "cm" "kg" "cu" "eu" "ff" "ex";
}

fn has_ending(word: &Word, endings: &[&str]) -> bool {
    word.letters >= 6 && word.digits == 0 && endings.iter().any(|ending| word.lower.ends_with(ending))
}

fn is_street(word: &Word) -> bool {
    has_ending(word, &DUTCH_ENDINGS) || has_ending(word, &OTHER_ENDINGS)
}

/// The first word of the street whose word with the ending is at `first`, a number behind it.
pub(super) fn before(words: &[Word], first: usize) -> usize {
    let street = &words[first];
    if first == 0 || street.gap != Gap::Space || !is_street(street) {
        return first;
    }
    let dutch = has_ending(street, &DUTCH_ENDINGS);
    let named = |at: usize| {
        let word = &words[at];
        let short = |word: &Word| matches!(word.lower.as_ref(), "dr" | "st" | "prof" | "burg" | "mr" | "ds" | "ir");
        let joined = words[at + 1].gap == Gap::Space || short(word);
        // "Vanavond Kerkstraat 5", "hey jan kerkstraat 12"
        let parted = words[at + 1..first].iter().any(|word| is_particle(&word.lower));
        let ranked = || at > 0 && word.gap == Gap::Space && is_first(&words[at - 1].lower);
        let first_name = is_first_name(&word.lower) && (parted || ranked());
        let capital = dutch
            && parted
            && word.capital
            && word.digits == 0
            && word.letters >= 2
            && !is_never_a_name(&word.lower)
            && !is_calendar(&word.lower)
            && !is_no_first(&word.lower)
            && !is_living(&word.lower);
        joined && (capital || first_name || is_first(&word.lower))
    };
    let (mut start, mut here) = (first, first);
    while here > 0 && first - here < NAME_WORDS && words[here].gap == Gap::Space {
        here -= 1;
        if named(here) {
            start = here;
        } else if !is_particle(&words[here].lower) {
            break;
        }
    }
    // "van Olmestraat", "van der Olmstraat", but "op de Olmstraat" and "de Jan Olmstraat".
    let van = |at: usize| matches!(words[at].lower.as_ref(), "van" | "ter" | "ten" | "'t");
    let led = (1..=2).find(|&back| {
        start >= back
            && van(start - back)
            && words[start].gap == Gap::Space
            && words[start - back + 1].gap == Gap::Space
    });
    match led {
        Some(1) => start - 1,
        Some(2) if matches!(words[start - 1].lower.as_ref(), "der" | "den") && start == first => start - 2,
        _ => start,
    }
}

/// The end of the postcode and its town, or of the ground floor, behind the house of such a street that ends before `at`.
pub(super) fn behind(words: &[Word], first: usize, at: usize) -> Option<usize> {
    let code = words.get(at).filter(|code| code.gap <= Gap::Comma && words[at - 1].digits > 0)?;
    if !words[first..at].iter().any(is_street) {
        return None;
    }
    if code.gap == Gap::Space && code.lower == "hs" {
        return Some(at + 1);
    }
    // "1234 ab olmdorp", "1234ab olmdorp"
    let glued = code.digits == 4 && code.letters == 2 && code.lower.len() == 6 && code.is_house_number();
    let letters = || {
        words.get(at + 1).is_some_and(|letters| {
            letters.gap == Gap::Space && letters.letters == 2 && letters.digits == 0 && !is_word(&letters.lower)
        })
    };
    let end = if glued { at + 1 } else { at + 2 };
    if !(glued || code.is_number() && code.digits == 4 && letters()) {
        return None;
    }
    let town = words.get(end).is_some_and(|town| {
        town.gap == Gap::Space && town.digits == 0 && town.letters >= 4 && !is_never_a_name(&town.lower)
    });
    // "2030 xx" may be a time with something short behind it.
    (glued || town || !is_hour(&code.lower)).then_some(end + usize::from(town))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn streets_begin_with_the_first_word_of_their_name() {
        for (text, address) in [
            ("Kom naar Jan van der Olmstraat 7", "Jan van der Olmstraat 7"),
            ("kom maar naar Lange Olmekensstraat 88", "Lange Olmekensstraat 88"),
            ("Kom naar Witte de Olmstraat 19 vanavond", "Witte de Olmstraat 19"),
            ("m'n adres is van olmestraat 33, amsterdam", "van olmestraat 33, amsterdam"),
            ("mijn adres is van der olmstraat 5", "van der olmstraat 5"),
            ("sta bij eerste jan olmstraat 88-3", "eerste jan olmstraat 88-3"),
            ("We wonen aan de Burgemeester van Olmsingel 20", "Burgemeester van Olmsingel 20"),
            ("Het is Sint Olmstraat 9", "Sint Olmstraat 9"),
            ("Prof. van der Olmslaan 3", "Prof. van der Olmslaan 3"),
            ("Alte Ulmstraße 5", "Alte Ulmstraße 5"),
            ("pakje naar olmenweg 9 1234 ab olmerend aub", "olmenweg 9 1234 ab olmerend"),
            ("Ik woon op de Olmengracht 482 hs tegenwoordig", "Olmengracht 482 hs"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn what_leads_to_a_street_stays() {
        for (text, address) in [
            ("Kom Olmstraat 7", "Olmstraat 7"),
            ("Pizza Ulmenstraße 12", "Ulmenstraße 12"),
            ("Danke Ulmenstraße 3", "Ulmenstraße 3"),
            ("Morgen Abend Ulmenstraße 12", "Ulmenstraße 12"),
            ("Hi Anna Ulmenstraße 12", "Ulmenstraße 12"),
            ("Tack Almgatan 5", "Almgatan 5"),
            ("Vanavond Olmstraat 5", "Olmstraat 5"),
            ("Bel Piet Olmstraat 12", "Olmstraat 12"),
            ("hey jan olmstraat 12", "olmstraat 12"),
            ("olmstraat 12 2030 cu", "olmstraat 12"),
            ("olmstraat 12 1500 eu per maand", "olmstraat 12"),
            ("olmstraat 12 1930 ff bellen", "olmstraat 12"),
            ("olmstraat 12 1800 ex btw", "olmstraat 12"),
            ("Woon op de Olmstraat 7", "Olmstraat 7"),
            ("Het is in de Olmstraat 7", "Olmstraat 7"),
            ("ik woon Olmstraat 7 en jij", "Olmstraat 7"),
            ("hoek van de Olmstraat 7", "Olmstraat 7"),
            ("ben op Olmstraat 7 1830 in de ochtend", "Olmstraat 7"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }
}
