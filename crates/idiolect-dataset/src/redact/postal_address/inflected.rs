//! Streets without their word in small letters, where somebody is, lives or comes, told by how their language bends the names of streets:
//! "живу на вязова 44", "μένω στην φτελιάς 12", "przyjedź na olmową 5/7", "estoy por olmames 1500".

use super::super::numbers::is_year;
use super::announced::{is_living, is_numbered};
use super::word::{Gap, Word};
use super::words::*;
use super::{brought, continental, cyrillic, onward, small, unnamed};
use crate::word_set::word_set;

/// How many words before a preposition may say that somebody is or comes there.
const REACH: usize = 4;

word_set! {
    /// What stands between what says so and the name.
    is_preposition: "на" "у" "с" "до" "к" "от" "возле" "дома" "στην" "στη" "στον" "στο" "na" "przy" "pod" "koło" "v" "ve" "u" "por" "en" "sobre" "a" "είναι";

    is_russian_call: "живу" "живем" "живём" "живет" "живёт" "адрес" "приезжай" "приезжайте" "приходи" "приходите" "подъезжай" "заезжай" "такси" "стою" "стоим" "доставка" "встретимся" "встречаемся" "выходи" "приїжджай" "приходь" "дома" "дом" "ждём" "ждем" "жду" "забери" "адреса" "чекаю" "зустрінемось" "мешкаю" "вызови";

    /// With "на" alone.
    is_russian_being: "я" "мы" "ми" "сижу" "сидим" "тусим" "квартира" "вписка" "буду" "будем";

    is_greek_call: "μένω" "μένει" "μένουμε" "μένουν" "είμαι" "είμαστε" "έλα" "ελάτε" "διεύθυνση" "στείλτο" "στείλε" "σπίτι" "ραντεβού" "γραφείο";

    is_polish_call:
    "jestem" "jesteśmy" "jestesmy" "mieszkam" "mieszka" "mieszkamy" "czekam" "wpadaj" "wpadajcie" "przyjedź" "przyjedz" "przyjdź" "przyjdz" "spotkajmy" "spotykamy" "podjedź" "podjedz" "impreza" "wyślij" "wyslij" "adres" "biuro" "stoję" "stoje" "taksówka" "paczka" "paczkę" "zamów"
    "jsem" "jsme" "bydlím" "bydlim" "bydlíme" "sejdeme" "sejdem" "přijeď" "přijď" "prijd" "prijed" "pošli" "posli" "čekám" "cekam" "adresa" "zastav" "bývám" "bývam" "som" "príď";

    is_spanish_call: "vivo" "vivimos" "vive" "juntamos" "buscar" "venite" "vení" "veni" "fiesta" "cumple" "asado" "juntada";

    /// Behind "por" alone: "estoy en diamante 1200".
    is_spanish_being: "estoy" "estamos" "ando" "andamos";

    /// What is bent so as well and is no street.
    is_no_street:
    "второй" "первой" "третьей" "другой" "такой" "какой" "большой" "этой" "самой" "новой" "старой" "каждой" "любой" "одной" "домой" "съемной" "съёмной" "половина" "половой" "машина" "корзина" "картина" "причина" "малина" "пятой" "шестой" "второго" "какого" "самого" "своей"
    "первая" "вторая" "третья" "большая" "какая" "такая" "новая" "минималка" "середина" "дачной" "рабочей" "последней" "главной" "страшной" "часовой" "дорогой" "скорой" "моей" "нашей" "каким-то" "полной" "обратной" "прямой" "сама" "снова" "слова" "иногда" "столовой" "парковка" "остановка" "тачка" "бабушка" "кафешка" "линейка" "тусовка" "точка"
    "πάντου" "παντού" "αλλού" "κάπου" "πουθενά" "πρωινού" "μεσημεριού" "απογεύματος" "μόνος" "έξω" "γύρω" "κάτω" "πάνω" "μπορείς" "έχεις" "θέλεις" "όμως" "μέρας" "ώρας" "βδομάδας" "εβδομάδας" "ηλικίας" "εμάς" "εσάς" "μας" "σας" "τους" "χωρίς" "αμέσως" "τώρας" "πόρτας" "στάσης" "γραμμής" "τάξης" "σελίδας" "πύλης" "δουλειάς" "χρόνων" "ετών" "λεπτών" "ωρών" "ευρώ"
    "γιώργου" "γιάννης" "κώστας" "δημήτρης" "νίκος" "θανάσης" "βασίλης" "μανώλης" "παναγιώτης" "ανδρέας" "μιχάλης" "αντώνης" "ηλίας" "λευτέρης" "μαρίας" "ελένης" "κατερίνας" "άννας" "σοφίας" "θωμάς" "λουκάς" "αλέξης" "στρατής" "χάρης" "σάκης" "τάκης" "μάκης" "άρης" "γιάννη" "κύριος" "νικόλας"
    "pierwszej" "drugiej" "trzeciej" "ostatniej" "kolejnej" "nowej" "starej" "innej" "każdej" "kazdej" "jednej" "samej" "całej" "której" "tej" "dobrej" "dziennej" "nocnej" "wolnej" "zdalnej" "jedną" "kolejną" "inną" "normalną" "porannej" "następnej" "następną" "nocną" "dzienną" "rannej" "pełnej" "własnej" "dawnej"
    "první" "druhé" "nové" "staré" "jiné" "každé" "celé" "jedné" "malé" "velké" "poslední" "dobré" "noční" "denní" "plné" "stejné" "další" "třetí" "stojné"
    "casa" "nivel" "copas" "rango" "trofeos" "puntos" "elo" "ranking" "episodio" "ruta" "kilometro" "kilómetro" "mercado" "transferencia" "facebook" "whatsapp" "internet" "ahora" "ultimo" "menos" "total" "favor" "hora" "horas" "semana" "delivery" "unos" "unas" "cerca" "arriba" "debajo" "encima" "persona" "cabeza" "gastar" "sesion" "sesión" "adelanto" "efectivo" "promedio" "aprox" "dolares" "dólares" "pesos";
}

