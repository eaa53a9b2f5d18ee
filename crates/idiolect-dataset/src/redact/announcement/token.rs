//! A text as words, with what stands between them.

use std::ops::Range;

use super::super::nearby;
use super::words::{self, Class};

pub(super) struct Token<'a> {
    /// Without the marks around it.
    pub range: Range<usize>,
    /// In small letters, without "'s" and "l'".
    pub word: &'a str,
    pub class: Class,
    pub before: Break,
    /// A number sign or star stands right behind it, as what is typed after a code.
    pub marked: bool,
}

impl Token<'_> {
    pub fn is(&self, set: fn(&str) -> bool) -> bool {
        set(self.word)
    }
}

/// The marks between two words.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Break {
    pub comma: bool,
    /// A colon, an equals sign or an arrow.
    pub colon: bool,
    pub slash: bool,
    pub asked: bool,
    /// A sentence ends there.
    pub stop: bool,
    pub line: bool,
}

impl Break {
    fn of(between: &str) -> Self {
        // What stands between most words.
        if between == " " {
            return Self::default();
        }
        let holds = |marks: &[char]| between.contains(marks);
        Self {
            comma: holds(&[',', '，', '、']),
            colon: holds(&[':', '=', '→', '：']) || between.contains("->"),
            // "and/or" and paths have no space there.
            slash: holds(&['/', '|']) && holds(&[' ']),
            asked: holds(&['?', '？']),
            stop: holds(&['.', '!', ';', '。', '！']),
            line: holds(&['\n']),
        }
    }

    /// Whether a sentence or a line ends there.
    pub fn ends(self) -> bool {
        self.stop || self.asked || self.line
    }
}

/// The tokens of `text`, whose small form is `small`, byte for byte.
pub(super) fn split<'a>(text: &str, small: &'a str) -> Vec<Token<'a>> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 5 + 1);
    let mut end = 0;
    let mut at = 0;
    while let Some(start) = text[at..].find(char::is_alphanumeric).map(|start| at + start) {
        let range = start..start + length(&text[start..]);
        let word = core(&small[range.clone()]);
        tokens.push(Token {
            class: words::class(word),
            word,
            before: Break::of(&text[end..start]),
            marked: text[range.end..].starts_with(['#', '*']),
            range: range.clone(),
        });
        at = range.end + nearby::kisses(&text[range.clone()], &text[range.end..]);
        end = range.end;
    }
    tokens
}

/// How long the token is that `rest` begins with, in bytes.
fn length(rest: &str) -> usize {
    let glued = rest.starts_with(words::is_glued);
    let ends = |c: char| c.is_whitespace() || words::is_glued(c) != glued || glued && !c.is_alphanumeric();
    // What is glued to a word by such a mark is another: "pin=4829", "pw:…".
    let letters = rest.find(|c: char| ends(c) || !c.is_alphabetic()).unwrap_or(rest.len());
    if letters > 0 && rest[letters..].starts_with([':', '=', '/', ',']) {
        return letters;
    }
    // "4829,then"
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (number, after) = rest.split_at(digits);
    if digits > 0 && (after.starts_with([',', ';', ')']) || nearby::kisses(number, after) > 0) {
        return digits;
    }
    let chunk = &rest[..rest.find(ends).unwrap_or(rest.len())];
    chunk.trim_end_matches(|c: char| !c.is_alphanumeric()).len()
}

/// `word` without what belongs to another: "door's", "l'interphone".
fn core(word: &str) -> &str {
    match word.find(['\'', '’']) {
        None => word,
        Some(_) if words::class(word) != Class::default() => word,
        Some(at) if word[at..].ends_with("'s") || word[at..].ends_with("’s") => &word[..at],
        Some(at) if at <= 4 => word[at..].trim_start_matches(['\'', '’']),
        _ => word,
    }
}

/// Whether a sum, a share, a time or a fraction stands at `range`.
pub(super) fn is_part_of_more(text: &str, range: &Range<usize>) -> bool {
    let joined = |mark: char| matches!(mark, '.' | ',' | ':' | '/');
    let mut backwards = text[..range.start].chars().rev();
    let fraction = backwards.next().is_some_and(joined) && backwards.next().is_some_and(|c| c.is_ascii_digit());
    let mut forwards = text[range.end..].chars();
    let goes_on = forwards.next().is_some_and(joined) && forwards.next().is_some_and(|c| c.is_ascii_digit());
    fraction
        || goes_on
        || text[..range.start].ends_with("${")
        || text[..range.start].trim_end_matches(' ').ends_with(['$', '€', '£', '¥', '₹', '₽', '@', '[', '_'])
        || text[range.end..].starts_with(['%', '_', '°', '\'', '"', ']', '€', '$', '£'])
}
