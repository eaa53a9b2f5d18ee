//! A message cut into words, marks and what must not be touched.

use std::ops::Range;

use crate::clean::is_emoji_only;
use crate::redact::placeholder;
use unicode_segmentation::UnicodeSegmentation;

/// One piece of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Letters, digits and the apostrophes, hyphens and slashes within.
    Word(&'a str),
    /// A placeholder, link, handle, code or number with marks: carried over as it is.
    Held(&'a str),
    /// A run of sentence marks.
    Mark(Mark),
    /// Brackets, quotes, dashes and other signs.
    Sign(&'a str),
    /// An emoji or emoticon.
    Face(&'a str),
    /// The end of a line.
    Line,
}

/// What a run of sentence marks amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Comma,
    Colon,
    Stop,
    /// Two full stops or more, or the one character for them.
    Trail,
    Exclamation,
    Question,
}

/// A token and whether white space stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spaced<'a> {
    pub token: Token<'a>,
    pub space: bool,
}

/// Cuts `text`; every character that shows is in exactly one token.
pub(super) fn split(text: &str) -> Vec<Spaced<'_>> {
    let mut tokens = Vec::with_capacity(text.len() / 4 + 2);
    let mut held = placeholder::ranges(text).peekable();
    let mut at = 0;
    let mut space = true;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            if first == '\n' {
                tokens.push(Spaced { token: Token::Line, space });
            }
            at += first.len_utf8();
            space = true;
            continue;
        }
        // Most of a chat is lower-case words between spaces.
        let plain = space.then(|| plain_word_len(&text[at..])).flatten();
        if let Some(length) = plain {
            tokens.push(Spaced { token: Token::Word(&text[at..at + length]), space });
            at += length;
            space = false;
            continue;
        }
        while held.peek().is_some_and(|range| range.end <= at) {
            held.next();
        }
        let limit = held.peek().map_or(text.len(), |range| if range.start > at { range.start } else { range.end });
        let range = match held.peek() {
            Some(range) if range.start == at => range.clone(),
            _ => at..at + length(&text[at..limit], space),
        };
        tokens.push(Spaced { token: kind(text, range.clone(), held.peek()), space });
        space = false;
        at = range.end;
    }
    tokens
}

/// The length of a word of ASCII letters and apostrophes that white space, the text's end, or a mark and then
/// one of those ends: nothing else than a word can look so, but for a lone letter that may begin an emoticon.
fn plain_word_len(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let length = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'\'').count();
    let ends = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let marked = bytes.get(length).copied().is_some_and(is_sentence_mark) && ends(length + 1);
    let word = length > 1 && bytes[0] != b'\'' && bytes[length - 1] != b'\'';
    (word && (ends(length) || marked)).then_some(length)
}

/// How many bytes the token at the start of `rest` takes.
fn length(rest: &str, space: bool) -> usize {
    let bytes = rest.as_bytes();
    let until_space = || rest.find(char::is_whitespace).unwrap_or(rest.len());
    if let Some(face) = super::filler::emoticon_len(rest).filter(|&face| space || ends_clause(&rest[face..])) {
        return face;
    }
    if space {
        let chunk = &rest[..until_space()];
        if is_link(chunk) || is_handle(chunk) || is_angled(chunk) || is_dotted_name(chunk) {
            return chunk.trim_end_matches([',', '!', '?', '.', ';']).len().max(1);
        }
    }
    if bytes[0] == b'`' {
        return code_len(rest);
    }
    if bytes[0].is_ascii_digit()
        || (bytes[0] == b'$' || rest.starts_with(['£', '€'])) && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
    {
        return number_len(rest);
    }
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if is_word_char(rest, 0) {
        return word_len(rest);
    }
    if is_sentence_mark(bytes[0]) || rest.starts_with('…') {
        return rest.find(|c: char| !(c.is_ascii() && is_sentence_mark(c as u8)) && c != '…').unwrap_or(rest.len());
    }
    if rest.is_char_boundary(1) { first } else { rest.graphemes(true).next().map_or(first, str::len) }
}

fn kind<'a>(text: &'a str, range: Range<usize>, held: Option<&Range<usize>>) -> Token<'a> {
    let shown = &text[range.clone()];
    let first = shown.as_bytes()[0];
    if held == Some(&range)
        || first == b'`'
        || is_link(shown)
        || is_handle(shown)
        || is_angled(shown)
        || is_dotted_name(shown)
    {
        Token::Held(shown)
    } else if super::filler::emoticon_len(shown) == Some(shown.len()) {
        Token::Face(shown)
    } else if is_sentence_mark(first) || shown.starts_with('…') {
        Token::Mark(mark(shown))
    } else if is_word_char(shown, 0)
        && !(shown.len() > 1 && first.is_ascii_digit() && !shown.bytes().all(|b| b.is_ascii_alphanumeric()))
    {
        Token::Word(shown)
    } else if first.is_ascii_digit()
        || shown.starts_with(['$', '£', '€']) && shown.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '%')
    {
        Token::Held(shown)
    } else if !first.is_ascii() && is_emoji_only(shown) {
        Token::Face(shown)
    } else {
        Token::Sign(shown)
    }
}

fn mark(shown: &str) -> Mark {
    let count = |mark: char| shown.matches(mark).count();
    if shown.contains('?') {
        Mark::Question
    } else if shown.contains('!') {
        Mark::Exclamation
    } else if shown.contains('…') || count('.') + count(',') > 1 {
        Mark::Trail
    } else if shown.contains('.') {
        Mark::Stop
    } else if shown.contains([':', ';']) {
        Mark::Colon
    } else {
        Mark::Comma
    }
}

fn is_sentence_mark(byte: u8) -> bool {
    matches!(byte, b'.' | b',' | b'!' | b'?' | b';' | b':')
}

