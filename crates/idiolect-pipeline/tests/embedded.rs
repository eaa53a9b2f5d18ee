//! The engine contract over the embedded engine.

#![allow(clippy::unwrap_used, reason = "helpers of tests, where a panic is the report")]

mod engine_contract;

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use engine_contract::{Bench, World};
use idiolect_pipeline::{EmbeddedEngine, EmbeddedSettings, Engine};
use idiolect_registry::{MetadataStore, SystemClock};
use tokio::sync::watch;

/// What tells a test's own executable that it is to be a worker: the world's directory.
const WORKER: &str = "IDIOLECT_TEST_EMBEDDED_WORKER";

struct Embedded;

fn engine(store: Arc<dyn MetadataStore>) -> EmbeddedEngine {
    static HANDLES: AtomicUsize = AtomicUsize::new(0);
    let owner = format!("{}-{}", std::process::id(), HANDLES.fetch_add(1, Ordering::Relaxed));
    let settings = EmbeddedSettings {
        workers: 16,
        lease: Duration::from_secs(2),
        heartbeat: Duration::from_millis(500),
        idle: Duration::from_millis(50),
        ..EmbeddedSettings::new(owner)
    };
    EmbeddedEngine::new(store, Arc::new(SystemClock), settings)
}

#[async_trait]
impl Bench for Embedded {
    async fn engine(&self, world: &World) -> Arc<dyn Engine> {
        Arc::new(engine(world.store.clone()))
    }
}

fn spawn_worker(world: &World) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["worker_process", "--exact", "--nocapture"])
        .env(WORKER, world.dir())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Not a test of its own but the worker that another one starts and kills.
#[tokio::test(flavor = "multi_thread")]
async fn worker_process() {
    let Some(dir) = std::env::var_os(WORKER) else { return };
    let machine = Arc::new(World::machine_at(dir.into()));
    let (_never, stop) = watch::channel(false);
    engine(machine.store.clone()).run_worker(machine, stop).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicate_kicks_are_one_driver() {
    engine_contract::duplicate_kicks_are_one_driver(&Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poke_wakes_a_wait() {
    engine_contract::a_poke_wakes_a_wait(&Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn revoke_is_seen_at_once() {
    engine_contract::revoke_is_seen_at_once(&Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_step_is_made_again() {
    engine_contract::a_failed_step_is_made_again(&Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_of_500_over_3_workers_all_finish_once() {
    engine_contract::many_users_over_three_workers_all_finish_once(&Embedded, 500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_is_taken_over() {
    engine_contract::a_killed_worker_is_taken_over(&Embedded, spawn_worker).await;
}
