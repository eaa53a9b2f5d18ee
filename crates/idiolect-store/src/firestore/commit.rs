//! Compare-and-swap: the documents are read, each change is held against the revision that it was made from, and the writes go
//! out together, each on the condition that its document has not been written meanwhile.
//!
//! There is no transaction: nothing is locked while this goes on, and no process can leave a lock behind.

use std::collections::HashMap;

use firestore::FirestoreDocument;
use firestore::gcloud_sdk::google::firestore::v1::precondition::ConditionType;
use firestore::gcloud_sdk::google::firestore::v1::write::Operation;
use firestore::gcloud_sdk::google::firestore::v1::{DocumentMask, Precondition, Write};
use firestore::gcloud_sdk::tonic::Code;
use idiolect_registry::{Change, LeaseOn, ModelVersion, StoreError, UserId};
use jiff::Timestamp;

use super::connection::{Connection, is_transient};
use super::document::{self, Document, Fields, Leased};
use super::erasure_document::ErasureDocument;
use super::query::{Asked, MONTHS_OF_USER, SPENDING_OF_USER};
use super::settings::Collections;
use super::user_document::UserDocument;
use super::version_document::VersionDocument;
use super::{TRIES, pause};

pub(super) async fn commit(
    connection: &Connection,
    collections: &Collections,
    changes: &[Change],
) -> Result<(), StoreError> {
    let mut targets = Vec::new();
    for change in changes {
        targets.push(Target::of(connection, collections, change).await?);
    }
    let mut names: Vec<_> = targets.iter().map(|target| target.name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    // Writes of which it is not known whether they arrived.
    let mut in_doubt: Option<Vec<Write>> = None;
    let mut last = None;
    for tried in 0..TRIES {
        let found = connection.get(&names).await?;
        if in_doubt.as_ref().is_some_and(|writes| writes.iter().all(|write| is_written(write, &found))) {
            return Ok(());
        }
        let mut writes = Plan::new(connection, found).with(changes, &targets)?;
        for change in changes {
            if let Change::DeleteUser { user, .. } = change {
                writes.extend(forget_spending(connection, user).await?);
            }
        }
        let Err(status) = connection.commit(writes.clone()).await? else { return Ok(()) };
        match status.code() {
            // A document was written since it was read. If our fields have changed, the next plan says so; if only others
            // of the same document have, there is no conflict.
            Code::FailedPrecondition | Code::AlreadyExists | Code::NotFound => {}
            Code::Aborted | Code::ResourceExhausted => pause(tried).await,
            _ if is_transient(&status) => {
                in_doubt = Some(writes);
                pause(tried).await;
            }
            _ => return Err(connection.place.refused(&status)),
        }
        last = Some(status);
    }
    match last {
        Some(status) if is_transient(&status) => Err(connection.place.refused(&status)),
        _ => Err(StoreError::Conflict { record: targets.swap_remove(0).record }),
    }
}

/// Moves the end of a lease that `owner` holds, without a revision; says whether it does.
pub(super) async fn renew(
    connection: &Connection,
    collections: &Collections,
    lease: &LeaseOn,
    owner: &str,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let (collection, id) = match lease {
        LeaseOn::Run(version) => (&collections.llm_models, version.to_string()),
        LeaseOn::User(user) => (&collections.users, user.to_string()),
    };
    let name = connection.name(collection, &id).await?;
    for tried in 0..TRIES {
        let Some(found) = connection.get(std::slice::from_ref(&name)).await?.remove(&name) else { return Ok(false) };
        if !document::is_ours(&found.fields) {
            return Ok(false);
        }
        let corrupt = |reason| connection.place.corrupt(format!("the lease on {id}"), reason);
        let fields = match lease {
            LeaseOn::Run(_) => prolonged::<VersionDocument>(found.fields.clone(), owner, until),
            LeaseOn::User(_) => prolonged::<UserDocument>(found.fields.clone(), owner, until),
        };
        let Some(fields) = fields.map_err(corrupt)? else { return Ok(false) };
        match connection.commit(vec![write(&name, fields, Some(&found))]).await? {
            Ok(()) => return Ok(true),
            // Doing it twice is the same, so whatever is not a refusal is tried again.
            Err(status) if is_transient(&status) || status.code() == Code::FailedPrecondition => pause(tried).await,
            Err(status) if status.code() == Code::NotFound => return Ok(false),
            Err(status) => return Err(connection.place.refused(&status)),
        }
    }
    Err(StoreError::Conflict { record: format!("the lease on {id}") })
}

/// The fields of a document whose lease goes on, if it is this owner's. The revision stays, unless other code has changed
/// the document, which counts as one.
fn prolonged<D: Leased>(fields: Fields, owner: &str, until: Timestamp) -> Result<Option<Fields>, String> {
    let mut document: D = document::from_fields(fields)?;
    let revision = document.revision();
    if !document.dispatch_mut().prolong(owner, until) {
        return Ok(None);
    }
    document.seal(revision);
    document::to_fields(&document).map(Some)
}

/// Where a change goes.
struct Target {
    /// The document's full name.
    name: String,
    /// As errors name it: `version ana:3`.
    record: String,
}

impl Target {
    async fn of(connection: &Connection, collections: &Collections, change: &Change) -> Result<Self, StoreError> {
        let (kind, collection, id) = match change {
            Change::PutUser(user) => ("user", &collections.users, user.user_id.to_string()),
            Change::DeleteUser { user, .. } => ("user", &collections.users, user.to_string()),
            Change::CreateVersion(version) | Change::UpdateVersion(version) => {
                ("version", &collections.llm_models, version.id.to_string())
            }
            Change::DeleteVersion { version, .. } => ("version", &collections.llm_models, version.to_string()),
            Change::PutErasure(erasure) => ("erasure", &collections.erasures, erasure.id.clone()),
        };
        Ok(Self { name: connection.name(collection, &id).await?, record: format!("{kind} {id}") })
    }
}

/// The documents as they are, and as they shall be.
struct Plan<'a> {
    connection: &'a Connection,
    found: HashMap<String, FirestoreDocument>,
    /// In the order of the changes.
    planned: Vec<Planned>,
}

