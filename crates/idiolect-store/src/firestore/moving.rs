//! Every document out, and every document in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use firestore::FirestoreDocument;
use firestore::gcloud_sdk::google::firestore::v1::Write;
use firestore::gcloud_sdk::tonic::Code;
use idiolect_registry::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::connection::is_transient;
use super::document::{self, Document, Fields};
use super::query::{self, Asked, Shape};
use super::spending::{DayDocument, MonthDocument, PARTS, PartOfRun, RunDocument, part_of};
use super::{ErasureDocument, FirestoreStore, TRIES, UserDocument, VersionDocument, commit, pause};
use crate::moving::{Kind, Movable, Put, Record, SpendDay, SpendRun, SpendUserMonth};

/// How many records a request holds. A day's spending has 64 documents.
const BATCH: usize = 25;

/// Google asks that writes to new collections begin at no more than 500 a second.
const LEAST_TIME_OF_A_BATCH: Duration = Duration::from_millis(50);

#[async_trait]
impl Movable for FirestoreStore {
    /// Itself: queries at a past time (`read_time`) are to be had for an hour only, or for a week where the project has
    /// point-in-time recovery, and a large installation takes longer to read than the one and need not have the other.
    async fn at_one_moment(self: Arc<Self>) -> Result<Arc<dyn Movable>, StoreError> {
        Ok(self)
    }

    async fn page(&self, kind: Kind, after: Option<&str>, limit: usize) -> Result<Vec<(String, Record)>, StoreError> {
        match kind {
            Kind::User => self.documents(&query::USERS, after, limit, |store, found| store.moved_user(found)).await,
            Kind::Version => {
                let record = |store: &Self, found| {
                    store.record_of::<VersionDocument>("version", found).map(|v| Some(Record::Version(Box::new(v))))
                };
                self.documents(&query::EVERY_VERSION, after, limit, record).await
            }
            Kind::Erasure => {
                let record = |store: &Self, found| {
                    store.record_of::<ErasureDocument>("erasure", found).map(|e| Some(Record::Erasure(e)))
                };
                self.documents(&query::EVERY_ERASURE, after, limit, record).await
            }
            Kind::SpendRun => {
                let record = |store: &Self, found| store.spend(found, |run: RunDocument| Record::SpendRun(run.into()));
                self.documents(&query::EVERY_SPEND_RUN, after, limit, record).await
            }
            Kind::SpendUserMonth => {
                let record = |store: &Self, found| {
                    store.spend(found, |month: MonthDocument| {
                        let MonthDocument { user_id, month, amount_micros } = month;
                        Record::SpendUserMonth(SpendUserMonth { user_id, month, micros: amount_micros })
                    })
                };
                self.documents(&query::EVERY_SPEND_USER_MONTH, after, limit, record).await
            }
            // One page: a day's parts must not be torn, and there are no more than some hundred days a year.
            Kind::SpendDay if after.is_some() => Ok(Vec::new()),
            Kind::SpendDay => self.days().await,
        }
    }

    async fn put(&self, records: Vec<Record>) -> Result<Vec<Put>, StoreError> {
        let mut answers = Vec::with_capacity(records.len());
        for batch in records.chunks(BATCH) {
            let began = Instant::now();
            answers.extend(self.put_batch(batch).await?);
            tokio::time::sleep(LEAST_TIME_OF_A_BATCH.saturating_sub(began.elapsed())).await;
        }
        Ok(answers)
    }
}

impl FirestoreStore {
    async fn documents(
        &self,
        shape: &Shape,
        after: Option<&str>,
        limit: usize,
        record: impl Fn(&Self, FirestoreDocument) -> Result<Option<Record>, StoreError>,
    ) -> Result<Vec<(String, Record)>, StoreError> {
        let mut after = after.map(str::to_owned);
        loop {
            let asked = Asked { limit: Some(limit), after: after.as_deref(), ..Asked::default() };
            let found = shape.run(&self.connection, asked).await?;
            let Some(last) = found.last() else { return Ok(Vec::new()) };
            after = Some(document::id(last).to_owned());
            let mut records = Vec::new();
            for document in found {
                let position = document::id(&document).to_owned();
                records.extend(record(self, document)?.map(|record| (position, record)));
            }
            // A page of the app's own documents alone is not the last one.
            if !records.is_empty() {
                return Ok(records);
            }
        }
    }

