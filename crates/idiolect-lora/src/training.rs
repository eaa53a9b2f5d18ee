//! The training loop: epochs of shuffled batches, each batch in micro-batches on several threads, one optimiser step a batch.
//!
//! The result is the same to the bit for any number of threads: the split into micro-batches depends on the recipe alone, each
//! has a gradient of its own, and they are added in order. It is also the same when a run is stopped and resumed.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result};
use crate::lora::Lora;
use crate::model::{Llama, Workspace};
use crate::optimizer::{AdamW, Moments, learning_rate};
use crate::packing::{Example, MicroBatch, split};
use crate::random::Random;
use crate::recipe::Recipe;

/// What one training run needs. Examples without targets are allowed and teach nothing.
#[derive(Clone, Copy)]
pub struct Training<'a> {
    pub model: &'a Llama,
    pub examples: &'a [Example],
    pub recipe: &'a Recipe,
    /// Threads to use; more than the recipe's micro-batches bring nothing.
    pub threads: usize,
}

/// Everything that changes while training: enough to go on as if nothing had happened.
#[derive(Clone)]
pub struct TrainingState {
    pub(crate) lora: Lora,
    pub(crate) moments: Moments,
    /// Steps already made.
    pub(crate) step: u64,
    /// Rows computed in them.
    pub(crate) rows: u64,
}

impl TrainingState {
    /// The state before the first step.
    pub fn new(model: &Llama, recipe: &Recipe) -> Self {
        let lora = Lora::init(model.config(), recipe.lora, recipe.seed);
        let moments = Moments::zeros(lora.parameters().len());
        Self { lora, moments, step: 0, rows: 0 }
    }

    /// The adapter as trained so far.
    pub fn lora(&self) -> &Lora {
        &self.lora
    }

    /// Steps already made.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Rows computed in them, by whatever process.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

/// Where a run stands after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    pub step: u64,
    pub steps: u64,
    /// The epoch this step belonged to, the first being 1.
    pub epoch: usize,
    /// Mean `-ln p` over the step's targets.
    pub loss: f32,
    pub gradient_norm: f32,
    /// Targets and rows computed since this call of [`Training::run`] began.
    pub targets: u64,
    pub rows: u64,
}

/// Told after every step; may save the state, and may stop the run.
pub trait Observer {
    /// # Errors
    /// Whatever it fails with ends the run with that error.
    fn step(&mut self, progress: &Progress, state: &TrainingState) -> Result<ControlFlow<()>>;
}

impl<F: FnMut(&Progress, &TrainingState) -> Result<ControlFlow<()>>> Observer for F {
    fn step(&mut self, progress: &Progress, state: &TrainingState) -> Result<ControlFlow<()>> {
        self(progress, state)
    }
}

/// How a run ended.
pub enum Outcome {
    Finished(Lora),
    /// The observer stopped it; the state goes on from here.
    Stopped(Box<TrainingState>),
}

/// What one batch taught.
struct Learned {
    gradient: Vec<f32>,
    loss: f64,
    targets: usize,
    rows: usize,
}

