//! The whole state machine: what every step takes, where it leads and what it records.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{DataRange, RunRequest, VersionId};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn requested() -> ModelVersion {
    let request = RunRequest {
        provider: "fake".into(),
        base_model: "base".into(),
        window: DataRange { start: at(0), end: at(90) },
        source: "ndjson:messages.ndjson".into(),
        strategy: "neutral_rewrite/1".into(),
        seed: 7,
        code_version_sha: "0.1.0".into(),
        hyperparams: BTreeMap::new(),
    };
    ModelVersion::requested(VersionId { user_id: "ana".parse().unwrap(), version: 1 }, request, at(100))
}

fn at_step(step: RunStep) -> ModelVersion {
    let mut version = requested();
    version.run.step = step;
    version
}

fn built(hash: &str, num_messages: u64) -> RunEvent {
    RunEvent::DatasetBuilt(DatasetFacts {
        dataset_hash: hash.into(),
        num_messages,
        token_estimate: 20 * num_messages,
        pii_redaction: true,
        dataset_builder_version: "1".into(),
    })
}

fn failure(code: FailureCode) -> Failure {
    Failure { code, message: format!("because of {}", code.as_str()) }
}

/// One event of each kind; failures and stops with every code.
fn every_event() -> Vec<RunEvent> {
    let mut events = vec![
        built("ab", 600),
        RunEvent::FileUploaded { file_id: "file-1".into() },
        RunEvent::JobCreated { job_id: "ftjob-1".into() },
        RunEvent::JobSucceeded { fine_tuned_model_id: "ft:1".into(), trained_tokens: Some(9) },
        RunEvent::FileDeleted,
        RunEvent::Evaluated(Evaluation::default()),
        RunEvent::Activated,
        RunEvent::NotActivated,
    ];
    events.extend(FailureCode::ALL.map(|code| RunEvent::JobFailed(failure(code))));
    events.extend(FailureCode::ALL.map(|code| RunEvent::Stopped(failure(code))));
    events
}

/// The whole machine; what is not listed is illegal.
const TRANSITIONS: [(RunStep, &str, &[RunStep]); 14] = {
    use RunStep::*;
    const STOPS: &[RunStep] = &[InsufficientData, Failed, Failed, Cancelled, Cancelled];
    [
        (Requested, "dataset_built", &[DatasetBuilt]),
        (Requested, "stopped", STOPS),
        (DatasetBuilt, "dataset_built", &[DatasetBuilt]),
        (DatasetBuilt, "file_uploaded", &[FileUploaded]),
        (DatasetBuilt, "stopped", STOPS),
        (FileUploaded, "job_created", &[JobCreated]),
        (FileUploaded, "job_failed", &[JobEnded; 5]),
        (JobCreated, "job_succeeded", &[JobEnded]),
        (JobCreated, "job_failed", &[JobEnded; 5]),
        (JobEnded, "file_deleted", &[FileDeleted]),
        (FileDeleted, "evaluated", &[Evaluated]),
        (FileDeleted, "not_activated", &[NotActivated]),
        (Evaluated, "activated", &[Activated]),
        (Evaluated, "not_activated", &[NotActivated]),
    ]
};

#[test]
fn every_step_takes_exactly_its_events() {
    for step in RunStep::ALL {
        for name in every_event().iter().map(RunEvent::name).collect::<BTreeSet<_>>() {
            let events = every_event().into_iter().filter(|event| event.name() == name);
            let found: Vec<_> = events.map(|event| apply(&at_step(step), event, at(200))).collect();
            match TRANSITIONS.iter().find(|(from, event, _)| (*from, *event) == (step, name)) {
                Some((_, _, to)) => {
                    let steps: Vec<_> = found.into_iter().map(|version| version.unwrap().run.step).collect();
                    assert_eq!(steps, *to, "{step:?} with {name}");
                }
                None => {
                    let refused = IllegalTransition { run: "ana:1".into(), step: step.as_str(), event: name };
                    assert!(found.iter().all(|result| *result == Err(refused.clone())), "{step:?} with {name}");
                }
            }
        }
    }
}

#[test]
fn a_run_that_is_over_takes_nothing() {
    for step in RunStep::ALL.into_iter().filter(|step| step.is_terminal()) {
        assert!(every_event().into_iter().all(|event| apply(&at_step(step), event, at(200)).is_err()), "{step:?}");
    }
}

#[test]
fn every_event_moves_the_run_forward_and_notes_the_time() {
    for step in RunStep::ALL {
        for event in every_event() {
            let Ok(next) = apply(&at_step(step), event, at(200)) else { continue };
            assert!(next.run.step >= step, "{step:?} went back to {:?}", next.run.step);
            assert_eq!(next.run.updated_at, at(200));
            assert_eq!((next.revision, next.created_at), (0, at(100)), "the store's and the request's own");
        }
    }
}

