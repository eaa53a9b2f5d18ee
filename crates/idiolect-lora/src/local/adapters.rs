//! Fine-tuned models as directories: what belongs together, and deleting them.

use std::fs;
use std::io::ErrorKind;

use idiolect_provider::{Deleted, ModelId};

use super::directory::{Directory, cannot_write};
use crate::durable::beside;
use crate::error::Result;

/// Between a model's id and the step of a checkpoint.
const CHECKPOINT: &str = ":ckpt-step-";

/// The id of a model as it was after this step.
pub(super) fn checkpoint_id(model: &ModelId, step: u64) -> ModelId {
    ModelId::new(format!("{model}{CHECKPOINT}{step}"))
}

/// The model and what it was on its way.
pub(super) fn with_checkpoints(directory: &Directory, model: &ModelId) -> Result<Vec<ModelId>> {
    let prefix = format!("{model}{CHECKPOINT}");
    let ids = directory.list_adapters()?.into_iter().map(|(id, _)| id).filter(|id| id.as_str().starts_with(&prefix));
    Ok(ids.chain([model.clone()]).collect())
}

pub(super) fn exists(directory: &Directory, model: &ModelId) -> bool {
    directory.adapter(model).is_some_and(|place| place.is_dir())
}

/// Deletes the model, and what a process that died in writing it left beside it; one that is gone already is a success.
pub(super) fn delete(directory: &Directory, model: &ModelId) -> Result<Deleted> {
    let Some(place) = directory.adapter(model) else { return Ok(Deleted::AlreadyGone) };
    let mut found = Deleted::AlreadyGone;
    for place in [beside(&place, "new"), beside(&place, "old"), place] {
        match fs::remove_dir_all(&place) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(cannot_write(&place, error)),
            Err(_) => {}
            Ok(()) => found = Deleted::Now,
        }
    }
    Ok(found)
}
