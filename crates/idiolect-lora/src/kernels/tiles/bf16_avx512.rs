//! The bf16 tile for AVX512-BF16: eight rows by forty-eight columns, twenty-four of the thirty-two registers being sums.

use std::arch::x86_64::*;

use super::bf16::{COLUMNS, GROUP, INNER, ROWS, keep_scratch, take_scratch};
use super::{Scratch, Tile, TileOut};

/// Eight by forty-eight bf16 pairs with `VDPBF16PS`.
pub(in crate::kernels) struct HardwareBf16;

impl Tile for HardwareBf16 {
    type Element = u16;
    const ROWS: usize = ROWS;
    const COLUMNS: usize = COLUMNS;
    const GROUP: usize = GROUP;
    const INNER: usize = INNER;

    unsafe fn multiply(groups: usize, strip: *const u16, panel: *const u16, out: TileOut, accumulate: bool) {
        // SAFETY: the caller has checked the CPU and the lengths.
        unsafe { multiply(groups, strip, panel, out, accumulate) }
    }

    fn take_scratch() -> Scratch<u16> {
        take_scratch()
    }

    fn keep_scratch(scratch: Scratch<u16>) {
        keep_scratch(scratch);
    }
}

/// # Safety
/// As for [`Tile::multiply`], on a CPU with AVX512F and AVX512-BF16.
#[target_feature(enable = "avx512f,avx512bf16")]
unsafe fn multiply(groups: usize, strip: *const u16, panel: *const u16, out: TileOut, accumulate: bool) {
    let mut sums = [[_mm512_setzero_ps(); 3]; ROWS];
    // A pair of bf16 numbers is one 32-bit lane.
    let (mut strip, mut panel) = (strip.cast::<i32>(), panel.cast::<i32>());
    for _ in 0..groups {
        let mut right = [_mm512_setzero_si512(); 3];
        for (lane, right) in right.iter_mut().enumerate() {
            // SAFETY: the panel has 48 pairs for each of the `groups` steps.
            *right = unsafe { _mm512_loadu_si512(panel.add(16 * lane).cast()) };
        }
        for (row, sums) in sums.iter_mut().enumerate() {
            // SAFETY: the strip has eight pairs for each step; the buffers hold u16, so they may be unaligned for i32.
            let left = _mm512_set1_epi32(unsafe { strip.add(row).read_unaligned() });
            for (sum, &right) in sums.iter_mut().zip(&right) {
                // SAFETY: both types are 512 plain bits.
                let pairs = |x| unsafe { std::mem::transmute::<__m512i, __m512bh>(x) };
                *sum = _mm512_dpbf16_ps(*sum, pairs(left), pairs(right));
            }
        }
        // SAFETY: one past the last group is still at most one past the end of the buffers.
        (strip, panel) = unsafe { (strip.add(ROWS), panel.add(COLUMNS)) };
    }
    for (row, sums) in sums.iter().enumerate() {
        for (lane, &sum) in sums.iter().enumerate() {
            // SAFETY: the caller gives eight rows of 48 numbers, `stride` apart.
            unsafe {
                let at = out.at.add(row * out.stride + 16 * lane);
                let sum = if accumulate { _mm512_add_ps(_mm512_loadu_ps(at), sum) } else { sum };
                _mm512_storeu_ps(at, sum);
            }
        }
    }
}
