//! Numbers with "xx" for the two digits of whichever carrier one dials through, as Brazil and its neighbours write them: "(0xx11) 5550-0142".

use std::sync::LazyLock;

use regex::Regex;

use crate::redact::{PiiKind, Span, pattern};

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) (?: ^ | [^a-z0-9] ) (?P<number> \(? (?: 0 | 00 | 011 | \+? [1-9][0-9]{0,2} ) \x20? xx \x20? [0-9]{0,3} \)? [\x20.-]? [0-9]{3,9} (?: [\x20.-] [0-9]{3,5} ){0,2}
             (?: \x20? x \x20? [0-9]{1,5} )? ) (?: [^a-z0-9] | $ )",
    )
    .expect("the pattern is constant")
});

/// The fewest digits of a number of the kind.
const FEWEST_DIGITS: usize = 8;

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if !pattern::contains(text, "xx") {
        return;
    }
    let numbers = NUMBER.captures_iter(text).filter_map(|number| number.name("number"));
    let dialled = numbers.filter(|number| number.as_str().bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS);
    found.extend(dialled.map(|number| Span::new(PiiKind::Phone, "phone/carrier", number.range())));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriers_are_left_open() {
        let found = |text: &str| {
            let mut spans = Vec::new();
            find(text, &mut spans);
            spans.iter().map(|span| text[span.range.clone()].to_owned()).collect::<Vec<_>>()
        };
        for (text, number) in [
            ("ligue (0xx11) 5550-0142", "(0xx11) 5550-0142"),
            ("tel (0xx) 555501420 x 12 ok", "(0xx) 555501420 x 12"),
            ("dial 011xx5455500142.", "011xx5455500142"),
            ("0xx 21 5550 0142", "0xx 21 5550 0142"),
        ] {
            assert_eq!(found(text), [number], "{text:?}");
        }
        for text in ["love u xx 12345678", "0xx123", "size 2xx 1234", "http 5xx 20", "a0xx11 5550-0142", "xxx 55501420"]
        {
            assert!(found(text).is_empty(), "{text:?}");
        }
    }
}
