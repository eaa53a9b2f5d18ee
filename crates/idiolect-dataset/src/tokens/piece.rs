//! A short piece of a text in one number, and how it is read from the text without copying byte by byte.

/// The longest piece that fits, in bytes.
pub(super) const LONGEST: usize = 14;

/// What a key takes of its 128 bits; the rest is free for what is known about the piece.
pub(super) const KEY_BITS: u32 = 120;

const LENGTH_SHIFT: u32 = 8 * LONGEST as u32;

const PART: u128 = 1 << (KEY_BITS - 1);

/// At most [`LONGEST`] bytes, which are the lower ones of its key, with their number above.
#[derive(Clone, Copy)]
pub(super) struct Piece(u128);

impl Piece {
    /// The lower `length` bytes.
    fn new(bytes: u128, length: usize) -> Self {
        Self(bytes & ((1 << (8 * length)) - 1) | (length as u128) << LENGTH_SHIFT)
    }

    pub(super) fn key(self) -> u128 {
        self.0
    }

    /// Its upper bits are good.
    pub(super) fn hash(self) -> u64 {
        hash(self.0)
    }

    /// The same bytes as part of a piece: another key, since by themselves the pre-tokenizer might cut them once more.
    pub(super) fn into_part(self) -> Self {
        Self(self.0 | PART)
    }

    pub(super) fn is_part(self) -> bool {
        self.0 & PART != 0
    }

    /// The bytes, zeros behind them, and how many they are.
    pub(super) fn bytes(self) -> ([u8; 16], usize) {
        let bytes = self.0 & ((1 << LENGTH_SHIFT) - 1);
        (bytes.to_le_bytes(), (self.0 >> LENGTH_SHIFT) as usize & 15)
    }
}

/// Of a key; its upper bits are good.
pub(super) fn hash(key: u128) -> u64 {
    let folded = (key as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (key >> 64) as u64;
    folded.wrapping_mul(0xff51_afd7_ed55_8ccd)
}

/// The short pieces of a text, each read by one load of sixteen bytes.
#[derive(Clone, Copy)]
pub(super) struct ShortPieces<'a> {
    text: &'a [u8],
    /// The last sixteen bytes of the text, or all of it behind zeros.
    last: u128,
}

impl<'a> ShortPieces<'a> {
    pub(super) fn of(text: &'a [u8]) -> Self {
        let last = text.last_chunk().copied().unwrap_or_else(|| {
            let mut last = [0; 16];
            last[16 - text.len()..].copy_from_slice(text);
            last
        });
        Self { text, last: u128::from_le_bytes(last) }
    }

    /// The one of `length` bytes at `at`.
    pub(super) fn at(&self, at: usize, length: usize) -> Piece {
        let bytes = match self.text[at..].first_chunk() {
            Some(sixteen) => u128::from_le_bytes(*sixteen),
            None => self.last >> (8 * (at + 16 - self.text.len())),
        };
        Piece::new(bytes, length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_has_the_bytes_it_was_read_from() {
        for text in ["", "k", "short", "我们", "sixteen bytes !!", "some more bytes than sixteen"] {
            let pieces = ShortPieces::of(text.as_bytes());
            for (at, length) in (0..text.len()).flat_map(|at| (1..=LONGEST.min(text.len() - at)).map(move |n| (at, n)))
            {
                let piece = pieces.at(at, length);
                for piece in [piece, piece.into_part()] {
                    let (bytes, found) = piece.bytes();
                    assert_eq!(&bytes[..found], &text.as_bytes()[at..at + length], "{text:?}");
                }
                assert!(!piece.is_part() && piece.into_part().is_part());
            }
        }
    }
}
