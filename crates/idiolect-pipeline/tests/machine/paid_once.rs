//! Exactly one paid job for each run: lost answers, crashes around the create call, two workers at once, a provider that
//! fails at random.

use std::sync::Arc;
use std::time::Duration;

use idiolect_pipeline::{EmbeddedEngine, EmbeddedSettings, Engine, Machine, Next, Pace, PipelineError};
use idiolect_registry::{
    Change, Clock, MetadataStore, ModelStatus, Purpose, RunStep, User, UserId, VersionStatus, grant,
};
use idiolect_testkit::{CommitFault, Fault, JobScript, MemoryStore, Method};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::world::World;

/// A run that has its training file at the provider and no job yet.
async fn before_the_job() -> World {
    let world = World::ready().await;
    world.request().await;
    world.step_to(RunStep::FileUploaded).await;
    world
}

#[tokio::test]
async fn the_intention_is_on_record_before_the_create_call_is_made() {
    let world = before_the_job().await;
    world.provider.fail_next(Method::CreateJob, Fault::Unavailable);
    world.step().await;
    let run = world.run().await.run;
    assert_eq!((run.step, run.job_intents), (RunStep::FileUploaded, 1));
    assert!(run.job_intended_at.is_some());
    assert_eq!(run.trouble.unwrap().code.as_str(), "provider_unavailable");
}

#[tokio::test]
async fn a_crash_after_the_create_call_never_pays_twice() {
    let world = before_the_job().await;
    // The job is made, and neither its answer nor its record survives.
    world.provider.fail_next(Method::CreateJob, Fault::CutAfter);
    world.step().await;
    assert_eq!((world.provider.jobs_created(), world.run().await.job_id), (1, None));
    let version = world.run_to_end().await;
    assert_eq!(world.provider.jobs_created(), 1);
    assert_eq!(version.job_id.unwrap(), world.provider.jobs()[0].id.to_string());
}

#[tokio::test]
async fn a_create_call_of_unknown_outcome_is_made_again_only_after_a_clean_miss_and_a_delay() {
    let world = before_the_job().await;
    world.provider.fail_next(Method::CreateJob, Fault::Unavailable);
    world.step().await;
    let intended = world.run().await.run.job_intended_at.unwrap();
    let mut looks = world.provider.count(Method::FindJobs);
    while world.provider.count(Method::CreateJob) < 2 {
        world.step().await;
        assert!(world.provider.count(Method::FindJobs) > looks, "every step looks before anything else");
        looks = world.provider.count(Method::FindJobs);
    }
    assert!(world.clock.now().duration_since(intended) >= SignedDuration::from_secs(60));
    assert_eq!(world.provider.jobs_created(), 1);
    assert_eq!(world.run().await.run.job_intents, 2);
}

#[tokio::test]
async fn settings_that_train_here_by_now_do_not_hurry_a_run_that_was_begun_elsewhere() {
    let mut world = before_the_job().await;
    world.provider.fail_next(Method::CreateJob, Fault::Unavailable);
    world.step().await;
    world.pace = Pace::default().at_hand(Duration::from_millis(250));
    let intended = world.run().await.run.job_intended_at.unwrap();
    while world.provider.count(Method::CreateJob) < 2 {
        world.step().await;
    }
    assert!(world.clock.now().duration_since(intended) >= SignedDuration::from_secs(60));
}

#[tokio::test]
async fn the_job_is_found_by_its_training_file_where_metadata_is_not_kept() {
    let world = before_the_job().await;
    world.provider.fail_next(Method::CreateJob, Fault::CutAfter);
    world.step().await;
    world.provider.forget_metadata();
    world.run_to_end().await;
    assert_eq!(world.provider.jobs_created(), 1);
}

