//! Several processes, really, on one SQLite file.
#![allow(clippy::unwrap_used)] // the lint's exception for tests does not reach their helper functions

use std::process::{Command, Stdio};

use idiolect_registry::{Change, Dispatch, MetadataStore, StoreError};
use idiolect_store::SqliteStore;
use idiolect_testkit::full_user;
use jiff::Timestamp;
use tempfile::TempDir;

const DUE: usize = 60;
const PROCESSES: usize = 3;
const DIRECTORY: &str = "IDIOLECT_TEST_CLAIM_IN";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[tokio::test]
async fn processes_claim_each_due_user_once() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    for n in 0..DUE {
        let mut due = full_user(&format!("due{n}"));
        due.dispatch = Dispatch::at(&due.user_id, Some(at(1)));
        store.commit(vec![Change::PutUser(due)]).await.unwrap();
    }
    let workers: Vec<_> = (0..PROCESSES)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "claims_what_is_due", "--nocapture", "--test-threads=1"])
                .env(DIRECTORY, dir.path())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut claimed = Vec::new();
    for worker in workers {
        let output = worker.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        claimed.extend(text.split_whitespace().filter_map(|word| word.strip_prefix("claimed:").map(str::to_owned)));
    }
    claimed.sort_unstable();
    let mut expected: Vec<_> = (0..DUE).map(|n| format!("due{n}")).collect();
    expected.sort_unstable();
    assert_eq!(claimed, expected);
}

/// What each process of the test above does. By itself it finds an empty store and nothing to claim.
#[tokio::test]
async fn claims_what_is_due() {
    let own = TempDir::new().unwrap();
    let dir = std::env::var_os(DIRECTORY).map_or_else(|| own.path().to_owned(), Into::into);
    let store = SqliteStore::open(&dir).unwrap();
    let owner = std::process::id().to_string();
    loop {
        let due = store.due(at(100), None, 5).await.unwrap();
        if due.is_empty() {
            break;
        }
        for id in due {
            let mut user = store.user(&id).await.unwrap().unwrap();
            if user.dispatch.is_held_from(&owner, at(100)) {
                continue;
            }
            user.dispatch.claim(&owner, at(1000));
            match store.commit(vec![Change::PutUser(user)]).await {
                Ok(()) => println!(" claimed:{id} "),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}
