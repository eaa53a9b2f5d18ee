//! Gift cards, and keys of games and programs.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::{PiiKind, Span};

/// What is paid or unlocked with, in groups as on the card: "XQ4R-9TLM-22KP".
static GROUPS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)(?:[A-Z0-9]{4,6}-){2,5}[A-Z0-9]{4,6}|[A-Z0-9]{4}(?:\x20[A-Z0-9]{4}){2,4}")
        .expect("the pattern is constant")
});

/// The same in one, behind the word for it.
static VOUCHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?xi) (?-u:\b) (?: gift \x20? (?: card | code ) | voucher | itunes | psn | xbox | steam | nintendo | amazon | google \x20 play | redeem | (?: product | windows | licen[cs]e | serial | activation ) )
            (?: \x20 (?: card | code | key | gift | number | no | this | it | is | the | for | u | you | here | one ) ){0,4} [\s:=\#-]+ (?P<value> (?-i:[A-Z0-9]{10,25}) | \d{3,4} (?: [\x20-] \d{3,4} ){3,4} ) (?: [^A-Za-z0-9-] | $ )")
        .expect("the pattern is constant")
});

pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    let mut push = |rule, range: Range<usize>| found.push(Span::new(PiiKind::Secret, rule, range));
    for groups in GROUPS.find_iter(text) {
        let within = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/');
        let glued = text[..groups.start()].ends_with(within) || text[groups.end()..].starts_with(within);
        if !glued && is_of_a_key(groups.as_str()) {
            push("secret/voucher", groups.range());
        }
    }
    let vouchers = VOUCHER.captures_iter(text).filter_map(|captures| captures.name("value"));
    let grouped = |value: &str| value.contains(['-', ' ']);
    vouchers
        .filter(|value| grouped(value.as_str()) || is_of_a_key(value.as_str()))
        .for_each(|value| push("secret/voucher", value.range()));
}

/// Whether letters and digits are mixed as in no word or number that says something.
fn is_of_a_key(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_uppercase).count();
    // "SHA256" is a word and its number.
    let turns = value.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1].is_ascii_uppercase());
    digits >= 2 && letters >= 3 && turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    #[test]
    fn finds_what_is_paid_or_unlocked_with() {
        for text in [
            "gift card XQ4R-9TLM-22KP",
            "steam key XQ4R9-TLM22-KP7RN ok",
            "itunes card X4KQ9MZP2TLW7RBN",
            "acme code K4T9-X2MQ-7LPR",
            "gift card 041-2839-1029-384",
        ] {
            assert_eq!(found_by(find, text), [text.split(' ').nth(2).unwrap()]);
        }
    }

    #[test]
    fn leaves_other_capitals_and_digits_alone() {
        for text in [
            "steam on 2024-11-12, gift card for 50, MAY-1234-5678",
            "amazon order 123-1234567-1234567",
            "steam AWS4-HMAC-SHA256",
            "my windows key broke in 2024",
            "redeem SHA256 hashes",
        ] {
            assert_eq!(found_by(find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
