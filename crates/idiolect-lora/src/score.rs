//! How well a model predicts given tokens: the sum of `-ln p` over every example's targets.

use crate::error::Result;
use crate::lora::Lora;
use crate::model::{Llama, Workspace};
use crate::packing::{Example, MicroBatch, split};
use crate::training::on_threads;

/// Rows scored at a time by one thread.
const ROWS: usize = 512;

/// What one example cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Sum of `-ln p`, in nats.
    pub nats: f64,
    pub targets: usize,
}

/// Scores examples with the base model, or with an adapter on it. Answers one score an example, in order.
///
/// # Errors
/// When an example is malformed.
pub fn score(model: &Llama, lora: Option<&Lora>, examples: &[Example], threads: usize) -> Result<Vec<Score>> {
    examples.iter().enumerate().try_for_each(|(i, example)| example.check(i, model.config().vocabulary))?;
    let cut: Vec<Example> = examples.iter().map(|example| example.cut(model.config().context)).collect();
    let all: Vec<&Example> = cut.iter().collect();
    let members = split(&all, ROWS, 1);
    let mut workers: Vec<Workspace> = Vec::new();
    workers.resize_with(threads.max(1), Workspace::default);
    let losses = on_threads(&mut workers, members.len(), |index, work| {
        let batch = MicroBatch::pack(&members[index].iter().map(|&i| all[i]).collect::<Vec<_>>());
        model.forward(lora, &batch, false, work);
        (model.losses(&batch, work), batch.owners)
    });
    let mut scores = vec![Score::default(); examples.len()];
    for (members, (losses, owners)) in members.iter().zip(losses) {
        for (loss, owner) in losses.into_iter().zip(owners) {
            let score = &mut scores[members[owner]];
            score.nats += f64::from(loss);
            score.targets += 1;
        }
    }
    Ok(scores)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Precision;
    use crate::model::testing::{busy_lora, examples, tiny_model};
    use crate::testing::assert_close;

    #[test]
    fn a_batch_scores_as_its_examples_alone() {
        let (model, lora, examples) = (tiny_model(Precision::F32), busy_lora(4), examples(90, 2));
        let together = score(&model, Some(&lora), &examples, 2).unwrap();
        for (example, batch) in examples.iter().zip(together) {
            let alone = score(&model, Some(&lora), std::slice::from_ref(example), 1).unwrap()[0];
            assert_eq!(alone.targets, example.targets());
            assert_eq!(alone.targets, batch.targets);
            assert_close(batch.nats as f32, alone.nats as f32, 1e-5);
        }
    }

    #[test]
    fn threads_do_not_change_a_bit_and_adapters_do() {
        let (model, examples) = (tiny_model(Precision::F32), examples(90, 2));
        let alone = score(&model, None, &examples, 1).unwrap();
        assert_eq!(alone, score(&model, None, &examples, 4).unwrap());
        assert_ne!(alone, score(&model, Some(&busy_lora(4)), &examples, 1).unwrap());
    }

    #[test]
    fn examples_without_targets_cost_nothing() {
        let mut examples = examples(3, 2);
        examples[1].loss_mask.fill(false);
        let scores = score(&tiny_model(Precision::F32), None, &examples, 1).unwrap();
        assert_eq!(scores[1], Score::default());
        assert!(scores[0].nats > 0.0 && scores[2].nats > 0.0);
    }
}
