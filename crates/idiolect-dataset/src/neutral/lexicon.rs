//! The chat lexicon: one spelling, one plain reading.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Entries are `spelling TAB reading`; a reading of `-` leaves the word out; `#` starts a comment.
const LEXICON: &str = include_str!("lexicon.txt");

static ENTRIES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = LEXICON.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('\t'))
        .map(|(word, plain)| (word, if plain == "-" { "" } else { plain }))
        .collect()
});

/// What the lower-case `word` says in plain English; empty if it says nothing.
pub(super) fn plain(word: &str) -> Option<&'static str> {
    ENTRIES.get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_entry_and_no_word_comes_twice() {
        let lines: Vec<&str> = LEXICON.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        for line in &lines {
            let (word, plain) = line.split_once('\t').expect("a tab between word and reading");
            assert!(!word.is_empty() && !plain.is_empty() && word == word.to_lowercase() && word != plain, "{line:?}");
            assert!(!word.contains(' ') && plain.trim() == plain, "{line:?}");
        }
        assert_eq!(ENTRIES.len(), lines.len());
        assert!(ENTRIES.len() > 700);
    }

    #[test]
    fn readings_are_plain_themselves() {
        for (word, reading) in ENTRIES.iter() {
            for part in reading.split(' ') {
                assert!(
                    plain(part).is_none_or(|again| again == part),
                    "{word:?} reads {reading:?}, where {part:?} is slang"
                );
            }
        }
    }
}
