//! Streets that only the words before them tell, where no preposition has to stand: "komm schulweg 22", "живу вязовский проспект 118"; and
//! Italian and Polish ones that a sentence goes on behind.

use super::super::numbers::is_year;
use super::announced::is_living;
use super::led;
use super::small;
use super::town::{goes_on, is_remark};
use super::whole::{self, is_last_word};
use super::word::{Gap, Word};
use super::words::*;
use super::{cyrillic, staying, unnamed};
use crate::word_set::word_set;

word_set! {
    /// That somebody comes there, lives there or has something brought there, right before a street.
    is_german_call:
    "komm" "kommt" "kommst" "treffen" "treff" "treffpunkt" "abholen" "abholung" "wohne" "wohnen" "wohnt" "adresse" "party" "bin" "sind" "feier" "feiern" "uns" "zieh" "ziehe" "ziehen" "umzug"
    "kom" "woon" "wonen" "bor" "tuu" "tule" "asun"
    "hol" "holt" "fahr" "bring" "musst" "är" "er" "kommer" "fest" "festen" "møt" "mødes" "ses" "hent" "hämta" "send" "oon" "olen" "nähdään" "bileet" "osoite" "adressen" "flyttat" "flyttet" "muutettiin";

    is_german_place: "am" "im" "in" "an" "zur" "zum" "der" "dem" "die" "den" "beim" "nach" "jetzt" "naar" "på" "i"
    "ab" "hos" "til" "till" "mig" "meg" "on";

    /// Places that people sit at or park on, and ways that are none.
    is_no_square:
    "startplatz" "parkplatz" "sitzplatz" "stellplatz" "spielplatz" "arbeitsplatz" "campingplatz" "sportplatz" "fußballplatz" "fussballplatz" "tennisplatz" "golfplatz" "stehplatz" "studienplatz"
    "ausbildungsplatz" "kitaplatz" "zeltplatz" "rastplatz" "bolzplatz" "bauplatz" "flugplatz" "schlafplatz" "listenplatz" "tabellenplatz" "podestplatz" "podiumsplatz" "mittelfeldplatz"
    "fensterplatz" "gangplatz" "liegeplatz" "lagerplatz" "speicherplatz" "steckplatz" "bootsplatz" "grillplatz" "trainingsplatz" "kunstrasenplatz" "rasenplatz" "hartplatz" "stammplatz"
    "therapieplatz" "heimplatz" "betreuungsplatz" "praktikumsplatz" "abstiegsplatz" "aufstiegsplatz" "spitzenplatz" "logenplatz" "parkdeckplatz" "festplatz" "schlüsselring" "ehering"
    "klingelring" "ohrring" "schwimmring" "dichtungsring" "hometring" "umsteigeweg" "lösungsweg" "lernweg" "hörsaalplatz" "buchungsweg" "anfahrtsweg" "postweg" "bildungsweg" "werdegang" "fahrweg";

    /// Ways that are streets as well, where somebody comes or lives.
    is_way: "schulweg" "feldweg" "waldweg" "seeweg" "wanderweg";

    is_russian_call:
    "живу" "живет" "живёт" "живем" "живём" "адрес" "адресу" "закажи" "закажите" "приезжай" "приезжайте" "подъезжай" "подъезжайте" "приходи" "приходите" "заезжай" "заезжайте" "забери" "заберите" "жду" "ждем" "такси"
    "вызови" "доставка" "доставьте" "привези" "привезите" "еду" "едем" "иду" "идем" "мы" "я" "стою" "стоим" "подходи" "подходите" "встречаемся" "мешкаю" "чекаю" "приїжджай" "їду" "встретимся" "увидимся" "зустрінемось" "выходи" "выходите" "заберу" "подхватишь" "скинь" "отправь";

    is_russian_place: "на" "с" "со" "в" "по" "к" "до" "у" "возле" "около" "из";

    /// Words for a street behind its name and before it, as a sentence bends them.
    is_russian_behind: "проспект" "проспекте" "проспекту" "улица" "улице" "улицы" "улицу" "пр" "пр-т" "пр-кт" "ул" "переулок" "переулке" "пер" "бульвар" "бульваре" "набережная" "набережной" "наб" "проезд" "проезде" "вулиця" "вулиці";

    is_russian_start: "ул" "вул" "проспект" "проспекта" "проспекте" "улица" "улицы" "улице" "улицу" "переулок" "переулка" "переулке" "бульвар" "бульвара" "бульваре" "набережная" "набережной" "вулиця" "вулиці";

    /// What Italian says behind a house: where in it, when, and what else there is to say.
    is_italian_onward:
    "alle" "all'" "al" "alla" "allo" "ai" "dal" "dalle" "dalla" "sopra" "sotto" "vieni" "venite" "venire" "ti" "vi" "ci" "mi" "lo" "la" "passa" "passate" "dopo" "prima" "davanti" "dietro" "vicino" "accanto" "angolo"
    "con" "da" "che" "citofona" "citofono" "suona" "suonate" "secondo" "primo" "terzo" "quarto" "quinto" "piano" "interno" "scala" "non" "poi" "quando" "se" "ma" "perché" "perche" "stasera" "domani" "oggi" "dove" "entro"
    "fino" "verso" "per" "sono" "siamo" "aspetto" "porta" "portone" "il" "un" "nel" "nella" "chiedi" "ore" "appena" "finalmente" "adesso" "ora" "subito" "ok" "grazie" "ciao" "a";

    is_italian_place: "in" "a" "ad" "di" "da" "è" "e" "presso" "zona" "indirizzo" "verso";

    /// What a sentence goes on with behind a house in German, Dutch, Finnish, Russian, Spanish or Greek, beside those that others know.
    is_onward: "um" "ab" "gegen" "heute" "morgen" "wenn" "und" "oder" "bei" "beim" "klingel" "asti" "klo" "kl" "om" "vanavond" "och" "в" "во" "к" "и" "у" "возле" "жду" "давай" "o" "y" "frente" "στον" "στο" "στη" "τρίτο" "πρώτο" "δεύτερο" "τέταρτο" "όροφος" "και" "esquina";

    /// Beginnings of Italian streets beside those that are always written small.
    is_italian_start: "via" "viale" "piazza" "corso" "largo" "vicolo" "piazzale" "lungomare" "contrada";

    is_polish_start: "os" "ul" "al" "pl" "osiedle" "ulica" "aleja";
    is_polish_place: "na" "przy" "w" "do" "z" "od" "pod";

    is_italian_square: "piazza" "piazzale" "largo";
}

