//! Files and fine-tuning jobs: the part of the OpenAI protocol that trains.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{FileId, JobId, ModelId, ProviderError};

/// Trains a model from an uploaded file.
///
/// Creating a job is the paid step and is not idempotent: a caller in doubt looks with [`find_jobs`](Self::find_jobs) and
/// [`find_jobs_on_file`](Self::find_jobs_on_file), or [`jobs_of_run`] for both, before it creates.
#[async_trait]
pub trait FineTuningProvider: Send + Sync {
    /// The provider's name in records and logs (`local`, `openai`).
    fn name(&self) -> &str;

    /// Whether the training file leaves this machine, which needs the consent purpose `train_hosted`.
    fn is_hosted(&self) -> bool;

    /// Whether [`find_jobs`](Self::find_jobs) finds every job by its metadata, so that there is no need to look by file.
    fn keeps_metadata(&self) -> bool {
        true
    }

    /// Puts the whole file there or nothing of it.
    async fn upload_file(&self, upload: Upload) -> Result<FileId, ProviderError>;

    /// Files with exactly this name, newest first.
    async fn find_files(&self, name: &str) -> Result<Vec<UploadedFile>, ProviderError>;

    /// Deletes the file; a file that is already gone is a success.
    async fn delete_file(&self, file: &FileId) -> Result<Deleted, ProviderError>;

    async fn create_job(&self, request: CreateJob) -> Result<FineTuningJob, ProviderError>;

    /// The job as it is now. A provider in this process goes on with a job that its last process left unfinished.
    async fn job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError>;

    /// Jobs whose metadata holds `key = value`, newest first. `file` is the one that they train on, where it is known: a host that
    /// lists everything is not looked through to before that was there.
    async fn find_jobs(
        &self,
        key: &str,
        value: &str,
        file: Option<&FileId>,
    ) -> Result<Vec<FineTuningJob>, ProviderError>;

    /// Jobs that train on the file, newest first: how a job is found again at a host that keeps no metadata.
    async fn find_jobs_on_file(&self, file: &FileId) -> Result<Vec<FineTuningJob>, ProviderError>;

    /// Asks the job to end; a job that has ended already is left as it is and returned.
    async fn cancel_job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError>;

    /// Deletes a fine-tuned model; one that is already gone is a success.
    async fn delete_model(&self, model: &ModelId) -> Result<Deleted, ProviderError>;

    /// Deletes the files that a job left beside its model, and the models of its checkpoints if it ended without one of its own;
    /// what is already gone is a success, and a provider whose jobs leave nothing has nothing to do.
    async fn delete_results(&self, job: &JobId) -> Result<(), ProviderError> {
        let _ = job;
        Ok(())
    }

    /// Removes what is known of a job that has ended, where the provider lets one, with the models of its checkpoints; already
    /// gone is a success. The model that the job made is deleted before.
    async fn forget_job(&self, job: &JobId) -> Result<(), ProviderError> {
        let _ = job;
        Ok(())
    }

    /// The models that this key may use, base models and fine-tuned ones. Cheap, and spends nothing.
    async fn models(&self) -> Result<Vec<ModelInfo>, ProviderError>;

    /// One of [`models`](Self::models); a model that is not there, or not for this key, is
    /// [`NotFound`](ProviderError::NotFound). Being there does not mean that it answers: see [`probe`](crate::probe).
    async fn model(&self, model: &ModelId) -> Result<ModelInfo, ProviderError> {
        let listed = self.models().await?.into_iter().find(|listed| listed.id == *model);
        listed.ok_or_else(|| ProviderError::not_found("model", model))
    }

    /// Makes the model of a job that has succeeded ready to answer, where that takes a further step. Safe to call again;
    /// a provider that has no such step answers at once.
    async fn make_servable(&self, job: &FineTuningJob) -> Result<Servable, ProviderError> {
        match &job.fine_tuned_model {
            Some(model) => Ok(Servable::Ready(model.clone())),
            None => Err(ProviderError::Internal {
                message: format!("the job {} is reported as succeeded but names no model", job.id),
            }),
        }
    }
}

/// The jobs of one run, newest first, wherever the provider keeps the mark: by metadata, else by the training file, of which
/// there is one for each run. What to ask before a job is created, and after any doubt.
pub async fn jobs_of_run(
    provider: &dyn FineTuningProvider,
    key: &str,
    value: &str,
    training_file: Option<&FileId>,
) -> Result<Vec<FineTuningJob>, ProviderError> {
    let mut jobs = provider.find_jobs(key, value, training_file).await?;
    let Some(file) = training_file.filter(|_| !provider.keeps_metadata()) else { return Ok(jobs) };
    for job in provider.find_jobs_on_file(file).await? {
        let of_another_run = job.metadata.get(key).is_some_and(|other| other != value);
        if !of_another_run && jobs.iter().all(|known| known.id != job.id) {
            jobs.push(job);
        }
    }
    jobs.sort_by_key(|job| std::cmp::Reverse(job.created_at));
    Ok(jobs)
}

