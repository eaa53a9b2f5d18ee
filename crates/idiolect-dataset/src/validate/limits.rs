//! What a base model takes, as far as it is known.

use crate::caps::MAX_FILE_BYTES;

use super::MIN_EXAMPLES;

/// The bounds on a training file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub min_examples: u64,
    pub max_bytes: u64,
    /// Tokens of one example, its frame included; `None` where the base model's limit is not known.
    pub max_example_tokens: Option<u64>,
}

/// Tokens of o200k for which a model of another vocabulary may need so many each: Chinese takes SmolLM2 three and four.
const OF_ANOTHER_VOCABULARY: u64 = 4;

/// The training context by base model, longest prefix first: OpenAI's as Azure's table of fine-tuning models gives them
/// (OpenAI's own pages no longer do), SmolLM2's from its model card.
const CONTEXTS: [(&str, u64); 6] = [
    ("gpt-4.1-nano", 32_768),
    ("gpt-4.1", 65_536),
    ("gpt-4o", 65_536),
    ("gpt-3.5-turbo", 16_385),
    ("smollm2", 8_192),
    ("SmolLM2", 8_192),
];

impl Limits {
    /// Those of `base_model`; a model that is not known has no limit on the length of an example.
    pub fn of(base_model: &str) -> Self {
        let context = CONTEXTS.iter().find(|(prefix, _)| base_model.starts_with(prefix));
        Self { max_example_tokens: context.map(|(_, tokens)| *tokens), ..Self::default() }
    }

    /// The longest example to build for `base_model`, whose limits these are, in o200k tokens; 0 is no limit.
    pub fn longest_to_build(self, base_model: &str) -> u64 {
        let longest = self.max_example_tokens.unwrap_or(0);
        if base_model.starts_with("gpt-") { longest } else { longest / OF_ANOTHER_VOCABULARY }
    }

    /// What the host of the base model says of it is stronger than what is known here.
    pub fn or_as_the_host_says(self, max_example_tokens: Option<u64>) -> Self {
        Self { max_example_tokens: max_example_tokens.or(self.max_example_tokens), ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { min_examples: MIN_EXAMPLES, max_bytes: MAX_FILE_BYTES, max_example_tokens: None }
    }
}
