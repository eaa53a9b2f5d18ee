//! How runs end: activated, not activated, failed, stopped, and what that leaves for the user.

use std::sync::Arc;

use crate::world::{BASE, World};
use idiolect_dataset::{MessageSource, SourceError};
use idiolect_pipeline::{Machine, OpenSource, TrainingMachine};
use idiolect_registry::{
    FailureCode, FallbackReason, MetadataStore, ModelStatus, Purpose, Route, RunStep, VersionStatus, route,
};
use idiolect_testkit::{Fault, JobScript, Method};
use jiff::Timestamp;

/// The candidate of the n-th job, as the fake names it, scores this.
async fn world_where_tuned_scores(bits: f64) -> World {
    let world = World::ready().await;
    world.provider.set_bits_per_char(BASE, 2.0);
    world.request().await;
    // The model's name is known once the job has ended.
    while world.store.versions(&world.user_id).await.unwrap()[0].run.step < RunStep::JobEnded {
        world.step().await;
    }
    let model = world.store.versions(&world.user_id).await.unwrap()[0].fine_tuned_model_id.clone().unwrap();
    world.provider.set_bits_per_char(&model, bits);
    world
}

#[tokio::test]
async fn sets_active_model_on_success() {
    let world = world_where_tuned_scores(1.0).await;
    let version = world.run_to_end().await;
    assert_eq!((version.run.step, version.status), (RunStep::Activated, VersionStatus::Succeeded));
    assert_eq!(version.eval.holdout_loss.map(|loss| (loss * 1e6).round() / 1e6), Some(1.0));
    let user = world.user().await;
    assert_eq!(user.active_model_id, version.fine_tuned_model_id);
    assert_eq!((user.active_model_version, user.model_status), (1, ModelStatus::Ready));
    assert!(matches!(route(Some(&user), Timestamp::UNIX_EPOCH), Route::FineTuned { version: 1, .. }));
    assert!(world.provider.files().is_empty(), "the training file is deleted when the job has ended");
}

#[tokio::test]
async fn does_not_set_active_model_on_failure() {
    let world = World::ready().await;
    world.provider.script_job(JobScript::fails("server_error"));
    world.request().await;
    let version = world.run_to_end().await;
    assert_eq!((version.run.step, version.status), (RunStep::Failed, VersionStatus::Failed));
    assert_eq!(version.failure.unwrap().code, FailureCode::JobFailed);
    let user = world.user().await;
    assert_eq!((user.active_model_id.clone(), user.model_status), (None, ModelStatus::Failed));
    assert_eq!(route(Some(&user), Timestamp::UNIX_EPOCH), Route::Base { reason: FallbackReason::Failed });
    assert!(world.provider.files().is_empty(), "the training file is deleted whatever the job's end");
}

#[tokio::test]
async fn a_failed_run_leaves_the_active_version_in_service() {
    let world = world_where_tuned_scores(1.0).await;
    let first = world.run_to_end().await;
    world.provider.script_job(JobScript::fails("server_error"));
    world.request().await;
    assert_eq!(world.user().await.model_status, ModelStatus::Ready, "served while the next one is trained");
    world.run_to_end().await;
    let user = world.user().await;
    assert_eq!((user.active_model_id, user.model_status), (first.fine_tuned_model_id, ModelStatus::Ready));
    assert_eq!(user.latest_model_version, 2);
}

#[tokio::test]
async fn a_model_that_is_no_better_is_not_activated_and_the_verdict_says_why() {
    let world = world_where_tuned_scores(2.0).await;
    let version = world.run_to_end().await;
    assert_eq!((version.run.step, version.status), (RunStep::NotActivated, VersionStatus::Succeeded));
    assert!(version.eval.verdict.unwrap().starts_with("not activated: no better than the base model"));
    assert_eq!(world.user().await.active_model_id, None);
}

#[tokio::test]
async fn a_job_that_succeeds_without_a_model_is_a_failure() {
    let world = World::ready().await;
    world.provider.script_job(JobScript::succeeds_without_model());
    world.request().await;
    let version = world.run_to_end().await;
    assert_eq!(version.run.step, RunStep::Failed);
    assert!(version.failure.unwrap().message.contains("names no model"));
}

#[tokio::test]
async fn too_little_data_uploads_nothing() {
    let world = World::with_messages(60, Purpose::ALL).await;
    world.request().await;
    let version = world.run_to_end().await;
    assert_eq!((version.run.step, version.status), (RunStep::InsufficientData, VersionStatus::Failed));
    let failure = version.failure.unwrap();
    assert_eq!(failure.code.as_str(), "failed_insufficient_data");
    assert!(failure.message.contains("of 100 messages") && failure.message.contains("too few"), "{}", failure.message);
    assert_eq!(world.provider.count(Method::UploadFile), 0);
}

#[tokio::test]
async fn an_empty_source_is_insufficient_data() {
    let world = World::with_messages(0, Purpose::ALL).await;
    world.request().await;
    assert_eq!(world.run_to_end().await.run.step, RunStep::InsufficientData);
}