/// What a deletion found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    Now,
    /// There was nothing of this name, which is as good.
    AlreadyGone,
}

impl Deleted {
    /// What two deletions found together.
    pub fn or(self, other: Self) -> Self {
        if self == Self::Now { self } else { other }
    }
}

/// A model as the provider lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    pub id: ModelId,
    pub created_at: Option<Timestamp>,
    /// From this day on (UTC) it does not answer. `None`: not known, which is not the same as never.
    pub shutdown_date: Option<Date>,
}

/// Whether a trained model can be chatted with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Servable {
    /// Under this id, which may differ from the one that the job named.
    Ready(ModelId),
    /// The provider is at it: ask again later.
    Preparing,
    /// Not here: these are the adapter's files, to be downloaded and served elsewhere.
    Download(Vec<FileId>),
}

/// A training file on its way up: chat JSONL, one example a line.
#[derive(Clone)]
pub struct Upload {
    /// Carries the run's id, so that a file can be found again after a crash.
    pub name: String,
    pub bytes: Vec<u8>,
    /// When the provider deletes it by itself, should nobody do it before; a provider that cannot ignores it.
    pub expires_after: Option<Duration>,
}

impl Upload {
    /// Without an expiry.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes, expires_after: None }
    }

    /// Longer than the worst queue at the provider. Hosts take an hour to 30 days.
    pub fn expiring_after(mut self, time: Duration) -> Self {
        self.expires_after = Some(time);
        self
    }
}

/// Shows the name and the size, never the content.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("name", &self.name).field("bytes", &self.bytes.len()).finish()
    }
}

/// A file that the provider holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedFile {
    pub id: FileId,
    pub name: String,
    pub size_bytes: u64,
    pub created_at: Timestamp,
}

/// What a new job needs.
#[derive(Clone, Debug)]
pub struct CreateJob {
    pub training_file: FileId,
    pub base_model: ModelId,
    /// Goes into the fine-tuned model's id; letters, digits and `-`.
    pub suffix: Option<String>,
    pub seed: Option<u64>,
    pub hyperparameters: Hyperparameters,
    /// Carries the run's id, by which [`FineTuningProvider::find_jobs`] finds the job again.
    pub metadata: BTreeMap<String, String>,
}

/// `None` leaves the choice to the provider's own recipe.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hyperparameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_epochs: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learning_rate_multiplier: Option<f64>,
}

/// A job as the provider reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct FineTuningJob {
    pub id: JobId,
    pub status: JobStatus,
    pub training_file: FileId,
    pub base_model: ModelId,
    /// Set once the job has succeeded.
    pub fine_tuned_model: Option<ModelId>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// When the provider thinks that it will be over.
    pub estimated_finish: Option<Timestamp>,
    /// Tokens that were trained on, all epochs together, once known.
    pub trained_tokens: Option<u64>,
    pub progress: Option<JobProgress>,
    pub failure: Option<JobFailure>,
    pub metadata: BTreeMap<String, String>,
}

/// Where a job stands. Statuses that a provider invents are `Unknown` and mean: keep polling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    ValidatingFiles,
    Queued,
    Running,
    Paused,
    Succeeded,
    Failed,
    Cancelled,
    #[serde(untagged)]
    Unknown(String),
}

impl JobStatus {
    /// OpenAI's word for it.
    pub fn parse(word: &str) -> Self {
        match word {
            "validating_files" => Self::ValidatingFiles,
            "queued" => Self::Queued,
            "running" => Self::Running,
            "paused" => Self::Paused,
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            "cancelled" => Self::Cancelled,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// Whether the job will never change again.
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Cancelled => true,
            Self::ValidatingFiles | Self::Queued | Self::Running | Self::Paused | Self::Unknown(_) => false,
        }
    }
}

/// How far training is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobProgress {
    pub step: u64,
    pub total_steps: u64,
    /// Training loss of the last step, nats per assistant token.
    pub train_loss: Option<f64>,
    /// Rows (token positions) computed up to now, all epochs together.
    pub rows: u64,
}

/// Why a job failed, in the provider's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFailure {
    pub code: String,
    pub message: String,
}
