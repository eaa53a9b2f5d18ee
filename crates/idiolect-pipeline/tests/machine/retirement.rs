//! Base models that are shut down: dates, warnings, and training again on another one.

use idiolect_pipeline::{PipelineError, Successor};
use idiolect_registry::{
    Activation, Change, Clock, FallbackReason, MetadataStore, ModelVersion, Purpose, Route, RunStep, StoreError,
    Trigger, User, VersionId, grant, route,
};
use idiolect_testkit::{CommitFault, Fault, Method};
use jiff::SignedDuration;
use jiff::civil::date;

use crate::lifecycle::{trained, world};
use crate::world::{BASE, World};

#[tokio::test]
async fn retirement_is_recorded_warned_about_once_each_and_the_base_answers_from_the_hour_it_comes() {
    let world = world().await;
    trained(&world).await;
    let start = world.clock.now();
    world.provider.set_shutdown_date("base-model", date(2026, 3, 12));
    let end: jiff::Timestamp = "2026-03-12T00:00:00Z".parse().unwrap();
    let mut warned = Vec::new();
    for day in 0..75 {
        world.clock.set(start + SignedDuration::from_hours(24 * day));
        let report = world.machine().look_at_everybody().await.unwrap().retirement;
        assert_eq!(report.retiring, 1);
        if report.warned > 0 {
            warned.push(world.run().await.retirement_warned_days.unwrap());
        }
    }
    assert_eq!(warned, [60, 30, 7]);
    let user = world.user().await;
    assert_eq!((user.active_retires_at, world.run().await.retires_at), (Some(end), Some(end)));
    let before = end - SignedDuration::from_secs(1);
    assert!(matches!(route(Some(&user), before), Route::FineTuned { version: 1, .. }));
    assert_eq!(route(Some(&user), end), Route::Base { reason: FallbackReason::Retired });
}

#[tokio::test]
async fn a_retiring_version_is_trained_again_on_the_successor_if_consent_covers_it() {
    let mut world = world().await;
    trained(&world).await;
    world.provider.set_shutdown_date("base-model", date(2026, 2, 1));
    world.provider.add_model("next-model");
    world.successor = Some(Successor { provider: "fake".into(), base_model: "next-model".into() });
    let revoked = idiolect_registry::revoke(&world.user().await, world.clock.now());
    let before = world.user().await;
    world.store.commit(vec![Change::PutUser(revoked.clone())]).await.unwrap();
    assert_eq!(world.machine().look_at_everybody().await.unwrap().retirement.retrained, 0, "consent is gone");
    let back = idiolect_registry::User { revision: world.user().await.revision, ..before };
    world.store.commit(vec![Change::PutUser(back)]).await.unwrap();

    assert_eq!(world.machine().look_at_everybody().await.unwrap().retirement.retrained, 1);
    let run = world.run().await;
    assert_eq!((run.run.trigger, run.base_model.as_str()), (Trigger::Retirement, "next-model"));
    assert_eq!(world.run_to_end().await.run.step, RunStep::Activated);
    assert_eq!(world.user().await.active_retires_at, None, "the successor has no end that is known");
    assert_eq!(world.machine().look_at_everybody().await.unwrap().retirement.retrained, 0);
}

/// A served version whose base ends in four weeks, and a successor to train on.
async fn retiring() -> World {
    let mut world = world().await;
    trained(&world).await;
    world.provider.set_shutdown_date(BASE, date(2026, 2, 1));
    world.provider.add_model("next-model");
    world.successor = Some(Successor { provider: "fake".into(), base_model: "next-model".into() });
    world
}

async fn retrained(world: &World) -> usize {
    world.machine().look_at_everybody().await.unwrap().retirement.retrained
}

#[tokio::test]
async fn a_version_on_the_successor_that_waits_or_was_rejected_is_not_trained_again() {
    let mut world = retiring().await;
    world.activation = Activation::AfterReview;
    assert_eq!(retrained(&world).await, 1);
    let waiting = world.run_to_end().await;
    assert_eq!(waiting.run.step, RunStep::AwaitingReview);
    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(retrained(&world).await, 0, "it waits");
    world.machine().reject(&waiting.id, None).await.unwrap();
    assert_eq!(retrained(&world).await, 0, "it was not good enough");
}

