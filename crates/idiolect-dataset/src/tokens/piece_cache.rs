//! Token counts of short words and pieces of words, remembered: a table of fixed size in which a newer piece takes an older one's place.

use super::piece::{KEY_BITS, Piece};

/// Eight MiB: more than a person's words, which are read in few of its lines.
const SET_BITS: u32 = 17;

const SLOTS: usize = 4;

/// Sets of some slots, the newest first. The default has none and nothing may be asked of it.
#[derive(Default)]
pub(super) struct PieceCache {
    sets: Vec<Set>,
}

/// A cache line. Each slot holds the piece's key and its count on top; an empty one is 0.
#[derive(Clone)]
#[repr(align(64))]
struct Set([u128; SLOTS]);

fn set(piece: Piece) -> usize {
    (piece.hash() >> (64 - SET_BITS)) as usize
}

impl PieceCache {
    pub(super) fn new() -> Self {
        Self { sets: vec![Set([0; SLOTS]); 1 << SET_BITS] }
    }

    /// Has memory asked for what is remembered of the piece, before [`count`](Self::count) waits for it.
    pub(super) fn prefetch(&self, piece: Piece) {
        prefetch_index::prefetch_index(&self.sets, set(piece));
    }

    /// What is remembered of the piece.
    pub(super) fn count(&self, piece: Piece) -> Option<u64> {
        let is_piece = |slot: &u128| *slot & ((1 << KEY_BITS) - 1) == piece.key();
        self.sets[set(piece)].0.into_iter().find(is_piece).map(|slot| (slot >> KEY_BITS) as u64)
    }

    /// The count of the piece, which `encode` gives if it is not remembered; it then takes the place of the oldest of its set.
    pub(super) fn count_or(&mut self, piece: Piece, encode: impl FnOnce() -> u64) -> u64 {
        self.count(piece).unwrap_or_else(|| {
            let count = encode();
            self.remember(piece, count);
            count
        })
    }

    /// `count` is no more than a piece has bytes.
    pub(super) fn remember(&mut self, piece: Piece, count: u64) {
        let set = &mut self.sets[set(piece)].0;
        set.copy_within(..SLOTS - 1, 1);
        set[0] = piece.key() | u128::from(count) << KEY_BITS;
    }
}

#[cfg(test)]
mod tests {
    use super::super::piece::ShortPieces;
    use super::*;

    #[test]
    fn a_piece_is_told_from_its_beginning_and_from_zeros() {
        let mut cache = PieceCache::new();
        for (count, text) in ["ab", "ab\0", "abc", " ab", "abcdefghijklmn"].iter().enumerate() {
            let _ = cache.count_or(ShortPieces::of(text.as_bytes()).at(0, text.len()), || count as u64);
        }
        for (count, text) in ["ab", "ab\0", "abc", " ab", "abcdefghijklmn"].iter().enumerate() {
            let longer = format!("{text} and what stands behind it");
            assert_eq!(cache.count(ShortPieces::of(text.as_bytes()).at(0, text.len())), Some(count as u64), "{text:?}");
            assert_eq!(
                cache.count(ShortPieces::of(longer.as_bytes()).at(0, text.len())),
                Some(count as u64),
                "{text:?}"
            );
        }
        assert_eq!(cache.count(ShortPieces::of(b"a").at(0, 1)), None);
    }

    #[test]
    fn the_oldest_of_a_full_set_is_forgotten() {
        let mut cache = PieceCache::new();
        let capacity = SLOTS << SET_BITS;
        let pieces: Vec<Vec<u8>> = (0..2 * capacity as u64).map(|n| n.to_le_bytes().to_vec()).collect();
        let piece = |n: usize| ShortPieces::of(&pieces[n]).at(0, 8);
        (0..pieces.len()).for_each(|n| assert_eq!(cache.count_or(piece(n), || 1), 1));
        assert_eq!(cache.count(piece(pieces.len() - 1)), Some(1));
        let left = (0..pieces.len()).filter(|&n| cache.count(piece(n)).is_some()).count();
        assert!(left <= capacity && left > capacity / 2, "{left}");
    }
}
