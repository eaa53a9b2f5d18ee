//! What the dataset, the job and a refusal mean for the run record.

use idiolect_dataset::Dataset;
use idiolect_provider::{FineTuningJob, JobStatus};
use idiolect_registry::{DatasetFacts, Failure, FailureCode, RunEvent};

use crate::error::PipelineError;

pub(super) fn facts(dataset: &Dataset) -> DatasetFacts {
    DatasetFacts {
        dataset_hash: dataset.training.sha256.clone(),
        num_messages: dataset.training.examples as u64,
        token_estimate: dataset.manifest.tokens.training_file,
        pii_redaction: dataset.manifest.pii_redaction,
        dataset_builder_version: dataset.manifest.versions(),
    }
}

pub(super) fn end_of_job(job: FineTuningJob) -> RunEvent {
    match (job.status, job.fine_tuned_model) {
        (JobStatus::Succeeded, Some(model)) => {
            RunEvent::JobSucceeded { fine_tuned_model_id: model.to_string(), trained_tokens: job.trained_tokens }
        }
        (JobStatus::Succeeded, None) => {
            RunEvent::JobFailed(job_failure("the job is reported as succeeded but names no model".to_owned()))
        }
        (JobStatus::Cancelled, _) => RunEvent::JobFailed(Failure {
            code: FailureCode::Cancelled,
            message: "the job was cancelled at the provider".to_owned(),
        }),
        _ => RunEvent::JobFailed(job_failure(match job.failure {
            Some(failure) => format!("{}: {}", failure.code, failure.message),
            None => "the provider gives no reason".to_owned(),
        })),
    }
}

pub(super) fn job_failure(message: String) -> Failure {
    Failure { code: FailureCode::JobFailed, message }
}

pub(super) fn dataset_failure(error: &dyn std::error::Error) -> Failure {
    Failure { code: FailureCode::DatasetFailed, message: error.to_string() }
}

/// Consent that is missing now was there when the run began.
pub(super) fn revoked(missing: PipelineError) -> Failure {
    Failure { code: FailureCode::ConsentRevoked, message: missing.to_string() }
}
