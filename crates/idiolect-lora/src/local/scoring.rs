//! The local provider as a `Scorer`.

use async_trait::async_trait;
use idiolect_provider::{ChatMessage, ModelId, ProviderError, Score, Scorer};

use super::request::invalid;
use super::{LocalProvider, Shared};
use crate::packing::Example;

#[async_trait]
impl Scorer for LocalProvider {
    async fn score(&self, model: &ModelId, conversations: Vec<Vec<ChatMessage>>) -> Result<Score, ProviderError> {
        let model = model.clone();
        self.blocking(move |shared| shared.score(&model, &conversations)).await
    }
}

impl Shared {
    fn score(&self, model: &ModelId, conversations: &[Vec<ChatMessage>]) -> Result<Score, ProviderError> {
        let engine = &self.engine;
        let adapter = engine.adapter(model)?;
        let mut examples = Vec::with_capacity(conversations.len());
        let mut total = Score::default();
        let mut too_long = 0;
        for (index, conversation) in conversations.iter().enumerate() {
            let answer = conversation.last().filter(|last| last.role == "assistant" && conversation.len() > 1);
            let answer = answer.ok_or_else(|| {
                invalid(
                    "conversations",
                    format!("conversation {index} must end with an assistant's answer to something"),
                )
            })?;
            let mut example = engine.template.render_conversation(&engine.tokenizer, conversation)?;
            // One that the model cannot see whole keeps no other from being measured.
            if example.ids.len() > engine.model.config().context {
                too_long += 1;
                continue;
            }
            keep_last_answer(&mut example);
            total.chars += answer.content.chars().count() as u64;
            examples.push(example);
        }
        for score in crate::score::score(&engine.model, adapter.as_deref(), &examples, engine.threads)? {
            total.nats += score.nats;
            total.tokens += score.targets as u64;
        }
        tracing::info!(model = %model, conversations = examples.len(), too_long, tokens = total.tokens, "scored");
        Ok(total)
    }
}

/// Leaves only the last answer to be scored. Markup lies between two answers, so each is one run of the mask.
fn keep_last_answer(example: &mut Example) {
    let end = example.loss_mask.iter().rposition(|&learned| learned).map_or(0, |last| last + 1);
    let start = example.loss_mask[..end].iter().rposition(|&learned| !learned).map_or(0, |before| before + 1);
    example.loss_mask[..start].fill(false);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_run_of_the_mask_is_kept() {
        let mask = |text: &str| text.chars().map(|c| c == '#').collect::<Vec<_>>();
        for (before, after) in
            [("..##..###.", "......###."), ("..##", "..##"), ("....", "...."), ("", ""), ("##", "##")]
        {
            let mut example = Example { ids: vec![1; before.len()], loss_mask: mask(before) };
            keep_last_answer(&mut example);
            assert_eq!(example.loss_mask, mask(after), "{before}");
        }
    }
}
