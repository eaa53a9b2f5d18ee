//! Payment card numbers: 12 to 19 digits that pass the check of ISO/IEC 7812 (Luhn) and start as a card does, or are announced as one's.

mod announced;

use std::sync::LazyLock;

use regex::Regex;

use super::checks::luhn;
use super::pattern::{AnyOf, Pattern};
use super::{PiiKind, Span, nearby};

/// Digits in groups, perhaps more than one number's.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[0-9]+(?:(?:[\x20.\n_/,·-]|\x20\x20|[,·]\x20)?[0-9]+)*").expect("the pattern is constant")
});

/// Four groups of four, which hardly anything else is written in.
static FOURS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)^\d{4}([\x20-])\d{4}[\x20-]\d{4}[\x20-]\d{4}$").expect("the pattern is constant")
});

/// "cvv 123", "the 3 digits on the back are 123".
static SECURITY_CODE: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: ^ | [^\p{{L}}_] ) (?: (?: cvv2? | cvc2? | cvn | (?: card['’]?s? | cc | visa | mastercard | amex ) \x20 (?: security \x20 )? code | security \x20 (?: code | number ) ) (?: \x20 on \x20 (?: [a-z'’]+ \x20 )? (?: back | front | card ) )?
          | cryptogramme | kartenpr[uü]f(?:ziffer|nummer|zahl) | c[oó]digo \x20 de \x20 seg(?:uridad|uran[cç]a) (?: \x20 d[aeo] \x20 (?:la\x20)? (?: tarjeta | cart[aã]o ) )?
          | (?: digits | numbers ) \x20 (?: on | at ) \x20 (?: the \x20 )? back | back \x20 of \x20 (?: the | my | his | her | your )? \x20? card (?: \x20 (?: says | reads ) )? ) {LINK} (?: (?: 0[1-9] | 1[0-2] ) / \d{{2,4}} [\s,]* (?: (?: and | & | y | et | und | e ) \s+ )? )? (?P<value> \d{{3,4}} ) (?: [^\d\p{{L}}.,:/%] | [.,] (?: [^\d] | $ ) | $ )"
    )
});

/// "is", "=" and their like.
const LINK: &str = r"(?: [\s:=\#?(–—-] | ['’]s \x20 | c['’]est \x20 | (?: code | is | are | es | est | ist | è | é | no\.? | number ) (?-u:\b) )*";

/// "04/27", "4-2027".
static EXPIRY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9/.-])(?P<value>(?:0[1-9]|1[0-2]|[1-9])\x20?[/-]\x20?(?:20)?[2-4][0-9])(?:[\s,;/|-]{1,3}(?P<code>[0-9]{3,4}))?(?:[^0-9/]|$)")
        .expect("the pattern is constant")
});

/// "expires 0427", beside a card.
static EXPIRES: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}] ) (?: exp(?:ir(?:es|y|ation))? | valid (?: \x20 (?: thru | until | till | to ) )? | vence | ablauf | срок ) (?: [\s:.-] | is | date )* (?P<value> (?: 0[1-9] | 1[0-2] ) [\x20.]? [2-4]\d ) (?: [^\d\p{L}] | $ )".to_owned()
});

/// "0427 123" right behind a card.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\s,/]{1,3}(?P<value>(?:0[1-9]|1[0-2])[2-4][0-9])[\s,/]{1,3}(?P<code>[0-9]{3,4})(?:[^0-9A-Za-z]|$)")
        .expect("the pattern is constant")
});

/// The security code behind the number of a card, in more words than announce one by themselves.
static CODE_NEAR: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: ^ | [^\p{{L}}\p{{N}}_] ) (?: crypto(?:gramme)? | pr[uü]f(?:ziffer|nummer|zahl) | sicherheits(?:code|nummer) | kartenpr[uü]f[a-z]* | c[oó]d(?:igo|ice)? (?: \x20de\x20seguran[cç]a | \x20de\x20seguridad | \x20di\x20sicurezza )?
          | cid | (?: [34] | three | four ) [-\x20] digits? (?: \x20 (?: thing | number | code | one ) )? | back | security (?: \x20 number )? | sec | code \x20 de \x20 s[eé]curit[eé] | code (?: \x20 on (?: \x20the)? \x20 (?:front|back) )? | kod | pin | код | 安全码 | セキュリティコード | 보안코드 ) {LINK} (?P<value> \d{{3,4}} ) (?: [^\d\p{{L}}] | $ )"
    )
});

