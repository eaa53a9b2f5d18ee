//! PINs and PUKs: "my pin is 4829".

use std::ops::Range;

use super::super::numbers::is_year;
use super::super::pattern::{self, AnyOf, Led, Pattern};
use super::super::{PiiKind, Span, nearby, one_time_code};

/// What a number opens: a card, a bank, a device.
const OPENED: &str = r"(?: cajero | banco | tarjeta | bancomat | atm | cart[ãa]o | carte\x20bleue | carte | cb | (?:ec[-\x20]?)?karte | банкомат[а-я]* | карт[аыу] | kart[ya] | kort(?:et)? | bankomat[a-zéí]* | kartu | debit(?:o)? | cr[eé]dito? | bank | banque
    | visa | card | sim | tel(?:e?fon[a-zéí]*)? | téléphone | t[eé]l | телефон[а-я]? | handy | celular | m[óo]vil | cellulare | i?phone | ipad | tablet | laptop | computer | pc | cell | mobile | screen )";

/// Words of little weight between the parts of it.
const OF: &str = r"(?: for | to | of | on | de | del | della | do | da | du | von | vom | der | des | für | van | voor | för | til | ma | mon | ton | son | ta | sa | la | el | le | mi | my | ur | your | moms | dads | от | к | ku | saya | gue | the | meiner? )";

/// Words for a PIN.
const PIN: &str = r"(?P<noun> m?pin | puk | nip | пин | pass\x20?code | code \x20 (?: de \x20 (?: la | ma ) \x20 )? (?: carte | cb ) )";

/// Words for what may be another's, with what has a PIN behind or before them.
const OF_CARD: &str = r"(?P<of_card> clave | contraseña | contra | senha | código | codigo | codice | code \x20 de | entsperrcode | password | passwort | hasło | kod | пароль | код | geheimzahl | geheimnummer )";

const CARD_OF: &str = r"(?: ['’]?s )? \x20 (?: k[aie] \x20 )? (?: password | passwort | kod | lock | (?: un )?lock \x20 code | geheimzahl | şifre[a-z]* | jelszó )";

/// "is" and its like.
const LINK: &str = r#"(?: \s* [:=\#(\["“‘«–—-]+ \s* | \x20? [?\n] \s* | (?: \x20 | ['’]s \x20 ) (?: is | are | es | est | ist | lautet | è | é | är | er | jest | on | to | это | adalah | là | c['’]?est | c | e | hai ) (?: \x20 (?: le | la | el | now | still ) )? [\s:]+ | \x20 )"#;

static BEGINNING: Pattern =
    Pattern::new(|| format!(r"(?xi) (?: ^ | [^\p{{L}}\p{{N}}_] ) (?: {PIN} | {OF_CARD} \x20 | {OPENED} {CARD_OF} )"));

/// "pin 4829", "my PIN is: 4829", "clave del cajero 4829", "phone password is 4829".
static ANNOUNCED: Led = Led::new(&BEGINNING, || {
    format!(
        r"(?xi) ^ [^\p{{L}}\p{{N}}_]? (?: {PIN} (?: [-\x20]? (?: code | kod(?:en|e|u)? | код | number | no\.? | nr\.? ) )? (?: ['’]?s (?-u:\b) )?
              (?: (?: \x20 (?: {OF} | {OPENED} | bleue ) )+ | \x20 (?:for|to|of|on|de|del|della|do|da|du|von|vom|der|des|für|van|voor|för|til|ma|от|к) (?:\x20 [\p{{L}}'’]+){{1,4}}? )?
            | {OF_CARD} (?: \x20 {OF} )* \x20 {OPENED} | {OPENED} {CARD_OF} ) {LINK} (?P<value> \d{{4,12}} )"
    )
});

/// "4829 is my debit pin".
static BEFORE: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}_.,:/-] ) (?P<value> \d{4,8} ) ,? \x20 (?: is | thats | that['’]s | es | est | ist | è | é ) \x20 (?: the | my | ur | your | our | her | his | el | mi | le | mon | die | meine | il | mio | o | meu ) \x20 (?: [\p{L}'’]+ \x20 ){0,2} (?: pin | passcode | pin-?code ) (?: [^\p{L}\p{N}] | $ )".to_owned()
});

