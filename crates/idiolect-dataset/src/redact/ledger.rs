//! Which number each redacted value has, so that one phone number is one placeholder through a dataset.

use std::collections::HashMap;
use std::fmt;

use super::phone;
use super::span::{PiiKind, Span};

/// The values seen so far, by kind, numbered from 1 by first appearance. Feed it texts in chronological order.
#[derive(Default)]
pub struct Ledger {
    numbers: HashMap<(PiiKind, String), u64>,
    values: HashMap<PiiKind, u64>,
    replaced: HashMap<PiiKind, u64>,
}

impl Ledger {
    pub fn new() -> Self {
        Self::default()
    }

    /// How many spans of `kind` were replaced.
    pub fn replaced(&self, kind: PiiKind) -> u64 {
        self.replaced.get(&kind).copied().unwrap_or(0)
    }

    /// `text` with the placeholder of its value for each of `spans`, which are in order and disjoint.
    pub(super) fn replace(&mut self, text: &str, spans: &[Span]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for span in spans {
            let number = self.number(span.kind, &text[span.range.clone()]);
            out.push_str(&text[copied..span.range.start]);
            out.push_str(&format!("[{}_{number}]", span.kind.label()));
            copied = span.range.end;
            *self.replaced.entry(span.kind).or_default() += 1;
        }
        out.push_str(&text[copied..]);
        out
    }

    fn number(&mut self, kind: PiiKind, value: &str) -> u64 {
        let next = self.values.entry(kind).or_default();
        *self.numbers.entry((kind, comparable(kind, value))).or_insert_with(|| {
            *next += 1;
            *next
        })
    }
}

/// The form in which two spellings of one value are equal: digits of a number, letters and digits otherwise.
fn comparable(kind: PiiKind, value: &str) -> String {
    match kind {
        PiiKind::Phone => value.chars().filter_map(phone::digit_value).collect(),
        PiiKind::Email => value.to_lowercase(),
        PiiKind::PostalAddress => value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect(),
    }
}

/// Shows how many values there are, never the values.
impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("values", &self.numbers.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_keeps_its_number_in_every_spelling() {
        let mut ledger = Ledger::new();
        let phone = |end| [Span::new(PiiKind::Phone, 0..end)];
        assert_eq!(ledger.replace("202-555-0142", &phone(12)), "[PHONE_1]");
        assert_eq!(ledger.replace("202-555-0199", &phone(12)), "[PHONE_2]");
        assert_eq!(ledger.replace("２０２-５５５-０１４２", &phone(32)), "[PHONE_1]");
        assert_eq!(ledger.replace("(202) 555 0142 ok", &phone(14)), "[PHONE_1] ok");
        assert_eq!(ledger.replace("Jo@Example.com", &[Span::new(PiiKind::Email, 0..14)]), "[EMAIL_1]");
        assert_eq!((ledger.replaced(PiiKind::Phone), ledger.replaced(PiiKind::Email)), (4, 1));
    }
}
