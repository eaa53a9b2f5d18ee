//! The whole state machine: what every step takes, where it leads and what it records.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{Cost, DataRange, FailureCode, Outcome, RunRequest, VersionId};

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
        trigger: Trigger::Manual,
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
        messages_in_window: num_messages + 70,
        token_estimate: 20 * num_messages,
        pii_redaction: true,
        dataset_builder_version: "1".into(),
        estimated_cost: Usd::from_dollars(0.5),
    })
}

fn failure(code: FailureCode) -> Failure {
    Failure::new(code, format!("because of {}", code.as_str()))
}

fn succeeded() -> RunEvent {
    RunEvent::JobSucceeded { fine_tuned_model_id: "ft:1".into(), trained_tokens: Some(9), cost: Usd::from_dollars(0.4) }
}

/// One event of each kind; failures and stops with every code.
fn every_event() -> Vec<RunEvent> {
    let mut events = vec![
        built("ab", 600),
        RunEvent::FileUploaded { file_id: "file-1".into() },
        RunEvent::JobIntended,
        RunEvent::JobIntentWithdrawn,
        RunEvent::JobCreated { job_id: "ftjob-1".into() },
        RunEvent::JobRunning,
        succeeded(),
        RunEvent::FileDeleted,
        RunEvent::Probed,
        RunEvent::Evaluated(Evaluation::default()),
        RunEvent::ReviewAsked,
        RunEvent::Activated,
        RunEvent::NotActivated(failure(FailureCode::Regression)),
    ];
    events.extend(FailureCode::ALL.map(|code| RunEvent::job_failed(failure(code))));
    events.extend(FailureCode::ALL.map(|code| RunEvent::Stopped(failure(code))));
    events
}

/// The whole machine; what is not listed is illegal. Several ends mean: by the failure's code.
const TRANSITIONS: [(RunStep, &str, &[RunStep]); 22] = {
    use RunStep::*;
    const ENDS: &[RunStep] = &[InsufficientData, Refused, Failed, Cancelled];
    [
        (Requested, "dataset_built", &[DatasetBuilt]),
        (Requested, "stopped", ENDS),
        (DatasetBuilt, "dataset_built", &[DatasetBuilt]),
        (DatasetBuilt, "file_uploaded", &[FileUploaded]),
        (DatasetBuilt, "stopped", ENDS),
        (FileUploaded, "job_intended", &[FileUploaded]),
        (FileUploaded, "job_intent_withdrawn", &[FileUploaded]),
        (FileUploaded, "job_created", &[JobCreated]),
        (FileUploaded, "job_failed", &[JobEnded]),
        (JobCreated, "job_running", &[JobCreated]),
        (JobCreated, "job_succeeded", &[JobEnded]),
        (JobCreated, "job_failed", &[JobEnded]),
        (JobEnded, "file_deleted", &[FileDeleted]),
        (FileDeleted, "probed", &[Probed]),
        (FileDeleted, "not_activated", &[NotActivated]),
        (Probed, "evaluated", &[Evaluated]),
        (Probed, "not_activated", &[NotActivated]),
        (Evaluated, "review_asked", &[AwaitingReview]),
        (Evaluated, "activated", &[Activated]),
        (Evaluated, "not_activated", &[NotActivated]),
        (AwaitingReview, "activated", &[Activated]),
        (AwaitingReview, "not_activated", &[NotActivated]),
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
                    let steps: BTreeSet<_> = found.into_iter().map(|version| version.unwrap().run.step).collect();
                    assert_eq!(steps, to.iter().copied().collect(), "{step:?} with {name}");
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
fn runs_are_driven_until_they_are_over_or_wait_for_a_reviewer() {
    let driven: Vec<_> = RunStep::ALL.into_iter().filter(|step| step.is_under_way()).collect();
    assert_eq!(driven, RunStep::ALL[..8], "from the request to the evaluation");
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
        RunEvent::JobIntended,
        RunEvent::JobCreated { job_id: "ftjob-1".into() },
        succeeded(),
        RunEvent::FileDeleted,
        RunEvent::Probed,
        RunEvent::Evaluated(eval.clone()),
        RunEvent::Activated,
    ]);
    assert_eq!(version.run.step, RunStep::Activated);
    assert_eq!((version.status, version.completed_at), (VersionStatus::Succeeded, Some(at(105))));
    assert_eq!((version.num_messages, version.token_estimate), (600, 12_000));
    assert_eq!(version.run.messages_in_window, 670);
    assert_eq!((version.run.job_intended_at, version.run.job_intents), (Some(at(103)), 1));
    assert_eq!(version.run.dispatch, Dispatch::at(&version.id.user_id, None), "nothing is due any more");
    assert_eq!(version.artifacts.dataset_hash.as_deref(), Some("ab"));
    assert_eq!(version.config.dataset_builder_version, "1");
    let ids = [&version.training_file_id, &version.job_id, &version.fine_tuned_model_id];
    assert_eq!(ids.map(Option::as_deref), [Some("file-1"), Some("ftjob-1"), Some("ft:1")]);
    let dollars = Usd::from_dollars;
    assert_eq!(version.cost, Cost { estimated: dollars(0.5), actual: dollars(0.4), trained_tokens: Some(9) });
    assert_eq!((version.eval, version.failure, version.review), (eval, None, None));
}