/// The end of such a street that begins at `at`; `number` is the next word behind that has a digit.
pub(super) fn end(words: &[Word], at: usize, number: usize) -> Option<usize> {
    let (first, before) = (&words[at], &words[at.checked_sub(1)?]);
    // "san olmo 2450", "gran vía 50"
    let two = number == at + 2 && words[at + 1].gap == Gap::Space && is_first_of_two(&first.lower);
    if number != at + 1 && !two || first.gap > Gap::Comma || first.letters < if two { 3 } else { 4 } {
        return None;
    }
    let led = is_preposition(&before.lower);
    let name = &words[number - 1];
    if !led && first.lower.is_ascii()
        || is_no_street(&name.lower)
        || is_numbered(&name.lower)
        || is_calendar(&name.lower)
        || is_living(&name.lower)
    {
        return None;
    }
    let street = match name.lower.chars().next()? {
        '\u{400}'..='\u{52f}' => is_russian(words, at),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => is_greek(words, at),
        _ => is_slavic(words, at) || is_spanish(words, at, number) || is_gran_via(words, at, number),
    };
    if !street {
        return None;
    }
    house(words, number)
}

/// The end of the house at `at` with its door, if it is one.
fn house(words: &[Word], at: usize) -> Option<usize> {
    let number = words.get(at).filter(|number| number.gap == Gap::Space && number.is_house_number() && !number.hash)?;
    let short = number.digits <= 4 || number.lower.contains('/');
    let sure = short && !is_year(&number.lower) && !small::is_rating(&number.lower);
    (sure && onward::is_house(words, at, true))
        .then(|| continental::behind_house(words, at + 1).max(cyrillic::doors(words, at + 1)))
}

/// Whether a word before the preposition before `at`, or right before the name there, is one of `is`.
fn called(words: &[Word], at: usize, is: impl Fn(&str) -> bool) -> bool {
    let near =
        (at.saturating_sub(REACH)..at).rev().take_while(|&here| here + 1 == at || words[here + 1].gap <= Gap::Comma);
    near.into_iter().any(|here| is(&words[here].lower))
}

fn ends_with(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| word.ends_with(ending))
}

/// "живу на вязова 44", "приезжай садовая 15"
fn is_russian(words: &[Word], at: usize) -> bool {
    const ENDINGS: &[&str] = &[
        "ского",
        "цкого",
        "ская",
        "цкая",
        "ской",
        "цкой",
        "вая",
        "ная",
        "вой",
        "ную",
        "вую",
        "скую",
        "ського",
        "ській",
        "ська",
        "ської",
        "ного",
    ];
    // First names and the genitives of towns and other words end so as well: "приезжай полина 18", "такси до вязова 300".
    const NAMED_AFTER: &[&str] = &["ина", "ова", "ева", "ёва", "нка", "нко", "рка"];
    let before = words[at - 1].lower.as_ref();
    let name = words[at].lower.as_ref();
    let bent = ends_with(name, ENDINGS) || before == "на" && ends_with(name, NAMED_AFTER);
    bent && words[at].letters >= 5
        && match before {
            "на" => called(words, at, |word| is_russian_call(word) || is_russian_being(word)),
            _ if is_preposition(before) => called(words, at, is_russian_call),
            _ => is_russian_call(before) && before != "жду",
        }
}

/// "μένω στην φτελιάς 12", "είμαι φτελιάς 30"
fn is_greek(words: &[Word], at: usize) -> bool {
    let bent =
        ends_with(&words[at].lower, &["ου", "ού", "ων", "ών", "ας", "άς", "ης", "ής", "ους", "ωνος", "ώνος", "δος"]);
    let before = words[at - 1].lower.as_ref();
    let lead =
        is_greek_call(before) && before != "σπίτι" || is_preposition(before) && called(words, at - 1, is_greek_call);
    bent && lead && words[at].letters >= 5
}

