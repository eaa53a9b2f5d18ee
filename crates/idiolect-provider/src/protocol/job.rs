//! The fine-tuning job object.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{ErrorObject, count, text, time};
use crate::{FileId, FineTuningJob, JobFailure, JobId, JobProgress, JobStatus, ModelId, Profile, quotable};

pub(crate) struct WireJob {
    id: String,
    status: String,
    model: Option<String>,
    training_file: Option<String>,
    fine_tuned_model: Option<String>,
    created_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
    estimated_finish: Option<Timestamp>,
    trained_tokens: Option<u64>,
    steps: Option<(u64, u64)>,
    error: ErrorObject,
    metadata: BTreeMap<String, String>,
}

impl WireJob {
    pub(crate) fn parse(object: &Value) -> Option<Self> {
        let steps = count(object, "trained_steps").zip(count(object, "total_steps"));
        Some(Self {
            id: text(object, "id")?,
            status: text(object, "status").unwrap_or_default(),
            model: text(object, "model"),
            training_file: text(object, "training_file"),
            fine_tuned_model: text(object, "fine_tuned_model"),
            created_at: time(object, "created_at"),
            finished_at: time(object, "finished_at"),
            estimated_finish: time(object, "estimated_finish"),
            trained_tokens: count(object, "trained_tokens"),
            steps: steps.filter(|(_, total)| *total > 0),
            error: object.get("error").map(ErrorObject::parse).unwrap_or_default(),
            metadata: labels(object),
        })
    }

    pub(crate) fn into_job(self, profile: &Profile) -> FineTuningJob {
        let status = profile.status(&self.status);
        let failed = status == JobStatus::Failed || (self.error.says_something() && status.is_terminal());
        let failure = failed.then(|| JobFailure {
            code: crate::answer::name(&self.error.code).unwrap_or_else(|| "job_failed".to_owned()),
            message: quotable(&self.error.message).unwrap_or_else(|| "the provider gives no reason".to_owned()),
        });
        FineTuningJob {
            id: JobId::new(self.id),
            status,
            training_file: FileId::new(self.training_file.unwrap_or_default()),
            base_model: ModelId::new(self.model.unwrap_or_default()),
            fine_tuned_model: self.fine_tuned_model.map(ModelId::new),
            created_at: self.created_at.unwrap_or(Timestamp::UNIX_EPOCH),
            finished_at: self.finished_at,
            estimated_finish: self.estimated_finish,
            trained_tokens: self.trained_tokens,
            progress: self.steps.map(|(step, total_steps)| JobProgress {
                step,
                total_steps,
                train_loss: None,
                rows: 0,
            }),
            failure,
            metadata: self.metadata,
        }
    }
}

/// `metadata: {key: value}`, or `tags: ["key=value"]`.
fn labels(object: &Value) -> BTreeMap<String, String> {
    let metadata = object.get("metadata").and_then(Value::as_object).into_iter().flatten();
    let metadata = metadata.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    let tags = object.get("tags").and_then(Value::as_array).into_iter().flatten();
    let tags = tags.filter_map(|tag| tag.as_str()?.split_once('=')).map(|(key, value)| (key.into(), value.into()));
    metadata.chain(tags).collect()
}
