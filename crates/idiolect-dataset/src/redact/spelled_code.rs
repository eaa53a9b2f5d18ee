//! Codes, PINs and payment cards said in words or digit by digit: "my pin is four two one nine", "otp 4 8 2 9 1 0".

use std::sync::LazyLock;

use regex::Regex;

use super::{PiiKind, Span, nearby, payment_card, phone};

/// How far back a word can announce one, in bytes.
const REACH: usize = 64;

/// "is" and its like, or what whose it is, between the word and the number.
const LINK: &str = r"(?: ['’]s )? (?: \x20 (?: number | no\.? | code ) )? (?: \x20 (?: for | to | of | that | they | u | you | he | she | it | we | von | für | de | del | pour ) (?: \x20 [^\x20.!?]+ ){1,4}? )?
    (?: [\s:=,-] | is(?-u:\b) | are(?-u:\b) | was(?-u:\b) | ist(?-u:\b) | lautet(?-u:\b) | es(?-u:\b) | est(?-u:\b) | è | é )* $";

static PIN: LazyLock<Regex> = LazyLock::new(|| {
    announced(
        "pin | pin \\x20? code | pass \\x20? code | password | passwort | kennwort | contraseña | clave | senha | mot \\x20 de \\x20 passe | wachtwoord",
    )
});

static CODE: LazyLock<Regex> =
    LazyLock::new(|| announced("code | otp | tan | combo | combination | código | codigo | codice | kod"));

static SECURITY_CODE: LazyLock<Regex> = LazyLock::new(|| announced("cvv2? | cvc2? | cvn | security \\x20 code"));

static CARD: LazyLock<Regex> = LazyLock::new(|| {
    announced("card | visa | mastercard | amex | karte | kreditkarte | tarjeta | carte | cartão | carta | kaart")
});

/// Codes that are no secret: "area code", "zip code".
static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:area|zip|postal|post|country|dial|dialling|dialing|error|status|dress|qr|bar|promo|discount|source)[\x20-]?code")
        .expect("the pattern is constant")
});

/// "… is the code", right behind.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) ^ ,? \x20 (?: (?: is | was | are | = | 's | ist | es | est | è | é ) \x20 )? (?: the | my | ur | your | our | his | her | der | die | mein | el | la | mi | le | il | o | a )
          \x20 (?: [a-zäöüß]+ \x20 ){0,2}? (?: pin | pass \x20? code | code | combo | combination | otp | código | codigo | codice | clave | senha ) (?: [^\p{L}\p{N}_] | $ )",
    )
    .expect("the pattern is constant")
});

fn announced(words: &str) -> Regex {
    Regex::new(&format!(r"(?xi) (?: ^ | [\x20-/:-@\[-`\{{-~] ) (?: {words} ) {LINK}")).expect("the pattern is constant")
}

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    for run in phone::runs(text, 3) {
        let before = nearby::words_before(&text[..run.range.start], REACH);
        let kind = match run.digits.len() {
            13..=19 => {
                let digits: Vec<u8> = run.digits.bytes().map(|byte| byte - b'0').collect();
                (payment_card::is_card(&digits) || CARD.is_match(before))
                    .then_some((PiiKind::PaymentCard, "payment_card/spelled"))
            }
            3 | 4 if SECURITY_CODE.is_match(before) => {
                Some((PiiKind::PaymentCard, "payment_card/spelled_security_code"))
            }
            4..=12 if PIN.is_match(before) => Some((PiiKind::Password, "password/spelled_pin")),
            4..=12 if CODE.is_match(before) && !HARMLESS.is_match(before) || is_named(&text[run.range.end..]) => {
                Some((PiiKind::OneTimeCode, "one_time_code/spelled"))
            }
            _ => None,
        };
        found.extend(kind.map(|(kind, rule)| Span::new(kind, rule, run.range)));
    }
}

/// Whether what stands `behind` a number says that it is a code.
fn is_named(behind: &str) -> bool {
    NAMED.find(behind).is_some_and(|named| !HARMLESS.is_match(named.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, PiiKind)> {
        let spans = crate::redact::tests::spans_by(find, text);
        spans.iter().map(|span| (&text[span.range.clone()], span.kind)).collect()
    }

    /// The card is a network's published test number.
    #[test]
    fn finds_what_is_said_in_words() {
        for (text, value, kind) in [
            ("my pin is four two one nine", "four two one nine", PiiKind::Password),
            ("the pin's 4 2 1 9 ok", "4 2 1 9", PiiKind::Password),
            ("pin for the card is four, two, one, nine", "four, two, one, nine", PiiKind::Password),
            ("mein Passwort lautet vier zwei eins neun", "vier zwei eins neun", PiiKind::Password),
            ("door code is six six double three", "six six double three", PiiKind::OneTimeCode),
            ("the code: eight four two one oh nine", "eight four two one oh nine", PiiKind::OneTimeCode),
            ("the code they sent was 4 8 2 9 1 0", "4 8 2 9 1 0", PiiKind::OneTimeCode),
            ("verification code 4 8 2 9 1 0", "4 8 2 9 1 0", PiiKind::OneTimeCode),
            ("mi código es cuatro dos uno nueve", "cuatro dos uno nueve", PiiKind::OneTimeCode),
            ("combination is twelve thirty four fifty six", "twelve thirty four fifty six", PiiKind::OneTimeCode),
            ("six six double three is the code", "six six double three", PiiKind::OneTimeCode),
            ("four two one nine, the door code ok", "four two one nine", PiiKind::OneTimeCode),
            ("cvv is three one nine", "three one nine", PiiKind::PaymentCard),
            (
                "four one one one one one one one one one one one one one one one",
                "four one one one one one one one one one one one one one one one",
                PiiKind::PaymentCard,
            ),
        ] {
            assert_eq!(found(text), [(value, kind)], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_counting_alone() {
        for text in [
            "the code is four lines long",
            "pin four photos on the wall",
            "one two three four",
            "code one two three go",
            "area code two one two five",
            "zip code six two seven oh four",
            "six two seven oh four is my zip code",
            "two one two five is the area code",
            "one two three four is the best song",
            "code review at four five six or seven",
            "spin two four six eight",
        ] {
            assert_eq!(found(text), [], "{text:?}");
        }
    }
}
