//! After training: review, activation by number, rolling back, erasure, models that are gone.

use idiolect_pipeline::{Machine as _, Next, PipelineError, Standing};
use idiolect_provider::ModelId;
use idiolect_registry::{
    Activation, Clock, ErasedKind, FailureCode, FallbackReason, MetadataStore, ModelStatus, Purpose, Route, RunStep,
    UserId, VersionId, route,
};
use idiolect_testkit::{Fault, Method};
use jiff::civil::date;

use crate::world::{BASE, World};

/// Every model passes, for nothing is scored.
pub(crate) async fn world() -> World {
    let mut world = World::ready().await;
    world.can_score = false;
    world
}

pub(crate) async fn trained(world: &World) -> VersionId {
    world.request().await;
    world.run_to_end().await.id
}

#[tokio::test]
async fn a_version_that_is_to_be_reviewed_waits_and_is_served_once_approved() {
    let mut world = world().await;
    world.activation = Activation::AfterReview;
    let id = trained(&world).await;
    assert_eq!(world.run().await.run.step, RunStep::AwaitingReview);
    assert_eq!(world.user().await.active_model_id, None);
    assert_eq!(world.step().await, Next::Done, "nothing is driven meanwhile");

    let replies = world.machine().sample_replies(&id).await.unwrap();
    assert!(replies.len() >= 3 && replies.iter().all(|sample| sample.reply.starts_with("I am ft:")));
    let user = world.machine().approve(&id).await.unwrap();
    assert_eq!((user.active_model_version, user.model_status), (1, ModelStatus::Ready));
    assert!(world.machine().approve(&id).await.is_err(), "once");
}

#[tokio::test]
async fn a_rejected_version_leaves_served_what_is_served() {
    let mut world = world().await;
    trained(&world).await;
    world.activation = Activation::AfterReview;
    let second = trained(&world).await;
    let user = world.machine().reject(&second, Some("too rude")).await.unwrap();
    assert_eq!(user.active_model_version, 1);
    let version = world.store.version(&second).await.unwrap().unwrap();
    assert_eq!((version.run.step, version.failure.unwrap().code), (RunStep::NotActivated, FailureCode::Rejected));
    // Somebody may still think otherwise.
    assert_eq!(world.machine().activate_version(&second).await.unwrap().active_model_version, 2);
}

#[tokio::test]
async fn rolling_back_needs_an_earlier_version() {
    let world = world().await;
    trained(&world).await;
    let refused = world.machine().roll_back(&world.user_id).await.unwrap_err();
    assert!(refused.to_string().contains("no earlier version"), "{refused}");
    trained(&world).await;
    assert_eq!(world.machine().roll_back(&world.user_id).await.unwrap().active_model_version, 1);
}

#[tokio::test]
async fn a_model_that_does_not_answer_is_not_activated() {
    let world = world().await;
    world.request().await;
    world.step_to(RunStep::FileDeleted).await;
    world.provider.fail_next(Method::Complete, Fault::Broken);
    let version = world.run_to_end().await;
    assert_eq!((version.run.step, version.failure.unwrap().code), (RunStep::NotActivated, FailureCode::ProbeFailed));
    assert_eq!(world.user().await.active_model_id, None);
}

#[tokio::test]
async fn erasing_deletes_models_files_and_records_and_keeps_a_receipt_that_names_nobody() {
    let world = world().await;
    for _ in 0..2 {
        trained(&world).await;
    }
    world.request().await;
    world.step_to(RunStep::JobCreated).await;
    // The provider fails some calls on the way; it is asked again until all is gone.
    for method in [Method::DeleteModel, Method::DeleteFile, Method::CancelJob, Method::ForgetJob] {
        world.provider.fail_next(method, Fault::Unavailable);
    }
    let asked = world.machine().request_erasure(&world.user_id, "r1").await.unwrap().unwrap();
    assert_eq!(asked.user_id.as_ref(), Some(&world.user_id));
    assert_eq!(world.user().await.model_status, ModelStatus::Disabled, "nothing personal is served meanwhile");
    let again = world.machine().request_erasure(&world.user_id, "r2").await.unwrap().unwrap();
    assert_eq!(again.id, "r1");
    for _ in 0..200 {
        if world.step().await == Next::Done && world.store.user(&world.user_id).await.unwrap().is_none() {
            break;
        }
    }
    assert_eq!(world.store.user(&world.user_id).await.unwrap(), None);
    assert!(world.store.versions(&world.user_id).await.unwrap().is_empty());
    assert_eq!(world.provider.models().len(), 1, "only the base model is left");
    assert!(world.provider.files().is_empty() && world.provider.results().is_empty());
    assert_eq!(world.provider.jobs(), []);

    let receipt = world.store.erasure("r1").await.unwrap().unwrap();
    assert_eq!((receipt.user_id.clone(), receipt.trouble.clone()), (None, None));
    assert!(receipt.completed_at.is_some());
    let count = |kind| receipt.items.iter().filter(|item| item.kind == kind).count();
    assert_eq!([ErasedKind::Model, ErasedKind::Version, ErasedKind::User].map(count), [2, 3, 1]);
    assert!(!format!("{receipt:?}").contains("ana"), "{receipt:?}");
    let nobody: UserId = "nobody".parse().unwrap();
    assert_eq!(world.machine().request_erasure(&nobody, "r3").await.unwrap(), None);
}

