//! Streets with their word where somebody says that they are there, live there or that somebody is to come, however the sentence goes on:
//! "estoy en calle olmeda 23 baja ya", "jestem na ul. olmowej 14 gdzie jestes".

use super::announced::{is_address_word, is_living};
use super::continental;
use super::small;
use super::whole;
use super::word::{Gap, Word};
use super::words::*;
use super::{brought, inflected, led, onward};
use crate::redact::numbers::is_year;
use crate::word_set::word_set;

/// How many words before a street may say that somebody is or comes there.
const REACH: usize = 4;

word_set! {
    /// Words for a street before its name, and streets' endings with it.
    is_start:
    "calle" "c/" "av" "avda" "avenida" "carrera" "cra" "privada" "paseo" "ronda" "travesia" "travesía" "carretera" "ctra" "pasaje" "pje" "callejon" "callejón" "calz" "calzada" "blvd" "bulevar" "glorieta" "diagonal" "transversal" "diag" "cll" "cerrada" "circuito" "prolongacion" "prolongación" "camino" "plaza"
    "rua" "r" "praça" "praca" "largo" "praceta" "estrada" "rodovia" "ladeira" "corso" "piazza" "strada" "alameda" "travessa" "via" "viale" "vicolo" "ul" "al" "aleja" "jl" "jln" "jalan" "gang" "gg" "str" "bulevardul" "bd" "rue" "avenue" "boulevard" "aleea" "calea" "soseaua" "sos";

    is_place: "en" "em" "na" "in" "di" "pe" "ke" "sobre" "a" "es" "da" "è" "é" "sotto" "casa" "pra" "para" "no" "por" "w" "przy" "la";

    /// That somebody is or lives there, comes, or has something brought.
    is_staying:
    "estoy" "estamos" "estás" "estas" "ando" "andamos" "vivo" "vive" "vivimos" "viven" "fiesta" "cumple" "peda" "junta" "ven" "vente" "recógeme" "recogeme" "búscame" "buscame" "buscar" "pasame" "pásame" "traeme" "tráeme" "llega" "llegá" "llegas" "manda" "mandalo" "mándalo" "mándame" "mandame" "mudo" "mudé" "mude" "mudamos" "espero" "esperamos" "quedamos" "vemos" "juntamos" "direccion" "dirección" "piso" "depto" "reunión" "reunion"
    "to" "tô" "tou" "estou" "moro" "mora" "moramos" "festa" "vem" "cola" "entrega" "encontra" "tamo" "tamos" "mande" "uber" "encomenda" "busca" "pega"
    "sono" "sto" "siamo" "abito" "abita" "abitiamo" "vieni" "venite" "aspetto" "stiamo" "troviamo" "vediamo" "studio" "ufficio" "passa" "pacco" "indirizzo" "casa" "trasferito" "trasferita"
    "jestem" "jesteśmy" "jestesmy" "mieszkam" "mieszka" "mieszkamy" "impreza" "wpadaj" "przyjedź" "przyjedz" "czekam"
    "aku" "saya" "gue" "gw" "rumahku" "rumah" "kirim" "tinggal" "jemput" "sunt" "stau" "stăm" "locuiesc" "vino" "hai" "vedem" "adresa"
    "habite" "vis" "suis";

    /// What a number counts, beside units.
    is_counted:
    "minutos" "minuti" "minut" "minuty" "minutes" "minuten" "menit" "minute" "horas" "ore" "godzin" "jam" "stunden" "heures" "segundos" "gente" "pessoas" "personas" "persone" "amigos" "amici" "osób" "osob" "orang" "leute"
    "veces" "vezes" "volte" "razy" "kali" "mal" "meses" "mesi" "miesięcy" "bulan" "semanas" "tahun" "cuadras" "quadras" "casas" "coches" "pesos" "reais" "euros" "lei" "oameni" "zile" "luni" "ani" "bucks" "dias" "días" "giorni" "por" "per" "de" "di" "da" "x";
}

