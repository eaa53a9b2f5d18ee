//! What every metadata store must do, as one suite.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idiolect_registry::{
    Artifacts, Change, Config, Consent, Cost, DataRange, Dispatch, ErasedItem, ErasedKind, Erasure, Evaluation,
    Failure, FailureCode, LeaseOn, MetadataStore, ModelStatus, ModelVersion, Purpose, Reservation, Reserved, Review,
    ReviewDecision, RunRequest, RunStep, Safety, Schedule, SpendLimit, SpendLimits, SpendingOf, StoreError, Trigger,
    TriggerOutcome, Usd, User, UserId, VersionId, VersionStatus, grant, prove_consent, start_run,
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
        active_retires_at: Some(at("2027-01-14T00:00:00Z")),
        schedule: Schedule {
            source: Some("ndjson:messages.ndjson".into()),
            last_trained_at: Some(at("2026-02-01T00:00:00.5Z")),
            last_window_end: Some(at("2026-02-01T00:00:00Z")),
            last_message_count: 700,
        },
        dispatch: full_dispatch(),
        last_trigger: Some(TriggerOutcome {
            trigger: Trigger::Schedule,
            at: at("2026-02-08T00:00:00Z"),
            version: Some(3),
            refusal: Some(full_failure(FailureCode::Cooldown)),
        }),
        erasure_id: Some("9f3c".into()),
        revision: 0,
    }
}

fn full_dispatch() -> Dispatch {
    Dispatch {
        next_at: Some(at("2026-02-08T00:00:00.25Z")),
        shard: 7,
        lease_owner: Some("worker-1".into()),
        lease_until: Some(at("2026-02-08T00:02:00Z")),
        attempt: 3,
    }
}