    /// Without taking over what other code has changed: an export changes nothing.
    fn moved_user(&self, found: FirestoreDocument) -> Result<Option<Record>, StoreError> {
        if !document::is_ours(&found.fields) {
            return Ok(None);
        }
        let id = document::id(&found).to_owned();
        let user = document::from_fields::<UserDocument>(found.fields).and_then(|mut user| {
            user.seal(user.revision());
            user.into_record(&id)
        });
        let user = user.map_err(|reason| self.connection.place.corrupt(format!("user {id}"), reason))?;
        Ok(Some(Record::User(Box::new(user))))
    }

    fn spend<D: DeserializeOwned>(
        &self,
        found: FirestoreDocument,
        record: impl Fn(D) -> Record,
    ) -> Result<Option<Record>, StoreError> {
        let id = document::id(&found).to_owned();
        let read = document::from_fields(found.fields);
        let read = read.map_err(|reason| self.connection.place.corrupt(format!("spending {id}"), reason))?;
        Ok(Some(record(read)))
    }

    async fn days(&self) -> Result<Vec<(String, Record)>, StoreError> {
        let mut totals: BTreeMap<String, i64> = BTreeMap::new();
        let mut after = None;
        loop {
            let asked = Asked { limit: Some(1000), after: after.as_deref(), ..Asked::default() };
            let found = query::EVERY_SPEND_DAY.run(&self.connection, asked).await?;
            let Some(last) = found.last() else { break };
            after = Some(document::id(last).to_owned());
            for found in found {
                let id = document::id(&found).to_owned();
                let part: DayDocument = document::from_fields(found.fields)
                    .map_err(|reason| self.connection.place.corrupt(format!("spending {id}"), reason))?;
                *totals.entry(part.day).or_default() += part.amount_micros;
            }
        }
        let day = |(day, micros): (String, i64)| (day.clone(), Record::SpendDay(SpendDay { day, micros }));
        Ok(totals.into_iter().map(day).collect())
    }

    async fn put_batch(&self, records: &[Record]) -> Result<Vec<Put>, StoreError> {
        let mut names: Vec<Vec<String>> = Vec::new();
        for record in records {
            names.push(self.names_of(record).await?);
        }
        let all: Vec<String> = names.iter().flatten().cloned().collect();
        for tried in 0..TRIES {
            let found = self.connection.get(&all).await?;
            let mut answers = Vec::new();
            let mut writes: Vec<Write> = Vec::new();
            for (record, names) in records.iter().zip(&names) {
                let there: Vec<&FirestoreDocument> = names.iter().filter_map(|name| found.get(name)).collect();
                let answer = match self.standing(record, &there)? {
                    Some(there) => record.against(&there),
                    None => Put::Written,
                };
                if answer == Put::Written {
                    let fields =
                        fields_of(record).map_err(|reason| self.connection.place.corrupt(record.name(), reason))?;
                    writes.extend(names.iter().zip(fields).map(|(name, f)| commit::write(name, f, found.get(name))));
                }
                answers.push(answer);
            }
            if writes.is_empty() {
                return Ok(answers);
            }
            match self.connection.commit(writes).await? {
                Ok(()) => return Ok(answers),
                // Whatever was written is found to be the same.
                Err(status)
                    if is_transient(&status)
                        || matches!(status.code(), Code::FailedPrecondition | Code::AlreadyExists) =>
                {
                    pause(tried).await;
                }
                Err(status) => return Err(self.connection.place.refused(&status)),
            }
        }
        Err(StoreError::Conflict { record: records.first().map(Record::name).unwrap_or_default() })
    }

