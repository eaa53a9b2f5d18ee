//! Every word that a rule knows, in one table: what it reads in plain English, and the sets it belongs to.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::lexicon;
use super::word_sets::SETS;

/// What is known of a word.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// What it says in plain English, if that is not itself; empty if it says nothing.
    pub(super) plain: Option<&'static str>,
    /// One bit for each set of `word_sets.rs`.
    pub(super) sets: u32,
}

static WORDS: LazyLock<FxHashMap<&'static str, Word>> = LazyLock::new(|| {
    let mut words: FxHashMap<&'static str, Word> = FxHashMap::default();
    for (word, plain) in lexicon::entries() {
        words.entry(word).or_default().plain = Some(plain);
    }
    for (bit, members) in SETS {
        for &word in *members {
            words.entry(word).or_default().sets |= bit;
        }
    }
    words
});

/// What is known of the lower-case `word`; nothing of most.
pub(super) fn word(word: &str) -> Word {
    WORDS.get(word).copied().unwrap_or_default()
}

/// A word as the table has it: lower case with typewriter apostrophes; copied only if something changes.
pub(super) fn lowered(word: &str) -> Cow<'_, str> {
    if !word.is_ascii() {
        if word.chars().all(is_caseless) {
            return Cow::Borrowed(word);
        }
        Cow::Owned(word.to_lowercase().replace('’', "'"))
    } else if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}

/// Whether `character` is a letter of those that Chinese, Japanese and Korean mostly consist of, which have no case. Unicode's tables say the same of
/// each, and take longer.
pub(super) fn is_caseless(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{3096}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// As [`char::is_alphanumeric`].
pub(super) fn is_alphanumeric(character: char) -> bool {
    is_caseless(character) || character.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_without_case_are_what_unicode_says_they_are() {
        for character in ('\u{3000}'..='\u{d7ff}').filter(|character| is_caseless(*character)) {
            assert!(character.is_alphanumeric() && !character.is_uppercase() && !character.is_lowercase());
            assert!(character.to_lowercase().eq([character]), "{character}");
        }
        assert!(is_caseless('你') && is_caseless('가') && !is_caseless('é') && !is_caseless('。'));
    }
}