#[tokio::test]
async fn the_files_beside_a_model_are_deleted_and_asked_for_again_while_the_provider_is_away() {
    for (fault, asked, left) in [(None, 1, 0), (Some(Fault::Unavailable), 2, 0), (Some(Fault::Refused), 1, 1)] {
        let mut world = World::ready().await;
        world.can_score = false;
        world.request().await;
        fault.into_iter().for_each(|fault| world.provider.fail_next(Method::DeleteResults, fault));
        // A refusal does not keep a good model from being served.
        assert_eq!(world.run_to_end().await.run.step, RunStep::Activated, "{fault:?}");
        let counted = (world.provider.count(Method::DeleteResults), world.provider.results().len());
        assert_eq!(counted, (asked, left), "{fault:?}");
    }
}

#[tokio::test]
async fn what_the_provider_refuses_ends_the_run_and_what_it_was_away_for_is_asked_for_again() {
    for (method, fault, asked, step, jobs) in [
        (Method::UploadFile, Fault::Unavailable, 2, RunStep::Activated, 1),
        (Method::UploadFile, Fault::Refused, 1, RunStep::Failed, 0),
        (Method::MakeServable, Fault::Unavailable, 2, RunStep::Activated, 1),
        (Method::MakeServable, Fault::Refused, 1, RunStep::Failed, 1),
    ] {
        let mut world = World::ready().await;
        world.can_score = false;
        world.request().await;
        world.provider.fail_next(method, fault);
        let version = world.run_to_end().await;
        assert_eq!((version.run.step, world.provider.count(method)), (step, asked), "{method:?} {fault:?}");
        assert_eq!(world.provider.jobs_created(), jobs, "{method:?} {fault:?}");
        assert!(world.provider.files().is_empty(), "{method:?} {fault:?}");
    }
}

#[tokio::test]
async fn a_provider_that_only_trains_leaves_its_model_to_be_served_elsewhere() {
    let mut world = World::ready().await;
    world.make_hosted("serves_fine_tuned = false\n");
    world.can_score = false;
    world.request().await;
    let version = world.run_to_end().await;
    assert_eq!(version.run.step, RunStep::NotActivated);
    let failure = version.failure.unwrap();
    assert!(failure.message.contains("fake trains and does not serve"), "{}", failure.message);
    assert!(version.fine_tuned_model_id.is_some());
    assert_eq!((world.user().await.active_model_id, world.provider.count(Method::Complete)), (None, 0));
}

#[tokio::test]
async fn without_the_holdout_a_model_is_not_activated() {
    let world = world_where_tuned_scores(1.0).await;
    world.messages.lock().unwrap().pop();
    let version = world.run_to_end().await;
    assert_eq!(version.run.step, RunStep::NotActivated);
    let verdict = version.eval.verdict.unwrap();
    assert!(verdict.contains("the source has changed"), "{verdict}");
}

#[tokio::test]
async fn where_nothing_can_be_scored_the_probe_decides() {
    let mut world = world_where_tuned_scores(9.0).await;
    world.can_score = false;
    let version = world.run_to_end().await;
    assert_eq!(version.run.step, RunStep::Activated);
    assert!(version.eval.verdict.unwrap().contains("cannot score the holdout"));
    assert_eq!(world.provider.count(Method::Complete), 1);
}

#[tokio::test]
async fn versions_count_up_and_are_never_reused() {
    let world = World::ready().await;
    for expected in 1..=3 {
        let version = world.request().await;
        assert_eq!(version.id.version, expected);
        world.run_to_end().await;
    }
    let numbers: Vec<_> =
        world.store.versions(&world.user_id).await.unwrap().iter().map(|version| version.id.version).collect();
    assert_eq!(numbers, [3, 2, 1]);
}

#[tokio::test]
async fn a_run_can_be_cancelled_at_every_step() {
    for steps in 0..7 {
        let world = world_with_steps(steps).await;
        let machine = world.machine();
        if machine.cancel(&world.user_id).await.unwrap().is_some() {
            while machine.unfinished(&world.user_id).await.unwrap().is_some() {
                world.step().await;
            }
        }
        let user = world.user().await;
        assert_eq!(user.active_model_id, None, "after {steps} steps");
        assert!(world.provider.files().is_empty(), "after {steps} steps");
        assert!(world.provider.jobs().iter().all(|job| job.status.is_terminal()), "after {steps} steps");
    }
}

async fn world_with_steps(steps: usize) -> World {
    let world = World::ready().await;
    world.request().await;
    for _ in 0..steps {
        world.step().await;
    }
    world
}

/// As a defect of a reader's that one export brings about.
struct Panics;

impl OpenSource for Panics {
    fn open(&self, _: &str) -> Result<Box<dyn MessageSource>, SourceError> {
        panic!("a reader's defect")
    }
}

#[tokio::test]
async fn a_reader_that_panics_ends_the_run_and_is_not_tried_for_ever() {
    let world = World::ready().await;
    world.request().await;
    let machine = TrainingMachine { sources: Arc::new(Panics), ..world.machine() };
    machine.advance(&world.user_id).await.unwrap();
    let failure = world.run().await.failure.unwrap();
    assert_eq!(failure.code, FailureCode::DatasetFailed);
    assert!(failure.message.contains("builds the dataset") && !failure.message.contains("reader's"), "{failure:?}");

    // As a turn's count of new messages does.
    let world = crate::turns::between_turns().await;
    world.clock.set(world.user().await.dispatch.next_at.unwrap());
    let machine = TrainingMachine { sources: Arc::new(Panics), ..world.machine() };
    machine.advance(&world.user_id).await.unwrap();
    assert_eq!(world.user().await.last_trigger.unwrap().refusal.unwrap().code, FailureCode::DatasetFailed);
}
