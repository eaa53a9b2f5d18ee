//! Leases of the embedded engine: whose a user is, from when on they are somebody else's, and what a kick changes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use idiolect_pipeline::{EmbeddedEngine, EmbeddedSettings, Engine, Machine, Next, PipelineError};
use idiolect_registry::{Change, Clock, MetadataStore, ModelVersion, Purpose, StoreError, User, UserId};
use idiolect_testkit::MemoryStore;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::paid_once::TokioClock;
use crate::world::World;

/// Counts calls and asks to be called again after so long, once it has failed as it is told to.
struct Waiting {
    calls: AtomicUsize,
    clock: Arc<dyn Clock>,
    wait: SignedDuration,
    fails: Mutex<Option<StoreError>>,
}

#[async_trait]
impl Machine for Waiting {
    async fn advance(&self, _: &UserId) -> Result<Next, PipelineError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if let Some(error) = self.fails.lock().unwrap().take() {
            return Err(error.into());
        }
        Ok(Next::WaitUntil(self.clock.now() + self.wait))
    }
}

struct Bench {
    world: World,
    clock: Arc<dyn Clock>,
    machine: Arc<Waiting>,
}

impl Bench {
    /// A requested run, and a machine that wants to be called every hour.
    async fn new() -> Self {
        Self::waiting(SignedDuration::from_hours(1), None).await
    }

    async fn waiting(wait: SignedDuration, fails: Option<StoreError>) -> Self {
        let world = World::ready().await;
        world.request().await;
        let clock: Arc<dyn Clock> = Arc::new(TokioClock::at(world.clock.now()));
        let machine = Waiting { calls: AtomicUsize::new(0), clock: clock.clone(), wait, fails: Mutex::new(fails) };
        Self { world, clock, machine: Arc::new(machine) }
    }

    fn engine(&self, owner: &str) -> EmbeddedEngine {
        EmbeddedEngine::new(self.world.store.clone(), self.clock.clone(), EmbeddedSettings::new(owner))
    }

    async fn change(&self, change: impl FnOnce(&mut ModelVersion)) {
        let mut version = self.world.run().await;
        change(&mut version);
        self.world.store.commit(vec![Change::UpdateVersion(version)]).await.unwrap();
    }

    /// Lets a worker of this name work for so long, and says how often it called the machine.
    async fn works(&self, owner: &str, time: Duration) -> usize {
        let before = self.machine.calls.load(Ordering::SeqCst);
        let (stop, stopped) = watch::channel(false);
        let (engine, machine) = (self.engine(owner), self.machine.clone());
        let worker = tokio::spawn(async move { engine.run_worker(machine, stopped).await });
        tokio::time::sleep(time).await;
        stop.send_replace(true);
        worker.await.unwrap().unwrap();
        self.machine.calls.load(Ordering::SeqCst) - before
    }

