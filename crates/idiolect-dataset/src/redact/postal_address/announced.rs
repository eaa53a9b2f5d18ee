//! Streets that nothing but the sentence tells: "my address is Parmova 41", "bor på Lillevik 12", "a taxi to 4800 Fair Elms".

use super::super::numbers::is_year;
use super::word::{Gap, Word};
use super::words::{is_calendar, is_flat, is_never_a_name};
use super::{cyrillic, kinds, settled};
use crate::word_set::word_set;

/// The longest name of a street, in words.
const NAME_WORDS: usize = 5;

/// How many words before a name may announce it.
const REACH: usize = 5;

/// How many words before a name "address" may be.
const ADDRESS_REACH: usize = 14;

word_set! {
    is_address_word [ADDRESS_WORDS]:
    "address" "addresses" "addr" "addy" "adress" "adresse" "adressen" "adres" "adresi" "dirección" "direccion" "indirizzo" "endereço" "endereco" "morada"
    "osoite" "osoitteeni" "naslov" "adresa" "cím" "címem" "lakcím" "alamat" "adresim" "адрес" "адреса" "διεύθυνση";

    /// Words of living somewhere, with which people say where.
    is_living:
    "live" "lives" "living" "lived" "reside" "resides" "residing" "located" "situated" "wohne" "wohnt" "wohnen" "wohnst" "habite" "habitons"
    "habites" "habitent" "vivo" "vive" "viven" "vivimos" "abito" "abita" "abitiamo" "abitano" "moro" "mora" "moramos" "woon" "woont" "wonen"
    "bor" "mieszkam" "mieszka" "mieszkamy" "bydlím" "bydlí" "bydlíme" "asun" "asuu" "lakom" "lakik" "lakunk" "stanujem" "stanuje" "elan"
    "elab" "живу" "живёт" "живет" "corner" "side";

    /// What is brought to an address or stands at one.
    is_brought:
    "taxi" "cab" "uber" "deliver" "delivered" "delivery" "ship" "shipped" "return" "returned" "mail" "mailed" "statement" "parcel" "package"
    "office" "offices" "restaurant" "house" "apartment" "flat" "shop" "clinic" "station" "letter" "drops" "drop" "enter"
    "bring" "invoice" "paket" "paquet" "paquete" "pacco" "encomenda";

    is_sent:
    "come" "coming" "send" "sent" "sending" "meet" "meeting" "meetup" "pick" "picked" "party" "stop" "stopped" "parked";

    is_preposition [PREPOSITIONS]:
    "at" "on" "to" "in" "of" "near" "from" "is" "ist" "est" "es" "è" "é" "je" "er" "with" "der" "dem" "den" "im" "am" "an" "zur" "zum" "au" "à" "en" "a" "na" "no" "em" "op"
    "aan" "på" "i" "w" "przy" "v" "ve" "az" "це" "на" "в" "по";

    /// What a number behind "is" opens, with whatever it was brought by: "your parcel code is 4829. Show it …".
    is_code: "code" "codes" "pin" "otp" "passcode" "password";

    /// What is numbered without being a street.
    is_numbered:
    "gate" "platform" "terminal" "room" "rm" "hall" "table" "bus" "exit" "level" "lvl" "lot" "track" "line" "stage" "stand" "booth" "seat"
    "row" "section" "zone" "area" "phase" "step" "chapter" "ch" "page" "episode" "season" "part" "vol" "volume" "version" "windows" "office"
    "ios" "android" "ubuntu" "python" "highway" "hwy" "interstate" "floor" "class" "grade" "year" "day" "week" "team" "group" "studio" "pier"
    "stop" "bay" "door" "desk" "court" "field" "dock" "berth" "cabin" "car" "coach" "carriage" "hole" "lab" "station" "route" "junction" "unit"
    "ward" "district" "sector" "camp" "base" "pump" "locker" "theater" "theatre" "screen" "cinema" "auditorium" "model" "issue" "ticket"
    "case" "bug" "order" "item" "number" "no" "nr" "raum" "zimmer" "saal" "halle" "gleis" "tor" "linie" "etage" "salle" "voie" "porte" "sala"
    "binario" "aula" "puerta" "andén" "planta" "piso" "zaal" "spoor" "perron" "sal" "spår" "peron" "sali" "ps" "xbox" "galaxy" "iphone" "pixel"
    "mark" "psalm" "john" "luke" "genesis" "act" "round" "world" "formula" "apollo" "boeing" "airbus" "flight" "channel" "fm" "radio" "division"
    "league" "club" "earth" "under" "over" "top" "big" "super" "catch" "force" "site" "building" "bldg" "block" "hangar" "warehouse" "store" "port";

    /// Small words within the names of streets.
    joins [JOINTS]:
    "de" "la" "le" "du" "del" "della" "delle" "dei" "degli" "da" "do" "dos" "das" "di" "van" "von" "den" "der" "het" "of" "y" "e" "revolucije" "tee"
    "põik" "vei" "gate" "plass" "krt" "rakpart" "ulice" "náměstí" "út" "utca" "tér" "u" "väg" "vej" "gata" "kuja" "katu" "tie" "street" "road";

    /// Behind a number, these count something or tell the time.
    is_counted:
    "years" "year" "yrs" "months" "month" "weeks" "week" "days" "day" "nights" "night" "hours" "hour" "hrs" "minutes" "minute" "mins" "min"
    "times" "people" "pm" "am" "percent" "km" "miles" "euro" "euros" "dollars" "bucks" "uhr" "jahre" "jahren" "ans" "años" "anni" "anos" "jaar"
    "år" "lat" "let" "rokov" "év" "éve" "aastat" "vuotta" "лет" "o'clock" "kids" "others" "points" "goals" "eastern" "central" "pacific"
    "countries" "users" "customers" "members" "students" "employees" "million" "thousand" "seconds" "degrees" "stars" "minuten" "tage" "stunden" "meter" "metern" "schritte";
}

