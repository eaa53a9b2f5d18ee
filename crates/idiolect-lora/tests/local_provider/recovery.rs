//! Jobs outlive processes: killed, stopped, finished twice, and looked at by two at once.

use std::fs;

use idiolect_provider::{FineTuningProvider, JobStatus};

use crate::bench::{Bench, at_step, create, succeeded, wait};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_job_goes_on_and_trains_the_same_adapter() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 50).await.unwrap();
    at_step(&provider, &job.id, 23).await;
    let crashed = bench.crash_image();
    let uninterrupted = succeeded(&provider, &job.id).await;

    assert!(crashed.names(&format!("provider/jobs/{}", job.id)).contains(&"checkpoint.safetensors".to_owned()));
    let reopened = crashed.open();
    let resumed = succeeded(&reopened, &job.id).await;
    assert_eq!(resumed.fine_tuned_model, uninterrupted.fine_tuned_model);
    assert_eq!(resumed.trained_tokens, uninterrupted.trained_tokens);
    assert_eq!(resumed.progress, uninterrupted.progress);
    assert!(crashed.adapter() == bench.adapter());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_killed_before_its_first_checkpoint_starts_over() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 2).await.unwrap();
    let crashed = bench.crash_image();
    succeeded(&provider, &job.id).await;
    succeeded(&crashed.open(), &job.id).await;
    assert!(crashed.adapter() == bench.adapter());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_shut_down_saves_where_it_was() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 50).await.unwrap();
    at_step(&provider, &job.id, 3).await;
    provider.shut_down();
    let stopped = provider.job(&job.id).await.unwrap();
    assert_eq!(stopped.status, JobStatus::Running);
    assert!(bench.names(&format!("provider/jobs/{}", job.id)).contains(&"checkpoint.safetensors".to_owned()));
    drop(provider);

    let reopened = bench.open();
    let first_seen = wait(&reopened, &job.id, |job| job.progress.is_some()).await;
    assert!(first_seen.progress.unwrap().step >= stopped.progress.unwrap().step);
    succeeded(&reopened, &job.id).await;

    let other = Bench::new();
    let provider = other.open();
    let uninterrupted = create(&provider, 50).await.unwrap();
    succeeded(&provider, &uninterrupted.id).await;
    assert!(other.adapter() == bench.adapter());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_checkpoint_costs_time_and_nothing_else() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 50).await.unwrap();
    at_step(&provider, &job.id, 12).await;
    let crashed = bench.crash_image();
    succeeded(&provider, &job.id).await;
    let checkpoint = crashed.data().join(format!("provider/jobs/{}/checkpoint.safetensors", job.id));
    let bytes = fs::read(&checkpoint).unwrap();
    fs::write(&checkpoint, &bytes[..bytes.len() / 2]).unwrap();
    succeeded(&crashed.open(), &job.id).await;
    assert!(crashed.adapter() == bench.adapter());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_adapter_was_written_makes_no_second_one() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 1).await.unwrap();
    let done = succeeded(&provider, &job.id).await;
    drop(provider);
    let record = bench.data().join(format!("provider/jobs/{}/job.json", job.id));
    let before = fs::read_to_string(&record).unwrap();
    fs::write(&record, before.replace("\"succeeded\"", "\"running\"")).unwrap();
    // Without its training file the job could not train again.
    let reopened = bench.open();
    reopened.delete_file(&job.training_file).await.unwrap();
    let again = succeeded(&reopened, &job.id).await;
    assert_eq!(again.fine_tuned_model, done.fine_tuned_model);
    assert_eq!(again.trained_tokens, done.trained_tokens);
    assert_eq!(bench.names("adapters").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_cancelled_after_a_crash_leaves_no_adapter_even_if_it_was_written() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 1).await.unwrap();
    succeeded(&provider, &job.id).await;
    drop(provider);
    let record = bench.data().join(format!("provider/jobs/{}/job.json", job.id));
    let before = fs::read_to_string(&record).unwrap();
    fs::write(&record, before.replace("\"succeeded\"", "\"running\"")).unwrap();
    assert_eq!(bench.open().cancel_job(&job.id).await.unwrap().status, JobStatus::Cancelled);
    assert!(bench.names("adapters").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_file_is_gone_fails_and_says_so() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 50).await.unwrap();
    at_step(&provider, &job.id, 3).await;
    let crashed = bench.crash_image();
    let reopened = crashed.open();
    reopened.delete_file(&job.training_file).await.unwrap();
    let failed = wait(&reopened, &job.id, |job| job.status == JobStatus::Failed).await;
    assert_eq!(failed.failure.unwrap().code, "training_file_deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_does_not_go_on_with_another_base_model() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 50).await.unwrap();
    at_step(&provider, &job.id, 12).await;
    let crashed = bench.crash_image();
    let reopened = crashed.open_with("other");
    let failed = wait(&reopened, &job.id, |job| job.status == JobStatus::Failed).await.failure.unwrap();
    assert_eq!(failed.code, "base_model_changed");
    assert!(failed.message.contains("the base model tiny, and other is what is here now"), "{}", failed.message);
    assert!(crashed.names("adapters").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_providers_on_one_directory_train_a_job_once() {
    let bench = Bench::new();
    let (first, second) = (bench.open(), bench.open());
    let job = create(&first, 30).await.unwrap();
    at_step(&first, &job.id, 12).await;
    let seen = second.job(&job.id).await.unwrap();
    assert_eq!(seen.status, JobStatus::Running);
    // The second sees the last checkpoint of the first and starts nothing.
    assert!(seen.progress.unwrap().step >= 10);
    second.shut_down();
    succeeded(&first, &job.id).await;
    assert_eq!(second.job(&job.id).await.unwrap().status, JobStatus::Succeeded);
    assert_eq!(bench.names("adapters").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_cancelled_from_another_process_and_across_a_restart() {
    let bench = Bench::new();
    let (first, second) = (bench.open(), bench.open());
    let job = create(&first, 50).await.unwrap();
    at_step(&first, &job.id, 2).await;
    let crashed = bench.crash_image();
    second.cancel_job(&job.id).await.unwrap();
    wait(&first, &job.id, |job| job.status == JobStatus::Cancelled).await;

    // Nobody trains it there, so it ends at once.
    let reopened = crashed.open();
    assert_eq!(reopened.cancel_job(&job.id).await.unwrap().status, JobStatus::Cancelled);
    assert!(crashed.names("adapters").is_empty());
    assert!(!crashed.names(&format!("provider/jobs/{}", job.id)).contains(&"checkpoint.safetensors".to_owned()));
}
