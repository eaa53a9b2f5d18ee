//! Where in a text something to redact stands.

use std::ops::Range;

use super::PiiKind;

/// A stretch of a text, in bytes, on character borders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub range: Range<usize>,
    pub kind: PiiKind,
    /// The rule that fired, `phone/grouped`; for explaining, never for deciding.
    pub rule: &'static str,
}

impl Span {
    pub(super) fn new(kind: PiiKind, rule: &'static str, range: Range<usize>) -> Self {
        Self { range, kind, rule }
    }
}

/// Orders the spans; where two overlap they become one of the longer one's kind, so nothing found stays readable.
pub(super) fn settle(spans: &mut Vec<Span>) {
    if spans.len() < 2 {
        return;
    }
    spans.sort_by_key(|span| (span.range.start, span.range.end, span.kind));
    let mut settled: Vec<Span> = Vec::with_capacity(spans.len());
    // The length of the longest span that the last settled one was made of.
    let mut longest = 0;
    for span in spans.drain(..) {
        match settled.last_mut() {
            Some(last) if span.range.start < last.range.end => {
                // Of two equally long ones the kind that comes first in `PiiKind` wins.
                if span.range.len() > longest || span.range.len() == longest && span.kind < last.kind {
                    longest = span.range.len();
                    (last.kind, last.rule) = (span.kind, span.rule);
                }
                last.range.end = last.range.end.max(span.range.end);
            }
            _ => {
                longest = span.range.len();
                settled.push(span);
            }
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
            Span::new(PiiKind::Phone, "a", 30..35),
            Span::new(PiiKind::Phone, "b", 2..8),
            Span::new(PiiKind::PostalAddress, "c", 4..20),
            Span::new(PiiKind::PaymentCard, "d", 30..35),
        ];
        settle(&mut spans);
        assert_eq!(
            spans,
            [Span::new(PiiKind::PostalAddress, "c", 2..20), Span::new(PiiKind::PaymentCard, "d", 30..35)]
        );
    }
}
