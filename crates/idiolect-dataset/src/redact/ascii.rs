//! A text as a plain keyboard writes it: digits, spaces and hyphens as ASCII has them, letters and their accents as one character, nothing that
//! nobody sees, and no chat's marks for bold and the like.

use unicode_normalization::char::compose;

use super::emphasis;
use super::phone::digit_value;
use super::rewritten::Rewritten;

/// `text` so, if any of it is written otherwise. Emphasis of words alone counts if something is `announced`.
pub(super) fn in_ascii(text: &str, announced: bool) -> Option<Rewritten> {
    let marks = emphasis::find(text, announced);
    if marks.is_empty() && !has_odd(text) {
        return None;
    }
    let mut written = Rewritten::default();
    let mut buffer = [0; 4];
    let (mut marks, mut at, mut behind_ascii) = (marks.iter().peekable(), 0, true);
    while let Some(character) = text[at..].chars().next() {
        while marks.next_if(|mark| mark.end <= at).is_some() {}
        // The last before something else may be the letter of an accent.
        let until = marks.peek().map_or(text.len(), |mark| mark.start.max(at));
        let same = text.as_bytes()[at..until].iter().take_while(|byte| byte.is_ascii()).count();
        if same > 1 {
            written.keep(&text[at..at + same - 1]);
            (at, behind_ascii) = (at + same - 1, true);
            continue;
        }
        let (mut whole, mut end) = (character, at + character.len_utf8());
        while let Some((composed, mark)) =
            text[end..].chars().next().and_then(|mark| Some((joined(whole, mark)?, mark)))
        {
            (whole, end) = (composed, end + mark.len_utf8());
        }
        match plain(whole) {
            _ if marks.peek().is_some_and(|mark| mark.contains(&at)) => written.replace("", end),
            _ if behind_ascii && is_unseen(whole) => written.replace("", end),
            Some(plain) => written.replace(plain.encode_utf8(&mut buffer), end),
            None if whole != character => written.replace(whole.encode_utf8(&mut buffer), end),
            None => written.keep(character.encode_utf8(&mut buffer)),
        }
        (at, behind_ascii) = (end, written.text.ends_with(|last: char| last.is_ascii()));
    }
    Some(written)
}

/// Whether anything in `text` but emphasis is to be written otherwise.
fn has_odd(text: &str) -> bool {
    let leads = text.bytes().enumerate().filter(|(_, byte)| may_lead_odd(*byte));
    leads.map(|(at, _)| text.split_at(at)).any(|(before, behind)| {
        let (before, character) = (before.chars().next_back().unwrap_or(' '), behind.chars().next().unwrap_or(' '));
        is_unseen(character) && before.is_ascii() || plain(character).is_some() || joined(before, character).is_some()
    })
}

/// Whether what is to be written otherwise, or makes one character with the one before it, may begin with `byte`.
fn may_lead_odd(byte: u8) -> bool {
    matches!(byte, 0xc2 | 0xc4 | 0xcc | 0xcd | 0xd9 | 0xdb | 0xe0..=0xe3 | 0xef | 0xf0)
}

/// Whether an accent, or a part of a Korean syllable, may stand by itself in `text`, as in names of files on a Mac.
pub(crate) fn may_be_decomposed(text: &str) -> bool {
    let bytes = text.as_bytes();
    // The first bytes of Latin's and Greek's accents and of Korean's parts; all of Japanese's.
    memchr::memchr3(0xcc, 0xcd, 0xe1, bytes).is_some()
        || memchr::memchr_iter(0xe3, bytes).any(|at| matches!(bytes[at + 1..], [0x82, 0x99 | 0x9a, ..]))
}

/// The one character that `mark` makes of the one `before` it.
fn joined(before: char, mark: char) -> Option<char> {
    if is_combining(mark) { compose(before, mark) } else { None }
}

fn is_combining(mark: char) -> bool {
    matches!(mark, '\u{300}'..='\u{36f}' | '\u{1161}'..='\u{11c2}' | '\u{3099}' | '\u{309a}')
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
        // Turkish; its small form is ASCII's.
        'İ' => Some('I'),
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
        let written = in_ascii(text, true).unwrap();
        assert_eq!(written.text, "né: 4111 1111-1 ok");
        for (part, original) in
            [("4111 1111-1", "4111\u{a0}１１１１\u{2011}1"), ("né", "né"), ("ok", "ok"), ("1-1", "１\u{2011}1")]
        {
            let at = written.text.find(part).unwrap();
            assert_eq!(&text[written.original(at..at + part.len())], original);
        }
        let written = in_ascii("4\u{fe0f}\u{20e3}8\u{200b}2 é\u{200b}", true).unwrap();
        assert_eq!(written.text, "482 é\u{200b}");
        assert_eq!(written.original(0..1), 0..7);
        assert_eq!(in_ascii("\u{200e}né\u{a0}： 5", true).unwrap().text, "né : 5");
        for other in ["", "12 34-56", "❤\u{fe0f} 5", "日本 5"] {
            assert!(in_ascii(other, true).is_none(), "{other:?}");
        }
    }

    #[test]
    fn every_odd_character_is_seen() {
        let mut buffer = [0; 4];
        for character in '\0'..=char::MAX {
            let odd = is_unseen(character) || plain(character).is_some() || is_combining(character);
            let lead = character.encode_utf8(&mut buffer).as_bytes()[0];
            assert!(!odd || may_lead_odd(lead), "{character:?}");
        }
    }

    #[test]
    fn letters_and_their_accents_become_one_character() {
        let text = "senha\u{303}: 5 é m\u{1ea1}\u{302}t 비";
        let text = text.replace('é', "e\u{301}").replace('비', "\u{1107}\u{1175}").replace('\u{1ea1}', "a\u{323}");
        let written = in_ascii(&text, true).unwrap();
        assert_eq!(written.text, "senhã: 5 é mật 비");
        let at = written.text.find("ật").unwrap();
        assert_eq!(&text[written.original(at..at + "ật".len())], "a\u{323}\u{302}t");
        assert!(may_be_decomposed(&text) && may_be_decomposed("ハ\u{309a}ス") && !may_be_decomposed("né パス"));
    }
}
