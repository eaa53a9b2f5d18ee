//! A frozen matrix times one row, for generation: bound by memory, so the weights may be kept as bf16 and are widened on the
//! way into the registers.

use std::ops::Range;

use super::simd::{dot_inline, horizontal_sum, vectorised};
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

fn multiply_bf16(rows: &[u16], x: &[f32], y: &mut [f32]) {
    let (fours, rest) = y.as_chunks_mut::<4>();
    let mut blocks = rows.chunks_exact(4 * x.len());
    for (block, y) in blocks.by_ref().zip(fours) {
        let (a, b) = block.split_at(2 * x.len());
        let ((a, b), (c, d)) = (a.split_at(x.len()), b.split_at(x.len()));
        *y = dot_four([a, b, c, d], x);
    }
    for (row, y) in blocks.remainder().chunks_exact(x.len()).zip(rest) {
        *y = dot_four([row; 4], x)[0];
    }
}

/// Numbers of each row in flight at a time: two registers of sums for each of four rows.
const STEP: usize = 16;

vectorised! {
    /// Four rows at a time: that keeps enough loads in flight, and each part of `x` is loaded once.
    fn dot_four(rows: [&[u16]; 4], x: &[f32]) -> [f32; 4] {
        let mut lanes = [[0.0; STEP]; 4];
        let (inputs, inputs_rest) = x.as_chunks::<STEP>();
        let [(a, a_rest), (b, b_rest), (c, c_rest), (d, d_rest)] = [
            rows[0].as_chunks::<STEP>(),
            rows[1].as_chunks::<STEP>(),
            rows[2].as_chunks::<STEP>(),
            rows[3].as_chunks::<STEP>(),
        ];
        for ((((x, a), b), c), d) in inputs.iter().zip(a).zip(b).zip(c).zip(d) {
            for i in 0..STEP {
                lanes[0][i] += widen(a[i]) * x[i];
            }
            for i in 0..STEP {
                lanes[1][i] += widen(b[i]) * x[i];
            }
            for i in 0..STEP {
                lanes[2][i] += widen(c[i]) * x[i];
            }
            for i in 0..STEP {
                lanes[3][i] += widen(d[i]) * x[i];
            }
        }
        let mut sums = [horizontal_sum(lanes[0]), horizontal_sum(lanes[1]), horizontal_sum(lanes[2]), horizontal_sum(lanes[3])];
        for (sum, rest) in sums.iter_mut().zip([a_rest, b_rest, c_rest, d_rest]) {
            for (w, x) in rest.iter().zip(inputs_rest) {
                *sum += widen(*w) * x;
            }
        }
        sums
    }
}

#[inline(always)]
fn widen(x: u16) -> f32 {
    f32::from_bits(u32::from(x) << 16)
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
