//! One short completion that shows whether a model answers: before a user is switched to it, and when one is suspected.

use crate::{ChatMessage, ChatProvider, ChatRequest, ModelId, ProviderError, Usage};

/// Reasoning models think before they answer, and what they think counts.
const MAX_TOKENS: u64 = 16;

/// A model that answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What the probe cost, if the provider says it.
    pub usage: Option<Usage>,
}

/// Asks the model for a few tokens and forgets what they say. A model that a provider lists may still not answer
/// ([`ProviderError::NotFound`]), as after its base has been shut down, or with a key of another project.
pub async fn probe(chat: &dyn ChatProvider, model: &ModelId) -> Result<Probe, ProviderError> {
    let request = ChatRequest::new(model.clone(), &[ChatMessage::new("user", "Say hello.")]);
    let answer = chat.complete(request.with("max_tokens", MAX_TOKENS)).await?;
    Ok(Probe { usage: answer.usage() })
}
