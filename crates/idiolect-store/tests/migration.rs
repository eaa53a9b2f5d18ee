//! A file that an older idiolect wrote opens, with everything in it, and goes on.
#![allow(clippy::unwrap_used)] // the lint's exception for tests does not reach their helper functions

use std::path::Path;

use idiolect_registry::{Change, FailureCode, MetadataStore, ModelStatus, RunStep, SpendLimits, Trigger, VersionId};
use idiolect_registry::{Purpose, Reservation, Reserved, Usd};
use idiolect_store::{FILE_NAME, SqliteStore};
use jiff::Timestamp;
use tempfile::TempDir;

fn old_file(dir: &Path) {
    let db = rusqlite::Connection::open(dir.join(FILE_NAME)).unwrap();
    db.execute_batch(include_str!("fixtures/schema_1.sql")).unwrap();
}

fn version(number: u32) -> VersionId {
    VersionId { user_id: "ana".parse().unwrap(), version: number }
}

#[tokio::test]
async fn a_file_of_schema_1_keeps_everything() {
    let dir = TempDir::new().unwrap();
    old_file(dir.path());
    let store = SqliteStore::open(dir.path()).unwrap();

    let ana = store.user(&"ana".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((ana.active_model_id.as_deref(), ana.active_model_version), (Some("ft:base:ana:1"), 1));
    assert_eq!((ana.latest_model_version, ana.model_status, ana.revision), (3, ModelStatus::Ready, 5));
    assert_eq!(ana.consent.purposes, [Purpose::Extract, Purpose::TrainLocal].into());
    assert_eq!((ana.schedule.last_message_count, ana.dispatch.next_at, ana.erasure_id), (0, None, None));
    let ben = store.user(&"ben".parse().unwrap()).await.unwrap().unwrap();
    assert!(ben.consent.revoked_at.is_some() && ben.model_status == ModelStatus::Disabled);

    let versions = store.versions(&ana.user_id).await.unwrap();
    let steps: Vec<_> = versions.iter().map(|v| (v.id.version, v.run.step, v.revision)).collect();
    assert_eq!(steps, [(3, RunStep::JobCreated, 4), (2, RunStep::InsufficientData, 2), (1, RunStep::Activated, 9)]);
    let [_, failed, first] = &versions[..] else { panic!("three versions") };
    assert_eq!((first.run.seed, first.num_messages, first.cost.trained_tokens), (u64::MAX, 612, Some(40_000)));
    assert_eq!((first.eval.holdout_loss, first.eval.base_holdout_loss), (Some(0.05), Some(0.73)));
    assert_eq!(first.run.trigger, Trigger::Manual);
    assert_eq!(failed.failure.as_ref().unwrap().code, FailureCode::InsufficientData);
}

#[tokio::test]
async fn a_run_that_an_older_idiolect_left_unfinished_is_due_and_goes_on() {
    let dir = TempDir::new().unwrap();
    old_file(dir.path());
    let store = SqliteStore::open(dir.path()).unwrap();
    let now: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
    assert_eq!(store.due(now, None, 10).await.unwrap(), ["ana".parse().unwrap()]);
    let mut run = store.version(&version(3)).await.unwrap().unwrap();
    run.run.dispatch.claim("worker-1", "2026-02-01T00:05:00Z".parse().unwrap());
    store.commit(vec![Change::UpdateVersion(run)]).await.unwrap();
    assert_eq!(store.due(now, None, 10).await.unwrap(), []);
    let asked = Reservation { run: version(3), amount: Usd::from_micros(1), day: jiff::civil::date(2026, 2, 1) };
    assert_eq!(store.reserve(&asked, &SpendLimits::default()).await.unwrap(), Reserved::Yes);
}

#[test]
fn migrating_twice_at_once_is_migrating_once() {
    for _ in 0..5 {
        let dir = TempDir::new().unwrap();
        old_file(dir.path());
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..4).map(|_| scope.spawn(|| SqliteStore::open(dir.path()).map(drop))).collect();
            for one in all {
                one.join().unwrap().unwrap();
            }
        });
    }
}
