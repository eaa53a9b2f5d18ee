//! Addresses as Russia, Ukraine and Bulgaria write them, of parts that a word for each tells: "г. Казань, ул. Баумана, д. 9, кв. 4, 420111",
//! "м. Київ, вул. Хрещатик, 30", "ж.к. Младост 2, бл. 15, вх. Б". A street and its house make one; places, doors and postcodes belong to it.

use super::word::{Gap, Word};
use super::words::{is_calendar, is_number_word};
use super::{door, onward, small};
use crate::word_set::word_set;

/// The longest name of a street or place, in words.
const NAME_WORDS: usize = 4;

/// The most places before and behind a street.
const PLACES: usize = 4;

word_set! {
    /// What stands before or behind the name of a street.
    is_street:
    "улица" "улице" "улицу" "ул" "проспект" "проспекте" "просп" "пр-т" "пр-кт" "пр" "переулок" "переулке" "пер" "бульвар" "бульваре" "бул" "б-р" "набережная"
    "наб" "площадь" "пл" "шоссе" "ш" "проезд" "пр-д" "аллея" "ал" "алл" "тупик" "туп" "вулиця" "вулиці" "вул" "провулок" "пров" "площа" "узвіз"
    "микрорайон" "мкр" "мкрн" "м-н" "квартал" "снт" "тракт" "кв-л" "жилмассив" "ж/м" "наб-я" "шосе" "булевард";

    /// Of those, the ones that hardly stand in a sentence about anything else, even before small letters: "улица пустая 20" does.
    is_short_street: "ул" "пр-т" "пр-кт" "просп" "пер" "б-р" "вул" "пров" "мкр" "мкрн" "снт" "бул" "наб";

    /// No name of a street begins with these: prepositions, pronouns and words of time and place.
    is_no_name:
    "до" "от" "на" "из" "в" "во" "по" "к" "ко" "с" "со" "у" "за" "под" "над" "через" "для" "без" "при" "о" "об" "около" "возле" "від" "із" "з" "біля" "и" "а" "но" "да" "не"
    "что" "где" "там" "тут" "здесь" "вот" "если" "когда" "вся" "весь" "наша" "наш" "нашей" "моя" "мой" "моей" "ваша" "эта" "этот" "этой" "та" "тот" "какая" "какой" "каждая" "каждый"
    "одна" "один" "пешком" "идет" "идёт" "холодно" "жарко" "тепло" "темно" "минус" "плюс" "первом" "втором" "третьем" "сегодня" "завтра" "вчера" "сейчас" "такая" "такой" "самая" "самый";

    /// What stands before the name of a town or a region.
    is_place:
    "г" "гор" "город" "м" "місто" "с" "село" "п" "пос" "поселок" "посёлок" "пгт" "смт" "дер" "деревня" "ст" "ст-ца" "х" "клх" "к" "обл" "область" "респ"
    "республика" "край" "ж" "гр" "д" "аул" "станция" "р-н";

    /// What stands behind the name of a region.
    is_region: "обл" "область" "области" "край" "края" "район" "района" "р-н" "респ" "республика" "аобл" "ао";

    /// What a number or a letter follows within a house.
    is_door:
    "кв" "квартира" "корп" "корпус" "к" "стр" "строение" "лит" "под" "подъезд" "подъезде" "підʼїзд" "під'їзд" "п" "эт" "этаж" "пов" "поверх" "оф" "офис" "офіс" "пом"
    "комн" "секция" "бл" "вх" "ет" "ап" "участок" "уч" "домофон" "д";
}

/// The end of such an address that starts at `at`.
#[inline]
pub(super) fn address(words: &[Word], at: usize) -> Option<usize> {
    let coded = words[at].digits > 0 && is_postcode(&words[at]);
    is_cyrillic(&words[at + usize::from(coded)..]).then(|| parts(words, at, coded)).flatten()
}

/// The end of its parts, behind a postcode if it is `coded`.
fn parts(words: &[Word], at: usize, coded: bool) -> Option<usize> {
    if let Some(end) = flat(words, at) {
        return Some(end);
    }
    let mut street_at = at + usize::from(coded);
    for _ in 0..=PLACES {
        if let Some(end) = street(words, street_at) {
            return Some(behind(words, end));
        }
        street_at = place(words, street_at)?;
        words.get(street_at)?;
    }
    None
}

/// "ленина 15 кв 4": a name and a number are a street where a flat follows.
pub(super) fn flat(words: &[Word], at: usize) -> Option<usize> {
    let [name, house, flat, door] = words.get(at..at + 4)? else { return None };
    if !name.lower.starts_with(is_letter) {
        return None;
    }
    let spaced = house.gap == Gap::Space && flat.gap <= Gap::Comma && door.gap == Gap::Space;
    let named = name.digits == 0 && name.letters >= 4 && !is_no_name(&name.lower);
    let is_flat = matches!(flat.lower.as_ref(), "кв" | "квартира");
    // "комната 15 кв 2 окна" says how large it is.
    let counted = || {
        words.get(at + 4).is_some_and(|next| {
            next.gap == Gap::Space
                && next.lower.starts_with(is_letter)
                && !is_door(&next.lower)
                && !onward::is_onward(&next.lower)
        })
    };
    let whole = is_flat && named && spaced && house.is_house_number() && door.is_number();
    (whole && !counted()).then(|| doors(words, at + 2))
}

