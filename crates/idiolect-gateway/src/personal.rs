//! Who answers for a fine-tuned model, and in which words it is asked. Both are its version's, and another version may be served
//! with any chat: one that has just been trained, activated or rolled back to.

use std::sync::Arc;

use async_trait::async_trait;
use idiolect_provider::{ChatProvider, ModelId, ProviderError};
use idiolect_registry::VersionId;
use secrecy::SecretString;

use crate::prompt::PromptStyle;

/// How a version is asked.
#[derive(Clone)]
pub struct Answering {
    pub chat: Arc<dyn ChatProvider>,
    /// The words that it was trained with.
    pub prompts: PromptStyle,
    /// The key under which its host is told of the user; `None` for a model on this machine.
    pub safety_key: Option<SecretString>,
}

/// The fine-tuned models that users may be served.
#[async_trait]
pub trait PersonalModels: Send + Sync {
    /// Asked with each chat. `model_id` is what the version's model is called at its provider.
    async fn answering(&self, version: &VersionId, model_id: &ModelId) -> Result<Answering, ProviderError>;
}
