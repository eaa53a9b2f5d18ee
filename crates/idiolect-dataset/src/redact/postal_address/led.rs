//! Streets in small letters that bear their word, in the middle of a sentence: "nos vemos en calle olmeda 12", "kirim ke jl. olmawar no 7",
//! "on est au 8 avenue jeanne olmo". Where a preposition leads to the word and a clause ends behind the house, little else is said so.

use super::announced::is_living;
use super::whole;
use super::word::{Gap, Word};
use crate::word_set::word_set;

word_set! {
    /// What leads to a street that begins with its word. Articles do to any street: "en la calle eramos 20".
    is_lead:
    "en" "na" "no" "in" "a" "à" "ad" "al" "de" "pe" "ke" "di" "pra" "para" "pro" "w" "przy" "do" "po" "til" "naar" "op" "v" "ve" "на" "в" "по" "at" "on" "to"
    "es" "é" "è" "est" "c'est" "ist" "rdv" "moi" "ok";

    /// Where people meet: "ci vediamo in piazza olmi 18".
    is_square: "piazza" "plaza" "praça" "praca" "plaça" "place" "platz" "plac";

    /// What leads in French to a house.
    is_french_lead: "au" "à" "est" "c'est" "cest" "rdv" "du" "le" "moi" "vers";

    /// In Portuguese the street itself stands behind "a", and does something.
    is_portuguese: "rua" "travessa" "praça" "estrada" "ladeira" "alameda" "rodovia";

    /// Before Portuguese's "na", what says that something is there or comes there.
    is_there: "é" "e" "fica" "to" "tô" "tou" "estou" "aqui" "vem" "venha" "passa" "passe" "entrega" "encontra" "mora" "moro" "trabalho" "ser";

    /// What is settled "in via" so, in Italian.
    is_manner:
    "definitiva" "provvisoria" "eccezionale" "amichevole" "teorica" "ufficiale" "ufficiosa" "generale" "preliminare" "informale" "riservata" "telematica" "prioritaria" "sperimentale" "indiretta";
}

/// Whether French leads to the house at `at`.
pub(super) fn leads_to_house(words: &[Word], at: usize) -> bool {
    at > 0 && words[at].gap == Gap::Space && is_french_lead(&words[at - 1].lower)
}

/// The end of such a street that begins with its word at `at`.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let (first, before) = (&words[at], &words[at.checked_sub(1)?]);
    if first.gap != Gap::Space {
        return None;
    }
    // "en la av olmárez 300", but not "en la calle eramos 20"
    let avenue = before.lower == "la" && first.lower.starts_with("av") && at > 1 && is_lead(&words[at - 2].lower);
    if !is_lead(&before.lower) && !avenue || before.lower == "a" && is_portuguese(&first.lower) {
        return None;
    }
    let manner = match first.lower.as_ref() {
        "via" => words.get(at + 1).is_some_and(|manner| is_manner(&manner.lower)),
        // "in corso di stampa 5"
        "corso" => before.lower == "in" || before.lower == "è",
        _ => false,
    };
    let end = (!manner).then(|| whole::started(words, at)).flatten()?;
    if is_hour_at_square(words, at, end) {
        return None;
    }
    // "na rua parece 10" tells no address: Portuguese has the article in its preposition.
    let article = matches!(before.lower.as_ref(), "na" | "no") && is_portuguese(&first.lower);
    let there = || at > 1 && is_there(&words[at - 2].lower);
    (!article || end > at + 3 || there()).then_some(end)
}

/// Whether the number before `end`, behind a square that begins at `at` and is not said to be lived at, may be an hour.
pub(super) fn is_hour_at_square(words: &[Word], at: usize, end: usize) -> bool {
    let lives = words[at.saturating_sub(2)..at].iter().any(|word| is_living(&word.lower));
    is_square(&words[at].lower) && !lives && words[end - 1].lower.parse().is_ok_and(|hour: u8| hour <= 24)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn streets_with_their_word_are_found_in_sentences() {
        for (text, address) in [
            ("mi direccion es calle olmeda 45", "calle olmeda 45"),
            ("mi dirección es av olmárez 300", "av olmárez 300"),
            ("nos vemos en calle olmeda 45", "calle olmeda 45"),
            ("vivimos en la av olmárez 300", "av olmárez 300"),
            ("manda el paquete a calle olmeda 45", "calle olmeda 45"),
            ("mi direccion es cra 7 # 45-10", "cra 7 # 45-10"),
            ("la cita es en calle 50 n° 1120 la olmata", "calle 50 n° 1120"),
            ("meu endereço é av olmil 1500", "av olmil 1500"),
            ("a festa é na travessa olmete 22", "travessa olmete 22"),
            ("manda pra av olmil 1500 pfv", "av olmil 1500"),
            ("il mio indirizzo è via olmaldi 22", "via olmaldi 22"),
            ("ci vediamo in via olmaldi 22", "via olmaldi 22"),
            ("on est au 8 avenue jeanne olmo", "8 avenue jeanne olmo"),
            ("mon adresse est 8 avenue jeanne olmo", "8 avenue jeanne olmo"),
            ("meine adresse ist ulmenallee 82", "ulmenallee 82"),
            ("adressen er olmegata 5b", "olmegata 5b"),
            ("kom til olmegata 5b", "olmegata 5b"),
            ("moj adres to ul. olmowa 15", "ul. olmowa 15"),
            ("wpadaj na ul. olmowa 15", "ul. olmowa 15"),
            ("spotkajmy się na ul olmowa 15", "ul olmowa 15"),
            ("stau pe str. olmilor nr 7", "str. olmilor nr 7"),
            ("adresa mea e strada olmilor 7", "strada olmilor 7"),
            ("moje adresa je ul. olmová 12", "ul. olmová 12"),
            ("a címem olmi u. 19", "olmi u. 19"),
            ("kirim ke jalan olmawar 3 no 7 rt 02 rw 05", "jalan olmawar 3 no 7 rt 02 rw 05"),
            ("вязова 15 кв 4", "вязова 15 кв 4"),
            ("mój adres olmowa 15", "olmowa 15"),
            ("kirim ke jl. olmawar no 7", "jl. olmawar no 7"),
            ("alamat saya jalan olmawar no 7", "jalan olmawar no 7"),
            ("приезжай на проспект вязов 101", "проспект вязов 101"),
            ("мой адрес проспект вязов 101", "проспект вязов 101"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn sentences_about_streets_stay() {
        for text in [
            "en la calle eramos 20",
            "en calle cerrada 45",
            "la calle 45 euros",
            "a rua encheu 50",
            "na rua passaram 10",
            "na rua parece 10",
            "na rua tem 30",
            "na avenida eram 200",
            "in piazza erano 300",
            "in via definitiva 3",
            "via olmaldi è chiusa, 22 minuti di ritardo",
            "siamo in via di 10 persone",
            "in via zoom 12",
            "in corso di stampa 5",
            "nos vemos en plaza olmera 9",
            "ci vediamo in piazza olmi 18",
            "encontra na praça olmina 8",
            "quedamos en plaza olmor 18:30",
            "jugamos en calle contra ellos 3",
            "on est au 2 boulevard fermé",
            "pe strada mea 5",
            "on est au 2 avenue",
            "got 2 avenue q tickets",
            "na ulicy bylo 20",
            "pe strada erau 20",
            "pizza c/ queijo 20",
            "на проспекте пробка 8",
            "на улице минус 20",
            "my av speed 50",
            "my address book 5",
            "было 15 кв м",
            "the address is fine 100 percent",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
