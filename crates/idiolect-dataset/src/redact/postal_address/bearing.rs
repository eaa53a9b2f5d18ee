//! Streets that bear a word which is no other in its language, wherever in a sentence: "petőfi utca 3 gyere", "hol mich ab lindenstr. 8",
//! "podjedz na ul kwiatowa 3 plis", "berliner str. 45 hinterhaus".

use super::announced::{is_address_word, is_living};
use super::word::{Gap, Word};
use super::words::*;
use super::{city, continental, cyrillic, kinds, onward, small, staying, whole};
use crate::redact::numbers::is_year;
use crate::word_set::word_set;

/// The longest name of a street, in words.
const NAME_WORDS: usize = 3;

word_set! {
    /// Before the name.
    is_start [STARTS]:
    "ul" "ulica" "ulicy" "ulicę" "ulicą" "ulici" "jl" "jln" "gg" "str" "ул" "вул" "улица" "улице" "улицу" "улицы" "вулиця" "вулиці" "вулицю" "проспект" "проспекте" "проспекту" "пр-т" "просп" "пер" "переулок" "переулке" "бул" "бульвар" "бульваре"
    "наб" "площі" "οδός" "οδο" "οδού" "λεωφ" "λεωφόρος" "λεωφόρο" "λεωφόρου" "πλατεία" "kooche" "koocheh" "khiaban" "khiyaban" "rehov" "rechov" "os" "al" "pl" "пр" "calea" "aleea" "sos" "șos" "bd" "splaiul" "intrarea" "bulevardul" "strada";

    /// Of those, the ones that need their full stop or what leads to a house's number, as people write them about other things.
    is_doubtful: "jl" "jln" "ul" "gg" "str" "улица" "улице" "улицу" "улицы" "вулиця" "вулиці" "вулицю" "ulica" "ulicy" "ulicę" "ulicą" "ulici" "πλατεία" "проспект" "проспекте" "проспекту" "бульвар" "бульваре" "переулок" "переулке" "os" "al" "pl" "пр" "calea" "aleea" "sos" "bd" "splaiul" "intrarea" "bulevardul" "strada";

    /// Behind the name.
    is_behind [BEHIND]:
    "utca" "utcája" "utcában" "út" "útja" "tér" "tere" "körút" "körútja" "krt" "köz" "sétány" "rakpart" "fasor" "sokak" "sokağı" "sok" "sk" "cad" "caddesi" "cd" "bulvarı" "straße" "strasse" "str" "gasse" "gürtel" "nám" "náměstí" "u" "gate";

    /// Of those, the ones that need their full stop.
    is_stopped: "sk" "cd" "u" "nám" "krt";

    /// What a street behind its name is said to be, which is no name: "hosszú út 3", "dar sokak 5", "im langer straße 3".
    is_quality:
    "hosszú" "egész" "rövid" "nehéz" "oda" "vissza" "haza" "jó" "rossz" "több" "sok" "nagy" "kis" "szűk" "zöld" "szabad" "minden" "dar" "boş" "uzun" "kısa" "çıkmaz" "arka" "yan" "ana" "tek" "aynı" "bütün" "dik"
    "dieser" "jener" "einer" "keiner" "meiner" "deiner" "seiner" "ihrer" "unserer" "eurer" "jeder" "mancher" "welcher" "großer" "grosser" "kleiner" "langer" "breiter" "enger" "leerer" "voller" "nasser" "glatter" "anderer" "aller" "immer" "hinter" "unter" "über" "ruhiger" "steiler" "dunkler";

    /// What leads from a name to the number.
    is_number_label: "no" "nr" "nomor" "дом" "д" "буд" "pelak" "plak" "numara";
}

/// The end of such a street that begins at `at`; `number` is the next word behind that has a digit.
pub(super) fn end(words: &[Word], at: usize, number: usize) -> Option<usize> {
    let behind = number - usize::from(number > at + 1 && is_label(words, number - 1));
    let names = behind - at;
    if names == 1 {
        return suffixed(words, at, number);
    }
    let start = words[at].may_be(kinds::START) && is_start(&words[at].lower) && names <= NAME_WORDS + 1;
    if start {
        return started(words, at, behind, number);
    }
    let last = &words[behind - 1];
    (names <= NAME_WORDS && last.may_be(kinds::BEHIND) && is_behind(&last.lower))
        .then(|| named(words, at, behind, number))
        .flatten()
}

