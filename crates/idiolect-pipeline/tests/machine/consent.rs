//! Consent: nothing is read, uploaded or trained without it, and taking it back works at every step.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use crate::world::World;
use idiolect_pipeline::{Machine, Next, PipelineError};
use idiolect_registry::{Change, Clock, FailureCode, MetadataStore, ModelStatus, Purpose, RunStep, revoke};
use idiolect_testkit::{FakeProvider, Method};

/// Calls that read words or spend money.
const GUARDED: [Method; 3] = [Method::UploadFile, Method::CreateJob, Method::Score];

#[tokio::test]
async fn a_run_needs_consent_to_reading_and_to_training() {
    for purposes in [vec![], vec![Purpose::Extract], vec![Purpose::TrainLocal]] {
        let world = World::with_messages(200, purposes).await;
        let refused = world.try_request().await.unwrap_err();
        assert!(matches!(refused, PipelineError::Consent(_)), "{refused}");
        assert!(world.store.versions(&world.user_id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_hosted_provider_needs_the_hosted_purpose() {
    let mut world = World::with_messages(200, [Purpose::Extract, Purpose::TrainLocal]).await;
    world.provider = Arc::new(FakeProvider::new(crate::world::BASE).hosted());
    assert!(matches!(world.try_request().await.unwrap_err(), PipelineError::Consent(_)));
}

#[tokio::test]
async fn revoking_at_any_step_ends_the_run_and_nothing_guarded_happens_after_it() {
    let whole = World::ready().await;
    whole.request().await;
    let mut steps = 0;
    while whole.step().await != Next::Done {
        steps += 1;
    }
    assert!(steps >= 6, "{steps}");
    for after in 0..=steps {
        let world = World::ready().await;
        world.request().await;
        for _ in 0..after {
            world.step().await;
        }
        let user = revoke(&world.user().await, world.clock.now());
        world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
        let calls = world.provider.calls().len();
        let version = world.run_to_end().await;

        let later = &world.provider.calls()[calls..];
        assert!(later.iter().all(|call| !GUARDED.contains(&call.method)), "after {after} steps: {later:?}");
        let user = world.user().await;
        assert_eq!(user.model_status, ModelStatus::Disabled, "after {after} steps");
        assert_eq!(user.active_model_id, None, "after {after} steps");
        assert!(world.provider.files().is_empty(), "after {after} steps: a training file is left");
        assert!(world.provider.jobs().iter().all(|job| job.status.is_terminal()), "after {after} steps");
        match version.run.step {
            RunStep::Cancelled => assert_eq!(version.failure.unwrap().code, FailureCode::ConsentRevoked),
            RunStep::NotActivated => {}
            other => panic!("after {after} steps the run ended as {other:?}"),
        }
    }
}

/// Everything that the machine does outside, one by one: provider calls, commits, readings.
#[derive(Clone, Copy, Debug)]
enum At {
    /// Within the n-th call of the provider, before it takes effect.
    Call(usize),
    /// Just after the n-th commit.
    Commit(usize),
}

/// How far a whole run gets: calls and commits.
async fn length_of_a_run() -> (usize, usize) {
    let world = World::ready().await;
    world.request().await;
    let commits = world.store.commits();
    world.run_to_end().await;
    (world.provider.calls().len(), world.store.commits() - commits)
}

#[tokio::test]
async fn revoke_within_any_call_and_after_any_commit_ends_the_job_the_file_and_all_reading_and_spending() {
    let (calls, commits) = length_of_a_run().await;
    assert!(calls >= 10 && commits >= 9, "{calls} calls, {commits} commits");
    for at in (0..calls).map(At::Call).chain((0..commits).map(At::Commit)) {
        let world = World::ready().await;
        world.request().await;
        let revoked_at = Arc::new(Mutex::new(None));
        let hook = {
            let (store, provider, clock) = (world.store.clone(), world.provider.clone(), world.clock.clone());
            let (reads, user_id, revoked_at) = (world.reads.clone(), world.user_id.clone(), revoked_at.clone());
            move || {
                store.change_user(&user_id, |user| revoke(user, clock.now()));
                *revoked_at.lock().unwrap() = Some((provider.calls().len(), reads.load(Ordering::SeqCst)));
            }
        };
        match at {
            At::Call(n) => world.provider.at_call(n, hook),
            At::Commit(n) => world.store.after_commit(world.store.commits() + n, hook),
        }
        let version = loop {
            match world.machine().advance(&world.user_id).await {
                Ok(Next::Done) => break world.run().await,
                Ok(Next::WaitUntil(time)) => {
                    world.clock.set(time.max(world.clock.now()));
                }
                Err(error) if error.is_conflict() => {}
                Err(error) => panic!("{at:?}: {error}"),
            }
        };
        let (calls, reads) = revoked_at.lock().unwrap().expect("consent was revoked");
        let later = &world.provider.calls()[calls..];
        let guarded = [Method::UploadFile, Method::CreateJob, Method::Score, Method::Complete];
        assert!(later.iter().all(|call| !guarded.contains(&call.method)), "{at:?}: {later:?}");
        assert_eq!(world.reads.load(Ordering::SeqCst), reads, "{at:?}: messages were read after it");
        assert!(world.provider.files().is_empty(), "{at:?}: a training file is left");
        assert!(world.provider.jobs().iter().all(|job| job.status.is_terminal()), "{at:?}: a job goes on");
        assert!(world.provider.jobs_created() <= 1, "{at:?}");
        let user = world.user().await;
        assert_eq!((user.model_status, user.dispatch.next_at), (ModelStatus::Disabled, None), "{at:?}");
        assert!(!version.run.step.is_under_way(), "{at:?}: {:?}", version.run.step);
    }
}

#[tokio::test]
async fn revoke_stops_the_schedule_and_grant_sets_it_again() {
    let mut world = World::ready().await;
    world.cadence.every = Some(jiff::SignedDuration::from_hours(7 * 24));
    world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    assert!(world.user().await.dispatch.next_at.is_some());
    world.machine().revoke(&world.user_id).await.unwrap();
    assert_eq!(world.user().await.dispatch.next_at, None);
    assert_eq!(world.step().await, Next::Done);
    world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    assert!(world.user().await.dispatch.next_at.is_some());
}
