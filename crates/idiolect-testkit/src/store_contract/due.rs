//! Work that is due, leases, and who gets it when several want it.

use std::sync::Arc;

use idiolect_registry::{Change, Dispatch, LeaseOn, MetadataStore, RunStep, StoreError, User, UserId};
use jiff::Timestamp;

use super::samples::{at, full_user, user_id, version};
use super::{stored, user, write};

pub(super) async fn unfinished_runs_come_oldest_first(store: &impl MetadataStore) {
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
    let ids: Vec<_> = found.records.iter().map(|v| v.id.to_string()).collect();
    let expected: Vec<_> = (1..=8).rev().flat_map(|n| [format!("ana:{n}"), format!("ben:{n}")]).collect();
    assert_eq!(ids, expected);
}

pub(super) async fn due_work_is_found(store: &impl MetadataStore) {
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

pub(super) async fn a_lease_is_renewed_by_its_owner_alone(store: &impl MetadataStore) {
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
