//! One job's training thread: from the training file, or the last checkpoint, to an adapter on disk.

use std::iter;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use idiolect_provider::{JobCheckpoint, JobProgress, JobStatus, ModelId, ProviderError};
use jiff::Timestamp;

use super::engine::Engine;
use super::events::{self, Event};
use super::jobs::{self, JobLock, JobRecord};
use super::queue::Place;
use super::{adapters, files, training_file};
use crate::adapter::save_adapter;
use crate::checkpoint::{load_checkpoint, save_checkpoint};
use crate::error::{Error, Result};
use crate::recipe::Recipe;
use crate::training::{Outcome, Progress, Training, TrainingState};

/// Steps between two checkpoints. A checkpoint for SmolLM2-135M is 30 MB and a step takes seconds.
const CHECKPOINT_STEPS: u64 = 10;

/// Epochs whose models are kept, the last of them being the job's own.
const EPOCHS_KEPT: usize = 3;

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
    estimated_finish: Mutex<Option<Timestamp>>,
    /// How the job ended. It is on disk as well, unless the disk was full.
    end: Mutex<Option<JobRecord>>,
    is_end_lost: AtomicBool,
}

impl Trainer {
    /// Starts a thread that trains the job and owns its lock.
    pub(super) fn start(engine: Arc<Engine>, record: JobRecord, lock: JobLock) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (theirs, name) = (shared.clone(), format!("train {}", record.id));
        let place = engine.queue.join(&record.id);
        let thread = thread::Builder::new().name(name).spawn(move || run(&engine, record, lock, place, &theirs))?;
        Ok(Self { shared, thread })
    }

    /// Whether the thread is still at work.
    pub(super) fn is_alive(&self) -> bool {
        !self.thread.is_finished()
    }

    /// Whether it knows more than the disk does.
    pub(super) fn is_needed(&self) -> bool {
        self.is_alive() || self.shared.is_end_lost.load(Ordering::Relaxed)
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

    /// When training will be over if it keeps its pace.
    pub(super) fn estimated_finish(&self) -> Option<Timestamp> {
        *lock(&self.shared.estimated_finish)
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

fn run(engine: &Engine, record: JobRecord, lock_on_job: JobLock, place: Place, shared: &Shared) {
    let job = Job { engine, shared };
    let trained = catch_unwind(AssertUnwindSafe(|| job.pursue(record.clone(), place)));
    let end = match trained {
        Ok(Ok(Some(record))) => record,
        // Stopped or paused, and to be gone on with.
        Ok(Ok(None)) => return,
        Ok(Err(error)) => record.failed(jobs::failure_code(&error), describe(&error)),
        Err(_) => record.failed("internal", "the training thread ended in a way it should not".to_owned()),
    };
    if let Err(error) = jobs::end(&engine.directory, &end) {
        tracing::error!(job_id = %end.id, error = %describe(&error), "the end of a job could not be recorded");
        shared.is_end_lost.store(true, Ordering::Relaxed);
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
    /// The record at the job's end, or `None` if it was stopped or paused.
    fn pursue(&self, record: JobRecord, place: Place) -> Result<Option<JobRecord>> {
        let adapter = self.adapter(&record.fine_tuned_model, &record);
        if adapter.is_dir() && !self.is_cancelled(&record) {
            // The last process wrote the adapter and ended before it could say so.
            return Ok(Some(record.ended(JobStatus::Succeeded)));
        }
        if record.base_model != self.engine.base_model && !self.is_cancelled(&record) {
            return Ok(Some(is_for_another_base(record, &self.engine.base_model)));
        }
        let record = if record.status == JobStatus::ValidatingFiles { self.validate(record)? } else { record };
        if record.status.is_terminal() {
            return Ok(Some(record));
        }
        let is_wanted = || !self.is_stopping() && !self.is_cancelled(&record) && !self.is_paused(&record);
        match place.turn(&is_wanted) {
            Some(_turn) => self.train(record),
            None => self.leave(record),
        }
    }

    /// Looks at the whole training file before the job takes a place in the queue.
    fn validate(&self, mut record: JobRecord) -> Result<JobRecord> {
        let engine = self.engine;
        events::append(&engine.directory, &record.id, &[Event::info("Validating the training file")])?;
        let Some(bytes) = files::read(&engine.directory, &record.training_file)? else {
            return Ok(file_is_gone(record));
        };
        let findings = training_file::examine(&bytes, &engine.tokenizer, &engine.template);
        events::append(&engine.directory, &record.id, &Event::of_findings(&findings))?;
        if let Some(first) = findings.problems.first() {
            let message = format!(
                "{} of {} lines of the training file break a rule, line {} the rule {} first; the job's events name them",
                findings.all_problems, findings.examples, first.line, first.rule
            );
            return Ok(record.failed("invalid_training_file", message));
        }
        if findings.has_too_few_examples() {
            return Ok(record.failed("invalid_n_examples", training_file::too_few(findings.examples)));
        }
        record.status = JobStatus::Queued;
        jobs::write(&engine.directory, &record)?;
        events::append(&engine.directory, &record.id, &[Event::info("Files validated, moving job to queued state")])?;
        tracing::info!(job_id = %record.id, examples = findings.examples, "training file validated");
        Ok(record)
    }

    /// Ends the part of a job that does not go on here and now.
    fn leave(&self, record: JobRecord) -> Result<Option<JobRecord>> {
        if self.is_cancelled(&record) {
            return Ok(Some(record.ended(JobStatus::Cancelled)));
        }
        if self.is_paused(&record) {
            jobs::paused(&self.engine.directory, record)?;
        } else {
            tracing::info!(job_id = %record.id, "training stopped, to go on later");
        }
        Ok(None)
    }

    fn train(&self, mut record: JobRecord) -> Result<Option<JobRecord>> {
        let engine = self.engine;
        let Some(bytes) = files::read(&engine.directory, &record.training_file)? else {
            return Ok(Some(file_is_gone(record)));
        };
        let examples = match examples(engine, &bytes) {
            Ok(examples) => examples,
            Err(error) => return Ok(Some(record.failed("invalid_training_file", error.to_string()))),
        };
        drop(bytes);
        let recipe = recipe(&record, examples.len(), engine.model.config().context);
        let longest = recipe.longest_example;
        let too_long = examples.iter().filter(|example| example.ids.len() > longest).count();
        let learned = |example: &crate::Example| example.cut(longest).targets() as u64;
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
        let state = state.unwrap_or_else(|| TrainingState::new(&engine.model, &recipe));
        record.status = JobStatus::Running;
        jobs::write(&engine.directory, &record)?;
        tracing::info!(job_id = %record.id, examples = examples.len(), too_long, step = state.step(), "training");
        if state.step() == 0 {
            let started = Event::info("Fine-tuning job started");
            let cut = (too_long > 0).then(|| Event::cut(too_long, examples.len(), longest));
            events::append(&engine.directory, &record.id, &iter::once(started).chain(cut).collect::<Vec<_>>())?;
        }
        let told = events::last_step(&engine.directory, &record.id)?;
        let per_epoch = recipe.steps(examples.len()) / recipe.epochs.max(1) as u64;
        let pace = Pace { started: Instant::now(), first_step: state.step() };

        let mut observer = |progress: &Progress, state: &TrainingState| {
            let shown = JobProgress {
                step: progress.step,
                total_steps: progress.steps,
                train_loss: Some(progress.loss.into()),
                rows: state.rows(),
            };
            *lock(&self.shared.progress) = Some(shown.clone());
            *lock(&self.shared.estimated_finish) = pace.finish(progress);
            if let Some(event) = Event::step(&shown).filter(|_| progress.step > told) {
                events::append(&engine.directory, &record.id, &[event])?;
            }
            if record.keeps_checkpoints && progress.step.is_multiple_of(per_epoch) {
                self.keep_epoch(&mut record, progress, state)?;
            }
            if self.is_cancelled(&record) {
                return Ok(ControlFlow::Break(()));
            }
            let leaves = self.is_stopping() || self.is_paused(&record);
            if leaves || progress.step.is_multiple_of(CHECKPOINT_STEPS) {
                save_checkpoint(&checkpoint, state, &training)?;
                record.progress = Some(shown);
                jobs::write(&engine.directory, &record)?;
            }
            Ok(if leaves { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        match training.run(state, &mut observer)? {
            Outcome::Finished(lora) => {
                let adapter = self.adapter(&record.fine_tuned_model, &record);
                save_adapter(&adapter, &lora, record.base_model.as_str())?;
                record.progress = lock(&self.shared.progress).clone();
                Ok(Some(record.ended(JobStatus::Succeeded)))
            }
            Outcome::Stopped(_) => self.leave(record),
        }
    }

    /// Keeps the model as it is now. After the last epoch it is the job's own, and of those before it the last two stay.
    fn keep_epoch(&self, record: &mut JobRecord, progress: &Progress, state: &TrainingState) -> Result<()> {
        let is_last = progress.step == progress.steps;
        let own = &record.fine_tuned_model;
        let model = if is_last { own.clone() } else { adapters::checkpoint_id(own, progress.step) };
        if !is_last {
            save_adapter(&self.adapter(&model, record), state.lora(), record.base_model.as_str())?;
        }
        record.checkpoints.retain(|kept| kept.step < progress.step);
        let train_loss = progress.loss.into();
        record.checkpoints.push(JobCheckpoint { model, step: progress.step, train_loss, created_at: Timestamp::now() });
        // Written down before an older one goes, so that none is there that nobody knows of.
        jobs::write(&self.engine.directory, record)?;
        while record.checkpoints.len() > EPOCHS_KEPT {
            adapters::delete(&self.engine.directory, &record.checkpoints.remove(0).model)?;
        }
        Ok(())
    }

    /// Where a model of the job is kept.
    fn adapter(&self, model: &ModelId, record: &JobRecord) -> PathBuf {
        let directory = &self.engine.directory;
        directory.adapter(model).unwrap_or_else(|| directory.adapters().join(record.id.as_str()))
    }

    fn is_stopping(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }

    fn is_cancelled(&self, record: &JobRecord) -> bool {
        jobs::is_cancellation_requested(&self.engine.directory, &record.id)
    }

    fn is_paused(&self, record: &JobRecord) -> bool {
        jobs::is_pause_requested(&self.engine.directory, &record.id)
    }
}

fn file_is_gone(record: JobRecord) -> JobRecord {
    let message = "the training file was deleted before the job had ended; upload it again and create a new job";
    record.failed("training_file_deleted", message.to_owned())
}

/// An adapter fits one base model; trained on another of the same shape it would be taken for one that it is not.
fn is_for_another_base(record: JobRecord, base_model: &ModelId) -> JobRecord {
    let message = format!(
        "the job was created for the base model {}, and {base_model} is what is here now; create it again for that",
        record.base_model
    );
    record.failed("base_model_changed", message)
}

/// How fast this process trains the job.
struct Pace {
    started: Instant,
    first_step: u64,
}

impl Pace {
    fn finish(&self, progress: &Progress) -> Option<Timestamp> {
        let made = progress.step.checked_sub(self.first_step).filter(|&made| made > 0)?;
        let left = self.started.elapsed().as_secs_f64() / made as f64 * (progress.steps - progress.step) as f64;
        Timestamp::now().checked_add(std::time::Duration::try_from_secs_f64(left).ok()?).ok()
    }
}

/// The training file's examples, or what is wrong with it.
pub(super) fn examples(engine: &Engine, bytes: &[u8]) -> Result<Vec<crate::Example>, ProviderError> {
    let conversations = training_file::parse(bytes)?;
    training_file::tokenize(&conversations, &engine.tokenizer, &engine.template)
}

/// The provider's own recipe with what the job asked for.
fn recipe(record: &JobRecord, examples: usize, context: usize) -> Recipe {
    let own = Recipe::for_examples(examples);
    let asked = &record.hyperparameters;
    Recipe {
        epochs: asked.n_epochs.map_or(own.epochs, |epochs| epochs as usize),
        batch: asked.batch_size.map_or(own.batch, |batch| batch as usize),
        learning_rate: own.learning_rate * asked.learning_rate_multiplier.unwrap_or(1.0) as f32,
        seed: record.seed,
        longest_example: own.longest_example.min(context),
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
