//! German and Dutch streets called after where they lie or whose they are: "Am Mühlenbach 7", "bin jetzt Am Stadtpark 21",
//! "Straße der Ulmen 12", "Laan van Olmendijk 88".

use super::announced::{is_counted, is_numbered};
use super::small::{self, is_rating};
use super::whole;
use super::word::{Gap, Word};
use super::words::{is_calendar, is_never_a_name};
use super::{continental, door};
use crate::word_set::word_set;

word_set! {
    /// Prepositions that begin the name of a street.
    is_place: "am" "im" "an" "in" "auf" "zum" "zur" "hinter" "unter" "vor";

    /// Those that begin as many other phrases: "Im Vergleich 30".
    is_any_place: "im" "zum" "zur";

    /// Those that do without their article: "An American 45", "In Gruppe 4".
    needs_article: "an" "in" "auf" "hinter" "unter" "vor";

    is_article [ARTICLES]: "der" "die" "dem" "den" "das";

    /// Places where people meet at an hour, and what is numbered: "Am Bahnhof 7" is both.
    is_no_street:
    "bahnhof" "hauptbahnhof" "hbf" "flughafen" "gleis" "bahnsteig" "ende" "anfang" "angebot" "kino" "büro" "stadion" "hotel" "club" "restaurant" "café" "cafe" "internet" "fernsehen" "radio"
    "schnitt" "durchschnitt" "moment" "monat" "jahr" "tag" "abend" "morgen" "mittag" "nachmittag" "wochenende" "frühjahr" "sommer" "herbst" "winter" "telefon" "handy" "spiel" "kapitel" "absatz"
    "artikel" "band" "buch" "platz" "rang" "alter" "geburtstag" "tisch" "teil" "schritt" "haus" "auto" "zug" "bus" "fach" "kurs" "test" "lager" "regal" "tor" "stock" "urlaub" "krieg" "album"
    "konto" "klasse" "liste" "stadt" "schule" "kasse" "mitte" "nähe" "küche" "arbeit" "gruppe" "seite" "folge" "runde" "saison" "woche" "minute" "stunde" "prüfung" "tabelle";

    /// What the names of such streets end in, where nobody is at an hour as at a park or a station.
    is_field_end: "bach" "berg" "feld" "graben" "hang" "rain" "anger" "weiher" "busch" "kamp" "winkel" "acker" "brunnen" "hügel" "grund" "höhe" "eichen" "linden" "buchen" "gärten" "wiesen";
}

/// The end of such a street that begins at `at`; `number` is the next word behind that has a digit, or the end.
pub(super) fn street(words: &[Word], at: usize, number: usize) -> Option<usize> {
    /// "An der Alten Mühle 5": how many words may stand before the house.
    const REACH: usize = 4;
    let first = &words[at];
    if !first.capital || first.upper || number > at + REACH || number < at + 2 {
        return None;
    }
    let article = usize::from(words[at + 1].gap == Gap::Space && is_article(&words[at + 1].lower));
    let owned = matches!(first.lower.as_ref(), "straße" | "strasse" | "platz" | "allee")
        && matches!(words[at + 1].lower.as_ref(), "der" | "des" | "am" | "zum" | "zur")
        || first.lower == "laan" && matches!(words[at + 1].lower.as_ref(), "van" | "der");
    let name = at + 1 + if owned { 1 } else { article };
    let is_name = |word: &Word| {
        word.gap == Gap::Space
            && (word.capital && !is_never_a_name(&word.lower) || matches!(word.lower.as_ref(), "de" | "der" | "den"))
            && !is_no_street(&word.lower)
            && !is_calendar(&word.lower)
            && !is_numbered(&word.lower)
            && !is_counted(&word.lower)
    };
    let named = name < number && words[name..number].iter().all(is_name) && words[number - 1].letters >= 4;
    let house = &words.get(number).filter(|house| named && house.gap == Gap::Space && house.is_house_number())?;
    let end = number + 1;
    if house.digits > 3 || is_rating(&house.lower) || small::counts(words, end) {
        return None;
    }
    let behind = words.get(end).is_some_and(|next| next.gap == Gap::Space && is_counted(&next.lower));
    let possible = is_place(&first.lower)
        && (article > 0 || !needs_article(&first.lower))
        && (!is_any_place(&first.lower) || is_field(&words[number - 1].lower));
    let known = owned || possible && (is_within(words, at) || is_alone(words, at, number));
    (known && !behind).then(|| continental::behind_house(words, end))
}