fn full_failure(code: FailureCode) -> Failure {
    Failure { code, message: "a \"reason\"; it's 1 / 3".into(), request_id: Some("req_1".into()) }
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
    version.token_estimate = i64::MAX.cast_unsigned();
    version.cost = Cost {
        estimated: Some(Usd::from_micros(1_234_567)),
        // Four thousand million dollars are more than anybody spends, and a float still tells millionths apart.
        actual: Some(Usd::from_micros(4_000_000_000_000_001)),
        trained_tokens: Some(40_000),
    };
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
    version.run.trigger = Trigger::Retirement;
    version.run.messages_in_window = 700;
    version.run.job_intended_at = Some(at("2026-02-01T00:30:00Z"));
    version.run.job_running_at = Some(at("2026-02-01T00:40:00Z"));
    version.run.job_intents = 2;
    version.run.trouble = Some(full_failure(FailureCode::ProviderUnavailable));
    version.run.dispatch = full_dispatch();
    version.failure = Some(full_failure(FailureCode::ConsentRevoked));
    version.retires_at = Some(at("2027-01-14T00:00:00Z"));
    version.retirement_warned_days = Some(30);
    version.review = Some(Review {
        asked_at: at("2026-02-01T01:00:00Z"),
        decision: Some(ReviewDecision::Rejected),
        decided_at: Some(at("2026-02-02T01:00:00Z")),
    });
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

async fn unfinished_runs_come_oldest_first(store: &impl MetadataStore) {
    let steps = RunStep::ALL.len() as u32;
    // The first is the newest, and the times differ in their fractions only, whose lengths differ too.
    for name in ["ana", "ben"] {
        write(store, [Change::PutUser(User { latest_model_version: steps, ..full_user(name) })]).await;
        for (n, step) in RunStep::ALL.into_iter().enumerate() {
            let fraction = ["9", "5", "25", "12", "1", "05", "01", "000001"].get(n).unwrap_or(&"0");
            let mut sent = version(name, n as u32 + 1, &format!("2026-01-01T00:00:00.{fraction}Z"));
            sent.run.step = step;
            write(store, [Change::CreateVersion(sent)]).await;
        }
    }
    let found = store.unfinished().await.expect("a read");
    let ids: Vec<_> = found.iter().map(|v| v.id.to_string()).collect();
    let expected: Vec<_> = (1..=8).rev().flat_map(|n| [format!("ana:{n}"), format!("ben:{n}")]).collect();
    assert_eq!(ids, expected);
}

async fn users_come_in_pages(store: &impl MetadataStore) {
    for name in ["cem", "ana", "ben", "B", "ana2"] {
        write(store, [Change::PutUser(full_user(name))]).await;
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.users(after.as_ref(), 2).await.expect("a read");
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some(last.user_id.clone());
        seen.extend(page.iter().map(|user| user.user_id.to_string()));
    }
    assert_eq!(seen, ["B", "ana", "ana2", "ben", "cem"]);
}

async fn due_work_is_found(store: &impl MetadataStore) {
    let dispatch = |shard, second: Option<i64>| Dispatch {
        next_at: second.map(|second| Timestamp::from_second(second).expect("in range")),
        shard,
        ..Dispatch::default()
    };
    // Of ana the run is due, of ben the user, of cem both, of dan neither, of eve nothing ever.
    for (name, shard, of_user, of_run) in [
        ("ana", 1, None, Some(20)),
        ("ben", 2, Some(10), None),
        ("cem", 1, Some(40), Some(30)),
        ("dan", 1, Some(101), Some(102)),
        ("eve", 1, None, None),
    ] {
        let user = User { dispatch: dispatch(shard, of_user), ..full_user(name) };
        let mut run = version(name, 1, "2026-01-01T00:00:00Z");
        run.run.dispatch = dispatch(shard, of_run);
        write(store, [Change::PutUser(user), Change::CreateVersion(run)]).await;
    }
    let now = Timestamp::from_second(100).expect("in range");
    let due = async |shard, limit| {
        let found = store.due(now, shard, limit).await.expect("a read");
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(due(None, 10).await, ["ben", "ana", "cem"]);
    assert_eq!(due(None, 2).await, ["ben", "ana"]);
    assert_eq!(due(Some(1), 10).await, ["ana", "cem"]);
    assert_eq!(due(Some(3), 10).await, [""; 0]);
}

async fn a_lease_is_renewed_by_its_owner_alone(store: &impl MetadataStore) {
    let (now, later) = (at("2026-01-01T00:00:00Z"), at("2026-01-01T00:05:00Z"));
    let mut ana = full_user("ana");
    let mut run = version("ana", 1, "2026-01-01T00:00:00Z");
    ana.dispatch.claim("worker-1", now);
    run.run.dispatch.claim("worker-1", now);
    let id = run.id.clone();
    write(store, [Change::PutUser(ana), Change::CreateVersion(run)]).await;
    for lease in [LeaseOn::Run(id.clone()), LeaseOn::User(id.user_id.clone())] {
        assert!(!store.renew(&lease, "worker-2", later).await.expect("a write"), "somebody else's");
        assert!(store.renew(&lease, "worker-1", later).await.expect("a write"));
    }
    let mut run = stored(store, "ana", 1).await.expect("it was stored");
    assert_eq!((run.run.dispatch.lease_until, run.run.dispatch.next_at), (Some(later), Some(later)));
    assert_eq!(run.revision, 1, "a step under way can still be committed");
    let ana = user(store, "ana").await.expect("it was stored");
    assert_eq!((ana.dispatch.lease_until, ana.revision), (Some(later), 1));
    run.run.dispatch.release(None);
    write(store, [Change::UpdateVersion(run)]).await;
    assert!(!store.renew(&LeaseOn::Run(id), "worker-1", later).await.expect("a write"), "it was given back");
    let nobody = LeaseOn::User(user_id("ben"));
    assert!(!store.renew(&nobody, "worker-1", later).await.expect("a write"));
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

async fn spending_is_reserved_and_settled_once(store: &impl MetadataStore) {
    let no_limits = SpendLimits::default();
    let day = jiff::civil::date(2026, 1, 31);
    let of_ana = SpendingOf::UserMonth(user_id("ana"), jiff::civil::date(2026, 1, 1));
    let reserve = async |version, dollars, day| {
        let answer = store.reserve(&reservation("ana", version, dollars, day), &no_limits).await;
        assert_eq!(answer.expect("a write"), Reserved::Yes);
    };
    assert_eq!(spent(store, of_ana.clone()).await, 0.0);
    reserve(1, 2.0, day).await;
    reserve(1, 2.0, day).await;
    assert_eq!(spent(store, of_ana.clone()).await, 2.0, "the same run counts once");
    // Built again a day later, with more tokens: another amount, the same day.
    reserve(1, 3.0, jiff::civil::date(2026, 2, 1)).await;
    reserve(2, 1.0, day).await;
    assert_eq!(spent(store, of_ana.clone()).await, 4.0);
    assert_eq!(spent(store, SpendingOf::Day(day)).await, 4.0);
    assert_eq!(spent(store, SpendingOf::Day(jiff::civil::date(2026, 2, 1))).await, 0.0);
    let run = VersionId { user_id: user_id("ana"), version: 1 };
    for _ in 0..2 {
        store.settle(&run, dollars(2.5)).await.expect("a write");
    }
    reserve(1, 9.0, day).await;
    assert_eq!(spent(store, of_ana.clone()).await, 3.5, "a settled run stays as it is");
    store.settle(&VersionId { user_id: user_id("ana"), version: 2 }, Usd::ZERO).await.expect("a write");
    store.settle(&VersionId { user_id: user_id("ana"), version: 9 }, dollars(7.0)).await.expect("nothing reserved");
    assert_eq!(spent(store, of_ana).await, 2.5);
    assert_eq!(spent(store, SpendingOf::Day(day)).await, 2.5);
}

async fn limits_hold(store: &impl MetadataStore) {
    let day = jiff::civil::date(2026, 1, 31);
    let limits = SpendLimits { user_month: Some(dollars(5.0)), installation_day: Some(dollars(8.0)) };
    let ask = async |user: &str, version, amount, day| {
        store.reserve(&reservation(user, version, amount, day), &limits).await.expect("an answer")
    };
    assert_eq!(ask("ana", 1, 3.0, day).await, Reserved::Yes);
    let refused = Reserved::No { limit_name: SpendLimit::UserMonth, limit: dollars(5.0), spent: dollars(3.0) };
    assert_eq!(ask("ana", 2, 2.5, day).await, refused);
    assert_eq!(ask("ana", 2, 2.0, day).await, Reserved::Yes, "exactly the limit is within it");
    assert_eq!(ask("ana", 1, 3.0, day).await, Reserved::Yes, "again, for the same run");
    let refused = Reserved::No { limit_name: SpendLimit::InstallationDay, limit: dollars(8.0), spent: dollars(5.0) };
    assert_eq!(ask("ben", 1, 4.0, day).await, refused);
    assert_eq!(spent(store, SpendingOf::UserMonth(user_id("ben"), day)).await, 0.0, "a refusal reserves nothing");
    store.settle(&VersionId { user_id: user_id("ana"), version: 1 }, dollars(1.0)).await.expect("a write");
    assert_eq!(ask("ben", 1, 4.0, day).await, Reserved::Yes, "what was not needed is free again");
    assert_eq!(ask("ana", 3, 5.0, jiff::civil::date(2026, 2, 1)).await, Reserved::Yes, "another month, another day");
}

async fn an_erased_users_spending_stays_in_the_days_only(store: &impl MetadataStore) {
    let day = jiff::civil::date(2026, 1, 31);
    write(store, [Change::PutUser(full_user("ana"))]).await;
    store.reserve(&reservation("ana", 1, 3.0, day), &SpendLimits::default()).await.expect("a write");
    write(store, [Change::DeleteUser { user: user_id("ana"), revision: 1 }]).await;
    assert_eq!(spent(store, SpendingOf::UserMonth(user_id("ana"), day)).await, 0.0);
    assert_eq!(spent(store, SpendingOf::Day(day)).await, 3.0);
}

/// Many runs of many users ask for a dollar each at once, and the day has ten: exactly ten get one.
pub async fn race_for_the_last_dollars<S: MetadataStore + 'static>(handles: Vec<Arc<S>>) {
    let day = jiff::civil::date(2026, 1, 31);
    let limits = SpendLimits { user_month: None, installation_day: Some(dollars(10.0)) };
    let racers: Vec<_> = (0..24)
        .map(|n| {
            let store = handles[n % handles.len()].clone();
            tokio::spawn(async move {
                let asked = reservation(&format!("racer{n}"), 1, 1.0, day);
                store.reserve(&asked, &limits).await.expect("an answer") == Reserved::Yes
            })
        })
        .collect();
    let mut granted = 0;
    for racer in racers {
        granted += u32::from(racer.await.expect("no racer panics"));
    }
    assert_eq!(granted, 10);
    assert_eq!(spent(handles[0].as_ref(), SpendingOf::Day(day)).await, 10.0);
}

/// Workers look for due users and claim them by a commit, as an engine does: each user is taken by one of them, once.
pub async fn race_for_due_work<S: MetadataStore + 'static>(handles: Vec<Arc<S>>) {
    const DUE: usize = 12;
    for n in 0..DUE {
        let mut due = full_user(&format!("due{n}"));
        due.dispatch = Dispatch::at(&due.user_id, Some(at("2026-01-01T00:00:00Z")));
        write(handles[0].as_ref(), [Change::PutUser(due)]).await;
    }
    let now = at("2026-01-01T00:00:01Z");
    let claim_all = |store: Arc<S>, owner: String| async move {
        let mut taken: Vec<UserId> = Vec::new();
        loop {
            let due = store.due(now, None, 5).await.expect("a read");
            if due.is_empty() {
                return taken;
            }
            for id in due {
                let mut found = store.user(&id).await.expect("a read").expect("a due user is there");
                if found.dispatch.is_held_from(&owner, now) {
                    continue;
                }
                found.dispatch.claim(&owner, at("2026-01-01T00:05:00Z"));
                match store.commit(vec![Change::PutUser(found)]).await {
                    Ok(()) => taken.push(id),
                    Err(StoreError::Conflict { .. }) => {}
                    Err(e) => panic!("a race ends in a conflict, not in: {e}"),
                }
            }
        }
    };
    let workers = handles.iter().cloned().enumerate().map(|(n, store)| claim_all(store, format!("worker-{n}")));
    let workers: Vec<_> = workers.map(tokio::spawn).collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.expect("no worker panics").into_iter().map(|id| id.to_string()));
    }
    all.sort_unstable();
    let mut expected: Vec<_> = (0..DUE).map(|n| format!("due{n}")).collect();
    expected.sort_unstable();
    assert_eq!(all, expected);
}

fn reservation(user: &str, version: u32, amount: f64, day: jiff::civil::Date) -> Reservation {
    Reservation { run: VersionId { user_id: user_id(user), version }, amount: dollars(amount), day }
}

fn dollars(amount: f64) -> Usd {
    Usd::from_dollars(amount).expect("an amount of money")
}

async fn spent(store: &impl MetadataStore, of: SpendingOf) -> f64 {
    store.spending(&of).await.expect("a read").dollars()
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
        trigger: Trigger::Manual,
    }
}

fn user_id(name: &str) -> UserId {
    name.parse().expect("a valid user id")
}

fn at(time: &str) -> Timestamp {
    time.parse().expect("an RFC 3339 time")
}
