//! A model version and the training run that makes it: document `llmModels/{userId}:{version}` of spec §5.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use crate::{Cost, Failure, Review, Run, Trigger, Usd, UserId};

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
    pub cost: Cost,
    pub eval: Evaluation,
    pub safety: Safety,
    pub config: Config,
    pub artifacts: Artifacts,
    pub run: Run,
    pub failure: Option<Failure>,
    /// When its base model is shut down and this version with it, as far as the provider says.
    pub retires_at: Option<Timestamp>,
    /// The smallest number of days before `retires_at` that a warning has been given for: 60, 30 or 7.
    pub retirement_warned_days: Option<u32>,
    pub review: Option<Review>,
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
    /// What the gate goes by, in one sentence; whether the version is served is the run's last step.
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
    /// As asked for, `n_epochs` among them; what stands here is what the job is created with.
    pub hyperparams: BTreeMap<String, String>,
    pub trigger: Trigger,
}

impl ModelVersion {
    /// A version that has just been asked for.
    pub fn requested(id: VersionId, request: RunRequest, now: Timestamp) -> Self {
        Self {
            run: Run::requested(&id.user_id, request.trigger, request.source, request.seed, now),
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
            cost: Cost::default(),
            eval: Evaluation::default(),
            safety: Safety { pii_redaction: true, user_opt_in: true, disabled_reason: None },
            config: Config {
                system_prompt_version: request.strategy,
                dataset_builder_version: String::new(),
                hyperparams: request.hyperparams,
            },
            artifacts: Artifacts { dataset_hash: None, code_version_sha: request.code_version_sha },
            failure: None,
            retires_at: None,
            retirement_warned_days: None,
            review: None,
            revision: 0,
        }
    }

    /// What its training counts as, against caps and in totals, once its job is over. A model whose tokens the provider does not tell
    /// counts as it was estimated.
    pub fn spent(&self) -> Usd {
        match (self.cost.actual, self.status) {
            (Some(actual), _) => actual,
            (None, VersionStatus::Succeeded) => self.cost.estimated.unwrap_or_default(),
            (None, _) => Usd::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_the_specs_words() {
        let words = ["queued", "running", "succeeded", "failed", "cancelled"];
        assert_eq!(VersionStatus::ALL.map(VersionStatus::as_str), words);
    }
}
