//! bf16 numbers, and the tile that multiplies them in plain `f32` arithmetic, as `VDPBF16PS` does in hardware: what the
//! hardware tile is tested against, and what runs where there is none.

use std::cell::Cell;

use super::{Scratch, Tile, TileOut};

/// Eight by forty-eight bf16 pairs, without special instructions.
pub(in crate::kernels) struct EmulatedBf16;

pub(super) const ROWS: usize = 8;
pub(super) const COLUMNS: usize = 48;
pub(super) const GROUP: usize = 2;
/// Measured on Zen 4: the panel may spill into the second-level cache, the instruction is slow enough to hide it.
pub(super) const INNER: usize = 1152;

thread_local! {
    static SCRATCH: Cell<Scratch<u16>> = Cell::default();
}

/// Rounds to the nearest bf16, ties to even. Not for NaN.
#[inline(always)]
pub(in crate::kernels) fn to_bf16(x: f32) -> u16 {
    let bits = x.to_bits();
    (bits.wrapping_add(0x7fff + ((bits >> 16) & 1)) >> 16) as u16
}

#[inline(always)]
fn widen(x: u16) -> f32 {
    f32::from_bits(u32::from(x) << 16)
}

pub(super) fn take_scratch() -> Scratch<u16> {
    SCRATCH.take()
}

pub(super) fn keep_scratch(scratch: Scratch<u16>) {
    SCRATCH.set(scratch);
}

impl Tile for EmulatedBf16 {
    type Element = u16;
    const ROWS: usize = ROWS;
    const COLUMNS: usize = COLUMNS;
    const GROUP: usize = GROUP;
    const INNER: usize = INNER;

    unsafe fn multiply(groups: usize, strip: *const u16, panel: *const u16, out: TileOut, accumulate: bool) {
        // SAFETY: the caller gives `groups` groups in both.
        let (strip, panel) = unsafe {
            let strip = std::slice::from_raw_parts(strip, groups * GROUP * ROWS);
            (strip, std::slice::from_raw_parts(panel, groups * GROUP * COLUMNS))
        };
        let mut sums = [[0.0f32; COLUMNS]; ROWS];
        for (left, right) in strip.chunks_exact(GROUP * ROWS).zip(panel.chunks_exact(GROUP * COLUMNS)) {
            for (sums, pair) in sums.iter_mut().zip(left.chunks_exact(GROUP)) {
                let (even, odd) = (widen(pair[0]), widen(pair[1]));
                for (sum, right) in sums.iter_mut().zip(right.chunks_exact(GROUP)) {
                    // The instruction adds the odd product first; each product is exact in f32.
                    *sum = (*sum + odd * widen(right[1])) + even * widen(right[0]);
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            // SAFETY: the caller gives `ROWS` rows of `COLUMNS` numbers, `stride` apart.
            let out = unsafe { std::slice::from_raw_parts_mut(out.at.add(row * out.stride), COLUMNS) };
            super::copy_edge(sums, out, accumulate);
        }
    }

    fn take_scratch() -> Scratch<u16> {
        take_scratch()
    }

    fn keep_scratch(scratch: Scratch<u16>) {
        keep_scratch(scratch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_agrees_with_the_half_crate() {
        for x in [0.0, -0.0, 1.0, 1.003_906_2, 1.007_812_5, 1.011_718_8, -3.337_891, 1e-20, 65_504.0] {
            assert_eq!(to_bf16(x), half::bf16::from_f32(x).to_bits(), "{x}");
        }
    }

    #[test]
    fn products_of_bf16_numbers_are_exact_in_f32() {
        let (a, b) = (widen(to_bf16(1.992_187_5)), widen(to_bf16(-1.992_187_5)));
        assert_eq!(f64::from(a * b), f64::from(a) * f64::from(b));
    }
}
