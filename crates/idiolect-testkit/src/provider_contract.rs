//! What every provider does, fake or real, in this process or over the network: one suite, run over all of them.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::StreamExt;
use idiolect_provider::{
    ChatMessage, ChatProvider, ChatRequest, CreateJob, Deleted, FileId, FineTuningJob, FineTuningProvider,
    Hyperparameters, JobId, JobStatus, ModelId, ProviderError, Servable, Upload, jobs_of_run, probe,
};

/// A provider under test, and how time passes for it.
#[async_trait]
pub trait ProviderWorld: Send + Sync {
    fn training(&self) -> Arc<dyn FineTuningProvider>;
    fn chat(&self) -> Arc<dyn ChatProvider>;
    /// One that can be trained on and chatted with.
    fn base_model(&self) -> ModelId;
    /// Waits as long as one does between two looks at a job.
    async fn pass_time(&self);
}

/// Looks at a job, at most.
const PATIENCE: u32 = 2000;
const RUN_KEY: &str = "run_id";

/// A training file of invented examples.
pub fn training_lines(count: usize) -> Vec<u8> {
    let line = |n: usize| {
        format!(
            "{{\"messages\":[{{\"role\":\"system\",\"content\":\"Write briefly.\"}},{{\"role\":\"user\",\"content\":\"Say that \
             the tram has number {n}.\"}},{{\"role\":\"assistant\",\"content\":\"tram {n} it is\"}}]}}\n"
        )
    };
    (0..count).map(line).collect::<String>().into_bytes()
}

/// Files, jobs, models: from the upload to the deletion.
pub async fn fine_tuning_contract(world: &dyn ProviderWorld) {
    let provider = world.training();
    files_are_found_by_their_exact_name_and_deleted_twice(provider.as_ref()).await;
    what_is_not_there_is_not_found(world).await;
    let (job, file) = a_job_is_found_by_its_run_and_ends(world).await;
    the_model_answers_until_it_is_deleted(world, &job).await;
    provider.delete_file(&file).await.expect("the file of a job that has ended is deleted");
    a_cancelled_job_stays_cancelled(world).await;
    a_job_that_is_over_is_forgotten_twice(provider.as_ref(), &job.id).await;
}

/// Where the provider lets one; nowhere is it found to be unfinished afterwards.
async fn a_job_that_is_over_is_forgotten_twice(provider: &dyn FineTuningProvider, job: &JobId) {
    for _ in 0..2 {
        provider.delete_results(job).await.expect("deleting results that are gone is a success");
        provider.forget_job(job).await.expect("forgetting a job that is gone is a success");
    }
    match provider.job(job).await {
        Ok(job) => assert!(job.status.is_terminal()),
        Err(gone) => assert!(matches!(gone, ProviderError::NotFound { .. }), "{gone}"),
    }
}

async fn upload(provider: &dyn FineTuningProvider, name: &str) -> FileId {
    upload_lines(provider, name, 12).await
}

async fn upload_lines(provider: &dyn FineTuningProvider, name: &str, lines: usize) -> FileId {
    let upload = Upload::new(name, training_lines(lines)).expiring_after(std::time::Duration::from_secs(86_400));
    provider.upload_file(upload).await.expect("a good file is taken")
}

async fn files_are_found_by_their_exact_name_and_deleted_twice(provider: &dyn FineTuningProvider) {
    let file = upload(provider, "idiolect-contract-a.jsonl").await;
    let other = upload(provider, "idiolect-contract-ab.jsonl").await;
    let found = provider.find_files("idiolect-contract-a.jsonl").await.expect("files are listed");
    assert_eq!(found.iter().map(|file| &file.id).collect::<Vec<_>>(), [&file]);
    assert_eq!(found[0].name, "idiolect-contract-a.jsonl");
    for (file, answer) in [(&file, Deleted::Now), (&other, Deleted::Now), (&file, Deleted::AlreadyGone)] {
        let deleted = provider.delete_file(file).await.expect("deleting a file that is gone is a success");
        assert_eq!(deleted, answer, "what was there is told from what was gone");
    }
    assert!(provider.find_files("idiolect-contract-a.jsonl").await.expect("files are listed").is_empty());
    for name in ["contract.txt", "../contract.jsonl"] {
        let refused = provider.upload_file(Upload::new(name, training_lines(12))).await;
        assert!(matches!(refused, Err(ProviderError::InvalidRequest { .. })), "{name}");
    }
}