fn is_label(words: &[Word], at: usize) -> bool {
    words[at].gap == Gap::Space && is_number_label(&words[at].lower)
}

/// "podjedz na ul kwiatowa 3 plis", "вул. лесі українки 7а чекаю".
fn started(words: &[Word], at: usize, behind: usize, number: usize) -> Option<usize> {
    let first = &words[at];
    let stopped = words[at + 1].range.start > first.range.end + 1;
    let last = words[behind - 1].lower.as_ref();
    let labelled = behind < number || cyrillic::doors(words, number + 1) > number + 1;
    // "al. jana olmy 22", but "et al. 22"
    let polish = matches!(first.lower.as_ref(), "os" | "al" | "pl");
    if polish && (!stopped || !is_slavic(last)) {
        return None;
    }
    // "mau jl mall 10": Indonesian's "jl" is to go as well.
    let malay = || at > 0 && matches!(words[at - 1].lower.as_ref(), "di" | "ke" | "dari" | "alamat");
    let sure = !is_doubtful(&first.lower)
        || stopped
        || labelled
        || match first.lower.as_ref() {
            // Not "intrarea", which is any entrance: "la intrarea stadionului 5".
            "str" | "calea" | "aleea" | "sos" | "bd" | "splaiul" | "bulevardul" | "strada" => is_romanian(last),
            "jl" | "jln" => malay(),
            _ if first.lower.starts_with("ul") => is_slavic(last),
            _ => false,
        };
    let named = words[at + 1..behind]
        .iter()
        .all(|word| word.gap == Gap::Space && (is_name(word) || continental::joins(&word.lower)));
    (sure && named && last.chars().count() >= 3).then(|| house(words, at, number)).flatten()
}

/// "petőfi utca 3 gyere", "ben atatürk cad. 45 deyim", "berliner str. 45 hinterhaus".
fn named(words: &[Word], at: usize, behind: usize, number: usize) -> Option<usize> {
    let last = &words[behind - 1];
    let stopped = words[behind].range.start > last.range.end + 1;
    if is_stopped(&last.lower) && !stopped || last.gap != Gap::Space {
        return None;
    }
    let name = &words[behind - 2];
    let plain = words[at..behind - 1].iter().all(|word| {
        is_name(word) && !onward::is_onward(&word.lower) && !is_living(&word.lower) && !is_address_word(&word.lower)
    }) && words[at + 1..behind].iter().all(|word| word.gap == Gap::Space);
    let own = !is_quality(&name.lower) && !small::is_determiner(&name.lower) && name.letters >= 4;
    // "berliner str. 45"
    let german = match last.lower.as_ref() {
        "str" | "straße" | "strasse" | "gasse" | "gürtel" => name.lower.ends_with("er") && behind == at + 2,
        "u" => return (plain && own && stopped).then(|| hungarian(words, at, number)).flatten(),
        "gate" => name.lower.ends_with('s') && is_norwegian(words, at),
        _ => true,
    };
    (plain && own && german).then(|| house(words, at, number)).flatten()
}

/// "olmócsa u. 12", "Olmi u. 12, 1052 Budapest": what "u." is short for in other languages stands behind other words, or with no more of an address.
fn hungarian(words: &[Word], at: usize, number: usize) -> Option<usize> {
    let end = house(words, at, number)?;
    let placed = words[number - 2].capital && end > number + 1;
    (placed || is_accented(&words[at..number])).then_some(end)
}

/// Whether letters are among them that Hungarian has, and German and English have not.
pub(super) fn is_accented(name: &[Word]) -> bool {
    name.iter().any(|word| word.lower.contains(['á', 'é', 'í', 'ó', 'ú', 'ő', 'ű']))
}

