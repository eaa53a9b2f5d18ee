//! Postal addresses.

use std::sync::LazyLock;

use regex::Regex;

use super::span::{PiiKind, Span};

static STREET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b\d{1,5}[a-z]?\s+(?:[\p{L}.']+\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|blvd|boulevard)\b\.?")
        .expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    found.extend(STREET.find_iter(text).map(|street| Span::new(PiiKind::PostalAddress, street.range())));
}
