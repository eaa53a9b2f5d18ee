//! Bank accounts as IBANs (ISO 13616): a country, two check digits, and the length of that country.

use super::checks::mod_97;
use super::{PiiKind, Span, nearby, pattern};

/// Lengths from the registry of IBAN formats (SWIFT, release 99), and Iran's, which uses them at home.
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HN", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IR", 26),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let (mut at, mut taken) = (0, 0);
    while let Some(check) = text.as_bytes()[at..].iter().position(u8::is_ascii_digit).map(|digit| at + digit) {
        at = check + text.as_bytes()[check..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        // The country stands right before the check digits, or with a space or hyphen between.
        for start in [check.checked_sub(3), check.checked_sub(2)].into_iter().flatten().filter(|start| *start >= taken)
        {
            if !starts(&text.as_bytes()[start..], check - start)
                || text[..start].ends_with(|c: char| c.is_alphanumeric()) && !is_named(&text[..start])
            {
                continue;
            }
            if let Some(end) = iban_end(text, start).or_else(|| named_end(text, start)) {
                found.push(Span::new(PiiKind::Iban, "iban", start..end));
                (at, taken) = (end, end);
                break;
            }
        }
    }
}

/// The digits of an account of Poland, where people leave the country of an IBAN out.
pub(super) const POLISH_DIGITS: usize = 26;

/// "61 1090 1014 …": accounts of Poland as they are written there.
pub(super) fn find_polish(text: &str, found: &mut Vec<Span>) {
    let mut at = 0;
    while let Some(start) = text.as_bytes()[at..].iter().position(u8::is_ascii_digit).map(|digit| at + digit) {
        let (mut digits, mut end) = (Vec::with_capacity(POLISH_DIGITS), start);
        let mut rest = &text.as_bytes()[start..];
        while let [digit @ b'0'..=b'9', behind @ ..] = rest {
            digits.push(*digit);
            end = text.len() - behind.len();
            rest = if behind.first().is_some_and(u8::is_ascii_digit) { behind } else { joined(behind) };
        }
        at = end;
        let whole = digits.len() == POLISH_DIGITS
            && !text[..start].ends_with(|c: char| c.is_alphanumeric())
            && !text[end..].starts_with(|c: char| c.is_alphanumeric());
        // In these groups a slip in a digit makes it no other number, but years and hours go up.
        let groups = || text[start..end].split([' ', '-']);
        let grouped = || groups().map(str::len).eq([2, 4, 4, 4, 4, 4, 4]) && !groups().skip(1).is_sorted();
        let checked = || mod_97(digits[2..].iter().chain(b"PL").chain(&digits[..2]).copied()) == 1;
        if whole && (grouped() || checked()) {
            found.push(Span::new(PiiKind::Iban, "iban", start..end));
        }
    }
}

/// Whether only a space is missing behind the name: "IBANDE89…".
fn is_named(before: &str) -> bool {
    let start = before.len().saturating_sub(4);
    before.get(start..).is_some_and(|name| name.eq_ignore_ascii_case("iban"))
}

/// Whether `text` begins with two letters, two digits from `check` on and eleven more of either, with one space, hyphen, full stop or line break at most before
/// each but the second letter and the second digit.
fn starts(text: &[u8], check: usize) -> bool {
    let ([a, b, ..], [c, d, rest @ ..]) = (text, &text[check..]) else { return false };
    let mut rest = rest;
    a.is_ascii_alphabetic()
        && b.is_ascii_alphabetic()
        && joined(&text[2..]).len() == text.len() - check
        && c.is_ascii_digit()
        && d.is_ascii_digit()
        && (0..11).all(|_| {
            let Some((first, behind)) = joined(rest).split_first() else { return false };
            rest = behind;
            first.is_ascii_alphanumeric()
        })
}

/// `rest` without what it may begin with of these.
fn joined(rest: &[u8]) -> &[u8] {
    match rest {
        [b' ' | b'-' | b'.' | b'\n', rest @ ..] => rest,
        _ => rest,
    }
}