/// "bor i karl olms gate 22": English has gates as well.
fn is_norwegian(words: &[Word], at: usize) -> bool {
    let led = at > 0 && matches!(words[at - 1].lower.as_ref(), "i" | "til" | "ved");
    let is_call = |word: &str| {
        matches!(
            word,
            "bor" | "er" | "fest" | "møt" | "kom" | "vi" | "jeg" | "send" | "adressen" | "hent" | "flyttet" | "sees"
        )
    };
    led && words[at.saturating_sub(4)..at].iter().any(|word| is_call(&word.lower))
}

/// "ist lindenstr. 8 da drüben"; "rosenweg 14" where a town follows behind a preposition.
fn suffixed(words: &[Word], at: usize, number: usize) -> Option<usize> {
    let word = &words[at];
    let settled = || has_street_suffix(&word.lower) && in_town(words, number + 1) > number + 1;
    let street = word.letters > 6
        && (settled() || has_sure_street_suffix(&word.lower) || word.lower.ends_with("strass"))
        && !is_ordinary_way(&word.lower)
        && !word.lower.starts_with("einbahn");
    street.then(|| house(words, at, number)).flatten()
}

/// Whether the word may be one of a street's name.
fn is_name(word: &Word) -> bool {
    word.digits == 0
        && word.letters >= 2
        && !is_never_a_name(&word.lower)
        && !small::is_no_name(&word.lower)
        && !cyrillic::is_no_name(&word.lower)
        && !whole::is_said_of_a_street(&word.lower)
        && !is_calendar(&word.lower)
}

/// "trandafirilor", "libertatii", "eminescu": how Romanian says whose street it is.
fn is_romanian(name: &str) -> bool {
    ["lor", "ului", "escu", "tatii", "ății", "iei", "rii"]
        .iter()
        .any(|ending| name.strip_suffix(ending).is_some_and(|stem| stem.chars().count() > 2))
}

/// "kwiatowa", "krótkiej", "mickiewicza": genitives and adjectives.
fn is_slavic(name: &str) -> bool {
    [
        "wa", "na", "ka", "ta", "sza", "cza", "ja", "ła", "ej", "ą", "ego", "ich", "ych", "ów", "ści", "kiego", "cia",
        "há", "lá", "rá", "tá", "ova", "ová", "ná", "ská", "ké",
    ]
    .iter()
    .any(|ending| name.ends_with(ending))
}

/// The end of the house at `at` behind a street that begins at `street`, with its door, postcode and town, if it is no count of what follows.
fn house(words: &[Word], street: usize, at: usize) -> Option<usize> {
    let number = words.get(at).filter(|number| number.gap == Gap::Space && number.is_house_number() && !number.hash)?;
    let short = number.digits <= 4 || number.lower.contains(['/', '-']);
    let year = is_year(&number.lower) || small::is_rating(&number.lower);
    if !short || year || whole::is_clock(words, at) || !onward::is_house(words, at, staying::leads(words, street)) {
        return None;
    }
    let end = continental::behind_house(words, at + 1).max(cyrillic::doors(words, at + 1));
    Some(in_town(words, end))
}

