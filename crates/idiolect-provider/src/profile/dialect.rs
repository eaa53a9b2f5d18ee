//! The differences between hosts that are choices among a few.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where training happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In this process: nothing leaves the machine.
    InProcess,
    /// Over HTTP: the training file leaves the process, which needs the consent purpose `train_hosted`.
    #[default]
    Hosted,
}

/// How the key is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// `Authorization: Bearer …`
    #[default]
    Bearer,
    /// `api-key: …`
    ApiKey,
    None,
}

/// How hyperparameters are spelled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "style", rename_all = "snake_case", deny_unknown_fields)]
pub enum HyperparameterDialect {
    /// OpenAI's: `method.supervised.hyperparameters` with `learning_rate_multiplier`.
    #[default]
    Multiplier,
    /// An absolute `learning_rate` and LoRA's own numbers. A multiplier that is asked for multiplies `learning_rate`.
    AbsoluteLora { learning_rate: f64, lora_r: u32, lora_alpha: u32, lora_dropout: f64 },
}

/// How a job is marked with the run that it belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Labels {
    /// `metadata: {key: value}`, which the list of jobs can be filtered by.
    #[default]
    Metadata,
    /// `tags: ["key=value"]`, not filtered by the host.
    Tags,
    /// Not at all: a job is found again by its training file.
    None,
}

/// What has to happen between a job's success and the first chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterSuccess {
    /// Nothing: the job names a model that answers.
    #[default]
    None,
    /// The checkpoint is registered as a model with one more call.
    Register,
    /// The adapter is downloaded and served elsewhere.
    DownloadAdapter,
}

/// What a model's chat endpoint wants otherwise than OpenAI's chat models do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatDialect {
    /// Fields that have another name there. One that stands under both names keeps the one under the new name.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// Fields that the model refuses.
    #[serde(default)]
    pub drop: Vec<String>,
}

impl ChatDialect {
    /// The fields as this model takes them.
    pub fn apply(&self, mut fields: Map<String, Value>) -> Map<String, Value> {
        for (from, to) in &self.rename {
            if let Some(value) = fields.remove(from) {
                fields.entry(to.clone()).or_insert(value);
            }
        }
        fields.retain(|field, _| !self.drop.contains(field));
        fields
    }
}
