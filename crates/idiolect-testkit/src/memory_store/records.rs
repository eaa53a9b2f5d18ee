//! What the store holds, and every rule that a change of it has to keep.

use std::collections::{BTreeMap, BTreeSet};

use idiolect_registry::{Change, Erasure, ModelVersion, StoreError, User, UserId, VersionId};

use super::rules::{
    WHOLE_TIMES, check, numbers_are_finite, rules_of_update, times_are_whole, times_of_user, times_of_version,
};
use super::spending::Spending;

#[derive(Clone, Default)]
pub(super) struct Records {
    pub(super) users: BTreeMap<UserId, User>,
    /// Users whose records others have deleted.
    pub(super) lost: BTreeSet<UserId>,
    pub(super) versions: BTreeMap<VersionId, ModelVersion>,
    pub(super) erasures: BTreeMap<String, Erasure>,
    pub(super) spending: Spending,
}

impl Records {
    pub(super) fn write(&mut self, change: Change) -> Result<(), StoreError> {
        match change {
            Change::PutUser(user) => self.put_user(user),
            Change::CreateVersion(version) => self.create_version(version),
            Change::UpdateVersion(version) => self.update_version(version),
            Change::PutErasure(erasure) => self.put_erasure(erasure),
            Change::DeleteVersion { version, revision } => self.delete_version(&version, revision),
            Change::DeleteUser { user, revision } => self.delete_user(&user, revision),
        }
    }

    fn put_erasure(&mut self, mut erasure: Erasure) -> Result<(), StoreError> {
        let record = format!("erasure {}", erasure.id);
        let old = self.erasures.get(&erasure.id);
        if old.map_or(0, |old| old.revision) != erasure.revision {
            return Err(conflict(&record));
        }
        let rules = [
            (old.is_none_or(|old| erasure.items.starts_with(&old.items)), "what was erased stays on the receipt"),
            (erasure.user_id.is_none() || erasure.completed_at.is_none() || old.is_none(), "a receipt names nobody"),
        ];
        check(&record, &rules)?;
        erasure.revision += 1;
        self.erasures.insert(erasure.id.clone(), erasure);
        Ok(())
    }

    fn delete_version(&mut self, id: &VersionId, revision: u64) -> Result<(), StoreError> {
        let record = format!("version {id}");
        if self.versions.get(id).is_none_or(|version| version.revision != revision) {
            return Err(conflict(&record));
        }
        self.versions.remove(id);
        Ok(())
    }

    fn delete_user(&mut self, id: &UserId, revision: u64) -> Result<(), StoreError> {
        let record = format!("user {id}");
        if self.users.get(id).is_none_or(|user| user.revision != revision) {
            return Err(conflict(&record));
        }
        self.users.remove(id);
        self.spending.forget(id);
        Ok(())
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
    pub(super) fn check_numbers(&self) -> Result<(), StoreError> {
        let is_lost = |user| self.lost.contains(user) && !self.users.contains_key(user);
        for id in self.versions.keys().filter(|id| !is_lost(&id.user_id)) {
            let taken = self.users.get(&id.user_id).map_or(0, |user| user.latest_model_version);
            check(&format!("version {id}"), &[(id.version <= taken, "the user's record has taken the number")])?;
        }
        Ok(())
    }
}

pub(super) fn conflict(record: &str) -> StoreError {
    StoreError::Conflict { record: record.into() }
}
