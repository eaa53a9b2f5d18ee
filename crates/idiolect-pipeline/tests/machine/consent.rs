//! Consent: nothing is read, uploaded or trained without it, and taking it back works at every step.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use crate::world::World;
use idiolect_pipeline::{Machine, Next, PipelineError};
use idiolect_provider::JobStatus;
use idiolect_registry::{Activation, Change, Clock, FailureCode, MetadataStore, ModelStatus, Purpose, RunStep, revoke};
use idiolect_testkit::{FakeProvider, Fault, JobScript, Method};

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

/// Ways that a run goes, so that every step there is comes up, also those after something went wrong.
#[derive(Clone, Copy, Debug)]
enum Way {
    Straight,
    /// At a provider that training files leave this machine for, and that cannot score.
    Hosted,
    /// The answer of a call is lost after it took effect, so that it is looked for.
    Lost(Method),
    /// A call fails and is made again.
    Again(Method),
    JobFails,
    Review,
    /// Begun by the schedule, which counts the new messages first.
    Scheduled,
}

const WAYS: [Way; 11] = [
    Way::Straight,
    Way::Hosted,
    Way::Lost(Method::UploadFile),
    Way::Lost(Method::CreateJob),
    Way::Again(Method::UploadFile),
    Way::Again(Method::CreateJob),
    Way::Again(Method::Job),
    Way::Again(Method::Complete),
    Way::JobFails,
    Way::Review,
    Way::Scheduled,
];

/// A world in which the next call of the machine begins with that run.
async fn world_on(way: Way) -> World {
    let mut world = World::with_messages(120, Purpose::ALL).await;
    match way {
        Way::Straight => {}
        Way::Hosted => {
            world.make_hosted("");
            world.can_score = false;
        }
        Way::Lost(method) => world.provider.fail_next(method, Fault::CutAfter),
        Way::Again(method) => world.provider.fail_next(method, Fault::Unavailable),
        Way::JobFails => world.provider.script_job(JobScript::fails("server_error")),
        Way::Review => world.activation = Activation::AfterReview,
        Way::Scheduled => {
            world.cadence.every = Some(jiff::SignedDuration::from_hours(7 * 24));
            world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
            world.request().await;
            world.until_run_ends().await;
            world.clock.set(world.user().await.dispatch.next_at.unwrap());
            world.add_messages(60);
            return world;
        }
    }
    world.request().await;
    world
}

/// Calls the machine until there is nothing to do, or only the next week's turn.
async fn drive(world: &World) {
    let runs = world.store.versions(&world.user_id).await.unwrap().len();
    for _ in 0..300 {
        match world.machine().advance(&world.user_id).await {
            Ok(Next::Done) => return,
            Ok(Next::WaitUntil(time)) => {
                let now = world.clock.now();
                let versions = world.store.versions(&world.user_id).await.unwrap();
                let is_over = versions.iter().all(|version| !version.run.step.is_under_way());
                if is_over && (versions.len() > runs || time > now + jiff::SignedDuration::from_hours(24)) {
                    return;
                }
                world.clock.set(time.max(now));
            }
            Err(error) if error.is_conflict() => {}
            // It is said, and the step is on record as one to be made again.
            Err(PipelineError::Provider(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the run does not end");
}

/// What is to be revoked within or after: the calls and commits that come in [`drive`].
async fn moments_of(way: Way) -> Vec<At> {
    let world = world_on(way).await;
    let (calls, commits) = (world.provider.calls().len(), world.store.commits());
    drive(&world).await;
    let (calls, commits) = (world.provider.calls().len() - calls, world.store.commits() - commits);
    assert!(calls >= 6 && commits >= 6, "{way:?}: {calls} calls, {commits} commits");
    (0..calls).map(At::Call).chain((0..commits).map(At::Commit)).collect()
}

#[tokio::test]
async fn revoke_within_any_call_and_after_any_commit_ends_the_job_the_file_and_all_reading_and_spending() {
    for way in WAYS {
        for at in moments_of(way).await {
            revoked(way, at).await;
        }
    }
}

async fn revoked(way: Way, at: At) {
    let world = world_on(way).await;
    let revoked_at = Arc::new(Mutex::new(None));
    let hook = {
        let (store, provider, clock) = (world.store.clone(), world.provider.clone(), world.clock.clone());
        let (reads, user_id, revoked_at) = (world.reads.clone(), world.user_id.clone(), revoked_at.clone());
        move || {
            store.change_user(&user_id, |user| revoke(user, clock.now()));
            let jobs: Vec<_> = provider.jobs().iter().map(|job| job.status.clone()).collect();
            *revoked_at.lock().unwrap() = Some((provider.calls().len(), reads.load(Ordering::SeqCst), jobs));
        }
    };
    let jobs_before = world.provider.jobs().len();
    match at {
        At::Call(n) => world.provider.at_call(n, hook),
        At::Commit(n) => world.store.after_commit(world.store.commits() + n, hook),
    }
    drive(&world).await;
    // What was put off is done.
    drive(&world).await;
    let (calls, reads, jobs) = revoked_at.lock().unwrap().take().expect("consent was revoked");
    let during = (calls > 0 && matches!(at, At::Call(_))).then(|| world.provider.calls()[calls - 1].method);
    let later = &world.provider.calls()[calls..];
    let guarded = [Method::UploadFile, Method::CreateJob, Method::Score, Method::Complete];
    assert!(later.iter().all(|call| !guarded.contains(&call.method)), "{way:?}, {at:?}: {later:?}");
    assert_eq!(world.reads.load(Ordering::SeqCst), reads, "{way:?}, {at:?}: messages were read after it");
    assert!(world.provider.files().is_empty(), "{way:?}, {at:?}: a training file is left");
    for (n, job) in world.provider.jobs().iter().enumerate() {
        match jobs.get(n) {
            Some(over) if over.is_terminal() => assert_eq!(job.status, *over, "{way:?}, {at:?}"),
            // The very look at the job within which consent was revoked may have found it ended.
            _ if during == Some(Method::Job) && job.status.is_terminal() => {}
            _ => assert_eq!(job.status, JobStatus::Cancelled, "{way:?}, {at:?}: the job goes on"),
        }
    }
    assert!(world.provider.jobs_created() <= jobs_before + 1, "{way:?}, {at:?}");
    let user = world.user().await;
    assert_eq!((user.model_status, user.dispatch.next_at), (ModelStatus::Disabled, None), "{way:?}, {at:?}");
    let versions = world.store.versions(&world.user_id).await.unwrap();
    assert!(versions.iter().all(|version| !version.run.step.is_under_way()), "{way:?}, {at:?}");
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

#[tokio::test]
async fn a_run_that_was_revoked_ends_even_if_consent_is_given_again_before_anybody_looks() {
    let world = World::ready().await;
    world.request().await;
    world.step_to(RunStep::JobCreated).await;
    world.machine().revoke(&world.user_id).await.unwrap();
    world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    world.until_run_ends().await;
    let version = world.run().await;
    assert_eq!((version.run.step, version.failure.unwrap().code), (RunStep::Cancelled, FailureCode::ConsentRevoked));
    assert!(world.provider.jobs().iter().all(|job| job.status.is_terminal()) && world.provider.files().is_empty());
}
