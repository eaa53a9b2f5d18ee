//! `word_set!`: closed sets of words as functions, many words to a line.

/// Declares `fn name(word: &str) -> bool` for each set of lower-case words.
macro_rules! word_set {
    ($($(#[$doc:meta])* $name:ident: $($word:literal)+;)+) => {
        $(
            $(#[$doc])*
            pub(super) fn $name(word: &str) -> bool {
                matches!(word, $($word)|+)
            }
        )+
    };
}

pub(crate) use word_set;
