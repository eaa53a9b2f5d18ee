//! Lines that are nothing but a street, as people answer "where?": "calle olmeda 12", "3 elmwood close", "ulmova ulica 45". What is too little
//! in the middle of a sentence is enough where nothing else is said, or only that somebody is or comes there.

use super::super::numbers::is_year;
use super::announced::{is_address_word, is_living, is_numbered};
use super::continental::{is_again, is_number_word_at, joins};
use super::small::{self, is_determiner, is_no_name, is_unit};
use super::town::is_remark;
use super::word::{Gap, Word};
use super::words::*;
use super::{city, cyrillic, door, english, grid, kinds, labelled, led, roads};
use crate::word_set::word_set;

/// The longest name of a street, in words.
const NAME_WORDS: usize = 4;

/// How many words before a street "address" may be.
const ADDRESS_REACH: usize = 3;

/// How many words of a line may lead to the street.
const LEAD_WORDS: usize = 5;

word_set! {
    /// Beginnings of streets in Latin letters that are hardly any other word where a name and a number end the line.
    is_start [STARTS]:
    "rue" "avenida" "avda" "rua" "rúa" "calle" "jalan" "jln" "jl" "ul" "ulica" "ulitsa" "ctra" "carretera" "chemin" "estrada" "strada" "praça" "impasse" "via" "viale" "piazza"
    "corso" "vicolo" "av" "avenue" "boulevard" "boul" "bd" "blvd" "plaza" "paseo" "ronda" "quai" "allée" "chaussée" "bulevardul" "calea" "șoseaua" "soseaua" "aleea"
    "trg" "nám" "náměstí" "námestie" "třída" "trieda" "tř" "ulice" "cesta" "travessa" "alameda" "glorieta" "rodovia" "travesía" "pasaje" "callejón" "rambla" "bulevar"
    "проспект" "проспекте" "бульвар" "бульваре" "переулок" "переулке" "p.zza" "p.za" "p.le" "c.so" "v.le" "l.go" "c/"
    "leoforos" "rehov" "rruga" "triq" "plac" "aleja" "osiedle" "carrer" "οδός" "οδος" "λεωφόρος" "λεωφορος" "λεωφ";

    /// Beginnings that need their full stop, or the word for a number behind the name, as they are other words as well.
    is_short_start [SHORT_STARTS]: "al" "os" "str" "pl" "r" "gang" "gg" "lorong" "perum" "jr" "cl" "sq" "tr" "bul";

    /// What somebody goes or sends by, so that "via" is no street.
    is_means:
    "zoom" "teams" "skype" "discord" "whatsapp" "telegram" "signal" "facetime" "messenger" "mail" "email" "e-mail" "sms" "text" "post" "phone" "paypal" "venmo" "zelle" "cash"
    "bus" "train" "uber" "taxi" "car" "flight" "plane" "ferry" "metro" "tram" "treno" "auto" "aereo" "link" "app" "web" "usb" "highway" "route" "exit";

    /// What a street in a sentence about it is, what is done there, or what an Italian course has.
    is_said_of_a_street:
    "libre" "libera" "llena" "piena" "pleine" "cheia" "vacía" "vacia" "vazia" "cortada" "cerrada" "fechada" "chiusa" "pulita" "sporca" "пробка" "пробки" "fermée" "fermé" "bloquée" "blocata" "larga" "stretta"
    "livello" "lezione" "modulo" "eliminatoria" "clasificatoria" "garaje" "garage";

    /// Words for a street behind its name, which the number follows.
    is_behind [BEHIND]:
    "ulica" "ulice" "cesta" "út" "útja" "utca" "utcája" "tér" "körút" "köz" "sétány" "gatve" "gatvė" "iela" "tänav" "puiestee" "mnt" "sokak" "sokağı" "sok" "caddesi" "cad" "bulvarı"
    "straße" "strasse" "gasse" "weg" "platz" "allee" "laan" "straat" "plein" "vägen" "gatan" "torget" "torg" "katu" "polku" "vei" "veien" "plass" "vej" "gade" "plads" "trg" "náměstí"
    "nám" "námestie" "aikštė" "laukums" "prospektas" "prospekts" "etorbidea" "kalea" "soi";

    /// Of one or two letters, with their full stop alone.
    is_short_behind [SHORT_BEHIND]: "u" "g" "pr" "al" "tn" "str" "cd" "pl";

    /// What announces an address.
    is_label: "addr" "address" "addy" "adresse" "adres" "adresa" "dirección" "direccion" "endereço" "endereco" "indirizzo";

    /// What leads to a street, if [`is_person_or_way`] or a word of living stands before it.
    is_preposition: "at" "to" "in" "en" "na" "no" "à" "au" "der" "w" "v" "på" "i" "op" "aan" "is";

    /// That somebody is there, comes there or has something brought there.
    is_person_or_way:
    "im" "i'm" "come" "meet" "moved" "addr" "address" "send" "ship" "drop" "sto" "bin" "jsem" "jsuis" "suis" "sono" "sunt" "sou" "estoy" "estou";

    /// What may end a line behind a street.
    is_last_word: "pls" "please" "thanks" "now" "ok" "x" "xx" "stp" "svp" "porfa" "pfv" "bitte";

    /// What French says behind the number of a house.
    is_french [FRENCH]: "rue" "avenue" "boulevard" "boul" "av" "bd" "blvd" "chemin" "allée" "allee" "impasse" "quai";
}

