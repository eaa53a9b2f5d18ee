//! `erasures/{id}`: requests to erase a user, and the receipts that remain.

use firestore::{serialize_as_null, serialize_as_null_timestamp, serialize_as_timestamp};
use idiolect_registry::{ErasedItem, ErasedKind, Erasure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::document::{Document, FailureDocument, parsed, time, uncount, word};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErasureDocument {
    #[serde(default, with = "serialize_as_null")]
    user_id: Option<String>,
    #[serde(with = "serialize_as_timestamp")]
    requested_at: Timestamp,
    #[serde(default, with = "serialize_as_null_timestamp")]
    completed_at: Option<Timestamp>,
    items: Vec<ItemDocument>,
    #[serde(default, with = "serialize_as_null")]
    trouble: Option<FailureDocument>,
    revision: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemDocument {
    kind: String,
    #[serde(default, with = "serialize_as_null")]
    version: Option<u32>,
    #[serde(with = "serialize_as_timestamp")]
    at: Timestamp,
    answer: String,
}

impl Document for ErasureDocument {
    type Record = Erasure;

    fn from_record(erasure: &Erasure) -> Result<Self, String> {
        Ok(Self::from(erasure))
    }

    fn into_record(self, id: &str) -> Result<Erasure, String> {
        let item = |item: ItemDocument| {
            Ok(ErasedItem {
                kind: word("items.kind", &item.kind, &ErasedKind::ALL, ErasedKind::as_str)?,
                version: item.version,
                at: item.at,
                answer: item.answer,
            })
        };
        Ok(Erasure {
            id: id.to_owned(),
            user_id: self.user_id.map(|id| parsed("userId", &id)).transpose()?,
            requested_at: self.requested_at,
            completed_at: self.completed_at,
            items: self.items.into_iter().map(item).collect::<Result<_, String>>()?,
            trouble: self.trouble.map(|trouble| trouble.into_failure("trouble")).transpose()?,
            revision: uncount("revision", self.revision)?,
        })
    }

    fn seal(&mut self, revision: i64) {
        self.revision = revision;
    }

    fn revision(&self) -> i64 {
        self.revision
    }
}

impl From<&Erasure> for ErasureDocument {
    fn from(erasure: &Erasure) -> Self {
        let item = |item: &ErasedItem| ItemDocument {
            kind: item.kind.as_str().to_owned(),
            version: item.version,
            at: time(item.at),
            answer: item.answer.clone(),
        };
        Self {
            user_id: erasure.user_id.as_ref().map(ToString::to_string),
            requested_at: time(erasure.requested_at),
            completed_at: erasure.completed_at.map(time),
            items: erasure.items.iter().map(item).collect(),
            trouble: erasure.trouble.as_ref().map(FailureDocument::from),
            revision: 0,
        }
    }
}
