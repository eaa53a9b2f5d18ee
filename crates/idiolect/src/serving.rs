//! What `serve` and `chat` share: the words around a conversation, taken from the version that answers.

use std::sync::Arc;

use anyhow::Result;
use idiolect_dataset::Strategy;
use idiolect_dataset::prompt::{serving_user_prompt, system_prompt};
use idiolect_gateway::PromptStyle;
use idiolect_registry::{User, VersionId};

use crate::context::Context;

/// The light prompt of the base model when the client brings none.
const FALLBACK_SYSTEM_PROMPT: &str = "You are a helpful assistant. Answer briefly.";

/// The prompts that the user's active version was trained with; those of the settings while there is none.
pub async fn prompt_style(app: &Context, user: &User) -> Result<PromptStyle> {
    let active = VersionId { user_id: user.user_id.clone(), version: user.active_model_version };
    let strategy = match app.store()?.version(&active).await? {
        Some(version) => Strategy::from_version(&version.config.system_prompt_version)?,
        None => app.strategy(None)?,
    };
    Ok(PromptStyle {
        system_prompt: system_prompt(strategy).to_owned(),
        wrap: Arc::new(move |content| serving_user_prompt(strategy, content)),
        fallback_system_prompt: FALLBACK_SYSTEM_PROMPT.to_owned(),
    })
}