/// The end of a street that begins at `at` and ends its line; `number` is the next word behind that has a digit, or the end.
#[inline]
pub(super) fn end(words: &[Word], at: usize, number: usize) -> Option<usize> {
    (words[at].digits > 0 || may_be(words, at, number)).then(|| found(words, at, number)).flatten()
}

/// As [`end`], where there may be one.
fn found(words: &[Word], at: usize, number: usize) -> Option<usize> {
    if let Some(end) = grid::corner(words, at, number) {
        return Some(end);
    }
    if words[at].digits > 0 {
        // Few numbers have a street behind them, so that what leads to them is looked at last.
        return match french(words, at, false) {
            Some(end) => (begins(words, at) || led::leads_to_house(words, at)).then_some(end),
            None => english::street(words, at).or_else(|| roads::housed(words, at)).filter(|_| begins(words, at)),
        };
    }
    if !begins(words, at) {
        return led::end(words, at);
    }
    // "no 8 jalan olmawar"
    let numbered =
        words[at].lower == "no" && words.get(at + 1).is_some_and(|house| house.gap == Gap::Space && house.digits > 0);
    if numbered {
        return french(words, at + 1, true);
    }
    grid::crossing(words, at)
        .or_else(|| grid::numbered(words, at))
        .or_else(|| started(words, at))
        .or_else(|| named_before(words, at))
        .or_else(|| suffixed(words, at))
        .or_else(|| city::behind_house(words, at))
        .or_else(|| labelled::in_city(words, at))
}

/// Whether such a street may begin with the word at `at`, which has no digit: what it is and what stands before the number tell most
/// others at one look.
fn may_be(words: &[Word], at: usize, number: usize) -> bool {
    if number > at + NAME_WORDS + 2 || number == words.len() {
        return false;
    }
    let (first, house) = (&words[at], &words[number]);
    let in_city = || first.letters >= 4 && (2..=3).contains(&house.digits);
    let named_before =
        || words[number.saturating_sub(2).max(at + 1)..number].iter().any(|behind| behind.may_be(kinds::BEHIND));
    first.may_be(kinds::LINE)
        || number <= at + 2 && (in_city() || has_street_suffix(&first.lower))
        || number <= at + 5 && named_before()
}

/// Whether the word at `at` is the first of its line, or only words that say that somebody is or comes there stand before it.
fn begins(words: &[Word], at: usize) -> bool {
    if at == 0 || words[at].gap >= Gap::Line {
        return true;
    }
    let before = &words[at - 1].lower;
    let first = (at.saturating_sub(LEAD_WORDS)..at).rev().find(|&first| first == 0 || words[first].gap >= Gap::Line);
    let Some(first) = first.filter(|_| words[at].gap <= Gap::Comma) else { return false };
    let is_place = |word: &Word| is_living(&word.lower) || is_person_or_way(&word.lower);
    // "mi dirección es", "alamat saya"
    let near = (at.saturating_sub(ADDRESS_REACH)..at).rev().take_while(|&before| words[before + 1].gap == Gap::Space);
    let mut near = near.map(|before| &words[before].lower);
    near.any(|word| is_address_word(word))
        || is_label(before)
        || if is_preposition(before) { words[first..at].iter().any(is_place) } else { is_living(before) }
}

/// Whether the line, or what a comma ends of it, ends before `at`.
pub(super) fn ends(words: &[Word], at: usize) -> bool {
    words.get(at).is_none_or(|next| next.gap >= Gap::Comma)
}

/// Whether it does, or only "thx" follows.
pub(super) fn nearly_ends(words: &[Word], at: usize) -> bool {
    let is_last = |word: &Word| is_remark(&word.lower) || is_last_word(&word.lower);
    ends(words, at) || words.get(at).is_some_and(is_last) && ends(words, at + 1)
}

