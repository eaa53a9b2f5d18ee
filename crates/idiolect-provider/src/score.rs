//! Scoring text with a model in this process, which is how the holdout is measured without ever being uploaded.

use async_trait::async_trait;

use crate::{ChatMessage, ModelId, ProviderError};

/// A provider that can say how likely a model finds a given answer. Hosted ones cannot, without an upload.
#[async_trait]
pub trait Scorer: Send + Sync {
    /// Scores the last message (the assistant's) of each conversation given the ones before it.
    async fn score(&self, model: &ModelId, conversations: Vec<Vec<ChatMessage>>) -> Result<Score, ProviderError>;
}

/// Likelihood of all answers together, assistant tokens and their end mark only.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Sum of −ln p over the scored tokens.
    pub nats: f64,
    pub tokens: u64,
    /// Unicode characters of the scored answers.
    pub chars: u64,
}

impl Score {
    /// Bits per character: comparable between models with different tokenisers. `None` without characters.
    pub fn bits_per_char(&self) -> Option<f64> {
        (self.chars > 0).then(|| self.nats / std::f64::consts::LN_2 / self.chars as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bit_a_character_is_ln_2_nats() {
        let score = Score { nats: 10.0 * std::f64::consts::LN_2, tokens: 4, chars: 10 };
        assert_eq!(score.bits_per_char(), Some(1.0));
        assert_eq!(Score::default().bits_per_char(), None);
    }
}
