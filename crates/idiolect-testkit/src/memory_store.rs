//! A metadata store in memory that refuses more than a real one: whatever no correct program would write.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use idiolect_registry::{Change, MetadataStore, ModelVersion, StoreError, User, UserId, VersionId};
use jiff::Timestamp;

/// Keeps records for as long as it lives. Share it in an `Arc`.
///
/// Beyond the port's contract it refuses, as [`StoreError::Corrupt`] that names the broken rule: versions without a user
/// who has taken their number, numbers that do not count up, changes to what is fixed when a run is requested, ids and
/// dataset hashes that change after the upload, runs that go back or on after their end, numbers that are not finite,
/// times finer than a microsecond.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    records: Records,
    commits: usize,
    faults: Vec<CommitFault>,
    down: bool,
}

#[derive(Clone, Default)]
struct Records {
    users: BTreeMap<UserId, User>,
    versions: BTreeMap<VersionId, ModelVersion>,
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

    /// Commits that were written.
    pub fn commits(&self) -> usize {
        self.state().commits
    }

    /// All users, by id.
    pub fn users(&self) -> Vec<User> {
        self.state().records.users.values().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.read(|records| records.users.get(user).cloned())
    }

    async fn version(&self, version: &VersionId) -> Result<Option<ModelVersion>, StoreError> {
        self.read(|records| records.versions.get(version).cloned())
    }

    async fn versions(&self, user: &UserId) -> Result<Vec<ModelVersion>, StoreError> {
        self.read(|records| records.versions.values().rev().filter(|v| v.id.user_id == *user).cloned().collect())
    }

    async fn unfinished(&self) -> Result<Vec<ModelVersion>, StoreError> {
        let running = |version: &&ModelVersion| !version.run.step.is_terminal();
        let mut found: Vec<_> = self.read(|records| records.versions.values().filter(running).cloned().collect())?;
        found.sort_by_key(|version| version.created_at);
        Ok(found)
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
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
        let mut records = state.records.clone();
        for change in changes {
            records.write(change)?;
        }
        records.check_numbers()?;
        state.records = records;
        state.commits += 1;
        if fault.is_some() { Err(unavailable()) } else { Ok(()) }
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.read(|_| ())
    }
}

impl Records {
    fn write(&mut self, change: Change) -> Result<(), StoreError> {
        match change {
            Change::PutUser(user) => self.put_user(user),
            Change::CreateVersion(version) => self.create_version(version),
            Change::UpdateVersion(version) => self.update_version(version),
        }
    }

    fn put_user(&mut self, mut user: User) -> Result<(), StoreError> {
        let record = format!("user {}", user.user_id);
        let old = self.users.get(&user.user_id);
        if old.map_or(0, |old| old.revision) != user.revision {
            return Err(conflict(&record));
        }
        let latest = old.map_or(0, |old| old.latest_model_version);
        let rules = [
            (user.latest_model_version >= latest, "latest_model_version never goes down"),
            (user.active_model_version <= user.latest_model_version, "the active version has been given out"),
            (user.previous_model_version != Some(0), "there is no version 0 to go back to"),
            (user.active_model_version == 0 || user.active_model_id.is_some(), "an active version has a model"),
            (user.consent.granted_at.is_some() || user.consent.purposes.is_empty(), "purposes are granted at a time"),
            (times_are_whole(times_of_user(&user)), WHOLE_TIMES),
        ];
        check(&record, &rules)?;
        user.revision += 1;
        self.users.insert(user.user_id.clone(), user);
        Ok(())
    }

    fn create_version(&mut self, mut version: ModelVersion) -> Result<(), StoreError> {
        let record = format!("version {}", version.id);
        if self.versions.contains_key(&version.id) {
            return Err(conflict(&record));
        }
        let highest = self.versions.keys().filter(|id| id.user_id == version.id.user_id).map(|id| id.version).max();
        let rules = [
            (version.id.version > highest.unwrap_or(0), "version numbers count up from 1"),
            (version.revision == 0, "a version that was never stored has revision 0"),
            (numbers_are_finite(&version), "numbers are finite or absent"),
            (times_are_whole(times_of_version(&version)), WHOLE_TIMES),
        ];
        check(&record, &rules)?;
        version.revision = 1;
        self.versions.insert(version.id.clone(), version);
        Ok(())
    }

