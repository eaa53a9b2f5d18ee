//! Streets without a word for one, where people of some countries say that they live, come or have something brought: "μένω Φτελιάς 114",
//! "venite a Olmiti 4850", "mieszkam Wiązowska 112/4".

use super::super::numbers::is_year;
use super::announced::{is_counted, is_numbered};
use super::brought::ends;
use super::continental::joins;
use super::small;
use super::word::{Gap, Word};
use super::words::*;
use super::{city, continental, inflected};
use crate::word_set::word_set;

word_set! {
    /// Words behind which Polish, Greek, Czech and Russian name the street without a preposition.
    is_bare_call:
    "mieszkam" "mieszka" "mieszkamy" "mieszkają" "bydlím" "bydlíme" "μένω" "μένει" "μένουμε" "μένουν" "έλα" "ελάτε" "διεύθυνση" "живу" "живет" "живёт";

    /// What leads in Argentina and Spain to a street without its word, behind its preposition.
    is_spanish_call:
    "venite" "vení" "veni" "vivo" "vivimos" "vive" "dire";

    /// What is numbered, or how somebody lives.
    is_no_street: "razem" "sam" "sama" "sami" "blok" "tutaj" "teraz" "piętro" "ruta" "página" "pagina" "nivel" "misión" "mision" "capítulo" "capitulo" "puente" "temporada" "fase" "sala" "canal" "código" "codigo" "peaje" "autopista" "puerta" "lote" "casa" "oficina" "habitación" "habitacion" "hotel" "edificio" "clase" "mesa" "parada" "vuelo" "caja" "aula" "depto"
    "misiones" "soporte" "estación" "estacion" "terminal" "turno" "fila" "butaca" "andén" "anden";

    /// What follows a house, which is no count of it.
    is_spanish_onward: "y" "e" "esquina" "entre" "casi" "piso" "depto" "dpto" "dto" "timbre" "a" "en" "al" "frente" "cerca" "porfa" "tipo" "pls";

    is_spanish_place: "a" "en" "es" "sobre";
}

/// The end of such a street that begins at `at`, behind another word.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    bare(words, at).or_else(|| spanish(words, at))
}

/// "mieszkam Piotrkowska 112/4", "έλα Ακαδημίας 60": a capitalised name and a number of two digits.
fn bare(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    if !first.capital || first.gap != Gap::Space || first.letters < 4 || !is_bare_call(&words[at - 1].lower) {
        return None;
    }
    let house = at + names(words, at, 3)?;
    let last = &words[house - 1].lower;
    // Greek streets are called after somebody or something: "Δευτέρα 12" is a day, "Γιάννη" is spoken to.
    let owned = last.is_ascii()
        || !last.starts_with(is_greek)
        || ["ς", "ων", "ών", "ου", "ού"].iter().any(|ending| last.ends_with(ending));
    if !owned || is_no_street(&first.lower) || inflected::is_no_street(last) || city::is_city(last) {
        return None;
    }
    let number = words.get(house).filter(|number| number.gap == Gap::Space && number.is_house_number())?;
    let short = number.digits <= 3 || number.lower.contains('/');
    let plain = ends(words, house + 1) || !small::counts(words, house + 1);
    (short && !number.hash && !is_year(&number.lower) && plain).then(|| continental::behind_house(words, house + 1))
}

fn is_greek(character: char) -> bool {
    matches!(character, '\u{370}'..='\u{3ff}')
}

/// "venite a Olmiti 4850", "mi dire es Belgrano 845": a capitalised name and a number of three digits, of which nothing is counted.
fn spanish(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    if !first.capital || first.gap != Gap::Space || !is_spanish_place(&words[at - 1].lower) {
        return None;
    }
    let call = words[at.checked_sub(2)?].lower.as_ref();
    // "dire" is short for "dirección" where it is somebody's.
    let called = if call == "dire" {
        at >= 3 && matches!(words[at - 3].lower.as_ref(), "mi" | "tu" | "la" | "su")
    } else {
        is_spanish_call(call)
    };
    if !called {
        return None;
    }
    let house = at + names(words, at, 4).filter(|_| !is_no_street(&first.lower))?;
    let number = words
        .get(house)
        .filter(|number| number.gap == Gap::Space && number.is_number() && (3..=5).contains(&number.digits))?;
    // "vení a Retiro 1730"
    let hour = number.digits == 4 && number.lower.parse().is_ok_and(|time: u32| time / 100 < 24 && time % 100 < 60);
    let plain =
        !number.is_joined() && !number.hash && !is_year(&number.lower) && !number.lower.ends_with("00") && !hour;
    let counted = words.get(house + 1).is_some_and(|next| {
        next.gap == Gap::Space && next.digits == 0 && !next.capital && !is_spanish_onward(&next.lower)
    });
    (plain && !counted).then(|| continental::behind_house(words, house + 1))
}

/// How many words from `at` on, the first and the last of them capitalised, are the name of a street that no number follows for another reason.
pub(super) fn names(words: &[Word], at: usize, most: usize) -> Option<usize> {
    let is_name = |(offset, word): &(usize, &Word)| {
        (*offset == 0 || word.gap == Gap::Space)
            && word.digits == 0
            && (word.capital && !is_never_a_name(&word.lower) || *offset > 0 && joins(&word.lower))
    };
    let count = words[at..].iter().enumerate().take(most).take_while(is_name).count();
    let named = &words[at..at + count];
    let ordinary = named.iter().any(|word| {
        is_numbered(&word.lower) || is_calendar(&word.lower) || is_counted(&word.lower) || is_flat(&word.lower)
    });
    (named.last()?.capital && !ordinary).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn streets_without_a_word_are_led_to() {
        for (text, address) in [
            ("mieszkam Wiązowska 112/4", "Wiązowska 112/4"),
            ("μένω Φτελιάς 114", "Φτελιάς 114"),
            ("έλα Φτελιάς 60 στον τέταρτο", "Φτελιάς 60"),
            ("mi dire es Olmarino 845, Mendoza", "Olmarino 845, Mendoza"),
            ("vivo en Olmildo 2280 y juramento", "Olmildo 2280"),
            ("venite a Olmiti 4850", "Olmiti 4850"),
            ("μένω Φτελιάς 88 τρίτο", "Φτελιάς 88"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn other_numbers_behind_names_stay() {
        for text in [
            "mieszkam Sama 12 lat",
            "μένω Μόνος 10 χρόνια",
            "estoy en Olmia 3000 pesos menos",
            "nos vemos en Olmia 2026",
            "mandalo a Olmo 1500",
            "vení a Olmiro 1730",
            "venite a Casa 213",
            "estoy en Windows 10",
            "pasa por Ruta 205",
            "nos vemos en Vuelo 1234",
            "estoy en Mesa 120",
            "mieszkam Sama 24",
            "έλα Δευτέρα 12",
            "dire Straits 198",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
