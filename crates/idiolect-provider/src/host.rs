//! The other side of the protocol: what a provider in this process must offer beside the ports of its callers, so that it
//! can be put behind OpenAI's HTTP surface.

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ChatProvider, CreateJob, FileId, FineTuningJob, FineTuningProvider, Hyperparameters, JobId, ModelId, ProviderError,
};

/// Holds files, jobs and models for clients elsewhere.
///
/// Lists come newest first and whole; cutting them into pages is the server's part.
#[async_trait]
pub trait FineTuningHost: FineTuningProvider + ChatProvider {
    /// Begins an upload. Nothing can be seen of it before it is committed, and nothing stays of one that is dropped.
    async fn begin_upload(&self) -> Result<Box<dyn IncomingFile>, ProviderError>;

    /// Files that are there and have not expired.
    async fn files(&self) -> Result<Vec<HostedFile>, ProviderError>;

    /// The file's bytes in order, a piece at a time.
    async fn file_content(&self, file: &FileId) -> Result<FileContent, ProviderError>;

    /// Takes on a job and answers before the training file was looked at: what is wrong with it is the job's failure.
    /// Everything else that cannot be right is refused here.
    async fn submit_job(&self, request: CreateJob) -> Result<HostedJob, ProviderError>;

    async fn hosted_job(&self, job: &JobId) -> Result<HostedJob, ProviderError>;

    async fn hosted_jobs(&self) -> Result<Vec<HostedJob>, ProviderError>;

    /// Asks the job to keep its place and make room; a job that has ended cannot.
    async fn pause_job(&self, job: &JobId) -> Result<HostedJob, ProviderError>;

    /// Lets a paused job go on from where it was.
    async fn resume_job(&self, job: &JobId) -> Result<HostedJob, ProviderError>;

    /// What happened to the job. Events carry counts, codes and line numbers, never the training file's words.
    async fn events(&self, job: &JobId) -> Result<Vec<JobEvent>, ProviderError>;

    /// Models as they were at the end of an epoch.
    async fn checkpoints(&self, job: &JobId) -> Result<Vec<JobCheckpoint>, ProviderError>;

    /// Goes on with jobs that a process which died left behind, and deletes files that have expired. To be called at the
    /// start and every now and then.
    async fn tend(&self) -> Result<(), ProviderError>;
}

/// A file on its way in.
#[async_trait]
pub trait IncomingFile: Send {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), ProviderError>;

    /// Makes the file visible, whole. `expires_after` counts from the file's `created_at`.
    async fn commit(
        self: Box<Self>,
        name: String,
        expires_after: Option<SignedDuration>,
    ) -> Result<HostedFile, ProviderError>;
}

/// Pieces of a file.
pub type FileContent = BoxStream<'static, Result<Vec<u8>, ProviderError>>;

/// A training file that is held for a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostedFile {
    pub id: FileId,
    /// As its uploader called it.
    pub name: String,
    pub size_bytes: u64,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// A job with what only its host knows.
#[derive(Clone, Debug, PartialEq)]
pub struct HostedJob {
    pub job: FineTuningJob,
    pub suffix: Option<String>,
    pub seed: u64,
    pub hyperparameters: Hyperparameters,
}

/// One thing that happened to a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobEvent {
    pub id: String,
    pub created_at: Timestamp,
    pub level: EventLevel,
    pub message: String,
    /// `metrics` or `message`; `data` follows from it.
    pub kind: EventKind,
    pub data: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventLevel {
    Info,
    Warn,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    Message,
    Metrics,
}

/// A model as it was after `step`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobCheckpoint {
    pub model: ModelId,
    pub step: u64,
    /// Training loss of that step, nats per assistant token.
    pub train_loss: f64,
    pub created_at: Timestamp,
}