#[test]
fn an_intention_that_was_given_up_leaves_nothing_to_look_for() {
    let intended = play([built("ab", 600), RunEvent::FileUploaded { file_id: "file-1".into() }, RunEvent::JobIntended]);
    assert_eq!((intended.run.job_intended_at, intended.run.job_intents), (Some(at(103)), 1));
    let withdrawn = apply(&intended, RunEvent::JobIntentWithdrawn, at(104)).unwrap();
    assert_eq!((withdrawn.run.step, withdrawn.run.job_intended_at), (RunStep::FileUploaded, None));
    assert_eq!(withdrawn.run.job_intents, 0);
}

#[test]
fn a_dataset_that_is_built_again_replaces_the_first() {
    let version = play([built("ab", 600), built("cd", 601)]);
    assert_eq!((version.artifacts.dataset_hash.as_deref(), version.num_messages), (Some("cd"), 601));
}

#[test]
fn a_dataset_with_a_redaction_rule_off_is_recorded_as_such() {
    let RunEvent::DatasetBuilt(facts) = built("ab", 600) else { unreachable!() };
    let facts = DatasetFacts { pii_redaction: false, ..facts };
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
        let failed = || RunEvent::job_failed(failure(code));
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

#[test]
fn how_a_run_ends_follows_from_the_code() {
    for code in FailureCode::ALL {
        let version = play([RunEvent::Stopped(failure(code))]);
        let expected = match code.outcome() {
            Outcome::InsufficientData => (RunStep::InsufficientData, VersionStatus::Failed),
            Outcome::Refused => (RunStep::Refused, VersionStatus::Failed),
            Outcome::Failed => (RunStep::Failed, VersionStatus::Failed),
            Outcome::Cancelled => (RunStep::Cancelled, VersionStatus::Cancelled),
        };
        assert_eq!((version.run.step, version.status), expected, "{code:?}");
    }
}

#[test]
fn a_review_is_asked_for_and_decided_once() {
    let evaluated = at_step(RunStep::Evaluated);
    let waiting = apply(&evaluated, RunEvent::ReviewAsked, at(200)).unwrap();
    assert!(!waiting.run.step.is_terminal() && !waiting.run.step.is_under_way());
    assert_eq!(waiting.run.dispatch.next_at, None, "nobody is to drive it");
    let approved = apply(&waiting, RunEvent::Activated, at(300)).unwrap();
    let review = Review { asked_at: at(200), decision: Some(ReviewDecision::Approved), decided_at: Some(at(300)) };
    assert_eq!(approved.review, Some(review));
    let rejected = apply(&waiting, RunEvent::NotActivated(failure(FailureCode::Rejected)), at(300)).unwrap();
    assert_eq!(rejected.review.unwrap().decision, Some(ReviewDecision::Rejected));
    assert!(apply(&approved, RunEvent::NotActivated(failure(FailureCode::Rejected)), at(400)).is_err());
}

#[test]
fn putting_off_counts_troubles_and_a_step_forgets_them() {
    let version = at_step(RunStep::JobCreated);
    let trouble = || Some(failure(FailureCode::ProviderUnavailable));
    let once = postpone(&version, at(300), trouble(), at(200));
    let twice = postpone(&once, at(400), trouble(), at(300));
    assert_eq!((once.run.dispatch.attempt, twice.run.dispatch.attempt), (1, 2));
    assert_eq!((twice.run.dispatch.next_at, &twice.run.trouble), (Some(at(400)), &trouble()));
    assert_eq!(twice.run.step, RunStep::JobCreated);
    let waiting = postpone(&twice, at(500), None, at(400));
    assert_eq!((waiting.run.dispatch.attempt, &waiting.run.trouble), (0, &None));
    let ended = apply(&twice, succeeded(), at(500)).unwrap();
    assert_eq!((ended.run.dispatch.attempt, ended.run.trouble), (0, None));
}
