//! `word_set!`: closed sets of words as functions, many words to a line.

/// Declares `fn name(word: &str) -> bool` for each set of lower-case words: `name: "word" …;`. With `name [WORDS]: …` the set's
/// words have a name too, for whoever asks for several sets at once.
macro_rules! word_set {
    ($($(#[$doc:meta])* $name:ident $([$words:ident])?: $($word:literal)+;)+) => {
        $(
            $crate::word_set::word_set!(@words [$($words)?] $($word)+);

            $(#[$doc])*
            pub(super) fn $name(word: &str) -> bool {
                const SHAPES: $crate::word_set::Shapes = $crate::word_set::Shapes::of(&[$($word),+]);
                SHAPES.may_hold(word) && matches!(word, $($word)|+)
            }
        )+
    };
    (@words [] $($word:literal)+) => {};
    (@words [$words:ident] $($word:literal)+) => {
        pub(super) const $words: &[&str] = &[$($word),+];
    };
}

pub(crate) use word_set;

/// Which lengths, first and last bytes the words of a set have: one look tells most other words from them.
pub(crate) struct Shapes([u64; 16]);

impl Shapes {
    pub const fn of(words: &[&str]) -> Self {
        let mut shapes = [0; 16];
        let mut at = 0;
        while at < words.len() {
            let shape = shape(words[at].as_bytes());
            shapes[shape / 64] |= 1 << (shape % 64);
            at += 1;
        }
        Self(shapes)
    }

    pub fn may_hold(&self, word: &str) -> bool {
        let shape = shape(word.as_bytes());
        (self.0[shape / 64] >> (shape % 64)) & 1 == 1
    }
}

/// Ten bits.
const fn shape(word: &[u8]) -> usize {
    match word {
        [] => 0,
        [first, .., last] => (((*first as usize & 31) << 5) | (*last as usize & 31)) ^ ((word.len() * 37) & 1023),
        [only] => *only as usize & 31,
    }
}

#[cfg(test)]
mod tests {
    super::word_set! {
        is_fruit: "apple" "fig" "éclair" "q";
    }

    #[test]
    fn a_set_holds_its_words_alone() {
        assert!(["apple", "fig", "éclair", "q"].into_iter().all(is_fruit));
        assert!(!["", "applf", "ample", "fog", "figs", "é", "Q", "apple "].into_iter().any(is_fruit));
    }
}
