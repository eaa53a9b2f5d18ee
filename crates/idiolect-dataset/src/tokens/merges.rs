//! Byte-pair encoding of short pieces by hand: the vocabulary in one table that is small enough to stay near, where the published
//! tokenizer walks an automaton of many MiB, most of whose steps wait for memory when a piece is met once in a while.

use std::sync::LazyLock;

use hashbrown::HashTable;

use super::piece;

/// The longest piece that [`count`] counts, in bytes: what leaves room for a rank beside it.
pub(super) const LONGEST: usize = 13;

/// Ranks of the vocabulary's tokens of at most [`LONGEST`] bytes. An entry has the token in its lower 13 bytes, its length above and its rank on top.
struct Ranks {
    table: HashTable<u128>,
    /// By two bytes, which is where every piece begins.
    of_two: Vec<u32>,
}

const LENGTH_SHIFT: u32 = 8 * LONGEST as u32;
const RANK_SHIFT: u32 = LENGTH_SHIFT + 4;
/// Greater than any token's.
const NO_RANK: u32 = u32::MAX;

static RANKS: LazyLock<Ranks> = LazyLock::new(|| {
    let vocabulary = &bpe_openai::o200k_base().bpe;
    let mut table = HashTable::with_capacity(vocabulary.num_tokens());
    let mut of_two = vec![NO_RANK; 1 << 16];
    for rank in 0..vocabulary.num_tokens() as u32 {
        let token = vocabulary.token_bytes(rank);
        if let &[first, second] = token {
            of_two[usize::from(u16::from_le_bytes([first, second]))] = rank;
        }
        if (2..=LONGEST).contains(&token.len()) {
            let key = key(padded(token), token.len());
            table.insert_unique(hash(key), key | u128::from(rank) << RANK_SHIFT, |entry| hash(without_rank(*entry)));
        }
    }
    Ranks { table, of_two }
});

fn padded(bytes: &[u8]) -> u128 {
    let mut sixteen = [0; 16];
    sixteen[..bytes.len()].copy_from_slice(bytes);
    u128::from_le_bytes(sixteen)
}

/// Of the first `length` bytes.
fn key(bytes: u128, length: usize) -> u128 {
    bytes & ((1 << (8 * length)) - 1) | (length as u128) << LENGTH_SHIFT
}

/// With good upper and lower bits, as the table takes both.
fn hash(key: u128) -> u64 {
    let hash = piece::hash(key);
    hash ^ hash >> 32
}

fn without_rank(entry: u128) -> u128 {
    entry & ((1 << RANK_SHIFT) - 1)
}

impl Ranks {
    fn rank(&self, bytes: u128, length: usize) -> u32 {
        let key = key(bytes, length);
        let found = self.table.find(hash(key), |entry| without_rank(*entry) == key);
        found.map_or(NO_RANK, |entry| (*entry >> RANK_SHIFT) as u32)
    }
}

/// The number of tokens in `piece`, of at most [`LONGEST`] bytes: of the tokens that two neighbours make, the one of the lowest rank is joined,
/// the first of them, until none is left. Every byte is a token.
pub(super) fn count(piece: &[u8]) -> u64 {
    let ranks = &*RANKS;
    let bytes = padded(piece);
    if piece.len() < 2 || ranks.rank(bytes, piece.len()) != NO_RANK {
        return piece.len().min(1) as u64;
    }
    // Where each part starts, and the end of the last.
    let mut starts: [u8; 16] = std::array::from_fn(|at| at as u8);
    let mut parts = piece.len();
    let rank_joined = |starts: &[u8; 16], part: usize| {
        let (from, to) = (starts[part], starts[part + 2]);
        ranks.rank(bytes >> (8 * from), usize::from(to - from))
    };
    // The rank of each part joined with the next.
    let mut joined = [NO_RANK; 16];
    for (joined, two) in joined.iter_mut().zip(piece.windows(2)) {
        *joined = ranks.of_two[usize::from(u16::from_le_bytes([two[0], two[1]]))];
    }
    loop {
        let mut first = 0;
        for part in 1..parts - 1 {
            if joined[part] < joined[first] {
                first = part;
            }
        }
        if joined[first] == NO_RANK {
            return parts as u64;
        }
        starts.copy_within(first + 2.., first + 1);
        joined.copy_within(first + 1.., first);
        parts -= 1;
        if first > 0 {
            joined[first - 1] = rank_joined(&starts, first - 1);
        }
        joined[first] = if first + 1 < parts { rank_joined(&starts, first) } else { NO_RANK };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn counts_are_those_of_the_published_tokenizer(piece in "[a-z]{0,13}|[ a-zA-Z]{0,13}|[我你他们今天明天去吃饭了吗好的是不在有什么]{0,4}|[а-я]{0,6}|\\PC{0,3}") {
            prop_assert_eq!(count(piece.as_bytes()), bpe_openai::o200k_base().bpe.count(piece.as_bytes()) as u64);
        }
    }
}
