//! Card numbers that a word for a card announces: with a slip of the finger in them, too, and of networks that nobody knows here.

use std::ops::RangeInclusive;

use super::super::pattern::{AnyOf, Pattern};
use super::super::{PiiKind, Span};
use super::FEWEST_DIGITS;

const DIGITS: RangeInclusive<usize> = FEWEST_DIGITS..=19;

/// As [`DIGITS`], of a number in groups, where one may be forgotten: three numbers of four digits are three of something.
const GROUPED: RangeInclusive<usize> = 14..=19;

/// Words for a card, and what a bank's or a network's is called.
const CARD: &str = r"(?: (?: credit | debit | bank | gift | prepaid | atm )? cards? | cc | visa (?: card )? | master \x20? card | maestro | amex
    | [a-zäöü]* karten? (?: nummer | nr )? | tarjetas? | cartes? (?: \x20 (?: bancaire | bleue | visa ) )? | cart[ãa]o | cart[ea] (?: \x20 di \x20 (?: credito | debito ) )?
    | [a-z]* kaart (?: nummer )? | bankpas | pinpas | kart[ayęuie] | [a-z]* kort (?: et | nummer | nummeret )? | kart (?: [ıi] (?: m (?: [ıi]n )? )? )? | kartu | k[aá]rty[aá] (?: m | sz[aá]m )? | kortti (?: ni | numero )?
    | карт[аыуеой]+ | thẻ )";

/// The same in scripts whose words need no borders.
const FOREIGN: &str = "(?: カード | 卡号 | 卡號 | 银行卡 | 信用卡 | 카드 )";

/// "number", "is" and their like, and small words between.
const LINK: &str = r"(?: [\s:=\#.,'’()–-]+ | (?: numbers? | num | nr | no | n[°ºo] | n[úu]mero | num[ée]ro | nummer | numer | numaras[ıi] | nomor | номер | details | is | was | are | s | it | its | this | that | thats | here | the | my | our | his | her | and | de | di | do
    | cr[ée]dito? | d[ée]bito? | es | est | ist | lautet | è | é | är | er | jest | je | on ) [\s:=\#.,'’()–-]+ | 是 | は | の | 号码? | 號碼? | 番号 | 번호 | 는 | 은 )*";

/// Groups as cards are printed and typed in; a group of two digits is a part of a date or a list.
const NUMBER: &str = r"\d{4,19} (?: [\x20.-]? \d{3,8} )*";

/// "my card is 4111 …".
static BEHIND: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: (?: ^ | [^\p{{L}}\p{{N}}] ) {CARD} [\s:=\#.,'’()–-]+ | {FOREIGN} ) {LINK} (?P<value> {NUMBER} ) (?: [^\d\p{{L}}] | $ )"
    )
});

/// "4111 … is my card".
static BEFORE: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: ^ | [^\d\p{{L}}.,+-] ) (?P<value> {NUMBER} ) [\s,]{{1,2}} (?: (?: is | was | thats | that's | that’s | =) \s )? (?: my | our | his | her | the | (?: mom | mum | dad ) (?: ['’]s | s ) ) \s (?: new \s | old \s )? {CARD} (?: [^\p{{L}}\p{{N}}] | $ )"
    )
});

/// Whose cards have other numbers.
const OTHERS: [&str; 12] =
    ["aadhaar", "aadhar", "adhaar", "adhar", "pan", "id", "identity", "health", "insurance", "library", "voter", "sim"];

pub(in super::super) fn find(text: &str, found: &mut Vec<Span>) {
    // What the words for a card have in them that are ASCII alone.
    static PARTS: AnyOf =
        AnyOf::new(&["card", "cart", "kart", "kaart", "kort", "pas", "tarjeta", "visa", "maestro", "amex", "cc"]);
    if text.is_ascii() && !PARTS.is_in(text) {
        return;
    }
    for pattern in [&BEHIND, &BEFORE] {
        for captures in pattern.of(text).captures_iter(text) {
            let Some(number) = captures.name("value") else { continue };
            let digits = number.as_str().bytes().filter(u8::is_ascii_digit).count();
            let kind = text[..captures.get_match().start()].rsplit(|c: char| !c.is_alphanumeric()).next();
            let possible = if digits == number.len() { DIGITS } else { GROUPED };
            if possible.contains(&digits) && !kind.is_some_and(|kind| OTHERS.contains(&kind.to_lowercase().as_str())) {
                found.push(Span::new(PiiKind::PaymentCard, "payment_card/announced", number.range()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    #[test]
    fn numbers_announced_as_a_cards_are_found_whatever_their_check() {
        for (text, number) in [
            ("my card number is 4111111111111112 ok", "4111111111111112"),
            ("card no 503800000000", "503800000000"),
            ("card no. 1234 5678 9012 3456, exp soon", "1234 5678 9012 3456"),
            ("cc: 180000000000001", "180000000000001"),
            ("credit card 9999-8888-7777-6666", "9999-8888-7777-6666"),
            ("meine Kreditkartennummer lautet 5232050000010002", "5232050000010002"),
            ("mi tarjeta de crédito es 4111 1111 1111 1112", "4111 1111 1111 1112"),
            ("tarjeta 4111111111111112", "4111111111111112"),
            ("carte bancaire 4970101234567891", "4970101234567891"),
            ("cartão de crédito número 4111111111111112", "4111111111111112"),
            ("carta di credito: 4111111111111112", "4111111111111112"),
            ("номер карты 1234567890123456", "1234567890123456"),
            ("номер карты: 1234 5678 9012 3456", "1234 5678 9012 3456"),
            ("numer karty 4111111111111112", "4111111111111112"),
            ("kart numarası 4111111111111112", "4111111111111112"),
            ("银行卡号 6222020000000000001", "6222020000000000001"),
            ("卡号是6222020000000000001", "6222020000000000001"),
            ("カード4111111111111112", "4111111111111112"),
            ("カード番号は4111111111111112", "4111111111111112"),
            ("카드 번호 4111111111111112", "4111111111111112"),
            ("4111111111111112 is my card", "4111111111111112"),
            ("1234 5678 9012 3456, my new visa", "1234 5678 9012 3456"),
        ] {
            assert_eq!(found_by(find, text), [number], "{text:?}");
        }
    }

    #[test]
    fn other_numbers_beside_cards_stay() {
        for text in [
            "card ending 4321",
            "the card came on 2026-11-25 1230",
            "score card 10 20 30 40 50 60 70",
            "I sent 3 cards in 2025 and 2026",
            "card 12345678901",
            "postcard from 123456789012345678901",
            "discard 123456789012",
            "scard 123456789012",
            "a cart of 120 000 000 000 000 000 000 things",
            "accept 123456789012",
            "the 123456789012",
            "card 1000 2000 3000 points each",
            "the new cards: 101 102 103 104 105",
            "adhar card 234123412345",
        ] {
            assert_eq!(found_by(find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
