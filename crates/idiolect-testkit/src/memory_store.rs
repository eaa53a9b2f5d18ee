//! A metadata store in memory that refuses more than a real one: whatever no correct program would write.

mod records;
mod rules;
mod spending;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use idiolect_registry::{
    Change, Dispatch, Erasure, LeaseOn, Listed, MetadataStore, ModelVersion, Reservation, Reserved, SpendLimits,
    SpendingOf, StoreError, Usd, User, UserId, UserPage, VersionId,
};
use jiff::Timestamp;

use self::records::{Records, conflict};

/// Keeps records for as long as it lives. Share it in an `Arc`.
///
/// Beyond the port's contract it refuses, as [`StoreError::Corrupt`] that names the broken rule: versions without a user
/// who has taken their number, numbers that do not count up, changes to what is fixed when a run is requested, ids and
/// dataset hashes that change after the upload, runs that go back or on after their end, numbers that are not finite,
/// times finer than a microsecond.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
    reads: AtomicUsize,
    writes: AtomicUsize,
}

#[derive(Default)]
struct State {
    records: Records,
    commits: usize,
    faults: Vec<CommitFault>,
    down: bool,
    spoiled: BTreeSet<String>,
    hooks: Vec<(usize, Hook)>,
    gate: Option<StoreGate>,
}

/// What every write waits for; one that never comes to its end is where a test can end the caller.
pub type StoreGate = Arc<dyn Fn(&'static str) -> BoxFuture<'static, ()> + Send + Sync>;

/// Something that happens just after a commit.
type Hook = Box<dyn FnOnce() + Send>;

/// See [`MemoryStore::usage`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub reads: usize,
    pub writes: usize,
}

/// How one commit goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitFault {
    /// Nothing is written and the store is not available.
    Unavailable,
    /// Everything is written, and then the caller is told that the store is not available.
    CutAfter,
    /// Nothing is written, as if somebody else had been faster.
    Conflict,
}

impl MemoryStore {
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the next commit go wrong; calling it twice makes two go wrong.
    pub fn fail_next_commit(&self, fault: CommitFault) {
        self.state().faults.push(fault);
    }

    /// While it is down, every call answers that the store is not available.
    pub fn set_down(&self, down: bool) {
        self.state().down = down;
    }

    /// From now on nothing goes wrong that was to.
    pub fn heal(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.down = false;
    }

    /// From now on the record of this user or version cannot be read.
    pub fn spoil(&self, record: impl ToString) {
        self.state().spoiled.insert(record.to_string());
    }

    /// Deletes a user's record and leaves their versions, as other code does that shares the store.
    pub fn lose_user(&self, user: &UserId) {
        let records = &mut self.state().records;
        records.users.remove(user);
        records.lost.insert(user.clone());
    }

    /// Does something just after the commit of this number, counted from 0.
    pub fn after_commit(&self, number: usize, hook: impl FnOnce() + Send + 'static) {
        self.state().hooks.push((number, Box::new(hook)));
    }

    /// Changes a user's record at once, as somebody else's commit would.
    pub fn change_user(&self, user: &UserId, change: impl FnOnce(&User) -> User) {
        let mut state = self.state();
        if let Some(old) = state.records.users.get(user) {
            let changed = User { revision: old.revision + 1, ..change(old) };
            state.records.users.insert(user.clone(), changed);
        }
    }

    /// Has every commit, reservation and settlement wait at this gate before it takes effect.
    pub fn set_gate(&self, gate: StoreGate) {
        self.state().gate = Some(gate);
    }

    async fn gate(&self, write: &'static str) {
        let gate = self.state().gate.clone();
        if let Some(gate) = gate {
            gate(write).await;
        }
    }

    /// Commits that were written.
    pub fn commits(&self) -> usize {
        self.state().commits
    }

    /// Documents read and written so far, counted as Firestore bills them: a query reads at least one, and a commit reads
    /// each document that it writes.
    pub fn usage(&self) -> Usage {
        Usage { reads: self.reads.load(Ordering::Relaxed), writes: self.writes.load(Ordering::Relaxed) }
    }

    fn bill(&self, reads: usize, writes: usize) {
        self.reads.fetch_add(reads, Ordering::Relaxed);
        self.writes.fetch_add(writes, Ordering::Relaxed);
    }

    /// All users, by id.
    pub fn users(&self) -> Vec<User> {
        self.state().records.users.values().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn up(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        let state = self.state();
        if state.down { Err(unavailable()) } else { Ok(state) }
    }

    /// The record, or that it cannot be read.
    fn sound<T>(&self, name: impl ToString, record: T) -> Result<T, StoreError> {
        let name = name.to_string();
        if !self.state().spoiled.contains(&name) {
            return Ok(record);
        }
        let place = "in memory".into();
        Err(StoreError::Corrupt { place, record: format!("the record of {name}"), reason: "it was spoiled".into() })
    }

    fn read<T>(&self, look: impl FnOnce(&Records) -> T) -> Result<T, StoreError> {
        let state = self.state();
        if state.down { Err(unavailable()) } else { Ok(look(&state.records)) }
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("MemoryStore")
            .field("users", &state.records.users.len())
            .field("versions", &state.records.versions.len())
            .finish()
    }
}

#[async_trait]
impl MetadataStore for MemoryStore {
    async fn user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        self.bill(1, 0);
        let found = self.read(|records| records.users.get(user).cloned())?;
        self.sound(user, found)
    }

