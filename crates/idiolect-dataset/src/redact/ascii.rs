//! Digits, spaces and hyphens of other kinds, which telephones and word processors put into numbers, as ASCII has them; and numbers and
//! addresses without what nobody sees in them.

use super::phone::digit_value;
use super::rewritten::Rewritten;

/// `text` with all of them as ASCII has them, if any digit or letter in it is odd, a digit or an at sign stands beside an odd space or
/// hyphen, or what nobody sees stands behind ASCII.
pub(super) fn in_ascii(text: &str) -> Option<Rewritten> {
    let is_told = |c: char| c.is_ascii_digit() || c == '@';
    let mut before = ' ';
    let odd = text.chars().any(|character| {
        if is_unseen(character) {
            return before.is_ascii_graphic();
        }
        let odd = match plain(character) {
            Some(plain) => plain.is_ascii_alphanumeric() || is_told(plain) || is_told(before),
            None => is_told(character) && plain(before).is_some(),
        };
        before = character;
        odd
    });
    odd.then(|| {
        let mut written = Rewritten::default();
        let mut buffer = [0; 4];
        let mut behind_ascii = true;
        for (at, character) in text.char_indices() {
            match plain(character) {
                _ if behind_ascii && is_unseen(character) => written.replace("", at + character.len_utf8()),
                Some(plain) => written.replace(plain.encode_utf8(&mut buffer), at + character.len_utf8()),
                None => written.keep(character.encode_utf8(&mut buffer)),
            }
            behind_ascii = written.text.ends_with(|last: char| last.is_ascii());
        }
        written
    })
}

/// Whether `character` is only there for how a text is broken into lines or shown: soft hyphens, zero widths, and what makes a keycap of a
/// digit. Within emoji, and words of other scripts, they tell more.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' | '\u{feff}'
    )
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
        '\u{ff20}'..='\u{ff3a}' | '\u{ff3f}' | '\u{ff41}'..='\u{ff5a}' => char::from_u32(character as u32 - 0xfee0),
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
        let written = in_ascii("4\u{fe0f}\u{20e3}8\u{200b}2 é\u{200b}").unwrap();
        assert_eq!(written.text, "482 é\u{200b}");
        assert_eq!(written.original(0..1), 0..7);
        for other in ["", "12 34-56", "❤\u{fe0f} 5", "@jo ： ok", "né – 5", "one\u{a0}two", "日本 5"] {
            assert!(in_ascii(other).is_none(), "{other:?}");
        }
    }
}
