//! The step between a job's success and the first chat: registering, and listing what is to be downloaded.

use idiolect_provider::{
    Deleted, FineTuningJob, FineTuningProvider, JobStatus, OpenAiProvider, ProfileBook, Servable, probe,
};
use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, FakeOpenAi, JobPlan, Oddity, training_lines};
use jiff::SignedDuration;

use crate::support::World;

struct Serving {
    server: FakeOpenAi,
    client: OpenAiProvider,
    job: FineTuningJob,
}

/// A job that has succeeded, at a host with this step after it.
async fn succeeded(step: &str, plan: JobPlan) -> Serving {
    let server = FakeOpenAi::start().await;
    let text = format!("[host]\nbase_url = \"{}\"\nkey_env = \"K\"\nafter_success = \"{step}\"", server.base_url());
    let client = server.client_with(ProfileBook::new(&text.parse().unwrap()).unwrap().get("host").unwrap().clone());
    server.plan_job(plan);
    let upload = idiolect_provider::Upload::new("run.jsonl", training_lines(12));
    let file = client.upload_file(upload).await.unwrap();
    server.advance(SignedDuration::from_secs(30));
    let job = client.create_job(World::request(&file)).await.unwrap();
    server.advance(SignedDuration::from_mins(30));
    let job = client.job(&job.id).await.unwrap();
    assert_eq!(job.status, JobStatus::Succeeded);
    Serving { server, client, job }
}

/// Hosts that register models may not name one on the job.
fn nameless() -> JobPlan {
    JobPlan { without_model: true, ..JobPlan::default() }
}

#[tokio::test]
async fn a_model_is_registered_once_under_the_name_that_the_host_makes_and_answers_once_it_is_active() {
    let Serving { server, client, job } = succeeded("register", nameless()).await;
    for _ in 0..3 {
        assert_eq!(client.make_servable(&job).await.unwrap(), Servable::Preparing);
    }
    assert_eq!(server.count(Endpoint::RegisterModel), 1);
    let sent = server.bodies(Endpoint::RegisterModel).remove(0);
    assert_eq!(sent["source"], format!("{}:ftckpt_b", job.id), "the last checkpoint");
    server.advance(SignedDuration::from_secs(120));
    let Servable::Ready(model) = client.make_servable(&job).await.unwrap() else { panic!("it is not ready") };
    assert!(model.as_str().starts_with(&format!("{FAKE_BASE_MODEL}-LoRa:{}-", job.id)), "{model}");
    assert_eq!(server.registered_models(), [model.as_str()]);
    probe(&client, &model).await.unwrap();
    server.next(Endpoint::DeleteModel, Oddity::refuse(404, "invalid_request_error", None, "There is no such model"));
    let still_there = client.delete_model(&model).await.unwrap_err();
    assert!(still_there.retryable() && still_there.to_string().contains("still lists the model"), "{still_there}");
    assert_eq!(client.delete_model(&model).await.unwrap(), Deleted::Now);
    assert!(probe(&client, &model).await.is_err() && server.registered_models().is_empty());
}

#[tokio::test]
async fn a_registration_whose_answer_is_lost_is_not_sent_again_but_looked_for() {
    let Serving { server, client, job } = succeeded("register", nameless()).await;
    // Nothing was registered, then something was; neither is known from the answer.
    for (odd, registered) in [(Oddity::server_error(503), 0), (Oddity::CutAfter, 1)] {
        server.next(Endpoint::RegisterModel, odd);
        let lost = client.make_servable(&job).await.unwrap_err();
        assert!(lost.retryable() && lost.may_have_taken_effect(), "{lost}");
        assert_eq!(server.registered_models().len(), registered);
    }
    assert_eq!(client.make_servable(&job).await.unwrap(), Servable::Preparing);
    assert_eq!((server.registered_models().len(), server.count(Endpoint::RegisterModel)), (1, 2));
}

#[tokio::test]
async fn another_runs_registration_is_not_taken_for_this_one() {
    let Serving { server, client, job } = succeeded("register", nameless()).await;
    assert_eq!(client.make_servable(&job).await.unwrap(), Servable::Preparing);
    // A host that lists a model whose name begins with this one's, of another job.
    let shorter = FineTuningJob {
        id: idiolect_provider::JobId::new(job.id.as_str().trim_end_matches(|c| c != '-').trim_end_matches('-')),
        ..job
    };
    let other = client.make_servable(&shorter).await;
    assert!(other.is_err(), "its own job has no checkpoints: {other:?}");
    assert_eq!(server.registered_models().len(), 1);
}

