//! SQLite and the store in memory, which the machine is tested over, answer alike to whatever is asked of them in any order.

#![allow(clippy::unwrap_used, reason = "helpers of tests, where a panic is the report")]

use std::fmt::Debug;

use idiolect_registry::{
    Change, Erasure, LeaseOn, MetadataStore, ModelVersion, Reservation, RunStep, SpendLimits, SpendingOf, StoreError,
    Usd, User, UserId, VersionId, shard_of,
};
use idiolect_store::SqliteStore;
use idiolect_testkit::{MemoryStore, full_version};
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const USERS: [&str; 3] = ["ana", "ben", "cleo"];

/// One of [`USERS`], a time in minutes, and whether the record's revision is the one that is stored.
#[derive(Clone, Debug)]
enum Operation {
    PutUser { who: usize, due: Option<i64>, stale: bool },
    Begin { who: usize, due: Option<i64>, stale: bool },
    Go { who: usize, step: usize, due: Option<i64>, stale: bool },
    DeleteNewest { who: usize, stale: bool },
    DeleteUser { who: usize, stale: bool },
    PutErasure { id: u8, of: Option<usize>, stale: bool },
    Renew { who: usize, owner: u8, of_user: bool, until: i64 },
    Reserve { who: usize, version: u32, dollars: u8, day: i8, month_cap: Option<u8>, day_cap: Option<u8> },
    Settle { who: usize, version: u32, dollars: u8 },
}