/// As an app does that deletes `users/{userId}` when an account is closed.
#[tokio::test]
async fn whose_record_somebody_else_has_deleted_is_erased_with_the_versions_that_were_left() {
    let world = world().await;
    trained(&world).await;
    world.request().await;
    world.step_to(RunStep::JobCreated).await;
    world.store.lose_user(&world.user_id);
    assert_eq!(world.run_to_end().await.failure.unwrap().code, FailureCode::ConsentRevoked);
    assert_eq!(world.store.user(&world.user_id).await.unwrap(), None, "it is not made anew");

    world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    assert_eq!(world.request().await.id.version, 3, "no number is given out twice");
    world.store.lose_user(&world.user_id);
    world.machine().request_erasure(&world.user_id, "receipt").await.unwrap().unwrap();
    while world.step().await != Next::Done {}
    assert_eq!(world.store.user(&world.user_id).await.unwrap(), None);
    assert_eq!(world.store.versions(&world.user_id).await.unwrap(), []);
    assert_eq!(world.provider.models(), [ModelId::new(BASE)]);
    assert!(world.machine().request_erasure(&world.user_id, "another").await.unwrap().is_none());
}

#[tokio::test]
async fn who_is_being_erased_gives_no_consent_until_it_is_done() {
    let world = world().await;
    trained(&world).await;
    world.request().await;
    world.machine().request_erasure(&world.user_id, "r1").await.unwrap().unwrap();
    let refused = world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap_err();
    assert!(matches!(refused, PipelineError::BeingErased { .. }), "{refused}");
    let user = world.user().await;
    assert_eq!((user.model_status, user.consent.stands()), (ModelStatus::Disabled, false));
    for _ in 0..200 {
        if world.step().await == Next::Done && world.store.user(&world.user_id).await.unwrap().is_none() {
            break;
        }
    }
    let jobs = (world.provider.jobs().len(), world.provider.jobs_created());
    assert_eq!(jobs, (0, 1), "what there was is gone, and nothing was trained any more");
    let user = world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    assert!(user.consent.stands(), "they are a new user then");
}

#[tokio::test]
async fn erasing_finds_the_jobs_and_the_models_that_are_on_no_record() {
    let world = world().await;
    // Its model cannot be made to answer, so that nothing names it.
    world.provider.fail_next(Method::MakeServable, Fault::Refused);
    world.request().await;
    let version = world.run_to_end().await;
    assert!(version.job_id.is_some() && version.fine_tuned_model_id.is_none());
    assert_eq!(world.provider.models().len(), 2);
    // A job is made, the answer is lost, and the run ends before it is found.
    world.provider.fail_next(Method::CreateJob, Fault::CutAfter);
    world.request().await;
    while world.provider.jobs_created() < 2 {
        let _ = world.machine().advance(&world.user_id).await;
    }
    world.machine().request_erasure(&world.user_id, "r1").await.unwrap().unwrap();
    assert_eq!(world.run().await.job_id, None);
    for _ in 0..200 {
        if world.store.user(&world.user_id).await.unwrap().is_none() {
            break;
        }
        world.step().await;
    }
    assert_eq!((world.provider.jobs(), world.provider.models().len()), (Vec::new(), 1));
    assert!(world.provider.files().is_empty() && world.provider.results().is_empty());
}

/// Some hosts list all jobs that there ever were, and give up in the middle once there are too many.
#[tokio::test]
async fn erasing_asks_for_the_jobs_that_are_on_record_by_their_ids() {
    let world = world().await;
    trained(&world).await;
    let looks = world.provider.count(Method::FindJobs);
    world.machine().request_erasure(&world.user_id, "r1").await.unwrap().unwrap();
    while world.store.user(&world.user_id).await.unwrap().is_some() {
        world.step().await;
    }
    assert_eq!(world.provider.count(Method::FindJobs), looks);
    assert!(world.provider.jobs().is_empty());
}