    async fn users(&self, after: Option<&str>, limit: usize) -> Result<UserPage, StoreError> {
        let later = |user: &&User| after.is_none_or(|after| user.user_id.as_str() > after);
        let found: Vec<_> = self.read(|records| records.users.values().filter(later).take(limit).cloned().collect())?;
        self.bill(found.len().max(1), 0);
        let next = found.last().filter(|_| found.len() == limit).map(|user| user.user_id.to_string());
        let mut page = UserPage { next, ..UserPage::default() };
        found.into_iter().try_for_each(|user| page.listed.add(self.sound(user.user_id.clone(), user)))?;
        Ok(page)
    }

    async fn version(&self, version: &VersionId) -> Result<Option<ModelVersion>, StoreError> {
        self.bill(1, 0);
        let found = self.read(|records| records.versions.get(version).cloned())?;
        self.sound(version, found)
    }

    async fn versions(&self, user: &UserId) -> Result<Vec<ModelVersion>, StoreError> {
        let found: Vec<_> =
            self.read(|records| records.versions.values().rev().filter(|v| v.id.user_id == *user).cloned().collect())?;
        self.bill(found.len().max(1), 0);
        found.into_iter().map(|version| self.sound(version.id.clone(), version)).collect()
    }

    async fn unfinished(&self) -> Result<Listed<ModelVersion>, StoreError> {
        let running = |version: &&ModelVersion| version.run.step.is_under_way();
        let mut found: Vec<_> = self.read(|records| records.versions.values().filter(running).cloned().collect())?;
        self.bill(found.len().max(1), 0);
        found.sort_by_key(|version| version.created_at);
        let mut listed = Listed::default();
        found.into_iter().try_for_each(|version| listed.add(self.sound(version.id.clone(), version)))?;
        Ok(listed)
    }

    async fn due(&self, now: Timestamp, shard: Option<u32>, limit: usize) -> Result<Vec<UserId>, StoreError> {
        let due = |dispatch: &Dispatch| {
            dispatch.next_at.filter(|at| *at <= now && shard.is_none_or(|shard| shard == dispatch.shard))
        };
        let mut found: Vec<_> = self.read(|records| {
            let users = records.users.values().map(|user| (due(&user.dispatch), &user.user_id));
            let runs = records.versions.values().map(|version| (due(&version.run.dispatch), &version.id.user_id));
            users.chain(runs).filter_map(|(at, user)| Some((at?, user.clone()))).collect()
        })?;
        self.bill(found.len().max(2), 0);
        found.sort();
        let mut seen = BTreeSet::new();
        found.retain(|(_, user)| seen.insert(user.clone()));
        Ok(found.into_iter().map(|(_, user)| user).take(limit).collect())
    }

    async fn renew(&self, lease: &LeaseOn, owner: &str, until: Timestamp) -> Result<bool, StoreError> {
        self.bill(1, 1);
        let mut state = self.up()?;
        let dispatch = match lease {
            LeaseOn::Run(id) => state.records.versions.get_mut(id).map(|version| &mut version.run.dispatch),
            LeaseOn::User(id) => state.records.users.get_mut(id).map(|user| &mut user.dispatch),
        };
        let held = dispatch.filter(|dispatch| dispatch.lease_owner.as_deref() == Some(owner));
        Ok(held.map(|dispatch| dispatch.claim(owner, until)).is_some())
    }

    async fn reserve(&self, reservation: &Reservation, limits: &SpendLimits) -> Result<Reserved, StoreError> {
        self.gate("reserve").await;
        // The run, the user's month and one part of the day.
        self.bill(3, 3);
        Ok(self.up()?.records.spending.reserve(reservation, limits))
    }

    async fn settle(&self, run: &VersionId, actual: Usd) -> Result<(), StoreError> {
        self.gate("settle").await;
        self.bill(3, 3);
        self.up()?.records.spending.settle(run, actual);
        Ok(())
    }

    async fn spending(&self, of: &SpendingOf) -> Result<Usd, StoreError> {
        self.read(|records| records.spending.total(of))
    }

    async fn erasure(&self, id: &str) -> Result<Option<Erasure>, StoreError> {
        self.read(|records| records.erasures.get(id).cloned())
    }

    async fn erasures(&self, limit: usize) -> Result<Vec<Erasure>, StoreError> {
        let mut found: Vec<_> = self.read(|records| records.erasures.values().cloned().collect())?;
        found.sort_by(|a: &Erasure, b| b.requested_at.cmp(&a.requested_at).then_with(|| a.id.cmp(&b.id)));
        found.truncate(limit);
        Ok(found)
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.gate("commit").await;
        let mut state = self.state();
        if state.down {
            return Err(unavailable());
        }
        let fault = if state.faults.is_empty() { None } else { Some(state.faults.remove(0)) };
        match fault {
            Some(CommitFault::Unavailable) => return Err(unavailable()),
            Some(CommitFault::Conflict) => return Err(conflict("scripted record")),
            Some(CommitFault::CutAfter) | None => {}
        }
        self.bill(changes.len(), changes.len());
        let mut records = state.records.clone();
        for change in changes {
            records.write(change)?;
        }
        records.check_numbers()?;
        state.records = records;
        let number = state.commits;
        state.commits += 1;
        if let Some(at) = state.hooks.iter().position(|(commit, _)| *commit == number) {
            let (_, hook) = state.hooks.remove(at);
            drop(state);
            hook();
        }
        if fault.is_some() { Err(unavailable()) } else { Ok(()) }
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.read(|_| ())
    }
}

fn unavailable() -> StoreError {
    StoreError::Unavailable { place: "in memory".into(), reason: "scripted outage".into(), advice: "try again" }
}
