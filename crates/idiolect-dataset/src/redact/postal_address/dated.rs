//! Streets named after a day: "Rua 7 de Setembro, 55", "Via XX Settembre 10", "12 rue du 8 mai 1945", "Október 23. utca 8".

use super::super::numbers::is_year;
use super::announced::{self, is_counted};
use super::word::{Gap, Word};
use super::words::*;
use super::{city, continental, door, kinds, led, settled, small};
use crate::word_set::word_set;

word_set! {
    /// Months as streets are called after them.
    is_month [MONTHS]:
    "janeiro" "fevereiro" "março" "marco" "abril" "maio" "junho" "julho" "agosto" "setembro" "outubro" "novembro" "dezembro"
    "enero" "febrero" "marzo" "mayo" "junio" "julio" "septiembre" "setiembre" "octubre" "noviembre" "diciembre"
    "gennaio" "febbraio" "aprile" "maggio" "giugno" "luglio" "settembre" "ottobre" "novembre" "dicembre"
    "janvier" "février" "fevrier" "mars" "avril" "mai" "juin" "juillet" "août" "aout" "septembre" "octobre" "décembre" "decembre"
    "januar" "februar" "märz" "april" "juni" "juli" "august" "september" "oktober" "november" "dezember"
    "stycznia" "lutego" "marca" "kwietnia" "maja" "czerwca" "lipca" "sierpnia" "września" "wrzesnia" "października" "pazdziernika" "listopada" "grudnia"
    "ledna" "máje" "února" "března" "dubna" "května" "června" "července" "srpna" "září" "října" "listopadu" "prosince"
    "januára" "februára" "apríla" "mája" "júna" "júla" "augusta" "septembra" "októbra" "novembra" "decembra" "oktobra" "januara" "februara" "marta" "aprila" "juna" "jula"
    "siječnja" "veljače" "ožujka" "travnja" "svibnja" "lipnja" "srpnja" "kolovoza" "rujna" "studenoga" "studenog" "prosinca"
    "ianuarie" "februarie" "martie" "aprilie" "iunie" "iulie" "septembrie" "octombrie" "noiembrie" "decembrie"
    "január" "február" "március" "április" "május" "június" "július" "augusztus" "szeptember" "október" "december"
    "ocak" "şubat" "mart" "nisan" "mayıs" "haziran" "temmuz" "ağustos" "eylül" "ekim" "kasım" "aralık"
    "января" "февраля" "марта" "апреля" "мая" "июня" "июля" "августа" "сентября" "октября" "ноября" "декабря"
    "січня" "лютого" "березня" "квітня" "травня" "червня" "липня" "серпня" "вересня" "жовтня" "листопада" "грудня" "март" "май" "септември"
    "ιανουαρίου" "φεβρουαρίου" "μαρτίου" "απριλίου" "μαΐου" "ιουνίου" "ιουλίου" "αυγούστου" "σεπτεμβρίου" "οκτωβρίου" "νοεμβρίου" "δεκεμβρίου";

    /// What leads from the word for a street to the day.
    is_genitive: "du" "des" "de" "del" "della" "do" "da" "dei" "of";

    /// Words for a street that are not among those of other streets.
    is_start [STARTS]: "straße" "strasse" "platz" "place" "route" "rond-point" "bul" "mah" "tér" "plaça" "praca";

    /// Beginnings of streets that are other words without their full stop: "dal 4 al 8 maggio 12".
    is_other_word: "al" "os" "pl" "pr" "ob" "cours" "vila" "zona" "conjunto" "setor" "acesso" "acceso" "circuito";

    /// Behind a number, these tell the hour.
    is_hour: "h" "hs" "hrs" "horas" "hora" "heures" "ore" "uhr" "godz" "godzin" "hod" "óra" "órakor" "saat" "ч" "часов";
}

/// The end of such a street that begins at `at`; `number` is the next word behind that has a digit, or the end.
pub(super) fn street(words: &[Word], at: usize, number: usize) -> Option<usize> {
    /// Words between the word for a street and the number behind it: "Straße des 17.", "Via del XX Settembre 10".
    const REACH: usize = 4;
    let first = &words[at];
    if first.digits > 4 || first.digits == 0 && number > at + REACH {
        return None;
    }
    let named = first.digits == 0 && first.may_be(kinds::START)
        || first.digits > 0 && words[at + 1..].iter().take(2).any(|next| next.may_be(kinds::START));
    if !named {
        return None;
    }
    let end = if first.digits == 0 {
        started(words, at).or_else(|| month_first(words, at))?
    } else {
        if let Some(end) = behind_house(words, at) {
            return Some(continental::behind_house(words, end));
        }
        day_first(words, at)?
    };
    Some(continental::behind_house(words, end))
}