#[tokio::test]
async fn two_workers_at_the_create_step_pay_once() {
    for order in 0..4 {
        let world = before_the_job().await;
        let (a, b) = (world.machine(), world.machine());
        // Both have read the same record; whoever writes the intention first makes the call.
        let (first, second) = match order {
            0 => tokio::join!(a.advance(&world.user_id), b.advance(&world.user_id)),
            1 => tokio::join!(b.advance(&world.user_id), a.advance(&world.user_id)),
            2 => (a.advance(&world.user_id).await, b.advance(&world.user_id).await),
            _ => {
                // The first dies right after the intention is on record.
                world.store.fail_next_commit(CommitFault::CutAfter);
                (a.advance(&world.user_id).await, b.advance(&world.user_id).await)
            }
        };
        for result in [first, second] {
            match result {
                Ok(_) | Err(PipelineError::Store(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        world.run_to_end().await;
        assert_eq!(world.provider.jobs_created(), 1, "order {order}");
    }
}

#[tokio::test]
async fn nothing_is_paid_where_the_provider_refuses_for_good() {
    let world = before_the_job().await;
    world.provider.fail_next(Method::CreateJob, Fault::Refused);
    let version = world.run_to_end().await;
    assert_eq!(version.run.step, RunStep::Failed);
    let failure = version.failure.unwrap();
    assert_eq!(failure.code.as_str(), "provider_refused");
    assert!(!failure.message.contains("training.base_model"), "another model is no help: {}", failure.message);
    assert_eq!(world.provider.count(Method::CreateJob), 1, "it is not asked again");
    assert!(world.provider.files().is_empty());
}

#[tokio::test]
async fn a_provider_that_never_answers_is_given_up_in_the_end() {
    let mut world = World::ready().await;
    world.pace.give_up_after = Duration::from_secs(3600);
    world.request().await;
    world.provider.fail_share(1.0, 1, &[Method::UploadFile]);
    let version = world.run_to_end().await;
    assert_eq!(version.failure.unwrap().code.as_str(), "provider_unavailable");
    assert!(world.clock.now().duration_since(version.created_at) >= SignedDuration::from_hours(1));
}

/// After each failed call the run waits until it cannot arrive any more, and remembers meanwhile what is wrong.
#[tokio::test]
async fn a_provider_that_never_creates_the_job_is_given_up_in_the_end() {
    let mut world = before_the_job().await;
    world.pace.give_up_after = Duration::from_secs(6 * 3600);
    for _ in 0..1000 {
        world.provider.fail_next(Method::CreateJob, Fault::RateLimited);
    }
    world.step().await;
    world.step().await;
    let run = world.run().await.run;
    assert_eq!(
        (run.trouble.map(|trouble| trouble.code.as_str()), run.dispatch.attempt),
        (Some("provider_unavailable"), 1)
    );
    let version = world.run_to_end().await;
    assert_eq!(version.failure.unwrap().code.as_str(), "provider_unavailable");
    assert!(world.clock.now().duration_since(version.created_at) >= SignedDuration::from_hours(6));
    assert!(world.provider.files().is_empty());
}

#[tokio::test]
async fn a_run_that_waited_long_for_its_turn_is_not_given_up_at_its_first_trouble() {
    let world = World::ready().await;
    world.request().await;
    world.clock.advance(SignedDuration::from_hours(24 * 30));
    for method in [Method::UploadFile, Method::CreateJob] {
        world.provider.fail_next(method, Fault::Unavailable);
    }
    assert!(world.run_to_end().await.job_id.is_some());
}

/// As with a key that was withdrawn before anything was uploaded, or a host that is not there any more.
#[tokio::test]
async fn a_provider_that_lets_nobody_look_for_files_is_given_up_in_the_end_and_holds_up_no_revocation_for_ever() {
    for (fault, revoked) in [Fault::Refused, Fault::Unavailable].into_iter().flat_map(|f| [(f, false), (f, true)]) {
        let world = World::ready().await;
        world.request().await;
        for _ in 0..1000 {
            world.provider.fail_next(Method::FindFiles, fault);
        }
        let begun = world.clock.now();
        while world.run().await.run.step.is_under_way() {
            let _ = world.machine().advance(&world.user_id).await;
            if revoked && world.run().await.run.step == RunStep::DatasetBuilt {
                world.machine().revoke(&world.user_id).await.unwrap();
            }
            world.clock.advance(SignedDuration::from_mins(15));
            let days = world.clock.now().duration_since(begun).as_hours() / 24;
            assert!(days < 5, "{fault:?}, revoked: {revoked}");
        }
        assert!(
            world.clock.now().duration_since(begun) > SignedDuration::from_hours(72),
            "{fault:?}, revoked: {revoked}"
        );
        let step = if revoked { RunStep::Cancelled } else { RunStep::Failed };
        assert_eq!(world.run().await.run.step, step, "{fault:?}, revoked: {revoked}");
    }
}

#[tokio::test]
async fn a_run_that_has_uploaded_nothing_yet_ends_without_its_provider() {
    let world = World::ready().await;
    world.request().await;
    world.machine().revoke(&world.user_id).await.unwrap();
    assert_eq!(world.run_to_end().await.run.step, RunStep::Cancelled);
    assert!(world.provider.calls().is_empty());
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_cancelled() {
    let world = World::ready().await;
    world.provider.script_job(JobScript::succeeds_at_poll(1_000_000));
    world.request().await;
    let mut steps = 0;
    while world.step().await != Next::Done {
        steps += 1;
        assert!(steps < 5000);
    }
    let version = world.run().await;
    assert_eq!(version.failure.unwrap().code.as_str(), "job_timeout");
    assert_eq!(version.status, VersionStatus::Failed);
    assert!(world.provider.jobs().iter().all(|job| job.status.is_terminal()));
    assert!(world.provider.files().is_empty());
}

/// Stopped on one day and gone on with another week.
#[tokio::test]
async fn a_job_in_this_process_is_not_cancelled_for_how_long_ago_it_was_begun() {
    let mut world = before_the_job().await;
    world.pace = Pace::default().at_hand(Duration::from_millis(250));
    world.step_to(RunStep::JobCreated).await;
    world.clock.advance(SignedDuration::from_hours(24 * 7));
    assert!(world.run_to_end().await.fine_tuned_model_id.is_some());
}

#[tokio::test]
async fn a_model_that_never_becomes_ready_ends_the_run_and_is_deleted() {
    let world = World::ready().await;
    world.provider.prepare_for_ever();
    world.request().await;
    let mut steps = 0;
    while world.step().await != Next::Done {
        steps += 1;
        assert!(steps < 5000, "it is asked for ever");
    }
    assert_eq!(world.run().await.failure.unwrap().code.as_str(), "job_timeout");
    assert!(world.provider.models().len() == 1 && world.provider.files().is_empty());
}

/// The list of jobs tells nothing of whose they are; the record does.
#[tokio::test]
async fn the_job_on_record_is_ended_where_metadata_is_not_kept() {
    let world = before_the_job().await;
    world.step_to(RunStep::JobCreated).await;
    world.provider.forget_metadata();
    world.machine().revoke(&world.user_id).await.unwrap();
    world.run_to_end().await;
    assert!(world.provider.jobs().iter().all(|job| job.status == idiolect_provider::JobStatus::Cancelled));
}

/// Time that passes with tokio's, which stands still until all tasks wait.
pub struct TokioClock {
    start: Timestamp,
    begun: tokio::time::Instant,
}

impl TokioClock {
    pub fn at(start: Timestamp) -> Self {
        Self { start, begun: tokio::time::Instant::now() }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        let micros = i64::try_from(self.begun.elapsed().as_micros()).unwrap();
        self.start + SignedDuration::from_micros(micros)
    }
}

/// Issue of record: 200 users, two workers, and one call in five fails, before or after it took effect.
#[tokio::test(start_paused = true)]
async fn two_hundred_runs_at_once_with_a_provider_that_fails_one_call_in_five_are_paid_once_each() {
    const USERS: usize = 200;
    let mut world = World::with_messages(110, Purpose::ALL).await;
    world.can_score = false;
    world.store = Arc::new(MemoryStore::new());
    let clock: Arc<dyn Clock> = Arc::new(TokioClock::at(world.clock.now()));
    let machine = || {
        let mut machine = world.machine();
        machine.clock = clock.clone();
        machine
    };
    let users: Vec<UserId> = (0..USERS).map(|n| format!("user{n}").parse().unwrap()).collect();
    for (n, user_id) in users.iter().enumerate() {
        let now = clock.now();
        let user = grant(&User::new(user_id.clone(), now), Purpose::ALL, now);
        world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
        // Every tenth user's job fails for good, every eleventh's ends without a model.
        world.provider.script_job(match n {
            n if n % 10 == 3 => JobScript::fails("server_error"),
            n if n % 11 == 5 => JobScript::succeeds_without_model(),
            _ => JobScript::succeeds_at_poll(2),
        });
        machine().request(user_id, world.run_request(now)).await.unwrap();
    }
    world.provider.fail_share(
        0.2,
        7,
        &[
            Method::UploadFile,
            Method::FindFiles,
            Method::DeleteFile,
            Method::CreateJob,
            Method::Job,
            Method::FindJobs,
            Method::CancelJob,
            Method::MakeServable,
            Method::DeleteResults,
            Method::Complete,
        ],
    );
    let (stop, stopped) = watch::channel(false);
    let workers: Vec<_> = ["worker-a", "worker-b"]
        .into_iter()
        .map(|owner| {
            let settings = EmbeddedSettings { workers: 8, ..EmbeddedSettings::new(owner) };
            let engine = EmbeddedEngine::new(world.store.clone(), clock.clone(), settings);
            let (machine, stopped) = (Arc::new(machine()), stopped.clone());
            tokio::spawn(async move { engine.run_worker(machine, stopped).await })
        })
        .collect();
    let mut left = USERS;
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
    assert!(world.provider.failed_at_random() > 200, "{}", world.provider.failed_at_random());
    assert_eq!(world.provider.jobs_created(), USERS, "none is paid twice and none is not begun");
    assert!(world.provider.files().is_empty(), "no training file is left");
    assert!(world.provider.results().is_empty(), "nothing is left beside a model");
    for user_id in &users {
        let versions = world.store.versions(user_id).await.unwrap();
        let [version] = versions.as_slice() else { panic!("{user_id} has {} versions", versions.len()) };
        let user = world.store.user(user_id).await.unwrap().unwrap();
        match version.run.step {
            RunStep::Activated => {
                assert_eq!((version.status, user.model_status), (VersionStatus::Succeeded, ModelStatus::Ready));
                assert_eq!(user.active_model_id, version.fine_tuned_model_id);
            }
            RunStep::Failed => {
                assert_eq!(user.model_status, ModelStatus::Failed);
                let code = version.failure.as_ref().unwrap().code.as_str();
                assert!(["job_failed", "no_model"].contains(&code), "{user_id}: {code}");
            }
            other => panic!("{user_id} ended at {other:?}"),
        }
        assert_eq!(version.run.dispatch.lease_owner, None, "{user_id}");
    }
}