async fn what_is_not_there_is_not_found(world: &dyn ProviderWorld) {
    let provider = world.training();
    let missing = provider.job(&JobId::new("ftjob-0000000000")).await.expect_err("there is no such job");
    assert!(matches!(missing, ProviderError::NotFound { .. }) && !missing.retryable(), "{missing}");
    let on_nothing = request(world, &FileId::new("file-0000000000"), "none");
    let missing = provider.create_job(on_nothing).await.expect_err("there is no such file");
    assert!(matches!(missing, ProviderError::NotFound { .. } | ProviderError::InvalidRequest { .. }), "{missing}");
    let file = upload(provider.as_ref(), "idiolect-contract-b.jsonl").await;
    let request = CreateJob { base_model: ModelId::new("no-such-model"), ..request(world, &file, "none") };
    let missing = loop {
        match provider.create_job(request.clone()).await.expect_err("there is no such base model") {
            error if error.retryable() => world.pass_time().await,
            error => break error,
        }
    };
    assert!(matches!(missing, ProviderError::NotFound { what: "model", .. }), "{missing}");
    provider.delete_file(&file).await.expect("a file that nobody trains on is deleted");
}

fn request(world: &dyn ProviderWorld, file: &FileId, run: &str) -> CreateJob {
    CreateJob {
        training_file: file.clone(),
        base_model: world.base_model(),
        suffix: Some("contract-v1".into()),
        seed: Some(7),
        hyperparameters: Hyperparameters { n_epochs: Some(1), ..Hyperparameters::default() },
        metadata: [(RUN_KEY.to_owned(), run.to_owned())].into(),
    }
}

/// Creates a job, waiting for its file to be processed.
async fn created(world: &dyn ProviderWorld, file: &FileId, run: &str, epochs: u32) -> FineTuningJob {
    let mut wanted = request(world, file, run);
    wanted.hyperparameters.n_epochs = Some(epochs);
    for _ in 0..PATIENCE {
        match world.training().create_job(wanted.clone()).await {
            Ok(job) => return job,
            Err(ProviderError::Unavailable { .. }) => world.pass_time().await,
            Err(error) => panic!("the job is not taken: {error}"),
        }
    }
    panic!("the file is never processed");
}

async fn ended(world: &dyn ProviderWorld, id: &JobId) -> FineTuningJob {
    for _ in 0..PATIENCE {
        let job = world.training().job(id).await.expect("a job can be looked at");
        assert_eq!(job.id, *id);
        if job.status.is_terminal() {
            return job;
        }
        assert_eq!(job.fine_tuned_model, None, "the model is named once it exists");
        world.pass_time().await;
    }
    panic!("the job does not end");
}

async fn a_job_is_found_by_its_run_and_ends(world: &dyn ProviderWorld) -> (FineTuningJob, FileId) {
    let provider = world.training();
    let (run, other_run) = ("contract:1@1", "contract:1@11");
    let file = upload(provider.as_ref(), "idiolect-contract-c.jsonl").await;
    let found = jobs_of_run(provider.as_ref(), RUN_KEY, run, Some(&file)).await.expect("jobs are listed");
    assert_eq!(found, [], "nothing is found before there is a job");
    let job = created(world, &file, run, 1).await;
    let ids = |jobs: Vec<FineTuningJob>| jobs.into_iter().map(|job| job.id).collect::<Vec<_>>();
    let found = jobs_of_run(provider.as_ref(), RUN_KEY, run, Some(&file)).await.expect("jobs are listed");
    assert_eq!(ids(found), std::slice::from_ref(&job.id));
    let by_file = provider.find_jobs_on_file(&file).await.expect("jobs are listed");
    assert_eq!(ids(by_file), std::slice::from_ref(&job.id));
    assert_eq!(provider.find_jobs(RUN_KEY, other_run, Some(&file)).await.expect("jobs are listed"), []);
    let job = ended(world, &job.id).await;
    assert_eq!((&job.status, &job.failure), (&JobStatus::Succeeded, &None));
    assert!(job.finished_at.is_some() && job.trained_tokens.is_some_and(|tokens| tokens > 0));
    assert_eq!((&job.training_file, &job.base_model), (&file, &world.base_model()));
    let again = provider.cancel_job(&job.id).await.expect("cancelling a job that has ended leaves it");
    assert_eq!((again.status, again.fine_tuned_model), (job.status.clone(), job.fine_tuned_model.clone()));
    (job, file)
}

