//! A text as a plain keyboard writes it: digits, spaces and hyphens as ASCII has them, letters and their accents as one character, nothing that
//! nobody sees, and no chat's marks for bold and the like.

use std::ops::Range;

use unicode_normalization::char::compose;

use super::nearby::is_east_asian;
use super::phone::digit_value;
use super::rewritten::Rewritten;

/// `text` so, if any of it is written otherwise. Emphasis of words alone counts if something is `announced`.
pub(super) fn in_ascii(text: &str, announced: bool) -> Option<Rewritten> {
    let marks = emphasis(text, announced);
    if marks.is_empty() && !has_odd(text) {
        return None;
    }
    let mut written = Rewritten::default();
    let mut buffer = [0; 4];
    let (mut marks, mut behind_ascii) = (marks.iter().peekable(), true);
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        while marks.next_if(|mark| mark.end <= at).is_some() {}
        let (mut whole, mut end) = (character, at + character.len_utf8());
        while let Some((at, composed)) = characters.peek().and_then(|&(at, mark)| Some((at, joined(whole, mark)?))) {
            characters.next();
            (whole, end) = (composed, at + text[at..].chars().next().map_or(0, char::len_utf8));
        }
        match plain(whole) {
            _ if marks.peek().is_some_and(|mark| mark.contains(&at)) => written.replace("", end),
            _ if behind_ascii && is_unseen(whole) => written.replace("", end),
            Some(plain) => written.replace(plain.encode_utf8(&mut buffer), end),
            None if whole != character => written.replace(whole.encode_utf8(&mut buffer), end),
            None => written.keep(character.encode_utf8(&mut buffer)),
        }
        behind_ascii = written.text.ends_with(|last: char| last.is_ascii());
    }
    Some(written)
}

/// Whether anything in `text` but emphasis is to be written otherwise.
fn has_odd(text: &str) -> bool {
    let mut before = ' ';
    !text.is_ascii()
        && text.chars().any(|character| {
            let behind = std::mem::replace(&mut before, character);
            is_unseen(character) && behind.is_ascii()
                || plain(character).is_some()
                || joined(behind, character).is_some()
        })
}

/// Whether an accent, or a part of a Korean syllable, may stand by itself in `text`, as in names of files on a Mac.
pub(crate) fn may_be_decomposed(text: &str) -> bool {
    let bytes = text.as_bytes();
    // The first bytes of Latin's and Greek's accents and of Korean's parts; the last two of Japanese's.
    memchr::memchr3(0xcc, 0xcd, 0xe1, bytes).is_some()
        || memchr::memchr2_iter(0x99, 0x9a, bytes).any(|at| bytes[..at].ends_with(&[0xe3, 0x82]))
}

/// The one character that `mark` makes of the one `before` it.
fn joined(before: char, mark: char) -> Option<char> {
    let is_mark = matches!(mark, '\u{300}'..='\u{36f}' | '\u{1161}'..='\u{11c2}' | '\u{3099}' | '\u{309a}');
    if is_mark { compose(before, mark) } else { None }
}

/// What chats put around words, once to three times, to have them bold, slanted, struck, hidden or as they were typed; and quotation marks.
const EMPHASIS: [char; 11] = ['*', '_', '`', '~', '|', '"', '“', '”', '„', '«', '»'];

/// Whether there may be emphasis in `text`.
pub(super) fn may_be_emphasised(text: &str) -> bool {
    memchr::memchr3(b'*', b'_', b'`', text.as_bytes()).is_some()
        || memchr::memchr3(b'~', b'|', b'"', text.as_bytes()).is_some()
        || !text.is_ascii() && text.contains(EMPHASIS)
}

/// `range` of `text` without the marks that end it.
pub(super) fn without_emphasis(text: &str, range: Range<usize>) -> Range<usize> {
    let length = text[range.clone()].trim_end_matches(EMPHASIS).len();
    range.start..range.start + length
}

/// Where the marks of emphasis stand: before a word, and the same behind one on the same line, each with no letter or digit on its other side.
fn emphasis(text: &str, announced: bool) -> Vec<Range<usize>> {
    const LONGEST: usize = 3;
    const DEEPEST: usize = 8;
    let mut marks: Vec<Range<usize>> = Vec::new();
    if !may_be_emphasised(text) {
        return marks;
    }
    // The marks that nothing has closed yet, each with its first character.
    let mut open: Vec<(char, Range<usize>)> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(EMPHASIS).map(|next| at + next) {
        let sign = text[start..].chars().next().unwrap_or_default();
        let end = text.len() - text[start..].trim_start_matches(sign).len();
        if text[at..start].contains('\n') {
            open.clear();
        }
        at = end;
        if end - start > LONGEST * sign.len_utf8() {
            continue;
        }
        let (before, behind) = (text[..start].chars().next_back(), text[end..].chars().next());
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_east_asian(c));
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        // Behind a string of a program nothing ends.
        let closes = !is_space(before) && !is_word(behind) && !matches!(behind, Some('}' | ']' | '@'));
        let same = |(opened, mark): &(char, Range<usize>)| {
            let quoted = !sign.is_ascii() && !opened.is_ascii();
            closes && (quoted || *opened == sign) && mark.len() == end - start
        };
        if let Some(opened) = open.iter().rposition(same) {
            let first = open[opened].1.clone();
            if announced || text.as_bytes()[first.end..start].iter().any(|byte| byte.is_ascii_digit() || *byte == b'@')
            {
                marks.extend([first, start..end]);
            }
            open.truncate(opened);
        } else if !is_word(before) && !is_space(behind) && open.len() < DEEPEST {
            open.push((sign, start..end));
        }
    }
    marks.sort_unstable_by_key(|mark| mark.start);
    marks
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
    fn letters_and_their_accents_become_one_character() {
        let text = "senha\u{303}: 5 é m\u{1ea1}\u{302}t 비";
        let text = text.replace('é', "e\u{301}").replace('비', "\u{1107}\u{1175}").replace('\u{1ea1}', "a\u{323}");
        let written = in_ascii(&text, true).unwrap();
        assert_eq!(written.text, "senhã: 5 é mật 비");
        let at = written.text.find("ật").unwrap();
        assert_eq!(&text[written.original(at..at + "ật".len())], "a\u{323}\u{302}t");
        assert!(may_be_decomposed(&text) && may_be_decomposed("ハ\u{309a}ス") && !may_be_decomposed("né パス"));
    }

    #[test]
    fn marks_of_emphasis_are_those_around_words() {
        for (text, plain) in [
            ("pin *4829*", "pin 4829"),
            ("**pin** is `4829`.", "pin is 4829."),
            ("*_4829_*, ok", "4829, ok"),
            ("||hunter22||", "hunter22"),
            ("(~4829~)", "(4829)"),
            ("```4829```", "4829"),
            ("its \"4829\"", "its 4829"),
            ("its “4829”, „4829“ or «4829»", "its 4829, 4829 or 4829"),
            ("番号は*4829*です", "番号は4829です"),
        ] {
            assert_eq!(in_ascii(text, true).unwrap().text, plain, "{text:?}");
        }
        for other in [
            "2 * 3 * 4",
            "2*3*4",
            "jo_k_1",
            "*4829#",
            "**** 4829",
            "* one\n* two",
            "a | b | c",
            "*one\ntwo*",
            "a *b c",
            "{\"a\"}",
        ] {
            assert!(in_ascii(other, true).is_none(), "{other:?}");
        }
        assert!(in_ascii("so *very* 5", false).is_none());
    }
}
