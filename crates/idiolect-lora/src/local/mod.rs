//! The local provider: files, fine-tuning jobs, chat and scoring in this process, on the protocol that hosted ones speak.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use idiolect_provider::{JobId, JobStatus, ProviderError};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};
use crate::kernels::Precision;

mod directory;
mod ids;

mod files;
mod incoming;
mod training_file;

mod adapters;
mod events;
mod jobs;
mod queue;
mod shelf;
mod trainer;

mod engine;

mod fine_tuning;
mod host;
mod request;
mod stop;

mod answer;
mod chat;
mod scoring;

pub use files::delete_training_files;

use engine::Engine;
use jobs::{JobLock, JobRecord};
use trainer::{Trainer, describe};

/// What a local provider is opened with.
#[derive(Clone, Debug)]
pub struct LocalSettings {
    /// Files, jobs and adapters are kept in `provider/` and `adapters/` under it.
    pub data_dir: PathBuf,
    /// The name under which the base model is asked for.
    pub base_model: String,
    /// The base model's GGUF file.
    pub base_model_path: PathBuf,
    pub precision: Precision,
    /// Threads for training and scoring, and answers generated at the same time.
    pub threads: usize,
}

/// Trains adapters for one base model and answers with them. Share it in an `Arc`.
///
/// A job belongs to the data directory, not to the process: whoever opens the directory next and asks about an unfinished
/// job goes on with it.
pub struct LocalProvider {
    shared: Arc<Shared>,
}

/// What calls on other threads hold on to.
struct Shared {
    engine: Arc<Engine>,
    /// Jobs that this process trains, and those whose end it could not write down.
    trainers: Mutex<HashMap<JobId, Trainer>>,
    /// No job is started any more.
    closed: AtomicBool,
    /// One permit for each answer that is being generated.
    generations: Arc<Semaphore>,
}

impl LocalProvider {
    /// Loads the base model and makes the directories that are not there yet.
    ///
    /// # Errors
    /// When the base model cannot be used, or the data directory cannot be written to.
    pub fn open(settings: LocalSettings) -> Result<Self> {
        let engine = Arc::new(Engine::load(&settings)?);
        tracing::info!(base_model = %engine.base_model, threads = engine.threads, "local provider opened");
        let generations = Arc::new(Semaphore::new(engine.threads));
        let shared = Shared { engine, trainers: Mutex::default(), closed: AtomicBool::new(false), generations };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Saves the state of the job that trains and ends its thread; takes a training step at most. Whoever opens the data
    /// directory next goes on with it. Dropping the provider does the same.
    pub fn shut_down(&self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        let trainers: Vec<_> = self.shared.trainers().drain().map(|(_, trainer)| trainer).collect();
        trainers.iter().for_each(Trainer::stop);
        trainers.into_iter().for_each(Trainer::join);
    }

    /// Runs blocking work off the asynchronous threads.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared) -> Result<T, ProviderError> + Send + 'static,
    ) -> Result<T, ProviderError> {
        let shared = self.shared.clone();
        let done = tokio::task::spawn_blocking(move || work(&shared)).await;
        done.unwrap_or_else(|_| {
            Err(ProviderError::Internal { message: "a local call ended in a way it should not".into() })
        })
    }
}

impl Drop for LocalProvider {
    fn drop(&mut self) {
        self.shut_down();
    }
}

impl std::fmt::Debug for LocalProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalProvider").field("base_model", &self.shared.engine.base_model).finish_non_exhaustive()
    }
}

impl Shared {
    fn trainers(&self) -> MutexGuard<'_, HashMap<JobId, Trainer>> {
        self.trainers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The job as it is now; an unfinished one that nobody trains is started.
    fn job(&self, id: &JobId) -> Result<JobRecord, ProviderError> {
        let mut trainers = self.trainers();
        if let Some(trainer) = trainers.get(id) {
            let alive = trainer.is_alive();
            let record = trainer.overlay(self.record(id)?);
            if alive || record.status.is_terminal() {
                return Ok(record);
            }
        }
        let record = self.record(id)?;
        if !may_start(&record.status) || self.closed.load(Ordering::SeqCst) {
            return Ok(record);
        }
        let Some(lock) = JobLock::try_take(&self.engine.directory, id)? else {
            // Another process trains it.
            return Ok(record);
        };
        // It may have ended between the reading and the locking.
        let record = self.record(id)?;
        if !may_start(&record.status) {
            return Ok(record);
        }
        let cannot_start =
            |error| ProviderError::Internal { message: format!("no training thread can be started: {error}") };
        let trainer = Trainer::start(self.engine.clone(), record.clone(), lock).map_err(cannot_start)?;
        // A thread that has ended keeps its stack for as long as somebody may wait for it.
        trainers.retain(|_, trainer| trainer.is_needed());
        trainers.insert(id.clone(), trainer);
        Ok(record)
    }

    fn record(&self, id: &JobId) -> Result<JobRecord, ProviderError> {
        let unknown = || ProviderError::not_found("fine-tuning job", id);
        jobs::read(&self.engine.directory, id)?.ok_or_else(unknown)
    }
}

/// Whether a job that nobody trains is to be trained.
fn may_start(status: &JobStatus) -> bool {
    !status.is_terminal() && *status != JobStatus::Paused
}

/// As callers of the ports see it.
impl From<Error> for ProviderError {
    fn from(error: Error) -> Self {
        let message = describe(&error);
        match error {
            Error::ChatTemplate { .. } => request::invalid("messages", message),
            _ => Self::Internal { message },
        }
    }
}

#[cfg(test)]
mod tests {
    use idiolect_provider::{CreateJob, FineTuningProvider, Hyperparameters, Upload};
    use idiolect_testkit::{training_lines, write_tiny_model};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn jobs_that_have_ended_keep_no_thread() {
        let dir = tempfile::tempdir().unwrap();
        let base_model_path = dir.path().join("tiny.gguf");
        write_tiny_model(&base_model_path, 1).unwrap();
        let settings = LocalSettings {
            data_dir: dir.path().join("data"),
            base_model: "tiny".to_owned(),
            base_model_path,
            precision: Precision::F32,
            threads: 1,
        };
        let provider = LocalProvider::open(settings).unwrap();
        for _ in 0..3 {
            let training_file = provider.upload_file(Upload::new("run.jsonl", training_lines(10))).await.unwrap();
            let job = CreateJob {
                training_file,
                base_model: idiolect_provider::ModelId::new("tiny"),
                suffix: None,
                seed: None,
                hyperparameters: Hyperparameters { n_epochs: Some(1), ..Hyperparameters::default() },
                metadata: Default::default(),
            };
            let job = provider.create_job(job).await.unwrap();
            while provider.shared.trainers()[&job.id].is_alive() {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            let ended = provider.job(&job.id).await.unwrap();
            assert!(ended.status == idiolect_provider::JobStatus::Succeeded && ended.progress.is_some());
        }
        assert_eq!(provider.shared.trainers().len(), 1, "the last one's, until another begins");
    }
}