impl Training<'_> {
    /// Trains from `state` to the end of the recipe.
    ///
    /// # Errors
    /// When there is nothing to learn from, an example is malformed, the state belongs to another recipe, or the observer fails.
    pub fn run(&self, mut state: TrainingState, observer: &mut dyn Observer) -> Result<Outcome> {
        let vocabulary = self.model.config().vocabulary;
        self.examples.iter().enumerate().try_for_each(|(i, example)| example.check(i, vocabulary))?;
        let longest = self.recipe.longest_example.min(self.model.config().context);
        let examples: Vec<Example> = self.examples.iter().map(|example| example.cut(longest)).collect();
        if examples.iter().all(|example| example.targets() == 0) {
            return Err(Error::NothingToLearn { examples: examples.len() });
        }
        let steps = self.recipe.steps(examples.len());
        if state.lora.config() != self.recipe.lora || state.step > steps {
            return Err(Error::OtherRecipe { step: state.step, steps });
        }
        let mut workers: Vec<Workspace> = Vec::new();
        workers.resize_with(self.threads.max(1), Workspace::default);
        let per_epoch = examples.len().div_ceil(self.recipe.batch) as u64;
        let (mut targets, mut rows) = (0, 0);
        while state.step < steps {
            let epoch = state.step / per_epoch;
            let order = epoch_order(self.recipe.seed, epoch, examples.len());
            let first = (state.step % per_epoch) as usize * self.recipe.batch;
            let chosen = &order[first..(first + self.recipe.batch).min(order.len())];
            let batch: Vec<&Example> = chosen.iter().map(|&i| &examples[i]).collect();
            let learned = self.learn(&state.lora, &batch, &mut workers);
            state.step += 1;
            let rate = learning_rate(self.recipe.learning_rate, state.step, steps);
            let parameters = state.lora.parameters_mut();
            let adam = AdamW::default();
            let gradient_norm = adam.step(parameters, &learned.gradient, &mut state.moments, state.step, rate);
            targets += learned.targets as u64;
            rows += learned.rows as u64;
            state.rows += learned.rows as u64;
            let loss = (learned.loss / learned.targets.max(1) as f64) as f32;
            if !loss.is_finite() || !gradient_norm.is_finite() {
                return Err(Error::Diverged { step: state.step });
            }
            let epoch = epoch as usize + 1;
            let progress = Progress { step: state.step, steps, epoch, loss, gradient_norm, targets, rows };
            if observer.step(&progress, &state)?.is_break() && state.step < steps {
                return Ok(Outcome::Stopped(Box::new(state)));
            }
        }
        Ok(Outcome::Finished(state.lora))
    }

    /// The gradient of the mean loss of a batch.
    fn learn(&self, lora: &Lora, batch: &[&Example], workers: &mut [Workspace]) -> Learned {
        let members = split(batch, self.recipe.row_budget, self.recipe.micro_batches);
        let packed: Vec<MicroBatch> = members
            .iter()
            .map(|members| MicroBatch::pack(&members.iter().map(|&i| batch[i]).collect::<Vec<_>>()))
            .collect();
        let targets: usize = packed.iter().map(|batch| batch.targets.len()).sum();
        let weight = 1.0 / targets.max(1) as f32;
        let len = lora.parameters().len();
        let rows = packed.iter().map(MicroBatch::rows).sum();
        let mut sum = Learned { gradient: Vec::new(), loss: 0.0, targets, rows };
        // Some at a time, because each has a gradient as large as the adapter.
        for packed in packed.chunks(4 * workers.len()) {
            let results = on_threads(workers, packed.len(), |index, work| {
                let mut gradient = vec![0.0; len];
                let losses = self.model.losses_and_gradients(lora, &packed[index], weight, &mut gradient, work);
                (gradient, losses.into_iter().map(f64::from).sum::<f64>())
            });
            for (gradient, loss) in results {
                sum.loss += loss;
                if sum.gradient.is_empty() {
                    sum.gradient = gradient;
                } else {
                    sum.gradient.iter_mut().zip(&gradient).for_each(|(total, g)| *total += g);
                }
            }
        }
        sum.gradient.resize(len, 0.0);
        sum
    }
}

