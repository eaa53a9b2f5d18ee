//! Table `erasures`: requests to erase a user, and the receipts that remain.

use idiolect_registry::{ErasedItem, ErasedKind, Erasure};
use serde::{Deserialize, Serialize};

use super::row::{json, parsed, table, time, time_to_text, word};
use super::user_row::FailureJson;

table! {
    /// One erasure. `items` is a JSON list of objects, `trouble` a JSON object.
    "erasures" key("id") ErasureRow => Erasure {
        id: String,
        user_id: Option<String>,
        requested_at: String,
        completed_at: Option<String>,
        items: String,
        trouble: Option<String>,
        revision: i64,
    }
}

#[derive(Serialize, Deserialize)]
struct Item {
    kind: String,
    version: Option<u32>,
    at: String,
    answer: String,
}

impl From<&Erasure> for ErasureRow {
    fn from(erasure: &Erasure) -> Self {
        let items = erasure.items.iter().map(|item| {
            serde_json::json!(Item {
                kind: item.kind.as_str().to_owned(),
                version: item.version,
                at: time_to_text(item.at),
                answer: item.answer.clone(),
            })
        });
        Self {
            id: erasure.id.clone(),
            user_id: erasure.user_id.as_ref().map(ToString::to_string),
            requested_at: time_to_text(erasure.requested_at),
            completed_at: erasure.completed_at.map(time_to_text),
            items: serde_json::Value::Array(items.collect()).to_string(),
            trouble: erasure.trouble.as_ref().map(|failure| serde_json::json!(FailureJson::from(failure)).to_string()),
            revision: erasure.revision.cast_signed(),
        }
    }
}

impl TryFrom<ErasureRow> for Erasure {
    type Error = String;

    fn try_from(row: ErasureRow) -> Result<Self, String> {
        let items: Vec<Item> = json("items", &row.items)?;
        let item = |item: Item| {
            Ok(ErasedItem {
                kind: word("items.kind", &item.kind, &ErasedKind::ALL, ErasedKind::as_str)?,
                version: item.version,
                at: time("items.at", &item.at)?,
                answer: item.answer,
            })
        };
        Ok(Self {
            id: row.id,
            user_id: row.user_id.map(|id| parsed("user_id", &id)).transpose()?,
            requested_at: time("requested_at", &row.requested_at)?,
            completed_at: row.completed_at.map(|text| time("completed_at", &text)).transpose()?,
            items: items.into_iter().map(item).collect::<Result<_, String>>()?,
            trouble: match &row.trouble {
                Some(text) => Some(json::<FailureJson>("trouble", text)?.into_failure("trouble")?),
                None => None,
            },
            revision: row.revision.cast_unsigned(),
        })
    }
}