/// Where the IBAN that starts at `start` ends, if it is one.
fn iban_end(text: &str, start: usize) -> Option<usize> {
    let country = text.get(start..start + 2)?.to_ascii_uppercase();
    let (_, length) = LENGTHS.iter().find(|(code, _)| *code == country)?;
    let mut compact = Vec::with_capacity(*length);
    let mut end = start;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            b' ' | b'-' | b'.' | b'\n' => continue,
            _ if byte.is_ascii_alphanumeric() => compact.push(byte.to_ascii_uppercase()),
            _ => break,
        }
        end = at + 1;
        if compact.len() == *length {
            break;
        }
    }
    let whole = compact.len() == *length && !text[end..].starts_with(|c: char| c.is_alphanumeric());
    // The first four characters are checked last.
    let checked = compact.iter().skip(4).chain(compact.iter().take(4));
    (whole && mod_97(checked.copied()) == 1).then_some(end)
}

/// Where what starts at `start` and is called an IBAN right before ends, though a slip made it none.
fn named_end(text: &str, start: usize) -> Option<usize> {
    /// In bytes; "iban number is".
    const REACH: usize = 20;
    /// Letters and digits of the shortest IBAN, less two that were forgotten, and of the longest.
    const CHARACTERS: std::ops::RangeInclusive<usize> = 13..=34;
    let before = nearby::words_before(&text[..start], REACH);
    if !pattern::contains(before, "iban") || before.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (mut end, mut characters, mut at) = (start, 0, start);
    // The country and its check digits may be two groups.
    for group in text[start..].split([' ', '-']) {
        let is_part = !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let digits = group.bytes().filter(u8::is_ascii_digit).count();
        if !is_part || digits == 0 && characters > 4 {
            break;
        }
        characters += group.len();
        at += group.len();
        end = at;
        at += 1;
    }
    CHARACTERS.contains(&characters).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    /// The numbers are the registry's own examples.
    #[test]
    fn finds_ibans_in_every_spelling() {
        for (text, iban) in [
            ("DE89370400440532013000", "DE89370400440532013000"),
            ("send it to DE89 3704 0044 0532 0130 00 pls", "DE89 3704 0044 0532 0130 00"),
            ("IBAN: GB29 NWBK 6016 1331 9268 19.", "GB29 NWBK 6016 1331 9268 19"),
            ("fr14 2004 1010 0505 0001 3m02 606", "fr14 2004 1010 0505 0001 3m02 606"),
            ("NO93-8601-1117-947", "NO93-8601-1117-947"),
            ("BR1800360305000010009795493C1", "BR1800360305000010009795493C1"),
            ("ES91 2100 0418 4502 0005 1332 ok", "ES91 2100 0418 4502 0005 1332"),
            ("my iban is DE89 3704 0044 0532 0130 01 ok", "DE89 3704 0044 0532 0130 01"),
            ("IBAN: GB29NWBK6016133192681", "GB29NWBK6016133192681"),
            ("IBANDE89370400440532013000", "DE89370400440532013000"),
            ("DE89.3704.0044.0532.0130.00", "DE89.3704.0044.0532.0130.00"),
            ("DE89 3704 0044\n0532 0130 00", "DE89 3704 0044\n0532 0130 00"),
        ] {
            assert_eq!(found(text), [iban], "{text:?}");
        }
    }

    #[test]
    fn finds_accounts_of_poland() {
        for (text, account) in [
            ("61109010140000071219812874", "61109010140000071219812874"),
            ("its 61 1090 1014 0000 0712 1981 2874 ok", "61 1090 1014 0000 0712 1981 2874"),
            ("61 1090 1014 0000 0712 1981 2875", "61 1090 1014 0000 0712 1981 2875"),
            ("przelej na 61-1090-1014-0000-0712-1981-2874.", "61-1090-1014-0000-0712-1981-2874"),
        ] {
            assert_eq!(found_by(find_polish, text), [account], "{text:?}");
        }
        for text in [
            "61109010140000071219812875",
            "6110901014000007121981287",
            "x61109010140000071219812874",
            "slots on 12 1100 1130 1200 1230 1300 1330",
        ] {
            assert_eq!(found_by(find_polish, text), Vec::<&str>::new(), "{text:?}");
        }
    }

    #[test]
    fn leaves_other_letters_and_digits_alone() {
        for text in [
            "DE88370400440532013000",
            "XX89370400440532013000",
            "DE8937040044053201300",
            "ORDER89370400440532013000",
            "at 10 to 12 and then home at about 9",
            "de 12 3456",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
