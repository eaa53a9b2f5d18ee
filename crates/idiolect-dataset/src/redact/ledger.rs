//! Which number each redacted value has, so that one phone number is one placeholder through a dataset.

use std::fmt;

use rustc_hash::FxHashMap;

use super::rewritten::Rewritten;
use super::span::Span;
use super::{PiiKind, Region, ascii, phone, phrases};

const KINDS: usize = PiiKind::ALL.len();

/// The values seen so far, by kind, numbered from 1 by first appearance. Feed it texts in chronological order.
#[derive(Default)]
pub struct Ledger {
    numbers: [FxHashMap<String, u64>; KINDS],
    replaced: [u64; KINDS],
}

impl Ledger {
    pub fn new() -> Self {
        Self::default()
    }

    /// How many spans of `kind` were replaced.
    pub fn replaced(&self, kind: PiiKind) -> u64 {
        self.replaced[kind as usize]
    }

    /// The placeholder for `value`, which is counted as replaced; `region` is where phones without a country code are dialled.
    pub fn placeholder(&mut self, kind: PiiKind, value: &str, region: Option<Region>) -> String {
        self.replaced[kind as usize] += 1;
        let numbers = &mut self.numbers[kind as usize];
        let next = numbers.len() as u64 + 1;
        let number = *numbers.entry(comparable(kind, value, region)).or_insert(next);
        format!("[{}_{number}]", kind.label())
    }

    /// `text` with the placeholder of its value for each of `spans`, which are in order and disjoint.
    pub(super) fn replace(&mut self, text: &str, spans: &[Span], region: Option<Region>) -> Rewritten {
        let mut out = Rewritten::default();
        let mut copied = 0;
        for span in spans {
            out.keep(&text[copied..span.range.start]);
            out.replace(&self.placeholder(span.kind, &text[span.range.clone()], region), span.range.end);
            copied = span.range.end;
        }
        out.keep(&text[copied..]);
        out
    }
}

/// The form in which two spellings of one value are equal.
pub(super) fn comparable(kind: PiiKind, value: &str, region: Option<Region>) -> String {
    let written = ascii::in_ascii(value, true);
    let value = written.as_ref().map_or(value, |written| written.text.as_str());
    let alphanumeric = || value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match kind {
        PiiKind::Phone => phone::comparable(value, region),
        PiiKind::Email => value.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect(),
        // A device's address has colons or hyphens.
        PiiKind::IpAddress => value.chars().map(|c| if c == '-' { ':' } else { c.to_ascii_lowercase() }).collect(),
        // The number of a meeting.
        PiiKind::Secret if value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-')) => {
            alphanumeric()
        }
        // Letter case and every mark count in these.
        PiiKind::Password | PiiKind::Secret => value.to_owned(),
        PiiKind::PostalAddress | PiiKind::OneTimeCode | PiiKind::PaymentCard | PiiKind::Iban | PiiKind::NationalId => {
            alphanumeric()
        }
        PiiKind::Name | PiiKind::Word => phrases::folded(value).chars().filter(|c| c.is_alphanumeric()).collect(),
    }
}

/// Shows how many values there are, never the values.
impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: usize = self.numbers.iter().map(FxHashMap::len).sum();
        f.debug_struct("Ledger").field("values", &values).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_keeps_its_number_in_every_spelling() {
        let mut ledger = Ledger::new();
        let mut placeholder = |kind, value| ledger.placeholder(kind, value, None);
        for number in
            ["202-555-0142", "２０２-５５５-０１４２", "(202) 555 0142", "+1 202 555 0142", "001 202.555.0142 x7"]
        {
            assert_eq!(placeholder(PiiKind::Phone, number), "[PHONE_1]", "{number}");
        }
        assert_eq!(placeholder(PiiKind::Phone, "202-555-0199"), "[PHONE_2]");
        assert_eq!(placeholder(PiiKind::Email, "Jo@Example.com"), "[EMAIL_1]");
        assert_eq!(placeholder(PiiKind::Email, "jo @example.com"), "[EMAIL_1]");
        assert_eq!(placeholder(PiiKind::Email, "ｊｏ＠example.com\u{200b}"), "[EMAIL_1]");
        assert_eq!(placeholder(PiiKind::PostalAddress, "12 Elm St., Springfield"), "[ADDRESS_1]");
        assert_eq!(placeholder(PiiKind::PostalAddress, "12 elm st springfield"), "[ADDRESS_1]");
        assert_eq!(placeholder(PiiKind::Password, "hunter2"), "[PASSWORD_1]");
        assert_eq!(placeholder(PiiKind::Password, "Hunter2"), "[PASSWORD_2]");
        for (kind, spellings) in [
            (PiiKind::PaymentCard, ["4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111"]),
            (PiiKind::Iban, ["DE89370400440532013000", "de89 3704 0044 0532 0130 00", "DE89-3704-0044-0532-0130-00"]),
            (PiiKind::NationalId, ["12345678Z", "12345678-z", "12345678 Z"]),
            (PiiKind::OneTimeCode, ["482910", "482 910", "4️⃣8️⃣2️⃣9️⃣1️⃣0️⃣"]),
            (PiiKind::IpAddress, ["00:1A:2B:3C:4D:5E", "00-1A-2B-3C-4D-5E", "00:1a:2b:3c:4d:5e"]),
            (PiiKind::Secret, ["84412345678", "844 1234 5678", "844-1234-5678"]),
        ] {
            let first = placeholder(kind, spellings[0]);
            assert!(spellings.iter().all(|spelling| placeholder(kind, spelling) == first), "{kind:?}");
        }
        assert_eq!((ledger.replaced(PiiKind::Phone), ledger.replaced(PiiKind::Email)), (6, 3));
    }
}
