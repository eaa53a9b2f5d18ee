//! The chat lexicon: one spelling, one plain reading; and the names that are written with a capital.

use std::sync::LazyLock;

use super::vocabulary;

/// Entries are `spelling TAB reading`; a reading of `-` leaves the word out; `#` starts a comment.
const LEXICON: &str = include_str!("lexicon.txt");

/// Names in their own spelling, separated by white space; `#` starts a comment.
const NAMES: &str = include_str!("names.txt");

static NAMES_IN_LOWER_CASE: LazyLock<Vec<(String, &'static str)>> =
    LazyLock::new(|| lines(NAMES).flat_map(str::split_whitespace).map(|name| (name.to_lowercase(), name)).collect());

/// Every lower-case word with its reading.
pub(super) fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let names = NAMES_IN_LOWER_CASE.iter().map(|(lower, name)| (lower.as_str(), *name));
    let words = lines(LEXICON).filter_map(|line| line.split_once('\t'));
    names.chain(words.map(|(word, plain)| (word, if plain == "-" { "" } else { plain })))
}

/// What the lower-case `word` says in plain English; empty if it says nothing.
pub(super) fn plain(word: &str) -> Option<&'static str> {
    vocabulary::word(word).plain
}

/// Whether the lower-case `word` is one of the names.
pub(super) fn is_name(word: &str) -> bool {
    plain(word).is_some_and(|name| name.starts_with(|c: char| c.is_uppercase()) && name.eq_ignore_ascii_case(word))
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_entry_and_no_word_comes_twice() {
        for line in lines(LEXICON) {
            let (word, plain) = line.split_once('\t').expect("a tab between word and reading");
            assert!(!word.is_empty() && !plain.is_empty() && word == word.to_lowercase() && word != plain, "{line:?}");
            assert!(!word.contains(' ') && plain.trim() == plain, "{line:?}");
        }
        let names = lines(NAMES).flat_map(str::split_whitespace).count();
        let words: std::collections::HashSet<_> = entries().map(|(word, _)| word).collect();
        assert_eq!(words.len(), lines(LEXICON).count() + names);
        assert!(lines(LEXICON).count() > 700 && names > 400);
    }

    #[test]
    fn readings_are_plain_themselves() {
        for (word, reading) in entries() {
            for part in reading.split(' ') {
                assert!(
                    plain(part).is_none_or(|again| again == part),
                    "{word:?} reads {reading:?}, where {part:?} is slang"
                );
            }
        }
    }
}