/// "Rua 7 de Setembro, 55", "Bd. 1 Decembrie 1918 nr. 12", "Straße des 17. Juni 135".
fn started(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    if !is_street_start(&first.lower) && !is_start(&first.lower) {
        return None;
    }
    let stopped = || words.get(at + 1).is_some_and(|next| next.range.start > first.range.end + 1);
    if is_other_word(&first.lower) && !stopped() {
        return None;
    }
    let led = words.get(at + 1).is_some_and(|next| next.gap == Gap::Space && is_genitive(&next.lower));
    let end = date(words, at + 1 + usize::from(led))?;
    let end = house(words, end).or_else(|| house(words, of_year(words, end)?))?;
    let within = at > 0 && words[at].gap == Gap::Space;
    (!within || !led::is_hour_at_square(words, at, end)).then_some(end)
}

/// "12 rue du 8 mai 1945", "3 bis place du 14 juillet".
fn behind_house(words: &[Word], at: usize) -> Option<usize> {
    let start = at + 1 + usize::from(continental::is_again(words, at + 1));
    let [street, of] = words.get(start..start + 2)? else { return None };
    let named = street.gap <= Gap::Comma && (is_street_start(&street.lower) || is_start(&street.lower));
    if !named || !is_genitive(&of.lower) || of.gap != Gap::Space || !words[at].is_house_number() {
        return None;
    }
    let end = date(words, start + 2)?;
    Some(of_year(words, end).unwrap_or(end))
}

/// "Október 23. utca 8-10".
fn month_first(words: &[Word], at: usize) -> Option<usize> {
    let [month, day, street] = words.get(at..at + 3)? else { return None };
    let named = is_month(&month.lower) && is_day(day) && is_street_behind(&street.lower);
    (named && day.gap == Gap::Space && street.gap == Gap::Space).then(|| house(words, at + 3)).flatten()
}

/// "30 Ağustos Cad. No:12", and where a town, a door or the sentence says so "25 de Mayo 450, CABA", "17. listopadu 1126/43".
fn day_first(words: &[Word], at: usize) -> Option<usize> {
    let end = date(words, at)?;
    if words.get(end).is_some_and(|street| street.gap == Gap::Space && is_street_behind(&street.lower)) {
        return house(words, end + 1);
    }
    // "1 Decembrie 1918 nr 5"
    let labelled = |at: usize| continental::is_number_word_at(words, at).then(|| house(words, at)).flatten();
    if let Some(behind) = labelled(end).or_else(|| labelled(of_year(words, end)?)) {
        return Some(behind);
    }
    let behind = house(words, end)?;
    let number = &words[behind - 1];
    let large = number.digits >= 3;
    let door = door::end(words, behind);
    let placed = door > behind || city::end(words, door).is_some() || small::is_in_town(words, door);
    let own = large && (placed || number.lower.contains('/'))
        || settled::is_sure(words, door)
        // "25ης Μαρτίου 12": the street of the 25th.
        || words[at].lower.ends_with("ης")
        || announced::is_addressed(words, at);
    own.then_some(behind)
}

/// The end of the day and the month that begin at `at`: "7 de Setembro", "XX Settembre", "17. Juni".
fn date(words: &[Word], at: usize) -> Option<usize> {
    let day = words.get(at).filter(|day| is_day(day) || is_roman_day(day))?;
    let of = words.get(at + 1).is_some_and(|of| of.gap == Gap::Space && matches!(of.lower.as_ref(), "de" | "di"));
    let month = words.get(at + 1 + usize::from(of)).filter(|month| month.gap == Gap::Space)?;
    (day.gap != Gap::Comma && is_month(&month.lower)).then_some(at + 2 + usize::from(of))
}

/// "8 mai 1945", "30. svibnja 1990.": the end of the year that may belong to the day before `at`.
fn of_year(words: &[Word], at: usize) -> Option<usize> {
    let of = words.get(at).is_some_and(|of| of.gap == Gap::Space && of.lower == "de");
    let year = words.get(at + usize::from(of)).filter(|year| year.gap == Gap::Space && year.is_number())?;
    matches!(year.lower.parse(), Ok(1780..=2010)).then_some(at + 1 + usize::from(of))
}

/// "7", "1º", "1er", "6-ти".
fn is_day(word: &Word) -> bool {
    let number = word.lower.trim_end_matches(|c: char| !c.is_ascii_digit());
    (1..=2).contains(&word.digits) && word.letters <= 2 && matches!(number.parse(), Ok(1..=31))
}

/// "XX", "iv".
fn is_roman_day(word: &Word) -> bool {
    word.digits == 0 && word.letters <= 6 && word.lower.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'))
}

