//! The embedded engine: one driver for each user, kicks wake waits, a dead worker's users are taken over.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use idiolect_pipeline::{EmbeddedEngine, EmbeddedSettings, Engine, Machine, Next, PipelineError, sweep};
use idiolect_registry::{Change, Clock, Dispatch, MetadataStore, SystemClock, User, UserId};
use tokio::sync::watch;

use crate::world::World;

/// Counts calls, and waits for an hour after each.
#[derive(Default)]
struct Counting {
    calls: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    dies_at_first: bool,
}

#[async_trait]
impl Machine for Counting {
    async fn advance(&self, _: &UserId) -> Result<Next, PipelineError> {
        let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        if self.dies_at_first && call == 0 {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        Ok(Next::WaitUntil(SystemClock.now() + jiff::SignedDuration::from_hours(1)))
    }
}

fn settings(owner: &str) -> EmbeddedSettings {
    EmbeddedSettings {
        lease: Duration::from_millis(300),
        heartbeat: Duration::from_millis(100),
        idle: Duration::from_millis(10),
        ..EmbeddedSettings::new(owner)
    }
}

async fn until(what: impl Fn() -> bool) {
    for _ in 0..1000 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come to it within ten seconds");
}

#[tokio::test]
async fn many_kicks_are_one_driver() {
    let world = World::ready().await;
    world.request().await;
    let engine = EmbeddedEngine::new(world.store.clone(), Arc::new(SystemClock), settings("a"));
    let machine = Arc::new(Counting::default());
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn({
        let (engine, machine) = (engine.clone(), machine.clone());
        async move { engine.run_worker(machine, stopped).await }
    });
    for _ in 0..20 {
        engine.kick(&world.user_id).await.unwrap();
    }
    until(|| machine.calls.load(Ordering::SeqCst) >= 1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(machine.most_at_once.load(Ordering::SeqCst), 1);
    stop.send_replace(true);
    worker.await.unwrap().unwrap();
    let run = world.run().await.run;
    assert_eq!(run.dispatch.lease_owner, None, "a worker that stops gives its users back");
}

/// The first worker's step never ends, and no heartbeat is sent, as after SIGKILL.
#[tokio::test]
async fn a_crash_of_a_worker_hands_its_user_to_another_within_the_lease() {
    let world = World::ready().await;
    world.request().await;
    let machine = Arc::new(Counting { dies_at_first: true, ..Counting::default() });
    let engine = |owner: &str| EmbeddedEngine::new(world.store.clone(), Arc::new(SystemClock), settings(owner));
    let (_stop, stopped) = watch::channel(false);
    let first = tokio::spawn({
        let (engine, machine, stopped) = (engine("a"), machine.clone(), stopped.clone());
        async move { engine.run_worker(machine, stopped).await }
    });
    until(|| machine.calls.load(Ordering::SeqCst) == 1).await;
    first.abort();
    let _ = first.await;
    let (stop, stopped) = watch::channel(false);
    let second = tokio::spawn({
        let (engine, machine) = (engine("b"), machine.clone());
        async move { engine.run_worker(machine, stopped).await }
    });
    until(|| machine.calls.load(Ordering::SeqCst) == 2).await;
    stop.send_replace(true);
    second.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_lease_is_kept_alive_during_a_long_step() {
    let world = World::ready().await;
    world.request().await;
    let machine = Arc::new(Counting { dies_at_first: true, ..Counting::default() });
    let (_stop, stopped) = watch::channel(false);
    let engine = |owner: &str| EmbeddedEngine::new(world.store.clone(), Arc::new(SystemClock), settings(owner));
    let workers: Vec<_> = ["a", "b"]
        .into_iter()
        .map(|owner| {
            let (engine, machine, stopped) = (engine(owner), machine.clone(), stopped.clone());
            tokio::spawn(async move { engine.run_worker(machine, stopped).await })
        })
        .collect();
    until(|| machine.calls.load(Ordering::SeqCst) == 1).await;
    // Several leases long.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(machine.calls.load(Ordering::SeqCst), 1, "the step is still its first worker's");
    workers.iter().for_each(tokio::task::JoinHandle::abort);
}

/// A user of this name whose turn has come.
async fn make_due(world: &World, name: &str) {
    let mut user = User::new(name.parse().unwrap(), world.clock.now());
    user.dispatch = Dispatch::at(&user.user_id, Some(world.clock.now()));
    world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
}

#[tokio::test]
async fn due_users_whose_records_cannot_be_read_are_left_alone_for_a_while_and_starve_nobody() {
    let world = World::ready().await;
    for n in 0..8 {
        make_due(&world, &format!("a{n}")).await;
        world.store.spoil(format!("a{n}"));
    }
    make_due(&world, "zoe").await;
    let one_hand = EmbeddedSettings { workers: 1, ..settings("a") };
    let engine = EmbeddedEngine::new(world.store.clone(), Arc::new(SystemClock), one_hand);
    let machine = Arc::new(Counting::default());
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn({
        let (engine, machine) = (engine.clone(), machine.clone());
        async move { engine.run_worker(machine, stopped).await }
    });
    until(|| machine.calls.load(Ordering::SeqCst) == 1).await;
    let reads = world.store.usage().reads;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let reads = world.store.usage().reads - reads;
    assert!(reads < 1000, "{reads} documents were read while there was nothing to do");
    stop.send_replace(true);
    worker.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_run_whose_record_cannot_be_read_keeps_no_engine_from_starting_and_no_sweep_from_the_others() {
    let world = World::ready().await;
    let run = world.request().await;
    world.store.spoil(&run.id);
    make_due(&world, "zoe").await;
    let engine = EmbeddedEngine::new(world.store.clone(), Arc::new(SystemClock), settings("a"));
    let all = world.store.due(SystemClock.now(), None, 10).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(sweep(world.store.as_ref(), &engine, SystemClock.now()).await.unwrap(), 1);
    let (stop, stopped) = watch::channel(false);
    stop.send_replace(true);
    engine.run_worker(Arc::new(Counting::default()), stopped).await.unwrap();
}

/// Falls over at its first call, as over a defect.
#[derive(Default)]
struct Falling(AtomicUsize);

#[async_trait]
impl Machine for Falling {
    async fn advance(&self, _: &UserId) -> Result<Next, PipelineError> {
        assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "the first call");
        Ok(Next::WaitUntil(SystemClock.now() + jiff::SignedDuration::from_hours(1)))
    }
}

#[tokio::test]
async fn a_user_whose_step_panicked_is_taken_again_when_the_lease_ends() {
    let world = World::ready().await;
    world.request().await;
    let engine = EmbeddedEngine::new(world.store.clone(), Arc::new(SystemClock), settings("a"));
    let machine = Arc::new(Falling::default());
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn({
        let (engine, machine) = (engine.clone(), machine.clone());
        async move { engine.run_worker(machine, stopped).await }
    });
    until(|| machine.0.load(Ordering::SeqCst) >= 2).await;
    stop.send_replace(true);
    worker.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_sweep_kicks_whoever_is_due() {
    let world = World::ready().await;
    let run = world.request().await;
    let engine = EmbeddedEngine::new(world.store.clone(), world.clock.clone(), settings("a"));
    assert_eq!(sweep(world.store.as_ref(), &engine, run.created_at).await.unwrap(), 1);
    let mut run = world.run().await;
    run.run.dispatch.release(None);
    world.store.commit(vec![Change::UpdateVersion(run.clone())]).await.unwrap();
    assert_eq!(sweep(world.store.as_ref(), &engine, run.created_at).await.unwrap(), 0);
}
