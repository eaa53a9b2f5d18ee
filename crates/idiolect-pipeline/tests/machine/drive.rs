//! A run driven in the foreground: to its end, until somebody stops it, past a wait, after another process.

use std::sync::Arc;
use std::time::Duration;

use idiolect_pipeline::{Driven, EmbeddedSettings, TrainingMachine, drive};
use idiolect_registry::{Change, Clock, FailureCode, MetadataStore, ModelVersion, RunStep, VersionId, postpone};
use idiolect_testkit::Method;
use jiff::SignedDuration;
use tokio::sync::watch;

use crate::paid_once::TokioClock;
use crate::world::World;

/// A requested run, and a machine whose time passes while the driver waits.
async fn requested() -> (World, TrainingMachine) {
    let mut world = World::ready().await;
    world.can_score = false;
    let mut machine = world.machine();
    machine.clock = Arc::new(TokioClock::at(world.clock.now()));
    world.request().await;
    (world, machine)
}

async fn to_the_end(world: &World, machine: &TrainingMachine) -> ModelVersion {
    let (_nobody_stops_it, stop) = watch::channel(false);
    match drive(machine, EmbeddedSettings::new("here"), &world.user_id, stop).await.unwrap() {
        Driven::Finished(Some(version)) => *version,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_is_driven_to_its_end_and_left_to_nobody() {
    let (world, machine) = requested().await;
    let version = to_the_end(&world, &machine).await;
    assert_eq!((version.run.step, version.run.dispatch.lease_owner), (RunStep::Activated, None));
    let (_nobody_stops_it, stop) = watch::channel(false);
    let driven = drive(&machine, EmbeddedSettings::new("here"), &world.user_id, stop).await.unwrap();
    assert!(matches!(driven, Driven::Finished(None)), "and then there is none to drive");
}

#[tokio::test(start_paused = true)]
async fn stopping_ends_the_driving_between_two_steps_and_leaves_the_run_due_at_once_to_anybody() {
    let (world, machine) = requested().await;
    let (ask, stop) = watch::channel(false);
    // Asked for within a call: that step is brought to its record first.
    world.provider.at_call(0, move || assert!(!ask.send_replace(true)));
    let driven = drive(&machine, EmbeddedSettings::new("here"), &world.user_id, stop).await.unwrap();
    assert!(matches!(driven, Driven::Interrupted), "{driven:?}");
    let run = world.run().await.run;
    assert_eq!((run.step, run.dispatch.lease_owner.clone()), (RunStep::FileUploaded, None));
    assert!(run.dispatch.next_at.is_some_and(|at| at <= machine.clock.now()), "{run:?}");
    assert_eq!(to_the_end(&world, &machine).await.run.step, RunStep::Activated, "the next call goes on from there");
    assert_eq!((world.provider.count(Method::UploadFile), world.provider.jobs_created()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_in_person_does_not_wait_for_a_time_that_was_set_after_some_trouble() {
    let (world, machine) = requested().await;
    let begun = machine.clock.now();
    let later = begun + SignedDuration::from_hours(24 * 3);
    let put_off = postpone(&world.run().await, later, None, begun);
    world.store.commit(vec![Change::UpdateVersion(put_off)]).await.unwrap();
    assert_eq!(to_the_end(&world, &machine).await.run.step, RunStep::Activated);
    assert!(machine.clock.now() < later);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_another_process_is_at_work_on_is_taken_when_its_lease_ends() {
    let (world, machine) = requested().await;
    let ends = machine.clock.now() + SignedDuration::from_mins(5);
    let mut held = world.run().await;
    held.run.dispatch.claim("elsewhere", ends);
    world.store.commit(vec![Change::UpdateVersion(held)]).await.unwrap();
    let (ask, stop) = watch::channel(false);
    let watched = async {
        tokio::time::sleep(Duration::from_secs(290)).await;
        assert!(world.provider.calls().is_empty(), "it is the other one's until then");
        std::future::pending::<()>().await;
    };
    let driven = tokio::select! {
        driven = drive(&machine, EmbeddedSettings::new("here"), &world.user_id, stop) => driven.unwrap(),
        () = watched => unreachable!(),
    };
    drop(ask);
    assert!(matches!(driven, Driven::Finished(Some(_))), "{driven:?}");
    assert!(machine.clock.now() >= ends);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_ends_badly_or_is_erased_needs_no_more_driving() {
    let (world, machine) = requested().await;
    world.messages.lock().unwrap().truncate(3);
    let version = to_the_end(&world, &machine).await;
    assert_eq!(version.failure.unwrap().code, FailureCode::InsufficientData);
    let id = VersionId { version: 2, ..version.id };
    world.request().await;
    world.machine().request_erasure(&world.user_id, "r1").await.unwrap().unwrap();
    assert_eq!(to_the_end(&world, &machine).await.id, id);
}

/// Another process ends the run and erases it while this one waits for its lease.
#[tokio::test(start_paused = true)]
async fn a_run_whose_record_goes_while_it_is_waited_for_needs_no_more_driving() {
    let (world, machine) = requested().await;
    let mut held = world.run().await;
    held.run.dispatch.claim("elsewhere", machine.clock.now() + SignedDuration::from_mins(5));
    world.store.commit(vec![Change::UpdateVersion(held)]).await.unwrap();
    let erased = async {
        tokio::time::sleep(Duration::from_secs(100)).await;
        let run = world.run().await;
        let delete = Change::DeleteVersion { version: run.id, revision: run.revision };
        world.store.commit(vec![delete]).await.unwrap();
    };
    let (_nobody_stops_it, stop) = watch::channel(false);
    let (driven, ()) = tokio::join!(drive(&machine, EmbeddedSettings::new("here"), &world.user_id, stop), erased);
    assert!(matches!(driven.unwrap(), Driven::Finished(None)));
}

/// Within the first call of the run, its record says until when it is held.
#[tokio::test]
async fn a_driven_run_is_held_for_as_long_as_the_settings_say() {
    let world = World::ready().await;
    world.request().await;
    let (store, user_id) = (world.store.clone(), world.user_id.clone());
    let held = std::sync::Arc::new(std::sync::Mutex::new(None));
    let (seen, now) = (held.clone(), world.clock.now());
    world.provider.at_call(0, move || {
        let versions = std::pin::pin!(store.versions(&user_id));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let std::task::Poll::Ready(Ok(versions)) = versions.poll(&mut context) else {
            panic!("the store does not wait")
        };
        *seen.lock().unwrap() = versions[0].run.dispatch.lease_until;
    });
    let settings = EmbeddedSettings { lease: std::time::Duration::from_secs(7), ..EmbeddedSettings::new("here") };
    let (stop, stopped) = watch::channel(false);
    let (machine, user_id) = (world.machine(), world.user_id.clone());
    let driving = drive(&machine, settings, &user_id, stopped);
    tokio::select! {
        _ = driving => {}
        () = async { while held.lock().unwrap().is_none() { tokio::task::yield_now().await } } => {}
    }
    drop(stop);
    assert_eq!(*held.lock().unwrap(), Some(now + SignedDuration::from_secs(7)));
}
