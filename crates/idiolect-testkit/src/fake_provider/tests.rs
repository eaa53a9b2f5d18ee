//! The fake keeps its own promises.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use idiolect_provider::{
    ChatMessage, ChatProvider, ChatRequest, CreateJob, Deleted, FileId, FineTuningProvider, Hyperparameters, JobId,
    JobStatus, ModelId, ProviderError, Scorer, Upload,
};

use super::*;

fn line(n: usize) -> String {
    format!(
        "{{\"messages\":[{{\"role\":\"user\",\"content\":\"say {n}\"}},{{\"role\":\"assistant\",\"content\":\"{n}\"}}]}}\n"
    )
}

fn upload(lines: usize) -> Upload {
    Upload::new("run.jsonl", (0..lines).map(line).collect::<String>().into_bytes())
}

fn create(file: &FileId) -> CreateJob {
    CreateJob {
        training_file: file.clone(),
        base_model: ModelId::new("base"),
        suffix: Some("ana-1".into()),
        seed: Some(1),
        hyperparameters: Hyperparameters::default(),
        metadata: BTreeMap::from([("run".into(), "ana:1".into())]),
    }
}

fn broken_rule(bytes: &[u8]) -> (usize, String) {
    match check_training_file(bytes) {
        Err(ProviderError::InvalidTrainingFile { line, rule }) => (line, rule),
        other => panic!("expected a broken rule, got {other:?}"),
    }
}