fn play(events: impl IntoIterator<Item = RunEvent>) -> ModelVersion {
    let steps = events.into_iter().zip(101..);
    steps.fold(requested(), |version, (event, second)| apply(&version, event, at(second)).unwrap())
}

#[test]
fn a_run_that_goes_well_records_what_each_step_found() {
    let eval = Evaluation { holdout_loss: Some(1.9), base_holdout_loss: Some(2.4), ..Evaluation::default() };
    let version = play([
        built("ab", 600),
        RunEvent::FileUploaded { file_id: "file-1".into() },
        RunEvent::JobCreated { job_id: "ftjob-1".into() },
        RunEvent::JobSucceeded { fine_tuned_model_id: "ft:1".into(), trained_tokens: Some(9) },
        RunEvent::FileDeleted,
        RunEvent::Evaluated(eval.clone()),
        RunEvent::Activated,
    ]);
    assert_eq!(version.run.step, RunStep::Activated);
    assert_eq!((version.status, version.completed_at), (VersionStatus::Succeeded, Some(at(104))));
    assert_eq!((version.num_messages, version.token_estimate), (600, 12_000));
    assert_eq!(version.artifacts.dataset_hash.as_deref(), Some("ab"));
    assert_eq!(version.config.dataset_builder_version, "1");
    let ids = [&version.training_file_id, &version.job_id, &version.fine_tuned_model_id];
    assert_eq!(ids.map(Option::as_deref), [Some("file-1"), Some("ftjob-1"), Some("ft:1")]);
    assert_eq!((version.trained_tokens, version.eval, version.failure), (Some(9), eval, None));
}

#[test]
fn a_dataset_that_is_built_again_replaces_the_first() {
    let version = play([built("ab", 600), built("cd", 601)]);
    assert_eq!((version.artifacts.dataset_hash.as_deref(), version.num_messages), (Some("cd"), 601));
}

#[test]
fn a_dataset_with_a_redaction_rule_off_is_recorded_as_such() {
    let facts = DatasetFacts {
        dataset_hash: "ab".into(),
        num_messages: 600,
        token_estimate: 12_000,
        pii_redaction: false,
        dataset_builder_version: "1".into(),
    };
    assert!(!play([RunEvent::DatasetBuilt(facts)]).safety.pii_redaction);
    assert!(play([built("ab", 600)]).safety.pii_redaction);
}

#[test]
fn a_failure_before_the_upload_ends_the_run_at_once() {
    for (code, status) in [
        (FailureCode::InsufficientData, VersionStatus::Failed),
        (FailureCode::DatasetFailed, VersionStatus::Failed),
        (FailureCode::ConsentRevoked, VersionStatus::Cancelled),
        (FailureCode::Cancelled, VersionStatus::Cancelled),
    ] {
        let version = play([RunEvent::Stopped(failure(code))]);
        assert!(version.run.step.is_terminal());
        assert_eq!((version.status, version.completed_at), (status, Some(at(101))));
        assert_eq!((version.failure, version.training_file_id), (Some(failure(code)), None));
    }
}

#[test]
fn a_failure_after_the_upload_ends_the_run_only_once_the_file_is_deleted() {
    let uploaded = || [built("ab", 600), RunEvent::FileUploaded { file_id: "file-1".into() }];
    let created = || RunEvent::JobCreated { job_id: "ftjob-1".into() };
    for (code, end) in [
        (FailureCode::JobFailed, RunStep::Failed),
        (FailureCode::ConsentRevoked, RunStep::Cancelled),
        (FailureCode::Cancelled, RunStep::Cancelled),
    ] {
        let failed = || RunEvent::JobFailed(failure(code));
        let before_the_job = play(uploaded().into_iter().chain([failed()]));
        let with_a_job = play(uploaded().into_iter().chain([created(), failed()]));
        for version in [before_the_job, with_a_job] {
            assert_eq!(version.run.step, RunStep::JobEnded, "the file is still there");
            assert_eq!(version.training_file_id.as_deref(), Some("file-1"), "and its id is known");
            let over = apply(&version, RunEvent::FileDeleted, at(200)).unwrap();
            assert_eq!((over.run.step, over.failure), (end, Some(failure(code))));
            assert_eq!(over.completed_at, version.completed_at, "deleting a file does not change when it ended");
        }
    }
}

#[test]
fn steps_spell_differently() {
    let names: BTreeSet<_> = RunStep::ALL.map(RunStep::as_str).into();
    assert_eq!(names.len(), RunStep::ALL.len());
}
