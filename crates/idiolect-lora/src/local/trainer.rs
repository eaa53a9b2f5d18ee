//! One job's training thread: from the training file, or the last checkpoint, to an adapter on disk.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use idiolect_provider::{JobProgress, JobStatus, ProviderError};

use super::engine::Engine;
use super::jobs::{self, JobLock, JobRecord};
use super::{files, training_file};
use crate::adapter::save_adapter;
use crate::checkpoint::{load_checkpoint, save_checkpoint};
use crate::error::{Error, Result};
use crate::recipe::Recipe;
use crate::training::{Outcome, Progress, Training, TrainingState};

/// Steps between two checkpoints. A checkpoint for SmolLM2-135M is 30 MB and a step takes seconds.
const CHECKPOINT_STEPS: u64 = 10;

/// A thread that trains, as those see it who ask how far it is.
pub(super) struct Trainer {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    /// The process is about to end; the job goes on in the next one.
    stop: AtomicBool,
    progress: Mutex<Option<JobProgress>>,
    /// How the job ended. It is on disk as well, unless the disk was full.
    end: Mutex<Option<JobRecord>>,
}

impl Trainer {
    /// Starts a thread that trains the job and owns its lock.
    pub(super) fn start(engine: Arc<Engine>, record: JobRecord, lock: JobLock) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (theirs, name) = (shared.clone(), format!("train {}", record.id));
        let thread = thread::Builder::new().name(name).spawn(move || run(&engine, record, lock, &theirs))?;
        Ok(Self { shared, thread })
    }

    /// Whether the thread is still at work.
    pub(super) fn is_alive(&self) -> bool {
        !self.thread.is_finished()
    }

    /// The record with what only this process knows.
    pub(super) fn overlay(&self, mut record: JobRecord) -> JobRecord {
        if let Some(end) = lock(&self.shared.end).clone() {
            return end;
        }
        if let Some(progress) = lock(&self.shared.progress).clone() {
            record.progress = Some(progress);
        }
        record
    }

    /// Asks the thread to save its state and end.
    pub(super) fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }

    pub(super) fn join(self) {
        // A panic has been recorded as the job's failure.
        let _ = self.thread.join();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn run(engine: &Engine, record: JobRecord, lock_on_job: JobLock, shared: &Shared) {
    let _one_at_a_time = lock(&engine.training_slot);
    if shared.stop.load(Ordering::Relaxed) {
        return;
    }
    let job = Job { engine, shared };
    let trained = catch_unwind(AssertUnwindSafe(|| job.train(record.clone())));
    let end = match trained {
        Ok(Ok(Some(record))) => record,
        // Stopped, and to be resumed.
        Ok(Ok(None)) => return,
        Ok(Err(error)) => record.failed(jobs::failure_code(&error), describe(&error)),
        Err(_) => record.failed("internal", "the training thread ended in a way it should not".to_owned()),
    };
    if let Err(error) = jobs::end(&engine.directory, &end) {
        tracing::error!(job_id = %end.id, error = %describe(&error), "the end of a job could not be recorded");
    }
    tracing::info!(job_id = %end.id, status = ?end.status, trained_tokens = end.trained_tokens, "fine-tuning job ended");
    *lock(&shared.end) = Some(end);
    drop(lock_on_job);
}

struct Job<'a> {
    engine: &'a Engine,
    shared: &'a Shared,
}

