//! Number plates of vehicles, in the forms of the countries most write from, where a word announces them.

use super::super::pattern::Pattern;
use super::super::{PiiKind, Span};

/// Words for a plate.
const WORDS: &str = r"(?: (?: number | licen[cs]e | licence | registration | reg | car ) \x20 plates? | plates? | car \x20 reg | (?P<indian> gaadi | gadi | car | bike | scooty | scooter | vehicle | auto | cab | taxi | truck ) \x20 (?: no\.? | number | num ) | rego | registration | matr[ií]cula | placas? (?: \x20 d[eo] \x20 (?:mi\x20|meu\x20)? (?:coche|carro|auto) )? | plaque (?: \x20 d['’]immatriculation )? | immat(?:riculation)?
    | kennzeichen | nummernschild | targa | kenteken | rejestracj[aeięą] | tablice | nr \x20 rej | plaka(?:m|sı|mız)? | номер \x20 машины | гос\x20?номер | plat \x20 (?:nomor|no) | nopol )";

const FOREIGN: &str = "车牌号?码? | 車牌 | 차량?\\x20?번호";

/// "number", "is" and their like.
const LINK: &str = r"(?: [\s:=\#-] | (?: number | num | no\.? | nr\.? | is | are | es | est | ist | to ) (?-u:\b) | c['’]est | è | é | это | 是 | は | 는 | 은 )*";

/// As countries issue them. With spaces between, words and numbers look the same, so that all but a few count in capitals alone.
const FORM: &str = r"(?: [a-z]{2}[0-9]{2}\x20?[a-z]{3} | [0-9]{4}[\x20-]?[b-df-hj-np-tv-z]{3} | [a-z][0-9]{1,3}[a-z]{3} | [a-z]{2}-?[0-9]{3}-?[a-z]{2} | [a-z]{3}-?[0-9][a-z0-9][0-9]{2} | [a-z]{3}-?[0-9]{3}[a-z]? | [a-z]{3}[0-9]{2}[a-z]{1,2} | [0-9]{1,3}[a-z]{3}[0-9]{1,4}
    | [a-z]{2}-?[0-9]{1,2}-?[a-z]{1,3}-?[0-9]{4} | [0-9]{2}[a-z]{1,3}[0-9]{2,5} | [a-z0-9]{1,3}-[a-z0-9]{2,3}-[a-z0-9]{1,3}
    | (?-i: [A-Z]{2}\x20?[0-9]{1,2}\x20?[A-Z]{1,3}\x20[0-9]{4} | [A-ZÄÖÜ]{1,3}[\x20-][A-Z]{1,2}[\x20-]?[0-9]{1,4} | [A-Z]{2,3}\x20?[A-Z0-9]{4,5} | [0-9]{2}\x20[A-Z]{1,3}\x20[0-9]{2,5} | [A-Z]{1,2}\x20[0-9]{1,4}\x20[A-Z]{1,3} | [A-Z]{2}\x20[0-9]{3}\x20[A-Z]{2} | [A-Z]{3}\x20[0-9]{2,4}[A-Z]? )
    | [авекмнорстух][0-9]{3}[авекмнорстух]{2}\x20?[0-9]{2,3} | [\u{4e00}-\u{9fff}][a-z]·?[a-z0-9]{5,6} | [0-9]{2,3}[가-힣]\x20?[0-9]{4} )";

static PLATE: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: (?: ^ | [^\p{{L}}\p{{N}}] ) (?: {WORDS} {LINK} | reg (?: \x20? (?: is | no\.? | number | : ) )* \x20 ) | {FOREIGN} {LINK} ) (?P<value> {FORM} ) (?: [^\p{{L}}\p{{N}}-] | $ )"
    )
});

pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    if !may_hold_plate(text) {
        return;
    }
    for captures in PLATE.of(text).captures_iter(text) {
        let Some(plate) = captures.name("value") else { continue };
        // "car no BMW 320": so only India speaks of plates, which end in four digits there.
        let compact: Vec<u8> = plate.as_str().bytes().filter(u8::is_ascii_alphanumeric).collect();
        let of_india = compact.len() >= 8 && compact[compact.len() - 4..].iter().all(u8::is_ascii_digit);
        if captures.name("indian").is_some() && !of_india {
            continue;
        }
        let digits = plate.as_str().bytes().filter(u8::is_ascii_digit).count();
        let letters = plate.as_str().chars().filter(|c| c.is_alphabetic()).count();
        // A "placa" is a graphics card as well.
        let card = ["rtx", "gtx"].iter().any(|name| plate.as_str().to_ascii_lowercase().starts_with(name));
        if digits >= 2 && letters >= 1 && !card {
            found.push(Span::new(PiiKind::NationalId, "national_id/plate", plate.range()));
        }
    }
}

/// Whether a letter and a digit stand side by side, or a capital but a space or a hyphen away from one: the pattern is large, and most
/// people need none.
fn may_hold_plate(text: &str) -> bool {
    let beside = |pair: &[u8]| {
        let letter = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
        pair[0].is_ascii_digit() && letter(pair[1]) || letter(pair[0]) && pair[1].is_ascii_digit()
    };
    let near = |three: &[u8]| {
        matches!(three[1], b' ' | b'-')
            && (three[0].is_ascii_uppercase() && three[2].is_ascii_digit()
                || three[0].is_ascii_digit() && three[2].is_ascii_alphabetic())
    };
    text.as_bytes().windows(2).any(beside) || text.as_bytes().windows(3).any(near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    #[test]
    fn finds_plates_that_are_announced() {
        for (text, plate) in [
            ("plate is 7ABC123 if they ask", "7ABC123"),
            ("my reg is ab12 cde", "ab12 cde"),
            ("reg: ab12cde", "ab12cde"),
            ("number plate AB12CDE, blue", "AB12CDE"),
            ("license plate: ABC-1234", "ABC-1234"),
            ("rego abc12d", "abc12d"),
            ("car no MH 12 AB 4829", "MH 12 AB 4829"),
            ("car num UP16 BX 4829", "UP16 BX 4829"),
            ("gaadi number DL3CAB4829", "DL3CAB4829"),
            ("bike no KA03HG4829 hai", "KA03HG4829"),
            ("la matrícula es 1234 BCD", "1234 BCD"),
            ("placa do carro ABC1D23", "ABC1D23"),
            ("ma plaque c'est AB-123-CD", "AB-123-CD"),
            ("kennzeichen B-MK 1234", "B-MK 1234"),
            ("la targa è AB123CD", "AB123CD"),
            ("kenteken 12-ABC-3", "12-ABC-3"),
            ("plaka 34 ABC 123", "34 ABC 123"),
            ("plat nomor B 1234 XYZ", "B 1234 XYZ"),
            ("номер машины а123вс777", "а123вс777"),
            ("车牌京A12345", "京A12345"),
            ("차번호 12가3456", "12가3456"),
        ] {
            assert_eq!(found_by(find, text), [plate], "{text:?}");
        }
    }

    #[test]
    fn leaves_talk_about_plates_alone() {
        for text in [
            "car no BMW 320 anymore",
            "bike no KTM 390",
            "plate of 12 wings",
            "car no 2 is faster than car no 12",
            "taxi number 4829",
            "bike no 5 has no brakes since 2019",
            "plates are 20 for 300",
            "reg 20 for 2 days",
            "reg at 12 pm",
            "registration is at 10 am",
            "registration for 1200 kids",
            "plates for 120 and 2025 for us",
            "car plates 2025 for free",
            "registration opens 0930",
            "placa rtx3060 nova",
            "matricula 2025 abierta",
            "targa florio 1973",
            "two plates 25kg each",
            "plate is hot",
        ] {
            assert_eq!(found_by(find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
