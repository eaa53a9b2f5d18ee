//! What a model costs. Prices are settings: vendors change them, and the training column of some was never published.

use serde::{Deserialize, Serialize};

use super::Profile;
use crate::{ModelId, Usage};

/// US dollars per million tokens; of a fine-tuned model, what its answers cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<f64>,
}

const MILLION: f64 = 1e6;

impl Price {
    /// Of training on so many tokens, all epochs together. `None`: the price is not known.
    pub fn training_usd(&self, trained_tokens: u64) -> Option<f64> {
        Some(self.training? * trained_tokens as f64 / MILLION)
    }

    /// Of one answer. `None`: a price is not known.
    pub fn answer_usd(&self, usage: Usage) -> Option<f64> {
        let (input, output) = (self.input?, self.output?);
        Some((input * usage.prompt_tokens as f64 + output * usage.completion_tokens as f64) / MILLION)
    }
}

impl Profile {
    /// The price of training on a base model: 0 in this process, `None` when nobody has written it down.
    pub fn training_usd(&self, base_model: &ModelId, trained_tokens: u64) -> Option<f64> {
        if !self.is_hosted() {
            return Some(0.0);
        }
        self.model(base_model)?.price?.training_usd(trained_tokens)
    }
}
