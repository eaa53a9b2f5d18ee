//! A text in blocks of 64 bytes, in which vector instructions find what is looked for: a bit for each byte.

use wide::u8x16;

/// In bytes.
pub(crate) const BLOCK: usize = 64;

pub(crate) struct Block([u8x16; 4]);

/// The blocks of `bytes`, the last one with zeros behind.
pub(crate) fn blocks(bytes: &[u8]) -> impl Iterator<Item = Block> + '_ {
    let (whole, rest) = bytes.as_chunks::<BLOCK>();
    let last = (!rest.is_empty()).then(|| {
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        last
    });
    whole.iter().copied().chain(last).map(|block| Block::of(&block))
}

impl Block {
    fn of(bytes: &[u8; BLOCK]) -> Self {
        let (parts, _) = bytes.as_chunks::<16>();
        Self(std::array::from_fn(|part| u8x16::new(parts[part])))
    }

    /// The highest bits of what `kind` makes of the bytes, the first byte's lowest.
    pub(crate) fn bits(&self, kind: impl Fn(u8x16) -> u8x16) -> u64 {
        self.0.iter().rev().fold(0, |bits, part| bits << 16 | u64::from(kind(*part).to_bitmask()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_byte_has_its_bit(bytes in prop::collection::vec(any::<u8>(), 0..200), mark in any::<u8>()) {
            let bits: Vec<u64> = blocks(&bytes).map(|block| block.bits(|bytes| bytes.simd_eq(u8x16::splat(mark)))).collect();
            prop_assert_eq!(bits.len(), bytes.len().div_ceil(BLOCK));
            for (at, byte) in bytes.iter().enumerate() {
                prop_assert_eq!(bits[at / BLOCK] >> (at % BLOCK) & 1 == 1, *byte == mark, "{}", at);
            }
        }
    }
}
