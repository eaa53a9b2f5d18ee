//! The `f32` tile for AVX2 and FMA: six rows by sixteen columns, twelve of the sixteen registers being sums.

use std::arch::x86_64::*;
use std::cell::Cell;

use super::{Scratch, Tile, TileOut};

/// Six by sixteen `f32` with fused multiply-add.
pub(in crate::kernels) struct Avx2;

thread_local! {
    static SCRATCH: Cell<Scratch<f32>> = Cell::default();
}

impl Tile for Avx2 {
    type Element = f32;
    const ROWS: usize = 6;
    const COLUMNS: usize = 16;
    const GROUP: usize = 1;
    const INNER: usize = 320;

    unsafe fn multiply(groups: usize, strip: *const f32, panel: *const f32, out: TileOut, accumulate: bool) {
        // SAFETY: the caller has checked the CPU and the lengths.
        unsafe { multiply(groups, strip, panel, out, accumulate) }
    }

    fn take_scratch() -> Scratch<f32> {
        SCRATCH.take()
    }

    fn keep_scratch(scratch: Scratch<f32>) {
        SCRATCH.set(scratch);
    }
}

/// # Safety
/// As for [`Tile::multiply`], on a CPU with AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn multiply(groups: usize, mut strip: *const f32, mut panel: *const f32, out: TileOut, accumulate: bool) {
    for row in 0..6 {
        // SAFETY: the caller gives six rows of sixteen numbers; the products take long enough for them to arrive.
        unsafe {
            let row = out.at.add(row * out.stride);
            _mm_prefetch::<_MM_HINT_T0>(row.cast());
            _mm_prefetch::<_MM_HINT_T0>(row.add(15).cast());
        }
    }
    let mut sums = [[_mm256_setzero_ps(); 2]; 6];
    for _ in 0..groups {
        // SAFETY: the panel has sixteen numbers and the strip six for each of the `groups` steps.
        let (low, high) = unsafe { (_mm256_loadu_ps(panel), _mm256_loadu_ps(panel.add(8))) };
        for (row, sum) in sums.iter_mut().enumerate() {
            // SAFETY: see above.
            let left = unsafe { _mm256_broadcast_ss(&*strip.add(row)) };
            sum[0] = _mm256_fmadd_ps(left, low, sum[0]);
            sum[1] = _mm256_fmadd_ps(left, high, sum[1]);
        }
        // SAFETY: one past the last group is still at most one past the end of the buffers.
        (strip, panel) = unsafe { (strip.add(6), panel.add(16)) };
    }
    for (row, sum) in sums.iter().enumerate() {
        // SAFETY: the caller gives six rows of sixteen numbers, `stride` apart.
        unsafe {
            let (low, high) = (out.at.add(row * out.stride), out.at.add(row * out.stride + 8));
            if accumulate {
                _mm256_storeu_ps(low, _mm256_add_ps(_mm256_loadu_ps(low), sum[0]));
                _mm256_storeu_ps(high, _mm256_add_ps(_mm256_loadu_ps(high), sum[1]));
            } else {
                _mm256_storeu_ps(low, sum[0]);
                _mm256_storeu_ps(high, sum[1]);
            }
        }
    }
}
