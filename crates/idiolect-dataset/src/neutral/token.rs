//! A message cut into words, marks and what must not be touched.

use super::scan::*;
use crate::clean::is_emoji_only;
use crate::redact::placeholder;

/// One piece of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
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
    Semicolon,
    Stop,
    /// Two full stops or more, or the one character for them.
    Trail,
    Exclamation,
    Question,
}

/// A token and whether white space stands before it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Spaced<'a> {
    pub token: Token<'a>,
    pub space: bool,
}

/// Cuts `text`; every character that shows is in exactly one token.
pub(super) fn split(text: &str) -> Vec<Spaced<'_>> {
    let mut tokens = Vec::new();
    split_into(text, &mut tokens);
    tokens
}

/// As [`split`], behind what `tokens` has.
pub(super) fn split_into<'a>(text: &'a str, tokens: &mut Vec<Spaced<'a>>) {
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
        let plain = space.then(|| plain_word_len(&text.as_bytes()[at..])).flatten();
        if let Some(length) = plain {
            tokens.push(Spaced { token: Token::Word(&text[at..at + length]), space });
            at += length;
            space = false;
            continue;
        }
        if let Some(length) = plain_marks_len(&text.as_bytes()[at..]) {
            tokens.push(Spaced { token: Token::Mark(mark(&text[at..at + length])), space });
            at += length;
            space = false;
            continue;
        }
        while held.peek().is_some_and(|range| range.end <= at) {
            held.next();
        }
        let limit = held.peek().map_or(text.len(), |range| if range.start > at { range.start } else { range.end });
        let placeholder = held.peek().filter(|range| range.start == at).map(|range| (range.len(), Shape::Held));
        let (length, shape) = placeholder.unwrap_or_else(|| measured(&text[at..limit], space));
        let shown = &text[at..at + length];
        let token = match shape {
            Shape::Held => Token::Held(shown),
            Shape::Face => Token::Face(shown),
            Shape::Other => kind(shown),
        };
        tokens.push(Spaced { token, space });
        space = false;
        at += length;
    }
}

fn kind(shown: &str) -> Token<'_> {
    let first = shown.as_bytes()[0];
    if is_sentence_mark(first) || shown.starts_with('…') {
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
    match shown {
        "." => return Mark::Stop,
        "," => return Mark::Comma,
        _ => {}
    }
    let count = |mark: char| shown.matches(mark).count();
    if shown.contains('?') {
        Mark::Question
    } else if shown.contains('!') {
        Mark::Exclamation
    } else if shown.contains('…') || count('.') + count(',') > 1 {
        Mark::Trail
    } else if shown.contains('.') {
        Mark::Stop
    } else if shown.contains(':') {
        Mark::Colon
    } else if shown.contains(';') {
        Mark::Semicolon
    } else {
        Mark::Comma
    }
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