#[test]
fn training_files_are_checked_line_by_line() {
    assert!(check_training_file(&upload(10).bytes).is_ok());
    assert_eq!(broken_rule(&upload(9).bytes), (9, "at_least_10_examples".into()));
    assert_eq!(broken_rule(b""), (0, "ends_with_newline".into()));
    let second = |bad: &str| {
        let text = format!("{}{bad}\n{}", line(0), line(2));
        broken_rule(text.as_bytes())
    };
    assert_eq!(second(""), (2, "one_json_object_per_line".into()));
    assert_eq!(second("{}"), (2, "messages_is_a_list".into()));
    assert_eq!(second(r#"{"messages":[]}"#), (2, "last_message_is_the_assistants".into()));
    assert_eq!(second(r#"{"messages":[{"role":"tool","content":"x"}]}"#), (2, "known_role".into()));
    assert_eq!(second(r#"{"messages":[{"role":"assistant","content":" "}]}"#), (2, "message_has_content".into()));
    assert_eq!(broken_rule(&[line(0).as_bytes(), b"\xff\n"].concat()), (2, "utf8".into()));
}

#[tokio::test]
async fn a_job_is_queued_then_runs_then_has_a_model_that_answers() {
    let fake = FakeProvider::new("base");
    let file = fake.upload_file(upload(10)).await.unwrap();
    let job = fake.create_job(create(&file)).await.unwrap();
    let mut seen = vec![job.status];
    for _ in 0..3 {
        seen.push(fake.job(&job.id).await.unwrap().status);
    }
    assert_eq!(seen, [JobStatus::ValidatingFiles, JobStatus::Queued, JobStatus::Running, JobStatus::Succeeded]);
    let model = fake.job(&job.id).await.unwrap().fine_tuned_model.unwrap();
    let request = ChatRequest::new(model.clone(), &[ChatMessage::new("user", "hello")]);
    assert_eq!(fake.complete(request).await.unwrap().content(), Some(format!("I am {model}").as_str()));
    fake.delete_model(&model).await.unwrap();
    fake.delete_model(&model).await.unwrap();
    let request = ChatRequest::new(model, &[ChatMessage::new("user", "hello")]);
    assert!(matches!(fake.complete(request).await, Err(ProviderError::NotFound { .. })));
}

#[tokio::test]
async fn other_outcomes_follow_the_script() {
    let fake = FakeProvider::new("base");
    let file = fake.upload_file(upload(10)).await.unwrap();
    for (script, status) in [
        (JobScript::fails("out_of_memory"), JobStatus::Failed),
        (JobScript::cancelled(), JobStatus::Cancelled),
        (JobScript::succeeds_without_model(), JobStatus::Succeeded),
    ] {
        fake.script_job(script);
        let job = fake.create_job(create(&file)).await.unwrap();
        let job = fake.job(&job.id).await.unwrap();
        assert_eq!((job.status, job.fine_tuned_model), (status, None));
    }
    assert_eq!(fake.jobs()[0].failure.as_ref().unwrap().code, "out_of_memory");
}

#[tokio::test]
async fn a_job_whose_creation_was_cut_off_is_found_again() {
    let fake = FakeProvider::new("base");
    let file = fake.upload_file(upload(10)).await.unwrap();
    fake.fail_next(Method::CreateJob, Fault::CutAfter);
    assert!(fake.create_job(create(&file)).await.unwrap_err().retryable());
    let found = fake.find_jobs("run", "ana:1", None).await.unwrap();
    assert_eq!((found.len(), fake.jobs_created()), (1, 1));
    assert!(fake.find_jobs("run", "ana:2", None).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_job_that_was_forgotten_was_paid_for_all_the_same() {
    let fake = FakeProvider::new("base");
    let file = fake.upload_file(upload(10)).await.unwrap();
    let job = fake.create_job(create(&file)).await.unwrap();
    fake.cancel_job(&job.id).await.unwrap();
    fake.forget_job(&job.id).await.unwrap();
    assert_eq!((fake.jobs().len(), fake.jobs_created()), (0, 1));
}

#[tokio::test]
async fn a_retired_model_is_listed_until_it_is_deleted_and_answers_nothing() {
    let fake = FakeProvider::new("base");
    fake.add_model("tuned");
    fake.retire_model("tuned");
    let tuned = ModelId::new("tuned");
    assert!(FineTuningProvider::models(&fake).await.unwrap().iter().any(|model| model.id == tuned));
    assert!(fake.model(&tuned).await.is_ok());
    assert!(fake.complete(ChatRequest::new(tuned.clone(), &[ChatMessage::new("user", "hello")])).await.is_err());
    assert_eq!(fake.delete_model(&tuned).await.unwrap(), Deleted::Now);
    assert!(fake.model(&tuned).await.is_err());
}

#[tokio::test]
async fn a_failed_upload_leaves_nothing() {
    let fake = FakeProvider::new("base");
    fake.fail_next(Method::UploadFile, Fault::Unavailable);
    assert!(fake.upload_file(upload(10)).await.unwrap_err().retryable());
    assert!(fake.files().is_empty());
    assert!(!fake.upload_file(upload(1)).await.unwrap_err().retryable());
    fake.upload_file(upload(10)).await.unwrap();
    assert_eq!(fake.find_files("run.jsonl").await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_unknown_or_out_of_bounds_is_refused() {
    let fake = FakeProvider::new("base");
    let missing = FileId::new("file-404");
    assert!(matches!(fake.create_job(create(&missing)).await, Err(ProviderError::NotFound { .. })));
    assert!(matches!(fake.job(&JobId::new("ftjob-404")).await, Err(ProviderError::NotFound { .. })));
    fake.delete_file(&missing).await.unwrap();
    let file = fake.upload_file(upload(10)).await.unwrap();
    let many = (0..17).map(|n| (n.to_string(), String::new())).collect();
    for bad in [
        CreateJob { suffix: Some("a b".into()), ..create(&file) },
        CreateJob { metadata: many, ..create(&file) },
        CreateJob { hyperparameters: Hyperparameters { n_epochs: Some(0), ..Default::default() }, ..create(&file) },
    ] {
        assert!(matches!(fake.create_job(bad).await, Err(ProviderError::InvalidRequest { .. })));
    }
    assert_eq!(fake.jobs_created(), 0);
    fake.create_job(create(&file)).await.unwrap();
    assert!(fake.delete_file(&file).await.is_err(), "a job still needs it");
}

#[tokio::test]
async fn calls_are_logged_in_order_by_name_and_id() {
    let fake = FakeProvider::new("base");
    let file = fake.upload_file(upload(10)).await.unwrap();
    let job = fake.create_job(create(&file)).await.unwrap();
    fake.cancel_job(&job.id).await.unwrap();
    fake.delete_file(&file).await.unwrap();
    let log: Vec<_> = fake.calls().iter().map(Call::to_string).collect();
    assert_eq!(log, ["UploadFile run.jsonl", "CreateJob file-1", "CancelJob ftjob-2", "DeleteFile file-1"]);
    assert_eq!(fake.methods(&[Method::CancelJob]), [Method::UploadFile, Method::CreateJob, Method::DeleteFile]);
}

#[tokio::test]
async fn streams_say_what_whole_answers_say_and_break_where_told() {
    let fake = FakeProvider::new("base");
    fake.set_answer("base", "one two three");
    let ask = || ChatRequest::new(ModelId::new("base"), &[ChatMessage::new("user", "count")]);
    let chunks: Vec<_> = fake.stream(ask()).await.unwrap().map(Result::unwrap).collect().await;
    let text: String = chunks.iter().filter_map(|c| c.content()).collect();
    assert_eq!(text, "one two three");
    assert_eq!(chunks.last().unwrap().usage().unwrap().completion_tokens, 3);

    fake.fail_next(Method::Stream, Fault::CutBeforeFirstChunk);
    assert!(fake.stream(ask()).await.unwrap().next().await.unwrap().is_err());
    fake.fail_next(Method::Stream, Fault::CutAfter);
    let broken: Vec<_> = fake.stream(ask()).await.unwrap().map(|c| c.is_ok()).collect().await;
    assert_eq!(broken, [true, true, false]);
}

#[tokio::test]
async fn an_endless_stream_ends_when_it_is_dropped() {
    let fake = FakeProvider::new("base");
    fake.set_endless_answer("base");
    let mut stream =
        fake.stream(ChatRequest::new(ModelId::new("base"), &[ChatMessage::new("user", "go")])).await.unwrap();
    for _ in 0..3 {
        assert!(stream.next().await.unwrap().is_ok());
    }
    assert_eq!(fake.open_streams(), 1);
    drop(stream);
    assert_eq!(fake.open_streams(), 0);
}

#[tokio::test]
async fn scores_are_as_set() {
    let fake = FakeProvider::new("base");
    fake.set_bits_per_char("base", 2.5);
    let conversation = vec![ChatMessage::new("user", "say"), ChatMessage::new("assistant", "hi you")];
    let score = fake.score(&ModelId::new("base"), vec![conversation.clone(), conversation]).await.unwrap();
    assert_eq!((score.bits_per_char(), score.chars), (Some(2.5), 12));
    assert!(fake.score(&ModelId::new("base"), vec![vec![]]).await.is_err());
    assert!(fake.score(&ModelId::new("gone"), vec![]).await.is_err());
}
