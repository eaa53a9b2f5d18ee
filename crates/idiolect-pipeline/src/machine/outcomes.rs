//! What the dataset, the job and a refusal mean for the run record.

use idiolect_dataset::Dataset;
use idiolect_provider::{FineTuningJob, JobStatus};
use idiolect_registry::{DatasetFacts, Failure, FailureCode, ModelVersion, RunEvent};

use crate::error::PipelineError;

pub(super) fn facts(dataset: &Dataset) -> DatasetFacts {
    DatasetFacts {
        dataset_hash: dataset.training.sha256.clone(),
        num_messages: dataset.training.examples as u64,
        messages_in_window: dataset.manifest.messages_in_window,
        estimated_cost: None,
        token_estimate: dataset.manifest.tokens.training_file,
        pii_redaction: dataset.manifest.pii_redaction,
        dataset_builder_version: dataset.manifest.versions(),
    }
}

pub(super) fn end_of_job(job: FineTuningJob) -> RunEvent {
    match (job.status, job.fine_tuned_model) {
        (JobStatus::Succeeded, Some(model)) => RunEvent::JobSucceeded {
            fine_tuned_model_id: model.to_string(),
            trained_tokens: job.trained_tokens,
            cost: None,
        },
        (JobStatus::Succeeded, None) => {
            let message = "the job is reported as succeeded but names no model";
            RunEvent::job_failed(Failure::new(FailureCode::NoModel, message))
        }
        (JobStatus::Cancelled, _) => {
            RunEvent::job_failed(Failure::new(FailureCode::JobCancelled, "the job was cancelled at the provider"))
        }
        _ => RunEvent::job_failed(job_failure(match job.failure {
            Some(failure) => format!("{}: {}", failure.code, failure.message),
            None => "the provider gives no reason".to_owned(),
        })),
    }
}

/// The gate's verdict as the reason why the version is not served.
pub(super) fn not_better(version: &ModelVersion) -> Failure {
    let verdict = version.eval.verdict.clone();
    Failure::new(FailureCode::Regression, verdict.unwrap_or_else(|| "it was not evaluated".to_owned()))
}

pub(super) fn job_failure(message: String) -> Failure {
    Failure::new(FailureCode::JobFailed, message)
}

pub(super) fn dataset_failure(error: &dyn std::error::Error) -> Failure {
    Failure::new(FailureCode::DatasetFailed, error.to_string())
}

/// Consent that is missing now was there when the run began.
pub(super) fn revoked(missing: PipelineError) -> Failure {
    Failure::new(FailureCode::ConsentRevoked, missing.to_string())
}
