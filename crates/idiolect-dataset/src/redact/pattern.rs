//! Patterns over letters of every script, which are large, with a small twin for the texts that are ASCII alone, as most are.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::{Captures, Regex};

pub(super) struct Pattern<Source = fn() -> String> {
    source: Source,
    ascii: OnceLock<Regex>,
    any: OnceLock<Regex>,
}

impl<Source: Fn() -> String> Pattern<Source> {
    /// Classes of letters, digits and marks are written `[\p{L}\p{N}\p{M}]`, in brackets and in this order; `\w` never is in brackets.
    pub const fn new(source: Source) -> Self {
        Self { source, ascii: OnceLock::new(), any: OnceLock::new() }
    }

    /// The pattern as it is to be looked for in `text`.
    pub fn of(&self, text: &str) -> &Regex {
        self.of_kind(text.is_ascii())
    }

    fn of_kind(&self, is_ascii: bool) -> &Regex {
        let new = |source: String| Regex::new(&source).expect("the pattern is constant");
        match is_ascii {
            true => self.ascii.get_or_init(|| new(in_ascii(&unfolded(&(self.source)())))),
            false => self.any.get_or_init(|| new(unfolded(&(self.source)()))),
        }
    }
}

/// A pattern that is only looked for where its beginning is found. Looking for the whole of one with gaps ("code", any words, a
/// number) takes an automaton many more states, new ones for nearly every text.
pub(super) struct Led {
    beginning: &'static Pattern,
    whole: Pattern,
}

impl Led {
    /// Every match of `whole`, which is written with a `^` before it, begins where one of `beginning` does.
    pub const fn new(beginning: &'static Pattern, whole: fn() -> String) -> Self {
        Self { beginning, whole: Pattern::new(whole) }
    }

    /// The pattern as it is to be looked for in `text`, from one place or another.
    pub fn of<'t>(&self, text: &'t str) -> LedIn<'_, 't> {
        let is_ascii = text.is_ascii();
        LedIn { beginning: self.beginning.of_kind(is_ascii), whole: &self.whole, text, is_ascii }
    }

    /// All matches in `text`, none overlapping.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Found<'t>> {
        let (led, mut at) = (self.of(text), 0);
        std::iter::from_fn(move || {
            let found = led.captures_at(at)?;
            at = found.start + found.captures.get_match().end();
            Some(found)
        })
    }
}

/// A [`Led`] and the text in which it is looked for. What kind that is, is told once: a long text may have many matches.
pub(super) struct LedIn<'l, 't> {
    beginning: &'l Regex,
    whole: &'l Pattern,
    text: &'t str,
    is_ascii: bool,
}

impl<'t> LedIn<'_, 't> {
    /// The first match from `at` on.
    pub fn captures_at(&self, mut at: usize) -> Option<Found<'t>> {
        while let Some(start) = self.beginning.find_at(self.text, at).map(|beginning| beginning.start()) {
            // Only now, as most people never need the larger of the two.
            if let Some(captures) = self.whole.of_kind(self.is_ascii).captures(&self.text[start..]) {
                return Some(Found { start, captures });
            }
            at = self.text.ceil_char_boundary(start + 1);
        }
        None
    }
}

/// A match of a [`Led`].
pub(super) struct Found<'t> {
    start: usize,
    captures: Captures<'t>,
}

impl Found<'_> {
    /// Where in the text the group is that has this name.
    pub fn name(&self, name: &str) -> Option<Range<usize>> {
        self.captures.name(name).map(|group| self.start + group.start()..self.start + group.end())
    }
}

