//! Token counts of short pieces, remembered: a table of fixed size in which a newer piece takes an older one's place.

/// The longest piece that fits into a slot, in bytes.
const LONGEST: usize = 14;

/// Two MiB: far more slots than one person's vocabulary fills.
const SLOT_BITS: u32 = 17;

/// Each slot holds the piece in its lower 14 bytes, its length above and its count on top; an empty one is 0.
pub(super) struct PieceCache {
    slots: Vec<u128>,
}

const COUNT_SHIFT: u32 = 120;

impl PieceCache {
    pub(super) fn new() -> Self {
        Self { slots: vec![0; 1 << SLOT_BITS] }
    }

    /// The count of the piece of `length` bytes at `at`, which `encode` gives if it is not remembered; `None` if the piece
    /// is too long to be.
    pub(super) fn count(
        &mut self,
        text: &[u8],
        at: usize,
        length: usize,
        encode: impl Fn(&[u8]) -> usize,
    ) -> Option<u64> {
        if length > LONGEST {
            return None;
        }
        let key = key(text, at, length);
        let slot = &mut self.slots[slot_of(key)];
        if *slot & ((1 << COUNT_SHIFT) - 1) == key {
            return Some((*slot >> COUNT_SHIFT) as u64);
        }
        // A piece has no more tokens than bytes.
        let count = encode(&text[at..at + length]) as u64;
        *slot = key | u128::from(count) << COUNT_SHIFT;
        Some(count)
    }
}

fn key(text: &[u8], at: usize, length: usize) -> u128 {
    let bytes = match text.get(at..at + 16) {
        // One load where there is enough behind the piece.
        Some(sixteen) => {
            let all = u128::from_le_bytes(sixteen.try_into().expect("sixteen bytes"));
            all & ((1 << (8 * length)) - 1)
        }
        None => {
            let mut sixteen = [0; 16];
            sixteen[..length].copy_from_slice(&text[at..at + length]);
            u128::from_le_bytes(sixteen)
        }
    };
    bytes | (length as u128) << (8 * LONGEST)
}

fn slot_of(key: u128) -> usize {
    let folded = (key as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (key >> 64) as u64;
    (folded.wrapping_mul(0xff51_afd7_ed55_8ccd) >> (64 - SLOT_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_told_from_its_neighbours_and_from_longer_ones() {
        let mut cache = PieceCache::new();
        let text = b"abcabcdefghijklmnopqrstuvwxyz";
        for _ in 0..2 {
            assert_eq!(cache.count(text, 0, 3, |_| 1), Some(1));
            assert_eq!(cache.count(text, 3, 4, |_| 2), Some(2));
            assert_eq!(cache.count(text, 26, 3, |_| 3), Some(3));
            assert_eq!(cache.count(text, 0, 15, |_| 4), None);
        }
        // Remembered, wherever it stands.
        assert_eq!(cache.count(b"abc", 0, 3, |_| 9), Some(1));
    }
}