    /// The documents that hold the record: one, or a day's parts.
    async fn names_of(&self, record: &Record) -> Result<Vec<String>, StoreError> {
        let collections = &self.collections;
        let (collection, ids) = match record {
            Record::User(user) => (&collections.users, vec![user.user_id.to_string()]),
            Record::Version(version) => (&collections.llm_models, vec![version.id.to_string()]),
            Record::Erasure(erasure) => (&collections.erasures, vec![erasure.id.clone()]),
            Record::SpendRun(run) => (&collections.spend_runs, vec![format!("{}:{}", run.user_id, run.version)]),
            Record::SpendUserMonth(month) => {
                (&collections.spend_user_months, vec![format!("{}:{}", month.user_id, month.month)])
            }
            Record::SpendDay(day) => {
                (&collections.spend_days, (0..PARTS).map(|part| format!("{}:{part}", day.day)).collect())
            }
        };
        let mut names = Vec::new();
        for id in ids {
            names.push(self.connection.name(collection, &id).await?);
        }
        Ok(names)
    }

    /// The record that these documents hold.
    fn standing(&self, record: &Record, there: &[&FirestoreDocument]) -> Result<Option<Record>, StoreError> {
        let Some(first) = there.first().map(|found| (*found).clone()) else { return Ok(None) };
        match record {
            Record::User(_) => self.moved_user(first),
            Record::Version(_) => {
                self.record_of::<VersionDocument>("version", first).map(|v| Some(Record::Version(Box::new(v))))
            }
            Record::Erasure(_) => self.record_of::<ErasureDocument>("erasure", first).map(|e| Some(Record::Erasure(e))),
            Record::SpendRun(_) => self.spend(first, |run: RunDocument| Record::SpendRun(run.into())),
            Record::SpendUserMonth(_) => self.spend(first, |month: MonthDocument| {
                let MonthDocument { user_id, month, amount_micros } = month;
                Record::SpendUserMonth(SpendUserMonth { user_id, month, micros: amount_micros })
            }),
            Record::SpendDay(day) => {
                let mut micros = 0;
                for found in there {
                    let part: Result<DayDocument, _> = document::from_fields(found.fields.clone());
                    let part = part.map_err(|reason| self.connection.place.corrupt(record.name(), reason))?;
                    micros += part.amount_micros;
                }
                Ok(Some(Record::SpendDay(SpendDay { day: day.day.clone(), micros })))
            }
        }
    }
}

impl From<RunDocument> for SpendRun {
    fn from(run: RunDocument) -> Self {
        let RunDocument { user_id, version, day, month, amount_micros, settled, .. } = run;
        Self { user_id, version, day, month, micros: amount_micros, settled }
    }
}

/// The fields of the documents that hold the record, in the order of their names.
fn fields_of(record: &Record) -> Result<Vec<Fields>, String> {
    let kept = |revision: u64| document::count("revision", revision);
    Ok(match record {
        Record::User(user) => vec![document::write::<UserDocument>(user, kept(user.revision)?)?],
        Record::Version(version) => vec![document::write::<VersionDocument>(version, kept(version.revision)?)?],
        Record::Erasure(erasure) => vec![document::write::<ErasureDocument>(erasure, kept(erasure.revision)?)?],
        Record::SpendRun(run) => {
            let user = run.user_id.parse().map_err(|e| format!("user_id is {:?}: {e}", run.user_id))?;
            vec![plain(&RunDocument {
                user_id: run.user_id.clone(),
                version: run.version,
                day: run.day.clone(),
                month: run.month.clone(),
                amount_micros: run.micros,
                settled: run.settled,
                parts: vec![PartOfRun { part: part_of(&user), amount_micros: run.micros }],
            })?]
        }
        Record::SpendUserMonth(month) => vec![plain(&MonthDocument {
            user_id: month.user_id.clone(),
            month: month.month.clone(),
            amount_micros: month.micros,
        })?],
        // Evenly, as the limit is shared out.
        Record::SpendDay(day) => (0..PARTS)
            .map(|part| {
                let parts = i64::from(PARTS);
                let rest = i64::from(i64::from(part) < day.micros.rem_euclid(parts));
                let amount_micros = day.micros.div_euclid(parts) + rest;
                plain(&DayDocument { day: day.day.clone(), part, amount_micros })
            })
            .collect::<Result<_, _>>()?,
    })
}

fn plain(document: &impl Serialize) -> Result<Fields, String> {
    firestore::FirestoreDb::serialize_to_doc("", document).map(|document| document.fields).map_err(|e| e.to_string())
}