/// The end of such a street that begins at `at`.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let (first, before) = (&words[at], &words[at.checked_sub(1)?]);
    if first.digits > 0 || first.letters < 2 || first.gap > Gap::Comma {
        return None;
    }
    if first.gap == Gap::Space && is_italian_start(&first.lower) && is_italian_place(&before.lower) {
        return italian(words, at);
    }
    if is_polish_start(&first.lower) && is_polish_place(&before.lower) {
        return polish(words, at);
    }
    compound(words, at).or_else(|| russian(words, at)).or_else(|| unnamed::end(words, at))
}

/// Whether a clause ends before `at`, in whatever language.
pub(super) fn ends(words: &[Word], at: usize) -> bool {
    let onward = |next: &Word| {
        goes_on(&next.lower)
            || is_remark(&next.lower)
            || is_last_word(&next.lower)
            || is_never_a_name(&next.lower)
            || is_calendar(&next.lower)
            || is_onward(&next.lower)
    };
    words.get(at).is_none_or(|next| next.gap >= Gap::Comma || !next.capital && next.digits == 0 && onward(next))
}

/// Endings of places where people meet, at some hour.
const MEETING_PLACES: [&str; 5] = ["platz", "ufer", "promenade", "damm", "plein"];

/// Endings of places that are numbered themselves.
const NUMBERED: [&str; 7] =
    ["spielplatz", "ballplatz", "sportplatz", "reitplatz", "stellplatz", "nürburgring", "nordschleife"];

