//! What stands behind the house and its door, where other languages have more parts than a town: quarters ("Fracc. La Joya", "RT 03/RW 07"),
//! floors ("3r 2a", "r/c"), crossings and blocks ("2nd Cross"), the street that a street is off.

use super::continental::joins;
use super::door;
use super::dutch;
use super::estate;
use super::locality;
use super::singapore;
use super::tail;
use super::word::{Gap, Word};
use super::words::*;
use crate::word_set::word_set;

/// The most such parts of one address.
const PARTS: usize = 5;

word_set! {
    /// What stands before the name of a quarter.
    is_quarter: "fracc" "fraccionamiento" "col" "colonia" "barrio" "urb" "urbanización" "brgy" "barangay" "kec" "kel" "kelurahan" "kecamatan" "desa" "setor" "residencial" "unidad" "delegación";

    /// What Indian quarters number behind a rank.
    is_ranked: "cross" "main" "block" "stage" "phase" "sector" "lane" "road" "floor";

    /// What is numbered on a plot.
    is_hall: "galpão" "galpao" "galpón" "nave" "parcela" "hangar" "bodega" "kav" "kavling" "lote" "lt" "quadra" "conjunto";
}

/// The end of the address that begins at `first` and ends before `at`, with such parts behind it.
pub(super) fn behind(words: &[Word], first: usize, at: usize) -> usize {
    let mut end = at;
    for _ in 0..PARTS {
        let Some(next) = words.get(end).filter(|next| next.gap <= Gap::Line) else { break };
        // "RT" and "Fracc" alone look like a town.
        if let Some(label) =
            end.checked_sub(1).filter(|&label| label > at.saturating_sub(2) && words[label].gap == Gap::Comma)
            && let Some(part) = neighbours(words, label).or_else(|| quarter(words, label))
            && part > end
        {
            end = tail::grown(words, part);
            continue;
        }
        let door = || Some(door::end(words, end)).filter(|&door| door > end && words[end - 1].digits > 0);
        let part = floor(words, end)
            .or_else(|| neighbours(words, end))
            .or_else(|| numbered(words, end))
            .or_else(|| quarter(words, end))
            .or_else(|| off(words, end))
            .or_else(|| turkish(words, first, end))
            .or_else(|| dutch::behind(words, first, end))
            .or_else(|| singapore::behind(words, first, end))
            .or_else(|| centre(words, end))
            .or_else(|| Some(estate::cedex(words, end)).filter(|&cedex| cedex > end && next.gap == Gap::Space))
            .or_else(door);
        let Some(part) = part else { break };
        end = tail::grown(words, part);
    }
    end
}

/// "3r 2a", "4t 1a": Catalan floors and doors; "r/c": Portugal's ground floor.
fn floor(words: &[Word], at: usize) -> Option<usize> {
    let floor = &words[at];
    if floor.lower == "r/c" && floor.gap <= Gap::Comma {
        return Some(at + 1);
    }
    let rank = |word: &Word, ranks: &[&str]| {
        (1..=2).contains(&word.digits)
            && ranks
                .iter()
                .any(|rank| word.lower.len() == word.digits as usize + rank.len() && word.lower.ends_with(rank))
    };
    let door = words.get(at + 1).is_some_and(|door| door.gap == Gap::Space && rank(door, &["a", "ª"]));
    (floor.gap <= Gap::Comma && rank(floor, &["r", "n", "t", "è", "é"]) && door).then_some(at + 2)
}

/// "RT 03/RW 07", "RT 5 RW 3": Indonesia's neighbours.
fn neighbours(words: &[Word], at: usize) -> Option<usize> {
    let number =
        words.get(at + 1).filter(|number| words[at].lower == "rt" && number.gap == Gap::Space && number.digits > 0)?;
    if number.lower.ends_with("/rw") {
        return words.get(at + 2).filter(|number| number.is_number()).map(|_| at + 3);
    }
    let joined = words.get(at + 2).is_some_and(|rw| rw.gap <= Gap::Comma && rw.lower == "rw");
    (joined && words.get(at + 3).is_some_and(Word::is_number)).then_some(at + 4)
}

/// ", 2nd Cross", ", galpão 4", "Kav 52".
fn numbered(words: &[Word], at: usize) -> Option<usize> {
    let [label, number] = words.get(at..at + 2)? else { return None };
    if label.gap > Gap::Comma || number.gap != Gap::Space {
        return None;
    }
    let ranked = label.gap == Gap::Comma && label.is_ordinal() && is_ranked(&number.lower);
    let hall = is_hall(&label.lower) && (1..=4).contains(&number.digits) && number.letters <= 1;
    (ranked || hall).then_some(at + 2)
}

