//! Payment card numbers: 13 to 19 digits that pass the check of ISO/IEC 7812 (Luhn) and start as a card does.

use std::sync::LazyLock;

use regex::Regex;

use super::checks::luhn;
use super::{PiiKind, Span};

static DIGITS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)\d(?:[\x20.-]?\d){12,18}").expect("the pattern is constant"));

/// Four groups of four, which hardly anything else is written in.
static FOURS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)^\d{4}([\x20-])\d{4}[\x20-]\d{4}[\x20-]\d{4}$").expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let mut at = 0;
    while let Some(run) = DIGITS.find_at(text, at) {
        at = run.end();
        let glued = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+');
        let (before, after) = (&text[..run.start()], &text[run.end()..]);
        if before.ends_with(glued) || after.starts_with(glued) {
            continue;
        }
        let digits: Vec<u8> = run.as_str().bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
        // A slip of the finger breaks the check but leaves a card number readable.
        let rule = if is_card(&digits) {
            "payment_card/luhn"
        } else if FOURS.is_match(run.as_str()) && matches!(digits[0], 3..=6) {
            "payment_card/four_fours"
        } else {
            continue;
        };
        found.push(Span::new(PiiKind::PaymentCard, rule, run.range()));
    }
}

/// The issuer ranges in use: American Express, Diners, JCB, Visa, Mastercard, Maestro, Discover, UnionPay, Mir, RuPay, Troy.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let start = |length: usize| digits[..length].iter().fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    let length = digits.len();
    let issued = match digits[0] {
        2 => matches!(start(4), 2200..=2204 | 2221..=2720 | 2014 | 2149) && length >= 15,
        3 => match start(2) {
            34 | 37 => length == 15,
            30 | 36 | 38 | 39 => (14..=19).contains(&length),
            35 => length >= 16,
            _ => false,
        },
        4 => matches!(length, 13 | 16 | 18 | 19),
        5 | 6 => length >= 12 && (start(2) != 54 || length == 16),
        8 | 9 => matches!(start(2), 81 | 97) && length == 16,
        _ => false,
    };
    issued && luhn(digits) && digits.iter().any(|digit| *digit != digits[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        find(text, &mut spans);
        spans.iter().map(|span| &text[span.range.clone()]).collect()
    }

    /// The numbers are the networks' published test numbers.
    #[test]
    fn finds_cards_in_every_grouping() {
        for (text, card) in [
            ("4111111111111111", "4111111111111111"),
            ("visa 4111 1111 1111 1111 exp 04/27", "4111 1111 1111 1111"),
            ("5555-5555-5555-4444.", "5555-5555-5555-4444"),
            ("amex 3782 822463 10005", "3782 822463 10005"),
            ("30569309025904", "30569309025904"),
            ("6011111111111117", "6011111111111117"),
            ("3530111333300000", "3530111333300000"),
            ("2223003122003222", "2223003122003222"),
            ("4222222222222", "4222222222222"),
            ("its 4111 1111 1111 1112", "4111 1111 1111 1112"),
        ] {
            assert_eq!(found(text), [card], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_long_numbers_alone() {
        for text in [
            "4111111111111112",
            "1234567890123456",
            "0000 0000 0000 0000",
            "a4111111111111111",
            "411111111111111",
            "1700000000000",
            "+49 30 1234567 890123",
            "9780306406157",
            "tracking 1Z999AA10123456784",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