fn is_word_char(text: &str, at: usize) -> bool {
    let Some(character) = text[at..].chars().next() else { return false };
    character.is_alphanumeric()
        || ('\u{300}'..='\u{36f}').contains(&character)
        || character == '\'' && text[at + 1..].starts_with(|c: char| c.is_alphabetic())
}

/// Letters, digits, and the `'`, `’`, `-` and `/` between them; "w/" and "b/c" are words of chats.
fn word_len(rest: &str) -> usize {
    let mut end = 0;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let joins = matches!(character, '\'' | '’' | '-')
            && end > 0
            && characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if character.is_alphanumeric()
            || joins
            || ('\u{300}'..='\u{36f}').contains(&character)
            || (at == 0 && character == '\'')
        {
            end = at + character.len_utf8();
        } else {
            break;
        }
    }
    let slashed =
        rest[end..].starts_with('/') && matches!(rest[..end].to_ascii_lowercase().as_str(), "w" | "b" | "j" | "h");
    if slashed {
        let more: usize = rest[end + 1..].chars().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum();
        return end + 1 + if more <= 3 { more } else { 0 };
    }
    end
}

/// "10.30", "7:45pm", "$5", "50%", "2nd", "1/2": digits with the marks between them and a unit behind.
fn number_len(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = rest.chars().next().map_or(1, char::len_utf8);
    while end < bytes.len() {
        let inner = matches!(bytes[end], b'.' | b',' | b':' | b'/' | b'-')
            && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if bytes[end].is_ascii_alphanumeric() || bytes[end] == b'%' || inner {
            end += 1;
        } else {
            break;
        }
    }
    end
}

/// Between backticks; to the end of the text if they are never closed.
fn code_len(rest: &str) -> usize {
    let fence = rest.bytes().take_while(|&byte| byte == b'`').count();
    rest[fence..].find(&rest[..fence]).map_or(rest.len(), |close| fence + close + fence)
}

fn is_link(chunk: &str) -> bool {
    chunk.contains("://") || chunk.starts_with("www.")
}

fn is_handle(chunk: &str) -> bool {
    chunk.len() > 1 && chunk.starts_with(['@', '#']) && chunk[1..].starts_with(char::is_alphanumeric)
}

/// "core.async.x", "notes.pdf", "example.com": names with full stops inside, not a forgotten space.
fn is_dotted_name(chunk: &str) -> bool {
    let name = chunk.trim_end_matches(|c: char| !c.is_alphanumeric());
    let Some((head, last)) = name.rsplit_once('.') else { return false };
    let known = matches!(
        last,
        "com"
            | "org"
            | "net"
            | "io"
            | "co"
            | "uk"
            | "txt"
            | "pdf"
            | "doc"
            | "docx"
            | "xls"
            | "xlsx"
            | "ppt"
            | "jpg"
            | "png"
            | "gif"
            | "mp3"
            | "mp4"
            | "zip"
            | "py"
            | "js"
            | "rs"
            | "json"
            | "exe"
            | "html"
    );
    let whole = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    name.split('.').all(whole) && (known || head.contains('.') && last.len() > 1)
}

/// Whether nothing, white space or a sentence's mark comes next.
fn ends_clause(rest: &str) -> bool {
    rest.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ',' | '!' | '?'))
}

/// "<@Jo>", "<#>": how exports write what they replaced.
fn is_angled(chunk: &str) -> bool {
    chunk.len() > 2 && chunk.starts_with('<') && chunk[1..].find('>').is_some_and(|close| close > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        split(text).into_iter().map(|spaced| spaced.token).collect()
    }

    #[test]
    fn words_marks_and_faces_are_told_apart() {
        use Token::*;
        assert_eq!(
            tokens("hey!! u ok? :) 👍🏽\nw/ me"),
            [
                Word("hey"),
                Mark(super::Mark::Exclamation),
                Word("u"),
                Word("ok"),
                Mark(super::Mark::Question),
                Face(":)"),
                Face("👍🏽"),
                Line,
                Word("w/"),
                Word("me")
            ]
        );
        assert_eq!(tokens("don't re-do"), [Word("don't"), Word("re-do")]);
        assert_eq!(tokens("wait...ok"), [Word("wait"), Mark(super::Mark::Trail), Word("ok")]);
    }

    #[test]
    fn placeholders_links_numbers_and_code_are_held() {
        use Token::*;
        assert_eq!(
            tokens("[PHONE_1]. at 10.30"),
            [Held("[PHONE_1]"), Mark(super::Mark::Stop), Word("at"), Held("10.30")]
        );
        assert_eq!(
            tokens("see https://example.com/a?b, @jo"),
            [Word("see"), Held("https://example.com/a?b"), Mark(super::Mark::Comma), Held("@jo")]
        );
        assert_eq!(tokens("run `ls -l` k"), [Word("run"), Held("`ls -l`"), Word("k")]);
        assert_eq!(tokens("$5 or £6"), [Held("$5"), Word("or"), Held("£6")]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_shows_is_lost(text in "[a-z0-9 .,!?:;)(\\[\\]`'\"<>@#/$%^&*_~\u{e9}\u{4f60}\u{1f44d}\u{200d}\n-]{0,40}") {
            let total: usize = split(&text).iter().map(|spaced| match spaced.token {
                Token::Word(s) | Token::Held(s) | Token::Sign(s) | Token::Face(s) => s.len(),
                Token::Mark(_) | Token::Line => 0,
            }).sum();
            let marks = text.bytes().filter(|&b| is_sentence_mark(b)).count();
            let spaces = text.chars().filter(|c| c.is_whitespace()).count();
            proptest::prop_assert!(total <= text.len() && total + marks + spaces >= text.len());
        }
    }
}
