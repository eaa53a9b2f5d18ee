//! Provider profiles: everything that differs between hosts of the one protocol, as data.

mod book;
mod dialect;
mod open;
mod price;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use book::{ProfileBook, ProfileError};
pub use dialect::{AfterSuccess, Auth, ChatDialect, HyperparameterDialect, Labels, Place};
pub(crate) use open::Instead;
pub use open::{Open, TrainingClosed};
pub use price::Price;

use crate::{JobStatus, ModelId};

/// One host. Built in from `profiles/*.toml`, changed and added to by the settings' `[profiles.NAME]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The table's name; not written in it.
    #[serde(skip)]
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// Whether training files leave this machine.
    #[serde(default)]
    pub place: Place,
    /// Up to and with `/v1`. `https`, or `http` to this machine.
    #[serde(default)]
    pub base_url: Option<String>,
    #[serde(default)]
    pub auth: Auth,
    /// The environment variable that holds the key.
    #[serde(default)]
    pub key_env: Option<String>,
    /// Further headers, and the environment variables that hold their values; one that is not set is not sent.
    #[serde(default)]
    pub header_env: BTreeMap<String, String>,
    /// Trained on when nothing else is asked for.
    #[serde(default)]
    pub default_base_model: Option<String>,
    /// Answers chats when no fine-tuned model can; [`default_base_model`](Self::default_base_model) when absent.
    #[serde(default)]
    pub fallback_model: Option<String>,
    #[serde(default)]
    pub hyperparameters: HyperparameterDialect,
    #[serde(default)]
    pub labels: Labels,
    /// Fields that every new job carries as they are.
    #[serde(default)]
    pub job_fields: BTreeMap<String, Value>,
    /// How long a suffix may be; 0 sends none.
    #[serde(default = "default_suffix_max_chars")]
    pub suffix_max_chars: usize,
    #[serde(default = "default_max_file_bytes")]
    pub max_file_bytes: u64,
    /// Most tokens of one job, all epochs together.
    #[serde(default)]
    pub max_training_tokens: Option<u64>,
    /// Whether training files begin with a byte order mark.
    #[serde(default)]
    pub bom: bool,
    /// Whether an upload may carry its expiry.
    #[serde(default = "yes")]
    pub file_expiry: bool,
    /// The host's own status words, each with the one of ours that it means.
    #[serde(default)]
    pub statuses: BTreeMap<String, JobStatus>,
    /// Most jobs, queued and running, at a time.
    #[serde(default)]
    pub max_concurrent_jobs: Option<u32>,
    #[serde(default)]
    pub after_success: AfterSuccess,
    /// Whether `/chat/completions` answers with the fine-tuned model once the job and the step after it are done.
    #[serde(default = "yes")]
    pub serves_fine_tuned: bool,
    /// From this day on (UTC) the host takes no new jobs.
    #[serde(default)]
    pub training_open_until: Option<Date>,
    /// Profiles to name when training here is refused.
    #[serde(default)]
    pub alternatives: Vec<String>,
    /// Base models by id. One that is not here may still be trained on, without price or date.
    #[serde(default)]
    pub models: BTreeMap<String, BaseModel>,
}

/// What is known of a base model at one host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseModel {
    #[serde(default = "yes")]
    pub trainable: bool,
    /// From this day on (UTC) neither it nor what was trained on it answers.
    #[serde(default)]
    pub shutdown_date: Option<Date>,
    /// The longest training example, tokens; a longer one would be cut off, so that a file which has one is refused.
    /// Where it is absent, what is known of the model by its name.
    #[serde(default)]
    pub training_context_tokens: Option<u32>,
    #[serde(default)]
    pub price: Option<Price>,
    #[serde(default)]
    pub chat: ChatDialect,
}

impl Profile {
    pub fn is_hosted(&self) -> bool {
        self.place == Place::Hosted
    }

    /// The base of a fine-tuned model's id (`ft:{base}:…`); any other id is its own base.
    pub fn base_of(model: &ModelId) -> &str {
        let id = model.as_str();
        match id.strip_prefix("ft:") {
            Some(rest) => rest.split(':').next().unwrap_or(rest),
            None => id,
        }
    }

    /// What is known about a model or, if it is a fine-tuned one, about its base. The longest key wins that is the id or
    /// its beginning up to a `-`, so that a snapshot's date may be left out on either side.
    pub fn model(&self, model: &ModelId) -> Option<&BaseModel> {
        let base = Self::base_of(model);
        let same = |key: &str| {
            let (short, long) = if key.len() < base.len() { (key, base) } else { (base, key) };
            long == short || long.strip_prefix(short).is_some_and(is_snapshot_date)
        };
        let found = self.models.iter().filter(|(key, _)| same(key));
        found.max_by_key(|(key, _)| key.len()).map(|(_, model)| model)
    }

    /// From this day on the model does not answer, as far as the profile knows.
    pub fn shutdown_date(&self, model: &ModelId) -> Option<Date> {
        self.model(model)?.shutdown_date
    }

    /// What answers when no fine-tuned model can.
    pub fn fallback_model(&self) -> Option<ModelId> {
        self.fallback_model.as_ref().or(self.default_base_model.as_ref()).map(ModelId::new)
    }

    /// The host's status word as one of ours.
    pub fn status(&self, word: &str) -> JobStatus {
        self.statuses.get(word).cloned().unwrap_or_else(|| JobStatus::parse(word))
    }
}

/// `-2025-04-14`.
fn is_snapshot_date(rest: &str) -> bool {
    rest.strip_prefix('-').is_some_and(|date| date.parse::<Date>().is_ok())
}

fn yes() -> bool {
    true
}

/// Fits OpenAI's 64 and Azure's 40.
fn default_suffix_max_chars() -> usize {
    40
}

/// OpenAI's 512 MB.
fn default_max_file_bytes() -> u64 {
    512_000_000
}

#[cfg(test)]
mod tests;
