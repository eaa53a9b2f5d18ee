//! Phone numbers.

use std::sync::LazyLock;

use regex::Regex;

use super::Region;
use super::span::{PiiKind, Span};

static CANDIDATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[+(]?\d(?:[ ().-]{0,2}\d){6,14}").expect("the pattern is constant"));

pub(super) fn find(text: &str, _region: Option<Region>, found: &mut Vec<Span>) {
    found.extend(CANDIDATE.find_iter(text).map(|number| Span::new(PiiKind::Phone, number.range())));
}
