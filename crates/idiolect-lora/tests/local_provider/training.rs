//! Files and jobs as a caller sees them.

use idiolect_provider::{FileId, FineTuningHost, FineTuningProvider, JobId, JobStatus, ModelId, ProviderError};

use crate::bench::{Bench, at_step, create, request, succeeded, training_file, upload, wait};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_ends_with_an_adapter_and_reports_what_it_did() {
    let bench = Bench::new();
    let provider = bench.open();
    let created = create(&provider, 3).await.unwrap();
    assert!(!created.status.is_terminal() && created.fine_tuned_model.is_none());
    let job = succeeded(&provider, &created.id).await;

    let model = job.fine_tuned_model.unwrap();
    let short = created.id.as_str().strip_prefix("ftjob-").unwrap();
    assert_eq!(model.as_str(), format!("ft:tiny:me-v1:{short}"));
    assert!(job.finished_at.unwrap() >= job.created_at && job.failure.is_none());
    let progress = job.progress.unwrap();
    assert_eq!((progress.step, progress.total_steps), (30, 30));
    assert!(progress.rows > 0 && progress.train_loss.unwrap() > 0.0);
    // Every assistant token and end mark of every example, three times.
    assert!(job.trained_tokens.unwrap() > 3 * 40 * 5 && job.trained_tokens.unwrap().is_multiple_of(3));

    assert_eq!(bench.names("adapters"), [model.as_str().replace(':', "~")]);
    let files = bench.names(&format!("adapters/{}", bench.names("adapters")[0]));
    assert_eq!(files, ["adapter_config.json", "adapter_model.safetensors"]);
    assert_eq!(bench.names(&format!("provider/jobs/{}", created.id)), ["events.jsonl", "job.json", "lock"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_job_twice_trains_the_same_adapter() {
    let mut adapters = Vec::new();
    for _ in 0..2 {
        let bench = Bench::new();
        let provider = bench.open();
        let job = create(&provider, 2).await.unwrap();
        succeeded(&provider, &job.id).await;
        adapters.push(bench.adapter());
    }
    assert!(adapters[0] == adapters[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_found_by_their_metadata_newest_first() {
    let bench = Bench::new();
    let provider = bench.open();
    let file = upload(&provider, training_file()).await;
    let mut ids = Vec::new();
    for run in ["a", "b", "a"] {
        let mut request = request(file.clone(), 1);
        request.metadata.insert("idiolect_run".to_owned(), run.to_owned());
        ids.push(provider.create_job(request).await.unwrap().id);
    }
    let found = provider.find_jobs("idiolect_run", "a", None).await.unwrap();
    assert_eq!(found.iter().map(|job| &job.id).collect::<Vec<_>>(), [&ids[2], &ids[0]]);
    assert!(provider.find_jobs("idiolect_run", "c", None).await.unwrap().is_empty());
    assert!(provider.find_jobs("other", "a", None).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_training_file_makes_no_job_and_names_line_and_rule() {
    let bench = Bench::new();
    let provider = bench.open();
    let bytes = [training_file().as_slice(), b"{\"messages\": 3}\n"].concat();
    let file = upload(&provider, bytes).await;
    match provider.create_job(request(file, 1)).await {
        Err(ProviderError::InvalidTrainingFile { line: 41, rule }) => assert_eq!(rule, "messages_is_a_list"),
        other => panic!("{other:?}"),
    }
    assert!(bench.names("provider/jobs").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_example_keeps_no_other_from_being_learned_and_is_told() {
    let bench = Bench::new();
    let provider = bench.open();
    let line = |asked: usize, answered: usize| {
        let messages = serde_json::json!({"messages": [
            {"role": "user", "content": "x".repeat(asked)}, {"role": "assistant", "content": "y".repeat(answered)},
        ]});
        format!("{messages}\n").into_bytes()
    };
    let trained = async |long: &[u8]| {
        let file = upload(&provider, [&training_file(), long].concat()).await;
        let job = provider.create_job(request(file, 1)).await.unwrap();
        let events = succeeded(&provider, &job.id).await;
        let told = provider.events(&job.id).await.unwrap().into_iter().map(|event| event.message);
        (events.trained_tokens.unwrap(), told.filter(|message| message.contains("longer than")).collect::<Vec<_>>())
    };
    let (others, nothing) = trained(b"").await;
    assert_eq!(nothing, [""; 0]);
    let told = "2 of 42 examples are longer than 768 tokens; what lies behind these is not learned";
    // Beyond the model's context, and an answer that is cut.
    let (tokens, events) = trained(&[line(3000, 1), line(10, 3000)].concat()).await;
    assert_eq!(events, [told]);
    assert!(tokens > others + 600 && tokens < others + 768, "{tokens} after {others}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_request_names_its_field() {
    let bench = Bench::new();
    let provider = bench.open();
    let file = upload(&provider, training_file()).await;
    let good = request(file, 1);
    let param = async |change: &dyn Fn(&mut idiolect_provider::CreateJob)| {
        let mut request = good.clone();
        change(&mut request);
        match provider.create_job(request).await {
            Err(ProviderError::InvalidRequest { param, .. }) => param.unwrap(),
            Err(ProviderError::NotFound { what, .. }) => format!("no {what}"),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(param(&|r| r.suffix = Some("../x".into())).await, "suffix");
    assert_eq!(param(&|r| r.hyperparameters.n_epochs = Some(0)).await, "n_epochs");
    assert_eq!(param(&|r| r.hyperparameters.batch_size = Some(0)).await, "batch_size");
    let rate = param(&|r| r.hyperparameters.learning_rate_multiplier = Some(f64::NAN)).await;
    assert_eq!(rate, "learning_rate_multiplier");
    assert_eq!(param(&|r| drop(r.metadata.insert(String::new(), String::new()))).await, "metadata");
    assert_eq!(param(&|r| r.base_model = ModelId::new("other")).await, "no model");
    assert_eq!(param(&|r| r.training_file = FileId::new("file-0")).await, "no file");
    assert!(bench.names("provider/jobs").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_job_ends_and_leaves_no_adapter() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 50).await.unwrap();
    at_step(&provider, &job.id, 12).await;
    provider.cancel_job(&job.id).await.unwrap();
    let cancelled = wait(&provider, &job.id, |job| job.status == JobStatus::Cancelled).await;
    assert!(cancelled.finished_at.is_some() && cancelled.fine_tuned_model.is_none());
    assert!(bench.names("adapters").is_empty());
    assert!(!bench.names(&format!("provider/jobs/{}", job.id)).contains(&"checkpoint.safetensors".to_owned()));
    // An ended job is left as it is.
    assert_eq!(provider.cancel_job(&job.id).await.unwrap().finished_at, cancelled.finished_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_for_another_is_cancelled_too() {
    let bench = Bench::new();
    let provider = bench.open();
    let first = create(&provider, 20).await.unwrap();
    let second = create(&provider, 50).await.unwrap();
    provider.cancel_job(&second.id).await.unwrap();
    succeeded(&provider, &first.id).await;
    wait(&provider, &second.id, |job| job.status == JobStatus::Cancelled).await;
    assert_eq!(bench.names("adapters").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_forgotten_once_it_has_ended_and_with_it_what_it_made() {
    let bench = Bench::new();
    let provider = bench.open();
    let done = create(&provider, 1).await.unwrap();
    succeeded(&provider, &done.id).await;
    let trains = create(&provider, 50).await.unwrap();
    at_step(&provider, &trains.id, 3).await;
    let early = provider.forget_job(&trains.id).await.unwrap_err();
    assert!(early.retryable() && early.to_string().contains("has not ended yet"), "{early}");
    wait(&provider, &trains.id, |job| job.status == JobStatus::Cancelled).await;
    for id in [&done.id, &trains.id, &trains.id] {
        while let Err(error) = provider.forget_job(id).await {
            assert!(error.retryable(), "{error}");
            tokio::task::yield_now().await;
        }
    }
    assert!(bench.names("provider/jobs").is_empty() && bench.names("adapters").is_empty());
    assert!(provider.job(&trains.id).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_said_to_be_missing() {
    let bench = Bench::new();
    let provider = bench.open();
    for id in ["ftjob-0", "../../etc", ""] {
        let error = provider.job(&JobId::new(id)).await.unwrap_err();
        assert!(matches!(error, ProviderError::NotFound { what: "fine-tuning job", .. }), "{error}");
        assert!(provider.cancel_job(&JobId::new(id)).await.is_err());
    }
    provider.delete_file(&FileId::new("file-0")).await.unwrap();
    provider.delete_model(&ModelId::new("ft:tiny:me:0")).await.unwrap();
    provider.delete_model(&ModelId::new("ft:../..:x")).await.unwrap();
    assert!(provider.delete_model(&ModelId::new("tiny")).await.is_err());
}