impl Job<'_> {
    /// The record at the job's end, or `None` if it was stopped to go on later.
    fn train(&self, mut record: JobRecord) -> Result<Option<JobRecord>> {
        let engine = self.engine;
        if jobs::is_cancellation_requested(&engine.directory, &record.id) {
            return Ok(Some(record.ended(JobStatus::Cancelled)));
        }
        let adapter = engine.directory.adapter(&record.fine_tuned_model);
        let adapter = adapter.unwrap_or_else(|| engine.directory.adapters().join(record.id.as_str()));
        if adapter.is_dir() {
            // The last process wrote the adapter and ended before it could say so.
            return Ok(Some(record.ended(JobStatus::Succeeded)));
        }
        let Some(bytes) = files::read(&engine.directory, &record.training_file)? else {
            let message =
                "the training file was deleted before the job had ended; upload it again and create a new job";
            return Ok(Some(record.failed("training_file_deleted", message.to_owned())));
        };
        let examples = match examples(engine, &bytes) {
            Ok(examples) => examples,
            Err(error) => return Ok(Some(record.failed("invalid_training_file", error.to_string()))),
        };
        let recipe = recipe(&record, examples.len());
        let learned = |example: &crate::Example| example.cut(recipe.longest_example).targets() as u64;
        record.trained_tokens = Some(examples.iter().map(learned).sum::<u64>() * recipe.epochs as u64);
        let training = Training { model: &engine.model, examples: &examples, recipe: &recipe, threads: engine.threads };

        let checkpoint = jobs::checkpoint(&engine.directory, &record.id)?;
        let state = match load_checkpoint(&checkpoint, &training) {
            Ok(state) => state,
            Err(error) => {
                tracing::warn!(job_id = %record.id, error = %error, "training starts over");
                None
            }
        };
        let resumed_rows = record.progress.as_ref().filter(|_| state.is_some()).map_or(0, |progress| progress.rows);
        let state = state.unwrap_or_else(|| TrainingState::new(&engine.model, &recipe));
        record.status = JobStatus::Running;
        jobs::write(&engine.directory, &record)?;
        tracing::info!(job_id = %record.id, examples = examples.len(), step = state.step(), "training");

        let mut observer = |progress: &Progress, state: &TrainingState| {
            let shown = JobProgress {
                step: progress.step,
                total_steps: progress.steps,
                train_loss: Some(progress.loss.into()),
                rows: resumed_rows + progress.rows,
            };
            *lock(&self.shared.progress) = Some(shown.clone());
            if jobs::is_cancellation_requested(&engine.directory, &record.id) {
                return Ok(ControlFlow::Break(()));
            }
            let stop = self.shared.stop.load(Ordering::Relaxed);
            if stop || progress.step.is_multiple_of(CHECKPOINT_STEPS) {
                save_checkpoint(&checkpoint, state, &training)?;
                record.progress = Some(shown);
                jobs::write(&engine.directory, &record)?;
            }
            Ok(if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        match training.run(state, &mut observer)? {
            Outcome::Finished(lora) => {
                save_adapter(&adapter, &lora, record.base_model.as_str())?;
                record.progress = lock(&self.shared.progress).clone();
                Ok(Some(record.ended(JobStatus::Succeeded)))
            }
            Outcome::Stopped(_) if jobs::is_cancellation_requested(&engine.directory, &record.id) => {
                Ok(Some(record.ended(JobStatus::Cancelled)))
            }
            Outcome::Stopped(_) => {
                tracing::info!(job_id = %record.id, "training stopped, to go on later");
                Ok(None)
            }
        }
    }
}

/// The training file's examples, or what is wrong with it.
pub(super) fn examples(engine: &Engine, bytes: &[u8]) -> Result<Vec<crate::Example>, ProviderError> {
    let conversations = training_file::parse(bytes)?;
    training_file::tokenize(&conversations, &engine.tokenizer, &engine.template, engine.model.config().context)
}

/// The provider's own recipe with what the job asked for.
fn recipe(record: &JobRecord, examples: usize) -> Recipe {
    let own = Recipe::for_examples(examples);
    let asked = &record.hyperparameters;
    Recipe {
        epochs: asked.n_epochs.map_or(own.epochs, |epochs| epochs as usize),
        batch: asked.batch_size.map_or(own.batch, |batch| batch as usize),
        learning_rate: own.learning_rate * asked.learning_rate_multiplier.unwrap_or(1.0) as f32,
        seed: record.seed,
        ..own
    }
}

/// The error with its causes.
pub(super) fn describe(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let reason = error.to_string();
        if !text.contains(&reason) {
            text = format!("{text} ({reason})");
        }
        cause = error.source();
    }
    text
}
