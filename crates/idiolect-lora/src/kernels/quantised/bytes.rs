//! Eight-bit blocks: `w = d q`.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

use half::f16;

use super::{Activation, BLOCK, ROWS, each_panel};

/// One block each of [`ROWS`] rows.
#[derive(Clone, Default)]
#[repr(C, align(32))]
pub(super) struct BytePanel {
    /// `d`, as f16.
    scales: [u16; ROWS],
    /// Four inputs a word, the first in the lowest bits.
    words: [[u32; ROWS]; BLOCK / 4],
}

impl BytePanel {
    /// `block_q8_0`: `d`, then 32 signed bytes.
    pub(super) fn set_q8_0(&mut self, lane: usize, block: &[u8; 34]) {
        self.scales[lane] = u16::from_le_bytes([block[0], block[1]]);
        for (words, bytes) in self.words.iter_mut().zip(block[2..].as_chunks().0) {
            words[lane] = u32::from_le_bytes(*bytes);
        }
    }
}

/// `y = W x` for rows of panels.
pub(super) fn multiply(panels: &[BytePanel], x: &Activation, y: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if super::has_vectors() {
        // SAFETY: the CPU has the features the function was compiled for.
        return unsafe { multiply_avx2(panels, x, y) };
    }
    each_panel(panels, x, y, portable);
}

pub(super) fn portable(panels: &[BytePanel], x: &Activation) -> [f32; ROWS] {
    let mut sums = [0.0; ROWS];
    for (panel, inputs) in panels.iter().zip(&x.plain) {
        let mut block = [0.0; ROWS];
        for (words, inputs) in panel.words.iter().zip(inputs.as_chunks::<4>().0) {
            for (place, input) in inputs.iter().enumerate() {
                for lane in 0..ROWS {
                    block[lane] += f32::from((words[lane] >> (8 * place)) as i8) * input;
                }
            }
        }
        for lane in 0..ROWS {
            sums[lane] += f16::from_bits(panel.scales[lane]).to_f32() * block[lane];
        }
    }
    sums
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
fn multiply_avx2(panels: &[BytePanel], x: &Activation, y: &mut [f32]) {
    each_panel(panels, x, y, |panels, x| avx2(panels, x));
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn avx2(panels: &[BytePanel], x: &Activation) -> [f32; ROWS] {
    let mut sums = [_mm256_setzero_ps(); 2];
    for (panel, inputs) in panels.iter().zip(&x.plain) {
        super::prefetch(panel);
        let mut block = [[_mm256_setzero_ps(); 2]; 2];
        for (words, inputs) in panel.words.iter().zip(inputs.as_chunks::<4>().0) {
            // SAFETY: each half of the words is one register wide.
            let halves =
                unsafe { [_mm256_loadu_si256(words.as_ptr().cast()), _mm256_loadu_si256(words[8..].as_ptr().cast())] };
            let inputs = inputs.map(|input| _mm256_set1_ps(input));
            for (half, block) in halves.iter().zip(&mut block) {
                // To the top of the word, and back down with the sign.
                let numbers = [
                    _mm256_slli_epi32::<24>(*half),
                    _mm256_slli_epi32::<16>(*half),
                    _mm256_slli_epi32::<8>(*half),
                    *half,
                ];
                for (place, (number, input)) in numbers.into_iter().zip(inputs).enumerate() {
                    let number = _mm256_cvtepi32_ps(_mm256_srai_epi32::<24>(number));
                    let block = &mut block[place % 2];
                    *block = _mm256_fmadd_ps(number, input, *block);
                }
            }
        }
        for (half, total) in sums.iter_mut().enumerate() {
            // SAFETY: eight f16 are half a register wide.
            let d = unsafe { _mm256_cvtph_ps(_mm_loadu_si128(panel.scales[8 * half..].as_ptr().cast())) };
            *total = _mm256_fmadd_ps(d, _mm256_add_ps(block[half][0], block[half][1]), *total);
        }
    }
    super::nibbles::to_rows(sums)
}
