//! `/v0/models`: models made of a job's checkpoint, as Nebius has it. Nothing is unique but what the server gives out, so that
//! registering twice makes two.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::serve::{Answered, Refused};
use super::{Shared, State};

/// From the registration to its end, good or bad.
const VALIDATING: SignedDuration = SignedDuration::from_secs(90);
const FIELDS: [&str; 3] = ["name", "base_model", "source"];

pub(super) struct Registered {
    name: String,
    base_model: String,
    source: String,
    created_at: Timestamp,
    becomes: String,
}

impl Registered {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn object(&self, state: &State, now: Timestamp) -> Value {
        let status = match now.duration_since(self.created_at) {
            _ if state.retired.contains(&self.name) => "deleted",
            age if age < VALIDATING => "validating",
            _ => &self.becomes,
        };
        json!({
            "name": self.name, "base_model": self.base_model, "source": self.source, "status": status,
            "type": "text2text", "created_at": self.created_at.as_second(), "validation_errors": null,
        })
    }
}

pub(super) fn register(shared: &Shared, body: &Value) -> Answered {
    let now = shared.now();
    let mut state = shared.state();
    let fields = body.as_object().ok_or_else(|| Refused::invalid(None, "the body is no object"))?;
    if let Some(other) = fields.keys().find(|field| !FIELDS.contains(&field.as_str())) {
        return Err(Refused::invalid(Some(other), "extra fields not permitted"));
    }
    let [name, base_model, source] = FIELDS.map(|field| body[field].as_str().unwrap_or_default());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !(1..=64).contains(&name.len()) || !name.chars().all(plain) {
        return Err(Refused::invalid(Some("name"), "1 to 64 of a-z, 0-9 and -"));
    }
    if !state.models.contains_key(base_model) || base_model.contains(':') {
        return Err(Refused::invalid(Some("base_model"), "no such base model"));
    }
    let (job, checkpoint) =
        source.split_once(':').ok_or_else(|| Refused::invalid(Some("source"), "must be JOB:CHECKPOINT"))?;
    let found = state.jobs.iter().find(|made| made.is(job));
    let found = found.filter(|made| made.checkpoint_names(now).contains(&checkpoint));
    let becomes = found.map(|made| made.registers_as().to_owned());
    let becomes = becomes.ok_or_else(|| Refused::new(404, Some("source"), None, "no such job or checkpoint"))?;
    let n = state.registered.len();
    let model = Registered {
        name: format!("{base_model}-LoRa:{name}-{n:04}"),
        base_model: base_model.to_owned(),
        source: source.to_owned(),
        created_at: now,
        becomes,
    };
    let object = model.object(&state, now);
    state.registered.push(model);
    Ok(object)
}

/// Deleted ones are listed as such.
pub(super) fn list(shared: &Shared) -> Answered {
    let (state, now) = (shared.state(), shared.now());
    let data: Vec<Value> = state.registered.iter().map(|model| model.object(&state, now)).collect();
    Ok(json!(data))
}

impl State {
    pub(super) fn is_registered(&self, id: &str) -> bool {
        self.registered.iter().any(|model| model.name == id)
    }

    /// Those that are active answer chats.
    pub(super) fn bring_in_registered(&mut self, now: Timestamp) {
        let is_active = |model: &&Registered| {
            model.becomes == "active"
                && now.duration_since(model.created_at) >= VALIDATING
                && !self.retired.contains(&model.name)
        };
        let active: Vec<String> = self.registered.iter().filter(is_active).map(|model| model.name.clone()).collect();
        for name in active {
            self.models.entry(name).or_default();
        }
    }
}