/// The end of the house at `at`, the door behind it, and the postcode with its large city behind that: "8 8001 zürich".
pub(super) fn house(words: &[Word], at: usize) -> Option<usize> {
    let labelled = usize::from(is_number_word_at(words, at));
    let number = words.get(at + labelled)?;
    let is_house = number.gap <= Gap::Comma && number.is_house_number() && !number.hash && number.digits <= 6;
    let short = !is_clock(words, at + labelled) && number.lower.split(['-', '/']).all(|part| part.len() <= 5);
    let end = (is_house && short && !small::is_rating(&number.lower) && !is_year(&number.lower))
        .then(|| door::end(words, at + labelled + 1))?;
    let code =
        words.get(end).is_some_and(|code| code.gap == Gap::Space && code.is_number() && (4..=5).contains(&code.digits));
    Some(if code { city::end(words, end + 1).unwrap_or(end) } else { end })
}

/// "18:30": whether minutes are right behind the number at `at`.
pub(super) fn is_clock(words: &[Word], at: usize) -> bool {
    words.get(at + 1).is_some_and(|minutes| {
        minutes.gap == Gap::Break && minutes.digits == 2 && minutes.range.start == words[at].range.end + 1
    })
}

/// Where the name from `at` on ends, if nothing in it goes on with a sentence.
fn name(words: &[Word], at: usize, most: usize) -> Option<usize> {
    let is_part = |word: &&Word| {
        word.gap == Gap::Space
            && word.digits == 0
            && (joins(&word.lower) || !is_never_a_name(&word.lower))
            && !is_no_name(&word.lower)
            && !is_said_of_a_street(&word.lower)
            && !cyrillic::is_no_name(&word.lower)
            && !is_number_word(&word.lower)
    };
    let count = words.get(at..)?.iter().take(most).take_while(is_part).count();
    let own = |word: &Word| {
        word.letters >= 3
            && !is_calendar(&word.lower)
            && !is_numbered(&word.lower)
            && !is_unit(&word.lower)
            && !joins(&word.lower)
    };
    let first = words.get(at).is_some_and(|first| !is_means(&first.lower) && !is_calendar(&first.lower));
    (first && words[at..at + count].iter().any(own)).then_some(at + count)
}

/// "calle olmeda 12", "Via ulmina 9 int 3", "al. olmowa 45", "jl olmiran no 12".
pub(super) fn started(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    if !is_start(&first.lower) && !is_short_start(&first.lower) {
        return None;
    }
    let name_end = name(words, at + 1, NAME_WORDS)?;
    let stopped = || words[at + 1].range.start > first.range.end + 1;
    let sure =
        is_start(&first.lower) || is_short_start(&first.lower) && (stopped() || is_number_word_at(words, name_end));
    // "jalan olmawar 3 no 7"
    let numbered =
        words.get(name_end).is_some_and(|word| word.gap == Gap::Space && word.is_number() && word.digits <= 2)
            && is_number_word_at(words, name_end + 1)
            && first.lower.starts_with("j");
    let end = sure.then(|| house(words, name_end + usize::from(numbered))).flatten()?;
    nearly_ends(words, end).then_some(end)
}

/// "olmova ulica 45", "olmo lajos utca 12", "olmiaus g. 12-3".
fn named_before(words: &[Word], at: usize) -> Option<usize> {
    let behind = (at + 1..=at + 3).find(|&behind| {
        words.get(behind).is_some_and(|word| {
            let stopped = || words.get(behind + 1).is_some_and(|number| number.range.start > word.range.end + 1);
            word.gap == Gap::Space && (is_behind(&word.lower) || is_short_behind(&word.lower) && stopped())
        })
    })?;
    let plain = |word: &Word| {
        word.digits == 0
            && word.letters >= 2
            && !is_never_a_name(&word.lower)
            && !is_living(&word.lower)
            && !is_determiner(&word.lower)
            && !is_no_name(&word.lower)
            && !is_calendar(&word.lower)
            && !is_numbered(&word.lower)
    };
    let named = words[at..behind].iter().all(plain) && words[at + 1..behind].iter().all(|word| word.gap == Gap::Space);
    let end = (named && words[at].letters >= 3).then(|| house(words, behind + 1)).flatten()?;
    (nearly_ends(words, end) && !small::measures(words, end)).then_some(end)
}

/// "olmvejen 45", "olmengata 12", "ulmerintie 12 a 3".
fn suffixed(words: &[Word], at: usize) -> Option<usize> {
    let word = &words[at];
    // "cutie 10", "soitellaan 5"
    let long = word.letters >= 8 || !word.lower.ends_with("tie");
    let long = long && !word.lower.ends_with("llaan");
    let street =
        long && has_street_suffix(&word.lower) && !is_ordinary_way(&word.lower) && !word.lower.starts_with("einbahn");
    let house = street.then(|| house(words, at + 1)).flatten()?;
    // "12 a 3", "7 b 12": the stair and the flat, as Finland writes them.
    let stair = |at: usize| {
        let flat = words.get(at + 1).is_some_and(|flat| flat.gap == Gap::Space && flat.is_number() && flat.digits <= 3);
        words.get(at).is_some_and(|stair| stair.gap == Gap::Space && stair.letters == 1 && stair.digits == 0) && flat
    };
    let end = if stair(house) { house + 2 } else { house };
    nearly_ends(words, end).then_some(end)
}

