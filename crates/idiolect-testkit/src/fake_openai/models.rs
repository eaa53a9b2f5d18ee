//! `/v1/models`.

use serde_json::{Value, json};

use super::serve::{Answered, Asked, Refused};
use super::{Shared, State};

pub(super) fn list(shared: &Shared) -> Answered {
    let mut state = shared.state();
    state.bring_in_models(shared.now());
    let data: Vec<Value> = state.models.iter().map(|(id, date)| object(id, date.as_deref())).collect();
    Ok(json!({"object": "list", "data": data}))
}

pub(super) fn get(shared: &Shared, asked: &Asked) -> Answered {
    let mut state = shared.state();
    state.bring_in_models(shared.now());
    state.answering(&asked.id)?;
    Ok(object(&asked.id, state.models[&asked.id].as_deref()))
}

pub(super) fn delete(shared: &Shared, asked: &Asked) -> Answered {
    let mut state = shared.state();
    state.bring_in_models(shared.now());
    if !asked.id.starts_with("ft:") && !state.is_registered(&asked.id) {
        return Err(Refused::new(403, None, None, "You may not delete a base model"));
    }
    if state.models.remove(&asked.id).is_none() {
        return Err(not_found(&asked.id));
    }
    state.retired.insert(asked.id.clone());
    Ok(json!({"id": asked.id, "object": "model", "deleted": true}))
}

fn object(id: &str, shutdown_date: Option<&str>) -> Value {
    json!({"id": id, "object": "model", "created": 1_700_000_000, "owned_by": "system", "shutdown_date": shutdown_date})
}

fn not_found(id: &str) -> Refused {
    let message = format!("The model `{id}` does not exist or you do not have access to it.");
    Refused::new(404, None, Some("model_not_found"), message)
}

impl State {
    /// Models of jobs that have succeeded, unless they were deleted: the job goes on naming them.
    pub(super) fn bring_in_models(&mut self, now: jiff::Timestamp) {
        let made: Vec<String> = self.jobs.iter().flat_map(|job| job.models(now)).collect();
        for model in made {
            if !self.retired.contains(&model) {
                self.models.entry(model).or_default();
            }
        }
        self.bring_in_registered(now);
    }

    /// A model that is there and has not been retired.
    pub(super) fn answering(&self, id: &str) -> Result<(), Refused> {
        if self.models.contains_key(id) && !self.retired.contains(id) { Ok(()) } else { Err(not_found(id)) }
    }
}
