//! Every metric of training, by name (spec §10.1). Without an exporter they cost next to nothing and go nowhere.

use idiolect_registry::{Failure, ModelVersion, RunStep};
use metrics::{counter, gauge, histogram};

/// Extracting, cleaning, redacting and writing the training file, seconds.
pub const DATASET_BUILD_SECONDS: &str = "idiolect_dataset_build_seconds";
/// Messages in a training file.
pub const DATASET_MESSAGES: &str = "idiolect_dataset_messages";
/// o200k tokens of a training file.
pub const DATASET_TOKENS: &str = "idiolect_dataset_tokens";
/// From a job's creation until it was first seen running, seconds.
pub const JOB_QUEUE_SECONDS: &str = "idiolect_job_queue_seconds";
/// From then until it was seen to have ended, seconds.
pub const JOB_RUN_SECONDS: &str = "idiolect_job_run_seconds";
/// Runs that ended, by `outcome` (the last step) and `code` (why, or `none`). Success and failure rates come from it.
pub const RUNS_ENDED: &str = "idiolect_runs_ended_total";
/// Triggers that began no run, by `code`.
pub const TRIGGERS_REFUSED: &str = "idiolect_triggers_refused_total";
/// What ended runs cost, US dollars.
pub const TRAINING_USD: &str = "idiolect_training_usd";
/// Served models that their provider said are not there, by `provider`; each counts once until it answers again.
pub const MODELS_SUSPECTED: &str = "idiolect_models_suspected_total";
/// Of those, the ones that were confirmed and taken out of service, by `provider`.
pub const MODELS_OUT_OF_SERVICE: &str = "idiolect_models_out_of_service_total";
/// Models that answered again and were put back, by `provider`.
pub const MODELS_BACK_IN_SERVICE: &str = "idiolect_models_back_in_service_total";
/// Days until the active version of some user retires, by `base_model`; the last one looked at.
pub const RETIREMENT_DAYS: &str = "idiolect_retirement_days_left";

pub(crate) fn dataset_built(version: &ModelVersion, seconds: f64) {
    histogram!(DATASET_BUILD_SECONDS).record(seconds);
    histogram!(DATASET_MESSAGES).record(version.num_messages as f64);
    histogram!(DATASET_TOKENS).record(version.token_estimate as f64);
}

/// What a recorded step says about times and ends.
pub(crate) fn step_recorded(before: RunStep, version: &ModelVersion) {
    let run = &version.run;
    if before == RunStep::JobCreated
        && run.step == RunStep::JobEnded
        && let (Some(running), Some(ended)) = (run.job_running_at, version.completed_at)
    {
        histogram!(JOB_RUN_SECONDS).record(ended.duration_since(running).as_secs_f64());
        if let Some(created) = run.job_intended_at {
            histogram!(JOB_QUEUE_SECONDS).record(running.duration_since(created).as_secs_f64());
        }
    }
    if !run.step.is_under_way() && before.is_under_way() {
        let code = version.failure.as_ref().map_or("none", |failure| failure.code.as_str());
        counter!(RUNS_ENDED, "outcome" => run.step.as_str(), "code" => code).increment(1);
        if let Some(cost) = version.cost.actual {
            histogram!(TRAINING_USD).record(cost.dollars());
        }
    }
}

pub(crate) fn trigger_refused(failure: &Failure) {
    counter!(TRIGGERS_REFUSED, "code" => failure.code.as_str()).increment(1);
}

pub(crate) fn retirement(base_model: &str, days: i64) {
    gauge!(RETIREMENT_DAYS, "base_model" => base_model.to_owned()).set(days as f64);
}

pub(crate) fn model_suspected(provider: &str) {
    counter!(MODELS_SUSPECTED, "provider" => provider.to_owned()).increment(1);
}

pub(crate) fn model_out_of_service(provider: &str) {
    counter!(MODELS_OUT_OF_SERVICE, "provider" => provider.to_owned()).increment(1);
}

pub(crate) fn model_back_in_service(provider: &str) {
    counter!(MODELS_BACK_IN_SERVICE, "provider" => provider.to_owned()).increment(1);
}
