//! What every metadata store must do, as one suite.

mod due;
mod samples;
mod spending;

use std::sync::Arc;

use idiolect_registry::{
    Change, ErasedItem, ErasedKind, Erasure, Failure, FailureCode, MetadataStore, ModelStatus, ModelVersion, Purpose,
    RunStep, StoreError, Trigger, User, VersionId, VersionStatus, grant, prove_consent, start_run,
};
use jiff::Timestamp;

use self::due::{a_lease_is_renewed_by_its_owner_alone, due_work_is_found, unfinished_runs_come_oldest_first};
use self::samples::{at, full_failure, request, user_id, version};
use self::spending::{
    an_erased_users_spending_stays_in_the_days_only, limits_hold, spending_is_reserved_and_settled_once,
};

pub use due::race_for_due_work;
pub use samples::{full_user, full_version};
pub use spending::race_for_the_last_dollars;

/// Runs the whole suite; `make` gives a store without records each time. Panics at the first broken promise.
pub async fn store_contract<S: MetadataStore + 'static>(make: impl Fn() -> S) {
    an_empty_store_has_nothing(&make()).await;
    users_keep_every_field(&make()).await;
    versions_keep_every_field(&make()).await;
    every_word_comes_back(&make()).await;
    a_stale_user_is_a_conflict(&make()).await;
    versions_are_created_once(&make()).await;
    a_stale_version_is_a_conflict(&make()).await;
    a_commit_is_whole_or_nothing(&make()).await;
    later_changes_of_a_commit_see_earlier_ones(&make()).await;
    versions_come_newest_first(&make()).await;
    unfinished_runs_come_oldest_first(&make()).await;
    users_come_in_pages(&make()).await;
    due_work_is_found(&make()).await;
    a_lease_is_renewed_by_its_owner_alone(&make()).await;
    records_are_deleted_for_good(&make()).await;
    erasures_keep_every_field(&make()).await;
    spending_is_reserved_and_settled_once(&make()).await;
    limits_hold(&make()).await;
    an_erased_users_spending_stays_in_the_days_only(&make()).await;
    let store = Arc::new(make());
    race_for_the_last_dollars(vec![store.clone(), store]).await;
    let store = Arc::new(make());
    race_for_the_next_version(vec![store.clone(), store]).await;
    let store = Arc::new(make());
    race_for_due_work(vec![store.clone(), store]).await;
}

/// Several handles to one store start runs at once, each trying again after a conflict: numbers are 1, 2, 3, … and each is
/// given out once.
pub async fn race_for_the_next_version<S: MetadataStore + 'static>(handles: Vec<Arc<S>>) {
    const RUNS_EACH: usize = 5;
    let user = grant(&User::new(user_id("racer"), at("2026-01-01T00:00:00Z")), Purpose::ALL, Timestamp::UNIX_EPOCH);
    handles[0].commit(vec![Change::PutUser(user)]).await.expect("the first handle can write");
    let total = handles.len() * RUNS_EACH;
    let racers: Vec<_> = handles.iter().cloned().map(|store| tokio::spawn(start_runs(store, RUNS_EACH))).collect();
    let mut numbers = Vec::new();
    for racer in racers {
        let own = racer.await.expect("no racer panics");
        assert!(own.is_sorted(), "one handle's numbers go up: {own:?}");
        numbers.extend(own);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=total as u32).collect::<Vec<_>>());
    for store in &handles {
        let stored = store.versions(&user_id("racer")).await.expect("every handle can read");
        assert_eq!(stored.len(), total, "every handle sees them all");
    }
}

async fn start_runs<S: MetadataStore>(store: Arc<S>, runs: usize) -> Vec<u32> {
    let mut numbers = Vec::new();
    while numbers.len() < runs {
        let user = store.user(&user_id("racer")).await.expect("a read").expect("the user is there");
        let proof = prove_consent(&user, Purpose::Extract).expect("consent was given");
        let (user, version) = start_run(&user, &proof, request(), at("2026-01-02T00:00:00Z"));
        let number = version.id.version;
        match store.commit(vec![Change::PutUser(user), Change::CreateVersion(version)]).await {
            Ok(()) => numbers.push(number),
            Err(StoreError::Conflict { .. }) => tokio::task::yield_now().await,
            Err(e) => panic!("a race ends in a conflict, not in: {e}"),
        }
    }
    numbers
}

