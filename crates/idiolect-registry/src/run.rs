//! The training run's state machine: which step follows which, as one pure function.

use jiff::Timestamp;

use crate::version::{Evaluation, Failure, FailureCode};
use crate::{ModelVersion, VersionStatus};

/// Where a run is. Each step is written down before the next one begins, so a run killed anywhere goes on from its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub step: RunStep,
    /// Where the messages come from, to be read again after a crash.
    pub source: String,
    pub seed: u64,
    pub updated_at: Timestamp,
}

/// The last thing that is done and recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunStep {
    Requested,
    /// The dataset has been built once and its hash is known.
    DatasetBuilt,
    /// The provider holds the training file.
    FileUploaded,
    /// The provider has a job.
    JobCreated,
    /// The job has ended, well or not; the training file is still there.
    JobEnded,
    /// The training file is gone from the provider.
    FileDeleted,
    /// The fine-tuned model has been compared with the base.
    Evaluated,
    /// Ended: the new version is served.
    Activated,
    /// Ended: the new version exists and the one before it is still served.
    NotActivated,
    /// Ended: too little data; nothing was uploaded.
    InsufficientData,
    /// Ended: see the failure.
    Failed,
    /// Ended by the user.
    Cancelled,
}

impl RunStep {
    pub const ALL: [Self; 12] = [
        Self::Requested,
        Self::DatasetBuilt,
        Self::FileUploaded,
        Self::JobCreated,
        Self::JobEnded,
        Self::FileDeleted,
        Self::Evaluated,
        Self::Activated,
        Self::NotActivated,
        Self::InsufficientData,
        Self::Failed,
        Self::Cancelled,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::DatasetBuilt => "dataset_built",
            Self::FileUploaded => "file_uploaded",
            Self::JobCreated => "job_created",
            Self::JobEnded => "job_ended",
            Self::FileDeleted => "file_deleted",
            Self::Evaluated => "evaluated",
            Self::Activated => "activated",
            Self::NotActivated => "not_activated",
            Self::InsufficientData => "insufficient_data",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the run is over.
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Activated | Self::NotActivated | Self::InsufficientData | Self::Failed | Self::Cancelled => true,
            Self::Requested
            | Self::DatasetBuilt
            | Self::FileUploaded
            | Self::JobCreated
            | Self::JobEnded
            | Self::FileDeleted
            | Self::Evaluated => false,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum RunEvent {
    DatasetBuilt(DatasetFacts),
    FileUploaded {
        file_id: String,
    },
    JobCreated {
        job_id: String,
    },
    JobSucceeded {
        fine_tuned_model_id: String,
        trained_tokens: Option<u64>,
    },
    JobFailed(Failure),
    FileDeleted,
    Evaluated(Evaluation),
    Activated,
    NotActivated,
    /// Too little data, or no dataset, or an end that the user asked for, before any job was created.
    Stopped(Failure),
}

/// The numbers that a version keeps of its dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetFacts {
    pub dataset_hash: String,
    pub num_messages: u64,
    pub token_estimate: u64,
    /// Whether every redaction rule was on.
    pub pii_redaction: bool,
    pub dataset_builder_version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("run {run} is at step {step} and cannot take the event {event}")]
pub struct IllegalTransition {
    pub run: String,
    pub step: &'static str,
    pub event: &'static str,
}

/// The version after `event`. The only place where a run's step changes.
pub fn apply(version: &ModelVersion, event: RunEvent, now: Timestamp) -> Result<ModelVersion, IllegalTransition> {
    use RunStep as Step;
    let illegal = |event: &RunEvent| IllegalTransition {
        run: version.id.to_string(),
        step: version.run.step.as_str(),
        event: event.name(),
    };
    let mut next = version.clone();
    next.run.updated_at = now;
    next.run.step = match (version.run.step, event) {
        // A build that was cut short before its upload is done again, and the source may have changed since.
        (Step::Requested | Step::DatasetBuilt, RunEvent::DatasetBuilt(facts)) => {
            next.artifacts.dataset_hash = Some(facts.dataset_hash);
            next.num_messages = facts.num_messages;
            next.token_estimate = facts.token_estimate;
            next.safety.pii_redaction = facts.pii_redaction;
            next.config.dataset_builder_version = facts.dataset_builder_version;
            Step::DatasetBuilt
        }
        (Step::DatasetBuilt, RunEvent::FileUploaded { file_id }) => {
            next.training_file_id = Some(file_id);
            Step::FileUploaded
        }
        (Step::FileUploaded, RunEvent::JobCreated { job_id }) => {
            next.job_id = Some(job_id);
            next.status = VersionStatus::Running;
            Step::JobCreated
        }
        (Step::JobCreated, RunEvent::JobSucceeded { fine_tuned_model_id, trained_tokens }) => {
            next.fine_tuned_model_id = Some(fine_tuned_model_id);
            next.trained_tokens = trained_tokens;
            next.status = VersionStatus::Succeeded;
            next.completed_at = Some(now);
            Step::JobEnded
        }
        // Before there is a job, "failed" means that it could not be created; the training file is still to be deleted.
        (Step::FileUploaded | Step::JobCreated, RunEvent::JobFailed(failure)) => {
            next.status = status_of(failure.code);
            next.failure = Some(failure);
            next.completed_at = Some(now);
            Step::JobEnded
        }
        (Step::JobEnded, RunEvent::FileDeleted) => match &next.failure {
            None => Step::FileDeleted,
            Some(failure) => end_of(failure.code),
        },
        (Step::FileDeleted, RunEvent::Evaluated(eval)) => {
            next.eval = eval;
            Step::Evaluated
        }
        (Step::Evaluated, RunEvent::Activated) => Step::Activated,
        (Step::FileDeleted | Step::Evaluated, RunEvent::NotActivated) => Step::NotActivated,
        (Step::Requested | Step::DatasetBuilt, RunEvent::Stopped(failure)) => {
            next.status = status_of(failure.code);
            next.completed_at = Some(now);
            let end = end_of(failure.code);
            next.failure = Some(failure);
            end
        }
        (_, event) => return Err(illegal(&event)),
    };
    Ok(next)
}

fn status_of(code: FailureCode) -> VersionStatus {
    match code {
        FailureCode::InsufficientData | FailureCode::DatasetFailed | FailureCode::JobFailed => VersionStatus::Failed,
        FailureCode::ConsentRevoked | FailureCode::Cancelled => VersionStatus::Cancelled,
    }
}

fn end_of(code: FailureCode) -> RunStep {
    match code {
        FailureCode::InsufficientData => RunStep::InsufficientData,
        FailureCode::DatasetFailed | FailureCode::JobFailed => RunStep::Failed,
        FailureCode::ConsentRevoked | FailureCode::Cancelled => RunStep::Cancelled,
    }
}

impl RunEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::DatasetBuilt(_) => "dataset_built",
            Self::FileUploaded { .. } => "file_uploaded",
            Self::JobCreated { .. } => "job_created",
            Self::JobSucceeded { .. } => "job_succeeded",
            Self::JobFailed(_) => "job_failed",
            Self::FileDeleted => "file_deleted",
            Self::Evaluated(_) => "evaluated",
            Self::Activated => "activated",
            Self::NotActivated => "not_activated",
            Self::Stopped(_) => "stopped",
        }
    }
}

#[cfg(test)]
mod tests;