/// Whether an address may begin with `lower`: with a word for a place or a street.
pub(super) fn may_begin(lower: &str) -> bool {
    lower.starts_with(is_letter) && (is_street(lower) || is_place(lower))
}

/// Whether the number before `house` counts what follows it, behind the word for a street at `at`: "Площадь Кленовии 17 млн",
/// "микрорайон Новый 25 тысяч", but "ул. Кленовая 17 приезжай".
pub(super) fn counts(words: &[Word], at: usize, house: usize) -> bool {
    let plain = is_cyrillic(&words[at..]) && !is_short_street(&words[at].lower);
    if plain { small::counts(words, house) } else { small::measures(words, house) }
}

fn is_cyrillic(words: &[Word]) -> bool {
    words.first().is_some_and(|word| word.lower.starts_with(is_letter))
}

fn is_letter(character: char) -> bool {
    matches!(character, '\u{400}'..='\u{52f}')
}

fn is_postcode(word: &Word) -> bool {
    word.is_number() && (5..=6).contains(&word.digits) && word.digits as usize == word.lower.len()
}

/// "ул. Баумана, д. 9", "Невский пр. 20", "мкр. Северный, 28": the end of a street and its house.
fn street(words: &[Word], at: usize) -> Option<usize> {
    let first = words.get(at)?;
    let named = match is_street(&first.lower) {
        true => {
            words.get(at + 1).filter(|name| name.gap == Gap::Space)?;
            let end = name(words, at + 1)?;
            let small = !words[at + 1..end].iter().any(|word| word.capital || word.digits > 0);
            let house = house(words, end)?;
            // "вул. гарна, 35 людей"
            let counted = counts(words, at, house) || small && small::counts(words, house);
            ((!small || is_short_street(&first.lower)) && !counted).then_some(house)
        }
        false => {
            let count = name(words, at)? - at;
            let label =
                (at + 1..=at + count).find(|&label| words.get(label).is_some_and(|word| is_street(&word.lower)))?;
            // "Дорога на улице 30"
            let ordinary = words[at..label].iter().any(|word| is_no_name(&word.lower));
            let named = first.capital && words[label].gap == Gap::Space && !ordinary;
            let house = named.then(|| house(words, label + 1)).flatten()?;
            (!counts(words, label, house)).then_some(house)
        }
    }?;
    Some(doors(words, named))
}

/// The end of the name from `at` on: "Баумана", "9-й Советский", "реки Фонтанки", "50 лет Октября".
fn name(words: &[Word], at: usize) -> Option<usize> {
    let first = words.get(at).filter(|first| !is_no_name(&first.lower))?;
    let numbered = first.digits > 0;
    let is_part = |(offset, word): &(usize, &Word)| {
        (*offset == 0 || word.gap == Gap::Space)
            && (word.digits == 0
                && !is_number_word(&word.lower)
                && !is_door_at(words, at + offset)
                && is_cyrillic(std::slice::from_ref(word))
                || *offset == 0 && numbered)
    };
    let count = words[at..].iter().enumerate().take(NAME_WORDS).take_while(is_part).count();
    let last = &words[at + count.checked_sub(1)?];
    (last.letters > 1 && !is_calendar(&last.lower)).then_some(at + count)
}

/// ", д. 9", " 9а", ", буд. 1", ", уч. 20".
fn house(words: &[Word], at: usize) -> Option<usize> {
    let labelled = words.get(at).is_some_and(|label| {
        label.gap <= Gap::Comma
            && (is_number_word(&label.lower) || matches!(label.lower.as_ref(), "участок" | "уч" | "бл"))
    });
    let number = words.get(at + usize::from(labelled))?;
    let is_house =
        number.gap <= Gap::Comma && number.is_house_number() && (number.digits <= 4 || number.lower.contains('/'));
    is_house.then_some(at + usize::from(labelled) + 1)
}

/// Whether a word for a part of a house is at `at` with its number.
fn is_door_at(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|label| is_door(&label.lower))
        && words.get(at + 1).is_some_and(|number| {
            number.gap == Gap::Space
                && (number.digits > 0 && number.letters <= 1 || number.letters == 1 && number.upper)
        })
}

/// "корп. 2, кв. 7, подъезд 3"
pub(super) fn doors(words: &[Word], at: usize) -> usize {
    let mut end = at;
    while words.get(end).is_some_and(|label| label.gap <= Gap::Comma) && is_door_at(words, end) {
        end += 2;
    }
    end.max(door::end(words, at))
}