async fn the_model_answers_until_it_is_deleted(world: &dyn ProviderWorld, job: &FineTuningJob) {
    let provider = world.training();
    let Servable::Ready(model) = provider.make_servable(job).await.expect("a model of a good job can be served") else {
        panic!("the model is not ready at once");
    };
    let models = provider.models().await.expect("models are listed");
    assert!(models.iter().any(|listed| listed.id == world.base_model()));
    assert!(models.iter().any(|listed| listed.id == model));
    for known in [&world.base_model(), &model] {
        assert_eq!(provider.model(known).await.expect("a model that is listed is there").id, *known);
    }
    probe(world.chat().as_ref(), &model).await.expect("the model answers");
    for answer in [Deleted::Now, Deleted::AlreadyGone] {
        let deleted = provider.delete_model(&model).await.expect("deleting a model that is gone is a success");
        assert_eq!(deleted, answer, "what was there is told from what was gone");
    }
    let gone = probe(world.chat().as_ref(), &model).await.expect_err("a deleted model does not answer");
    assert!(matches!(gone, ProviderError::NotFound { what: "model", .. }), "{gone}");
    assert!(provider.models().await.expect("models are listed").iter().all(|listed| listed.id != model));
    let gone = provider.model(&model).await.expect_err("a deleted model is not there");
    assert!(matches!(gone, ProviderError::NotFound { what: "model", .. }), "{gone}");
}

async fn a_cancelled_job_stays_cancelled(world: &dyn ProviderWorld) {
    let provider = world.training();
    // Long enough that nobody trains it before it is cancelled.
    let file = upload_lines(provider.as_ref(), "idiolect-contract-d.jsonl", 400).await;
    let job = created(world, &file, "contract:2@1", 50).await;
    provider.cancel_job(&job.id).await.expect("a job can be cancelled");
    let job = ended(world, &job.id).await;
    assert_eq!((job.status, job.fine_tuned_model), (JobStatus::Cancelled, None));
    let again = provider.cancel_job(&job.id).await.expect("cancelling twice is cancelling once");
    assert_eq!(again.status, JobStatus::Cancelled);
    provider.delete_file(&file).await.expect("the file of a cancelled job is deleted");
}

/// Whole answers and streams of one model, and what is refused.
pub async fn chat_contract(world: &dyn ProviderWorld) {
    let chat = world.chat();
    let ask = |model: &ModelId| {
        let request = ChatRequest::new(model.clone(), &[ChatMessage::new("user", "Say hello.")]);
        request.with("max_tokens", 8).with("seed", 1).with("temperature", 0)
    };
    let base = world.base_model();
    let whole = chat.complete(ask(&base)).await.expect("the base model answers");
    let text = whole.content().expect("an answer has text").to_owned();
    assert!(whole.usage().is_some_and(|usage| usage.prompt_tokens > 0), "an answer says what it cost");
    assert_eq!(whole.0["object"], "chat.completion");

    let request = ask(&base).with("stream_options", serde_json::json!({"include_usage": true}));
    let mut stream = chat.stream(request).await.expect("a stream opens");
    let (mut streamed, mut usage) = (String::new(), None);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.expect("a chunk comes");
        assert_eq!(chunk.0["object"], "chat.completion.chunk");
        streamed.push_str(chunk.content().unwrap_or_default());
        usage = chunk.usage().or(usage);
    }
    assert_eq!(streamed, text, "with the same seed, the stream says what the whole answer says");
    assert!(usage.is_some(), "the stream's end says what it cost");

    let missing = ModelId::new("ft:no:such:model");
    let refused = chat.complete(ask(&missing)).await.map(drop).expect_err("there is no such model");
    assert!(matches!(refused, ProviderError::NotFound { what: "model", .. }), "{refused}");
    let refused = match chat.stream(ask(&missing)).await {
        Err(error) => error,
        Ok(mut stream) => stream.next().await.expect("something comes").map(drop).expect_err("there is no such model"),
    };
    assert!(matches!(refused, ProviderError::NotFound { what: "model", .. }), "{refused}");
    let bad = ChatRequest { model: base.clone(), fields: serde_json::Map::new(), person: None };
    let refused = chat.complete(bad).await.map(drop).expect_err("a chat without messages is refused");
    assert!(matches!(refused, ProviderError::InvalidRequest { .. }) && !refused.retryable(), "{refused}");

    // A reader that leaves early must not keep the next one from being answered.
    drop(chat.stream(ask(&base)).await.expect("a stream opens"));
    chat.complete(ask(&base)).await.expect("the base model still answers");
}
