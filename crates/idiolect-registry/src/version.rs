//! A model version and the training run that makes it: document `llmModels/{userId}:{version}` of spec §5.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use crate::{Run, RunStep, UserId};

/// Names one version: `ana:3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionId {
    pub user_id: UserId,
    /// From 1, counted up for each user.
    pub version: u32,
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.user_id, self.version)
    }
}

/// How the version's fine-tuning stands, in the spec's words; the finer truth is [`RunStep`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionStatus {
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

impl VersionStatus {
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One version, from the request for it on. It is created once and its number is never given out again.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelVersion {
    pub id: VersionId,
    /// `local`, `openai`, …
    pub provider: String,
    pub base_model: String,
    pub training_file_id: Option<String>,
    pub job_id: Option<String>,
    pub fine_tuned_model_id: Option<String>,
    pub status: VersionStatus,
    pub created_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    /// The window: its end is fixed when the run is requested.
    pub training_data_range: DataRange,
    /// Messages in the training file.
    pub num_messages: u64,
    /// o200k tokens of the training file.
    pub token_estimate: u64,
    pub trained_tokens: Option<u64>,
    pub eval: Evaluation,
    pub safety: Safety,
    pub config: Config,
    pub artifacts: Artifacts,
    pub run: Run,
    pub failure: Option<Failure>,
    /// Compare-and-swap counter, as in [`User`](crate::User).
    pub revision: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataRange {
    pub start: Timestamp,
    pub end: Timestamp,
}

/// What evaluation found. Absent numbers were not measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// Bits per character of the fine-tuned model on the holdout, assistant tokens only.
    pub holdout_loss: Option<f64>,
    /// The same of the base model.
    pub base_holdout_loss: Option<f64>,
    /// The same of the version that was active.
    pub active_holdout_loss: Option<f64>,
    pub human_score: Option<f64>,
    pub style_similarity: Option<f64>,
    /// What was decided, in one sentence.
    pub verdict: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Safety {
    pub pii_redaction: bool,
    pub user_opt_in: bool,
    pub disabled_reason: Option<String>,
}

/// The versions of everything that shaped the dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    pub system_prompt_version: String,
    pub dataset_builder_version: String,
    pub hyperparams: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifacts {
    /// SHA-256 of the training file, hex.
    pub dataset_hash: Option<String>,
    /// The version of idiolect that ran.
    pub code_version_sha: String,
}

/// Why a version did not come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: FailureCode,
    /// One sentence for the user, without anybody's words.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureCode {
    /// Not enough messages or tokens in the window.
    InsufficientData,
    /// The messages could not be read or no dataset could be made of them.
    DatasetFailed,
    /// The provider's job failed or was cancelled there.
    JobFailed,
    /// Consent was revoked while the run was under way.
    ConsentRevoked,
    /// The user ended the run.
    Cancelled,
}

impl FailureCode {
    pub const ALL: [Self; 5] =
        [Self::InsufficientData, Self::DatasetFailed, Self::JobFailed, Self::ConsentRevoked, Self::Cancelled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::InsufficientData => "failed_insufficient_data",
            Self::DatasetFailed => "dataset_failed",
            Self::JobFailed => "job_failed",
            Self::ConsentRevoked => "consent_revoked",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What a new run is asked to do; everything else about it is found out on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRequest {
    pub provider: String,
    pub base_model: String,
    pub window: DataRange,
    /// `KIND:PATH` and reading options, as the text side spells them; read again after a crash.
    pub source: String,
    /// Prompt strategy with its version.
    pub strategy: String,
    pub seed: u64,
    pub code_version_sha: String,
    pub hyperparams: BTreeMap<String, String>,
}

impl ModelVersion {
    /// A version that has just been asked for.
    pub fn requested(id: VersionId, request: RunRequest, now: Timestamp) -> Self {
        Self {
            id,
            provider: request.provider,
            base_model: request.base_model,
            training_file_id: None,
            job_id: None,
            fine_tuned_model_id: None,
            status: VersionStatus::Queued,
            created_at: now,
            completed_at: None,
            training_data_range: request.window,
            num_messages: 0,
            token_estimate: 0,
            trained_tokens: None,
            eval: Evaluation::default(),
            safety: Safety { pii_redaction: true, user_opt_in: true, disabled_reason: None },
            config: Config {
                system_prompt_version: request.strategy,
                dataset_builder_version: String::new(),
                hyperparams: request.hyperparams,
            },
            artifacts: Artifacts { dataset_hash: None, code_version_sha: request.code_version_sha },
            run: Run { step: RunStep::Requested, source: request.source, seed: request.seed, updated_at: now },
            failure: None,
            revision: 0,
        }
    }
}