/// ", Col. Olmero", ", Fracc. Los Olmos", ", col. el olmador".
fn quarter(words: &[Word], at: usize) -> Option<usize> {
    let label = words.get(at).filter(|label| label.gap == Gap::Comma && is_quarter(&label.lower))?;
    let is_name = |word: &&Word| word.gap == Gap::Space && word.digits == 0 && (word.capital || joins(&word.lower));
    let named = words[at + 1..].iter().take(5).take_while(is_name);
    let named = named.clone().enumerate().filter(|(_, word)| word.capital).last().map_or(0, |(last, _)| last + 1);
    // In small letters as far as the clause goes.
    let is_small = |word: &&Word| {
        word.gap == Gap::Space && word.digits == 0 && (joins(&word.lower) || !is_never_a_name(&word.lower))
    };
    let small = words[at + 1..].iter().take(4).take_while(is_small).count();
    let closed = words.get(at + 1 + small).is_none_or(|next| next.gap >= Gap::Comma);
    match (named, small) {
        (1.., _) => Some(at + 1 + named),
        (0, 1..=3) if closed && !label.capital => Some(at + 1 + small),
        _ => None,
    }
}

/// "rua olmeira 45 centro", "calle olmedo 56 col olmero", "78 elm st brgy olmacion": a quarter without its comma.
fn centre(words: &[Word], at: usize) -> Option<usize> {
    let label = words.get(at).filter(|label| label.gap == Gap::Space)?;
    let housed = words[at - 1].digits > 0;
    if label.lower == "centro" {
        return housed.then_some(at + 1);
    }
    let philippine = matches!(label.lower.as_ref(), "brgy" | "barangay");
    if !(philippine || housed && matches!(label.lower.as_ref(), "col" | "colonia" | "fracc" | "bairro" | "barrio")) {
        return None;
    }
    let is_name = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && !is_never_a_name(&word.lower)
            && (word.lower == "centro" || locality::may_be_town(word))
    };
    let count = words[at + 1..].iter().take(2).take_while(is_name).count();
    (count > 0).then_some(at + 1 + count)
}

/// ", off Elm Avenue"
fn off(words: &[Word], at: usize) -> Option<usize> {
    words.get(at).filter(|off| off.gap == Gap::Comma && off.lower == "off")?;
    let is_name = |word: &&Word| word.gap == Gap::Space && word.capital && word.digits == 0;
    let count = words[at + 1..].iter().take(4).take_while(is_name).count();
    (count > 1 && words[at + count].is_street_word()).then_some(at + 1 + count)
}

/// "Gül Sokak 12/3 Çankaya Ankara": a district and its city behind a Turkish street.
fn turkish(words: &[Word], first: usize, at: usize) -> Option<usize> {
    let street = |word: &Word| {
        matches!(word.lower.as_ref(), "sokak" | "sokağı" | "sok" | "sk" | "caddesi" | "cad" | "cd" | "bulvarı" | "mah")
    };
    if words[at].gap != Gap::Space || !words[at].capital || !words[first..at].iter().any(street) {
        return None;
    }
    let is_name = |word: &&Word| word.gap == Gap::Space && word.capital && word.digits == 0 && word.letters > 2;
    let count = words[at..].iter().take(3).take_while(is_name).count();
    let closed = words.get(at + count).is_none_or(|next| next.gap >= Gap::Comma);
    ((1..=2).contains(&count) && closed).then_some(at + count)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn more_parts_belong_to_an_address() {
        for text in [
            "Privada Olmos 12, Fracc. La Olma, Puebla 72160",
            "Cerrada de Olmal #18, Fracc. Los Olmos",
            "Calle 5 de Mayo 118, Barrio San Olmo, León",
            "carrer Olmau 155, 3r 2a",
            "Av. 25 de Abril, 14 r/c",
            "Jl. Olmati No. 14, RT 03/RW 07, Olmok",
            "Jalan Olmirman Kav 52, RT 5/RW 3, Olmayan",
            "Gül Sokak 12/3 Çankaya Ankara",
            "No 7 Elmola Street, off Elmen Avenue, Elmeja",
            "BP 70023, 31000 Ormeville Cedex 6",
        ] {
            assert_eq!(found(text), [text], "{text:?}");
        }
    }

    #[test]
    fn sentences_behind_an_address_stay() {
        for (text, address) in [
            ("12 Elm Street, off to bed", "12 Elm Street"),
            ("12 Elm Street, 2nd bell", "12 Elm Street"),
            ("12 Elm Street, col was there", "12 Elm Street"),
            ("12 Elm Street, 1st time here", "12 Elm Street"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn quarters_and_floors_follow_without_a_comma() {
        for (text, address) in [
            ("moro na rua das olmeiras 45 centro", "rua das olmeiras 45 centro"),
            ("la fiesta es en calle olmedo 56 col centro llega", "calle olmedo 56 col centro"),
            ("Mi depto es Av. Santa Olma 3120 4°B, CABA", "Av. Santa Olma 3120 4°B, CABA"),
            ("El cumple es en San Olmo 845, Córdoba", "San Olmo 845, Córdoba"),
            ("Av. Olmiranga, 344 - 5º andar", "Av. Olmiranga, 344 - 5º andar"),
            ("come to 415 E. 71st Street, 4B, buzz", "415 E. 71st Street, 4B"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }
}
