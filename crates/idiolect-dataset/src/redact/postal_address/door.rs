//! What leads from a house to a door: stairs, floors, flats and boxes as Europe, Turkey and Latin America write them.

use super::continental;
use super::word::{Gap, Word};
use crate::word_set::word_set;

/// The most parts that lead to one door: block, stair, floor, flat.
const PARTS: usize = 5;

word_set! {
    /// What a number or a letter follows, right behind a house.
    is_labelled:
    "bte" "boîte" "bus" "esc" "escalera" "int" "dpto" "depto" "dto" "local" "casa" "torre" "bloco" "bloque" "cj" "sala" "lote" "quadra" "qd" "ap"
    "apto" "bl" "sc" "et" "m" "mieszkanie" "lok" "lgh" "as" "kat" "daire" "d" "top" "tür" "stiege" "bât" "bâtiment" "appt" "porte" "étage"
    "escalier" "portal" "puerta" "pta" "piso" "andar" "interno" "scala" "palazzina" "wohnung" "whg" "byt" "torreon" "edif" "edificio"
    "manzana" "mz" "lt" "rt" "rw" "app" "bureau" "blok" "oficina" "of";

    /// Behind a floor's number, the side of the stairs, or what says that it is a floor.
    is_side: "tv" "th" "mf" "sal" "og" "stock" "etage" "krs" "kerros" "stk" "piętro" "emelet" "em";

    /// Behind a floor's "º".
    is_spanish_side: "izq" "izda" "dcha" "andar" "piso" "planta" "der" "dto" "esq" "drt" "dir" "frente" "ext" "int" "pta";
}

/// The end behind what leads from the house that ends before `at` to the door.
pub(super) fn end(words: &[Word], at: usize) -> usize {
    // Whoever asks may not know whether there is a house.
    let house = at.checked_sub(1).and_then(|house| words.get(house));
    let mut end = at + usize::from(house.is_some_and(follows) && words.get(at).is_some_and(Word::is_number));
    for _ in 0..PARTS {
        let part = floor(words, end)
            .or_else(|| stair(words, end))
            .or_else(|| side(words, end))
            .or_else(|| labelled(words, end));
        match part {
            Some(behind) => end = behind,
            None => break,
        }
    }
    end
}

