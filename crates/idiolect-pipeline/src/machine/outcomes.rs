//! What the dataset, the job and a refusal mean for the run record.

use idiolect_dataset::Dataset;
use idiolect_provider::{FineTuningJob, JobStatus, ProviderError, TrainingClosed};
use idiolect_registry::{DatasetFacts, Failure, FailureCode, ModelVersion, RunEvent, Usd};

use crate::error::PipelineError;

pub(super) fn facts(dataset: &Dataset, estimated_cost: Option<Usd>) -> DatasetFacts {
    DatasetFacts {
        dataset_hash: dataset.training.sha256.clone(),
        num_messages: dataset.training.examples as u64,
        messages_in_window: dataset.manifest.messages_in_window,
        token_estimate: dataset.manifest.tokens.training_file,
        pii_redaction: dataset.manifest.pii_redaction,
        dataset_builder_version: dataset.manifest.versions(),
        estimated_cost,
    }
}

/// A job that ended without a model to show for it.
pub(super) fn failed_job(job: FineTuningJob, cost: impl Fn(u64) -> Option<Usd>) -> RunEvent {
    let failure = match (job.status, job.failure) {
        (JobStatus::Cancelled, _) => Failure::new(FailureCode::JobCancelled, "the job was cancelled at the provider"),
        (_, Some(failure)) => {
            let code = code_of_job(&failure.code);
            let message = match failure.code == code.as_str() {
                true => failure.message,
                false => format!("{}: {}", failure.code, failure.message),
            };
            Failure::new(code, message)
        }
        (_, None) => Failure::new(FailureCode::JobFailed, "the provider gives no reason"),
    };
    let trained_tokens = job.trained_tokens;
    RunEvent::JobFailed { failure, trained_tokens, cost: trained_tokens.and_then(cost) }
}

/// The provider's own code for what was wrong with a job, where ours says more than "failed".
fn code_of_job(code: &str) -> FailureCode {
    match code {
        "invalid_n_examples" => FailureCode::InsufficientData,
        "invalid_training_file" | "invalid_file_format" | "invalid_file" => FailureCode::InvalidTrainingFile,
        "exceeded_quota" | "insufficient_quota" => FailureCode::QuotaExhausted,
        _ => FailureCode::JobFailed,
    }
}

/// What the provider refused, with its own code and request id.
pub(super) fn failure_of(error: &ProviderError) -> Failure {
    let code = match error {
        ProviderError::InvalidTrainingFile { .. } => FailureCode::InvalidTrainingFile,
        ProviderError::QuotaExhausted { .. } => FailureCode::QuotaExhausted,
        ProviderError::TrainingClosed { .. } => FailureCode::ProviderClosed,
        ProviderError::RateLimited { .. } | ProviderError::Unavailable { .. } | ProviderError::Unconfirmed { .. } => {
            FailureCode::ProviderUnavailable
        }
        ProviderError::InvalidRequest { code: Some(code), .. } => match code_of_job(code) {
            FailureCode::JobFailed => FailureCode::ProviderRefused,
            known => known,
        },
        ProviderError::InvalidRequest { .. }
        | ProviderError::NotFound { .. }
        | ProviderError::NotAllowed { .. }
        | ProviderError::Internal { .. } => FailureCode::ProviderRefused,
    };
    Failure { code, message: whole_message(error), request_id: error.request_id().map(str::to_owned) }
}

/// Some errors quote the provider in their own sentence; to the others its sentence is added, and its code.
fn whole_message(error: &ProviderError) -> String {
    let message = error.to_string();
    match error.answer().and_then(|answer| answer.message.as_deref()) {
        Some(said) if message.contains(said) => message,
        Some(said) if message.contains(error.code()) => format!("{message} ({said})"),
        Some(said) => format!("{message} ({}: {said})", error.code()),
        None => message,
    }
}

/// Training that a profile does not take, with the date and the alternatives.
pub(super) fn closed(refusal: &TrainingClosed) -> Failure {
    let code = match refusal {
        TrainingClosed::Closed { .. } => FailureCode::ProviderClosed,
        TrainingClosed::ShutDown { .. } | TrainingClosed::ShutsDownSoon { .. } => FailureCode::ModelRetiring,
        TrainingClosed::NotTrainable { .. } => FailureCode::ProviderRefused,
    };
    Failure::new(code, refusal.to_string())
}

/// The gate's verdict as the reason why the version is not served.
pub(super) fn not_better(version: &ModelVersion) -> Failure {
    let verdict = version.eval.verdict.clone();
    Failure::new(FailureCode::Regression, verdict.unwrap_or_else(|| "it was not evaluated".to_owned()))
}

pub(super) fn dataset_failure(error: &dyn std::error::Error) -> Failure {
    Failure::new(FailureCode::DatasetFailed, error.to_string())
}