#[tokio::test]
async fn what_was_trained_before_the_served_version_or_elsewhere_keeps_nobody_from_the_successor() {
    let mut world = world().await;
    world.provider.add_model("next-model");
    world.activation = Activation::AfterReview;
    let mut on_successor = world.run_request(world.clock.now());
    on_successor.base_model = "next-model".into();
    world.machine().request(&world.user_id, on_successor).await.unwrap();
    let before = world.run_to_end().await;
    assert_eq!((before.run.step, before.base_model.as_str()), (RunStep::AwaitingReview, "next-model"));
    let served = trained(&world).await;
    world.machine().approve(&served).await.unwrap();
    // Waits as well, and ends with the same base.
    trained(&world).await;

    world.provider.set_shutdown_date(BASE, date(2026, 2, 1));
    world.successor = Some(Successor { provider: "fake".into(), base_model: "next-model".into() });
    assert_eq!(retrained(&world).await, 1);
    assert_eq!(world.run().await.base_model, "next-model");
}

#[tokio::test]
async fn a_version_that_waits_at_another_provider_keeps_nobody_from_the_successor() {
    let mut world = retiring().await;
    world.activation = Activation::AfterReview;
    let mut same_base = world.run_request(world.clock.now());
    same_base.base_model = "next-model".into();
    world.machine().request(&world.user_id, same_base).await.unwrap();
    assert_eq!(world.run_to_end().await.run.step, RunStep::AwaitingReview);
    world.successor = Some(Successor { provider: "elsewhere".into(), base_model: "next-model".into() });
    // It was asked to begin there, where nothing is set up: said and counted, and others are looked at all the same.
    let report = world.machine().look_at_everybody().await.unwrap().retirement;
    assert_eq!((report.retiring, report.retrained, report.failed), (1, 0, 1));
}

#[tokio::test]
async fn a_successor_waits_for_whoever_is_at_work_on_the_user_and_says_when_the_store_is_away() {
    let world = retiring().await;
    // The dates are on record; what is written from now on is the run.
    let plain = World { successor: None, ..retiring().await };
    plain.machine().look_at_everybody().await.unwrap();
    let world = World { store: plain.store, provider: plain.provider, clock: plain.clock, ..world };
    world.store.fail_next_commit(CommitFault::Unavailable);
    let failed = world.machine().look_at_everybody().await.unwrap_err();
    assert!(matches!(failed, PipelineError::Store(StoreError::Unavailable { .. })), "{failed}");
    world.store.fail_next_commit(CommitFault::Conflict);
    assert_eq!(retrained(&world).await, 0);
    assert_eq!(retrained(&world).await, 1);
}

#[tokio::test]
async fn a_date_that_is_moved_is_moved_on_both_records_and_one_that_stays_is_not_written_again() {
    let world = world().await;
    let id = trained(&world).await;
    let look = async || world.machine().look_at_everybody().await.unwrap().retirement;
    let dates = async || (world.run().await.retires_at, world.user().await.active_retires_at);
    for (day, text) in [(date(2027, 3, 1), "2027-03-01T00:00:00Z"), (date(2027, 1, 1), "2027-01-01T00:00:00Z")] {
        world.provider.set_shutdown_date(BASE, day);
        assert_eq!(look().await.warned, 0, "far off");
        let end = text.parse().ok();
        assert_eq!(dates().await, (end, end));
    }
    let known = dates().await;
    let commits = world.store.commits();
    look().await;
    assert_eq!(world.store.commits(), commits);

    // What only one of the two has, as after a crash or a rollback, comes to the other.
    let user = world.user().await;
    world.store.commit(vec![Change::PutUser(User { active_retires_at: None, ..user })]).await.unwrap();
    look().await;
    assert_eq!(dates().await, known);
    let version: ModelVersion = world.store.version(&VersionId { ..id }).await.unwrap().unwrap();
    world.store.commit(vec![Change::UpdateVersion(ModelVersion { retires_at: None, ..version })]).await.unwrap();
    look().await;
    assert_eq!(dates().await, known);
}

