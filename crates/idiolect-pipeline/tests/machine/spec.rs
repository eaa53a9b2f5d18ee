//! Spec §11.2's integration test and §11.3's validations, by those words; the provider is mocked, the store is real in all but place.

use idiolect_provider::FileId;
use idiolect_registry::{
    Clock, FailureCode, MetadataStore, ModelStatus, Purpose, Route, RunStep, VersionStatus, route,
};
use idiolect_testkit::{JobScript, Method, check_training_file};

use crate::world::World;

/// §11.2: "upload returns fixed fileId, fine-tune creation returns jobId, polling resolves to succeeded. Assert: Firebase
/// state transitions are correct, fine-tuned model ID is persisted, inference path selects correct model."
#[tokio::test]
async fn integration_mocked_external_services() {
    let mut world = World::ready().await;
    world.make_hosted("");
    world.can_score = false;
    world.request().await;
    let mut transitions = vec![];
    let mut note = |step: RunStep, status: VersionStatus, user: ModelStatus| {
        let seen = (step.as_str(), status.as_str(), user.as_str());
        if transitions.last() != Some(&seen) {
            transitions.push(seen);
        }
    };
    loop {
        let run = world.run().await;
        note(run.run.step, run.status, world.user().await.model_status);
        if !run.run.step.is_under_way() {
            break;
        }
        world.step().await;
    }
    assert_eq!(
        transitions,
        [
            ("requested", "queued", "training"),
            ("file_uploaded", "queued", "training"),
            ("job_created", "running", "training"),
            ("job_ended", "succeeded", "training"),
            ("file_deleted", "succeeded", "training"),
            ("probed", "succeeded", "training"),
            ("evaluated", "succeeded", "training"),
            ("activated", "succeeded", "ready"),
        ]
    );
    let version = world.run().await;
    let job = world.provider.jobs().remove(0);
    assert_eq!(version.training_file_id, Some(job.training_file.to_string()));
    assert_eq!(version.job_id, Some(job.id.to_string()));
    assert_eq!(version.fine_tuned_model_id, job.fine_tuned_model.map(|model| model.to_string()));
    let user = world.user().await;
    let expected = Route::FineTuned { model_id: version.fine_tuned_model_id.unwrap(), version: 1 };
    assert_eq!(route(Some(&user), world.clock.now()), expected);
}

/// §11.3: "Validate JSONL schema prior to upload."
#[tokio::test]
async fn validates_jsonl_schema_prior_to_upload() {
    let world = World::ready().await;
    world.request().await;
    world.step_to(RunStep::FileUploaded).await;
    let file = world.run().await.training_file_id.unwrap();
    let bytes = world.provider.file_bytes(&FileId::new(file)).unwrap();
    assert!(check_training_file(&bytes).is_ok());
    assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count() as u64, world.run().await.num_messages);
}

/// §11.3: "Validate minimum dataset size constraints."
#[tokio::test]
async fn validates_minimum_dataset_size_constraints() {
    let world = World::with_messages(99, Purpose::ALL).await;
    world.request().await;
    let version = world.run_to_end().await;
    let failure = version.failure.unwrap();
    assert_eq!(failure.code, FailureCode::InsufficientData);
    assert_eq!(failure.code.as_str(), "failed_insufficient_data");
    assert!(failure.message.contains("99 of 100 messages (1 too few)"), "{}", failure.message);
    assert_eq!(world.provider.count(Method::UploadFile), 0);
}

/// §11.3: "Validate OpenAI error handling paths: invalid file, insufficient examples, job failure."
#[tokio::test]
async fn validates_openai_error_handling_paths() {
    for (code, expected, step) in [
        ("invalid_training_file", FailureCode::InvalidTrainingFile, RunStep::Failed),
        ("invalid_n_examples", FailureCode::InsufficientData, RunStep::InsufficientData),
        ("server_error", FailureCode::JobFailed, RunStep::Failed),
    ] {
        let world = World::ready().await;
        world.provider.script_job(JobScript::fails(code));
        world.request().await;
        let version = world.run_to_end().await;
        let failure = version.failure.unwrap();
        assert_eq!((failure.code, version.run.step), (expected, step), "{code}");
        assert!(failure.message.contains(code), "the provider's own code is kept: {}", failure.message);
        assert_eq!((version.status, world.user().await.model_status), (VersionStatus::Failed, ModelStatus::Failed));
        assert!(world.provider.files().is_empty());
        // "Persist error, allow retry" (§13).
        assert!(world.try_request().await.is_ok());
        assert_eq!(world.store.versions(&world.user_id).await.unwrap().len(), 2);
    }
}
