//! A quantised matrix times one row, for generation: the weights stay in ggml's four or eight bits and are multiplied with
//! `f32` activations, so the result is that of the dequantised weights but for the order of additions.
//!
//! Blocks are packed again into panels of [`ROWS`] rows, the numbers of one input next to each other: a vector register then
//! has the same input of several rows, scales are vectors too, and nothing is ever added up across a register. The bytes are
//! as many as in the file.

mod bytes;
mod nibbles;

use std::ops::Range;

use bytes::BytePanel;
use nibbles::NibblePanel;

use crate::gguf::QuantType;

/// Rows of a panel: two AVX2 registers of `f32`.
pub(crate) const ROWS: usize = 16;
/// How far ahead of the products weights are asked for: some hundred nanoseconds of work.
#[cfg(target_arch = "x86_64")]
const AHEAD: usize = 4096;
/// Numbers of a block, for all types read here.
const BLOCK: usize = 32;

/// A matrix of `outputs × inputs` in panels.
pub(crate) struct QuantisedMatrix {
    outputs: usize,
    /// Panels a row of panels.
    blocks: usize,
    panels: Panels,
}

enum Panels {
    Nibbles(Vec<NibblePanel>),
    Bytes(Vec<BytePanel>),
}

impl QuantisedMatrix {
    /// Whether blocks of this type can be multiplied as they are.
    pub(crate) fn reads(quant: QuantType) -> bool {
        matches!(quant, QuantType::Q4_0 | QuantType::Q4_1 | QuantType::Q8_0)
    }

    /// Packs rows of blocks of a type that [`Self::reads`]; all rows have the same length.
    pub(crate) fn pack(quant: QuantType, rows: &[&[u8]]) -> Self {
        let blocks = rows.first().map_or(0, |row| row.len() / quant.block_bytes());
        let panels = match quant {
            QuantType::Q4_0 => Panels::Nibbles(pack(rows, blocks, NibblePanel::set_q4_0)),
            QuantType::Q4_1 => Panels::Nibbles(pack(rows, blocks, NibblePanel::set_q4_1)),
            QuantType::Q8_0 => Panels::Bytes(pack(rows, blocks, BytePanel::set_q8_0)),
            other => unreachable!("{other:?} is not read as it is"),
        };
        Self { outputs: rows.len(), blocks, panels }
    }

    /// `y = W x` for a range of the outputs that starts at a multiple of [`ROWS`] and ends at one or with the last output.
    pub(crate) fn multiply(&self, outputs: Range<usize>, x: &Activation, y: &mut [f32]) {
        assert!(outputs.start.is_multiple_of(ROWS) && outputs.end <= self.outputs, "outputs must begin with a panel");
        assert!(x.sums.len() == self.blocks && y.len() == outputs.len(), "shapes must match");
        let panels = outputs.start / ROWS * self.blocks..outputs.end.div_ceil(ROWS) * self.blocks;
        match &self.panels {
            Panels::Nibbles(all) => nibbles::multiply(&all[panels], x, y),
            Panels::Bytes(all) => bytes::multiply(&all[panels], x, y),
        }
    }
}

/// Makes panels of zeros and has `set` write each block into its lane.
fn pack<P: Default + Clone, const BYTES: usize>(
    rows: &[&[u8]],
    blocks: usize,
    set: impl Fn(&mut P, usize, &[u8; BYTES]),
) -> Vec<P> {
    let mut panels = vec![P::default(); rows.len().div_ceil(ROWS) * blocks];
    for (at, row) in rows.iter().enumerate() {
        let (row, _) = row.as_chunks();
        for (panel, block) in panels[at / ROWS * blocks..].iter_mut().zip(row) {
            set(panel, at % ROWS, block);
        }
    }
    panels
}

/// One row of activations with what the kernels need of it, computed once for all outputs.
#[derive(Default)]
pub(crate) struct Activation {
    plain: Vec<[f32; BLOCK]>,
    /// Input `i` divided by `2^(4 (i mod 8))`: four-bit numbers are multiplied where they lie in their word.
    shifted: Vec<[f32; BLOCK]>,
    /// The sum of each block.
    sums: Vec<f32>,
}

impl Activation {
    /// Takes another row, a whole number of blocks long.
    pub(crate) fn set(&mut self, x: &[f32]) {
        let (blocks, rest) = x.as_chunks();
        assert!(rest.is_empty(), "rows must be whole blocks");
        self.plain.clear();
        self.plain.extend_from_slice(blocks);
        self.shifted.clear();
        self.shifted.extend(blocks.iter().map(|block| {
            let mut shifted = *block;
            for word in shifted.as_chunks_mut::<8>().0 {
                for (x, scale) in word.iter_mut().zip(nibbles::PLACES) {
                    *x *= scale;
                }
            }
            shifted
        }));
        self.sums.clear();
        self.sums.extend(blocks.iter().map(|block| {
            let mut lanes = [0.0f32; 8];
            for word in block.as_chunks::<8>().0 {
                lanes.iter_mut().zip(word).for_each(|(lane, x)| *lane += x);
            }
            lanes.iter().sum::<f32>()
        }));
    }
}

/// Whether the CPU has what the vector kernels need.
#[cfg(target_arch = "x86_64")]
fn has_vectors() -> bool {
    super::simd::has_avx2() && is_x86_feature_detected!("f16c")
}

/// Asks for the panel [`AHEAD`] bytes after this one: the CPU's own prefetching stops at every page.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn prefetch<P>(panel: &P) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    for line in (0..size_of::<P>()).step_by(64) {
        // SAFETY: a prefetch reads nothing; the address may be anywhere.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(panel).cast::<i8>().wrapping_add(AHEAD + line)) };
    }
}

/// `y = W x` for panels, `one` computing a row of panels: the last may have rows nobody asked for.
#[inline(always)]
fn each_panel<P>(panels: &[P], x: &Activation, y: &mut [f32], one: impl Fn(&[P], &Activation) -> [f32; ROWS]) {
    for (row, y) in panels.chunks_exact(x.sums.len().max(1)).zip(y.chunks_mut(ROWS)) {
        y.copy_from_slice(&one(row, x)[..y.len()]);
    }
}

#[cfg(test)]
mod tests;