/// How far from a card what belongs to it stands, in bytes.
const REACH: usize = 56;

/// The fewest digits that a card has: Maestro's.
pub(super) const FEWEST_DIGITS: usize = 12;

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    for run in DIGITS.find_iter(text).filter(|run| run.len() >= FEWEST_DIGITS) {
        let glued = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+');
        let before = &text[..run.start()];
        let is_glued = before.ends_with(glued) && !is_announced(before);
        let dialled = before.ends_with('+');
        let mut at = run.start();
        while at < run.end() {
            // Within a fraction or a longer number no card begins.
            let begins = match at == run.start() {
                true => !is_glued,
                false if dialled && !text[run.start()..at].contains('\n') => false,
                false => text[..at].ends_with([' ', '\n', '/', ',']),
            };
            match card_at(text, at, run.end(), glued).filter(|_| begins) {
                Some((rule, end)) => {
                    found.push(Span::new(PiiKind::PaymentCard, rule, at..end));
                    at = end;
                }
                None => at = next_group(text, at, run.end()),
            }
            at += text[at..run.end()].bytes().take_while(|byte| !byte.is_ascii_digit()).count();
        }
    }
    announced::find(text, found);
}

/// The rule that a card is found by that starts at `start`, and where it ends, `most` at the most.
fn card_at(text: &str, start: usize, most: usize, glued: impl Fn(char) -> bool) -> Option<(&'static str, usize)> {
    let mut digits = Vec::with_capacity(19);
    let (mut best, mut end, mut groups) = (None, start, Vec::new());
    while end < most && digits.len() <= 19 {
        end += text[end..most].bytes().take_while(|byte| !byte.is_ascii_digit()).count();
        let group = next_group(text, end, most);
        digits.extend(text.as_bytes()[end..group].iter().map(|byte| byte - b'0'));
        groups.push(group - end);
        end = group;
        if !(FEWEST_DIGITS..=19).contains(&digits.len())
            || text[end..].starts_with(&glued) && !is_followed(&text[end..])
        {
            continue;
        }
        let written = &text[start..end];
        let after = &text[end..];
        let ends = end == most
            || after.starts_with('\n')
            || after.starts_with("  ")
            || after.starts_with([' ', '/', ',']) && is_grouped(&groups);
        // What stands in lines, columns or lists is one number only in a card's own groups.
        let together =
            !written.contains(['\n', '_', '/', ',', '·']) && !written.contains("  ") || groups == [4, 4, 4, 4];
        // "2.718281828459045"
        let fraction = groups.len() == 2 && written.contains('.');
        // A slip of the finger breaks the check but leaves a card number readable.
        let longer = best.is_none() || groups == [4, 4, 4, 4, 3];
        if is_card(&digits) && longer && ends && together && !fraction {
            best = Some(("payment_card/luhn", end));
        } else if FOURS.is_match(&text[start..end])
            && (matches!(digits[0], 3..=6) || digits.starts_with(&[2, 2, 0]) && digits[3] <= 4)
        {
            best = best.or(Some(("payment_card/four_fours", end)));
        }
    }
    best
}

/// Whether a word for a card is glued to what stands behind `before`: "card4111…".
fn is_announced(before: &str) -> bool {
    const WORDS: [&str; 10] = ["card", "visa", "mastercard", "amex", "debit", "credit", "number", "is", "no", "cc"];
    let word = before.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    WORDS.iter().any(|known| word.ends_with(known))
}

/// Whether `after` begins with what belongs to a card: "…1111cvv:123".
fn is_followed(after: &str) -> bool {
    let word = after.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    ["cvv", "cvc", "exp", "sec", "ok", "pls", "thx", "thanks", "x", "xx"].iter().any(|known| word.starts_with(known))
}

