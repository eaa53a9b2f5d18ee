//! The engine contract over Temporal's development server, and what only a cluster can lose.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "helpers of tests, where a panic is the report and a skip is said"
)]

#[path = "../../../idiolect-pipeline/tests/engine_contract/mod.rs"]
mod engine_contract;
mod server;
mod tls;
mod tls_proxy;

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use engine_contract::{Bench, Script, Worker, World};
use idiolect_engine_temporal::{TemporalEngine, TemporalSettings};
use idiolect_pipeline::{Engine, EngineError, sweep};
use jiff::Timestamp;
use server::Server;
use tokio::sync::watch;

/// What tells a test's own executable that it is to be a worker: the server's address and the world's directory.
const WORKER: &str = "IDIOLECT_TEST_TEMPORAL_WORKER";
const HEARTBEAT: Duration = Duration::from_secs(2);

fn settings(address: &str) -> TemporalSettings {
    TemporalSettings { heartbeat_timeout: HEARTBEAT, concurrency: 16, ..TemporalSettings::at(address) }
}

#[async_trait]
impl Bench for Server {
    async fn engine(&self, _world: &World) -> Arc<dyn Engine> {
        Arc::new(TemporalEngine::connect(settings(&self.address())).await.unwrap())
    }
}

impl Server {
    /// This executable again, as a worker that ends when it is killed.
    fn spawn_worker(&self, world: &World) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["worker_process", "--exact", "--nocapture"])
            .env(WORKER, format!("{} {}", self.address(), world.dir().display()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }
}

/// Not a test of its own but the worker that others start and kill.
#[tokio::test(flavor = "multi_thread")]
async fn worker_process() {
    let Ok(given) = std::env::var(WORKER) else { return };
    let (address, dir) = given.split_once(' ').unwrap();
    let engine = TemporalEngine::connect(settings(address)).await.unwrap();
    let (_never, stop) = watch::channel(false);
    engine.run_worker(Arc::new(World::machine_at(dir.into())), stop).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_duplicate_kicks_are_one_driver() {
    let Some(server) = Server::start().await else { return };
    engine_contract::duplicate_kicks_are_one_driver(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_a_poke_wakes_a_wait() {
    let Some(server) = Server::start().await else { return };
    engine_contract::a_poke_wakes_a_wait(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_revoke_is_seen_at_once() {
    let Some(server) = Server::start().await else { return };
    engine_contract::revoke_is_seen_at_once(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_a_failed_step_is_made_again() {
    let Some(server) = Server::start().await else { return };
    engine_contract::a_failed_step_is_made_again(&server).await;
}

/// The workflow ends as failed after one call, and not after pauses that grow; the next sweep begins another one.
#[tokio::test(flavor = "multi_thread")]
async fn temporal_a_final_error_ends_the_workflow_at_once() {
    let Some(server) = Server::start().await else { return };
    let world = World::new();
    let user = world.user("ana", &Script { steps: 2, fails: 1, fails_for_good: true, ..Script::default() }).await;
    let engine = server.engine(&world).await;
    let worker = Worker::start(&server, &world).await;
    engine.kick(&user).await.unwrap();
    assert_eq!(server.count("ExecutionStatus='Failed'", 1).await, 1);
    world.failed(&user, 1).await;
    assert_eq!(world.log().made(&user), [0; 0], "nothing was tried again by itself");
    assert_eq!(sweep(world.store.as_ref(), engine.as_ref(), Timestamp::now()).await.unwrap(), 1);
    world.ended(&user).await;
    worker.stop().await;
    assert_eq!(world.log().made(&user), [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_500_users_over_3_workers_all_finish_once() {
    let Some(server) = Server::start().await else { return };
    engine_contract::many_users_over_three_workers_all_finish_once(&server, 500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_a_killed_worker_is_taken_over() {
    let Some(server) = Server::start().await else { return };
    engine_contract::a_killed_worker_is_taken_over(&server, |world| server.spawn_worker(world)).await;
}

/// The server comes back with what it had written down; the workers stay and come back to it.
#[tokio::test(flavor = "multi_thread")]
async fn temporal_a_killed_server_resumes() {
    let world = World::new();
    let Some(mut server) = Server::start_at(Some(world.dir().join("temporal.db"))).await else { return };
    let script = Script { steps: 5, wait_ms: 500, ..Script::default() };
    let users = [world.user("ana", &script).await, world.user("ben", &script).await];
    let engine = server.engine(&world).await;
    let worker = Worker::start(&server, &world).await;
    for user in &users {
        engine.kick(user).await.unwrap();
        world.made(user, 2).await;
    }
    server.kill();
    let away = engine.kick(&users[0]).await;
    assert!(matches!(away, Err(EngineError::Unavailable { .. })), "{away:?}");
    server.restart().await;
    for user in &users {
        world.ended(user).await;
    }
    worker.stop().await;
    for user in &users {
        assert_eq!(world.log().made(user), [1, 2, 3, 4, 5], "no step is made again");
    }
}

/// What the server knows is not needed: a sweep over the store makes it anew.
#[tokio::test(flavor = "multi_thread")]
async fn temporal_a_wiped_server_is_made_up_for_by_a_sweep() {
    let world = World::new();
    let Some(mut server) = Server::start().await else { return };
    let script = Script { steps: 3, wait_ms: 300, ..Script::default() };
    let mut users = Vec::new();
    for n in 0..20 {
        users.push(world.user(&format!("user{n}"), &script).await);
    }
    let worker = Worker::start(&server, &world).await;
    let engine = server.engine(&world).await;
    for user in &users[..10] {
        engine.kick(user).await.unwrap();
    }
    world.made(&users[9], 1).await;
    server.kill();
    server.restart().await;
    // In memory only: the workflows are gone, and ten users had none.
    let engine = server.engine(&world).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(sweep(world.store.as_ref(), engine.as_ref(), Timestamp::now()).await.unwrap() >= 10);
    for user in &users {
        world.ended(user).await;
    }
    worker.stop().await;
    for user in &users {
        assert_eq!(world.log().made(user), [1, 2, 3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_a_server_that_is_not_there_is_said_in_one_sentence() {
    let address = format!("127.0.0.1:{}", server::free_port());
    let error = TemporalEngine::connect(settings(&address)).await.err().unwrap().to_string();
    let start = format!("the engine at {address} is not available: Connection refused (os error ");
    assert!(error.starts_with(&start), "{error}");
    assert!(error.ends_with("); start it or check its address and key"), "{error}");
}

/// A history that has grown long is begun anew, as the server suggests, and the run goes on as if it had not been.
#[tokio::test(flavor = "multi_thread")]
async fn temporal_a_long_run_continues_as_new() {
    let Some(server) = Server::start_with(None, &["limit.historyCount.suggestContinueAsNew=100"]).await else { return };
    let world = World::in_memory();
    let user = world.user("ana", &Script { steps: 60, ..Script::default() }).await;
    let worker = Worker::start(&server, &world).await;
    server.engine(&world).await.kick(&user).await.unwrap();
    world.ended(&user).await;
    worker.stop().await;
    assert_eq!(world.log().made(&user), (1..=60).collect::<Vec<_>>());
    // Sixty steps are six events each at least.
    assert!(server.count("ExecutionStatus='ContinuedAsNew'", 2).await >= 2);
}
