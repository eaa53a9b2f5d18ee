//! Nothing is paid for twice, and nothing is tried again that no waiting helps.

use std::time::Duration;

use idiolect_provider::{FineTuningProvider, ProviderError, Upload, jobs_of_run};
use idiolect_testkit::{Endpoint, Oddity, training_lines};

use crate::support::{World, code_of};

#[tokio::test]
async fn a_connection_cut_after_the_job_was_created_leaves_one_job_that_is_found() {
    for odd in [Oddity::CutAfter, Oddity::Truncated, Oddity::Answer(b"{}".to_vec()), Oddity::Answer(b"<html>".to_vec())]
    {
        let world = World::start().await;
        let file = world.upload("run.jsonl").await;
        world.server.next(Endpoint::CreateJob, odd.clone());
        let error = world.client.create_job(World::request(&file)).await.unwrap_err();
        assert!(matches!(error, ProviderError::Unconfirmed { .. }) && error.retryable(), "{odd:?}: {error}");
        assert_eq!(world.server.count(Endpoint::CreateJob), 1, "{odd:?}: it is sent once");
        let found = jobs_of_run(world.client.as_ref(), "run_id", "ana:1@1", Some(&file)).await.unwrap();
        assert_eq!(found.len(), 1, "{odd:?}");
        assert_eq!(found[0].id.as_str(), world.server.jobs()[0].id);
    }
}

#[tokio::test]
async fn a_create_that_was_lost_before_it_arrived_is_unconfirmed_too_and_nothing_is_found() {
    for odd in [Oddity::CutBefore, Oddity::server_error(500), Oddity::server_error(503), Oddity::server_error(409)] {
        let world = World::start().await;
        let file = world.upload("run.jsonl").await;
        world.server.next(Endpoint::CreateJob, odd.clone());
        let error = world.client.create_job(World::request(&file)).await.unwrap_err();
        assert!(error.may_have_taken_effect(), "{odd:?}: {error}");
        assert_eq!(world.server.count(Endpoint::CreateJob), 1, "{odd:?}");
        assert_eq!(jobs_of_run(world.client.as_ref(), "run_id", "ana:1@1", Some(&file)).await.unwrap(), []);
        world.client.create_job(World::request(&file)).await.unwrap();
        assert_eq!(world.server.jobs().len(), 1);
    }
}

#[tokio::test]
async fn a_create_that_was_refused_for_now_is_sent_again() {
    let world = World::start().await;
    let file = world.upload("run.jsonl").await;
    world.server.next(Endpoint::CreateJob, Oddity::rate_limited(Some(7)));
    world.server.next(Endpoint::CreateJob, Oddity::rate_limited(None));
    world.client.create_job(World::request(&file)).await.unwrap();
    assert_eq!(world.server.pauses(), [Duration::from_secs(7), Duration::from_secs(1)]);
    assert_eq!(world.server.jobs().len(), 1);
}

#[tokio::test]
async fn an_upload_is_never_sent_twice() {
    for odd in [Oddity::CutAfter, Oddity::CutBefore, Oddity::Truncated, Oddity::server_error(502)] {
        let world = World::start().await;
        world.server.next(Endpoint::UploadFile, odd.clone());
        let error = world.client.upload_file(Upload::new("run.jsonl", training_lines(12))).await.unwrap_err();
        assert!(error.may_have_taken_effect(), "{odd:?}: {error}");
        assert_eq!(world.server.count(Endpoint::UploadFile), 1, "{odd:?}");
        let found = world.client.find_files("run.jsonl").await.unwrap();
        assert_eq!(found.len(), world.server.file_names().len());
    }
}

#[tokio::test]
async fn quota_validation_and_closed_training_are_told_apart_and_never_sent_again() {
    let validation = Oddity::Refuse {
        status: 400,
        error: serde_json::json!({"message": "bad", "type": "invalid_request_error", "param": "suffix", "code": null}),
        headers: vec![("x-should-retry", "true".to_owned())],
    };
    for (odd, code) in [
        (Oddity::insufficient_quota(), "insufficient_quota"),
        (validation, "invalid_request"),
        (Oddity::closed(400), "provider_closed"),
        (Oddity::closed(403), "provider_closed"),
        (Oddity::closed(404), "provider_closed"),
        (Oddity::refuse(401, "invalid_request_error", Some("invalid_api_key"), "Incorrect API key"), "invalid_api_key"),
    ] {
        let world = World::start().await;
        let file = world.upload("run.jsonl").await;
        world.server.next(Endpoint::CreateJob, odd.clone());
        let error = world.client.create_job(World::request(&file)).await.unwrap_err();
        assert_eq!((error.code(), error.retryable()), (code, false), "{odd:?}: {error}");
        assert!(error.request_id().is_some_and(|id| id.starts_with("req-")), "{odd:?}");
        assert_eq!((world.server.count(Endpoint::CreateJob), world.server.pauses().len()), (1, 0), "{odd:?}");
    }
}

#[tokio::test]
async fn polls_are_sent_again_and_give_up_after_two() {
    let world = World::start().await;
    let job = world.created().await;
    for odd in
        [Oddity::CutBefore, Oddity::CutAfter, Oddity::Truncated, Oddity::rate_limited(None), Oddity::server_error(500)]
    {
        world.server.next(Endpoint::GetJob, odd.clone());
        let polled = world.client.job(&job.id).await;
        assert!(polled.is_ok(), "{odd:?}: {polled:?}");
    }
    for _ in 0..3 {
        world.server.next(Endpoint::GetJob, Oddity::server_error(500));
    }
    let error = world.client.job(&job.id).await.unwrap_err();
    assert!(matches!(error, ProviderError::Unavailable { .. }) && error.retryable(), "{error}");
    world.server.next(Endpoint::GetJob, Oddity::rate_limited(Some(600)));
    let error = world.client.job(&job.id).await.unwrap_err();
    assert_eq!(error.retry_after_secs(), Some(600), "a long wait is the caller's to wait");
}

#[tokio::test]
async fn the_file_expires_by_itself_and_a_profile_decides_on_its_first_bytes() {
    let world = World::start().await;
    let upload = Upload::new("run.jsonl", training_lines(12)).expiring_after(Duration::from_secs(7 * 86_400));
    world.client.upload_file(upload).await.unwrap();
    assert_eq!(world.server.file_expiry("run.jsonl"), Some(604_800));
    assert_eq!(world.server.file_bytes("run.jsonl").unwrap(), training_lines(12));
    let azure = World::with_profile("azure").await;
    azure.client.upload_file(Upload::new("run.jsonl", training_lines(12))).await.unwrap();
    assert_eq!(
        azure.server.file_bytes("run.jsonl").unwrap(),
        [b"\xef\xbb\xbf".as_slice(), &training_lines(12)].concat()
    );
    assert_eq!(azure.server.file_expiry("run.jsonl"), None);
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_before_it_is_sent() {
    let world = World::start().await;
    let profile = idiolect_provider::Profile { max_file_bytes: 100, ..world.client.profile().clone() };
    let client = world.server.client_with(profile);
    assert_eq!(code_of(client.upload_file(Upload::new("run.jsonl", training_lines(12))).await), "invalid_request");
    assert_eq!(world.server.count(Endpoint::UploadFile), 0);
}