struct Planned {
    name: String,
    /// Our fields of the document as they shall be; `None` if they shall be gone.
    fields: Option<Fields>,
    revision: i64,
    /// See [`Document::SHARED`].
    shared: Option<&'static [&'static str]>,
}

impl<'a> Plan<'a> {
    fn new(connection: &'a Connection, found: HashMap<String, FirestoreDocument>) -> Self {
        Self { connection, found, planned: Vec::new() }
    }

    fn with(mut self, changes: &[Change], targets: &[Target]) -> Result<Vec<Write>, StoreError> {
        for (change, target) in changes.iter().zip(targets) {
            match change {
                Change::PutUser(user) => self.put::<UserDocument>(target, user, user.revision)?,
                Change::PutErasure(erasure) => self.put::<ErasureDocument>(target, erasure, erasure.revision)?,
                Change::CreateVersion(version) => self.put::<VersionDocument>(target, version, 0)?,
                // Revision 0 was never stored, so there is nothing to update or delete.
                Change::UpdateVersion(ModelVersion { revision: 0, .. })
                | Change::DeleteVersion { revision: 0, .. }
                | Change::DeleteUser { revision: 0, .. } => return Err(conflict(target)),
                Change::UpdateVersion(version) => self.put::<VersionDocument>(target, version, version.revision)?,
                Change::DeleteVersion { revision, .. } => self.delete::<VersionDocument>(target, *revision)?,
                Change::DeleteUser { revision, .. } => self.delete::<UserDocument>(target, *revision)?,
            }
        }
        let write = |planned: &Planned| {
            let found = self.found.get(&planned.name);
            match (&planned.fields, found) {
                (Some(fields), _) => Some(write(&planned.name, fields.clone(), found)),
                (None, Some(found)) => Some(delete(found, planned.shared)),
                (None, None) => None,
            }
        };
        Ok(self.planned.iter().filter_map(write).collect())
    }

    /// `revision` is the one that the record was read with.
    fn put<D: Document>(&mut self, target: &Target, record: &D::Record, revision: u64) -> Result<(), StoreError> {
        let current = self.compare::<D>(target, revision)?;
        let corrupt = |reason| self.connection.place.corrupt(target.record.clone(), reason);
        let fields = document::write::<D>(record, current + 1).map_err(corrupt)?;
        self.plan(Planned {
            name: target.name.clone(),
            fields: Some(fields),
            revision: current + 1,
            shared: D::SHARED,
        });
        Ok(())
    }