/// The end of such a street whose word is at `at`.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    if first.gap != Gap::Space || at < 2 || !is_start(&first.lower) || !is_place(&words[at - 1].lower) {
        return None;
    }
    let near = (at.saturating_sub(REACH)..at - 1).rev().take_while(|&here| words[here + 1].gap <= Gap::Comma);
    let manner = || {
        first.lower == "via"
            && words.get(at + 1).is_some_and(|way| led::is_manner(&way.lower) || whole::is_means(&way.lower))
    };
    if !near.into_iter().any(|here| is_staying(&words[here].lower)) || manner() {
        return None;
    }
    let name = small::name_end(words, at + 1).filter(|_| !is_calendar(&words[at + 1].lower))?;
    let house =
        name + usize::from(words.get(name).is_some_and(|label| small::is_label(&label.lower) || label.lower == "no"));
    let number =
        words.get(house).filter(|number| number.gap == Gap::Space && number.is_house_number() && number.digits <= 4)?;
    if whole::is_said_of_a_street(&words[name - 1].lower)
        || is_year(&number.lower) && *number.lower <= *"2040"
        || small::is_rating(&number.lower)
    {
        return None;
    }
    let hour = led::is_hour_at_square(words, at, house + 1);
    (!hour && onward::is_house(words, house, true)).then(|| continental::behind_house(words, house + 1))
}

/// Whether a word shortly before `at` says that somebody is, lives or comes there, or that it is an address.
pub(super) fn leads(words: &[Word], at: usize) -> bool {
    let near = (at.saturating_sub(REACH)..at).rev().take_while(|&here| words[here + 1].gap <= Gap::Comma);
    near.into_iter().any(|here| {
        let lower = words[here].lower.as_ref();
        is_staying(lower)
            || is_living(lower)
            || is_address_word(lower)
            || brought::is_german_call(lower)
            || brought::is_russian_call(lower)
            || inflected::is_polish_call(lower)
            || inflected::is_greek_call(lower)
    })
}

/// Whether the number at `house` is no count of what follows it: the clause ends, or it has two digits and no unit.
pub(super) fn goes_on(words: &[Word], house: usize) -> bool {
    let number = &words[house];
    let next = words.get(house + 1);
    let counted = next.is_some_and(|next| next.gap == Gap::Space && is_counted(&next.lower));
    !small::measures(words, house + 1)
        && !counted
        && next.is_none_or(|next| {
            next.gap >= Gap::Comma || !next.capital && next.digits == 0 && (number.digits >= 2 || number.letters > 0)
        })
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn streets_where_somebody_is_are_found_however_the_sentence_goes_on() {
        for (text, address) in [
            ("estoy en calle olmeda 23 baja ya", "calle olmeda 23"),
            ("wey estoy en av olmurgentes sur 1420 ven", "av olmurgentes sur 1420"),
            ("la fiesta es en calle olmedo 56 llega temprano", "calle olmedo 56"),
            ("mano to em alameda olmos 310 cade vc", "alameda olmos 310"),
            ("sono in via olmaldi 15 scendi", "via olmaldi 15"),
            ("sono in via olmaldi 15 luca scendi", "via olmaldi 15"),
            ("sono in via olmaldi 15 ragazzi", "via olmaldi 15"),
            ("aku di jl olmirman 10 motor merah", "jl olmirman 10"),
            ("jestem na ul. olmowej 14 gdzie jestes", "ul. olmowej 14"),
            ("aku di jl olmirman no 45 ya", "jl olmirman no 45"),
            ("sunt pe str olmilor 14 hai odata", "str olmilor 14"),
            ("bin in der ulmenstr. 24 komm vorbei", "ulmenstr. 24"),
            ("я на ул вязова 45 выходи", "ул вязова 45"),
            ("такси закажи на проспект вязов 101 плз", "проспект вязов 101"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn what_is_counted_in_a_street_is_none() {
        for text in [
            "estoy en calle cerrada 45 minutos",
            "estamos en la calle 20 personas",
            "vivo en calle vieja 20 años",
            "siamo in via olmaldi 4 amici",
            "siamo in via di 10 persone",
            "sono in via definitiva 20 volte",
            "jestem na al. olmowej 20 minut",
            "aku di jalan macet 45 menit",
            "to em rua cheia 20 min",
            "я на ул вязова 45 минут жду",
            "bin in der ulmenstr. 20 min",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
