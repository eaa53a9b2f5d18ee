//! Documents: each collection has one struct whose fields are its fields, and reading and writing follow from it.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;

use firestore::errors::FirestoreError;
use firestore::gcloud_sdk::google::firestore::v1::value::ValueType;
use firestore::gcloud_sdk::google::firestore::v1::{MapValue, Value};
use firestore::{FirestoreDb, FirestoreDocument, FirestoreValue};
use firestore::{serialize_as_null, serialize_as_null_timestamp};
use idiolect_registry::{Dispatch, Failure, FailureCode, Usd};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(super) type Fields = HashMap<String, Value>;

/// A record as its document. Every field of a document is always written, absent ones as null, so that the fields of one are
/// the fields of all.
///
/// Enums are plain strings, and free maps have string values: Firestore's serializer writes some other shapes that it
/// cannot read again.
pub(super) trait Document: Serialize + DeserializeOwned + Send {
    type Record: Send;

    /// Our fields, where the document may hold others too, by the app around us; `None` where all fields are ours.
    const SHARED: Option<&'static [&'static str]> = None;

    /// Or the field that Firestore cannot hold, and why.
    fn from_record(record: &Self::Record) -> Result<Self, String>;

    /// Or the field that this program cannot understand, and what stands there.
    fn into_record(self, id: &str) -> Result<Self::Record, String>;

    /// Gives it this revision; nothing is changed after that.
    fn seal(&mut self, revision: i64);

    /// The revision that it has: the one written in it, or one more if somebody else's code has changed it since.
    fn revision(&self) -> i64;
}

/// A document with a lease.
pub(super) trait Leased: Document {
    fn dispatch_mut(&mut self) -> &mut DispatchDocument;
}

/// The document's fields with this revision.
pub(super) fn write<D: Document>(record: &D::Record, revision: i64) -> Result<Fields, String> {
    let mut document = D::from_record(record)?;
    document.seal(revision);
    to_fields(&document)
}

pub(super) fn to_fields<D: Document>(document: &D) -> Result<Fields, String> {
    FirestoreDb::serialize_to_doc("", document).map(|document| document.fields).map_err(|error| said(&error))
}

/// The document, or what is wrong with which field.
pub(super) fn from_fields<D: DeserializeOwned>(fields: Fields) -> Result<D, String> {
    let value = FirestoreValue::from(Value { value_type: Some(ValueType::MapValue(MapValue { fields })) });
    serde_path_to_error::deserialize(value).map_err(|error| match error.path().to_string() {
        // Missing fields of the document itself are named by the message alone.
        path if path == "." => said(error.inner()),
        path => format!("{path}: {}", said(error.inner())),
    })
}

/// Whether this store has written the document. A user's document may have been made by the app around us, and then it says
/// nothing to us yet.
pub(super) fn is_ours(fields: &Fields) -> bool {
    fields.contains_key("revision")
}

/// The last part of a document's full name.
pub(super) fn id(document: &FirestoreDocument) -> &str {
    document.name.rsplit('/').next().unwrap_or_default()
}

/// The message alone: the error's own display adds its code and an empty document path.
fn said(error: &FirestoreError) -> String {
    match error {
        FirestoreError::DeserializeError(e) | FirestoreError::SerializeError(e) => e.message.clone(),
        other => other.to_string(),
    }
}

/// Firestore counts in signed integers, and would turn more than they hold into a negative number.
pub(super) fn count(field: &str, count: u64) -> Result<i64, String> {
    i64::try_from(count).map_err(|_| format!("{field} is {count}, more than Firestore's integers hold"))
}

pub(super) fn uncount(field: &str, count: i64) -> Result<u64, String> {
    u64::try_from(count).map_err(|_| format!("{field} is {count}, which is less than nothing"))
}

/// Firestore cuts what is finer than a microsecond.
pub(super) fn time(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

/// Finds the enum's member that is spelt like this.
pub(super) fn word<T: Copy>(field: &str, text: &str, all: &[T], spelling: fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().copied().find(|member| spelling(*member) == text);
    found.ok_or_else(|| format!("{field} is {text:?}, which this program does not know"))
}

pub(super) fn parsed<T: std::str::FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|e| format!("{field} is {text:?}: {e}"))
}

/// Free maps keep their order when they are shown.
pub(super) type Words = BTreeMap<String, String>;

/// Why something did not come about.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FailureDocument {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default, with = "serialize_as_null")]
    request_id: Option<String>,
}

impl From<&Failure> for FailureDocument {
    fn from(failure: &Failure) -> Self {
        Self {
            code: failure.code.as_str().to_owned(),
            message: failure.message.clone(),
            request_id: failure.request_id.clone(),
        }
    }
}

impl FailureDocument {
    pub(super) fn into_failure(self, field: &str) -> Result<Failure, String> {
        let code = word(&format!("{field}.code"), &self.code, &FailureCode::ALL, FailureCode::as_str)?;
        Ok(Failure { code, message: self.message, request_id: self.request_id })
    }
}

/// When the record is due and whose it is; a part of the run in a version's document, a map of its own in a user's.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DispatchDocument {
    #[serde(default, with = "serialize_as_null_timestamp")]
    next_at: Option<Timestamp>,
    shard: u32,
    #[serde(default, with = "serialize_as_null")]
    lease_owner: Option<String>,
    #[serde(default, with = "serialize_as_null_timestamp")]
    lease_until: Option<Timestamp>,
    attempt: u32,
}

impl DispatchDocument {
    /// Moves the lease's end, and with it when the record is due, if it is this owner's.
    pub(super) fn prolong(&mut self, owner: &str, until: Timestamp) -> bool {
        if self.lease_owner.as_deref() != Some(owner) {
            return false;
        }
        self.lease_until = Some(until);
        self.next_at = Some(until);
        true
    }
}

impl From<&Dispatch> for DispatchDocument {
    fn from(dispatch: &Dispatch) -> Self {
        Self {
            next_at: dispatch.next_at.map(time),
            shard: dispatch.shard,
            lease_owner: dispatch.lease_owner.clone(),
            lease_until: dispatch.lease_until.map(time),
            attempt: dispatch.attempt,
        }
    }
}

impl From<DispatchDocument> for Dispatch {
    fn from(document: DispatchDocument) -> Self {
        let DispatchDocument { next_at, shard, lease_owner, lease_until, attempt } = document;
        Self { next_at, shard, lease_owner, lease_until, attempt }
    }
}

/// A number of dollars, as people expect it in the document. A float tells millionths apart up to some four thousand million.
pub(super) fn dollars(field: &str, amount: Usd) -> Result<f64, String> {
    let dollars = amount.dollars();
    if undollars(field, dollars) == Ok(amount) {
        Ok(dollars)
    } else {
        Err(format!("{field} is {amount}, too much to keep"))
    }
}

pub(super) fn undollars(field: &str, dollars: f64) -> Result<Usd, String> {
    let micros = (dollars * 1e6).round();
    if (0.0..9e15).contains(&micros) {
        Ok(Usd::from_micros(micros as u64))
    } else {
        Err(format!("{field} is {dollars}, which is no amount of money"))
    }
}
