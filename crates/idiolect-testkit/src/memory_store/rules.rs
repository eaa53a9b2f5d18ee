//! What the store refuses beyond its contract: whatever no correct program would write.

use idiolect_registry::{ModelVersion, StoreError, User};
use jiff::Timestamp;

pub(super) fn rules_of_update(old: &ModelVersion, new: &ModelVersion) -> [(bool, &'static str); 15] {
    let uploaded = old.training_file_id.is_some();
    [
        (new.provider == old.provider && new.base_model == old.base_model, "provider and base model are fixed"),
        (new.created_at == old.created_at, "created_at is fixed"),
        (new.training_data_range == old.training_data_range, "the window is fixed when the run is requested"),
        (new.config.system_prompt_version == old.config.system_prompt_version, "the prompt strategy is fixed"),
        (new.config.hyperparams == old.config.hyperparams, "hyperparameters are fixed"),
        (new.run.trigger == old.run.trigger, "the trigger is fixed"),
        (new.run.source == old.run.source && new.run.seed == old.run.seed, "source and seed are fixed"),
        (kept(&old.training_file_id, &new.training_file_id), "the training file's id is written once"),
        (kept(&old.job_id, &new.job_id), "the job's id is written once"),
        (kept(&old.fine_tuned_model_id, &new.fine_tuned_model_id), "the model's id is written once"),
        (!uploaded || new.artifacts == old.artifacts, "the dataset's hash is fixed once it is uploaded"),
        (!uploaded || new.num_messages == old.num_messages, "the dataset's size is fixed once it is uploaded"),
        (
            new.run.step == old.run.step || (!old.run.step.is_terminal() && new.run.step > old.run.step),
            "a run goes forward and does not go on after its end",
        ),
        (numbers_are_finite(new), "numbers are finite or absent"),
        (times_are_whole(times_of_version(new)), WHOLE_TIMES),
    ]
}

pub(super) fn kept<T: PartialEq>(old: &Option<T>, new: &Option<T>) -> bool {
    old.is_none() || old == new
}

pub(super) fn numbers_are_finite(version: &ModelVersion) -> bool {
    let eval = &version.eval;
    let losses = [eval.holdout_loss, eval.base_holdout_loss, eval.active_holdout_loss];
    losses.into_iter().chain([eval.human_score, eval.style_similarity]).flatten().all(f64::is_finite)
}

pub(super) const WHOLE_TIMES: &str = "times are whole microseconds";

pub(super) fn times_of_user(user: &User) -> Vec<Option<Timestamp>> {
    let schedule = &user.schedule;
    vec![
        Some(user.model_updated_at),
        user.consent.granted_at,
        user.consent.revoked_at,
        user.active_retires_at,
        schedule.last_trained_at,
        schedule.last_window_end,
        user.dispatch.next_at,
        user.dispatch.lease_until,
        user.last_trigger.as_ref().map(|trigger| trigger.at),
    ]
}

pub(super) fn times_of_version(version: &ModelVersion) -> Vec<Option<Timestamp>> {
    let window = version.training_data_range;
    let always = [version.created_at, window.start, window.end, version.run.updated_at].map(Some);
    let dispatch = &version.run.dispatch;
    let reviewed = version.review.map(|review| review.asked_at);
    let sometimes = [
        version.completed_at,
        version.retires_at,
        version.run.job_intended_at,
        version.run.job_running_at,
        dispatch.next_at,
        dispatch.lease_until,
        reviewed,
        version.review.and_then(|review| review.decided_at),
    ];
    [&always[..], &sometimes].concat()
}

pub(super) fn times_are_whole(times: Vec<Option<Timestamp>>) -> bool {
    times.into_iter().flatten().all(|time| time.subsec_nanosecond() % 1000 == 0)
}

pub(super) fn check(record: &str, rules: &[(bool, &str)]) -> Result<(), StoreError> {
    match rules.iter().find(|(holds, _)| !holds) {
        None => Ok(()),
        Some((_, rule)) => Err(StoreError::Corrupt {
            place: "in memory".into(),
            record: record.into(),
            reason: format!("it would break the rule that {rule}"),
        }),
    }
}
