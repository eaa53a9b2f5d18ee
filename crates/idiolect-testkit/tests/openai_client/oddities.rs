//! What has been seen of real hosts, each once.

use std::time::Duration;

use idiolect_provider::{
    ChatMessage, ChatProvider, ChatRequest, FineTuningProvider, JobStatus, Labels, ModelId, ProviderError, Servable,
    Surroundings, Upload, jobs_of_run, probe,
};
use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, FAKE_REASONING_MODEL, JobPlan, Oddity, training_lines};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{World, code_of};

#[tokio::test]
async fn a_healthy_job_may_carry_an_error_of_nothing() {
    for error in [json!({}), json!({"code": null, "message": null, "param": null})] {
        let world = World::start().await;
        world.server.plan_job(JobPlan { healthy_error: Some(error), ..JobPlan::default() });
        let job = world.created().await;
        assert_eq!((&job.status, &job.failure), (&JobStatus::ValidatingFiles, &None));
        let job = world.ended(&job.id).await;
        assert_eq!((job.status, job.failure), (JobStatus::Succeeded, None));
    }
}

#[tokio::test]
async fn a_job_may_be_paused_or_something_that_nobody_knows_and_goes_on() {
    for (word, status) in [("paused", JobStatus::Paused), ("compressing", JobStatus::Unknown("compressing".into()))] {
        let world = World::start().await;
        world.server.plan_job(JobPlan { running_word: Some(word.into()), ..JobPlan::default() });
        let job = world.created().await;
        world.server.advance(SignedDuration::from_mins(10));
        let running = world.client.job(&job.id).await.unwrap();
        assert_eq!(running.status, status);
        assert!(!running.status.is_terminal() && running.estimated_finish.is_some());
        assert_eq!(world.ended(&job.id).await.status, JobStatus::Succeeded);
    }
}

#[tokio::test]
async fn bad_data_is_taken_and_fails_later_with_its_reason() {
    let world = World::start().await;
    let file = world.client.upload_file(Upload::new("run.jsonl", training_lines(5))).await.unwrap();
    world.server.advance(SignedDuration::from_secs(30));
    let job = world.client.create_job(World::request(&file)).await.unwrap();
    assert_eq!(job.status, JobStatus::ValidatingFiles);
    let failure = world.ended(&job.id).await.failure.unwrap();
    assert_eq!(failure.code, "invalid_n_examples");
    assert_eq!(failure.message, "Training file has 5 example(s), but must have at least 10 examples");
}

#[tokio::test]
async fn a_job_may_fail_after_all_its_training() {
    let world = World::start().await;
    let fails = Some(("unsafe_model".to_owned(), "The model was blocked: 'see you at nine'".to_owned()));
    world.server.plan_job(JobPlan { fails, ..JobPlan::default() });
    let job = world.created().await;
    let failure = world.ended(&job.id).await.failure.unwrap();
    assert_eq!((failure.code.as_str(), failure.message.as_str()), ("unsafe_model", "The model was blocked: …"));
}

#[tokio::test]
async fn success_without_a_model_is_an_error_not_a_panic() {
    let world = World::start().await;
    world.server.plan_job(JobPlan { without_model: true, ..JobPlan::default() });
    let job = world.created().await;
    let job = world.ended(&job.id).await;
    assert_eq!((&job.status, &job.fine_tuned_model), (&JobStatus::Succeeded, &None));
    let error = world.client.make_servable(&job).await.unwrap_err();
    assert!(error.to_string().contains("names no model"), "{error}");
}

