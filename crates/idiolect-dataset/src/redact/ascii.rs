//! Digits, spaces and hyphens of other kinds, which telephones and word processors put into numbers, as ASCII has them.

use std::ops::Range;

use super::phone::digit_value;

/// A text with all of its odd digits, spaces and hyphens as ASCII has them.
pub(super) struct InAscii {
    pub text: String,
    /// Where what follows an odd character begins: in this text, and in the original.
    places: Vec<(usize, usize)>,
}

impl InAscii {
    /// Of `text`, if any digit in it is odd or stands beside an odd space or hyphen.
    pub fn of(text: &str) -> Option<Self> {
        let mut before = ' ';
        let odd = text.chars().any(|character| {
            let odd = match plain(character) {
                Some(plain) => plain.is_ascii_digit() || before.is_ascii_digit(),
                None => character.is_ascii_digit() && plain(before).is_some(),
            };
            before = character;
            odd
        });
        odd.then(|| Self::written(text))
    }

    fn written(text: &str) -> Self {
        let mut written = Self { text: String::with_capacity(text.len()), places: Vec::new() };
        for (at, character) in text.char_indices() {
            match plain(character) {
                Some(plain) => {
                    written.text.push(plain);
                    written.places.push((written.text.len(), at + character.len_utf8()));
                }
                None => written.text.push(character),
            }
        }
        written
    }

    /// Where in the original `range` of this text is.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let end = self.place(range.end);
        self.place(range.start)..end
    }

    fn place(&self, at: usize) -> usize {
        match self.places.partition_point(|(written, _)| *written <= at).checked_sub(1) {
            Some(last) => self.places[last].1 + (at - self.places[last].0),
            None => at,
        }
    }
}

/// The character of ASCII that `character` stands for.
fn plain(character: char) -> Option<char> {
    match character {
        '\0'..='\x7f' => None,
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Some('-'),
        '\u{ff0e}' => Some('.'),
        '\u{ff0f}' => Some('/'),
        '\u{ff1a}' => Some(':'),
        _ => digit_value(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_characters_beside_digits_are_written_as_ascii_has_them() {
        let text = "né: 4111\u{a0}１１１１\u{2011}1 ok";
        let written = InAscii::of(text).unwrap();
        assert_eq!(written.text, "né: 4111 1111-1 ok");
        for (part, original) in
            [("4111 1111-1", "4111\u{a0}１１１１\u{2011}1"), ("né", "né"), ("ok", "ok"), ("1-1", "１\u{2011}1")]
        {
            let at = written.text.find(part).unwrap();
            assert_eq!(&text[written.original(at..at + part.len())], original);
        }
        for other in ["", "12 34-56", "né – 5", "one\u{a0}two", "日本 5"] {
            assert!(InAscii::of(other).is_none(), "{other:?}");
        }
    }
}
