//! A frozen matrix times one row, for generation: bound by memory, so the weights may be kept as bf16 and are widened on the
//! way into the registers.

use std::ops::Range;

use super::simd::{LANES, dot_inline, horizontal_sum, vectorised};
use super::tiles::to_bf16;

/// A matrix of `outputs × inputs` as bf16, row by row: half the bytes of `f32`.
pub(crate) struct Bf16Matrix {
    inputs: usize,
    weights: Vec<u16>,
}

impl Bf16Matrix {
    /// Rounds weights to bf16.
    pub(crate) fn new(weights: &[f32], inputs: usize) -> Self {
        Self { inputs, weights: weights.iter().map(|&w| to_bf16(w)).collect() }
    }

    /// `y = W x` for a range of the outputs.
    pub(crate) fn multiply(&self, outputs: Range<usize>, x: &[f32], y: &mut [f32]) {
        let rows = &self.weights[outputs.start * self.inputs..outputs.end * self.inputs];
        multiply_bf16(rows, x, y);
    }
}

/// `y = W x` for `f32` rows as long as `x`.
pub(crate) fn multiply_f32(rows: &[f32], x: &[f32], y: &mut [f32]) {
    dots(rows, x, y);
}

vectorised! {
    fn dots(rows: &[f32], x: &[f32], y: &mut [f32]) {
        for (row, y) in rows.chunks_exact(x.len()).zip(y) {
            *y = dot_inline(row, x);
        }
    }
}

vectorised! {
    fn multiply_bf16(rows: &[u16], x: &[f32], y: &mut [f32]) {
        for (row, y) in rows.chunks_exact(x.len()).zip(y) {
            let mut lanes = [0.0; LANES];
            let (weights, weights_rest) = row.as_chunks::<LANES>();
            let (inputs, inputs_rest) = x.as_chunks::<LANES>();
            for (weights, inputs) in weights.iter().zip(inputs) {
                for i in 0..LANES {
                    lanes[i] += f32::from_bits(u32::from(weights[i]) << 16) * inputs[i];
                }
            }
            let mut sum = horizontal_sum(lanes);
            for (w, x) in weights_rest.iter().zip(inputs_rest) {
                sum += f32::from_bits(u32::from(*w) << 16) * x;
            }
            *y = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, numbers};

    #[test]
    fn both_precisions_agree_with_the_definition() {
        let (weights, x) = (numbers(1, 7 * 37), numbers(2, 37));
        let exact: Vec<f32> = weights.chunks(37).map(|row| row.iter().zip(&x).map(|(w, x)| w * x).sum()).collect();
        let mut y = vec![0.0; 7];
        multiply_f32(&weights, &x, &mut y);
        y.iter().zip(&exact).for_each(|(y, exact)| assert_close(*y, *exact, 1e-6));
        Bf16Matrix::new(&weights, 37).multiply(0..7, &x, &mut y);
        // A weight is off by at most 2⁻⁹ of itself.
        y.iter().zip(&exact).for_each(|(y, exact)| assert!((y - exact).abs() < 37.0 / 512.0, "{y} for {exact}"));
    }

    #[test]
    fn a_range_of_outputs_is_a_part_of_all() {
        let (matrix, x) = (Bf16Matrix::new(&numbers(1, 9 * 20), 20), numbers(2, 20));
        let (mut all, mut part) = (vec![0.0; 9], vec![0.0; 4]);
        matrix.multiply(0..9, &x, &mut all);
        matrix.multiply(3..7, &x, &mut part);
        assert_eq!(all[3..7], part);
    }
}