/// "przyjedź na olmową 5/7", "jsem na olmové 12"
fn is_slavic(words: &[Word], at: usize) -> bool {
    const ENDINGS: &[&str] = &[
        "skiej", "ckiej", "owej", "nej", "wej", "łej", "giej", "chej", "tkiej", "iej", "ską", "cką", "ową", "wą", "ną",
        "ova", "ové", "ově", "ská", "ské", "cká", "cké", "ná", "né", "vá",
    ];
    let name = &words[at];
    let before = words[at - 1].lower.as_ref();
    matches!(before, "na" | "przy" | "pod" | "koło" | "v" | "ve" | "u")
        && name.letters >= 5
        && ends_with(&name.lower, ENDINGS)
        && called(words, at - 1, is_polish_call)
}

/// "estoy por olmames 1500", "vivo en san olmo 2450"
fn is_spanish(words: &[Word], at: usize, number: usize) -> bool {
    let name = &words[number - 1];
    // "estoy por pagar 1500"
    let verb = ends_with(&name.lower, &["ar", "er", "ir", "ando", "endo", "arte", "erte", "arlo", "arla", "mente"]);
    let large = (3..=4).contains(&words[number].digits) && words[number].letters == 0;
    let plain = large
        && !verb
        && name.letters >= if number > at + 1 { 4 } else { 5 }
        && !is_never_a_name(&name.lower)
        && !small::is_no_name(&name.lower)
        && !unnamed::is_no_street(&name.lower);
    let before = words[at - 1].lower.as_ref();
    plain
        && closes(words, number + 1)
        && match before {
            "por" => called(words, at - 1, |word| is_spanish_call(word) || is_spanish_being(word)),
            "en" | "sobre" | "a" => called(words, at - 1, is_spanish_call) && (at == number - 2 || before != "a"),
            _ => false,
        }
}

/// Whether a clause ends before `at`, or a Spanish one goes on about the house.
fn closes(words: &[Word], at: usize) -> bool {
    words.get(at).is_none_or(|next| {
        next.gap >= Gap::Comma
            || brought::ends(words, at)
            || unnamed::is_spanish_onward(&next.lower)
            || onward::is_onward(&next.lower)
            || next.digits > 0
    })
}

/// "recógeme en gran vía 50"
fn is_gran_via(words: &[Word], at: usize, number: usize) -> bool {
    number == at + 2 && words[at].lower == "gran" && matches!(words[at + 1].lower.as_ref(), "vía" | "via")
}

fn is_first_of_two(lower: &str) -> bool {
    matches!(
        lower,
        "gran"
            | "san"
            | "santa"
            | "santo"
            | "general"
            | "gral"
            | "coronel"
            | "doctor"
            | "presidente"
            | "juan"
            | "josé"
            | "jose"
            | "martin"
            | "martín"
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn bent_names_are_streets_where_somebody_is() {
        for (text, address) in [
            ("живу на вязина 44 второй подъезд", "вязина 44"),
            ("приезжай вязинская 15", "вязинская 15"),
            ("такси на вязовская 8 плиз", "вязовская 8"),
            ("выходи, я у дома вязовая 17", "вязовая 17"),
            ("мы у сани вязина 7 кв 15 подъезд второй", "вязина 7 кв 15"),
            ("приїжджай на вязинка 20", "вязинка 20"),
            ("είμαι φτελιάς 30", "φτελιάς 30"),
            ("μένω στην φτελιάς 12", "φτελιάς 12"),
            ("το σπίτι είναι φτελιάς 21", "φτελιάς 21"),
            ("Spotkajmy się na Wiązowskiej 84", "Wiązowskiej 84"),
            ("przyjedź na wiązową 5/7", "wiązową 5/7"),
            ("mieszkam na wiązowej 14 m 3", "wiązowej 14 m 3"),
            ("pošli to na jilmova 150", "jilmova 150"),
            ("estoy por olmames 1500 avisame", "olmames 1500"),
            ("che pasame a buscar por olmuchaga 1780", "olmuchaga 1780"),
            ("vivo en san olmo 2450 2do b", "san olmo 2450 2do b"),
            ("Recógeme en Gran Vía 50 por favor", "Gran Vía 50"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn other_words_are_bent_as_well() {
        for text in [
            "приезжай половина 5",
            "приезжай вязина 18",
            "такси до вязова 300",
            "забери до вязинка 12",
            "buscame en olmeam 7788",
            "pasame por olmopago 1500",
            "voy por olmota 1200",
            "приезжай часа 2",
            "мы на новой 15",
            "живу там года 3",
            "живу на втором 5",
            "мы на машине 5 часов",
            "было 15 кв м",
            "είμαι κάπου 10 λεπτά",
            "είμαι μόνος 30",
            "έλα Γιάννης 21",
            "έλα παντού 5",
            "jestem na pierwszej 20",
            "jestem na siłowni 40 min",
            "czekam na ostatniej 5",
            "wpadaj na ósmą 15",
            "estoy por pagar 1500",
            "estoy por el capitulo 1120",
            "estoy en nivel 1200",
            "lo vendo por facebook 1200",
            "vivo con 1500 al mes",
            "gran vía 20 minutos",
            "nos juntamos en octubre 2300",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