    async fn next_at(&self) -> Option<Timestamp> {
        self.world.run().await.run.dispatch.next_at
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_process_that_bears_the_name_of_a_dead_one_goes_on_at_once_and_others_after_the_lease() {
    let bench = Bench::new().await;
    let ends = bench.clock.now() + SignedDuration::from_hours(1);
    bench.change(|version| version.run.dispatch.claim("a", ends)).await;
    assert_eq!(bench.works("b", MINUTE).await, 0, "it may still be alive");
    assert!(bench.works("a", MINUTE).await > 0, "nobody else has its name");
    assert!(bench.next_at().await.unwrap() < ends + SignedDuration::from_mins(5));
}

#[tokio::test(start_paused = true)]
async fn a_user_who_has_to_wait_is_nobodys_and_due_then() {
    let bench = Bench::new().await;
    let begun = bench.clock.now();
    assert_eq!(bench.works("a", MINUTE * 30).await, 1);
    let dispatch = bench.world.run().await.run.dispatch;
    assert_eq!(dispatch.lease_owner, None);
    let next = dispatch.next_at.unwrap().duration_since(begun);
    assert!(next >= SignedDuration::from_hours(1) && next < SignedDuration::from_mins(61), "{next:?}");
    assert_eq!(bench.works("b", MINUTE * 60).await, 1, "and whoever is there then takes them");
}

/// As when somebody cancels a run while its step goes on elsewhere, or has died there: each look reads the store.
#[tokio::test(start_paused = true)]
async fn who_is_kicked_while_another_process_holds_them_is_looked_at_as_often_as_others_and_not_without_a_pause() {
    let bench = Bench::new().await;
    let ends = bench.clock.now() + SignedDuration::from_mins(5);
    bench.change(|version| version.run.dispatch.claim("b", ends)).await;
    bench.world.machine().cancel(&bench.world.user_id).await.unwrap();
    let before = bench.world.store.usage().reads;
    assert_eq!(bench.works("a", MINUTE).await, 0);
    let reads = bench.world.store.usage().reads - before;
    assert!(reads < 1000, "{reads} in a minute");
    assert_eq!(bench.works("a", MINUTE * 5).await, 1, "and taken when the lease ends");
}

#[tokio::test(start_paused = true)]
async fn a_kick_makes_a_waiting_run_due_and_writes_nothing_where_it_is_due_already() {
    let bench = Bench::new().await;
    let later = bench.clock.now() + SignedDuration::from_hours(5);
    bench.change(|version| version.run.dispatch.next_at = Some(later)).await;
    let engine = bench.engine("a");
    let commits = bench.world.store.commits();
    engine.kick(&bench.world.user_id).await.unwrap();
    assert_eq!(bench.next_at().await, Some(bench.clock.now()));
    engine.kick(&bench.world.user_id).await.unwrap();
    assert_eq!(bench.world.store.commits() - commits, 1);
}

#[tokio::test(start_paused = true)]
async fn a_kick_between_runs_wakes_an_erasure_and_leaves_the_weekly_turn_its_time() {
    let bench = Bench::new().await;
    bench.world.run_to_end().await;
    let turn = bench.clock.now() + SignedDuration::from_hours(24);
    let mut user = bench.world.user().await;
    user.dispatch.release(Some(turn));
    bench.world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
    let engine = bench.engine("a");
    engine.kick(&bench.world.user_id).await.unwrap();
    assert_eq!(bench.world.user().await.dispatch.next_at, Some(turn));

    bench.world.machine().request_erasure(&bench.world.user_id, "r1").await.unwrap().unwrap();
    let mut user = bench.world.user().await;
    user.dispatch.release(Some(turn));
    bench.world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
    engine.kick(&bench.world.user_id).await.unwrap();
    assert_eq!(bench.world.user().await.dispatch.next_at, Some(bench.clock.now()));
}

#[tokio::test(start_paused = true)]
async fn a_users_turn_that_comes_during_a_run_waits_for_the_run() {
    let bench = Bench::new().await;
    let later = bench.clock.now() + SignedDuration::from_hours(5);
    bench.change(|version| version.run.dispatch.next_at = Some(later)).await;
    let mut user = bench.world.user().await;
    user.dispatch.release(Some(bench.clock.now()));
    bench.world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
    assert_eq!(bench.works("a", MINUTE).await, 0);
    assert_eq!(bench.world.user().await.dispatch.next_at, Some(later));
}

/// Records are written over a network in many installations, so neither at every step nor too late.
#[tokio::test(start_paused = true)]
async fn a_user_who_is_held_through_short_waits_is_claimed_anew_when_half_of_the_lease_is_over() {
    let bench = Bench::waiting(SignedDuration::from_secs(1), None).await;
    let commits = bench.world.store.commits();
    let calls = bench.works("a", MINUTE * 10).await;
    assert!(calls > 500, "{calls}");
    let commits = bench.world.store.commits() - commits;
    assert!((9..=13).contains(&commits), "one for each minute of a lease of two, and the end: {commits}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_race_is_made_again_at_once_and_a_step_that_failed_after_a_pause() {
    let lost = StoreError::Conflict { record: "ana:1".into() };
    let bench = Bench::waiting(SignedDuration::from_hours(1), Some(lost)).await;
    assert_eq!(bench.works("a", Duration::from_secs(5)).await, 2);
    let (place, reason) = ("here".into(), "a test".into());
    let away = StoreError::Unavailable { place, reason, advice: "wait" };
    let bench = Bench::waiting(SignedDuration::from_hours(1), Some(away)).await;
    assert_eq!(bench.works("a", Duration::from_secs(25)).await, 1);
    assert_eq!(bench.works("a", Duration::from_secs(60)).await, 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_users_come_back_within_half_a_minute_to_a_minute_and_not_together() {
    let mut waits = Vec::new();
    for name in ["ana", "ben", "cleo", "dov", "eve", "fay", "gus", "hal"] {
        let reason = || "a test".to_owned();
        let away = StoreError::Unavailable { place: reason(), reason: reason(), advice: "wait" };
        let mut bench = Bench::waiting(SignedDuration::from_hours(1), Some(away)).await;
        bench.world.user_id = name.parse().unwrap();
        let now = bench.clock.now();
        let user = idiolect_registry::grant(&User::new(bench.world.user_id.clone(), now), Purpose::ALL, now);
        bench.world.store = Arc::new(MemoryStore::new());
        bench.world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
        bench.world.request().await;
        bench.works("a", Duration::from_secs(1)).await;
        waits.push(bench.next_at().await.unwrap().duration_since(now).as_secs());
    }
    assert!(waits.iter().all(|wait| (30..=61).contains(wait)), "{waits:?}");
    assert!(waits.iter().max().unwrap() - waits.iter().min().unwrap() >= 10, "{waits:?}");
}
