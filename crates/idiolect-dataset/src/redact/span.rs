//! Where in a text something to redact stands.

use std::ops::Range;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PiiKind {
    Email,
    PostalAddress,
    Phone,
}

impl PiiKind {
    /// The word in the placeholder.
    pub fn label(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::PostalAddress => "ADDRESS",
            Self::Phone => "PHONE",
        }
    }
}

/// A stretch of a text, in bytes, on character borders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub range: Range<usize>,
    pub kind: PiiKind,
}

impl Span {
    pub(super) fn new(kind: PiiKind, range: Range<usize>) -> Self {
        Self { range, kind }
    }
}

/// Orders the spans; where two overlap they become one of the longer one's kind, so nothing found stays readable.
pub(super) fn settle(spans: &mut Vec<Span>) {
    spans.sort_by_key(|span| (span.range.start, span.range.end, span.kind));
    let mut settled: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.drain(..) {
        match settled.last_mut() {
            Some(last) if span.range.start < last.range.end => {
                if span.range.len() > last.range.len() {
                    last.kind = span.kind;
                }
                last.range.end = last.range.end.max(span.range.end);
            }
            _ => settled.push(span),
        }
    }
    *spans = settled;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_spans_become_one_of_the_longer_kind() {
        let mut spans = vec![
            Span::new(PiiKind::Phone, 30..35),
            Span::new(PiiKind::Phone, 2..8),
            Span::new(PiiKind::PostalAddress, 4..20),
        ];
        settle(&mut spans);
        assert_eq!(spans, [Span::new(PiiKind::PostalAddress, 2..20), Span::new(PiiKind::Phone, 30..35)]);
    }
}