/// "bin jetzt Am Stadtpark 21": a capital in the middle of a sentence.
fn is_within(words: &[Word], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &words[before]) else { return false };
    words[at].gap == Gap::Space && before.digits == 0 && (!before.capital || at == 1) && before.letters > 1
}

/// "Am Mühlenbach 7" and no more, where nobody meets at seven.
fn is_alone(words: &[Word], at: usize, house: usize) -> bool {
    let begins = at == 0 || words[at].gap >= Gap::Line;
    let housed = words[house].digits == 3
        || words[house].letters == 1
        || words[house].lower.parse().is_ok_and(|number: u16| number > 24);
    // "Auf dem Konto 250", "In der Klasse 30": with most prepositions the name has to tell.
    let housed = housed && matches!(words[at].lower.as_ref(), "am" | "an");
    begins && (housed || is_field(&words[house - 1].lower)) && whole::nearly_ends(words, door::end(words, house + 1))
}

/// "Mühlenbach", "Höhe".
fn is_field(name: &str) -> bool {
    const ENDINGS: [&str; 13] = [
        "bach", "berg", "feld", "graben", "grund", "hang", "rain", "weiher", "busch", "kamp", "winkel", "acker",
        "gärten",
    ];
    is_field_end(name) || ENDINGS.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn prepositions_begin_streets() {
        for (text, address) in [
            ("Am Ulmenbach 7", "Am Ulmenbach 7"),
            ("bin jetzt Am Ulmenpark 21", "Am Ulmenpark 21"),
            ("wir wohnen Am Ulmenhang 3", "Am Ulmenhang 3"),
            ("wohne An der Ulmer 12", "An der Ulmer 12"),
            ("An den Ulmen 114", "An den Ulmen 114"),
            ("Auf der Höhe 11", "Auf der Höhe 11"),
            ("komm zu Im Ulmengrund 4a", "Im Ulmengrund 4a"),
            ("Straße der Ulmen 12", "Straße der Ulmen 12"),
            ("bin in der Allee der Ulmen 12", "Allee der Ulmen 12"),
            ("Laan van Olmendijk 88", "Laan van Olmendijk 88"),
            ("kom naar Olmendijk 12", "Olmendijk 12"),
            ("kom naar olmendijk 12", "olmendijk 12"),
            ("Ulmenzollernring 8", "Ulmenzollernring 8"),
            ("wohne Ulmstadtring 8", "Ulmstadtring 8"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn sentences_begin_with_prepositions_too() {
        for text in [
            "Am Bahnhof 7",
            "Am Samstag 10",
            "Am Stadtpark 7?",
            "bin um 5 Am Bahnhof 7",
            "Im Kino 7",
            "Im Schnitt 25",
            "Im Vergleich 30",
            "ok Zum Vergleich 30",
            "spielt Im Finale 3 Tore",
            "In Summe 120",
            "Unter Druck 100",
            "wir sind In Gruppe 4",
            "play An American 45",
            "Im Grunde 4 Leute",
            "Am Markt 4 Euro",
            "In Berlin 30 Grad",
            "Am Hang 3 Stunden gewartet",
            "An der Kasse 3 Leute",
            "Platz der Woche gesucht 3",
            "Straße Richtung Ulm 5",
            "Engineering 101",
            "Offspring 5",
            "Substring 3",
            "Schlüsselring 8",
            "I Am Legend 7",
            "He Is In Group 4",
            "Auf dem Sparkonto 250",
            "In der Klasse 30",
            "sind In der Stadt 5",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
