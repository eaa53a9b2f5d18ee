//! Every metric of training, by name (spec §10.1). Without an exporter they cost next to nothing and go nowhere. Labels are codes,
//! providers and base models; never a user, a run or a word.

use idiolect_registry::{Failure, ModelVersion, RunStep};
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

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
/// Active versions that were measured worse than the base model and rolled back for it, by `provider`.
pub const REGRESSIONS_ROLLED_BACK: &str = "idiolect_regressions_rolled_back_total";
/// Days until the active version of some user retires, by `base_model`; the last one looked at.
pub const RETIREMENT_DAYS: &str = "idiolect_retirement_days_left";
/// Users whom the last daily look passed over, for a record of theirs cannot be read.
pub const USERS_PASSED_OVER: &str = "idiolect_users_passed_over";

const SECONDS: &[f64] = &[0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0];
const JOB_SECONDS: &[f64] = &[10.0, 60.0, 300.0, 900.0, 3600.0, 10_800.0, 21_600.0, 86_400.0, 172_800.0];
const COUNTS: &[f64] = &[100.0, 500.0, 1000.0, 2000.0, 5000.0, 20_000.0];
const TOKENS: &[f64] = &[10_000.0, 50_000.0, 100_000.0, 500_000.0, 1_000_000.0, 5_000_000.0];
const DOLLARS: &[f64] = &[0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 20.0, 100.0];

/// The upper bounds of the histograms.
pub const BUCKETS: [(&str, &[f64]); 6] = [
    (DATASET_BUILD_SECONDS, SECONDS),
    (DATASET_MESSAGES, COUNTS),
    (DATASET_TOKENS, TOKENS),
    (JOB_QUEUE_SECONDS, JOB_SECONDS),
    (JOB_RUN_SECONDS, JOB_SECONDS),
    (TRAINING_USD, DOLLARS),
];

/// Tells the exporter what each metric is.
pub fn describe() {
    describe_histogram!(
        DATASET_BUILD_SECONDS,
        Unit::Seconds,
        "Extracting, cleaning, redacting, writing a training file"
    );
    describe_histogram!(DATASET_MESSAGES, Unit::Count, "Messages in a training file");
    describe_histogram!(DATASET_TOKENS, Unit::Count, "o200k tokens of a training file");
    describe_histogram!(JOB_QUEUE_SECONDS, Unit::Seconds, "From a job's creation until it was first seen running");
    describe_histogram!(
        JOB_RUN_SECONDS,
        Unit::Seconds,
        "From a job first seen running until it was seen to have ended"
    );
    describe_counter!(RUNS_ENDED, Unit::Count, "Runs that ended, by their last step and why");
    describe_counter!(TRIGGERS_REFUSED, Unit::Count, "Triggers that began no run, by why");
    describe_histogram!(TRAINING_USD, Unit::Count, "What ended runs cost, US dollars");
    describe_counter!(MODELS_SUSPECTED, Unit::Count, "Served models that their provider said are not there");
    describe_counter!(MODELS_OUT_OF_SERVICE, Unit::Count, "Served models that were confirmed to be gone");
    describe_counter!(MODELS_BACK_IN_SERVICE, Unit::Count, "Models that answered again and were put back");
    describe_counter!(REGRESSIONS_ROLLED_BACK, Unit::Count, "Active versions that became worse than the base model");
    describe_gauge!(RETIREMENT_DAYS, Unit::Count, "Days until the active version last looked at retires");
    describe_gauge!(USERS_PASSED_OVER, Unit::Count, "Users whose records the last daily look could not read");
}

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

pub(crate) fn passed_over(users: usize) {
    gauge!(USERS_PASSED_OVER).set(users as f64);
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

pub(crate) fn regression_rolled_back(provider: &str) {
    counter!(REGRESSIONS_ROLLED_BACK, "provider" => provider.to_owned()).increment(1);
}
