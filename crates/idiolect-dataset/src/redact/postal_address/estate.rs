//! Addresses of other parts than a street and its house: France's boxes of firms, Spain's industrial estates, Turkey's quarters, Indonesia's housing
//! estates, blocks and lots of Latin America: "CS 30014, 75013 Paris", "pol. ind. las rozas, nave 12", "Fatih Mah. 7. Sok. No 19".

use super::announced::is_address_word;
use super::city;
use super::continental::{is_number_word_at, joins};
use super::door;
use super::word::{Gap, Word};
use super::words::*;
use crate::word_set::word_set;

word_set! {
    /// With what such an address begins, or what is behind the name it begins with.
    is_start: "bp" "cs" "pol" "polígono" "poligono" "polig" "urb" "urbanización" "urbanizacion" "fracc" "komplek" "kompleks" "komp" "perumahan" "perum" "griya" "cluster" "gang" "gg" "manzana" "mz" "mza" "quadra" "qd";

    /// Turkish quarters and streets.
    is_quarter: "mah" "mahallesi" "mahalle" "mh";
    is_turkish_street: "sok" "sokak" "sokağı" "sk" "cad" "caddesi" "cd" "blv" "bulvarı" "bulvar";

    /// What is numbered on an industrial estate.
    is_hall: "nave" "naves" "parcela" "parc" "calle" "local" "manzana" "nº";

    /// Of English gangs.
    is_of_gang: "leader" "leaders" "member" "members" "bang" "wars" "fight" "shot" "activity";

    /// What Indonesian says before an alley.
    is_lead: "di" "ke" "gw" "gue" "gua" "saya" "aku" "rumah" "alamat" "masuk" "kita" "kami" "nya" "ku" "lewat" "jalan" "dekat";

    /// Brasília's quarters, which are numbered: "SQN 308 Bloco B", "QND 22 lote 14".
    is_superquadra: "sqs" "sqn" "sqsw" "sqnw" "cln" "cls" "clsw" "shis" "shin" "shigs" "shcgn" "qna" "qnb" "qnc" "qnd" "qne" "qnf" "qng" "qnl" "qnm" "qnn" "qno" "qnp" "qsd" "qse" "qsf";

    is_lot: "lote" "lt" "lot" "conjunto" "conj" "cj" "casa" "quadra" "bloco";
}

/// The end of such an address that begins at `at`.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    if first.digits > 0 {
        return None;
    }
    if is_superquadra(&first.lower) {
        return lot(words, at);
    }
    if is_start(&first.lower) {
        return match first.lower.as_ref() {
            "bp" | "cs" => firm_box(words, at),
            "pol" | "polígono" | "poligono" | "polig" => industrial(words, at),
            "urb" | "urbanización" | "urbanizacion" | "fracc" => urbanisation(words, at),
            "gang" | "gg" => alley(words, at),
            "manzana" | "mz" | "mza" | "quadra" | "qd" => lot(words, at),
            _ => housing(words, at),
        };
    }
    turkish(words, at)
}

fn spaced<'w>(words: &'w [Word], at: usize) -> Option<&'w Word<'w>> {
    words.get(at).filter(|word| word.gap == Gap::Space)
}

/// How many words from `at` on are a name: capitalised ones, or with `small` any that are no word of a sentence.
fn names(words: &[Word], at: usize, small: bool) -> usize {
    let is_name = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && (joins(&word.lower)
                || (word.capital || small)
                    && word.letters >= 2
                    && !is_never_a_name(&word.lower)
                    && !is_calendar(&word.lower))
    };
    words.get(at..).unwrap_or_default().iter().take(4).take_while(is_name).count()
}

/// "CS 30014, 75013 Paris", "BP 70023, 31000 Toulouse Cedex 6".
fn firm_box(words: &[Word], at: usize) -> Option<usize> {
    spaced(words, at + 1).filter(|number| number.is_number() && (1..=6).contains(&number.digits))?;
    let code = words.get(at + 2).filter(|code| code.gap <= Gap::Line && code.is_number() && code.digits == 5)?;
    let count = names(words, at + 3, false);
    let town = city::end(words, at + 3).unwrap_or(at + 3 + count);
    (code.gap >= Gap::Comma && town > at + 3 || count > 0).then(|| cedex(words, town))
}

/// "Cedex 6"
pub(super) fn cedex(words: &[Word], at: usize) -> usize {
    let cedex = spaced(words, at).is_some_and(|cedex| cedex.lower == "cedex");
    let numbered = at > 0 && (cedex || words[at - 1].lower == "cedex");
    let end = at + usize::from(cedex);
    end + usize::from(numbered && spaced(words, end).is_some_and(|number| number.is_number() && number.digits <= 2))
}