    fn update_version(&mut self, mut version: ModelVersion) -> Result<(), StoreError> {
        let record = format!("version {}", version.id);
        let Some(old) = self.versions.get(&version.id).filter(|old| old.revision == version.revision) else {
            return Err(conflict(&record));
        };
        check(&record, &rules_of_update(old, &version))?;
        version.revision += 1;
        self.versions.insert(version.id.clone(), version);
        Ok(())
    }

    /// A version and its user's count are stored together or not at all.
    fn check_numbers(&self) -> Result<(), StoreError> {
        for id in self.versions.keys() {
            let taken = self.users.get(&id.user_id).map_or(0, |user| user.latest_model_version);
            check(&format!("version {id}"), &[(id.version <= taken, "the user's record has taken the number")])?;
        }
        Ok(())
    }
}

fn rules_of_update(old: &ModelVersion, new: &ModelVersion) -> [(bool, &'static str); 14] {
    let uploaded = old.training_file_id.is_some();
    [
        (new.provider == old.provider && new.base_model == old.base_model, "provider and base model are fixed"),
        (new.created_at == old.created_at, "created_at is fixed"),
        (new.training_data_range == old.training_data_range, "the window is fixed when the run is requested"),
        (new.config.system_prompt_version == old.config.system_prompt_version, "the prompt strategy is fixed"),
        (new.config.hyperparams == old.config.hyperparams, "hyperparameters are fixed"),
        (new.run.source == old.run.source && new.run.seed == old.run.seed, "source and seed are fixed"),
        (kept(&old.training_file_id, &new.training_file_id), "the training file's id is written once"),
        (kept(&old.job_id, &new.job_id), "the job's id is written once"),
        (kept(&old.fine_tuned_model_id, &new.fine_tuned_model_id), "the model's id is written once"),
        (!uploaded || new.artifacts == old.artifacts, "the dataset's hash is fixed once it is uploaded"),
        (!uploaded || new.num_messages == old.num_messages, "the dataset's size is fixed once it is uploaded"),
        (
            new.run.step == old.run.step || (!old.run.step.is_terminal() && new.run.step > old.run.step),
            "a run goes forward and does not go on after its end",
        ),
        (numbers_are_finite(new), "numbers are finite or absent"),
        (times_are_whole(times_of_version(new)), WHOLE_TIMES),
    ]
}

fn kept<T: PartialEq>(old: &Option<T>, new: &Option<T>) -> bool {
    old.is_none() || old == new
}

fn numbers_are_finite(version: &ModelVersion) -> bool {
    let eval = &version.eval;
    let losses = [eval.holdout_loss, eval.base_holdout_loss, eval.active_holdout_loss];
    losses.into_iter().chain([eval.human_score, eval.style_similarity]).flatten().all(f64::is_finite)
}

const WHOLE_TIMES: &str = "times are whole microseconds";

fn times_of_user(user: &User) -> Vec<Option<Timestamp>> {
    vec![Some(user.model_updated_at), user.consent.granted_at, user.consent.revoked_at]
}

fn times_of_version(version: &ModelVersion) -> Vec<Option<Timestamp>> {
    let window = version.training_data_range;
    let always = [version.created_at, window.start, window.end, version.run.updated_at].map(Some);
    [&always[..], &[version.completed_at]].concat()
}

fn times_are_whole(times: Vec<Option<Timestamp>>) -> bool {
    times.into_iter().flatten().all(|time| time.subsec_nanosecond() % 1000 == 0)
}

fn check(record: &str, rules: &[(bool, &str)]) -> Result<(), StoreError> {
    match rules.iter().find(|(holds, _)| !holds) {
        None => Ok(()),
        Some((_, rule)) => Err(StoreError::Corrupt {
            place: "in memory".into(),
            record: record.into(),
            reason: format!("it would break the rule that {rule}"),
        }),
    }
}

fn conflict(record: &str) -> StoreError {
    StoreError::Conflict { record: record.into() }
}

fn unavailable() -> StoreError {
    StoreError::Unavailable { place: "in memory".into(), reason: "scripted outage".into(), advice: "try again" }
}
