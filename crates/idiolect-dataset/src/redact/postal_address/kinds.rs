//! Which kinds of words a word may be of, told at one look when a text is split: most are of none that any rule waits for.
//!
//! Who asks first whether a word may be of a kind does not ask the rule behind it about other words: a rule that waits for more words
//! has to name them here.

use super::{
    announced, bearing, continental, dated, english, french, german, grid, labelled, singapore, small, whole, words,
};

/// Words in small letters with which an anchor may begin.
pub(super) const ANCHOR: u8 = 1;
/// With which a line may begin that is nothing but a street.
pub(super) const LINE: u8 = 2;
/// Before the name of a street, which means "street"; and months, which streets are called after.
pub(super) const START: u8 = 4;
/// The same, between the name and the number.
pub(super) const BEHIND: u8 = 8;
/// Without one of these there is no name of a street behind its house in English: endings, directions, roads with a number.
pub(super) const NAMING: u8 = 16;
/// Endings of English streets that are all of a line.
pub(super) const ENDING: u8 = 32;
/// Small words by which a name goes on, or behind which its number is.
pub(super) const JOINING: u8 = 64;
/// What may stand right before an address that is announced.
pub(super) const LEADING: u8 = 128;

#[rustfmt::skip]
const SETS: &[(u8, &[&[&str]])] = &[
    (ANCHOR, &[
        words::MAILBOX_STARTS, words::SMALL_STREET_STARTS, words::SURE_STREET_STARTS, small::LED_STARTS, grid::CROSSED,
        small::SURE_STREETS_BEHIND, words::SURE_FLATS, &["blk", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
    ]),
    (LINE, &[whole::STARTS, whole::SHORT_STARTS, grid::CROSSED, labelled::HOUSES, &["corner", "no"]]),
    (START, &[words::STREET_STARTS, dated::STARTS, dated::MONTHS, whole::FRENCH, bearing::STARTS, french::STARTS, french::DOUBTFUL_STARTS, singapore::LANES]),
    (BEHIND, &[words::STREETS_BEHIND, bearing::BEHIND, whole::BEHIND, whole::SHORT_BEHIND]),
    (NAMING, &[words::STRONG_ENDS, words::WEAK_ENDS, words::NUMBERED_ROADS, words::DIRECTIONS, &["i", "so", "no"]]),
    (ENDING, &[english::ENDS, english::WEAKER_ENDS]),
    (JOINING, &[continental::JOINTS, announced::JOINTS, german::ARTICLES, words::NUMBER_WORDS, words::STREETS_BEHIND, &["al"]]),
    (LEADING, &[announced::PREPOSITIONS, announced::ADDRESS_WORDS]),
];

/// The kinds of the words of each place, as bits.
static KINDS: [u8; 1 << PLACE_BITS] = {
    let mut kinds = [0; 1 << PLACE_BITS];
    let mut set = 0;
    while set < SETS.len() {
        let (kind, lists) = SETS[set];
        let mut list = 0;
        while list < lists.len() {
            let mut word = 0;
            while word < lists[list].len() {
                kinds[place(lists[list][word].as_bytes())] |= kind;
                word += 1;
            }
            list += 1;
        }
        set += 1;
    }
    kinds
};

const PLACE_BITS: u32 = 13;

/// Of a word by its first two bytes, its last two and its length.
const fn place(word: &[u8]) -> usize {
    let ends = match (word.first_chunk(), word.last_chunk()) {
        (Some(first), Some(last)) => u16::from_le_bytes(*first) as u32 | (u16::from_le_bytes(*last) as u32) << 16,
        _ => {
            if word.is_empty() {
                0
            } else {
                word[0] as u32
            }
        }
    };
    ((ends ^ word.len() as u32).wrapping_mul(0x9e37_79b1) >> (32 - PLACE_BITS)) as usize
}

/// The kinds that the `word` in small letters may be of; those of others may be among them.
pub(super) fn of(word: &str) -> u8 {
    KINDS[place(word.as_bytes())]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::redact::postal_address::{find_in, word};

    #[test]
    fn words_are_of_their_kinds_and_most_others_of_none() {
        for (kind, lists) in SETS {
            assert!(lists.iter().copied().flatten().all(|word| of(word) & kind != 0));
        }
        let others =
            "most of what people write about has nothing else that rules for addresses could ever be waiting for";
        let others = others.split(' ').filter(|word| of(word) & !LEADING == 0);
        assert!(others.count() > 15);
    }

    fn a_word() -> impl Strategy<Value = String> {
        let every = SETS.iter().flat_map(|(_, lists)| lists.iter().copied().flatten().copied()).collect::<Vec<_>>();
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
        };
        prop_oneof![
            4 => (prop::sample::select(every), any::<bool>()).prop_map(move |(word, large)| match large {
                true => capital(word),
                false => word.to_owned(),
            }),
            2 => "[A-Za-z]{2,9}",
            3 => "[0-9]{1,5}[a-c]?",
        ]
    }

    proptest! {
        #[test]
        fn no_rule_misses_a_word(parts in prop::collection::vec((a_word(), "( | | | |, |, |\n|\\. | - )"), 2..12)) {
            let text: String = parts.into_iter().flat_map(|(word, gap)| [word, gap]).collect();
            let small = text.to_ascii_lowercase();
            let found = |kinds: Option<u8>| {
                let (mut words, mut found) = (word::split(&text, &small), Vec::new());
                words.iter_mut().for_each(|word| word.kinds = kinds.unwrap_or(word.kinds));
                find_in(&text, &words, None, &mut found);
                found
            };
            prop_assert_eq!(found(None), found(Some(u8::MAX)));
        }
    }
}
