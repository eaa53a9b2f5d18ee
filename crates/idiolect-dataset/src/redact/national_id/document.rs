//! Numbers of passports, licences and other documents, of phones and cars, which only the word right before them tells from other numbers.

use super::super::pattern::Pattern;
use super::super::{PiiKind, Span};

/// Words for a document, or what a person is known by as well, that has a number.
const NOUN: &str = r"(?: pass(?:port|eport) (?:['’]?s)? | pass(?:nummer | nr\.? | \x20 nr\.?) | pasaporte | passaport[oe] | reisepass(?:nummer|nr)? | paspoort(?:nummer)? | paszport[a-zäöüß]*
    | pasaport | driv(?:er|ing)['’]?s? \x20 (?:licen[cs]e|permit) | dl | führerschein[a-zäöüß]* | permis(?:\x20de\x20conduire)? | (?:permiso|licencia|carnet)\x20de\x20conducir
    | licencia | patente | carta\x20de\x20condu[cç][aã]o | cnh | rijbewijs[a-zäöüß]* | prawo\x20jazdy | ehliyet | körkort[a-zäöüß]* | førerkort[a-zäöüß]* | водительск[а-я]+(?:\x20[а-я]+)?
    | green\x20card | a-number | uscis | known\x20travell?er | ktn | residence\x20permit | brp | aufenthaltstitel | titre\x20de\x20séjour | (?:personal)?ausweis[a-zäöüß]* | perso(?:nr|nummer)?
    | carte\x20d['’]identité | cni | carta\x20d['’]identità | id(?:entity)?[-\x20](?:card|kort|kaart) | dow[oó]d(?:\x20osobisty)? | c[ée]dula | kimlik | medicare | mbi | voter\x20id
    | imei | vin | chassis | fahrgestellnummer | fin-nummer | sozialversicherungs(?:nummer|nr) | rentenversicherungs(?:nummer|nr) | versicherten(?:nummer|nr) | sv[-\x20]?(?:nummer|nr)
    | nik | tessera\x20sanitaria | health\x20card | library\x20card | medicaid (?:\x20id)? | mrn | medical\x20record | (?: policy | member(?:ship)? | student | patient | subscriber | employee | insurance ) (?: \x20 card )? \x20 (?: id | number | no | nr | num ) (?-u:\b)
    | (?: licen[cs]e | alien | identity | id | visa | personal\x20id ) \x20 (?:number|no|nr|num) (?-u:\b) )";

/// The same in scripts whose words need no borders.
const FOREIGN: &str = "паспорт(?:а|у)? | جواز(?:\\x20السفر)? | (?:رقم\\x20)?(?:الهوية|هويتي|الاقامة|الإقامة) | 护照 | 護照 | パスポート | 旅券 | 여권 | 驾照 | 驾驶证 | 運転免許証? | 운전면허(?:증)?";

/// "number", "is" and their like, and marks.
pub(super) const LINK: &str = r"(?: [\s:=\#.,(、，：–—-]+ | (?: n[°ºo][.:]? | nr | num | number | nummer | numer | numéro | n[uú]mero | id | card | series | is | was | es | est | ist | è | é | är | er | to | jest | 'S | 's ) [\s:=\#.,(–—-]+
    | номер | серия | 号码? | 號碼? | 番号 | 번호 | 是 | は | 는 | 은 )*";

/// A word of capitals and digits, or groups of digits.
const VALUE: &str = r"(?P<value> [A-Z9]{5} \x20 \d{6} \x20 [A-Z0-9]{5} | [A-Z]\d{3}(?:-\d{2,3}){3}-\d | \d{2} [\x20-] \d{6} [\x20-] \d{6} [\x20-] \d | \d{4}-\d{3}-\d{3}(?:-[A-Z]{2})? | \d{2,4}(?:-\d{3,4}){2} | \d{2} \x20? \d{2} (?: \x20? (?: номер | № ) )? \x20? \d{6} | \d{3} [\x20-] \d{3} [\x20-] \d{3,4} | [A-Z]{1,2} \x20? \d{2} \x20? \d{11} | [A-Z]{1,3} [\x20-]? \d{6,9} | [A-Z0-9]{4} - [A-Z0-9]{2,4} - [A-Z0-9]{2,4} | [A-Z0-9]{4} (?: - \d{4} ){2,3} | [A-Z]{2} - \d{5,9} | A \x20 \d{3} \x20 \d{3} \x20 \d{3} | \d{20} | \d{1,2}(?:\.\d{3}){3} | \d{2} \x20 \d{6} \x20 [A-Z] \x20 \d{3} | [A-Z0-9]{6,17} (?: -[0-9]{1,7} ){0,2} )";

static ANNOUNCED: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: (?: ^ | [^\p{{L}}\p{{N}}] ) {NOUN} (?: [\s:=\#.,(–—-]+ | ['’] ) | {FOREIGN} ) {LINK} {VALUE} (?: [^\p{{L}}\p{{N}}_] | [\p{{Han}}\p{{Hangul}}\p{{Hiragana}}\p{{Katakana}}] | $ )"
    )
});

