//! Where a piece can be cut without changing its tokens: between two characters that no token of the vocabulary joins.
//! Languages without spaces make pieces of whole clauses, which never come twice; what lies between the cuts does.
//!
//! Exact, since byte-pair encoding only ever joins what is a token: if no token spans a border, no merge does.

use std::sync::LazyLock;

/// What stands side by side in some token. What is taken for a pair by chance is not cut, which changes no count.
struct Joined {
    /// Pairs of whole characters, as bits by their hash.
    whole: Vec<u64>,
    /// By the last byte before a border where one of the two characters is not whole in some token, the first bytes behind it, as bits.
    broken: [u64; 64],
}

/// 64 KiB for some 16,000 pairs, which stays in the nearer caches: one in thirty that are none is taken for one.
const PAIR_BITS: u32 = 19;

static JOINED: LazyLock<Joined> = LazyLock::new(|| {
    let vocabulary = &bpe_openai::o200k_base().bpe;
    let mut joined = Joined { whole: vec![0; 1 << (PAIR_BITS - 6)], broken: [0; 64] };
    for token in 0..vocabulary.num_tokens() as u32 {
        let bytes = vocabulary.token_bytes(token);
        for border in 1..bytes.len() {
            let (last, first) = (bytes[border - 1], bytes[border]);
            if last.is_ascii() || !starts_character(first) {
                continue;
            }
            match (last_character(&bytes[..border]), first_character(&bytes[border..])) {
                (Some(before), Some(behind)) => {
                    let (word, bit) = place(before, behind);
                    joined.whole[word] |= bit;
                }
                _ => joined.broken[usize::from(last & 63)] |= 1 << (first & 63),
            }
        }
    }
    joined
});

impl Joined {
    /// Whether a token may have the end of `before` and the start of `behind` side by side.
    fn may_join(&self, before: char, behind: char) -> bool {
        let (word, bit) = place(before, behind);
        // The last six bits of a character are those of its last byte.
        let broken = self.broken[before as usize & 63] >> (first_byte(behind) & 63) & 1;
        self.whole[word] & bit | broken != 0
    }
}

/// Where a pair's bit is.
fn place(before: char, behind: char) -> (usize, u64) {
    let pair = u64::from(before) << 32 | u64::from(behind);
    let hash = pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - PAIR_BITS);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

fn first_byte(character: char) -> u8 {
    match character as u32 {
        code @ 0..0x80 => code as u8,
        code @ 0x80..0x800 => 0xc0 | (code >> 6) as u8,
        code @ 0x800..0x1_0000 => 0xe0 | (code >> 12) as u8,
        code => 0xf0 | (code >> 18) as u8,
    }
}

/// Whether a byte begins a character that is not ASCII.
fn starts_character(byte: u8) -> bool {
    byte >= 0xc0
}

/// The last character, if it is whole.
fn last_character(bytes: &[u8]) -> Option<char> {
    let from = bytes.iter().rposition(|byte| starts_character(*byte))?;
    std::str::from_utf8(&bytes[from..]).ok()?.chars().next()
}

/// The first character, if it is whole.
fn first_character(bytes: &[u8]) -> Option<char> {
    let continued = bytes[1..].iter().take_while(|byte| **byte & 0xc0 == 0x80).count();
    std::str::from_utf8(&bytes[..1 + continued]).ok()?.chars().next()
}

/// Gives the place and length of each part of `piece` between two cuts.
pub(super) fn parts(piece: &str, mut give: impl FnMut(usize, usize)) {
    let joined = &*JOINED;
    let (mut start, mut before) = (0, '\0');
    let mut give_up_to = |cuts: &[usize]| {
        for &cut in cuts {
            give(start, cut - start);
            start = cut;
        }
    };
    // Some borders are looked up before one is cut at, so that what they depend on comes from memory side by side.
    let (mut cuts, mut found) = ([0; 32], 0);
    for (at, character) in piece.char_indices() {
        cuts[found] = at;
        found += usize::from(!before.is_ascii() && !character.is_ascii() && !joined.may_join(before, character));
        before = character;
        if found == cuts.len() {
            give_up_to(&cuts);
            found = 0;
        }
    }
    give_up_to(&cuts[..found]);
    give_up_to(&[piece.len()]);
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