/// "komm schulweg 22", "treffen uns marktplatz 31", "bin am kaiserplatz 41", "party bei jens, bergring 17".
fn compound(words: &[Word], at: usize) -> Option<usize> {
    let name = &words[at];
    let house =
        words.get(at + 1).filter(|house| house.gap == Gap::Space && house.is_house_number() && house.digits <= 3)?;
    let suffixed = has_street_suffix(&name.lower) || name.letters > 11 && name.lower.ends_with("promenade");
    if name.letters < 7 || !suffixed || small::is_rating(&house.lower) || is_no_square(&name.lower) {
        return None;
    }
    let before = |back: usize| {
        at.checked_sub(back)
            .filter(|&from| (from + 1..at).all(|word| words[word].gap <= Gap::Comma))
            .map_or("", |from| words[from].lower.as_ref())
    };
    let called = if name.gap == Gap::Comma {
        // "party bei jens, bergring 17"
        before(2) == "bei" && (is_german_call(before(3)) || is_german_call(before(4)))
    } else {
        is_german_call(before(1)) || is_german_place(before(1)) && (2..=4).any(|back| is_german_call(before(back)))
    };
    let ends_with = |endings: &[&str]| endings.iter().any(|ending| name.lower.ends_with(ending));
    let numbered = ends_with(&NUMBERED);
    // "treffen am marktplatz 7"
    let hour =
        ends_with(&MEETING_PLACES) && house.letters == 0 && house.lower.parse().is_ok_and(|hour: u32| hour <= 24);
    if hour || numbered {
        return None;
    }
    let ordinary = is_ordinary_way(&name.lower) && !is_way(&name.lower);
    let sure = ends(words, at + 2) && !small::measures(words, at + 2) || staying::goes_on(words, at + 1);
    (called && !ordinary && sure).then_some(at + 2)
}

/// "живу московский проспект 118", "забери с проспекта победы 15".
fn russian(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    if first.lower.is_ascii() || first.gap != Gap::Space {
        return None;
    }
    let near = (at.saturating_sub(4)..at).rev().take_while(|&here| words[here + 1].gap == Gap::Space);
    let before = words[at - 1].lower.as_ref();
    let called = is_russian_call(before) && !matches!(before, "я" | "мы")
        || is_russian_place(before) && near.skip(1).any(|here| is_russian_call(&words[here].lower));
    if !called {
        return None;
    }
    let is_name = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && word.letters >= 4
            && !cyrillic::is_no_name(&word.lower)
            && !is_russian_behind(&word.lower)
    };
    let house = if is_russian_start(&first.lower) {
        let names = words[at + 1..].iter().take(2).take_while(is_name).count();
        (names > 0).then_some(at + 1 + names)?
    } else {
        let names = words[at..].iter().take(2).take_while(is_name).count();
        let behind = words
            .get(at + names)
            .filter(|word| names > 0 && word.gap == Gap::Space && is_russian_behind(&word.lower))?;
        // "мы на красивой улице 5"
        let adjective = |word: &Word| {
            ["ий", "ый", "ой", "ая", "яя", "ом", "ем", "ого", "ую"].iter().any(|ending| word.lower.ends_with(ending))
        };
        // "на новой улице 9"
        let plain = ["главн", "нов", "центральн", "перв", "соседн", "стар"]
            .iter()
            .any(|stem| words[at + names - 1].lower.starts_with(stem));
        ((adjective(&words[at + names - 1]) || behind.letters <= 3) && !plain).then_some(at + names + 1)?
    };
    let number =
        words.get(house).filter(|number| number.gap == Gap::Space && number.is_house_number() && number.digits <= 4)?;
    let doors = cyrillic::doors(words, house + 1);
    let sure = doors > house + 1 || !is_year(&number.lower) && (ends(words, doors) || staying::goes_on(words, house));
    (sure && !small::measures(words, house + 1)).then_some(doors)
}

/// "bądź na os. Wiązowe 12 o 6"
fn polish(words: &[Word], at: usize) -> Option<usize> {
    let stopped = words[at].letters > 2 || words.get(at + 1)?.range.start > words[at].range.end + 1;
    let name = at + 1;
    words.get(name).filter(|word| stopped && word.capital && word.gap == Gap::Space)?;
    let house = name + unnamed::names(words, name, 3)?;
    whole::house(words, house).filter(|&end| ends(words, end) && !small::measures(words, end))
}