async fn an_empty_store_has_nothing(store: &impl MetadataStore) {
    store.ping().await.expect("it answers");
    assert_eq!(user(store, "ana").await, None);
    assert_eq!(stored(store, "ana", 1).await, None);
    assert_eq!(store.versions(&user_id("ana")).await.expect("a read"), []);
    assert_eq!(store.unfinished().await.expect("a read").records, []);
    store.commit(vec![]).await.expect("nothing to write is no error");
}

async fn users_keep_every_field(store: &impl MetadataStore) {
    let bare = User::new(user_id("ben"), at("2026-01-01T00:00:00Z"));
    for sent in [full_user("ana"), bare] {
        write(store, [Change::PutUser(sent.clone())]).await;
        assert_eq!(user(store, sent.user_id.as_str()).await, Some(User { revision: 1, ..sent }));
    }
}

async fn versions_keep_every_field(store: &impl MetadataStore) {
    write(store, [Change::PutUser(full_user("ana"))]).await;
    for sent in [version("ana", 1, "2026-01-01T00:00:00Z"), full_version("ana", 3)] {
        write(store, [Change::CreateVersion(sent.clone())]).await;
        let number = sent.id.version;
        assert_eq!(stored(store, "ana", number).await, Some(ModelVersion { revision: 1, ..sent }));
    }
}

async fn every_word_comes_back(store: &impl MetadataStore) {
    for (n, status) in ModelStatus::ALL.into_iter().enumerate() {
        let sent = User { model_status: status, ..full_user(&format!("u{n}")) };
        write(store, [Change::PutUser(sent)]).await;
        assert_eq!(user(store, &format!("u{n}")).await.expect("it was stored").model_status, status);
    }
    // There are more codes than of anything else.
    let count = FailureCode::ALL.len();
    write(store, [Change::PutUser(User { latest_model_version: count as u32, ..full_user("ana") })]).await;
    for (n, code) in FailureCode::ALL.into_iter().enumerate() {
        let mut sent = full_version("ana", n as u32 + 1);
        sent.run.step = RunStep::ALL[n % RunStep::ALL.len()];
        sent.run.trigger = Trigger::ALL[n % Trigger::ALL.len()];
        sent.status = VersionStatus::ALL[n % VersionStatus::ALL.len()];
        sent.failure = Some(Failure::new(code, code.as_str()));
        write(store, [Change::CreateVersion(sent.clone())]).await;
        assert_eq!(stored(store, "ana", n as u32 + 1).await, Some(ModelVersion { revision: 1, ..sent }));
    }
}

async fn a_stale_user_is_a_conflict(store: &impl MetadataStore) {
    let never_stored = User { revision: 1, ..full_user("ana") };
    assert_conflict(store, [Change::PutUser(never_stored)]).await;
    write(store, [Change::PutUser(full_user("ana"))]).await;
    assert_conflict(store, [Change::PutUser(full_user("ana"))]).await;

    let first = user(store, "ana").await.expect("it was stored");
    let changed = User { model_status: ModelStatus::Failed, ..first.clone() };
    write(store, [Change::PutUser(changed.clone())]).await;
    let late = User { model_status: ModelStatus::Training, ..first };
    assert_conflict(store, [Change::PutUser(late)]).await;
    assert_eq!(user(store, "ana").await, Some(User { revision: 2, ..changed }));
    let ahead = User { revision: 3, ..full_user("ana") };
    assert_conflict(store, [Change::PutUser(ahead)]).await;
}

