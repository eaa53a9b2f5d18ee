//! Token counts of pieces too long for the piece cache, remembered by their hash: whole clauses where a language writes
//! no spaces, runs of one sign, links.

use xxhash_rust::xxh3::xxh3_128;

/// Three MiB once they are all in use, and none before the first long piece.
const SLOT_BITS: u32 = 17;

/// A table of fixed size in which a newer piece takes an older one's place. 128 bits of a hash, by chance, no two pieces share.
#[derive(Default)]
pub(super) struct LongPieces {
    /// Hash and count; an empty one counts 0.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    low: u64,
    high: u64,
    count: u64,
}

impl LongPieces {
    /// The count of `piece`, which `encode` gives if it is not remembered.
    pub(super) fn count(&mut self, piece: &[u8], encode: impl Fn(&[u8]) -> u64) -> u64 {
        if self.slots.is_empty() {
            self.slots = vec![Slot::default(); 1 << SLOT_BITS];
        }
        let hash = xxh3_128(piece);
        let (low, high) = (hash as u64, (hash >> 64) as u64);
        let slot = &mut self.slots[(high >> (64 - SLOT_BITS)) as usize];
        // A piece has at least one token, so an empty slot is nobody's.
        if slot.count == 0 || (slot.low, slot.high) != (low, high) {
            *slot = Slot { low, high, count: encode(piece) };
        }
        slot.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_encoded_once_and_told_from_others() {
        let mut pieces = LongPieces::default();
        let encoded = std::cell::Cell::new(0);
        let mut count = |piece: &[u8]| {
            pieces.count(piece, |piece| {
                encoded.set(encoded.get() + 1);
                piece.len() as u64
            })
        };
        for _ in 0..2 {
            assert_eq!(count(&[b'a'; 20]), 20);
            assert_eq!(count(&[b'a'; 21]), 21);
            assert_eq!(count("今日は何時に帰りますか".as_bytes()), 33);
        }
        assert_eq!(encoded.get(), 3);
    }
}
