//! Spec §11.1, "Firestore + versioning", against SQLite.
#![allow(clippy::unwrap_used)] // the lint's exception for tests does not reach their helper functions

use std::collections::BTreeMap;

use idiolect_registry::{
    Change, DataRange, MetadataStore, ModelVersion, Purpose, RunRequest, RunStep, Trigger, User, VersionId,
    VersionStatus, grant, prove_consent, start_run,
};
use idiolect_store::SqliteStore;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

fn now() -> Timestamp {
    "2026-01-01T08:00:00Z".parse().unwrap()
}

fn request() -> RunRequest {
    RunRequest {
        provider: "local".into(),
        base_model: "smollm2-135m-instruct".into(),
        window: DataRange { start: now() - SignedDuration::from_hours(90 * 24), end: now() },
        source: "ndjson:messages.ndjson".into(),
        strategy: "neutral_rewrite/1".into(),
        seed: 7,
        code_version_sha: "0.1.0".into(),
        hyperparams: BTreeMap::from([("n_epochs".into(), "3".into())]),
        trigger: Trigger::Manual,
    }
}

/// Reads the user, starts a run for them and stores both, as the pipeline does.
async fn start(store: &SqliteStore) -> VersionId {
    let ana = "ana".parse().unwrap();
    let user = store.user(&ana).await.unwrap();
    let user = user.unwrap_or_else(|| grant(&User::new(ana, now()), [Purpose::Extract, Purpose::TrainLocal], now()));
    let proof = prove_consent(&user, Purpose::Extract).unwrap();
    let (user, version) = start_run(&user, &proof, request(), now());
    let id = version.id.clone();
    store.commit(vec![Change::PutUser(user), Change::CreateVersion(version)]).await.unwrap();
    id
}

#[tokio::test]
async fn creates_model_metadata_document() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let id = start(&store).await;
    assert_eq!(id.to_string(), "ana:1");

    let ModelVersion { base_model, status, created_at, training_data_range, safety, config, run, .. } =
        store.version(&id).await.unwrap().expect("the document is there");
    assert_eq!((base_model.as_str(), status, created_at), ("smollm2-135m-instruct", VersionStatus::Queued, now()));
    assert_eq!(training_data_range, request().window);
    assert!(safety.pii_redaction && safety.user_opt_in);
    assert_eq!((config.system_prompt_version, config.hyperparams), (request().strategy, request().hyperparams));
    assert_eq!(run.step, RunStep::Requested);
    assert_eq!(store.user(&id.user_id).await.unwrap().unwrap().latest_model_version, 1);
}

#[tokio::test]
async fn increments_model_version() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    for expected in ["ana:1", "ana:2", "ana:3"] {
        assert_eq!(start(&store).await.to_string(), expected);
    }
    // Another process goes on counting where this one stopped.
    drop(store);
    let store = SqliteStore::open(dir.path()).unwrap();
    let fourth = start(&store).await;
    assert_eq!(fourth.to_string(), "ana:4");
    let numbers: Vec<_> = store.versions(&fourth.user_id).await.unwrap().iter().map(|v| v.id.version).collect();
    assert_eq!(numbers, [4, 3, 2, 1], "none was overwritten");
}

#[test]
fn tables_have_the_fields_of_the_spec() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let db = rusqlite::Connection::open(store.path()).unwrap();
    let columns = |table: &str| -> Vec<String> {
        let mut statement = db.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        statement.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    // Spec §5's fields first, then design.md's additions.
    let users = ["active_model_id", "active_model_version", "model_status", "model_updated_at"];
    let users_more = [
        "user_id",
        "previous_model_version",
        "latest_model_version",
        "consent_granted_at",
        "consent_revoked_at",
        "consent_purposes",
        "consent_text_version",
        "active_retires_at",
        "schedule_source",
        "schedule_last_trained_at",
        "schedule_last_window_end",
        "schedule_last_message_count",
        "dispatch_next_at",
        "dispatch_shard",
        "dispatch_lease_owner",
        "dispatch_lease_until",
        "dispatch_attempt",
        "last_trigger",
        "erasure_id",
        "revision",
    ];
    assert_same(columns("users"), &[&users[..], &users_more].concat());

    let llm_models = [
        "user_id",
        "version",
        "base_model",
        "openai_training_file_id",
        "openai_job_id",
        "openai_fine_tuned_model_id",
        "status",
        "created_at",
        "completed_at",
        "training_data_range_start",
        "training_data_range_end",
        "num_messages",
        "token_estimate",
        "eval_holdout_loss",
        "eval_human_score",
        "eval_style_similarity",
        "safety_pii_redaction",
        "safety_user_opt_in",
        "safety_disabled_reason",
        "config_system_prompt_version",
        "config_dataset_builder_version",
        "config_hyperparams",
        "artifacts_dataset_hash",
        "artifacts_code_version_sha",
    ];
    let llm_models_more = [
        "provider",
        "cost_estimated_micros",
        "cost_actual_micros",
        "cost_trained_tokens",
        "eval_base_holdout_loss",
        "eval_active_holdout_loss",
        "eval_verdict",
        "run_step",
        "run_trigger",
        "run_source",
        "run_seed",
        "run_name",
        "run_messages_in_window",
        "run_job_intended_at",
        "run_job_running_at",
        "run_job_intents",
        "run_trouble",
        "run_next_at",
        "run_shard",
        "run_lease_owner",
        "run_lease_until",
        "run_attempt",
        "run_updated_at",
        "failure_code",
        "failure_message",
        "failure_request_id",
        "retires_at",
        "retirement_warned_days",
        "review_asked_at",
        "review_decision",
        "review_decided_at",
        "revision",
    ];
    assert_same(columns("llm_models"), &[&llm_models[..], &llm_models_more].concat());
}

fn assert_same(mut found: Vec<String>, expected: &[&str]) {
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}