async fn versions_are_created_once(store: &impl MetadataStore) {
    let first = version("ana", 1, "2026-01-01T00:00:00Z");
    write(store, [Change::PutUser(full_user("ana")), Change::CreateVersion(first.clone())]).await;
    let mut other = version("ana", 1, "2026-01-05T00:00:00Z");
    for revision in [0, 1, 2] {
        other.revision = revision;
        assert_conflict(store, [Change::CreateVersion(other.clone())]).await;
    }
    assert_eq!(stored(store, "ana", 1).await, Some(ModelVersion { revision: 1, ..first }));
}

async fn a_stale_version_is_a_conflict(store: &impl MetadataStore) {
    let missing = ModelVersion { revision: 1, ..version("ana", 1, "2026-01-01T00:00:00Z") };
    for revision in [0, 1] {
        assert_conflict(store, [Change::UpdateVersion(ModelVersion { revision, ..missing.clone() })]).await;
    }
    let first = version("ana", 1, "2026-01-01T00:00:00Z");
    write(store, [Change::PutUser(full_user("ana")), Change::CreateVersion(first.clone())]).await;
    let mut changed = ModelVersion { revision: 1, num_messages: 7, ..first.clone() };
    write(store, [Change::UpdateVersion(changed.clone())]).await;
    changed.num_messages = 8;
    assert_conflict(store, [Change::UpdateVersion(changed)]).await;
    assert_conflict(store, [Change::UpdateVersion(ModelVersion { num_messages: 9, ..first })]).await;
    let now = stored(store, "ana", 1).await.expect("it was stored");
    assert_eq!((now.num_messages, now.revision), (7, 2));
}

async fn a_commit_is_whole_or_nothing(store: &impl MetadataStore) {
    let ana = full_user("ana");
    write(store, [Change::PutUser(ana.clone()), Change::CreateVersion(version("ana", 1, "2026-01-01T00:00:00Z"))])
        .await;
    let changed = User { revision: 1, model_status: ModelStatus::Ready, ..ana.clone() };
    let stale = version("ana", 1, "2026-01-01T00:00:00Z");
    let second = version("ana", 2, "2026-01-02T00:00:00Z");
    assert_conflict(
        store,
        [
            Change::PutUser(changed),
            Change::PutUser(full_user("ben")),
            Change::CreateVersion(second),
            Change::UpdateVersion(stale),
        ],
    )
    .await;
    assert_eq!(user(store, "ana").await, Some(User { revision: 1, ..ana }));
    assert_eq!(user(store, "ben").await, None);
    assert_eq!(stored(store, "ana", 2).await, None);
}

async fn later_changes_of_a_commit_see_earlier_ones(store: &impl MetadataStore) {
    let ana = full_user("ana");
    let again = User { revision: 1, model_status: ModelStatus::Ready, ..ana.clone() };
    write(store, [Change::PutUser(ana.clone()), Change::PutUser(again.clone())]).await;
    assert_eq!(user(store, "ana").await, Some(User { revision: 2, ..again.clone() }));
    let twice = User { revision: 2, ..again };
    assert_conflict(store, [Change::PutUser(twice.clone()), Change::PutUser(twice)]).await;
}

async fn versions_come_newest_first(store: &impl MetadataStore) {
    for name in ["ana", "ana2", "ben"] {
        let latest_model_version = 11;
        write(store, [Change::PutUser(User { latest_model_version, ..full_user(name) })]).await;
        for number in [1, 2, 9, 10, 11] {
            write(store, [Change::CreateVersion(version(name, number, "2026-01-01T00:00:00Z"))]).await;
        }
    }
    let found = store.versions(&user_id("ana")).await.expect("a read");
    let ids: Vec<_> = found.iter().map(|v| v.id.to_string()).collect();
    assert_eq!(ids, ["ana:11", "ana:10", "ana:9", "ana:2", "ana:1"]);
}

