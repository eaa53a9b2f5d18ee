//! What the fake server refuses, though the client asks no such thing.

use idiolect_provider::{FileId, FineTuningProvider, ProviderError, Upload};
use idiolect_testkit::{Endpoint, Oddity, training_lines};
use jiff::SignedDuration;

use crate::support::World;

/// Creates a job on a file that the client is made to take for a good one.
async fn refused(world: &World, file: &FileId) -> ProviderError {
    let good = format!("{{\"id\": \"{file}\", \"status\": \"processed\"}}");
    world.server.next(Endpoint::GetFile, Oddity::Answer(good.into_bytes()));
    world.client.create_job(World::request(file)).await.unwrap_err()
}

#[tokio::test]
async fn no_job_is_taken_on_a_file_that_is_not_processed_or_has_expired() {
    let world = World::start().await;
    let day = std::time::Duration::from_secs(86_400);
    let upload = Upload::new("run.jsonl", training_lines(12)).expiring_after(day);
    let file = world.client.upload_file(upload).await.unwrap();
    let early = refused(&world, &file).await;
    assert!(matches!(early, ProviderError::InvalidRequest { .. }), "{early}");
    world.server.advance(SignedDuration::from_hours(25));
    let late = refused(&world, &file).await;
    assert!(matches!(late, ProviderError::InvalidRequest { .. }), "{late}");
    assert_eq!(world.server.count(Endpoint::CreateJob), 2);
    assert_eq!(world.server.jobs(), []);
}

#[tokio::test]
async fn metadata_has_few_pairs_of_some_length() {
    let world = World::start().await;
    let file = world.upload("run.jsonl").await;
    let pairs = |count: usize, key: usize, value: usize| {
        (0..count).map(|n| (format!("{n:0key$}"), "x".repeat(value))).collect()
    };
    for (metadata, taken) in
        [(pairs(16, 64, 512), true), (pairs(17, 2, 1), false), (pairs(1, 65, 1), false), (pairs(1, 1, 513), false)]
    {
        let request = idiolect_provider::CreateJob { metadata, ..World::request(&file) };
        assert_eq!(world.client.create_job(request).await.is_ok(), taken);
    }
}