#[tokio::test]
async fn a_model_that_is_not_there_is_suspected_once_confirmed_and_put_back_when_it_answers() {
    let world = world().await;
    let id = trained(&world).await;
    let model = world.user().await.active_model_id.unwrap();
    let machine = world.machine();
    assert_eq!(machine.look_at_model(&id).await.unwrap(), Standing::Answers);
    let healthy = world.run().await;

    world.provider.retire_model(&model);
    // The provider is away when it is asked: the suspicion stands, and the model stays in service.
    world.provider.fail_next(Method::Complete, Fault::Unavailable);
    assert_eq!(machine.suspect_model(&id, Some("req_1")).await.unwrap(), Standing::NotKnown);
    let failure = world.run().await.failure.unwrap();
    assert_eq!((failure.code, failure.request_id.as_deref()), (FailureCode::ModelSuspect, Some("req_1")));
    assert!(matches!(route(Some(&world.user().await), world.clock.now()), Route::FineTuned { .. }));
    let suspected = world.run().await.revision;
    world.provider.fail_next(Method::Complete, Fault::Unavailable);
    machine.suspect_model(&id, Some("req_2")).await.unwrap();
    assert_eq!(world.run().await.revision, suspected, "recorded once");

    assert_eq!(machine.suspect_model(&id, Some("req_3")).await.unwrap(), Standing::Gone);
    let failure = world.run().await.failure.unwrap();
    assert_eq!((failure.code, failure.request_id.as_deref()), (FailureCode::ModelGone, Some("req_1")));
    assert!(failure.message.contains("lists the model and does not serve it"), "{}", failure.message);
    let user = world.user().await;
    assert_eq!((user.model_status, user.active_model_version), (ModelStatus::Failed, 1));
    assert_eq!(route(Some(&user), world.clock.now()), Route::Base { reason: FallbackReason::ModelUnavailable });
    let gone = (world.user().await.revision, world.run().await.revision);
    assert_eq!(machine.look_at_model(&id).await.unwrap(), Standing::Gone);
    assert_eq!((world.user().await.revision, world.run().await.revision), gone, "and nothing is written again");

    world.provider.add_model(&model);
    // The daily look finds it, whether its user chats or not.
    world.machine().look_at_everybody().await.unwrap();
    let (user, version) = (world.user().await, world.run().await);
    assert_eq!((user.model_status, version.failure), (ModelStatus::Ready, None));
    assert_eq!(version.run.step, healthy.run.step);
}

#[tokio::test]
async fn a_new_version_or_an_older_one_takes_the_place_of_a_model_that_is_gone() {
    let world = world().await;
    let first = trained(&world).await;
    trained(&world).await;
    let model = world.user().await.active_model_id.unwrap();
    idiolect_provider::FineTuningProvider::delete_model(
        world.provider.as_ref(),
        &idiolect_provider::ModelId::new(&model),
    )
    .await
    .unwrap();
    let id = world.run().await.id;
    assert_eq!(world.machine().suspect_model(&id, None).await.unwrap(), Standing::Gone);
    assert!(world.run().await.failure.unwrap().message.contains("was deleted there"));
    assert_eq!(world.machine().suspect_model(&first, None).await.unwrap(), Standing::NotServed);
    let back = world.machine().roll_back(&world.user_id).await.unwrap();
    assert_eq!((back.active_model_version, back.model_status), (1, ModelStatus::Ready));

    assert!(world.machine().activate_version(&id).await.is_ok(), "somebody insists");
    assert_eq!(world.machine().suspect_model(&id, None).await.unwrap(), Standing::Gone);
    assert_eq!(world.user().await.model_status, ModelStatus::Failed);
    let third = trained(&world).await;
    let user = world.user().await;
    assert_eq!((user.active_model_version, user.model_status), (third.version, ModelStatus::Ready));
}

/// Somebody who knows better can still activate it by its number.
#[tokio::test]
async fn nobody_is_rolled_back_to_a_model_that_is_gone() {
    let world = world().await;
    let first = trained(&world).await;
    world.provider.retire_model(&world.user().await.active_model_id.unwrap());
    assert_eq!(world.machine().suspect_model(&first, None).await.unwrap(), Standing::Gone);
    trained(&world).await;
    let before = world.user().await;
    let refused = world.machine().roll_back(&world.user_id).await.unwrap_err();
    assert!(refused.to_string().contains("no earlier version"), "{refused}");
    assert_eq!(world.user().await, before, "what answers goes on answering");
    assert_eq!(world.machine().activate_version(&first).await.unwrap().active_model_version, 1);
}

#[tokio::test]
async fn after_a_base_models_end_it_is_named_and_after_revoking_nobody_is_asked() {
    let world = world().await;
    let id = trained(&world).await;
    let model = world.user().await.active_model_id.unwrap();
    world.provider.retire_model(&model);
    world.provider.set_shutdown_date(&model, date(2025, 12, 1));
    assert_eq!(world.machine().suspect_model(&id, None).await.unwrap(), Standing::Gone);
    let message = world.run().await.failure.unwrap().message;
    assert!(message.contains("base-model is shut down there since 2025-12-01"), "{message}");

    world.machine().revoke(&world.user_id).await.unwrap();
    let calls = world.provider.calls().len();
    assert_eq!(world.machine().suspect_model(&id, None).await.unwrap(), Standing::NotServed);
    assert_eq!((world.provider.calls().len(), world.user().await.model_status), (calls, ModelStatus::Disabled));
}
