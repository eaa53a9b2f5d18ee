//! The output head and its cross-entropy in one pass over the vocabulary, forward and backward.
//!
//! A block of logits lives just long enough to become exponentials and to be multiplied back into the gradient; a running
//! maximum per row keeps them in range, and rows are divided by their sum at the end, as in FlashAttention (Dao et al. 2022).
//! The `rows × vocabulary` matrix is never held.

use super::frozen::{BlockProduct, FrozenMatrix};
use super::simd::{LANES, add_scaled, exp, horizontal_sum, vectorised};

/// Logits computed at a time: they stay in the second-level cache with the block of the head.
const BLOCK: usize = 32 * FrozenMatrix::BLOCK;

/// A token to be predicted from a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Index into the rows given.
    pub row: usize,
    pub id: u32,
}

/// The running softmax of one row.
#[derive(Clone, Copy)]
struct RunningSoftmax {
    largest: f32,
    sum: f64,
}

/// What is asked of the head.
#[derive(Clone, Copy)]
pub(crate) struct HeadLoss<'a> {
    pub head: &'a FrozenMatrix,
    /// Normalised rows, `head.inputs()` numbers each.
    pub hidden: &'a [f32],
    /// Sorted by row.
    pub targets: &'a [Target],
}

impl HeadLoss<'_> {
    /// `-ln p` of every target.
    pub(crate) fn losses(&self) -> Vec<f32> {
        self.run(None)
    }

    /// `-ln p` of every target, and the gradient of `weight ·` their sum with respect to the rows, stored in `d_hidden`.
    pub(crate) fn losses_and_gradient(&self, weight: f32, d_hidden: &mut [f32]) -> Vec<f32> {
        self.run(Some((weight, d_hidden)))
    }

    fn run(&self, mut gradient: Option<(f32, &mut [f32])>) -> Vec<f32> {
        let (width, vocabulary) = (self.head.inputs(), self.head.outputs());
        let rows = self.hidden.len() / width;
        let mut state = vec![RunningSoftmax { largest: f32::MIN, sum: 0.0 }; rows];
        let mut target_logits = vec![0.0; self.targets.len()];
        let mut logits = vec![0.0; rows * BLOCK.min(vocabulary)];
        for start in (0..vocabulary).step_by(BLOCK) {
            let end = (start + BLOCK).min(vocabulary);
            let block = BlockProduct { rows, outputs: start..end, accumulate: false };
            let stride = end - start;
            self.head.forward(&block, self.hidden, &mut logits, stride);
            for (target, logit) in self.targets.iter().zip(&mut target_logits) {
                if (start..end).contains(&(target.id as usize)) {
                    *logit = logits[target.row * stride + target.id as usize - start];
                }
            }
            for (row, (state, logits)) in state.iter_mut().zip(logits.chunks_exact_mut(stride)).enumerate() {
                let before = state.largest;
                state.largest = before.max(largest(logits));
                let shrink = if state.largest > before { (before - state.largest).exp() } else { 1.0 };
                state.sum = state.sum * f64::from(shrink) + f64::from(exponentiate(logits, state.largest));
                if let Some((_, d_hidden)) = &mut gradient
                    && start > 0
                    && shrink != 1.0
                {
                    d_hidden[row * width..(row + 1) * width].iter_mut().for_each(|d| *d *= shrink);
                }
            }
            if let Some((_, d_hidden)) = &mut gradient {
                let block = BlockProduct { accumulate: start > 0, ..block };
                self.head.backward(&block, &logits, stride, d_hidden);
            }
        }
        if let Some((weight, d_hidden)) = gradient {
            self.finish_gradient(&state, weight, d_hidden);
        }
        let log_sum = |s: &RunningSoftmax| f64::from(s.largest) + s.sum.ln();
        let losses = self.targets.iter().zip(target_logits);
        losses.map(|(target, logit)| (log_sum(&state[target.row]) - f64::from(logit)) as f32).collect()
    }

    /// Divides the sums of exponentials and takes away the targets' own rows of the head.
    fn finish_gradient(&self, state: &[RunningSoftmax], weight: f32, d_hidden: &mut [f32]) {
        let width = self.head.inputs();
        let mut targets = self.targets;
        for (row, (state, d_hidden)) in state.iter().zip(d_hidden.chunks_exact_mut(width)).enumerate() {
            let (own, rest) = targets.split_at(targets.iter().take_while(|t| t.row == row).count());
            targets = rest;
            let scale = weight * own.len() as f32 / state.sum as f32;
            d_hidden.iter_mut().for_each(|d| *d *= scale);
            for target in own {
                add_scaled(-weight, self.head.row(target.id as usize), d_hidden);
            }
        }
    }
}

