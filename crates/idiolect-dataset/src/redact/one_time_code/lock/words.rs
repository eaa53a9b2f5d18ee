//! What locks, doors and bells are called, and what is done with their codes.

use crate::word_set::word_set;

word_set! {
    /// What has no number but its code.
    is_box:
    "keypad" "lockbox" "keybox" "keysafe" "padlock" "buzzer" "intercom" "digicode" "sleutelkluis" "sleutelkastje" "schlüsselsafe" "schlüsselbox"
    "schlüsseltresor" "schlüsselkasten" "zahlenschloss" "fahrradschloss" "kluisje" "candado" "cadenas" "cadeado" "lucchetto" "kłódka" "домофон" "домофона" "домофону" "domofon"
    "domofonu" "interphone" "telefonillo" "videocitofono" "citofono";

    /// What a number right behind opens.
    is_safe:
    "sejf" "sejfu" "tresor" "cofre" "coffre" "cassaforte" "kluis" "сейф" "сейфа" "fuerte";

    /// With a word before them that says of what, the same: "bike lock", "key box", "key safe".
    is_box_end:
    "lock" "box" "safe" "pad";

    /// Such words.
    is_box_start:
    "bike" "suitcase" "luggage" "gym" "tsa" "lock" "key" "entry" "door" "gate";

    /// What people go through, and what they keep things in; these have numbers as well.
    is_place:
    "door" "doors" "gate" "gates" "entry" "entrance" "lobby" "building" "garage" "safe" "vault" "lock" "locker" "lockers" "alarm" "shed" "luggage" "suitcase" "elevator" "lift" "bell"
    "portal" "portail" "porte" "immeuble" "bâtiment" "batiment" "coffre" "puerta" "portón" "porton" "reja" "edificio" "alarma" "portão" "portao" "porta"
    "prédio" "cofre" "cancello" "portone" "cassaforte" "tür" "haustür" "tor" "schloss" "fahrradschloss" "tresor" "alarmanlage" "poort" "deur" "kluis" "voordeur"
    "brama" "bramy" "bramie" "bramę" "furtka" "furtki" "furtce" "furtkę" "sejf" "sejfu" "klatki" "подъезд" "подъезда" "подъезде" "дверь" "двери" "калитка" "калитки" "калитку" "ворота" "ворот" "сейф"
    "сейфа" "замок" "замка" "porten" "dörren" "døren" "port" "kapı" "kapının" "apartman" "kasa" "kasanın" "현관" "공동현관" "대문";

    /// Of those, the ones behind which a code may stand after no more than "is" or a colon.
    is_door:
    "door" "gate" "entry" "entrance" "garage" "lobby" "portal" "portail" "haustür" "tür" "portone" "cancello" "portão" "portón" "poort" "deur" "подъезд" "калитка";

    /// Which of several doors.
    is_side:
    "back" "front" "side" "other" "inner" "outer" "inside" "outside" "upstairs" "downstairs" "second";

    /// What holds a combination.
    is_turned:
    "safe" "vault" "lock" "locker" "padlock" "luggage" "suitcase" "lockers" "gate" "tresor" "coffre" "cofre" "kluis" "сейф" "сейфа" "замок" "замка";

    is_combination:
    "combo" "combination" "kombination" "zahlenkombination" "combinaison" "combinación" "combinacion" "combinação" "combinazione" "комбинация";

    is_code:
    "codes" "код" "кода" "kodu" "kody" "código" "codigo" "codice" "cod" "codul" "şifre" "şifresi"
    "sifre" "sifresi" "clave" "pin" "ключ";

    /// What fingers do on a keypad.
    is_typing:
    "punch" "dial" "press" "type" "enter" "tap" "tape" "tapez" "compose" "composez" "marca" "marcas" "pulsa" "teclea" "digita" "digite" "aperte" "componi" "premi"
    "drück" "drücke" "tippe" "tipp" "toets" "druk" "wpisz" "wciśnij" "набери" "нажми" "набираешь" "buzz" "hit" "push" "put" "key" "fais" "faites" "fai" "faz" "haz";

    /// Of those, the ones that are done with other numbers as well, unless "in" follows.
    is_loosely_typing:
    "hit" "push" "put" "key" "buzz" "tap" "fais" "faites" "fai" "faz" "haz";

    /// The same behind the number.
    is_typed:
    "eintippen" "eingeben" "drücken" "eindrücken" "wpisać" "набрать" "ввести";

    /// What stands between those and the number.
    is_small:
    "in" "then" "the" "code" "on" "le" "el" "il" "den" "o" "код";

    is_opening:
    "open" "opens" "opened" "unlock" "unlocks" "unlocked" "disarm" "disarms" "abre" "abres" "ouvre" "ouvrir" "öffnet" "öffnen" "auf" "aufschließen" "aufschliessen" "aufmachen" "geht" "otwiera" "otwierasz" "apre" "apri"
    "открывается" "открыть" "открывай" "açılıyor" "åpnes" "öppnas";

    /// Of those, the ones that are done with nothing but a code.
    is_unlocking:
    "unlock" "unlocks" "disarm" "disarms";

    /// With what a sentence goes on behind a code, rather than with what there are so many of.
    goes_on:
    "then" "and" "to" "or" "if" "when" "at" "on" "the" "from" "so" "but" "now" "ok" "pls" "please" "y" "et" "und" "e" "i" "и" "luego" "puis" "dann" "poi" "depois";

    /// "the safe i set to 1515"
    is_setting:
    "set" "changed" "reset" "switched" "updated";

    is_with:
    "with" "w" "using" "con" "mit" "avec" "com" "z" "met" "med" "ile" "par" "кодом";

    is_link:
    "is" "was" "its" "it's" "it’s" "thats" "that's" "that’s" "are" "es" "est" "c'est" "ist" "lautet" "è" "é" "är" "er" "jest" "это";

    /// Words before a number that is a time, a price or a place instead.
    leads_elsewhere:
    "at" "by" "til" "till" "until" "from" "since" "around" "about" "after" "before" "room" "bus" "costs" "cost" "paid" "pay" "for" "over" "under" "than" "has" "have"
    "um" "ab" "bis" "seit" "für" "à" "depuis" "jusqu'à" "vers" "a" "las" "desde" "hasta" "às" "alle" "dalle" "om" "vanaf" "tot" "o" "od" "do" "в" "до" "с" "kl" "row" "flat"
    "unit" "apt" "apartment" "apartamento" "wohnung" "appartement" "квартира" "кв";

    /// What is typed behind a code.
    is_end_key:
    "hash" "star" "pound" "asterisk" "dièse" "étoile" "raute" "almohadilla" "hekje" "cancelletto" "решетка" "решётка";

    /// What comes behind "then" and "and", once a code is typed.
    is_next_key:
    "press" "hit" "hash" "enter" "star" "pound" "yes" "ok" "buzz" "push" "turn" "pull";
}

/// A code, by its name or by a name that ends so: "doorcode", "Türcode", "portkoden".
pub(super) fn is_code_word(word: &str) -> bool {
    is_code(word) || ["code", "kode", "kod", "koden"].iter().any(|ending| word.ends_with(ending))
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