/// Does what takes long on a thread of its own, so that leases are renewed meanwhile. A panic in it, which the same messages bring
/// about each time, is a failure as any other: the run would be tried for ever.
pub(super) async fn off_thread<T: Send + 'static>(
    task: &'static str,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<Result<T, Failure>, PipelineError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done),
        Err(error) if error.is_panic() => {
            let message = format!("the task that {task} stopped unexpectedly; this is a defect in idiolect");
            Ok(Err(Failure::new(FailureCode::DatasetFailed, message)))
        }
        Err(_) => Err(PipelineError::Ending { task }),
    }
}

/// The end of a run whose user's consent is gone. That it could not be asked for is no end: the step is made again.
pub(super) fn revoked(missing: PipelineError) -> Result<Failure, PipelineError> {
    match missing {
        PipelineError::Consent(_) | PipelineError::Activation(_) => {
            Ok(Failure::new(FailureCode::ConsentRevoked, missing.to_string()))
        }
        error => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use idiolect_provider::Answer;

    use super::*;

    #[test]
    fn only_consent_that_is_missing_ends_a_run_and_not_a_store_that_is_away() {
        let missing = idiolect_registry::ConsentMissing::Revoked { user_id: "ana".parse().unwrap() };
        assert_eq!(revoked(missing.into()).unwrap().code, FailureCode::ConsentRevoked);
        let away = idiolect_registry::StoreError::Unavailable {
            place: "here".into(),
            reason: "a test".into(),
            advice: "wait",
        };
        assert!(matches!(revoked(away.into()), Err(PipelineError::Store(_))));
    }

    #[test]
    fn what_the_provider_says_of_a_job_becomes_the_most_telling_code() {
        for (theirs, ours) in [
            ("invalid_n_examples", FailureCode::InsufficientData),
            ("invalid_training_file", FailureCode::InvalidTrainingFile),
            ("invalid_file_format", FailureCode::InvalidTrainingFile),
            ("exceeded_quota", FailureCode::QuotaExhausted),
            ("insufficient_quota", FailureCode::QuotaExhausted),
            ("server_error", FailureCode::JobFailed),
        ] {
            assert_eq!(code_of_job(theirs), ours, "{theirs}");
        }
    }

    #[test]
    fn a_refused_request_is_a_refusal_unless_its_code_says_more() {
        let refused = |code: Option<&str>| {
            let code = code.map(str::to_owned);
            let error = ProviderError::InvalidRequest { message: "no".into(), param: None, code, answer: None };
            failure_of(&error).code
        };
        assert_eq!(refused(None), FailureCode::ProviderRefused);
        assert_eq!(refused(Some("model_not_available")), FailureCode::ProviderRefused);
        assert_eq!(refused(Some("invalid_file_format")), FailureCode::InvalidTrainingFile);
        assert_eq!(refused(Some("exceeded_quota")), FailureCode::QuotaExhausted);
    }

    #[test]
    fn what_the_provider_says_is_said_once() {
        let said = "Rate limit reached for requests";
        let answer = Answer::new(429, "rate_limit_exceeded", "requests", "", said, Some("req_1"));
        let busy = ProviderError::RateLimited { retry_after_secs: None, answer: Some(Box::new(answer)) };
        let failure = failure_of(&busy);
        assert_eq!(
            failure.message,
            "the provider is busy; try again later (rate_limit_exceeded: Rate limit reached for requests)"
        );
        assert_eq!(failure.request_id.as_deref(), Some("req_1"));

        let answer = Answer::new(429, "insufficient_quota", "", "", "Check your plan.", None);
        let quota = ProviderError::QuotaExhausted { code: "insufficient_quota".into(), answer: Some(Box::new(answer)) };
        assert_eq!(
            failure_of(&quota).message,
            "the account at the provider has no quota left (insufficient_quota); add credit or raise the limit there (Check your \
             plan.)"
        );

        let answer = Answer::new(503, "overloaded", "", "", "Too busy.", Some("req_2"));
        let message = "fake answered HTTP 503, overloaded: Too busy. (request req_2)".to_owned();
        let away = ProviderError::Unavailable { message: message.clone(), answer: Some(Box::new(answer)) };
        assert_eq!(failure_of(&away).message, format!("the provider is not available: {message}"));
        assert_eq!(failure_of(&ProviderError::unavailable("cut")).message, "the provider is not available: cut");
    }

    #[test]
    fn errors_that_pass_and_errors_that_stay_are_told_apart_on_the_record() {
        let closed = ProviderError::TrainingClosed { message: "closed".into(), answer: None };
        let quota = ProviderError::QuotaExhausted { code: "insufficient_quota".into(), answer: None };
        let busy = ProviderError::RateLimited { retry_after_secs: None, answer: None };
        let lost = ProviderError::Unconfirmed { what: "the job", message: "cut".into(), answer: None };
        assert_eq!(failure_of(&closed).code, FailureCode::ProviderClosed);
        assert_eq!(failure_of(&quota).code, FailureCode::QuotaExhausted);
        assert_eq!(failure_of(&busy).code, FailureCode::ProviderUnavailable);
        assert_eq!(failure_of(&lost).code, FailureCode::ProviderUnavailable);
    }
}
