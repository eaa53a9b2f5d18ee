//! The same password once more, or one that differs from it in its digits: "try …2024 for the password, if not …2023".

use std::ops::Range;

use super::super::{PiiKind, Span};
use super::value::{is_mixed, without_end};

/// Looks for what was found in `found` from its `first` on.
pub(super) fn find(text: &str, first: usize, found: &mut Vec<Span>) {
    let letters =
        |value: &str| value.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>();
    let passwords = found[first..].iter().map(|span| span.range.clone());
    let known: Vec<(Range<usize>, String)> = passwords
        .filter(|range| is_mixed(&text[range.clone()]) && range.len() <= LONGEST)
        .map(|range| (range.clone(), letters(&text[range])))
        .filter(|(_, letters)| letters.len() >= FEWEST)
        .take(MOST)
        .collect();
    if known.is_empty() {
        return;
    }
    for word in text.split_whitespace().filter(|word| word.len() <= LONGEST && is_mixed(word)) {
        let value = without_end(word);
        let start = value.as_ptr() as usize - text.as_ptr() as usize;
        let range = start..start + value.len();
        let new = known.iter().all(|(known, _)| known.end <= range.start || range.end <= known.start);
        if new {
            let letters = letters(value);
            if known.iter().any(|(_, known)| *known == letters) {
                found.push(Span::new(PiiKind::Password, "password/again", range));
            }
        }
    }
}

/// The fewest letters that two words do not share by chance.
const FEWEST: usize = 4;

/// The longest word that is compared, in bytes.
const LONGEST: usize = 64;

/// The most passwords that others are compared with.
const MOST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &'static str) -> Vec<&'static str> {
        let word = text.split_whitespace().next().unwrap();
        let mut spans = vec![Span::new(PiiKind::Password, "password/announced", 0..word.len())];
        find(text, 0, &mut spans);
        spans.into_iter().skip(1).map(|span| &text[span.range]).collect()
    }

    #[test]
    fn finds_what_differs_in_its_digits() {
        assert_eq!(found("tulip_2024 or tulip_2023, if not Tulip_2022."), ["tulip_2023", "Tulip_2022"]);
        assert_eq!(found("tulip_2024 i said tulip_2024!"), ["tulip_2024!"]);
    }

    #[test]
    fn leaves_other_words_alone() {
        for text in ["tulip_2024 not tulip or room1408", "ab482910 on ab482911", "482910 not 482911"] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