async fn users_come_in_pages(store: &impl MetadataStore) {
    for name in ["cem", "ana", "ben", "B", "ana2"] {
        write(store, [Change::PutUser(full_user(name))]).await;
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.users(after.as_deref(), 2).await.expect("a read");
        assert!(page.listed.records.len() <= 2 && page.listed.unreadable.is_empty());
        seen.extend(page.listed.records.iter().map(|user| user.user_id.to_string()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["B", "ana", "ana2", "ben", "cem"]);
}

async fn records_are_deleted_for_good(store: &impl MetadataStore) {
    let (ana, run) = (full_user("ana"), version("ana", 1, "2026-01-01T00:00:00Z"));
    write(store, [Change::PutUser(ana.clone()), Change::CreateVersion(run.clone())]).await;
    let delete_version = |revision| Change::DeleteVersion { version: run.id.clone(), revision };
    let delete_user = |revision| Change::DeleteUser { user: ana.user_id.clone(), revision };
    for revision in [0, 2] {
        assert_conflict(store, [delete_version(revision)]).await;
        assert_conflict(store, [delete_user(revision)]).await;
    }
    assert_conflict(store, [delete_version(1), delete_user(2)]).await;
    assert!(stored(store, "ana", 1).await.is_some(), "all or nothing");
    write(store, [delete_version(1), delete_user(1)]).await;
    assert_eq!((user(store, "ana").await, stored(store, "ana", 1).await), (None, None));
    assert_conflict(store, [delete_version(1)]).await;
    // Whoever comes back begins anew.
    write(store, [Change::PutUser(ana.clone()), Change::CreateVersion(run)]).await;
}

async fn erasures_keep_every_field(store: &impl MetadataStore) {
    let items = ErasedKind::ALL.map(|kind| ErasedItem {
        kind,
        version: (kind != ErasedKind::User).then_some(3),
        at: at("2026-03-01T12:30:00.5Z"),
        answer: "deleted, \"for good\"".into(),
    });
    let first = Erasure {
        completed_at: Some(at("2026-03-01T12:30:01Z")),
        items: items.into(),
        trouble: Some(full_failure(FailureCode::ProviderRefused)),
        ..Erasure::requested("9f3c".into(), user_id("ana"), at("2026-03-01T12:00:00Z"))
    };
    let second = Erasure::requested("0a1b".into(), user_id("ben"), at("2026-03-02T12:00:00Z"));
    write(store, [Change::PutErasure(first.clone()), Change::PutErasure(second.clone())]).await;
    let (first, second) = (Erasure { revision: 1, ..first }, Erasure { revision: 1, ..second });
    assert_eq!(store.erasure("9f3c").await.expect("a read"), Some(first.clone()));
    assert_eq!(store.erasure("none").await.expect("a read"), None);
    assert_eq!(store.erasures(10).await.expect("a read"), [second.clone(), first.clone()]);
    assert_eq!(store.erasures(1).await.expect("a read"), [second]);
    assert_conflict(store, [Change::PutErasure(Erasure { revision: 0, ..first.clone() })]).await;
    let receipt = Erasure { user_id: None, ..first };
    write(store, [Change::PutErasure(receipt.clone())]).await;
    assert_eq!(store.erasure("9f3c").await.expect("a read"), Some(Erasure { revision: 2, ..receipt }));
}

async fn user(store: &impl MetadataStore, name: &str) -> Option<User> {
    store.user(&user_id(name)).await.expect("a read")
}

async fn stored(store: &impl MetadataStore, name: &str, version: u32) -> Option<ModelVersion> {
    store.version(&VersionId { user_id: user_id(name), version }).await.expect("a read")
}

async fn write(store: &impl MetadataStore, changes: impl Into<Vec<Change>>) {
    store.commit(changes.into()).await.expect("a write that follows the rules");
}

async fn assert_conflict(store: &impl MetadataStore, changes: impl Into<Vec<Change>>) {
    let changes = changes.into();
    let shown = format!("{changes:?}");
    match store.commit(changes).await {
        Err(StoreError::Conflict { .. }) => {}
        other => panic!("expected a conflict and got {other:?} for {shown}"),
    }
}
