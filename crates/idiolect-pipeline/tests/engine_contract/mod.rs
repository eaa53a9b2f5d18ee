//! What every engine must do, whoever implements it: one suite, run over each.
//!
//! Users and runs are real records in a real store. The machine is scripted: so many steps, each as long as a test wants,
//! logged in a file that several processes may append to.

#![allow(dead_code, reason = "an engine's tests use what they need")]

mod machine;
mod world;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idiolect_pipeline::Engine;
use idiolect_registry::{Change, Clock, SystemClock, revoke};
use jiff::Timestamp;
use tokio::sync::watch;

pub use machine::Script;
pub use world::World;

/// As records keep it, in whole microseconds.
pub fn now() -> Timestamp {
    SystemClock.now()
}

/// An engine under test, over the world's store.
#[async_trait]
pub trait Bench: Send + Sync {
    /// Another handle of the engine, as another process would have it.
    async fn engine(&self, world: &World) -> Arc<dyn Engine>;
}

/// A worker in this process. Dropping it leaves it to end by itself; [`stop`](Self::stop) waits for that.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Worker {
    pub async fn start(bench: &dyn Bench, world: &World) -> Self {
        let (stop, stopping) = watch::channel(false);
        let (engine, machine) = (bench.engine(world).await, Arc::new(world.machine()));
        let task = tokio::spawn(async move { engine.run_worker(machine, stopping).await.unwrap() });
        Self { stop, task }
    }

    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap();
    }
}

pub async fn duplicate_kicks_are_one_driver(bench: &dyn Bench) {
    let world = World::new();
    let user = world.user("ana", &Script { steps: 4, hold_ms: 150, ..Script::default() }).await;
    let (engine, other) = (bench.engine(&world).await, bench.engine(&world).await);
    let workers = [Worker::start(bench, &world).await, Worker::start(bench, &world).await];
    for _ in 0..5 {
        let (one, two) = tokio::join!(engine.kick(&user), other.kick(&user));
        one.unwrap();
        two.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    world.ended(&user).await;
    for worker in workers {
        worker.stop().await;
    }
    let log = world.log();
    assert_eq!(log.made(&user), [1, 2, 3, 4], "each step is made once");
    log.assert_one_at_a_time(&user);
}

pub async fn a_poke_wakes_a_wait(bench: &dyn Bench) {
    let world = World::new();
    let user = world.user("ana", &Script { steps: 2, wait_ms: 3_600_000, ..Script::default() }).await;
    let engine = bench.engine(&world).await;
    let worker = Worker::start(bench, &world).await;
    engine.kick(&user).await.unwrap();
    world.made(&user, 1).await;
    // The wait of an hour has begun, or is about to; in both cases the kick counts.
    engine.kick(&user).await.unwrap();
    world.ended(&user).await;
    worker.stop().await;
    assert_eq!(world.log().made(&user), [1, 2]);
}

pub async fn revoke_is_seen_at_once(bench: &dyn Bench) {
    let world = World::new();
    let user = world.user("ana", &Script { steps: 9, wait_ms: 3_600_000, ..Script::default() }).await;
    let engine = bench.engine(&world).await;
    let worker = Worker::start(bench, &world).await;
    engine.kick(&user).await.unwrap();
    world.made(&user, 1).await;
    let record = world.store.user(&user).await.unwrap().unwrap();
    world.store.commit(vec![Change::PutUser(revoke(&record, now()))]).await.unwrap();
    engine.kick(&user).await.unwrap();
    let version = world.ended(&user).await;
    worker.stop().await;
    assert_eq!(version.failure.unwrap().code, idiolect_registry::FailureCode::ConsentRevoked);
    assert_eq!(world.log().made(&user), [1], "no step is made after the revocation");
}

/// A step that fails is made again, and a kick ends the pause before that.
pub async fn a_failed_step_is_made_again(bench: &dyn Bench) {
    let world = World::new();
    let user = world.user("ana", &Script { steps: 2, fails: 2, ..Script::default() }).await;
    let engine = bench.engine(&world).await;
    let worker = Worker::start(bench, &world).await;
    engine.kick(&user).await.unwrap();
    for failures in 1..=2 {
        world.failed(&user, failures).await;
        // As a sweep does for those who are due; an engine whose records have a later time then waits for it otherwise.
        tokio::time::sleep(Duration::from_millis(200)).await;
        engine.kick(&user).await.unwrap();
    }
    world.ended(&user).await;
    worker.stop().await;
    assert_eq!(world.log().made(&user), [1, 2]);
}

pub async fn many_users_over_three_workers_all_finish_once(bench: &dyn Bench, count: usize) {
    let world = World::in_memory();
    let mut users = Vec::new();
    for n in 0..count {
        users.push(world.user(&format!("user{n}"), &Script { steps: 3, ..Script::default() }).await);
    }
    let engine = bench.engine(&world).await;
    let mut workers = Vec::new();
    for _ in 0..3 {
        workers.push(Worker::start(bench, &world).await);
    }
    for user in &users {
        engine.kick(user).await.unwrap();
    }
    for user in &users {
        world.ended(user).await;
    }
    for worker in workers {
        worker.stop().await;
    }
    let log = world.log();
    for user in &users {
        assert_eq!(log.made(user), [1, 2, 3], "{user}");
        log.assert_one_at_a_time(user);
    }
    assert_eq!(log.makers().len(), 3, "every worker has worked: {:?}", log.makers());
}

/// `spawn` starts a worker process over the world's directory. The first is killed in the middle of a step.
pub async fn a_killed_worker_is_taken_over(bench: &dyn Bench, spawn: impl Fn(&World) -> std::process::Child) {
    let world = World::new();
    // Long enough that the step can only end by being begun again: of later attempts it is short.
    let user = world.user("ana", &Script { steps: 3, hang_in_step: 2, ..Script::default() }).await;
    let mut first = spawn(&world);
    bench.engine(&world).await.kick(&user).await.unwrap();
    world.begun(&user, 2).await;
    first.kill().unwrap();
    first.wait().unwrap();
    let mut second = spawn(&world);
    world.ended(&user).await;
    second.kill().unwrap();
    second.wait().unwrap();
    let log = world.log();
    assert_eq!(log.made(&user), [1, 2, 3], "what was recorded is not made again");
    assert_eq!(log.beginnings(&user, 1), 1);
    assert_eq!(log.beginnings(&user, 2), 2, "what was under way is");
    assert_eq!(log.makers_of(&user).len(), 2);
}
