//! SQLite keeps the contract of every metadata store, and what is written outlives the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use idiolect_registry::{Change, MetadataStore, ModelVersion, User};
use idiolect_store::SqliteStore;
use idiolect_testkit::{
    full_user, full_version, race_for_due_work, race_for_the_last_dollars, race_for_the_next_version, store_contract,
};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_store_keeps_the_contract() {
    let root = TempDir::new().unwrap();
    let count = AtomicUsize::new(0);
    let make = || {
        let n = count.fetch_add(1, Ordering::Relaxed);
        SqliteStore::open(&root.path().join(n.to_string())).unwrap()
    };
    store_contract(make).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_handles_to_one_file_never_give_out_a_number_twice() {
    let dir = TempDir::new().unwrap();
    let open = || Arc::new(SqliteStore::open(dir.path()).unwrap());
    race_for_the_next_version(vec![open(), open()]).await;
}

/// Handles stand for processes: each has a connection of its own, and SQLite sees no difference.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_handles_claim_each_due_user_once_and_spend_each_dollar_once() {
    let dir = TempDir::new().unwrap();
    let open = || Arc::new(SqliteStore::open(dir.path()).unwrap());
    race_for_due_work(vec![open(), open(), open(), open()]).await;
    race_for_the_last_dollars(vec![open(), open(), open(), open()]).await;
}

#[tokio::test]
async fn reopening_keeps_everything() {
    let dir = TempDir::new().unwrap();
    let (user, version) = (full_user("ana"), full_version("ana", 3));
    let store = SqliteStore::open(dir.path()).unwrap();
    store.commit(vec![Change::PutUser(user.clone()), Change::CreateVersion(version.clone())]).await.unwrap();
    drop(store);
    for _ in 0..2 {
        let store = SqliteStore::open(dir.path()).unwrap();
        assert_eq!(store.user(&user.user_id).await.unwrap(), Some(User { revision: 1, ..user.clone() }));
        let found = store.version(&version.id).await.unwrap();
        assert_eq!(found, Some(ModelVersion { revision: 1, ..version.clone() }));
    }
}

/// What a killed process leaves: the write-ahead log is there and nobody has folded it into the file.
#[tokio::test]
async fn a_commit_survives_a_process_that_never_closed_the_file() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    store.commit(vec![Change::PutUser(full_user("ana"))]).await.unwrap();
    let copy = TempDir::new().unwrap();
    for file in ["registry.sqlite3", "registry.sqlite3-wal"] {
        std::fs::copy(dir.path().join(file), copy.path().join(file)).unwrap();
    }
    let after_the_kill = SqliteStore::open(copy.path()).unwrap();
    assert!(after_the_kill.user(&full_user("ana").user_id).await.unwrap().is_some());
}
