//! Installations move from one store to another and back without a difference.
#![allow(clippy::unwrap_used)] // the lint's exception for tests does not reach their helper functions

#[cfg(feature = "firestore")]
mod emulator;

use std::sync::Arc;

use idiolect_registry::{Change, Erasure, MetadataStore, Reservation, SpendLimits, Usd, User, VersionId};
use idiolect_store::{Kind, Line, Movable, Put, Record, SqliteStore};
use idiolect_testkit::{full_user, full_version};
use jiff::Timestamp;
use tempfile::TempDir;

fn sqlite() -> (SqliteStore, TempDir) {
    let dir = TempDir::new().unwrap();
    (SqliteStore::open(dir.path()).unwrap(), dir)
}

fn reservation(user: &str, version: u32, micros: u64) -> Reservation {
    let run = VersionId { user_id: user.parse().unwrap(), version };
    Reservation { run, amount: Usd::from_micros(micros), day: jiff::civil::date(2026, 1, 31) }
}

/// Users, versions, a receipt, spending, one user erased.
async fn installation() -> (SqliteStore, TempDir) {
    let (store, dir) = sqlite();
    for n in 0..30 {
        let name = format!("user{n}");
        store
            .commit(vec![Change::PutUser(full_user(&name)), Change::CreateVersion(full_version(&name, 3))])
            .await
            .unwrap();
        store.reserve(&reservation(&name, 3, 1_000_003 + n), &SpendLimits::default()).await.unwrap();
    }
    // Revisions differ.
    let user = store.user(&"user7".parse().unwrap()).await.unwrap().unwrap();
    store.commit(vec![Change::PutUser(user)]).await.unwrap();
    store.settle(&reservation("user1", 3, 0).run, Usd::from_micros(5)).await.unwrap();
    store.commit(vec![Change::DeleteUser { user: "user2".parse().unwrap(), revision: 1 }]).await.unwrap();
    let receipt = Erasure::requested("9f3c".into(), "user2".parse().unwrap(), Timestamp::UNIX_EPOCH);
    store.commit(vec![Change::PutErasure(Erasure { user_id: None, ..receipt })]).await.unwrap();
    (store, dir)
}

/// All records as lines, in a small page size, sorted.
async fn lines(store: &dyn Movable) -> Vec<String> {
    let mut lines = Vec::new();
    for kind in Kind::ALL {
        let mut after: Option<String> = None;
        loop {
            let page = store.page(kind, after.as_deref(), 7).await.unwrap();
            let Some((position, _)) = page.last() else { break };
            after = Some(position.clone());
            lines.extend(page.into_iter().map(|(_, record)| Line::Record(record).to_json()));
        }
    }
    lines.sort_unstable();
    lines
}

/// An export is a state that the installation was in: what is written while it is read is not in it, and waits for nobody.
#[tokio::test]
async fn sqlite_is_read_as_of_one_moment_and_goes_on_meanwhile() {
    let (store, _dir) = installation().await;
    let before = lines(&store).await;
    let still = Arc::new(store.clone()).at_one_moment().await.unwrap();
    let user = store.user(&"user9".parse().unwrap()).await.unwrap().unwrap();
    store.commit(vec![Change::PutUser(user), Change::PutUser(full_user("latecomer"))]).await.unwrap();
    store.commit(vec![Change::DeleteUser { user: "user3".parse().unwrap(), revision: 1 }]).await.unwrap();
    assert_eq!(lines(still.as_ref()).await, before);
    assert_ne!(lines(&store).await, before);
    drop(still);
    let again = Arc::new(store.clone()).at_one_moment().await.unwrap();
    assert_eq!(lines(again.as_ref()).await, lines(&store).await);
}

async fn put_all(store: &dyn Movable, lines: &[String]) -> Vec<Put> {
    let records = lines.iter().map(|line| match Line::from_json(line).unwrap() {
        Line::Record(record) => record,
        other => panic!("{other:?}"),
    });
    store.put(records.collect()).await.unwrap()
}

#[tokio::test]
async fn an_installation_moves_between_sqlite_files_and_a_second_import_changes_nothing() {
    let (from, _from_dir) = installation().await;
    let exported = lines(&from).await;
    // 30 users less one, 30 versions, a receipt, 29 runs and months, a day.
    assert_eq!(exported.len(), 29 + 30 + 1 + 29 + 29 + 1);
    let (to, _to_dir) = sqlite();
    // Cut short the first time.
    put_all(&to, &exported[..50]).await;
    let answers = put_all(&to, &exported).await;
    assert_eq!(answers.iter().filter(|put| **put == Put::Same).count(), 50);
    assert_eq!(lines(&to).await, exported);
    assert!(put_all(&to, &exported).await.iter().all(|put| *put == Put::Same));
}

#[tokio::test]
async fn an_import_leaves_what_is_newer_alone() {
    let (store, _dir) = installation().await;
    let exported = lines(&store).await;
    let ana = "user5".parse().unwrap();
    let user = store.user(&ana).await.unwrap().unwrap();
    store.commit(vec![Change::PutUser(User { active_model_version: 1, ..user })]).await.unwrap();
    let answers = put_all(&store, &exported).await;
    assert_eq!(answers.iter().filter(|put| **put == Put::Newer).count(), 1);
    assert_eq!(store.user(&ana).await.unwrap().unwrap().active_model_version, 1);
}

#[cfg(feature = "firestore")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_moves_from_sqlite_to_firestore_and_back() {
    use idiolect_store::{FirestoreSettings, FirestoreStore};
    if !emulator::is_here() {
        return;
    }
    let (from, _from_dir) = installation().await;
    let exported = lines(&from).await;
    let middle = FirestoreStore::new(FirestoreSettings::new(emulator::fresh_project()));
    let answers = put_all(&middle, &exported[..40]).await;
    assert!(answers.iter().all(|put| *put == Put::Written));
    put_all(&middle, &exported).await;
    assert!(put_all(&middle, &exported).await.iter().all(|put| *put == Put::Same));
    assert_eq!(lines(&middle).await, exported, "Firestore holds the same");
    let day = idiolect_registry::SpendingOf::Day(jiff::civil::date(2026, 1, 31));
    assert_eq!(middle.spending(&day).await.unwrap(), from.spending(&day).await.unwrap());
    // And it goes on there: a run that was reserved before the move is settled after it.
    middle.settle(&reservation("user3", 3, 0).run, Usd::from_micros(1)).await.unwrap();
    from.settle(&reservation("user3", 3, 0).run, Usd::from_micros(1)).await.unwrap();
    let settled = lines(&middle).await;
    assert_eq!(settled, lines(&from).await);

    let (back, _back_dir) = sqlite();
    put_all(&back, &settled).await;
    assert_eq!(lines(&back).await, settled);
}

/// Records of the same content that other stores took.
#[tokio::test]
async fn records_are_named_in_messages() {
    let (store, _dir) = installation().await;
    let mut names = Vec::new();
    for kind in Kind::ALL {
        let page = store.page(kind, None, 1).await.unwrap();
        assert!(page.iter().all(|(_, record)| record.kind() == kind));
        names.extend(page.iter().map(|(_, record)| Record::name(record)));
    }
    assert_eq!(
        names,
        [
            "user user0",
            "version user0:3",
            "erasure 9f3c",
            "spending of run user0:3",
            "spending of user0 in 2026-01",
            "spending of 2026-01-31"
        ]
    );
}