/// "last 4 of my ssn are 4829"; of a card they are printed on every bill.
static LAST_FOUR: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}] ) (?: (?: ssn | social ) \x20 (?: (?: ends | ending ) \x20 (?: in | with ) | last \x20 (?: 4 | four ) ) | last \x20 (?: 4 | four ) (?: \x20 (?: digits | numbers ) )? \x20 (?: of | on ) \x20 (?: (?: my | ur | your | his | her | the ) \x20 )? (?: ssn | social (?: \x20 security (?: \x20 number )? )? | sin ) )
        [^.!0-9\p{L}]* (?: (?: is | are | was ) (?-u:\b) [\x20:]* )? (?P<value> \d{4} ) (?: [^\p{L}\p{N}] | $ )".to_owned()
});

/// The fewest digits of a document's number.
const DIGITS: usize = 3;

pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    let ends = LAST_FOUR.of(text).captures_iter(text).filter_map(|captures| captures.name("value"));
    found.extend(ends.map(|end| Span::new(PiiKind::NationalId, "national_id/last_four", end.range())));
    for value in ANNOUNCED.of(text).captures_iter(text).filter_map(|captures| captures.name("value")) {
        let digits = value.as_str().bytes().filter(u8::is_ascii_digit).count();
        let letters = value.as_str().bytes().filter(u8::is_ascii_alphabetic).count();
        // Eight digits may be a day: "passport 20310504".
        if digits >= DIGITS && (letters > 0 || digits >= 7) {
            found.push(Span::new(PiiKind::NationalId, "national_id/document", value.range()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    #[test]
    fn finds_numbers_behind_words_for_documents() {
        for (text, number) in [
            ("passport number: X1234567, expires 2031", "X1234567"),
            ("her passport is 123456789", "123456789"),
            ("reisepassnummer C01X00T47", "C01X00T47"),
            ("passeport n° 12AB34567", "12AB34567"),
            ("numéro: passeport 12AB34567", "12AB34567"),
            ("il passaporto è YA1234567", "YA1234567"),
            ("паспорт 45 08 123456", "45 08 123456"),
            ("паспорт серия 4508 номер 123456", "4508 номер 123456"),
            ("last 4 of my social are 4829", "4829"),
            ("last four of ssn? 4829", "4829"),
            ("护照号码E12345678", "E12345678"),
            ("パスポート番号はTK1234567です", "TK1234567"),
            ("driving licence MORGA657054SM9IJ", "MORGA657054SM9IJ"),
            ("drivers license no. D1234567", "D1234567"),
            ("driving licence - MORGA 657054 SM9IJ", "MORGA 657054 SM9IJ"),
            ("passport (X1234567)", "X1234567"),
            ("mein perso T220001293", "T220001293"),
            ("cedula 1.023.456.789", "1.023.456.789"),
            ("passport no – X1234567", "X1234567"),
            ("dl: 123 456 789", "123 456 789"),
            ("green card no SRC1234567890", "SRC1234567890"),
            ("visa number 12345678", "12345678"),
            ("DL# A123-4567-8901", "A123-4567-8901"),
            ("my medicare 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
            ("nik 3174012501900001", "3174012501900001"),
            ("policy number is HX-1234567", "HX-1234567"),
            ("insurance member id XJH123456789", "XJH123456789"),
            ("student id u1234567", "u1234567"),
            ("policy number 55-882-119", "55-882-119"),
            ("my mrn is 00482910", "00482910"),
            ("my ssn ends in 4829", "4829"),
            ("dl A123-456-78-901-0", "A123-456-78-901-0"),
            ("insurance card id W123456789", "W123456789"),
            ("alien number A 012 345 678", "A 012 345 678"),
            ("health card 1234-567-890-AB", "1234-567-890-AB"),
            ("my imei is 356938035643808", "356938035643808"),
            ("IMEI 35-693803-564380-8", "35-693803-564380-8"),
            ("VIN: 1HGCM82633A004352", "1HGCM82633A004352"),
            ("sv nummer 12 345678 A 123", "12 345678 A 123"),
            ("رقم الهوية 1023456789", "1023456789"),
            ("Sozialversicherungsnummer 12 345678 A 123", "12 345678 A 123"),
            ("Personalausweis Nr. L01X00T47", "L01X00T47"),
        ] {
            assert_eq!(found(text), [number], "{text:?}");
        }
    }

    #[test]
    fn leaves_talk_about_documents_alone() {
        for text in [
            "my passport expired in 2022",
            "passport renewal is 82.50",
            "passport photos 35x45",
            "driving licence test has 45 questions",
            "license to kill 007",
            "passport 2031",
            "last 4 on my card 4829",
            "last 4 of the social clubs",
            "passport control took 45 minutes",
            "id say 15000000 people",
            "visa 4111",
            "patente presa nel 2019",
            "permis de construire 2024",
            "student id costs 15 at the office",
            "policy number 4 says no",
            "policy number 12-11-2024",
            "vin rouge 2019 12",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
