//! The training recipe: every number that decides what an adapter becomes, by amount of data.
//!
//! Where they come from: SmolLM2-135M on the messages of single authors, 500 to 2,349 of them. 3e-3 beat 1e-3 beat 3e-4 at
//! 500 messages, a third epoch overfitted, 2e-3 was better from about a thousand messages on, and one epoch over 2,349 beat two
//! over 800.

use crate::lora::LoraConfig;

/// How to train. The result depends on these, on the examples and on the base model, never on the number of threads.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    pub lora: LoraConfig,
    /// The rate after warming up.
    pub learning_rate: f32,
    pub epochs: usize,
    /// Examples an optimiser step learns from.
    pub batch: usize,
    /// Examples are cut to this many tokens. As many as a micro-batch has rows, so that a long one takes no more memory than some
    /// short ones.
    pub longest_example: usize,
    /// Rows a micro-batch may have; it bounds memory, at about 0.8 MB a row for SmolLM2-135M.
    pub row_budget: usize,
    /// Micro-batches a batch is split into at least, so that as many threads have work.
    pub micro_batches: usize,
    /// Decides the first parameters and the order of examples.
    pub seed: u64,
}

const ROW_BUDGET: usize = 768;

impl Recipe {
    /// The recipe for this many examples.
    pub fn for_examples(examples: usize) -> Self {
        Self {
            lora: LoraConfig { rank: 8, alpha: 16.0 },
            learning_rate: if examples < 1000 { 3e-3 } else { 2e-3 },
            epochs: if examples > 1500 { 1 } else { 2 },
            batch: if examples > 1500 { 32 } else { 16 },
            longest_example: ROW_BUDGET,
            row_budget: ROW_BUDGET,
            micro_batches: 2,
            seed: 1,
        }
    }

    /// Optimiser steps over all epochs.
    pub fn steps(&self, examples: usize) -> u64 {
        (examples.div_ceil(self.batch) * self.epochs) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_examples_get_the_higher_rate_and_the_smaller_batch() {
        let few = Recipe::for_examples(800);
        let many = Recipe::for_examples(2000);
        assert_eq!((few.learning_rate, few.batch), (3e-3, 16));
        assert_eq!((many.learning_rate, many.batch), (2e-3, 32));
        assert_eq!((few.lora.rank, few.lora.alpha), (8, 16.0));
        assert_eq!((few.epochs, many.epochs), (2, 1));
    }

    #[test]
    fn the_last_batch_of_an_epoch_may_be_short() {
        assert_eq!(Recipe::for_examples(850).steps(850), 2 * 54);
    }
}
