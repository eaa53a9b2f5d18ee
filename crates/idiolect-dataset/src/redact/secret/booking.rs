//! References of journeys and stays, which with a name open them: "pnr QX7K2P", "booking ref. 48291012".

use std::sync::LazyLock;

use regex::Regex;

use super::super::{PiiKind, Span};

/// Words for one, then six letters and digits, or digits alone.
static BOOKING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) (?-u:\b) (?: pnr | record \x20 locator | (?: booking | reservation | confirmation | itinerary ) \x20 (?: ref (?: erence )? \.? | code | number | num | no\.? | nr\.? | id | \# )
            | buchungs (?: code | nummer | nr\.? ) | reservierungs (?: code | nummer | nr\.? ) | boekings (?: code | nummer ) | bokningsnummer | bookingnummer
            | (?: num[ée]ro | n° | code | r[ée]f[ée]rence | r[ée]f \.? ) \x20 (?: de \x20 )? r[ée]servation | dossier \x20 voyage | localizador | (?: c[óo]digo | n[úu]mero ) \x20 (?: de \x20 | da \x20 )? reserva
            | codice \x20 (?: di \x20 )? prenotazione | numer \x20 rezerwacji )
          (?: \x20 (?: number | no\.? | code | for | the | my | our | ur | your | flight | hotel | is | was | it | its | it's | ist | lautet | es | est | è | é ) (?-u:\b) ){0,5}
          [\s:=\#.(-]{1,3} (?P<value> (?-i: [A-Z0-9]{6} ) | [a-z0-9]{6,10} | \d{3,6} (?: [.-] \d{3,6} ){1,3} | \d{6,14} ) (?: [^\p{L}\p{N}_-] | $ )",
    )
    .expect("the pattern is constant")
});

pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    for value in BOOKING.captures_iter(text).filter_map(|captures| captures.name("value")) {
        let shown = value.as_str();
        let is_capitals = shown.bytes().all(|byte| byte.is_ascii_uppercase());
        let shouted = is_capitals && !text.bytes().any(|byte| byte.is_ascii_lowercase());
        let digits = shown.bytes().filter(u8::is_ascii_digit).count();
        if is_capitals && !shouted || digits > 0 && shown.len() > digits || digits >= 6 {
            found.push(Span::new(PiiKind::Secret, "secret/booking", value.range()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    #[test]
    fn finds_what_opens_a_booking() {
        for (text, value) in [
            ("pnr QX7K2P", "QX7K2P"),
            ("booking ref QXKPZR for the flight", "QXKPZR"),
            ("my booking reference is qx7k2p.", "qx7k2p"),
            ("Booking Ref.: QX7K2P", "QX7K2P"),
            ("reservation number for the hotel is 48291012", "48291012"),
            ("confirmation number: 4829-1012-443", "4829-1012-443"),
            ("confirmation code is QX7K2P ok", "QX7K2P"),
            ("record locator QX7K2P", "QX7K2P"),
            ("Buchungscode: QX7K2P", "QX7K2P"),
            ("numéro de réservation : QX7K2P", "QX7K2P"),
            ("el localizador es QX7K2P", "QX7K2P"),
        ] {
            assert_eq!(found_by(find, text), [value], "{text:?}");
        }
    }

    #[test]
    fn leaves_talk_about_bookings_alone() {
        for text in [
            "booking number please",
            "booking ref for the flight is coming",
            "the reservation code didn't work",
            "confirmation number pending since 2024",
            "BOOKING NUMBER PLEASE",
            "reservation no problem",
            "flight number BA117 lands at 5",
            "flight no longer runs",
            "reservation for 1230 today",
            "booking id didnt arrive 20240115x",
        ] {
            assert_eq!(found_by(find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