/// "51/Top 5": whether a house's number says that the door's follows.
pub(super) fn follows(house: &Word) -> bool {
    (1..=4).contains(&house.digits)
        && house.lower.split_once('/').is_some_and(|(number, door)| {
            matches!(door, "top" | "tür" | "stiege") && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// "bte 8", "bl. 20", "Kat:4", "quadra 74", "bloco A".
fn labelled(words: &[Word], at: usize) -> Option<usize> {
    let label = words.get(at).filter(|label| label.gap <= Gap::Comma && is_labelled(&label.lower))?;
    let elsewhere = match label.lower.as_ref() {
        "bus" => !is_flemish(words, at),
        // "Of. 804" is an office, "of 5" English.
        "of" => !label.capital || label.gap != Gap::Comma,
        _ => false,
    };
    if elsewhere {
        return None;
    }
    let number = words.get(at + 1).filter(|number| number.gap == Gap::Space)?;
    let numbered = (1..=4).contains(&number.digits) && number.letters <= 1;
    // "m a" and "as a" are words.
    let lettered =
        number.letters == 1 && number.digits == 0 && (number.upper || label.letters > 1 && label.lower != "as");
    (numbered || lettered).then_some(at + 2)
}

/// "Kerkstraat 12 bus 5": whether the street before the house is Flemish or a postcode follows the box; elsewhere a bus stops at the house.
fn is_flemish(words: &[Word], at: usize) -> bool {
    street_ends(words, at, &["straat", "laan", "plein", "steenweg", "dreef", "lei"])
        || continental::postcode_of(words, at + 2).is_some()
}

/// Whether the street whose house ends before `at` ends in one of `endings`.
fn street_ends(words: &[Word], at: usize, endings: &[&str]) -> bool {
    let street = at.checked_sub(2).map_or("", |street| words[street].lower.as_ref());
    endings.iter().any(|ending| street.ends_with(ending))
}

/// "12 A 5": the stair and the flat, as Finland writes them; "No:12 D:5" in Turkey. "5 B" and "5 II" where no more of a line follows,
/// "5 hs" in the Netherlands, "2 7B" in Spain.
fn stair(words: &[Word], at: usize) -> Option<usize> {
    let stair = words.get(at).filter(|stair| stair.gap == Gap::Space)?;
    let next = words.get(at + 1);
    let last = next.is_none_or(|next| next.gap >= Gap::Comma);
    if stair.digits == 0 && matches!(stair.lower.as_ref(), "hs" | "bis" | "ter") {
        return last.then_some(at + 1);
    }
    if stair.digits > 0 {
        // "utca 31 2/5": the floor and the flat.
        let floor = stair.letters == 0 && stair.digits <= 4 && stair.lower.contains('/');
        if floor && street_ends(words, at, &["utca", "útja", "körút", "tér", "köz", "sétány"]) {
            return Some(at + 1);
        }
        let door = stair.digits <= 2 && stair.letters == 1 && stair.is_house_number();
        return (door && last).then_some(at + 1);
    }
    let roman = stair.upper && matches!(stair.lower.as_ref(), "ii" | "iii" | "iv");
    if roman {
        return last.then_some(at + 1);
    }
    // "8 a 12, 00250 helsinki"
    let coded = || words.get(at + 2).is_some_and(|code| code.gap == Gap::Comma && code.digits >= 4);
    let finnish = || street_ends(words, at, &["katu", "tie", "kuja", "polku", "kaari", "kadulla", "tiellä", "kujalla"]);
    if stair.letters != 1 || !stair.upper && !coded() && !finnish() {
        return None;
    }
    if next.is_some_and(|flat| flat.gap == Gap::Space && flat.is_number() && flat.digits <= 3) {
        return Some(at + 2);
    }
    (last && matches!(stair.lower.as_ref(), "a" | "b" | "c" | "d" | "e" | "f" | "g" | "h")).then_some(at + 1)
}

/// "2. tv", "st. th", "3. OG": the floor and the side of the stairs, as Denmark and Germany write them.
fn side(words: &[Word], at: usize) -> Option<usize> {
    let floor = words.get(at).filter(|floor| floor.gap <= Gap::Comma)?;
    let side = words.get(at + 1).filter(|side| side.gap == Gap::Space)?;
    let is_floor = floor.is_number() && floor.digits <= 2 || matches!(floor.lower.as_ref(), "st" | "kl");
    (is_floor && is_side(&side.lower)).then_some(at + 2)
}

/// "2º B", "2ºB", "3ª izq", "2º Dto": the floor and the door, as Spain and Portugal write them.
fn floor(words: &[Word], at: usize) -> Option<usize> {
    let floor = words.get(at).filter(|word| word.gap <= Gap::Comma && word.digits > 0)?;
    if floor.lower.contains(['º', 'ª']) && floor.letters == 2 {
        return Some(at + 1);
    }
    // "3 izq", "5to b"
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space);
    if floor.digits <= 2 && floor.gap <= Gap::Comma {
        let sided = floor.letters == 0
            && next.is_some_and(|next| matches!(next.lower.as_ref(), "izq" | "izda" | "dcha" | "esq" | "drt"));
        let ranked =
            ["ro", "do", "to", "vo", "no", "er"].iter().any(|rank| floor.letters == 2 && floor.lower.ends_with(rank));
        // "4°B"
        let degree = floor.letters == 0
            && next.is_some_and(|door| {
                door.letters == 1 && door.digits == 0 && door.range.start == floor.range.end + "°".len()
            });
        if sided || degree || ranked && next.is_some_and(|next| next.letters == 1 && next.digits == 0) {
            return Some(at + 2);
        }
    }
    Some(floor).filter(|word| word.lower.ends_with(['º', 'ª', '°']))?;
    let door = |word: &&Word| {
        word.gap <= Gap::Comma
            && (word.letters == 1 && word.digits == 0 && word.gap == Gap::Space
                || word.letters == 1 && word.digits == 1 && word.lower.ends_with(['ª', 'º'])
                || is_spanish_side(&word.lower))
    };
    Some(at + 1 + usize::from(words.get(at + 1).as_ref().is_some_and(door)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn doors_belong_to_their_house() {
        for (text, address) in [
            ("avenue Olmise 346 bte 30, 1050 Ixelles", "avenue Olmise 346 bte 30, 1050 Ixelles"),
            ("kom naar Olmengracht 250 hs", "Olmengracht 250 hs"),
            ("Olmengracht 312 II, Utrecht", "Olmengracht 312 II, Utrecht"),
            ("ul. Wiązowa 164 m. 17, Warszawa", "ul. Wiązowa 164 m. 17, Warszawa"),
            ("Str. Ulmilor nr. 69, bl. 19, sc. A, ap. 51", "Str. Ulmilor nr. 69, bl. 19, sc. A, ap. 51"),
            ("Rua do Olmo, 217, 2º Dto, 4050-037 Porto", "Rua do Olmo, 217, 2º Dto, 4050-037 Porto"),
            ("Rua 68, quadra 74 lote 23", "Rua 68, quadra 74 lote 23"),
            ("Ulmengasse 51/Top 5", "Ulmengasse 51/Top 5"),
            ("calle olmeda 12, 3 izq, 28013 madrid", "calle olmeda 12, 3 izq, 28013 madrid"),
            ("av olmentes 1234 5to b", "av olmentes 1234 5to b"),
            ("calle olmeda 12, escalera 2, 4º 1ª", "calle olmeda 12, escalera 2, 4º 1ª"),
            ("Avenida Olmencia 2210, Of. 804, Santiago", "Avenida Olmencia 2210, Of. 804, Santiago"),
            ("oon jalavakatu 8 b 14 tuu", "jalavakatu 8 b 14"),
            ("ulmó utca 31 2/5", "ulmó utca 31 2/5"),
            ("Calle Olmo 1218, 2° C, Olmeda", "Calle Olmo 1218, 2° C, Olmeda"),
            ("Olmstraat 12 bus 5", "Olmstraat 12 bus 5"),
            ("Olmkaai 12 bus 5, 9000 Gent", "Olmkaai 12 bus 5, 9000 Gent"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn what_goes_on_behind_a_house_is_no_door() {
        for (text, address) in [
            ("Ulmenweg 5 A nice place", "Ulmenweg 5"),
            ("Ulmenweg 5, bus is late", "Ulmenweg 5"),
            ("Ulmenstraße 12 bus 5", "Ulmenstraße 12"),
            ("Ulmenweg 5 as i said", "Ulmenweg 5"),
            ("12 Elm Street of 5", "12 Elm Street"),
            ("Elm Road 12, of 5 houses", "Elm Road 12"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }
}
