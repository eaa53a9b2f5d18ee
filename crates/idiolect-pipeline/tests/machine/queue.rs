//! Providers that take so many jobs at a time, so many tokens and so many bytes.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use idiolect_pipeline::{EmbeddedEngine, EmbeddedSettings, Engine, Machine, Next, Queue};
use idiolect_registry::{
    Change, Clock, FailureCode, MetadataStore, ModelVersion, Purpose, RunEvent, RunStep, User, UserId, VersionStatus,
    apply, grant,
};
use idiolect_testkit::{JobScript, MemoryStore, Method};
use jiff::SignedDuration;
use tokio::sync::watch;

use crate::paid_once::TokioClock;
use crate::world::World;

/// Time passes by itself, and nobody is there yet.
async fn world(profile: &str) -> (World, Arc<dyn Clock>) {
    let mut world = World::with_messages(110, Purpose::ALL).await;
    world.can_score = false;
    world.make_hosted(profile);
    world.store = Arc::new(MemoryStore::new());
    let clock: Arc<dyn Clock> = Arc::new(TokioClock::at(world.clock.now()));
    (world, clock)
}

/// Users whose runs are requested one after the other.
async fn requested(world: &World, clock: &Arc<dyn Clock>, count: usize) -> Vec<UserId> {
    let users: Vec<UserId> = (0..count).map(|n| format!("user{n}").parse().unwrap()).collect();
    for user_id in &users {
        let now = clock.now();
        let user = grant(&User::new(user_id.clone(), now), Purpose::ALL, now);
        world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
        let mut machine = world.machine();
        machine.clock = clock.clone();
        machine.request(user_id, world.run_request(now)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    users
}

/// Two workers, until no run is under way.
async fn drive_all(world: &World, clock: &Arc<dyn Clock>) {
    let (stop, stopped) = watch::channel(false);
    let workers: Vec<_> = ["worker-a", "worker-b"]
        .into_iter()
        .map(|owner| {
            let settings = EmbeddedSettings { workers: 8, ..EmbeddedSettings::new(owner) };
            let engine = EmbeddedEngine::new(world.store.clone(), clock.clone(), settings);
            let mut machine = world.machine();
            machine.clock = clock.clone();
            let (machine, stopped) = (Arc::new(machine), stopped.clone());
            tokio::spawn(async move { engine.run_worker(machine, stopped).await })
        })
        .collect();
    let mut left = usize::MAX;
    for _ in 0..10_000 {
        tokio::time::sleep(Duration::from_secs(60)).await;
        left = world.store.unfinished().await.unwrap().records.len();
        if left == 0 {
            break;
        }
    }
    stop.send_replace(true);
    for worker in workers {
        worker.await.unwrap().unwrap();
    }
    assert_eq!(left, 0, "runs that did not end");
}

async fn all_are_served(world: &World, users: &[UserId]) {
    for user_id in users {
        let version = world.store.versions(user_id).await.unwrap().remove(0);
        assert_eq!((version.run.step, version.status), (RunStep::Activated, VersionStatus::Succeeded), "{user_id}");
        assert_eq!(version.failure, None);
    }
}

#[tokio::test(start_paused = true)]
async fn runs_wait_for_one_of_the_providers_places_in_the_order_in_which_they_came() {
    const USERS: usize = 40;
    let (world, clock) = world("max_concurrent_jobs = 2").await;
    // One job more would be refused, which the queue here is to make sure of.
    world.provider.cap_jobs(2);
    let users = requested(&world, &clock, USERS).await;
    drive_all(&world, &clock).await;
    assert_eq!((world.provider.jobs_refused(), world.provider.most_jobs_at_once()), (0, 2));
    assert_eq!(world.provider.jobs_created(), USERS);
    all_are_served(&world, &users).await;
    let mut begun = Vec::new();
    for (n, user_id) in users.iter().enumerate() {
        begun.push((world.store.versions(user_id).await.unwrap()[0].job_id.clone().unwrap(), n));
    }
    let place = |job: &str| world.provider.jobs().iter().position(|made| made.id.as_str() == job).unwrap();
    begun.sort_by_key(|(job, _)| place(job));
    // Two that may both go on do so in either order.
    for (at, (_, n)) in begun.iter().enumerate() {
        assert!(at.abs_diff(*n) <= 1, "run {n} got place {at}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_takes_fewer_jobs_than_its_profile_says_is_waited_for_by_its_own_word() {
    const USERS: usize = 40;
    let (world, clock) = world("max_concurrent_jobs = 5").await;
    world.provider.cap_jobs(2);
    let users = requested(&world, &clock, USERS).await;
    drive_all(&world, &clock).await;
    assert!(world.provider.jobs_refused() > 0, "nobody told that the provider takes fewer");
    assert_eq!((world.provider.most_jobs_at_once(), world.provider.jobs_created()), (2, USERS));
    all_are_served(&world, &users).await;
}

#[tokio::test(start_paused = true)]
async fn the_places_are_kept_while_calls_fail_at_random() {
    const USERS: usize = 40;
    let (world, clock) = world("max_concurrent_jobs = 3").await;
    let users = requested(&world, &clock, USERS).await;
    world.provider.fail_share(0.2, 11, &[Method::UploadFile, Method::CreateJob, Method::Job, Method::FindJobs]);
    drive_all(&world, &clock).await;
    assert!(world.provider.failed_at_random() > 20, "{}", world.provider.failed_at_random());
    assert!(world.provider.most_jobs_at_once() <= 3, "{}", world.provider.most_jobs_at_once());
    assert_eq!(world.provider.jobs_created(), USERS);
    all_are_served(&world, &users).await;
}

#[tokio::test]
async fn no_words_are_read_before_the_run_has_its_turn() {
    let mut world = World::ready().await;
    world.make_hosted("max_concurrent_jobs = 1");
    world.can_score = false;
    world.provider.script_job(JobScript::succeeds_at_poll(4));
    world.request().await;
    let other: UserId = "ben".parse().unwrap();
    let now = world.clock.now();
    let ben = grant(&User::new(other.clone(), now), Purpose::ALL, now);
    world.store.commit(vec![Change::PutUser(ben)]).await.unwrap();
    world.clock.advance(SignedDuration::from_secs(1));
    world.machine().request(&other, world.run_request(world.clock.now())).await.unwrap();
    let (reads, uploads) = (|| world.reads.load(std::sync::atomic::Ordering::SeqCst), || world.provider.files().len());
    let Next::WaitUntil(until) = world.machine().advance(&other).await.unwrap() else { panic!("it does not wait") };
    assert!(until > world.clock.now());
    assert_eq!((reads(), uploads()), (0, 0));
    let waiting = world.store.versions(&other).await.unwrap().remove(0);
    assert_eq!((waiting.run.step, waiting.run.trouble, waiting.run.dispatch.attempt), (RunStep::Requested, None, 0));

    while world.run().await.run.step < RunStep::JobEnded {
        world.step().await;
        let before = (reads(), world.provider.jobs_created());
        assert!(matches!(world.machine().advance(&other).await.unwrap(), Next::WaitUntil(_)) || before.1 == 1);
        if world.run().await.run.step < RunStep::JobEnded {
            assert_eq!((reads(), world.provider.jobs_created()), before, "ben waits");
        }
    }
    for _ in 0..50 {
        if let Next::WaitUntil(time) = world.machine().advance(&other).await.unwrap() {
            world.clock.set(time.max(world.clock.now()));
        }
        if world.store.versions(&other).await.unwrap()[0].job_id.is_some() {
            return;
        }
    }
    panic!("ben never gets a place");
}

/// As two machines whose clocks differ, each of which thought that it was first.
#[tokio::test]
async fn a_run_that_finds_others_in_all_places_steps_back_before_it_calls() {
    let mut world = World::ready().await;
    world.make_hosted("max_concurrent_jobs = 1");
    world.can_score = false;
    world.request().await;
    world.step_to(RunStep::FileUploaded).await;
    let (now, ben): (_, UserId) = (world.clock.now(), "ben".parse().unwrap());
    let mut user = grant(&User::new(ben.clone(), now), Purpose::ALL, now);
    user.latest_model_version = 1;
    let mut bens = ModelVersion { revision: 0, ..world.run().await };
    bens.id.user_id = ben;
    bens.created_at += SignedDuration::from_secs(60);
    world.store.commit(vec![Change::PutUser(user), Change::CreateVersion(bens.clone())]).await.unwrap();
    bens.revision = 1;
    // Just after ana's run has written down that it is about to create its job, ben's has done the same.
    let store = world.store.clone();
    world.store.after_commit(world.store.commits(), move || {
        let intended = apply(&bens, RunEvent::JobIntended, now).unwrap();
        let commit = std::pin::pin!(store.commit(vec![Change::UpdateVersion(intended)]));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(matches!(commit.poll(&mut context), std::task::Poll::Ready(Ok(()))));
    });
    world.step().await;
    let run = world.run().await.run;
    assert_eq!((run.step, run.job_intended_at, run.job_intents), (RunStep::FileUploaded, None, 0));
    assert_eq!(world.provider.jobs_created(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_run_looks_again_the_later_the_more_are_before_it() {
    let (world, clock) = world("max_concurrent_jobs = 2").await;
    let users = requested(&world, &clock, 6).await;
    for (user_id, before) in [(&users[2], 1), (&users[5], 4)] {
        let mut machine = world.machine();
        machine.clock = clock.clone();
        let Next::WaitUntil(time) = machine.advance(user_id).await.unwrap() else { panic!("{user_id} does not wait") };
        let wait = time.duration_since(clock.now()).as_secs_f64() / world.pace.poll.shortest.as_secs_f64();
        let before = f64::from(before);
        assert!((0.9 * before..=1.1 * before).contains(&wait), "{user_id}: {wait} looks at a job");
    }
}

#[tokio::test]
async fn what_counts_as_ahead() {
    let mut world = World::ready().await;
    world.make_hosted("max_concurrent_jobs = 1");
    world.request().await;
    let mine = world.run().await;
    let other = |change: &dyn Fn(&mut ModelVersion)| {
        let mut other = mine.clone();
        other.id.user_id = "ben".parse().unwrap();
        other.created_at += SignedDuration::from_secs(1);
        change(&mut other);
        other
    };
    let profile = world.host().profile;
    let max_job = Duration::from_secs(48 * 3600);
    let now = world.clock.now() + SignedDuration::from_hours(1);
    let before =
        |others: &[ModelVersion]| Queue::before(&mine, others, &profile, max_job, now).map(|queue| queue.ahead);
    assert_eq!(before(std::slice::from_ref(&mine)), None, "itself");
    assert_eq!(before(&[other(&|_| ())]), None, "who came later");
    let earlier = |other: &mut ModelVersion| other.created_at = mine.created_at - SignedDuration::from_secs(1);
    assert_eq!(before(&[other(&earlier)]), Some(1), "who came earlier");
    assert_eq!(before(&[other(&|o| o.run.step = RunStep::JobCreated)]), Some(1), "who has a job");
    assert_eq!(before(&[other(&|o| o.run.step = RunStep::JobEnded)]), None, "whose job has ended");
    let elsewhere = |other: &mut ModelVersion| {
        earlier(other);
        other.provider = "elsewhere".into();
    };
    assert_eq!(before(&[other(&elsewhere)]), None, "another provider");
    let in_trouble = |other: &mut ModelVersion| {
        earlier(other);
        other.run.trouble = Some(idiolect_registry::Failure::new(FailureCode::ProviderUnavailable, "away"));
    };
    assert_eq!(before(&[other(&in_trouble)]), None, "a run in trouble keeps nobody waiting");
    let forgotten = |other: &mut ModelVersion| {
        other.run.step = RunStep::JobCreated;
        other.run.job_intended_at = Some(now - SignedDuration::from_hours(49));
    };
    assert_eq!(before(&[other(&forgotten)]), None, "a job that is over, whatever its record says");
    let many: BTreeSet<_> = [1, 2, 3].into();
    let three: Vec<_> = many.iter().map(|n| other(&|o| o.id.user_id = format!("b{n}").parse().unwrap())).collect();
    assert_eq!(before(&three), None);

    // A run whose own call has an unknown outcome yields to jobs and to earlier calls alone.
    let called = now - SignedDuration::from_mins(5);
    let mut calling = mine.clone();
    (calling.run.step, calling.run.job_intended_at) = (RunStep::FileUploaded, Some(called));
    let before = |change: &dyn Fn(&mut ModelVersion)| {
        Queue::before(&calling, &[other(change)], &profile, max_job, now).map(|queue| queue.ahead)
    };
    let call = |other: &mut ModelVersion, at| {
        (other.run.step, other.run.job_intended_at) = (RunStep::FileUploaded, Some(at));
    };
    let second = SignedDuration::from_secs(1);
    assert_eq!(before(&|o| call(o, called - second)), Some(1), "called earlier");
    assert_eq!(before(&|o| call(o, called + second)), None, "called later");
    assert_eq!(before(&|o| call(o, called)), None, "at the same time, and behind by name");
    let first = |other: &mut ModelVersion| {
        call(other, called);
        other.id.user_id = "abe".parse().unwrap();
    };
    assert_eq!(before(&first), Some(1), "at the same time, and first by name");
    let has_job = |other: &mut ModelVersion| {
        call(other, called + second);
        other.run.step = RunStep::JobCreated;
    };
    assert_eq!(before(&has_job), Some(1), "who has a job, whenever they called");
    assert_eq!(before(&earlier), None, "who came earlier and has not called");
}

async fn refused(profile: &str) -> (World, ModelVersion) {
    let mut world = World::ready().await;
    world.can_score = false;
    world.make_hosted(profile);
    world.request().await;
    let version = world.run_to_end().await;
    (world, version)
}

#[tokio::test]
async fn more_tokens_or_bytes_than_the_provider_takes_are_refused_before_anything_is_sent_or_set_aside() {
    for (profile, says) in
        [("max_training_tokens = 1000", "tokens ("), ("max_file_bytes = 1000", "bytes, and fake takes at most 1000")]
    {
        let (world, version) = refused(profile).await;
        let failure = version.failure.unwrap();
        assert_eq!((version.run.step, failure.code), (RunStep::Refused, FailureCode::TrainingTooLarge));
        assert!(failure.message.contains(says) && failure.message.contains("profiles.fake."), "{}", failure.message);
        assert_eq!((world.provider.count(Method::UploadFile), world.provider.jobs_created()), (0, 0));
        assert_eq!(version.cost.estimated, None);
    }
    // Epochs count: three are what a hosted run without a number takes.
    let (_, enough) = refused("").await;
    let tokens = enough.token_estimate;
    let (_, fits) = refused(&format!("max_training_tokens = {}", 3 * tokens)).await;
    assert_eq!(fits.run.step, RunStep::Activated);
    let (_, too_many) = refused(&format!("max_training_tokens = {}", 3 * tokens - 1)).await;
    assert_eq!(too_many.run.step, RunStep::Refused);

    // To the byte, the mark before the file included where the provider asks for one.
    let (_, file) = refused("max_file_bytes = 1000").await;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap();
    let bytes = digits(file.failure.unwrap().message.split(" bytes").next().unwrap());
    for (more, step) in [
        (format!("max_file_bytes = {bytes}"), RunStep::Activated),
        (format!("max_file_bytes = {}", bytes - 1), RunStep::Refused),
        (format!("bom = true\nmax_file_bytes = {}", bytes + 3), RunStep::Activated),
        (format!("bom = true\nmax_file_bytes = {}", bytes + 2), RunStep::Refused),
    ] {
        assert_eq!(refused(&more).await.1.run.step, step, "{more:?}");
    }
}

#[tokio::test]
async fn the_profile_says_how_long_a_training_example_may_be() {
    // All are longer, and none is left.
    let (world, version) = refused("models.\"base-model\".training_context_tokens = 20").await;
    let failure = version.failure.unwrap();
    assert_eq!((version.run.step, failure.code), (RunStep::Failed, FailureCode::InvalidTrainingFile));
    assert!(failure.message.contains("too_few_examples (0 found, 10 needed)"), "{}", failure.message);
    assert_eq!((world.provider.count(Method::UploadFile), world.provider.jobs_created()), (0, 0));
    let (_, fits) = refused("models.\"base-model\".training_context_tokens = 2000").await;
    assert_eq!(fits.run.step, RunStep::Activated);
}

#[tokio::test]
async fn messages_too_long_for_the_base_model_keep_no_other_from_being_trained_on_and_measured() {
    let mut world = World::ready().await;
    world.profile = Some("models.\"base-model\".training_context_tokens = 2000".into());
    {
        let mut messages = world.messages.lock().unwrap();
        let (first, last) = (10, messages.len() - 2);
        for place in [first, last] {
            messages[place].text = format!("a story about a lighthouse {place} ").repeat(400);
        }
    }
    world.request().await;
    let version = world.run_to_end().await;
    assert_eq!(
        (world.provider.jobs_created(), version.eval.holdout_loss.is_some()),
        (1, true),
        "{:?}",
        version.failure
    );
}
