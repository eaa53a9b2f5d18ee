//! OpenAI's objects, made from the port's.

use idiolect_provider::{
    HostedFile, HostedJob, Hyperparameters, JobCheckpoint, JobEvent, JobFailure, JobId, ModelInfo,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// There are no organisations here, and clients want one.
const ORGANIZATION: &str = "org-local";

pub(crate) fn file(file: &HostedFile) -> Value {
    json!({
        "id": file.id, "object": "file", "bytes": file.size_bytes, "created_at": file.created_at.as_second(),
        "expires_at": file.expires_at.map(Timestamp::as_second), "filename": file.name, "purpose": "fine-tune",
        "status": "processed", "status_details": null,
    })
}

pub(crate) fn job(hosted: &HostedJob) -> Value {
    let job = &hosted.job;
    let hyperparameters = hyperparameters(&hosted.hyperparameters);
    json!({
        "id": job.id, "object": "fine_tuning.job", "model": job.base_model, "status": job.status,
        "created_at": job.created_at.as_second(), "finished_at": job.finished_at.map(Timestamp::as_second),
        "estimated_finish": job.estimated_finish.map(Timestamp::as_second),
        "training_file": job.training_file, "validation_file": null, "result_files": [],
        "fine_tuned_model": job.fine_tuned_model, "trained_tokens": job.trained_tokens,
        "hyperparameters": hyperparameters,
        "method": {"type": "supervised", "supervised": {"hyperparameters": hyperparameters}},
        "seed": hosted.seed, "user_provided_suffix": hosted.suffix, "metadata": job.metadata, "integrations": [],
        "organization_id": ORGANIZATION, "error": job.failure.as_ref().map(failure),
    })
}

fn hyperparameters(asked: &Hyperparameters) -> Value {
    let auto = || Value::from("auto");
    json!({
        "n_epochs": asked.n_epochs.map_or_else(auto, Value::from),
        "batch_size": asked.batch_size.map_or_else(auto, Value::from),
        "learning_rate_multiplier": asked.learning_rate_multiplier.map_or_else(auto, Value::from),
    })
}

fn failure(failure: &JobFailure) -> Value {
    let is_about_the_file = failure.code.contains("training_file") || failure.code == "invalid_n_examples";
    json!({
        "code": failure.code, "message": failure.message, "param": is_about_the_file.then_some("training_file"),
    })
}

pub(crate) fn event(event: &JobEvent) -> Value {
    json!({
        "id": event.id, "object": "fine_tuning.job.event", "created_at": event.created_at.as_second(),
        "level": event.level, "message": event.message, "type": event.kind, "data": event.data,
    })
}

pub(crate) fn checkpoint(job: &JobId, checkpoint: &JobCheckpoint) -> Value {
    let short = job.as_str().rsplit('-').next().unwrap_or_default();
    json!({
        "id": format!("ftckpt-{short}-{}", checkpoint.step), "object": "fine_tuning.job.checkpoint",
        "created_at": checkpoint.created_at.as_second(), "fine_tuning_job_id": job,
        "fine_tuned_model_checkpoint": checkpoint.model, "step_number": checkpoint.step,
        "metrics": {"step": checkpoint.step, "train_loss": checkpoint.train_loss},
    })
}

pub(crate) fn model(model: &ModelInfo) -> Value {
    // When the base model was made is not known here.
    let created = model.created_at.map_or(0, Timestamp::as_second);
    let owner = if model.id.as_str().starts_with("ft:") { ORGANIZATION } else { "idiolect" };
    json!({"id": model.id, "object": "model", "created": created, "owned_by": owner})
}

pub(crate) fn deleted(object: &str, id: &str) -> Value {
    json!({"id": id, "object": object, "deleted": true})
}
