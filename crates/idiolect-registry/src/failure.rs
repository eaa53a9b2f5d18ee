//! Why a version did not come about, or a run was never begun.

use crate::{RunStep, VersionStatus};

/// One reason, in the words that records, logs and `--json` use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: FailureCode,
    /// One sentence for the user, without anybody's words.
    pub message: String,
    /// The provider's id of the request that failed, for its support.
    pub request_id: Option<String>,
}

impl Failure {
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), request_id: None }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum FailureCode { $($(#[$doc])* $name,)+ }

        impl FailureCode {
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$name),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

codes! {
    /// Not enough messages or tokens in the window.
    InsufficientData = "failed_insufficient_data",
    /// The messages could not be read or no dataset could be made of them.
    DatasetFailed = "dataset_failed",
    /// The training file breaks a rule, found here or by the provider.
    InvalidTrainingFile = "invalid_training_file",
    /// The training file has more bytes, or the run more tokens, than the provider takes.
    TrainingTooLarge = "training_too_large",
    /// The provider's job failed.
    JobFailed = "job_failed",
    /// The job was cancelled at the provider, by nobody here.
    JobCancelled = "job_cancelled",
    /// The job took longer than the settings allow.
    JobTimeout = "job_timeout",
    /// The job is reported as succeeded and names no model.
    NoModel = "no_model",
    /// The provider refused a request for good.
    ProviderRefused = "provider_refused",
    /// The account's quota or balance is used up; trying again is no use.
    QuotaExhausted = "quota_exhausted",
    /// The provider did not answer, for longer than the settings allow.
    ProviderUnavailable = "provider_unavailable",
    /// The provider takes no new fine-tuning jobs.
    ProviderClosed = "provider_closed",
    /// The base model is shut down too soon for a new version to be of use.
    ModelRetiring = "model_retiring",
    /// The new model does not answer.
    ProbeFailed = "probe_failed",
    /// The gate found the new version no better than the base model, or worse than the active one.
    Regression = "regression",
    /// A reviewer rejected the version.
    Rejected = "rejected",
    /// The provider said once that the served model is not there; it is still to be confirmed.
    ModelSuspect = "model_suspect",
    /// The model was trained and served, and is confirmed to be at its provider no more.
    ModelGone = "model_gone",
    /// The user is not on the allow list.
    NotAllowed = "not_allowed",
    /// The last run is too short a time ago.
    Cooldown = "cooldown",
    /// A scheduled run found less than the required share of new messages.
    TooFewNewMessages = "too_few_new_messages",
    /// The run would cost more than one run may.
    RunSpendCap = "run_spend_cap",
    /// The user's runs of this month would cost more than they may.
    UserSpendCap = "user_spend_cap",
    /// The installation's runs of this day would cost more than they may.
    DaySpendCap = "day_spend_cap",
    /// Another run of the user is under way.
    RunUnderWay = "run_under_way",
    /// Consent is missing.
    NoConsent = "no_consent",
    /// Consent was revoked while the run was under way.
    ConsentRevoked = "consent_revoked",
    /// Somebody ended the run.
    Cancelled = "cancelled",
}

/// How a run ends for this reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is too little to learn from.
    InsufficientData,
    /// A rule said no before anything was spent.
    Refused,
    /// Something went wrong.
    Failed,
    /// Somebody wanted it to end.
    Cancelled,
}

impl FailureCode {
    pub fn outcome(self) -> Outcome {
        match self {
            Self::InsufficientData => Outcome::InsufficientData,
            Self::ProviderClosed
            | Self::ModelRetiring
            | Self::TrainingTooLarge
            | Self::NotAllowed
            | Self::Cooldown
            | Self::TooFewNewMessages
            | Self::RunSpendCap
            | Self::UserSpendCap
            | Self::DaySpendCap
            | Self::RunUnderWay
            | Self::NoConsent => Outcome::Refused,
            Self::DatasetFailed
            | Self::InvalidTrainingFile
            | Self::JobFailed
            | Self::JobTimeout
            | Self::NoModel
            | Self::ProviderRefused
            | Self::QuotaExhausted
            | Self::ProviderUnavailable
            | Self::ProbeFailed
            | Self::Regression
            | Self::Rejected
            | Self::ModelSuspect
            | Self::ModelGone => Outcome::Failed,
            Self::JobCancelled | Self::ConsentRevoked | Self::Cancelled => Outcome::Cancelled,
        }
    }

    /// The spec's word for a version that ends for this reason.
    pub(crate) fn status(self) -> VersionStatus {
        match self.outcome() {
            Outcome::InsufficientData | Outcome::Refused | Outcome::Failed => VersionStatus::Failed,
            Outcome::Cancelled => VersionStatus::Cancelled,
        }
    }

    /// The step that a run without a model ends with.
    pub(crate) fn end(self) -> RunStep {
        match self.outcome() {
            Outcome::InsufficientData => RunStep::InsufficientData,
            Outcome::Refused => RunStep::Refused,
            Outcome::Failed => RunStep::Failed,
            Outcome::Cancelled => RunStep::Cancelled,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_spell_differently() {
        let words: BTreeSet<_> = FailureCode::ALL.map(FailureCode::as_str).into();
        assert_eq!(words.len(), FailureCode::ALL.len());
    }
}
