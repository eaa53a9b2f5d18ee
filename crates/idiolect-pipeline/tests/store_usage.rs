//! What one run and one look at its job cost in the store: docs/SCALE.md counts with these.
#![allow(clippy::unwrap_used, dead_code)] // the lint's exception for tests does not reach their helper functions

#[path = "machine/world.rs"]
mod world;

use idiolect_pipeline::Next;
use idiolect_registry::MetadataStore;
use idiolect_testkit::{JobScript, Method, Usage};
use world::World;

async fn a_run(polls: u32, earlier_runs: usize) -> (Usage, usize) {
    let world = World::ready().await;
    for _ in 0..earlier_runs {
        world.request().await;
        world.run_to_end().await;
    }
    world.provider.script_job(JobScript::succeeds_at_poll(polls));
    let (before, polled) = (world.store.usage(), world.provider.count(Method::Job));
    world.request().await;
    world.run_to_end().await;
    let after = world.store.usage();
    let usage = Usage { reads: after.reads - before.reads, writes: after.writes - before.writes };
    (usage, world.provider.count(Method::Job) - polled)
}

#[tokio::test]
async fn a_run_and_a_poll_cost_what_the_scale_model_counts_with() {
    let ((short, few), (long, many)) = (a_run(2, 0).await, a_run(22, 0).await);
    let polls = many - few;
    let reads_a_poll = (long.reads - short.reads) as f64 / polls as f64;
    let writes_a_poll = (long.writes - short.writes) as f64 / polls as f64;
    println!("a run with {few} polls: {short:?}; each further poll: {reads_a_poll} reads, {writes_a_poll} writes");
    // What scripts/scale-model counts with; above it docs/SCALE.md is no longer true.
    assert!(short.reads <= 42 && short.writes <= 16, "{short:?}");
    assert!(reads_a_poll < 3.5 && writes_a_poll < 1.5, "{reads_a_poll} reads, {writes_a_poll} writes");
}

#[tokio::test]
async fn a_user_of_many_versions_costs_what_one_of_few_does() {
    let ((second, _), (later, _)) = (a_run(2, 1).await, a_run(2, 6).await);
    // Each of the five versions between is read once, by the test itself.
    assert_eq!((later.reads - 5, later.writes), (second.reads, second.writes));
}

#[tokio::test]
async fn erasing_a_version_costs_what_it_does_whoever_has_more_of_them() {
    let erase = async |versions: usize| {
        let world = World::ready().await;
        for _ in 0..versions {
            world.request().await;
            world.run_to_end().await;
        }
        world.machine().request_erasure(&world.user_id, "receipt").await.unwrap().unwrap();
        let before = world.store.usage().reads;
        while world.step().await != Next::Done {}
        assert_eq!(world.store.versions(&world.user_id).await.unwrap(), []);
        world.store.usage().reads - before
    };
    let (two, four, eight) = (erase(2).await, erase(4).await, erase(8).await);
    assert_eq!(eight - four, 2 * (four - two));
}

/// The daily look at users who are served nothing: one read each, and one read and one write where somebody gets a turn.
#[tokio::test]
async fn the_daily_look_costs_what_the_scale_model_counts_with() {
    let mut world = World::ready().await;
    let look = async |world: &World| {
        let before = world.store.usage();
        let given = world.machine().look_at_everybody().await.unwrap().scheduled;
        let after = world.store.usage();
        (given, after.reads - before.reads, after.writes - before.writes)
    };
    let (_, reads, _) = look(&world).await;
    world.cadence.every = Some(jiff::SignedDuration::from_hours(7 * 24));
    assert_eq!(look(&world).await, (1, reads + 1, 1), "the schedule was switched on");
    assert_eq!(look(&world).await, (0, reads, 0), "and is on");
    // The page that is empty is a read, too.
    assert!(reads <= 2, "{reads}");
}