#[tokio::test]
async fn what_is_trained_ends_with_its_base_unless_its_adapter_is_served_elsewhere() {
    let mut world = world().await;
    let models = format!("[fake.models.\"{BASE}\"]\nshutdown_date = \"2026-05-01\"\n");
    world.make_hosted(&models);
    assert_eq!(world.host().retires_at(BASE), "2026-05-01T00:00:00Z".parse().ok());
    assert_eq!(world.host().retires_at("another"), None);
    assert!(world.host().models_end_with_their_base());
    world.make_hosted(&format!("after_success = \"download_adapter\"\n{models}"));
    assert_eq!(world.host().retires_at(BASE), None);
    assert!(!world.host().models_end_with_their_base());
}

#[tokio::test]
async fn a_provider_that_is_away_or_gone_keeps_only_its_own_users_from_being_looked_at() {
    let world = world().await;
    trained(&world).await;
    world.provider.set_shutdown_date(BASE, date(2026, 2, 1));
    // Served by a provider that is not set up any more; looked at first.
    let now = world.clock.now();
    let mut abe = grant(&User::new("abe".parse().unwrap(), now), Purpose::ALL, now);
    (abe.active_model_version, abe.active_model_id) = (1, Some("gone".into()));
    let id = VersionId { user_id: abe.user_id.clone(), version: 1 };
    let mut version = ModelVersion::requested(id, world.run_request(now), now);
    version.provider = "gone".into();
    abe.latest_model_version = 1;
    world.store.commit(vec![Change::PutUser(abe), Change::CreateVersion(version)]).await.unwrap();

    let report = world.machine().look_at_everybody().await.unwrap().retirement;
    assert_eq!((report.retiring, report.warned, report.failed), (1, 1, 1));
    world.provider.fail_next(Method::Models, Fault::Unavailable);
    let asked = world.provider.count(Method::Models);
    let report = world.machine().look_at_everybody().await.unwrap().retirement;
    assert_eq!((report.retiring, report.failed, world.provider.count(Method::Models)), (0, 2, asked + 1));
}

#[tokio::test]
async fn the_schedule_goes_on_with_the_successor_once_that_is_served() {
    let mut world = retiring().await;
    let week = SignedDuration::from_hours(7 * 24);
    world.cadence.every = Some(week);
    assert_eq!(retrained(&world).await, 1);
    world.until_run_ends().await;
    assert_eq!(world.run().await.run.step, RunStep::Activated);
    let served = world.user().await.active_model_version;

    world.clock.advance(week);
    world.add_messages(200);
    let user = world.user().await;
    world.store.commit(vec![Change::PutUser(due(user, world.clock.now()))]).await.unwrap();
    world.step().await;
    let run = world.run().await;
    assert_eq!((run.run.trigger, run.base_model.as_str()), (Trigger::Schedule, "next-model"));
    assert!(run.id.version > served);
}

/// The user's turn has come.
fn due(mut user: User, now: jiff::Timestamp) -> User {
    user.dispatch.release(Some(now));
    user
}

#[tokio::test]
async fn who_is_being_erased_is_not_trained_again_and_is_no_user_whose_records_need_repair() {
    let mut world = world().await;
    trained(&world).await;
    world.provider.set_shutdown_date("base-model", date(2026, 2, 1));
    world.provider.add_model("next-model");
    world.successor = Some(Successor { provider: "fake".into(), base_model: "next-model".into() });
    world.machine().request_erasure(&world.user_id, "r1").await.unwrap().unwrap();
    let report = world.machine().look_at_everybody().await.unwrap();
    assert_eq!((report.passed_over, report.retirement.retrained), (0, 0));
}

/// A successor that has an end of its own, or is by mistake what is trained on anyway.
#[tokio::test]
async fn what_was_trained_on_the_successor_is_not_trained_there_again_every_day() {
    let world = retiring().await;
    world.provider.set_shutdown_date("next-model", date(2026, 2, 20));
    let mut begun = 0;
    for _ in 0..10 {
        begun += retrained(&world).await;
        world.until_run_ends().await;
        world.clock.advance(SignedDuration::from_hours(24));
    }
    assert_eq!((begun, world.provider.jobs_created()), (1, 2));
    assert_eq!(world.user().await.active_model_version, 2);
}
