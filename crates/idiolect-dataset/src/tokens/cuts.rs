//! Where a piece can be cut without changing its tokens: between two characters that no token of the vocabulary joins.
//! Languages without spaces make pieces of whole clauses, which never come twice; what lies between the cuts does.
//!
//! Exact, since byte-pair encoding only ever joins what is a token: if no token spans a border, no merge does.

use std::sync::LazyLock;

/// What stands side by side in some token. Pairs are bits by their hash: what is taken for a pair by chance is not cut, which
/// changes no count.
struct Joined {
    /// Two whole characters.
    whole: Pairs,
    /// The ends of characters and the starts of others, one of the two or both not whole: few tokens have such.
    broken: Pairs,
    /// By the last byte before a border of `broken`, the first bytes behind it, as bits.
    broken_at: [u64; 64],
}

struct Pairs(Vec<u64>);

/// Half a MiB for some 200,000 pairs: one in twenty that are none is taken for one.
const PAIR_BITS: u32 = 22;

impl Pairs {
    fn new() -> Self {
        Self(vec![0; 1 << (PAIR_BITS - 6)])
    }

    fn place(sides: u64) -> (usize, u64) {
        let hash = sides.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - PAIR_BITS);
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    fn insert(&mut self, sides: u64) {
        let (word, bit) = Self::place(sides);
        self.0[word] |= bit;
    }

    fn may_contain(&self, sides: u64) -> bool {
        let (word, bit) = Self::place(sides);
        self.0[word] & bit != 0
    }
}

static JOINED: LazyLock<Joined> = LazyLock::new(|| {
    let vocabulary = &bpe_openai::o200k_base().bpe;
    let mut joined = Joined { whole: Pairs::new(), broken: Pairs::new(), broken_at: [0; 64] };
    for token in 0..vocabulary.num_tokens() as u32 {
        let bytes = vocabulary.token_bytes(token);
        for border in 1..bytes.len() {
            let (before, behind) = bytes.split_at(border);
            if !starts_character(behind[0]) || before[before.len() - 1].is_ascii() {
                continue;
            }
            let (before, behind) = (last_character(before), first_character(behind));
            if std::str::from_utf8(before).is_ok() && std::str::from_utf8(behind).is_ok() {
                joined.whole.insert(sides(before, behind));
            } else {
                joined.broken.insert(sides(before, behind));
                joined.broken_at[usize::from(before[before.len() - 1] & 63)] |= 1 << (behind[0] & 63);
            }
        }
    }
    joined
});

impl Joined {
    /// Whether a token may have the end of `before` and the start of `behind` side by side.
    fn may_join(&self, before: &[u8], behind: &[u8]) -> bool {
        let broken = || {
            let mut ends = (0..before.len()).map(|from| &before[from..]);
            ends.any(|end| (1..=behind.len()).any(|to| self.broken.may_contain(sides(end, &behind[..to]))))
        };
        let may_be_broken = self.broken_at[usize::from(before[before.len() - 1] & 63)] >> (behind[0] & 63) & 1 == 1;
        self.whole.may_contain(sides(before, behind)) || may_be_broken && broken()
    }
}

/// Whether a byte begins a character that is not ASCII.
fn starts_character(byte: u8) -> bool {
    byte >= 0xc0
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// The last character, or what there is of it.
fn last_character(bytes: &[u8]) -> &[u8] {
    let continued = bytes.iter().rev().take(3).take_while(|byte| is_continuation(**byte)).count();
    &bytes[bytes.len().saturating_sub(continued + 1)..]
}

/// The first character, or what there is of it.
fn first_character(bytes: &[u8]) -> &[u8] {
    let continued = bytes[1..].iter().take(3).take_while(|byte| is_continuation(**byte)).count();
    &bytes[..1 + continued]
}

/// No byte of either side is zero, so shorter sides differ from longer ones.
fn sides(before: &[u8], behind: &[u8]) -> u64 {
    let packed = |bytes: &[u8]| bytes.iter().fold(0, |packed, byte| packed << 8 | u64::from(*byte));
    packed(before) << 32 | packed(behind)
}

/// Gives the place and length of each part of `piece` between two cuts.
pub(super) fn parts(piece: &str, mut give: impl FnMut(usize, usize)) {
    let bytes = piece.as_bytes();
    let joined = &*JOINED;
    let (mut start, mut before) = (0, 0..0);
    for (at, character) in piece.char_indices().filter(|(_, character)| !character.is_ascii()) {
        let this = at..at + character.len_utf8();
        if before.end == at && at > 0 && !joined.may_join(&bytes[before], &bytes[this.clone()]) {
            give(start, at - start);
            start = at;
        }
        before = this;
    }
    give(start, piece.len() - start);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_of_the_vocabulary_stay_whole() {
        let cut = |piece: &str| {
            let mut cut = Vec::new();
            parts(piece, |at, length| cut.push(piece[at..at + length].to_owned()));
            cut
        };
        // 我们 (we) and 今天 (today) are tokens; nothing joins 们 and 龘.
        assert_eq!(cut("我们龘今天"), ["我们", "龘", "今天"]);
        assert_eq!(cut("word"), ["word"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn the_parts_have_as_many_tokens_as_the_whole(
            piece in "([一-鿿]{0,6}|[我你他们今天明天去吃饭了吗好的是不在有什么]{0,12}|[가-힣]{0,8}|[ぁ-ヿ]{0,8}|[а-я]{0,9}|[ก-๛]{0,9}|[ا-ي]{0,6}|[👍🏽😂❤️‍🔥🇸🇬]{0,5}|[éàüñç]{0,3}|[a-z]{0,3}){1,4}"
        ) {
            let vocabulary = &bpe_openai::o200k_base().bpe;
            let mut total = 0;
            parts(&piece, |at, length| total += vocabulary.count(&piece.as_bytes()[at..at + length]));
            prop_assert_eq!(total, vocabulary.count(piece.as_bytes()));
        }
    }
}
