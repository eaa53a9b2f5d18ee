//! Digits, spaces and hyphens of other kinds, which telephones and word processors put into numbers, as ASCII has them.

use super::phone::digit_value;
use super::rewritten::Rewritten;

/// `text` with all of them as ASCII has them, if any digit in it is odd or stands beside an odd space or hyphen.
pub(super) fn in_ascii(text: &str) -> Option<Rewritten> {
    let mut before = ' ';
    let odd = text.chars().any(|character| {
        let odd = match plain(character) {
            Some(plain) => plain.is_ascii_digit() || before.is_ascii_digit(),
            None => character.is_ascii_digit() && plain(before).is_some(),
        };
        before = character;
        odd
    });
    odd.then(|| {
        let mut written = Rewritten::default();
        let mut buffer = [0; 4];
        for (at, character) in text.char_indices() {
            match plain(character) {
                Some(plain) => written.replace(plain.encode_utf8(&mut buffer), at + character.len_utf8()),
                None => written.keep(character.encode_utf8(&mut buffer)),
            }
        }
        written
    })
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
        let written = in_ascii(text).unwrap();
        assert_eq!(written.text, "né: 4111 1111-1 ok");
        for (part, original) in
            [("4111 1111-1", "4111\u{a0}１１１１\u{2011}1"), ("né", "né"), ("ok", "ok"), ("1-1", "１\u{2011}1")]
        {
            let at = written.text.find(part).unwrap();
            assert_eq!(&text[written.original(at..at + part.len())], original);
        }
        for other in ["", "12 34-56", "né – 5", "one\u{a0}two", "日本 5"] {
            assert!(in_ascii(other).is_none(), "{other:?}");
        }
    }
}