fn operation() -> impl Strategy<Value = Operation> {
    let who = || 0..USERS.len();
    let due = || prop::option::of(0..20_i64);
    let stale = || prop::bool::weighted(0.2);
    let cap = || prop::option::of(0..20_u8);
    prop_oneof![
        2 => (who(), due(), stale()).prop_map(|(who, due, stale)| Operation::PutUser { who, due, stale }),
        4 => (who(), due(), stale()).prop_map(|(who, due, stale)| Operation::Begin { who, due, stale }),
        4 => (who(), 0..RunStep::ALL.len(), due(), stale())
            .prop_map(|(who, step, due, stale)| Operation::Go { who, step, due, stale }),
        1 => (who(), stale()).prop_map(|(who, stale)| Operation::DeleteNewest { who, stale }),
        1 => (who(), stale()).prop_map(|(who, stale)| Operation::DeleteUser { who, stale }),
        1 => (0..3_u8, prop::option::of(who()), stale())
            .prop_map(|(id, of, stale)| Operation::PutErasure { id, of, stale }),
        2 => (who(), 0..2_u8, any::<bool>(), 0..20_i64)
            .prop_map(|(who, owner, of_user, until)| Operation::Renew { who, owner, of_user, until }),
        3 => (who(), 1..4_u32, 0..9_u8, 0..3_i8, cap(), cap()).prop_map(
            |(who, version, dollars, day, month_cap, day_cap)| Operation::Reserve {
                who, version, dollars, day, month_cap, day_cap
            }
        ),
        2 => (who(), 1..4_u32, 0..9_u8).prop_map(|(who, version, dollars)| Operation::Settle { who, version, dollars }),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn two_stores_answer_alike(operations in prop::collection::vec(operation(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        if let Err(differs) = runtime.block_on(compare(&operations)) {
            return Err(TestCaseError::fail(differs));
        }
    }
}

/// Few, for each opens a database; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let more = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => more,
        // The same each time, so that what fails was changed.
        None => ProptestConfig { cases: 16, rng_seed: RngSeed::Fixed(17), ..more },
    }
}

async fn compare(operations: &[Operation]) -> Result<(), String> {
    let dir = tempfile::TempDir::new().unwrap();
    let (memory, sqlite) = (MemoryStore::new(), SqliteStore::open(dir.path()).unwrap());
    for operation in operations {
        let changes = changes(&memory, operation).await;
        let first = perform(&memory, operation, changes.clone()).await;
        // What no correct program does, only the store in memory refuses.
        if first.starts_with("corrupt") {
            continue;
        }
        let second = perform(&sqlite, operation, changes).await;
        same(operation, &first, &second)?;
        same(operation, &everything(&memory).await, &everything(&sqlite).await)?;
    }
    Ok(())
}

fn same(operation: &Operation, memory: &str, sqlite: &str) -> Result<(), String> {
    let differs = || format!("after {operation:?}\nmemory: {memory}\nsqlite: {sqlite}");
    if memory == sqlite { Ok(()) } else { Err(differs()) }
}

/// What is to be written, from what the store in memory holds.
async fn changes(store: &MemoryStore, operation: &Operation) -> Vec<Change> {
    match operation {
        Operation::PutUser { who, due, stale } => {
            let mut user = user(store, *who).await;
            user.dispatch.release(due.map(at));
            user.revision += u64::from(*stale);
            vec![Change::PutUser(user)]
        }
        // A user has one run at a time.
        Operation::Begin { who, .. }
            if newest(store, *who).await.is_some_and(|run| run.run.dispatch.next_at.is_some()) =>
        {
            Vec::new()
        }
        Operation::Begin { who, due, stale } => {
            let mut user = user(store, *who).await;
            user.latest_model_version += 1;
            let mut version = full_version(USERS[*who], user.latest_model_version);
            version.run.step = RunStep::Requested;
            version.run.dispatch.shard = shard_of(&user.user_id);
            version.run.dispatch.claim("worker 0", at(30));
            version.run.dispatch.next_at = due.map(at);
            user.revision += u64::from(*stale);
            // The first is right and the second may not be: neither is written then.
            vec![Change::CreateVersion(version), Change::PutUser(user)]
        }
        Operation::Go { who, step, due, stale } => match newest(store, *who).await {
            None => Vec::new(),
            Some(mut version) => {
                version.run.step = RunStep::ALL[*step];
                version.run.dispatch.release(due.map(at));
                version.revision += u64::from(*stale);
                vec![Change::UpdateVersion(version)]
            }
        },
        Operation::DeleteNewest { who, stale } => match newest(store, *who).await {
            None => Vec::new(),
            Some(version) => {
                let revision = version.revision + u64::from(*stale);
                vec![Change::DeleteVersion { version: version.id, revision }]
            }
        },
        Operation::DeleteUser { who, stale } => {
            let user = user(store, *who).await;
            let mut changes: Vec<_> = store.versions(&user.user_id).await.unwrap().into_iter().map(deletion).collect();
            changes.push(Change::DeleteUser { revision: user.revision + u64::from(*stale), user: user.user_id });
            changes
        }
        Operation::PutErasure { id, of, stale } => {
            let id = format!("r{id}");
            let found = store.erasure(&id).await.unwrap();
            let new = || Erasure::requested(id, user_id(0), at(i64::from(found.is_none())));
            let mut erasure = found.clone().unwrap_or_else(new);
            erasure.user_id = of.map(user_id);
            erasure.revision += u64::from(*stale);
            vec![Change::PutErasure(erasure)]
        }
        Operation::Renew { .. } | Operation::Reserve { .. } | Operation::Settle { .. } => Vec::new(),
    }
}

fn deletion(version: ModelVersion) -> Change {
    Change::DeleteVersion { version: version.id, revision: version.revision }
}

async fn perform(store: &dyn MetadataStore, operation: &Operation, changes: Vec<Change>) -> String {
    let run = |who: usize, version| VersionId { user_id: user_id(who), version };
    match operation {
        Operation::Renew { who, owner, of_user, until } => {
            let newest = newest(store, *who).await.map(|version| version.id);
            let lease = match newest.filter(|_| !of_user) {
                Some(run) => LeaseOn::Run(run),
                None => LeaseOn::User(user_id(*who)),
            };
            said(store.renew(&lease, &format!("worker {owner}"), at(*until)).await)
        }
        Operation::Reserve { who, version, dollars, day, month_cap, day_cap } => {
            let limits = SpendLimits { user_month: month_cap.map(usd), installation_day: day_cap.map(usd) };
            let day = date(2026, 1, 31 - *day);
            said(store.reserve(&Reservation { run: run(*who, *version), amount: usd(*dollars), day }, &limits).await)
        }
        Operation::Settle { who, version, dollars } => said(store.settle(&run(*who, *version), usd(*dollars)).await),
        _ => said(store.commit(changes).await),
    }
}

/// All that can be read.
async fn everything(store: &dyn MetadataStore) -> String {
    let mut read = Vec::new();
    for user in (0..USERS.len()).map(user_id) {
        read.push(said(store.user(&user).await));
        read.push(said(store.versions(&user).await));
        read.push(said(store.spending(&SpendingOf::UserMonth(user, date(2026, 1, 5))).await));
    }
    for day in 29..=31 {
        read.push(said(store.spending(&SpendingOf::Day(date(2026, 1, day))).await));
    }
    for limit in 1..=3 {
        read.push(said(store.users(Some("ana"), limit).await));
        read.push(said(store.due(at(10), None, limit).await));
        read.push(said(store.erasures(limit).await));
    }
    read.push(said(store.users(None, 10).await));
    read.push(said(store.due(at(15), Some(shard_of(&user_id(1))), 10).await));
    read.push(said(store.unfinished().await));
    read.join("\n")
}

/// What a store answered; of an error, its kind.
fn said<T: Debug>(answer: Result<T, StoreError>) -> String {
    match answer {
        Ok(value) => format!("{value:?}"),
        Err(StoreError::Conflict { .. }) => "conflict".into(),
        Err(StoreError::Unavailable { .. }) => "unavailable".into(),
        Err(StoreError::Corrupt { reason, .. }) => format!("corrupt: {reason}"),
    }
}

async fn user(store: &MemoryStore, who: usize) -> User {
    store.user(&user_id(who)).await.unwrap().unwrap_or_else(|| User::new(user_id(who), at(0)))
}

async fn newest(store: &dyn MetadataStore, who: usize) -> Option<ModelVersion> {
    store.versions(&user_id(who)).await.unwrap().into_iter().next()
}

fn user_id(who: usize) -> UserId {
    USERS[who].parse().unwrap()
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + 60 * minute).unwrap()
}

fn usd(dollars: u8) -> Usd {
    Usd::from_micros(1_000_000 * u64::from(dollars))
}