pub(super) fn find(text: &str, digits: usize, found: &mut Vec<Span>) {
    if digits < 4 || text.is_ascii() && !WORDS.is_in(text) {
        return;
    }
    let mut push = |noun: usize, value: Range<usize>| {
        let after = &text[value.end..];
        let after = &after[nearby::kisses(&text[value.clone()], after)..];
        let goes_on = after.starts_with(char::is_alphanumeric) || one_time_code::is_counted(after);
        if !goes_on && !is_in_a_game(&text[..noun]) {
            found.push(Span::new(PiiKind::Password, "password/pin", value));
        }
    };
    for matched in ANNOUNCED.captures_iter(text) {
        let (noun, of_card) = (matched.name("noun"), matched.name("of_card"));
        let Some(value) = matched.name("value") else { continue };
        // Behind a word for much else a year is one: "clave de la tarjeta 2030".
        if of_card.is_none() || !is_year(&text[value.clone()]) {
            push(noun.or(of_card).map_or(value.start, |noun| noun.start), value);
        }
    }
    if pattern::contains(text, "pin") || pattern::contains(text, "passcode") {
        for value in BEFORE.of(text).captures_iter(text).filter_map(|captures| captures.name("value")) {
            push(value.start(), value.range());
        }
    }
}

/// Words without one of which none of the patterns is found in ASCII.
static WORDS: AnyOf =
    AnyOf::new(&["pin", "puk", "nip", "cod", "clave", "contra", "senha", "passw", "lock", "kod", "geheim"]);

/// "game pin 482910" lets everybody into a quiz.
fn is_in_a_game(before: &str) -> bool {
    let before = nearby::words_before(before.trim_end(), 12).to_lowercase();
    ["game", "kahoot", "quiz", "map"].iter().any(|word| before.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(|text, spans| find(text, text.bytes().filter(u8::is_ascii_digit).count(), spans), text)
    }

    #[test]
    fn finds_pins() {
        for (text, pin) in [
            ("pin is 4829", "4829"),
            ("pin is 4829xx", "4829"),
            ("PIN: 482910", "482910"),
            ("PIN [4829]", "4829"),
            ("pin “4829”", "4829"),
            ("pin for the card is 4829", "4829"),
            ("il pin del bancomat è 4829", "4829"),
            ("PIN von der Karte ist 4829", "4829"),
            ("puk 48291029", "48291029"),
            ("pinkoden är 4829", "4829"),
            ("mpin 482910", "482910"),
            ("whats ur pin\n4829", "4829"),
            ("ur pin? 4829", "4829"),
            ("пин от карты 4829", "4829"),
            ("code carte 4829", "4829"),
            ("le code carte bleue 4829", "4829"),
            ("mon code carte c'est le 4829", "4829"),
            ("pin bancomat 48291", "48291"),
            ("пин карты 4829", "4829"),
            ("pin atm ku 482910", "482910"),
            ("el nip de la tarjeta 4829", "4829"),
            ("clave del cajero 4829 jaja", "4829"),
            ("phone passcode 2020", "2020"),
            ("screen lock is 4829", "4829"),
            ("4829 is my debit pin", "4829"),
            ("backwards 4829 thats the pin", "4829"),
            ("phone ka password 4829 hai", "4829"),
            ("entsperrcode vom handy 4829", "4829"),
            ("le code de mon tel 4829", "4829"),
        ] {
            assert_eq!(found(text), [pin], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_pins_alone() {
        for text in [
            "pin it on the wall",
            "pin 12 of them",
            "game pin 482910",
            "spin 4829",
            "puking since 0400",
            "the senha do banco 24 horas",
            "2024 is the year of the pin",
            "clave de la tarjeta 2030 vence",
            "area code for my phone is 4829",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
