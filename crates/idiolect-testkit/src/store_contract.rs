//! What every metadata store must do, as one suite.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idiolect_registry::{
    Artifacts, Change, Config, Consent, DataRange, Evaluation, Failure, FailureCode, MetadataStore, ModelStatus,
    ModelVersion, Purpose, RunRequest, RunStep, Safety, StoreError, User, UserId, VersionId, VersionStatus, grant,
    prove_consent, start_run,
};
use jiff::Timestamp;

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
    let store = Arc::new(make());
    race_for_the_next_version(vec![store.clone(), store]).await;
}

/// A user with every field set, for what is stored about one.
pub fn full_user(name: &str) -> User {
    User {
        user_id: user_id(name),
        active_model_id: Some("ft:base:ana:1".into()),
        active_model_version: 2,
        previous_model_version: Some(1),
        latest_model_version: 3,
        model_status: ModelStatus::Disabled,
        model_updated_at: at("2026-03-01T12:30:00.123456Z"),
        consent: Consent {
            granted_at: Some(at("2026-01-01T00:00:00.000001Z")),
            revoked_at: Some(at("2026-03-01T12:30:00Z")),
            purposes: BTreeSet::from(Purpose::ALL),
            text_version: "1".into(),
        },
        revision: 0,
    }
}

/// A version with every field set, and numbers at their ends.
pub fn full_version(user: &str, number: u32) -> ModelVersion {
    let mut version = version(user, number, "2026-02-01T00:00:00.5Z");
    version.training_file_id = Some("file-1".into());
    version.job_id = Some("ftjob-1".into());
    version.fine_tuned_model_id = Some("ft:base:ana:3".into());
    version.status = VersionStatus::Cancelled;
    version.completed_at = Some(at("2026-02-01T01:00:00.999999Z"));
    version.num_messages = 612;
    version.token_estimate = u64::MAX;
    version.trained_tokens = Some(40_000);
    version.eval = Evaluation {
        holdout_loss: Some(1.0 / 3.0),
        base_holdout_loss: Some(f64::MAX),
        active_holdout_loss: Some(f64::MIN_POSITIVE),
        human_score: Some(4.0),
        style_similarity: Some(0.87),
        verdict: Some("better than the base — \"activated\"; it's 1 / 3".into()),
    };
    version.safety =
        Safety { pii_redaction: false, user_opt_in: true, disabled_reason: Some("the user revoked consent".into()) };
    version.config = Config {
        system_prompt_version: "neutral_rewrite/1".into(),
        dataset_builder_version: "1".into(),
        hyperparams: BTreeMap::from([("n_epochs".into(), "3".into()), ("\"quoted\"".into(), "é\n".into())]),
    };
    version.artifacts = Artifacts { dataset_hash: Some("ab".repeat(32)), code_version_sha: "0.1.0".into() };
    version.run.seed = u64::MAX;
    version.run.step = RunStep::Cancelled;
    version.failure = Some(Failure { code: FailureCode::ConsentRevoked, message: "consent was revoked".into() });
    version
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
    assert_eq!(store.unfinished().await.expect("a read"), []);
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
    let count = RunStep::ALL.len();
    write(store, [Change::PutUser(User { latest_model_version: count as u32, ..full_user("ana") })]).await;
    for (n, step) in RunStep::ALL.into_iter().enumerate() {
        let mut sent = full_version("ana", n as u32 + 1);
        sent.run.step = step;
        sent.status = VersionStatus::ALL[n % VersionStatus::ALL.len()];
        let code = FailureCode::ALL[n % FailureCode::ALL.len()];
        sent.failure = Some(Failure { code, message: code.as_str().into() });
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

async fn unfinished_runs_come_oldest_first(store: &impl MetadataStore) {
    let steps = RunStep::ALL.len() as u32;
    // The first is the newest, and the times differ in their fractions only, whose lengths differ too.
    for name in ["ana", "ben"] {
        write(store, [Change::PutUser(User { latest_model_version: steps, ..full_user(name) })]).await;
        for (n, step) in RunStep::ALL.into_iter().enumerate() {
            let fraction = ["9", "5", "25", "12", "1", "05", "000001"].get(n).unwrap_or(&"0");
            let mut sent = version(name, n as u32 + 1, &format!("2026-01-01T00:00:00.{fraction}Z"));
            sent.run.step = step;
            write(store, [Change::CreateVersion(sent)]).await;
        }
    }
    let found = store.unfinished().await.expect("a read");
    let ids: Vec<_> = found.iter().map(|v| v.id.to_string()).collect();
    let expected: Vec<_> = (1..=7).rev().flat_map(|n| [format!("ana:{n}"), format!("ben:{n}")]).collect();
    assert_eq!(ids, expected);
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

fn version(user: &str, number: u32, created_at: &str) -> ModelVersion {
    ModelVersion::requested(VersionId { user_id: user_id(user), version: number }, request(), at(created_at))
}

fn request() -> RunRequest {
    RunRequest {
        provider: "fake".into(),
        base_model: "base".into(),
        window: DataRange { start: at("2025-10-03T00:00:00Z"), end: at("2026-01-01T00:00:00Z") },
        source: "ndjson:messages.ndjson".into(),
        strategy: "neutral_rewrite/1".into(),
        seed: 7,
        code_version_sha: "0.1.0".into(),
        hyperparams: BTreeMap::new(),
    }
}

fn user_id(name: &str) -> UserId {
    name.parse().expect("a valid user id")
}

fn at(time: &str) -> Timestamp {
    time.parse().expect("an RFC 3339 time")
}