#[tokio::test]
async fn answers_that_leave_almost_everything_out_are_enough() {
    let world = World::start().await;
    world.server.plan_job(JobPlan { bare: true, ..JobPlan::default() });
    let job = world.created().await;
    assert_eq!(job.base_model.as_str(), FAKE_BASE_MODEL);
    let job = world.ended(&job.id).await;
    let Servable::Ready(model) = world.client.make_servable(&job).await.unwrap() else { panic!("no model") };
    probe(world.client.as_ref(), &model).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_never_processed_or_breaks_ends_the_waiting() {
    let world = World::start().await;
    let file = world.client.upload_file(Upload::new("never-processed.jsonl", training_lines(12))).await.unwrap();
    let waiting = world.client.create_job(World::request(&file)).await.unwrap_err();
    assert!(matches!(waiting, ProviderError::Unavailable { .. }), "{waiting}");
    world.server.advance(SignedDuration::from_mins(31));
    assert_eq!(code_of(world.client.create_job(World::request(&file)).await), "file_not_processed");
    let file = world.upload("broken.jsonl").await;
    let broken = world.client.create_job(World::request(&file)).await.unwrap_err();
    assert_eq!((broken.code(), broken.retryable()), ("invalid_file", false));
    assert_eq!(world.server.count(Endpoint::CreateJob), 0, "no job is paid for on such a file");
}

#[tokio::test]
async fn a_retired_model_is_listed_and_not_found() {
    let world = World::start().await;
    world.server.retire_model(FAKE_BASE_MODEL);
    world.server.set_shutdown_date(FAKE_BASE_MODEL, "2026-01-02");
    let listed = world.client.models().await.unwrap();
    let base = listed.iter().find(|model| model.id.as_str() == FAKE_BASE_MODEL).unwrap();
    assert_eq!(base.shutdown_date.unwrap().to_string(), "2026-01-02");
    assert!(listed.iter().any(|model| model.shutdown_date.is_none()));
    let gone = probe(world.client.as_ref(), &ModelId::new(FAKE_BASE_MODEL)).await.unwrap_err();
    assert!(matches!(gone, ProviderError::NotFound { what: "model", .. }), "{gone}");
    assert_eq!(gone.code(), "model_not_found");
}

#[tokio::test]
async fn a_reasoning_model_is_asked_in_its_own_words() {
    let world = World::start().await;
    probe(world.client.as_ref(), &ModelId::new(FAKE_REASONING_MODEL)).await.unwrap();
    let sent = world.server.bodies(Endpoint::Chat).pop().unwrap();
    assert_eq!((&sent["max_completion_tokens"], sent.get("max_tokens")), (&json!(16), None));
}

#[tokio::test]
async fn a_slow_answer_is_given_up() {
    let world = World::start().await;
    let job = world.created().await;
    let mut around = world.server.surroundings();
    around.timeout = Duration::from_millis(50);
    let credentials =
        idiolect_provider::Credentials { key: Some(idiolect_testkit::FAKE_KEY.into()), ..Default::default() };
    let impatient =
        idiolect_provider::OpenAiProvider::new(world.client.profile().clone(), &credentials, around).unwrap();
    for _ in 0..9 {
        world.server.next(Endpoint::GetJob, Oddity::Slow(Duration::from_secs(30)));
    }
    let error = impatient.job(&job.id).await.unwrap_err();
    assert!(error.to_string().contains("did not answer in time"), "{error}");
    world.server.next(Endpoint::Chat, Oddity::Slow(Duration::from_secs(30)));
    let chat = ChatRequest::new(ModelId::new(FAKE_BASE_MODEL), &[ChatMessage::new("user", "Say hello.")]);
    let error = impatient.stream(chat).await.err().expect("another model is asked instead");
    assert!(error.to_string().contains("did not answer in time"), "{error}");
}

#[tokio::test]
async fn what_is_not_set_up_says_what_to_set() {
    let world = World::start().await;
    let new = |profile, key: Option<&str>| {
        let credentials = idiolect_provider::Credentials { key: key.map(Into::into), ..Default::default() };
        idiolect_provider::OpenAiProvider::new(profile, &credentials, Surroundings::default()).unwrap_err().to_string()
    };
    let profile = world.client.profile().clone();
    assert_eq!(new(profile.clone(), None), "openai needs a key: set OPENAI_API_KEY");
    assert_eq!(new(profile.clone(), Some(" ")), "openai needs a key: set OPENAI_API_KEY");
    let broken = new(profile.clone(), Some("sk-\nsecret"));
    assert_eq!(broken, "OPENAI_API_KEY holds characters that no key has; set it again");
    let no_url = idiolect_provider::Profile { base_url: None, ..profile };
    assert!(new(no_url, Some("k")).starts_with("the provider profile openai has no base_url"));
}

#[tokio::test]
async fn an_unreachable_host_is_named_and_a_wrong_key_is_no_outage() {
    let world = World::start().await;
    let base_url = Some("http://127.0.0.1:9/v1".to_owned());
    let nowhere = world.server.client_with(idiolect_provider::Profile { base_url, ..world.client.profile().clone() });
    let error = nowhere.models().await.unwrap_err();
    assert!(error.to_string().contains("openai cannot be reached"), "{error}");
    let credentials = idiolect_provider::Credentials { key: Some("sk-wrong".into()), ..Default::default() };
    let profile = world.client.profile().clone();
    let wrong = idiolect_provider::OpenAiProvider::new(profile, &credentials, world.server.surroundings()).unwrap();
    let error = wrong.models().await.unwrap_err();
    assert!(matches!(error, ProviderError::NotAllowed { .. }), "{error}");
    assert!(!format!("{error} {error:?} {wrong:?} {credentials:?}").contains("sk-wrong"));
}

#[tokio::test]
async fn long_lists_are_read_to_their_end() {
    let world = World::start().await;
    let file = world.upload("run.jsonl").await;
    for n in 0..105 {
        let mut request = World::request(&file);
        request.metadata.insert("run_id".into(), format!("ana:{n}"));
        world.client.create_job(request).await.unwrap();
    }
    assert_eq!(world.client.find_jobs_on_file(&file).await.unwrap().len(), 105);
    assert_eq!(world.client.find_jobs("run_id", "ana:3", None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn years_of_older_jobs_are_not_looked_through_for_a_new_one() {
    let world = World::start().await;
    // By tags no host filters.
    let profile = idiolect_provider::Profile { labels: Labels::Tags, ..world.client.profile().clone() };
    let client = world.server.client_with(profile);
    let older = world.upload("older.jsonl").await;
    for n in 0..250 {
        let mut request = World::request(&older);
        request.metadata.insert("run_id".into(), format!("ana:{n}"));
        world.client.create_job(request).await.unwrap();
    }
    world.server.advance(SignedDuration::from_hours(24));
    let file = world.upload("run.jsonl").await;
    let job = world.client.create_job(World::request(&file)).await.unwrap();
    let before = world.server.count(Endpoint::ListJobs);
    let found = jobs_of_run(&client, "run_id", "ana:1@1", Some(&file)).await.unwrap();
    assert_eq!(found.iter().map(|job| &job.id).collect::<Vec<_>>(), [&job.id]);
    assert_eq!(world.server.count(Endpoint::ListJobs) - before, 2, "by its mark and by its file, one page each");
    let oldest = client.find_jobs("run_id", "ana:0", Some(&older)).await.unwrap();
    assert_eq!(oldest.len(), 1, "one that is as old as its file");
}

#[tokio::test]
async fn a_job_that_has_ended_and_cannot_be_cancelled_is_as_it_is_however_that_is_said() {
    let world = World::start().await;
    let job = world.created().await;
    world.ended(&job.id).await;
    for status in [400, 403, 409, 422] {
        for _ in 0..3 {
            world.server.next(Endpoint::CancelJob, Oddity::refuse(status, "conflict", None, "the job has ended"));
        }
        let cancelled = world.client.cancel_job(&job.id).await.unwrap();
        assert_eq!(cancelled.status, JobStatus::Succeeded, "{status}");
        while world.client.cancel_job(&job.id).await.is_err() {}
    }
}

#[tokio::test]
async fn a_job_that_goes_on_and_cannot_be_cancelled_is_an_error() {
    let world = World::start().await;
    let job = world.created().await;
    for _ in 0..3 {
        world.server.next(Endpoint::CancelJob, Oddity::refuse(409, "conflict", None, "not now"));
    }
    let error = world.client.cancel_job(&job.id).await.unwrap_err();
    assert!(error.retryable(), "{error}");
}