/// "sono in via Olmi 8 vieni", "ci vediamo in piazza Olmo 3 alle 9".
fn italian(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    if first.capital
        || first.lower == "via"
            && words.get(at + 1).is_some_and(|manner| led::is_manner(&manner.lower) || whole::is_means(&manner.lower))
    {
        return None;
    }
    let name = small::name_end(words, at + 1).filter(|_| !is_calendar(&words[at + 1].lower))?;
    let capital = words[name - 1].capital;
    let lived = words[at.saturating_sub(4)..at].iter().any(|word| {
        is_living(&word.lower)
            || small::is_coming(&word.lower)
            || matches!(word.lower.as_ref(), "sto" | "sono" | "siamo")
    });
    // "in corso di stampa 5"
    if !capital && (!lived || matches!(first.lower.as_ref(), "corso" | "largo")) {
        return None;
    }
    let end = whole::house(words, name).filter(|_| !whole::is_said_of_a_street(&words[name - 1].lower))?;
    let next = words.get(end).filter(|next| next.gap == Gap::Space)?;
    // "gara in corso Roma 2 alla fine"
    if first.lower == "corso" && words[at - 1].lower == "in" && words[name].digits == 1 {
        return None;
    }
    let onward = is_italian_onward(&next.lower) || next.lower == "e" && !is_italian_square(&first.lower);
    (onward && !next.capital).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn sentences_lead_to_streets() {
        for (text, address) in [
            ("komm ulmschulweg 22", "ulmschulweg 22"),
            ("komm schulweg 22", "schulweg 22"),
            ("treffen uns ulmenplatz 31", "ulmenplatz 31"),
            ("treffen ulmenplatz 5a um 8", "ulmenplatz 5a"),
            ("bin am ulmenplatz 41", "ulmenplatz 41"),
            ("party bei jens, ulmbergring 17", "ulmbergring 17"),
            ("abholen ulmenpromenade 9b um 8", "ulmenpromenade 9b"),
            ("tuu olmevankatu 8 asti", "olmevankatu 8"),
            ("живу вязовский проспект 118", "вязовский проспект 118"),
            ("приезжай вязовский проспект 71", "вязовский проспект 71"),
            ("подъезжай вязовой проспект 22к3", "вязовой проспект 22к3"),
            ("мы на вязовский пр 42к2", "вязовский пр 42к2"),
            ("адрес вязовая улица 9а", "вязовая улица 9а"),
            ("забери с проспекта вязов 15", "проспекта вязов 15"),
            ("bądź na os. Wiązowe 12 o 6", "os. Wiązowe 12"),
            ("sono in via Olmi 8 vieni", "via Olmi 8"),
            ("sto in via Olmi 27 sopra il panificio", "via Olmi 27"),
            ("ci vediamo in piazza Olmo 3 alle 9", "piazza Olmo 3"),
            ("ci vediamo in largo Olmo 2 alle 9", "largo Olmo 2"),
            ("vieni a via Olma 9 ti aspetto", "via Olma 9"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn sentences_lead_elsewhere() {
        for text in [
            "auf platz 3 von 12",
            "sind auf startplatz 4",
            "bin parkplatz 12",
            "komm sitzplatz 45",
            "bin arbeitsweg 40 min",
            "schulweg 15 min zu fuß",
            "treffen spielplatz 4",
            "treffen uns am marktplatz 7",
            "wir sind am kinderspielplatz 4",
            "мы на новой улице 9",
            "komm heimweg 10",
            "bin ulmenweg 5 mal gelaufen",
            "мы на проспекте стоим 20 минут",
            "живу на красивой улице 5 лет",
            "я на улице 5",
            "проспект закрыт до 15",
            "еду по улице 20 минут",
            "byłem na os. Wiązowe 12 lat",
            "я проспект читаю 15",
            "via 3 o via 4 boh",
            "in via definitiva 2 alle 9",
            "in via zoom 3 alle 9",
            "in piazza piena 30 alle 9",
            "corso di olmese livello 2",
            "in via Olmi 8 persone ferite",
            "in via Olmi 8 auto",
            "in corso da giugno 12 dopo",
            "gara in corso Olma 2 alla fine",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
