//! Placeholders: `[PHONE_1]`, `[EMAIL_2]`, `[ADDRESS_3]`.

use std::ops::Range;

use super::PiiKind;
use super::span::Span;

/// The most digits that the number in a placeholder has.
const MAX_DIGITS: usize = 9;

/// The placeholders in `text`, as byte ranges.
pub(crate) fn ranges(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    memchr::memchr_iter(b'[', text.as_bytes()).filter_map(|start| Some(start..start + length(&text[start..])?))
}

/// The length of the placeholder that `text` starts with.
pub(super) fn length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let rest = PiiKind::ALL.iter().find_map(|kind| inside.strip_prefix(kind.label())?.strip_prefix('_'))?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let closed = rest.as_bytes().get(digits) == Some(&b']');
    ((1..=MAX_DIGITS).contains(&digits) && closed).then(|| text.len() - rest.len() + digits + 1)
}

/// Whether letters or digits are left in `text` beside its placeholders.
pub(crate) fn has_words_beside(text: &str) -> bool {
    let mut rest = 0;
    let mut found = false;
    for range in ranges(text) {
        found |= text[rest..range.start].chars().any(char::is_alphanumeric);
        rest = range.end;
    }
    found || rest == 0 || text[rest..].chars().any(char::is_alphanumeric)
}

/// Cuts the placeholders of `text` out of `spans`, so that no placeholder is redacted again.
pub(super) fn spare(text: &str, spans: &mut Vec<Span>) {
    let placeholders: Vec<Range<usize>> = ranges(text).collect();
    let mut left = Vec::with_capacity(spans.len());
    for Span { range, kind, rule } in spans.drain(..) {
        let mut start = range.start;
        let first = placeholders.partition_point(|held| held.end <= start);
        for held in placeholders[first..].iter().take_while(|held| held.start < range.end) {
            left.push(Span::new(kind, rule, start..held.start.max(start)));
            start = held.end.min(range.end);
        }
        left.push(Span::new(kind, rule, start..range.end));
    }
    // What is left between placeholders counts only if it says something.
    left.retain(|span| text[span.range.clone()].contains(char::is_alphanumeric));
    *spans = left;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_other_brackets() {
        assert_eq!(ranges("a [PHONE_1] b [EMAIL_22][x]").collect::<Vec<_>>(), [2..11, 14..24]);
        assert_eq!(ranges("[ADDRESS_] [NAME_1] [phone_1] [IP_1 ] [[ [IBAN_1234567890]").count(), 0);
        assert!(PiiKind::ALL.iter().all(|kind| ranges(&format!("[{}_7]", kind.label())).count() == 1));
    }

    #[test]
    fn a_text_of_placeholders_alone_has_no_words() {
        assert!(!has_words_beside("[PHONE_1] / [PHONE_2]!"));
        assert!(has_words_beside("call [PHONE_1]"));
        assert!(has_words_beside("[PHONE_1] ok"));
        assert!(has_words_beside("..."), "there is no placeholder to stand alone");
    }

    #[test]
    fn spans_are_cut_around_placeholders() {
        let text = "ab [PHONE_1] cd";
        let mut spans = vec![Span::new(PiiKind::PostalAddress, "address", 0..text.len())];
        spare(text, &mut spans);
        assert_eq!(spans.iter().map(|span| &text[span.range.clone()]).collect::<Vec<_>>(), ["ab ", " cd"]);
    }
}