/// The end of the house at `at`, which is no year, no hour and no count: "7 de setembro 55 pessoas".
fn house(words: &[Word], at: usize) -> Option<usize> {
    let labelled = continental::is_number_word_at(words, at);
    let at = at + usize::from(labelled);
    let house = words.get(at)?;
    let short = house.lower.split(['-', '/']).all(|part| part.len() <= 4);
    let year = is_year(&house.lower) && !labelled && house.gap == Gap::Space;
    if house.gap > Gap::Comma || !house.is_house_number() || house.hash || !short || year {
        return None;
    }
    let counted = words.get(at + 1).is_some_and(|next| {
        let clock = next.digits == 2 && next.gap == Gap::Break && next.range.start == house.range.end + 1;
        let of = words.get(at + 2).is_some_and(|month| is_month(&month.lower));
        let counted = is_counted(&next.lower) || is_hour(&next.lower) || is_month(&next.lower) || of;
        clock || next.gap == Gap::Space && counted
    });
    (!counted && !small::counts(words, at + 1)).then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn a_day_may_be_the_name_of_a_street() {
        for (text, address) in [
            ("moro na Rua 7 de Setembro, 55", "Rua 7 de Setembro, 55"),
            ("moro na rua 13 de maio 44", "rua 13 de maio 44"),
            (
                "Rua 24 de Outubro, 811, Porto Olmo - RS, 90000-003",
                "Rua 24 de Outubro, 811, Porto Olmo - RS, 90000-003",
            ),
            ("Praça 1º de Maio, 10", "Praça 1º de Maio, 10"),
            ("vivo en Av. 5 de Mayo 34", "Av. 5 de Mayo 34"),
            ("25 de Mayo 450, CABA", "25 de Mayo 450, CABA"),
            ("Via XX Settembre 10", "Via XX Settembre 10"),
            ("ci vediamo in via xx settembre 10", "via xx settembre 10"),
            ("Via 1° Maggio 7", "Via 1° Maggio 7"),
            ("piazza 25 aprile 3", "piazza 25 aprile 3"),
            ("abito in piazza 25 aprile 3", "piazza 25 aprile 3"),
            ("c'est 12 rue du 8 mai 1945", "12 rue du 8 mai 1945"),
            ("5 place du 14 juillet", "5 place du 14 juillet"),
            ("40 rue du 4 septembre, 75002 Paris", "40 rue du 4 septembre, 75002 Paris"),
            ("Straße des 17. Juni 135, 10623 Berlin", "Straße des 17. Juni 135, 10623 Berlin"),
            ("wpadaj na ul. 11 Listopada 22/4", "ul. 11 Listopada 22/4"),
            ("mieszkam na 1 maja 12", "1 maja 12"),
            ("17. listopadu 1126/43", "17. listopadu 1126/43"),
            ("Október 23. utca 8-10", "Október 23. utca 8-10"),
            ("Bd. 1 Decembrie 1918 nr. 12", "Bd. 1 Decembrie 1918 nr. 12"),
            ("1 Decembrie 1918 nr 5", "1 Decembrie 1918 nr 5"),
            ("20 de Noviembre 82, Col. Centro, 06010 CDMX", "20 de Noviembre 82, Col. Centro, 06010 CDMX"),
            ("Ulica 30. svibnja 1990. 4", "Ulica 30. svibnja 1990. 4"),
            ("30 Ağustos Cad. No:12", "30 Ağustos Cad. No:12"),
            ("25ης Μαρτίου 12", "25ης Μαρτίου 12"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn a_day_is_mostly_a_day() {
        for text in [
            "na rua 7 de setembro tava cheia",
            "na rua 7 de setembro 55 pessoas",
            "7 de setembro 2026",
            "25 de mayo 12",
            "av 9 de julio 2026 feriado",
            "en la av 9 de julio 12 cuadras de gente",
            "calle 5 de mayo 9 am",
            "via 4 maggio 5 giugno tutto chiuso",
            "dal 4 al 8 maggio 12 posti",
            "in piazza 25 aprile 18:30",
            "ci vediamo in piazza 25 aprile 21",
            "la plaza 2 de mayo 20hs",
            "av 9 de julio 5to piso",
            "piazza 25 aprile 18 ore",
            "in corso xx settembre 2 feriti",
            "le 8 mai 1945",
            "on a 2 places du 14 juillet",
            "am 17. juni 135 leute",
            "3 maja 12 osób",
            "ul. 3 maja 5 osób",
            "28. října 12 lidí",
            "október 23. 10 óra",
            "30 ağustos 12 kişi",
            "25 μαρτίου 12 άτομα",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