/// How surely a sentence leads to a street.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strength {
    /// A place and perhaps an hour: "meet me at …".
    Meeting,
    /// Somebody is brought there or something is.
    Sure,
    /// Somebody lives there, or it is called an address.
    Addressed,
}

/// The end of a street that starts at `at`, if the words before it announce one.
///
/// `number` is the next word behind that has a digit, or the end.
pub(super) fn street(words: &[Word], at: usize, number: usize) -> Option<usize> {
    let first = &words[at];
    let possible = first.digits > 1
        || first.capital && first.digits == 0 && number <= at + NAME_WORDS
        || number == at + 1 && may_be_named(words, at);
    // Most names and numbers are told from streets by the word before them.
    let led = |before: &Word| before.may_be(kinds::LEADING) && leads(&before.lower);
    if !possible || at == 0 || first.gap <= Gap::Comma && !led(&words[at - 1]) {
        return None;
    }
    let Some((end, shape)) = shape(words, at) else { return small(words, at) };
    if first.digits > 0 && words[at.saturating_sub(2)..at].iter().any(|word| is_code(&word.lower)) {
        return None;
    }
    let strength = strength(words, at)?;
    // "Rose House 413 Rue Antoinette": the number is the next street's.
    if let Some(end) = super::anchor::behind_house(words, end - 1) {
        return Some(end);
    }
    let counted = words.get(end).is_some_and(|next| next.gap == Gap::Space && is_counted(&next.lower));
    let enough = match (strength, shape) {
        (Strength::Addressed, _) => true,
        // "come to 25 sarahs close"
        (_, Shape::SmallName) => false,
        (Strength::Sure, Shape::NumberFirst) => true,
        // "an uber to Heathrow 5", "back from Iraq 2007".
        (Strength::Sure, Shape::NumberLast { number }) => {
            let foreign = !first.lower.is_ascii();
            end > at + 2 || foreign || number.len() > 1 && !is_year(number)
        }
        (Strength::Meeting, Shape::NumberLast { number, .. }) => !is_hour(number),
        (Strength::Meeting, Shape::NumberFirst) => false,
    };
    (enough && !counted).then_some(end)
}