vectorised! {
    fn largest(logits: &[f32]) -> f32 {
        let mut lanes = [f32::MIN; LANES];
        let (chunks, rest) = logits.as_chunks::<LANES>();
        for chunk in chunks {
            for i in 0..LANES {
                lanes[i] = if chunk[i] > lanes[i] { chunk[i] } else { lanes[i] };
            }
        }
        lanes.iter().chain(rest).copied().fold(f32::MIN, f32::max)
    }
}

vectorised! {
    /// Replaces logits by `e^(logit - largest)` and answers their sum.
    fn exponentiate(logits: &mut [f32], largest: f32) -> f32 {
        let mut lanes = [0.0; LANES];
        let (chunks, rest) = logits.as_chunks_mut::<LANES>();
        for chunk in chunks {
            for i in 0..LANES {
                chunk[i] = exp(chunk[i] - largest);
                lanes[i] += chunk[i];
            }
        }
        let mut sum = horizontal_sum(lanes);
        for logit in rest {
            *logit = exp(*logit - largest);
            sum += *logit;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::super::precision::Arithmetic;
    use super::*;
    use crate::testing::{assert_close, numbers};

    const WIDTH: usize = 12;
    /// Two blocks and a bit.
    const VOCABULARY: usize = 2 * BLOCK + 50;
    const TARGETS: [Target; 4] = [
        Target { row: 0, id: 3 },
        Target { row: 1, id: 2_000 },
        Target { row: 1, id: 3_110 },
        Target { row: 2, id: 0 },
    ];

    fn head() -> FrozenMatrix {
        FrozenMatrix::new(numbers(1, VOCABULARY * WIDTH), WIDTH, Arithmetic::F32)
    }

    fn naive(head: &FrozenMatrix, hidden: &[f32]) -> Vec<f64> {
        let logit = |row: usize, id: usize| -> f64 {
            (0..WIDTH).map(|k| f64::from(hidden[row * WIDTH + k]) * f64::from(head.row(id)[k])).sum()
        };
        let loss = |t: &Target| {
            (0..VOCABULARY).map(|id| logit(t.row, id).exp()).sum::<f64>().ln() - logit(t.row, t.id as usize)
        };
        TARGETS.iter().map(loss).collect()
    }

    #[test]
    fn losses_agree_with_the_definition() {
        let (head, hidden) = (head(), numbers(2, 3 * WIDTH));
        let losses = HeadLoss { head: &head, hidden: &hidden, targets: &TARGETS }.losses();
        for (loss, exact) in losses.iter().zip(naive(&head, &hidden)) {
            assert_close(*loss, exact as f32, 1e-5);
        }
    }

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let (head, hidden) = (head(), numbers(2, 3 * WIDTH));
        let mut gradient = vec![f32::NAN; hidden.len()];
        let ask = HeadLoss { head: &head, hidden: &hidden, targets: &TARGETS };
        assert_eq!(ask.losses_and_gradient(0.5, &mut gradient), ask.losses());
        for i in 0..hidden.len() {
            let step = 1e-2;
            let (mut up, mut down) = (hidden.clone(), hidden.clone());
            up[i] += step;
            down[i] -= step;
            let total = |hidden: &[f32]| naive(&head, hidden).iter().sum::<f64>();
            let numeric = 0.5 * (total(&up) - total(&down)) / f64::from(2.0 * step);
            assert_close(gradient[i], numeric as f32, 1e-3);
        }
    }
}