/// "Polígono Industrial El Olmo, parcela 8", "pol. ind. los olmos, nave 12".
fn industrial(words: &[Word], at: usize) -> Option<usize> {
    spaced(words, at + 1).filter(|word| matches!(word.lower.as_ref(), "ind" | "industrial" | "indust"))?;
    let name = at + 2 + names(words, at + 2, true);
    // "pol ind sur nave 4": the hall's word is one more of the name's.
    let hall = (at + 2..=name)
        .find(|&hall| words.get(hall).is_some_and(|word| word.gap <= Gap::Comma && is_hall(&word.lower)))?;
    words.get(hall + 1).filter(|number| number.gap <= Gap::Space && number.digits > 0)?;
    Some(door::end(words, hall + 2))
}

/// "Urb. Los Olmos 23": the estate and its house.
fn urbanisation(words: &[Word], at: usize) -> Option<usize> {
    let count = names(words, at + 1, false);
    let house = at + 1 + count;
    let house = house + usize::from(is_number_word_at(words, house));
    let number =
        words.get(house).filter(|number| number.gap <= Gap::Comma && number.is_house_number() && number.digits <= 4)?;
    (count > 0 && words[at + count].capital && !number.hash).then(|| door::end(words, house + 1))
}

/// "gang olmawar 5 no 12", "gang olmawar no 9".
fn alley(words: &[Word], at: usize) -> Option<usize> {
    let count = names(words, at + 1, true).min(3);
    let name = (1..=count).find(|&name| is_number_word(&words[at + name].lower)).map_or(count, |label| label - 1);
    let number = spaced(words, at + 1 + name).is_some_and(|number| number.is_number() && number.digits <= 2);
    let label = at + 1 + name + usize::from(number);
    let house = spaced(words, label + 1).filter(|house| house.is_house_number() && house.digits <= 3);
    // "a gang shot 5 no 3"
    let led = at == 0 || words[at].gap >= Gap::Comma || is_lead(&words[at - 1].lower);
    let named = led
        && words[at + 1].letters >= 4
        && words[at + 1].lower != words[at].lower
        && !is_of_gang(&words[at + 1].lower);
    (name > 0 && named && is_number_word_at(words, label) && house.is_some()).then_some(label + 2)
}

/// "Komplek Olma Asri Blok C2 no 8", "Komp. Olmata Hijau Blok E/12".
fn housing(words: &[Word], at: usize) -> Option<usize> {
    let block = (at + 2..at + 6)
        .find(|&block| words.get(block).is_some_and(|word| matches!(word.lower.as_ref(), "blok" | "block" | "blk")))?;
    // "cluster bomb block 5"
    let indonesian = words[block].lower == "blok" && words[at].lower != "cluster";
    let is_name = |word: &Word| word.gap <= Gap::Comma && (word.capital || indonesian && !is_never_a_name(&word.lower));
    let named = words[at + 1..block].iter().all(is_name);
    let coded = |word: &Word| word.letters <= 2 && (word.digits > 0 || word.upper);
    spaced(words, block + 1).filter(|code| named && coded(code))?;
    let label = usize::from(is_number_word_at(words, block + 2));
    let house = words
        .get(block + 2 + label)
        .is_some_and(|house| house.gap <= Gap::Comma && house.is_house_number() && house.digits <= 3);
    Some(if house { block + 3 + label } else { block + 2 })
}

/// "Mz 3 Lt 14", "Quadra 304 conjunto 8 casa 12": two numbered parts of a quarter.
fn lot(words: &[Word], at: usize) -> Option<usize> {
    let coded = |word: &Word| word.letters <= 1 && (word.digits > 0 || word.upper && word.letters == 1);
    let mut end = at;
    while end < at + 8 {
        let Some(label) = words.get(end).filter(|label| end == at || label.gap <= Gap::Comma && is_lot(&label.lower))
        else {
            break;
        };
        let block = |word: &Word| label.lower == "bloco" && word.letters == 1 && word.digits == 0;
        if !spaced(words, end + 1).is_some_and(|word| coded(word) || block(word)) {
            break;
        }
        end += 2;
    }
    (end >= at + 4).then(|| door::end(words, end))
}