/// Runs `job` for every index below `count`, one thread a workspace, and answers the results in order of index.
pub(crate) fn on_threads<W: Send, R: Send>(
    workers: &mut [W],
    count: usize,
    job: impl Fn(usize, &mut W) -> R + Sync,
) -> Vec<R> {
    if workers.len() == 1 || count <= 1 {
        let worker = &mut workers[0];
        return (0..count).map(|index| job(index, worker)).collect();
    }
    let next = AtomicUsize::new(0);
    let results = Mutex::new((0..count).map(|_| None).collect::<Vec<Option<R>>>());
    std::thread::scope(|scope| {
        for worker in workers.iter_mut().take(count) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    let result = job(index, worker);
                    results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(result);
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().map(|result| result.expect("every index was run")).collect()
}

/// The order of examples in an epoch, the first being 0.
fn epoch_order(seed: u64, epoch: u64, examples: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..examples).collect();
    Random::derived(seed, epoch).shuffle(&mut order);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Precision;
    use crate::lora::LoraConfig;
    use crate::model::testing::{examples, tiny_model};
    use crate::testing::assert_close;

    fn recipe() -> Recipe {
        Recipe {
            lora: LoraConfig { rank: 3, alpha: 6.0 },
            batch: 8,
            epochs: 3,
            micro_batches: 3,
            row_budget: 60,
            learning_rate: 1e-2,
            ..Recipe::for_examples(20)
        }
    }

    fn train(threads: usize, precision: Precision) -> (Vec<f32>, Vec<f32>) {
        let (model, examples, recipe) = (tiny_model(precision), examples(20, 3), recipe());
        let training = Training { model: &model, examples: &examples, recipe: &recipe, threads };
        let mut losses = Vec::new();
        let mut observer = |progress: &Progress, _: &TrainingState| {
            losses.push(progress.loss);
            Ok(ControlFlow::Continue(()))
        };
        match training.run(TrainingState::new(&model, &recipe), &mut observer).unwrap() {
            Outcome::Finished(lora) => (lora.parameters().to_vec(), losses),
            Outcome::Stopped(_) => panic!("nobody stopped it"),
        }
    }

    #[test]
    fn training_lowers_the_loss() {
        let (_, losses) = train(1, Precision::F32);
        assert_eq!(losses.len(), 9);
        let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
        assert!(mean(&losses[6..]) < mean(&losses[..3]) - 0.3, "{losses:?}");
    }

    #[test]
    fn many_micro_batches_are_added_up_as_one() {
        let (model, examples) = (tiny_model(Precision::F32), examples(24, 3));
        let batch: Vec<&Example> = examples.iter().collect();
        let recipe = Recipe { row_budget: 1, ..recipe() };
        let training = Training { model: &model, examples: &examples, recipe: &recipe, threads: 1 };
        let state = TrainingState::new(&model, &recipe);
        let learn = |threads: usize, recipe: &Recipe| {
            let mut workers: Vec<Workspace> = Vec::new();
            workers.resize_with(threads, Workspace::default);
            Training { recipe, ..training }.learn(&state.lora, &batch, &mut workers)
        };
        let (alone, three, whole) =
            (learn(1, &recipe), learn(3, &recipe), learn(1, &Recipe { row_budget: 10_000, ..recipe.clone() }));
        assert!(alone.gradient == three.gradient && alone.loss == three.loss);
        assert_eq!((alone.targets, alone.gradient.len()), (whole.targets, whole.gradient.len()));
        for (split, whole) in alone.gradient.iter().zip(&whole.gradient) {
            assert_close(*split, *whole, 1e-5);
        }
    }

    #[test]
    fn the_number_of_threads_does_not_change_a_bit() {
        for precision in [Precision::F32, Precision::Bf16] {
            let alone = train(1, precision);
            assert!(alone == train(2, precision), "two threads differ");
            assert!(alone == train(5, precision), "five threads differ");
        }
    }

    #[test]
    fn resumed_equals_uninterrupted_bit_for_bit() {
        let (model, examples, recipe) = (tiny_model(Precision::F32), examples(20, 3), recipe());
        let training = Training { model: &model, examples: &examples, recipe: &recipe, threads: 2 };
        let uninterrupted = train(2, Precision::F32).0;
        for stop_at in [1, 3, 8] {
            let mut observer = |progress: &Progress, _: &TrainingState| {
                Ok(if progress.step == stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            };
            let stopped = match training.run(TrainingState::new(&model, &recipe), &mut observer).unwrap() {
                Outcome::Stopped(state) => *state,
                Outcome::Finished(_) => panic!("it was to stop at step {stop_at}"),
            };
            assert_eq!(stopped.step(), stop_at);
            let bytes = crate::checkpoint::to_bytes(&stopped, &training);
            let restored = crate::checkpoint::from_bytes(&bytes, &training).unwrap();
            match training.run(restored, &mut |_: &Progress, _: &TrainingState| Ok(ControlFlow::Continue(()))).unwrap()
            {
                Outcome::Finished(lora) => assert!(lora.parameters() == uninterrupted, "stopped at {stop_at}"),
                Outcome::Stopped(_) => panic!("nobody stopped it"),
            }
        }
    }

    #[test]
    fn epochs_have_different_orders_of_the_same_examples() {
        let (first, second) = (epoch_order(1, 0, 50), epoch_order(1, 1, 50));
        assert_ne!(first, second);
        assert_eq!(first, epoch_order(1, 0, 50));
        let sorted = |mut order: Vec<usize>| {
            order.sort_unstable();
            order
        };
        assert_eq!(sorted(first), sorted(second));
    }

    #[test]
    fn nothing_to_learn_from_is_an_error() {
        let (model, recipe) = (tiny_model(Precision::F32), recipe());
        let examples = [Example { ids: vec![1, 2], loss_mask: vec![false, false] }];
        let training = Training { model: &model, examples: &examples, recipe: &recipe, threads: 1 };
        let mut observer = |_: &Progress, _: &TrainingState| Ok(ControlFlow::Continue(()));
        let state = TrainingState::new(&model, &recipe);
        assert!(matches!(training.run(state, &mut observer), Err(Error::NothingToLearn { examples: 1 })));
    }
}
