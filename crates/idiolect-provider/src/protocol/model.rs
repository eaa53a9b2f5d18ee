//! Models: as they are listed, and as a host that registers adapters answers.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::{text, time};
use crate::{ModelId, ModelInfo};

pub(crate) struct WireModel {
    id: String,
    created: Option<Timestamp>,
    shutdown_date: Option<Date>,
}

impl WireModel {
    pub(crate) fn parse(object: &Value) -> Option<Self> {
        // Absent, null and unreadable are the same: not known.
        let shutdown_date = text(object, "shutdown_date").and_then(|date| date.parse().ok());
        Some(Self { id: text(object, "id")?, created: time(object, "created"), shutdown_date })
    }

    pub(crate) fn into_info(self) -> ModelInfo {
        ModelInfo { id: ModelId::new(self.id), created_at: self.created, shutdown_date: self.shutdown_date }
    }
}

/// A model registered from a job's checkpoint.
pub(crate) struct RegisteredModel {
    /// The id to chat with; the host builds it from the name that was asked for.
    pub(crate) name: String,
    pub(crate) status: String,
    /// `JOB:CHECKPOINT`, where the host says it.
    pub(crate) source: Option<String>,
}

impl RegisteredModel {
    pub(crate) fn parse(object: &Value) -> Option<Self> {
        let status = text(object, "status").unwrap_or_default();
        let name = text(object, "name").or_else(|| text(object, "id"))?;
        Some(Self { name, status, source: text(object, "source") })
    }

    /// Of a list that may be bare or wrapped.
    pub(crate) fn list(body: &Value) -> Vec<Self> {
        let items = body.as_array().or_else(|| body.get("data")?.as_array()).or_else(|| body.get("models")?.as_array());
        items.into_iter().flatten().filter_map(Self::parse).collect()
    }
}