/// "Fatih Mah. Gül Sok. No:3", "cumhuriyet mah 14. sokak no 8", "papatya sk no 7 kat 2".
fn turkish(words: &[Word], at: usize) -> Option<usize> {
    let is_name = |word: &Word| {
        let called = is_address_word(&word.lower)
            || matches!(word.lower.as_ref(), "gel" | "gelin" | "evim" | "evimiz" | "bizim");
        word.digits == 0 && word.letters >= 3 && !is_never_a_name(&word.lower) && !called
    };
    if !is_name(&words[at]) {
        return None;
    }
    let label = (at + 1..at + 3).find(|&label| {
        spaced(words, label).is_some_and(|word| {
            // Most words are told by their first letter.
            word.lower.starts_with(['m', 's', 'c', 'b']) && (is_quarter(&word.lower) || is_turkish_street(&word.lower))
        })
    })?;
    let mut street = label;
    if is_quarter(&words[label].lower) {
        street = (label + 2..label + 4)
            .find(|&street| spaced(words, street).is_some_and(|word| is_turkish_street(&word.lower)))?;
        let between = &words[label + 1..street];
        if !between.iter().all(|word| word.gap <= Gap::Comma && (is_name(word) || word.is_number() && word.digits <= 4))
        {
            return None;
        }
    }
    let house = street + 1 + usize::from(is_number_word_at(words, street + 1));
    // "papatya sk 7" without its label is told by nothing.
    let labelled = house > street + 1 || street > label;
    spaced(words, house).filter(|number| labelled && number.is_house_number() && number.digits <= 4)?;
    let end = door::end(words, house + 1);
    // "mix cd no 5"
    let short = street == label && matches!(words[street].lower.as_ref(), "sk" | "cd" | "blv" | "sok" | "bulvar");
    let turkish = end > house + 1 || words[at..street].iter().any(|word| !word.lower.is_ascii());
    (!short || turkish).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn parts_without_a_street_are_addresses() {
        for (text, address) in [
            ("CS 30014, 75013 Paris", "CS 30014, 75013 Paris"),
            ("ecrire a BP 70023, 31000 Ormeville Cedex 6", "BP 70023, 31000 Ormeville Cedex 6"),
            ("BP 40318, 35203 Ormes Cedex 2", "BP 40318, 35203 Ormes Cedex 2"),
            ("el taller ta en pol. ind. los olmos, nave 12", "pol. ind. los olmos, nave 12"),
            ("recoge en pol ind olmo nave 4", "pol ind olmo nave 4"),
            ("Polígono Industrial El Olmo, parcela 8, Sevilla", "Polígono Industrial El Olmo, parcela 8, Sevilla"),
            ("Urb. Los Olmos 23, Olmijas", "Urb. Los Olmos 23, Olmijas"),
            ("gang olmawar 5 no 12", "gang olmawar 5 no 12"),
            ("Komplek Olma Asri Blok C2 no 8", "Komplek Olma Asri Blok C2 no 8"),
            ("Perumahan Olmi Indah Blok D4 No 17", "Perumahan Olmi Indah Blok D4 No 17"),
            ("Komp. Olmata Hijau Blok E/12", "Komp. Olmata Hijau Blok E/12"),
            ("Mz 3 Lt 14, Col. Olmiano Zapata", "Mz 3 Lt 14, Col. Olmiano Zapata"),
            ("manzana 4 lote 17, col. el olmador", "manzana 4 lote 17, col. el olmador"),
            ("Quadra 304 conjunto 8 casa 12, Olmbaia", "Quadra 304 conjunto 8 casa 12, Olmbaia"),
            ("moro na qnd 22 lote 14", "qnd 22 lote 14"),
            ("sqn 308 bloco b apto 402, brasília", "sqn 308 bloco b apto 402, brasília"),
            ("Karaağaç Mah. Gül Sok. No:3 D:5", "Karaağaç Mah. Gül Sok. No:3 D:5"),
            ("karaağaç mah. 7. sok. no 19 burdayım", "karaağaç mah. 7. sok. no 19"),
            ("adresim karaağaç mah 14. sokak no 8", "karaağaç mah 14. sokak no 8"),
            ("eve gel karaağaç sk no 7 kat 2", "karaağaç sk no 7 kat 2"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn the_same_words_mean_other_things() {
        for text in [
            "bp 120 80 today",
            "cs 16, 2026 finals",
            "BP 5, 10000 steps",
            "gang of 5 no 1 knew",
            "the gang 5 no 4",
            "gg ez 5 no 1",
            "30 sk no 7",
            "waited 5 sk no",
            "quadra 12 cheia",
            "mz 3",
            "la urb 5 personas",
            "cluster 4 block",
            "sok 5 no",
            "gang gang 12 no 5",
            "a gang shot 5 no 3",
            "gang leader 5 no 2",
            "cluster bomb block 5",
            "mix cd no 5",
            "the blv no 5",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
