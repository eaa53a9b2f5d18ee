//! The memory store keeps the contract, and refuses what no correct program would write.
#![allow(clippy::unwrap_used)] // the lint's exception for tests does not reach their helper functions

use idiolect_registry::{Change, MetadataStore, ModelVersion, RunStep, StoreError, User};
use idiolect_testkit::{CommitFault, MemoryStore, full_user, full_version, store_contract};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_store_keeps_the_contract() {
    store_contract(MemoryStore::new).await;
}

/// A store with a version at the step before its job ends, and that version as stored.
async fn with_a_run() -> (MemoryStore, ModelVersion) {
    let store = MemoryStore::new();
    let mut version = full_version("ana", 3);
    version.run.step = RunStep::JobCreated;
    store.commit(vec![Change::PutUser(full_user("ana")), Change::CreateVersion(version.clone())]).await.unwrap();
    version.revision = 1;
    (store, version)
}

async fn assert_refused(store: &MemoryStore, change: Change, rule: &str) {
    match store.commit(vec![change]).await {
        Err(StoreError::Corrupt { reason, .. }) => assert!(reason.contains(rule), "{reason}"),
        other => panic!("expected the rule {rule:?} to refuse it and got {other:?}"),
    }
}

#[tokio::test]
async fn what_a_run_was_requested_with_cannot_be_changed() {
    type Edit = fn(&mut ModelVersion);
    let edits: [(Edit, &str); 10] = [
        (|v| v.created_at += jiff::SignedDuration::from_secs(1), "created_at is fixed"),
        (|v| v.base_model.push('x'), "base model are fixed"),
        (|v| v.run.seed = 0, "seed are fixed"),
        (|v| v.training_file_id = None, "training file's id is written once"),
        (|v| v.job_id = Some("ftjob-2".into()), "job's id is written once"),
        (|v| v.artifacts.dataset_hash = None, "hash is fixed once it is uploaded"),
        (|v| v.run.step = RunStep::DatasetBuilt, "goes forward"),
        (|v| v.eval.holdout_loss = Some(f64::NAN), "finite"),
        (|v| v.training_data_range.end = v.training_data_range.start, "window is fixed"),
        (|v| v.completed_at = Some("2026-02-01T01:00:00.000000001Z".parse().unwrap()), "whole microseconds"),
    ];
    for (edit, rule) in edits {
        let (store, mut version) = with_a_run().await;
        edit(&mut version);
        assert_refused(&store, Change::UpdateVersion(version), rule).await;
    }
}

#[tokio::test]
async fn a_run_does_not_go_on_after_its_end() {
    let (store, mut version) = with_a_run().await;
    version.run.step = RunStep::NotActivated;
    store.commit(vec![Change::UpdateVersion(version.clone())]).await.unwrap();
    version.revision = 2;
    version.run.step = RunStep::Cancelled;
    assert_refused(&store, Change::UpdateVersion(version), "after its end").await;
}

#[tokio::test]
async fn numbers_count_up_and_are_taken_from_the_user() {
    let (store, _) = with_a_run().await;
    assert_refused(&store, Change::CreateVersion(full_version("ana", 2)), "count up").await;
    assert_refused(&store, Change::CreateVersion(full_version("ana", 4)), "taken the number").await;
    assert_refused(&store, Change::CreateVersion(full_version("ben", 1)), "taken the number").await;
    let back = User { revision: 1, latest_model_version: 2, ..full_user("ana") };
    assert_refused(&store, Change::PutUser(back), "never goes down").await;
}

#[tokio::test]
async fn commits_and_the_whole_store_fail_when_told() {
    let store = MemoryStore::new();
    let put = || vec![Change::PutUser(full_user("ana"))];
    let ana = full_user("ana").user_id;
    for fault in [CommitFault::Unavailable, CommitFault::Conflict] {
        store.fail_next_commit(fault);
        assert!(store.commit(put()).await.is_err());
        assert!(store.user(&ana).await.unwrap().is_none());
    }
    store.fail_next_commit(CommitFault::CutAfter);
    assert!(matches!(store.commit(put()).await, Err(StoreError::Unavailable { .. })));
    assert!(store.user(&ana).await.unwrap().is_some());
    store.set_down(true);
    assert!(store.ping().await.is_err() && store.user(&ana).await.is_err());
    store.set_down(false);
    assert_eq!((store.ping().await.is_ok(), store.commits()), (true, 1));
}