/// "my address is parmova 41", "we live at 410 hollis bend": a street in small letters, as far as the clause goes, where somebody
/// lives or that is called an address.
fn small(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    let end = if first.digits == 0 {
        let house = words
            .get(at + 1)
            .filter(|house| house.gap == Gap::Space && house.is_house_number() && house.digits <= 4)?;
        let ordinary = is_numbered(&first.lower)
            || cyrillic::is_no_name(&first.lower)
            || is_flat(&first.lower)
            || is_year(&house.lower);
        (!ordinary && house.lower != "24/7" && settled::names(words, at) > 0).then_some(at + 2)?
    } else {
        // "they live in 12 cities"
        let counts = matches!(words[at - 1].lower.as_ref(), "in" | "of" | "on" | "from" | "near" | "with");
        let names = settled::names(words, at + 1);
        let joined = words.get(at + 1).is_some_and(|name| name.gap == Gap::Space);
        (joined && !counts && first.is_house_number() && (1..=3).contains(&names)).then_some(at + 1 + names)?
    };
    // "from one side to level 12", "the address is taken. 12 years"
    let led = words[at].gap <= Gap::Comma || is_address_word(&words[at - 1].lower);
    let aside = words[at.saturating_sub(REACH)..at].iter().any(|word| matches!(word.lower.as_ref(), "side" | "corner"));
    (settled::ends(words, end) && led && !aside && is_addressed(words, at)).then_some(end)
}

/// Whether the word in small letters at `at`, which a number follows, may be a street that is announced.
pub(super) fn may_be_named(words: &[Word], at: usize) -> bool {
    let name = &words[at];
    // "address book 5"
    let led = |before: &str| is_preposition(before) || is_address_word(before) && !before.starts_with("addr");
    name.digits == 0 && name.letters >= 4 && at > 1 && name.gap == Gap::Space && led(&words[at - 1].lower)
}

/// Whether somebody lives at what begins at `at`, or it is called an address.
pub(super) fn is_addressed(words: &[Word], at: usize) -> bool {
    strength(words, at) == Some(Strength::Addressed)
}

#[derive(Clone, Copy)]
enum Shape<'a> {
    /// "Parmova 41", "87331 Parmova 41".
    NumberLast { number: &'a str },
    /// "81 Chalkokondili".
    NumberFirst,
    /// "83 chapel place".
    SmallName,
}

/// The end of what is shaped like a street and its number.
fn shape<'a>(words: &'a [Word], at: usize) -> Option<(usize, Shape<'a>)> {
    let leading = words[at].is_house_number() && words[at].digits >= 2;
    let name = at + usize::from(leading);
    let is_name = |(offset, word): &(usize, &Word)| {
        let joined = (*offset == 0 && !leading) || word.gap == Gap::Space;
        joined
            && word.digits == 0
            && (word.capital && !is_never_a_name(&word.lower) || *offset > 0 && joins(&word.lower))
    };
    let count = words.get(name..)?.iter().enumerate().take(NAME_WORDS).take_while(is_name).count();
    let named = &words[name..name + count];
    if named.iter().any(|word| is_numbered(&word.lower) || is_calendar(&word.lower)) {
        return None;
    }
    let behind = words.get(name + count).filter(|word| word.gap <= Gap::Comma);
    let house = behind.filter(|word| word.is_house_number() && (word.digits <= 4 || word.lower.contains('/')));
    // "lives at 83 chapel place"
    let ended = || {
        let is_name = |word: &&Word| {
            word.gap == Gap::Space && word.letters >= 3 && word.digits == 0 && !is_never_a_name(&word.lower)
        };
        let names = words[name..].iter().take(3).take_while(is_name);
        let last = name + names.take_while(|word| !word.is_street_word()).count();
        let end = words.get(last).filter(|end| end.gap == Gap::Space && end.is_street_word() && last > name);
        (leading && end.is_some()).then_some((last + 1, Shape::SmallName))
    };
    // "lives at 255 hersnapvej 18": two numbers make up for the capital.
    let small = || {
        let street = words.get(name).filter(|word| word.gap == Gap::Space && word.letters >= 5 && word.digits == 0)?;
        let house =
            words.get(name + 1).filter(|word| word.gap == Gap::Space && word.is_house_number() && word.digits <= 3)?;
        (leading && !is_never_a_name(&street.lower))
            .then_some((name + 2, Shape::NumberLast { number: house.lower.as_ref() }))
    };
    match (count, house) {
        (0, _) => small().or_else(ended),
        (_, Some(house)) if named[count - 1].letters > 1 || count > 1 => {
            Some((name + count + 1, Shape::NumberLast { number: house.lower.as_ref() }))
        }
        (_, None)
            if leading
                && named[count - 1].capital
                && named[count - 1].letters > 2
                && !named.iter().any(|word| is_counted(&word.lower)) =>
        {
            Some((name + count, Shape::NumberFirst))
        }
        _ => None,
    }
}

