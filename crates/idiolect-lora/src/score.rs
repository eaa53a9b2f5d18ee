//! How well a model predicts given tokens: the sum of `-ln p` over every example's targets.

use crate::error::{Error, Result};
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

/// Logits after every token, `vocabulary` numbers each, for comparison with other implementations.
///
/// # Errors
/// When a token is unknown or there are more than the model's context.
pub fn logits(model: &Llama, lora: Option<&Lora>, ids: &[u32]) -> Result<Vec<f32>> {
    if ids.len() > model.config().context {
        let reason = format!("its {} tokens do not fit a context of {}", ids.len(), model.config().context);
        return Err(Error::UnusablePrompt { reason });
    }
    // A row is computed when something is predicted from it, so the last token needs one more after it.
    let ids = [ids, &[0]].concat();
    let example = Example { loss_mask: (0..ids.len()).map(|i| i > 0).collect(), ids };
    example.check(0, model.config().vocabulary)?;
    let mut work = Workspace::default();
    model.forward(lora, &MicroBatch::pack(&[&example]), false, &mut work);
    Ok(model.logits(&mut work))
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
    fn logits_give_the_scores() {
        let (model, lora, examples) = (tiny_model(Precision::F32), busy_lora(4), examples(1, 2));
        let (ids, vocabulary) = (&examples[0].ids, model.config().vocabulary);
        let logits = logits(&model, Some(&lora), ids).unwrap();
        assert_eq!(logits.len(), ids.len() * vocabulary);
        let targets = (1..ids.len()).filter(|&at| examples[0].loss_mask[at]);
        let nats = targets.map(|at| {
            let row = &logits[(at - 1) * vocabulary..at * vocabulary];
            row.iter().map(|l| l.exp()).sum::<f32>().ln() - row[ids[at] as usize]
        });
        let score = score(&model, Some(&lora), &examples, 1).unwrap()[0];
        assert_close(nats.sum(), score.nats as f32, 1e-5);
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