/// Whether cards are printed or typed in such groups, so that other digits may follow.
fn is_grouped(groups: &[usize]) -> bool {
    matches!(groups, [12..=19] | [4, 4, 4, 4] | [4, 4, 4, 4, 3] | [4, 6, 5] | [4, 6, 4] | [8, 8])
}

/// Where the digits at `at` end.
fn next_group(text: &str, at: usize, most: usize) -> usize {
    at + text.as_bytes()[at..most].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The codes printed on cards, announced as such.
pub(super) fn find_security_codes(text: &str, found: &mut Vec<Span>) {
    static WORDS: AnyOf = AnyOf::new(&["cv", "cod", "cód", "digits", "numbers", "back of", "cryptog", "kartenpr"]);
    if WORDS.is_in(text) {
        let codes = SECURITY_CODE.of(text).captures_iter(text).filter_map(|captures| captures.name("value"));
        found.extend(codes.map(|code| Span::new(PiiKind::PaymentCard, "payment_card/security_code", code.range())));
    }
}

/// When the cards `found` from `first` on expire, and their security codes, close to them.
pub(super) fn find_details(text: &str, first: usize, found: &mut Vec<Span>) {
    let push = |found: &mut Vec<Span>, rule, range| found.push(Span::new(PiiKind::PaymentCard, rule, range));
    for card in found[first..].iter().map(|span| span.range.clone()).collect::<Vec<_>>() {
        let reach = text.floor_char_boundary(text.len().min(card.end + REACH));
        let after = &text[card.end..reach];
        let before = nearby::end_of(&text[..card.start], REACH);
        for (near, start) in [(before, card.start - before.len()), (after, card.end)] {
            for captures in EXPIRY.captures_iter(near) {
                for part in ["value", "code"].iter().filter_map(|part| captures.name(part)) {
                    push(found, "payment_card/expiry", start + part.start()..start + part.end());
                }
            }
        }
        let expiries = EXPIRES.of(after).captures_iter(after).filter_map(|captures| captures.name("value"));
        for expiry in expiries {
            push(found, "payment_card/expiry", card.end + expiry.start()..card.end + expiry.end());
        }
        let bare = BARE.captures(after).into_iter();
        for part in bare
            .flat_map(|captures| ["value", "code"].map(|part| captures.name(part).map(|part| part.range())))
            .flatten()
        {
            push(found, "payment_card/expiry", card.end + part.start..card.end + part.end);
        }
        let codes = CODE_NEAR.of(after).captures_iter(after).filter_map(|captures| captures.name("value"));
        for code in codes {
            push(found, "payment_card/security_code", card.end + code.start()..card.end + code.end());
        }
    }
}

/// The issuer ranges in use: American Express, Diners, JCB, Visa, Mastercard, Maestro, Discover, UnionPay, Mir, RuPay, Troy.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let start = |length: usize| digits[..length].iter().fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    let length = digits.len();
    let issued = match digits[0] {
        // JCB's first, some still in use.
        1 => start(4) == 1800 && length == 15,
        2 => {
            matches!(start(4), 2200..=2204 | 2221..=2720 | 2014 | 2149) && length >= 15
                || start(4) == 2131 && length == 15
        }
        3 => match start(2) {
            34 | 37 => length == 15,
            30 | 36 | 38 | 39 => (14..=19).contains(&length),
            35 => length >= 16,
            _ => false,
        },
        4 => matches!(length, 13 | 16 | 18 | 19),
        // Maestro alone has so few.
        5 | 6 if length == 12 => matches!(start(4), 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763),
        5 | 6 => start(2) != 54 || length == 16,
        8 | 9 => matches!(start(2), 81 | 97) && length == 16,
        _ => false,
    };
    issued && luhn(digits) && digits.iter().any(|digit| *digit != digits[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
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
            ("180000000000002", "180000000000002"),
            ("503800000005", "503800000005"),
            ("its 4111 1111 1111 1112", "4111 1111 1111 1112"),
            ("4111111111111111 04 27", "4111111111111111"),
            ("4111\n1111\n1111\n1111", "4111\n1111\n1111\n1111"),
            ("4111  1111  1111  1111", "4111  1111  1111  1111"),
            ("mycard4111111111111111", "4111111111111111"),
            ("room B12 4111 1111 1111 1111", "4111 1111 1111 1111"),
            ("+44 20 7946 0958\n4111 1111 1111 1111", "4111 1111 1111 1111"),
            ("2 cards 12 4111 1111 1111 1111 99", "4111 1111 1111 1111"),
            ("4111_1111_1111_1111", "4111_1111_1111_1111"),
            ("4111/1111/1111/1111", "4111/1111/1111/1111"),
            ("4111·1111·1111·1111 ok", "4111·1111·1111·1111"),
            ("4111, 1111, 1111, 1111", "4111, 1111, 1111, 1111"),
            ("4111111111111111/cvv later", "4111111111111111"),
            ("4111111111111111, or 12", "4111111111111111"),
        ] {
            assert_eq!(found(text), [card], "{text:?}");
        }
    }

    fn details(text: &str) -> Vec<&str> {
        let find = |text: &str, spans: &mut Vec<Span>| {
            find(text, spans);
            find_security_codes(text, spans);
            find_details(text, 0, spans);
        };
        found_by(find, text).into_iter().map(str::trim).collect()
    }

    #[test]
    fn finds_what_belongs_to_a_card() {
        for (text, values) in [
            ("cvv 123", &["123"][..]),
            ("its visa, CVC: 1234", &["1234"]),
            ("the security code is 123, ok", &["123"]),
            ("3 digits on the back are 123", &["123"]),
            ("cvc on the back: 123", &["123"]),
            ("cvv? 123", &["123"]),
            ("cvv – 123", &["123"]),
            ("cvv—123", &["123"]),
            ("cvv on moms card 123", &["123"]),
            ("the security code's 123", &["123"]),
            ("номер карты 2200 1234 5678 9012", &["2200 1234 5678 9012"]),
            ("card:4111111111111111cvv:123", &["4111111111111111", "123"]),
            ("4111 1111 1111 1111\nexpires 04/27\nback is 123", &["4111 1111 1111 1111", "04/27", "123"]),
            ("whats the exp and cvv\n04/27 and 123", &["04/27", "123"]),
            ("the security code on my card 123", &["123"]),
            ("4111 1111 1111 1111 code de sécurité 123", &["4111 1111 1111 1111", "123"]),
            ("back of the card says 123", &["123"]),
            ("4111 1111 1111 1111 exp 04/27 cvv 123", &["4111 1111 1111 1111", "04/27", "123"]),
            ("4111111111111111 04/27 123", &["4111111111111111", "04/27", "123"]),
            ("4111111111111111\n04/2027\n123", &["4111111111111111", "04/2027", "123"]),
            ("Karte 4111 1111 1111 1111, Prüfziffer 123", &["4111 1111 1111 1111", "123"]),
            ("3782 822463 10005 code on the front 1234", &["3782 822463 10005", "1234"]),
            ("4111-1111-1111-1111 valid thru 04/27 security 123", &["4111-1111-1111-1111", "04/27", "123"]),
            ("cvv is 123 expires 0427", &["123", "0427"]),
            ("mc 5555555555554444 0427 123", &["5555555555554444", "0427", "123"]),
        ] {
            assert_eq!(details(text), values, "{text:?}");
        }
    }

    #[test]
    fn leaves_dates_and_codes_without_a_card_alone() {
        for text in ["milk exp 04/27", "04/27 123", "code 123", "cvv is 3 digits", "security code 2024.5", "cvv 123.45"]
        {
            assert_eq!(details(text), Vec::<&str>::new(), "{text:?}");
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
            "0.4111111111111111",
            "e=4.111111111111111",
            "1-4111111111111111-9",
            "30569\n30902\n5904",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
