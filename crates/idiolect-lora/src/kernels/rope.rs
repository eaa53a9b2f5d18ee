//! Rotary position embedding (Su et al. 2021) in the half-split layout of Hugging Face's Llama: element `j` turns with
//! element `j + head_dim / 2`. The backward pass is the rotation by the opposite angle.

use super::simd::vectorised;

/// Cosines and sines for every position a model may see.
pub(crate) struct RopeTable {
    half: usize,
    cos: Vec<f32>,
    sin: Vec<f32>,
}

/// The way the heads are turned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

/// Rows of concatenated heads: `heads` heads at the start of every `stride` numbers.
#[derive(Clone, Copy)]
pub(crate) struct Heads {
    pub heads: usize,
    pub stride: usize,
}

impl RopeTable {
    /// Angles are `position · theta^(-2j / head_dim)`, rounded to `f32` before the sine as PyTorch does.
    pub(crate) fn new(theta: f32, head_dim: usize, positions: usize) -> Self {
        let half = head_dim / 2;
        let frequencies: Vec<f32> =
            (0..half).map(|j| (1.0 / f64::from(theta).powf(2.0 * j as f64 / head_dim as f64)) as f32).collect();
        let angles = (0..positions).flat_map(|position| frequencies.iter().map(move |f| position as f32 * f));
        let (cos, sin) = angles.map(|angle| (angle.cos(), angle.sin())).unzip();
        Self { half, cos, sin }
    }

    /// Turns every head of every row of `x` by the angles of the row's position.
    pub(crate) fn rotate(&self, x: &mut [f32], layout: Heads, positions: &[u32], direction: Direction) {
        let turned = layout.heads * 2 * self.half;
        for (row, &position) in x.chunks_mut(layout.stride).zip(positions) {
            let angles = position as usize * self.half..(position as usize + 1) * self.half;
            let (cos, sin) = (&self.cos[angles.clone()], &self.sin[angles]);
            match direction {
                Direction::Forward => turn(&mut row[..turned], cos, sin),
                Direction::Backward => turn_back(&mut row[..turned], cos, sin),
            }
        }
    }
}

vectorised! {
    fn turn(heads: &mut [f32], cos: &[f32], sin: &[f32]) {
        for head in heads.chunks_exact_mut(2 * cos.len()) {
            let (low, high) = head.split_at_mut(cos.len());
            for (((a, b), c), s) in low.iter_mut().zip(high).zip(cos).zip(sin) {
                (*a, *b) = (*a * c - *b * s, *b * c + *a * s);
            }
        }
    }
}

vectorised! {
    fn turn_back(heads: &mut [f32], cos: &[f32], sin: &[f32]) {
        for head in heads.chunks_exact_mut(2 * cos.len()) {
            let (low, high) = head.split_at_mut(cos.len());
            for (((a, b), c), s) in low.iter_mut().zip(high).zip(cos).zip(sin) {
                (*a, *b) = (*a * c + *b * s, *b * c - *a * s);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, numbers};

    const LAYOUT: Heads = Heads { heads: 3, stride: 3 * 8 + 4 };

    #[test]
    fn position_zero_is_left_alone_and_other_columns_always() {
        let table = RopeTable::new(1e4, 8, 16);
        let x = numbers(1, 2 * LAYOUT.stride);
        let mut turned = x.clone();
        table.rotate(&mut turned, LAYOUT, &[0, 5], Direction::Forward);
        assert_eq!(turned[..LAYOUT.stride], x[..LAYOUT.stride]);
        assert_eq!(turned[LAYOUT.stride + 24..], x[LAYOUT.stride + 24..]);
        assert_ne!(turned, x);
    }

    #[test]
    fn turning_back_undoes_the_turn() {
        let table = RopeTable::new(1e4, 8, 16);
        let x = numbers(2, 3 * LAYOUT.stride);
        let mut turned = x.clone();
        table.rotate(&mut turned, LAYOUT, &[3, 9, 15], Direction::Forward);
        table.rotate(&mut turned, LAYOUT, &[3, 9, 15], Direction::Backward);
        for (a, b) in turned.iter().zip(&x) {
            assert_close(*a, *b, 1e-6);
        }
    }

    #[test]
    fn scores_depend_on_the_distance_alone() {
        let table = RopeTable::new(1e4, 8, 32);
        let layout = Heads { heads: 1, stride: 8 };
        let score = |query_at: u32, key_at: u32| {
            let (mut q, mut k) = (numbers(3, 8), numbers(4, 8));
            table.rotate(&mut q, layout, &[query_at], Direction::Forward);
            table.rotate(&mut k, layout, &[key_at], Direction::Forward);
            q.iter().zip(&k).map(|(a, b)| a * b).sum::<f32>()
        };
        assert_close(score(7, 3), score(27, 23), 1e-5);
    }
}