/// Whether what begins at `at` does so with its line, or behind a word that leads to it.
pub(super) fn begins(words: &[Word], at: usize) -> bool {
    let led = || leads(&words[at - 1].lower) || is_living(&words[at - 1].lower);
    at == 0 || words[at].gap >= Gap::Line || words[at].gap == Gap::Space && led()
}

/// Whether `word` may stand right before an address that is announced.
pub(super) fn leads(word: &str) -> bool {
    is_preposition(word) || is_address_word(word)
}

/// Whether `number` may be an hour of the day, with or without minutes, or a year.
fn is_hour(number: &str) -> bool {
    match number.parse::<u32>() {
        Ok(number) => {
            number <= 24
                || (1900..=2100).contains(&number)
                || (100..=2400).contains(&number) && number % 100 < 60 && number % 5 == 0
        }
        Err(_) => true,
    }
}

/// How surely the words before `at` lead to a street.
fn strength(words: &[Word], at: usize) -> Option<Strength> {
    let addressed = || words[at.saturating_sub(ADDRESS_REACH)..at].iter().any(|word| is_address_word(&word.lower));
    if words[at].gap > Gap::Comma || at == 0 {
        return addressed().then_some(Strength::Addressed);
    }
    let before = &words[at - 1];
    if is_address_word(&before.lower) {
        return Some(Strength::Addressed);
    }
    if !is_preposition(&before.lower) || words[at].gap == Gap::Comma {
        return None;
    }
    if addressed() {
        return Some(Strength::Addressed);
    }
    let mut strength = None;
    for here in (at.saturating_sub(1 + REACH)..at - 1).rev() {
        if words[here + 1].gap == Gap::Break {
            break;
        }
        let word = words[here].lower.as_ref();
        if is_living(word) {
            return Some(Strength::Addressed);
        }
        if is_brought(word) {
            return Some(Strength::Sure);
        }
        if is_sent(word) {
            strength = Some(Strength::Meeting);
        }
    }
    strength
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn sentences_announce_streets() {
        for (text, address) in [
            ("my address is Parmova 41, ok?", "Parmova 41"),
            ("she lives at Lille Vik 12 now", "Lille Vik 12"),
            ("Please change my address to 81 Chalkomi for post", "81 Chalkomi"),
            ("call a taxi to Sireva 74, Dorpi. thanks", "Sireva 74, Dorpi"),
            ("Meet me at Willem Ruiterweg 177", "Willem Ruiterweg 177"),
            ("bor på Östavik 85", "Östavik 85"),
            ("mieszkam na Brzozowa 8", "Brzozowa 8"),
            ("Their office is at 4800 Fair Elms ok", "4800 Fair Elms"),
            ("Can you check the address? Via Guanti Nuovi 58", "Via Guanti Nuovi 58"),
            ("address: Tacuaremba 2365", "Tacuaremba 2365"),
            ("he had given me his address: 87331 Parmova 56, Studenz", "87331 Parmova 56, Studenz"),
            ("eva lives at 255 hersnavej 18, ok", "255 hersnavej 18"),
            ("lives on Via dei Fiori 17 street", "Via dei Fiori 17"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn other_sentences_announce_none() {
        for text in [
            "meet me at Dennys 12",
            "meet at 30 mikes place",
            "come to 25 sarahs close",
            "deliver to 30 homes 12 pm",
            "Meet me at Macys 1830",
            "meet u at Gate 45",
            "she lived in Berlin 10 years",
            "we moved to Windows 11",
            "sent to Anna 30 minutes ago",
            "live in Zone 2",
            "my email address has 3 Dots",
            "staying in Room 305",
            "delivered to 30 Countries",
            "party at Studio 54",
            "uber to Heathrow 5",
            "Your parcel code is 4829. Show it",
            "he returned from Iraq 2007",
            "party at Club 55",
            "lives at 9 Eastern",
            "It is 45 Degrees",
            "we address Chapter 12 next",
            "the address is 12 characters long",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
