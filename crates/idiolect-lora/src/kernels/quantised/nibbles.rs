//! Four-bit blocks: `w = d q + m`, so a block's part of a product is `d Σ qᵢxᵢ + m Σ xᵢ`.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

use half::f16;

use super::{Activation, BLOCK, ROWS, each_panel};

/// What inputs are multiplied with, by their place in a word. Masked but not shifted, the number in place `k` is `q 2^(4k)`;
/// powers of two make the product exact all the same, and save the shift. The last place is shifted after all: its numbers
/// would reach into the sign.
pub(super) const PLACES: [f32; 8] = [
    1.0,
    1.0 / (1u32 << 4) as f32,
    1.0 / (1u32 << 8) as f32,
    1.0 / (1u32 << 12) as f32,
    1.0 / (1u32 << 16) as f32,
    1.0 / (1u32 << 20) as f32,
    1.0 / (1u32 << 24) as f32,
    1.0,
];

/// One block each of [`ROWS`] rows.
#[derive(Clone, Default)]
#[repr(C, align(64))]
pub(super) struct NibblePanel {
    /// `d` and `m`, as f16.
    scales: [u16; ROWS],
    minima: [u16; ROWS],
    /// Eight inputs a word, the first in the lowest bits.
    words: [[u32; ROWS]; BLOCK / 8],
}

impl NibblePanel {
    /// `block_q4_1`: `d`, `m`, sixteen bytes with numbers `i` and `i + 16` each.
    pub(super) fn set_q4_1(&mut self, lane: usize, block: &[u8; 20]) {
        self.scales[lane] = u16::from_le_bytes([block[0], block[1]]);
        self.minima[lane] = u16::from_le_bytes([block[2], block[3]]);
        self.set_numbers(lane, &block[4..]);
    }

    /// `block_q4_0` has `w = d (q - 8)`, which is a minimum of `-8 d`, exactly.
    pub(super) fn set_q4_0(&mut self, lane: usize, block: &[u8; 18]) {
        let scale = f16::from_le_bytes([block[0], block[1]]);
        self.scales[lane] = scale.to_bits();
        self.minima[lane] = f16::from_f32(-8.0 * scale.to_f32()).to_bits();
        self.set_numbers(lane, &block[2..]);
    }

    fn set_numbers(&mut self, lane: usize, bytes: &[u8]) {
        for (i, &byte) in bytes.iter().enumerate() {
            self.words[i / 8][lane] |= u32::from(byte & 15) << (i % 8 * 4);
            self.words[2 + i / 8][lane] |= u32::from(byte >> 4) << (i % 8 * 4);
        }
    }
}

/// `y = W x` for rows of panels.
pub(super) fn multiply(panels: &[NibblePanel], x: &Activation, y: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if super::has_vectors() {
        // SAFETY: the CPU has the features the function was compiled for.
        return unsafe { multiply_avx2(panels, x, y) };
    }
    each_panel(panels, x, y, portable);
}

pub(super) fn portable(panels: &[NibblePanel], x: &Activation) -> [f32; ROWS] {
    let mut sums = [0.0; ROWS];
    for ((panel, inputs), sum) in panels.iter().zip(&x.plain).zip(&x.sums) {
        let mut block = [0.0; ROWS];
        for (words, inputs) in panel.words.iter().zip(inputs.as_chunks::<8>().0) {
            for (place, input) in inputs.iter().enumerate() {
                for lane in 0..ROWS {
                    block[lane] += (words[lane] >> (4 * place) & 15) as f32 * input;
                }
            }
        }
        for lane in 0..ROWS {
            let (d, m) = (f16::from_bits(panel.scales[lane]), f16::from_bits(panel.minima[lane]));
            sums[lane] += d.to_f32() * block[lane] + m.to_f32() * sum;
        }
    }
    sums
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
fn multiply_avx2(panels: &[NibblePanel], x: &Activation, y: &mut [f32]) {
    each_panel(panels, x, y, |panels, x| avx2(panels, x));
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn avx2(panels: &[NibblePanel], x: &Activation) -> [f32; ROWS] {
    let mut sums = [_mm256_setzero_ps(); 2];
    for ((panel, inputs), sum) in panels.iter().zip(&x.shifted).zip(&x.sums) {
        super::prefetch(panel);
        // Two sums for each half of the rows, to wait less for the last addition.
        let mut block = [[_mm256_setzero_ps(); 2]; 2];
        for (words, inputs) in panel.words.iter().zip(inputs.as_chunks::<8>().0) {
            // SAFETY: each half of the words is one register wide.
            let halves =
                unsafe { [_mm256_loadu_si256(words.as_ptr().cast()), _mm256_loadu_si256(words[8..].as_ptr().cast())] };
            for (place, input) in inputs.iter().enumerate() {
                let input = _mm256_set1_ps(*input);
                for (half, block) in halves.iter().zip(&mut block) {
                    let number = if place == 7 {
                        _mm256_srli_epi32::<28>(*half)
                    } else {
                        _mm256_and_si256(*half, _mm256_set1_epi32(15 << (4 * place)))
                    };
                    let block = &mut block[place % 2];
                    *block = _mm256_fmadd_ps(_mm256_cvtepi32_ps(number), input, *block);
                }
            }
        }
        let sum = _mm256_set1_ps(*sum);
        for (half, total) in sums.iter_mut().enumerate() {
            // SAFETY: eight f16 are half a register wide.
            let (d, m) = unsafe {
                let load = |all: &[u16; ROWS]| _mm256_cvtph_ps(_mm_loadu_si128(all[8 * half..].as_ptr().cast()));
                (load(&panel.scales), load(&panel.minima))
            };
            let scaled = _mm256_fmadd_ps(d, _mm256_add_ps(block[half][0], block[half][1]), *total);
            *total = _mm256_fmadd_ps(m, sum, scaled);
        }
    }
    to_rows(sums)
}

/// Two registers as the rows they have.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn to_rows(sums: [__m256; 2]) -> [f32; ROWS] {
    let mut rows = [0.0; ROWS];
    for (sums, rows) in sums.into_iter().zip(rows.as_chunks_mut::<8>().0) {
        // SAFETY: eight numbers are a register wide.
        unsafe { _mm256_storeu_ps(rows.as_mut_ptr(), sums) };
    }
    rows
}