    fn delete<D: Document>(&mut self, target: &Target, revision: u64) -> Result<(), StoreError> {
        self.compare::<D>(target, revision)?;
        self.plan(Planned { name: target.name.clone(), fields: None, revision: 0, shared: D::SHARED });
        Ok(())
    }

    /// The document's revision, after the changes before this one, if it is this.
    fn compare<D: Document>(&self, target: &Target, revision: u64) -> Result<i64, StoreError> {
        let planned = self.planned.iter().find(|planned| planned.name == target.name);
        let current = match (planned, self.found.get(&target.name)) {
            (Some(planned), _) => planned.revision,
            (None, Some(found)) if document::is_ours(&found.fields) => {
                let corrupt = |reason| self.connection.place.corrupt(target.record.clone(), reason);
                document::from_fields::<D>(found.fields.clone()).map_err(corrupt)?.revision()
            }
            _ => 0,
        };
        if i64::try_from(revision) == Ok(current) { Ok(current) } else { Err(conflict(target)) }
    }

    fn plan(&mut self, planned: Planned) {
        self.planned.retain(|earlier| earlier.name != planned.name);
        self.planned.push(planned);
    }
}

/// The user's own documents go; the days' totals name nobody and stay.
async fn forget_spending(connection: &Connection, user: &UserId) -> Result<Vec<Write>, StoreError> {
    let mut writes = Vec::new();
    for shape in [&SPENDING_OF_USER, &MONTHS_OF_USER] {
        let of_user = Asked { values: vec![user.as_str().into()], ..Asked::default() };
        for document in shape.run(connection, of_user).await? {
            writes.push(Write { operation: Some(Operation::Delete(document.name)), ..Write::default() });
        }
    }
    Ok(writes)
}

fn conflict(target: &Target) -> StoreError {
    StoreError::Conflict { record: target.record.clone() }
}

/// Writes these fields and leaves others of the document alone, if the document is still as it was found.
pub(super) fn write(name: &str, fields: Fields, found: Option<&FirestoreDocument>) -> Write {
    let condition = match found {
        None => ConditionType::Exists(false),
        Some(document) => ConditionType::UpdateTime(document.update_time.unwrap_or_default()),
    };
    Write {
        update_mask: Some(DocumentMask { field_paths: fields.keys().cloned().collect() }),
        current_document: Some(Precondition { condition_type: Some(condition) }),
        operation: Some(Operation::Update(FirestoreDocument {
            name: name.to_owned(),
            fields,
            ..FirestoreDocument::default()
        })),
        ..Write::default()
    }
}

/// Takes our fields out of the document, and the document away if there are no others in it.
fn delete(found: &FirestoreDocument, shared: Option<&[&str]>) -> Write {
    let ours = |field: &&String| shared.is_none_or(|fields| fields.contains(&field.as_str()));
    let (ours, others): (Vec<_>, Vec<_>) = found.fields.keys().partition(ours);
    let condition = ConditionType::UpdateTime(found.update_time.unwrap_or_default());
    let current_document = Some(Precondition { condition_type: Some(condition) });
    if others.is_empty() {
        return Write { current_document, operation: Some(Operation::Delete(found.name.clone())), ..Write::default() };
    }
    let without = FirestoreDocument { name: found.name.clone(), ..FirestoreDocument::default() };
    Write {
        update_mask: Some(DocumentMask { field_paths: ours.into_iter().cloned().collect() }),
        current_document,
        operation: Some(Operation::Update(without)),
        ..Write::default()
    }
}

/// Whether the document is as this write makes it, its revision included.
fn is_written(write: &Write, found: &HashMap<String, FirestoreDocument>) -> bool {
    let wanted = match &write.operation {
        Some(Operation::Update(wanted)) => wanted,
        Some(Operation::Delete(name)) => return !found.contains_key(name),
        _ => return false,
    };
    let Some(document) = found.get(&wanted.name) else { return false };
    let mask = write.update_mask.as_ref().map_or(&[][..], |mask| &mask.field_paths);
    mask.iter().all(|field| document.fields.get(field) == wanted.fields.get(field))
}