/// "schillerstr. 22 in 70182 stuttgart": the end of the postcode and town behind a preposition.
fn in_town(words: &[Word], at: usize) -> usize {
    let spaced = |at: usize| words.get(at).filter(|word| word.gap == Gap::Space);
    let led = spaced(at).is_some_and(|lead| matches!(lead.lower.as_ref(), "in" | "à" | "a" | "w"));
    let coded = led && spaced(at + 1).is_some_and(|code| code.is_number() && code.digits == 5);
    if !coded { at } else { city::end(words, at + 2).unwrap_or(at + 2) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn streets_that_bear_their_word_are_found_in_any_sentence() {
        for (text, address) in [
            ("hol mich von der ulmenstr. 8 ab", "ulmenstr. 8"),
            ("ist ulmenallee 77 direkt an der tram", "ulmenallee 77"),
            ("paket bitte an ulmengasse 3 danke", "ulmengasse 3"),
            ("i bi ar ulmenstrass 41 chunsch", "ulmenstrass 41"),
            ("komm ulmer str. 45 hinterhaus", "ulmer str. 45"),
            ("treffpunkt ulmringer gürtel 18 oder so", "ulmringer gürtel 18"),
            ("ich wohne in der ulmerstr. 22 in 70182 stuttgart", "ulmerstr. 22 in 70182 stuttgart"),
            ("olmő utca 3 gyere", "olmő utca 3"),
            ("a olmóczi út 44 alatt lakunk", "olmóczi út 44"),
            ("most költöztünk az olmak köz 4 be", "olmak köz 4"),
            ("papatolma sk. 7/2", "papatolma sk. 7/2"),
            ("ben olmatürk cad. 45 deyim", "olmatürk cad. 45"),
            ("podjedz na ul olmowa 3 plis", "ul olmowa 3"),
            ("czekam pod ulicą olmową 9", "ulicą olmową 9"),
            ("sejdem se na olmovském nám. 8", "olmovském nám. 8"),
            ("str olmafirilor 8 e casa galbena", "str olmafirilor 8"),
            ("ne vedem la calea olmoriei 120", "calea olmoriei 120"),
            ("я на ул вязов 12 жду", "ул вязов 12"),
            ("вул. олмі вязенки 7а чекаю", "вул. олмі вязенки 7а"),
            ("улица вязовая д 4 кв 9", "улица вязовая д 4 кв 9"),
            ("адрес пр вязов 101 к 2 кв 33", "пр вязов 101 к 2 кв 33"),
            ("μένω οδός φτελιών 112 έλα", "οδός φτελιών 112"),
            ("jemput di jl olmanga 3 blok b2", "jl olmanga 3 blok b2"),
            ("olmózsa u. 12 gyere", "olmózsa u. 12"),
            ("Olmi u. 12 3. emelet gyere", "Olmi u. 12 3. emelet"),
            ("Karl Olmi u. 12. Suite 38", "Karl Olmi u. 12. Suite 38"),
            ("Olmi u. 12 Budapest", "Olmi u. 12 Budapest"),
            ("bin an der ulmenstr. 24 tom wartet", "ulmenstr. 24"),
            ("calea olmoriei 128a lasa coletul", "calea olmoriei 128a"),
            ("suntem la intrarea olmionului nr 5", "intrarea olmionului nr 5"),
            ("khoone ma kooche olmeh pelak 7", "kooche olmeh pelak 7"),
            ("bor på olmsgatan 6 ring på", "olmsgatan 6"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn what_is_counted_in_a_street_or_is_none_stays() {
        for text in [
            "in der ulmenstraße 3 unfälle heute",
            "ulmenstraße 5 minuten von hier",
            "ulmenstraße 20 autos",
            "spielstraße 30 fahren",
            "auf langer straße 5 stau",
            "hosszú út 3 óra",
            "egész út 5 perc",
            "olmő utca 3 perc",
            "bu sokak 5 ev",
            "olma sokak 20 araba",
            "cd 5 tane",
            "ok u 5",
            "thank u 5 stars",
            "ul class 3 items",
            "na ulicy jest 5 osób",
            "gg well played 5",
            "str build 20 vit",
            "jl buntu 5 menit",
            "jalan kaki 10 menit",
            "на улице минус 20",
            "еду по ул вязов 15 минут",
            "улица пустая 20",
            "hela gatan 5 hus",
            "ulmenstraße 18:30",
            "im trimestr 2",
            "olmák tér 47 villamos",
            "olmő utca 12 lakás eladó",
            "ulmenstraße 70 gefahren",
            "ulmenstraße 30 zone",
            "ulmenstraße 20 demonstranten",
            "ул вязова 12 автобус",
            "calea olmoriei 15 politisti",
            "jl olmaga 12 kafe enak",
            "miss u. 12 days to go",
            "thank u. 20 is enough",
            "Told u. 12 noon works",
            "Lisa u. 2 Kinder",
            "sofa u 5",
            "schön u. 5 tage frei",
            "suntem la intrarea olmionului 5",
            "sos tatii 3",
            "str build iei 20",
            "mau jl mall 10",
            "aku jl kosan 15",
            "ga bisa jl naik 12",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