#[tokio::test]
async fn a_model_that_the_host_cannot_serve_is_an_error_and_a_deleted_one_is_registered_anew() {
    let plan = JobPlan { registers_as: Some("error".into()), ..nameless() };
    let Serving { server, client, job } = succeeded("register", plan).await;
    assert_eq!(client.make_servable(&job).await.unwrap(), Servable::Preparing);
    server.advance(SignedDuration::from_secs(120));
    let failed = client.make_servable(&job).await.unwrap_err();
    assert!(!failed.retryable() && failed.to_string().contains("could not make the model"), "{failed}");

    let Serving { server, client, job } = succeeded("register", nameless()).await;
    client.make_servable(&job).await.unwrap();
    server.advance(SignedDuration::from_secs(120));
    let Servable::Ready(model) = client.make_servable(&job).await.unwrap() else { panic!("it is not ready") };
    client.delete_model(&model).await.unwrap();
    assert_eq!(client.make_servable(&job).await.unwrap(), Servable::Preparing);
    assert_eq!(server.count(Endpoint::RegisterModel), 2);
}

#[tokio::test]
async fn result_files_are_listed_wherever_they_hang_and_deleted() {
    for on_checkpoint in [false, true] {
        let results = vec![("a.json".to_owned(), b"{}".to_vec()), ("b.bin".to_owned(), vec![7; 9])];
        let plan = JobPlan { results, results_on_checkpoint: on_checkpoint, ..nameless() };
        let Serving { server, client, job } = succeeded("download_adapter", plan).await;
        let Servable::Download(files) = client.make_servable(&job).await.unwrap() else {
            panic!("nothing to download")
        };
        assert_eq!(files.len(), 2);
        assert_eq!(client.describe_file(&files[1]).await.unwrap().size_bytes, 9);
        for _ in 0..2 {
            client.delete_results(&job.id).await.unwrap();
        }
        assert_eq!(server.file_names(), ["run.jsonl"], "the training file is another matter");
    }
    let Serving { client, job, .. } = succeeded("download_adapter", nameless()).await;
    assert!(client.make_servable(&job).await.is_err(), "a job without files");
}

#[tokio::test]
async fn content_comes_whole_and_is_cut_off_at_its_bound() {
    use futures_util::StreamExt;
    let plan = JobPlan { results: vec![("b.bin".to_owned(), vec![7; 100_000])], ..nameless() };
    let Serving { client, job, server } = succeeded("download_adapter", plan).await;
    let Servable::Download(files) = client.make_servable(&job).await.unwrap() else { panic!("nothing to download") };
    let read = async |max_bytes| {
        let mut content = client.file_content(&files[0], max_bytes).await?;
        let mut bytes = Vec::new();
        while let Some(piece) = content.next().await {
            bytes.extend(piece?);
        }
        Ok::<_, idiolect_provider::ProviderError>(bytes)
    };
    assert!(read(100_000).await.unwrap() == vec![7; 100_000]);
    let refused = read(99_999).await.map(|bytes| bytes.len()).unwrap_err();
    assert!(!refused.retryable() && refused.to_string().contains("more than 99999 bytes"), "{refused}");
    server.next(Endpoint::FileContent, Oddity::Truncated);
    let broken = read(100_000).await.map(|bytes| bytes.len()).unwrap_err();
    assert!(broken.retryable(), "{broken}");
}

#[tokio::test]
async fn a_job_that_is_forgotten_leaves_no_models_of_its_checkpoints() {
    let plan = JobPlan { keeps_checkpoints: true, ..JobPlan::default() };
    let Serving { server, client, job } = succeeded("none", plan).await;
    assert_eq!(server.fine_tuned_models().len(), 3);
    client.delete_model(&job.fine_tuned_model.unwrap()).await.unwrap();
    assert_eq!(server.fine_tuned_models().len(), 2);
    server.next(Endpoint::DeleteModel, Oddity::CutAfter);
    for _ in 0..2 {
        client.forget_job(&job.id).await.unwrap();
    }
    assert_eq!(server.fine_tuned_models(), Vec::<String>::new());
}

#[tokio::test]
async fn a_job_that_is_cancelled_in_the_middle_leaves_no_models_of_its_checkpoints() {
    let server = FakeOpenAi::start().await;
    let client = server.client("openai");
    server.plan_job(JobPlan { keeps_checkpoints: true, ..JobPlan::default() });
    let file = client.upload_file(idiolect_provider::Upload::new("run.jsonl", training_lines(12))).await.unwrap();
    server.advance(SignedDuration::from_secs(30));
    let job = client.create_job(World::request(&file)).await.unwrap();
    server.advance(SignedDuration::from_mins(5));
    client.cancel_job(&job.id).await.unwrap();
    let left = server.fine_tuned_models();
    assert!(left.len() == 1 && left[0].contains(":ckpt-step-"), "{left:?}");
    server.next(Endpoint::DeleteModel, Oddity::CutAfter);
    for _ in 0..2 {
        client.delete_results(&job.id).await.unwrap();
    }
    assert_eq!(server.fine_tuned_models(), Vec::<String>::new());
}