/// "г. Казань,", "Московская обл.,", "Казань,": the end of a place whose comma the rest follows.
fn place(words: &[Word], at: usize) -> Option<usize> {
    let first = words.get(at)?;
    let labelled = is_place(&first.lower) && !first.upper || is_place(&first.lower) && first.letters > 1;
    // "ж.к. Младост 2"
    let labels = match first.lower.as_ref() {
        "ж" if words.get(at + 1).is_some_and(|next| next.lower == "к") => 2,
        "гр" | "г" if labelled => 1,
        _ => usize::from(labelled),
    };
    let from = at + labels;
    let is_name = |(offset, word): &(usize, &Word)| {
        (word.gap == Gap::Space || labels == 0 && *offset == 0) && is_cyrillic(std::slice::from_ref(word))
    };
    let count = words.get(from..)?.iter().enumerate().take(3).take_while(is_name).count();
    let name = &words[from..from + count];
    let capital = name.first().is_some_and(|name| name.capital);
    let region = name.last().is_some_and(|last| is_region(&last.lower));
    let end = from + count;
    let goes_on = words.get(end).is_some_and(|next| matches!(next.gap, Gap::Comma | Gap::Line));
    (count > 0 && goes_on && (labels > 0 && (capital || name[0].letters > 3) || capital && (count == 1 || region)))
        .then_some(end)
}

/// Places and a postcode behind a street: ", Подільськ, 32170", ", 1000 София".
fn behind(words: &[Word], at: usize) -> usize {
    let mut end = at;
    for _ in 0..PLACES {
        let Some(next) = words.get(end).filter(|next| matches!(next.gap, Gap::Comma | Gap::Line)) else { break };
        let code = next.is_number() && (4..=6).contains(&next.digits);
        let labels = usize::from(
            is_place(&next.lower) && next.letters <= 4 && words.get(end + 1).is_some_and(|name| name.capital),
        );
        let from = end + usize::from(code).max(labels);
        let named = |(offset, word): &(usize, &Word)| {
            (*offset == 0 && !code && labels == 0 || word.gap == Gap::Space) && word.capital && word.digits == 0
        };
        let count = words[from..].iter().enumerate().take(3).take_while(named).count();
        if count == 0 && !(code && next.digits >= 5) {
            break;
        }
        end = from + count;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn parts_that_are_labelled_belong_together() {
        for (text, address) in [
            ("живу ул. Кленовая, д. 14, корп. 2, кв. 7", "ул. Кленовая, д. 14, корп. 2, кв. 7"),
            ("г. Кленовск, ул. Липовая, 30, приезжай", "г. Кленовск, ул. Липовая, 30"),
            ("420111, г. Кленовск, ул. Липовая, д. 9", "420111, г. Кленовск, ул. Липовая, д. 9"),
            ("п. Кленовка-на-Липе, ш. Донское, д. 8, 288040", "п. Кленовка-на-Липе, ш. Донское, д. 8, 288040"),
            ("Кленовский пр. 12 стр 4", "Кленовский пр. 12 стр 4"),
            ("бульвар Кленов 35", "бульвар Кленов 35"),
            ("б-р Яна Кленова, 40", "б-р Яна Кленова, 40"),
            ("наб. реки Липовки, 58", "наб. реки Липовки, 58"),
            ("ул 9-я Липовая 5", "ул 9-я Липовая 5"),
            ("мкр. Кленовый, д. 28", "мкр. Кленовый, д. 28"),
            ("м. Кленів, вул. Липова, 30", "м. Кленів, вул. Липова, 30"),
            ("площа Кленова, буд. 1 кв. 78, Липівськ, 32170", "площа Кленова, буд. 1 кв. 78, Липівськ, 32170"),
            ("просп. Кленів буд. 6", "просп. Кленів буд. 6"),
            ("пров. тихий 9", "пров. тихий 9"),
            ("бул. Клен 127, ет. 3, ап. 3, 1000 Липово", "бул. Клен 127, ет. 3, ап. 3, 1000 Липово"),
            ("улица Кленовая 22, подъезд 3, этаж 9", "улица Кленовая 22, подъезд 3, этаж 9"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn ordinary_words_stay() {
        for text in [
            "вул. гарна, 35 людей",
            "площадь комнаты 50 метров",
            "буду через 20 минут, улица скользкая",
            "г. Кленовск, 5 человек",
            "пр. и др. 5 штук",
            "д. 5 задание",
            "в п. 5 договора",
            "с мамой, 5 минут",
            "к Ивану, 5 минут",
            "на площади 50 человек",
            "шоссе 5 км",
            "проезд до Кленовска 500",
            "Проезд до Кленовска 1500 рублей",
            "Шоссе до Кленовска 150 км",
            "Площадь Кленовии 17 млн",
            "микрорайон Новый 25 тысяч людей",
            "Квартал Закрыт 5 дней",
            "Проезд на Автобусе 50 рублей",
            "На улице 25",
            "Наша улица 5",
            "Улица пустая 20",
            "Дорога на улице 30",
            "Первая улица 10 домов",
            "Кленовск площадь 425 км",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