/// `source` with its classes of letters taken as they are where letter case does not count: that adds nothing to them but U+0345, which is a
/// mark, and finding it out takes longer than all the rest.
fn unfolded(source: &str) -> String {
    let mut unfolded = String::with_capacity(2 * source.len());
    let mut rest = source;
    while let Some(start) = rest.find(['\\', '[']) {
        let length = match &rest.as_bytes()[start..] {
            [b'[', ..] => 1 + class_len(&rest[start + 1..]),
            [_, next, ..] if next.is_ascii() => 2,
            _ => 1,
        };
        let (before, part) = (&rest[..start], &rest[start..start + length]);
        unfolded.push_str(before);
        match part == r"\w" || part.starts_with('[') && part.contains(r"\p{L}") {
            true => unfolded.extend(["(?-i:", part, ")"]),
            false => unfolded.push_str(part),
        }
        rest = &rest[start + length..];
    }
    unfolded + rest
}

/// How long the class at the start of `rest` is, its closing bracket included; its opening one stands before.
fn class_len(rest: &str) -> usize {
    let mut escaped = false;
    let ends = |c: char| {
        let ends = c == ']' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    };
    rest.find(ends).map_or(rest.len(), |end| end + 1)
}

/// `source` with what its classes have in ASCII.
fn in_ascii(source: &str) -> String {
    let classes = [
        (r"\p{L}", "A-Za-z"),
        (r"\p{N}", "0-9"),
        (r"\p{M}", ""),
        (r"\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}", r"\x{4e00}"),
        (r"\w", r"(?-u:\w)"),
        (r"\d", "[0-9]"),
        (r"\b", r"(?-u:\b)"),
    ];
    classes.iter().fold(source.replace(r"(?-u:\b)", r"\b"), |source, (class, ascii)| source.replace(class, ascii))
}

/// Whether `word`, which is ASCII and small, is in `text` in any case.
pub(super) fn contains(text: &str, word: &str) -> bool {
    let Some(&first) = word.as_bytes().first() else { return true };
    let text = text.as_bytes();
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), text)
        .any(|at| text.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes())))
}

/// Words of which a text may hold one, looked for all at once and, where they are ASCII, in any case.
pub(super) struct AnyOf {
    words: &'static [&'static str],
    searcher: OnceLock<AhoCorasick>,
}

impl AnyOf {
    pub const fn new(words: &'static [&'static str]) -> Self {
        Self { words, searcher: OnceLock::new() }
    }

    pub fn is_in(&self, text: &str) -> bool {
        self.searcher.get_or_init(|| searcher(self.words.iter().copied())).is_match(text)
    }
}

/// Finds `words`, where they are ASCII in any case.
pub(super) fn searcher<'w>(words: impl Iterator<Item = &'w str>) -> AhoCorasick {
    let builder = &mut AhoCorasick::builder();
    let dfa = builder.kind(Some(AhoCorasickKind::DFA)).ascii_case_insensitive(true);
    dfa.build(words).expect("the words are few")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_any_case() {
        assert!(contains("my PiN", "pin") && contains("pin", "pin"));
        assert!(!contains("p in", "pin") && !contains("", "pin") && !contains("my pi", "pin"));
    }

    #[test]
    fn a_text_of_ascii_alone_is_looked_at_with_small_classes() {
        assert_eq!(in_ascii(r"[^\p{L}\p{N}_]\w*(?-u:\b)"), r"[^A-Za-z0-9_](?-u:\w)*(?-u:\b)");
        let pattern = Pattern::new(|| r"(?i)[\p{L}\p{N}\p{M}]+\b".to_owned());
        for text in ["don't, 12", "où né ça va ١٢"] {
            let found = |regex: &Regex| regex.find_iter(text).map(|word| word.range()).collect::<Vec<_>>();
            assert_eq!(found(pattern.of(text)), found(&Regex::new(&(pattern.source)()).unwrap()), "{text}");
        }
    }

    #[test]
    fn classes_of_letters_are_not_folded() {
        let source = r"(?xi) \[ [^\]\p{L}_]{2} a [bc\[] \w+ (?: é [\p{L}\p{N}]* | \\ [\p{N}] )";
        let expected = r"(?xi) \[ (?-i:[^\]\p{L}_]){2} a [bc\[] (?-i:\w)+ (?: é (?-i:[\p{L}\p{N}])* | \\ [\p{N}] )";
        assert_eq!(unfolded(source), expected);
    }
}