/// "12 rue victor olmo", "8, avenue jeanne olmo": all of the name.
pub(super) fn french(words: &[Word], at: usize, numbered: bool) -> Option<usize> {
    let house = words[at].is_house_number() && words[at].digits <= 4;
    if !house || !words[at + 1..].iter().take(2).any(|start| start.may_be(kinds::START)) {
        return None;
    }
    let start = at + 1 + usize::from(is_again(words, at + 1));
    words.get(start).filter(|start| {
        let malay = numbered && matches!(start.lower.as_ref(), "jalan" | "jln" | "lorong");
        start.gap <= Gap::Comma && (is_french(&start.lower) || malay)
    })?;
    let end = name(words, start + 1, NAME_WORDS)?;
    // "12 rue olmo stp"
    let end = if is_remark(&words[end - 1].lower) && end > start + 2 { end - 1 } else { end };
    (nearly_ends(words, end) && !words[start + 1..end].iter().any(|word| word.lower == "of")).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn a_line_may_be_a_street() {
        for (text, address) in [
            ("calle olmeda 12", "calle olmeda 12"),
            ("Calle olmeda 12", "Calle olmeda 12"),
            ("plaza olmeda 3", "plaza olmeda 3"),
            ("via olmina 12", "via olmina 12"),
            ("im at via olmina 12", "via olmina 12"),
            ("sto in vicolo olmetto 4", "vicolo olmetto 4"),
            ("rua olmeira 12 thx", "rua olmeira 12"),
            ("al. olmowska 45", "al. olmowska 45"),
            ("jl olmiran no 12", "jl olmiran no 12"),
            ("where?\nolmova ulica 45", "olmova ulica 45"),
            ("olmo lajos utca 12", "olmo lajos utca 12"),
            ("olmino pr. 12", "olmino pr. 12"),
            ("olmvejen 45", "olmvejen 45"),
            ("ulmerinhelmintie 12 a 3", "ulmerinhelmintie 12 a 3"),
            ("olmova 12 beograd", "olmova 12 beograd"),
            ("elmengoff 45, tel aviv", "elmengoff 45, tel aviv"),
            ("calle 12 nro 456", "calle 12 nro 456"),
            ("cra 7 # 72-41 apto 301", "cra 7 # 72-41 apto 301"),
            ("12 rue victor olmo", "12 rue victor olmo"),
            ("moved to 8, avenue jeanne olmo", "8, avenue jeanne olmo"),
            ("3 elmwood close", "3 elmwood close"),
            ("52 st elms gdns", "52 st elms gdns"),
            ("27 elmfield approach, leeds", "27 elmfield approach, leeds"),
            ("8410 fm 1960", "8410 fm 1960"),
            ("88 elmwood ct", "88 elmwood ct"),
            ("16 canal walk", "16 canal walk"),
            ("9 elmwood grove bristol", "9 elmwood grove bristol"),
            ("ulmenweg 8 8001 zürich", "ulmenweg 8 8001 zürich"),
            ("no 8 jalan olmawar", "no 8 jalan olmawar"),
            ("sono in via delle olmine 8", "via delle olmine 8"),
            ("im at the corner of 5th and elm", "corner of 5th and elm"),
            ("drop me at 7th and elmway pls", "7th and elmway"),
            ("1400 county road 12", "1400 county road 12"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn lines_of_other_things_stay() {
        for text in [
            "via zoom 12",
            "via giugno 3",
            "plaza llena 3",
            "corso di 12 ore",
            "5 shops close",
            "12 tennis court",
            "10 nice place",
            "20 yard walk",
            "love u 2",
            "mein weg 12 km",
            "der platz 12",
            "cutie 10",
            "einbahnstraße 2",
            "heimweg 10",
            "gate 12 london",
            "barcelona 2 madrid",
            "calle 12 no 5 personas",
            "rue pleine 3",
            "str mods 18",
            "day 12 paris",
            "2 main courses",
            "3 rooms close",
            "22 jan close",
            "12 rose gardens",
            "boston 112 miami",
            "score 98 houston",
            "weekend 25 prague",
            "on 1st and foremost",
            "its a 20 min walk",
            "2 jalan keluar",
            "on 4th and goal",
            "on the 5th and 6th",
            "finished 7th and last",
            "at the corner of the bar at 5th",
            "due on 5th and friday",
            "4 ppl parade",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
