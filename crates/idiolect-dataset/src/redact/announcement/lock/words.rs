//! What tells locks, doors and bells from each other, and what is done with their codes, where the classes of words do not say it.

use super::super::words::Class;
use crate::word_set::word_set;

word_set! {
    /// What a number right behind opens.
    is_safe:
    "sejf" "sejfu" "tresor" "cofre" "coffre" "cassaforte" "kluis" "сейф" "сейфа" "fuerte";

    /// With a word before them that says of what, the same: "bike lock", "key box", "key safe".
    is_box_end:
    "lock" "box" "safe" "pad";

    /// Such words.
    is_box_start:
    "bike" "suitcase" "luggage" "gym" "tsa" "lock" "key" "entry" "door" "gate";

    /// Of those, the ones behind which a code may stand after no more than "is" or a colon.
    is_door:
    "door" "gate" "entry" "entrance" "garage" "lobby" "portal" "portail" "haustür" "tür" "portone" "cancello" "portão" "portón" "poort" "deur" "подъезд" "калитка";

    /// What holds a combination.
    is_turned:
    "safe" "vault" "lock" "locker" "padlock" "luggage" "suitcase" "lockers" "gate" "tresor" "coffre" "cofre" "kluis" "сейф" "сейфа" "замок" "замка";

    /// Of those, the ones that are done with other numbers as well, unless "in" follows.
    is_loosely_typing:
    "hit" "push" "put" "key" "buzz" "tap" "try" "fais" "faites" "fai" "faz" "haz";

    /// The same behind the number.
    is_typed:
    "eintippen" "eingeben" "drücken" "eindrücken" "wpisać" "набрать" "ввести";

}

/// A code, by its name or by a name that ends so: "doorcode", "Türcode", "portkoden".
pub(super) fn is_code_word(word: &str, class: Class) -> bool {
    class.is(Class::CODE | Class::PIN)
        || matches!(word, "clave" | "ключ" | "şifre" | "şifresi" | "sifre" | "sifresi")
        || ["code", "kode", "kod", "koden"].iter().any(|ending| word.ends_with(ending))
}

pub(super) fn is_combination(word: &str) -> bool {
    ["combo", "combin", "kombin", "zahlenkombin", "комбин"].iter().any(|start| word.starts_with(start))
}

/// A word for codes of some kind that nothing but a code follows: "garagencode", "portkoden".
pub(super) fn is_code_of_kind(word: &str) -> bool {
    const HARMLESS: &[&str] = &[
        "bar",
        "post",
        "zip",
        "qr",
        "source",
        "strich",
        "gutschein",
        "promo",
        "rabatt",
        "dress",
        "quell",
        "error",
        "fehler",
        "country",
        "streepjes",
        "kortings",
        "streck",
        "area",
        "uni",
        "en",
        "de",
        "op",
        "byte",
        "short",
        "morse",
        "rabat",
        "tape",
        "geo",
        "trans",
    ];
    ["code", "kode", "kod", "koden"]
        .iter()
        .any(|ending| word.strip_suffix(ending).is_some_and(|kind| kind.len() >= 3 && !HARMLESS.contains(&kind)))
}

/// Names of boxes of three words.
pub(super) const LONG_BOXES: [[&str; 3]; 7] = [
    ["boîte", "à", "clés"],
    ["boîte", "à", "clé"],
    ["boite", "a", "cles"],
    ["caja", "de", "llaves"],
    ["caja", "de", "seguridad"],
    ["cofre", "de", "chaves"],
    ["cassetta", "delle", "chiavi"],
];
