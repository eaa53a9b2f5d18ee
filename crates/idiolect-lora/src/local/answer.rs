//! Generating one answer: from a checked request to pieces of text, cut at stop sequences.

use std::ops::ControlFlow;
use std::sync::Arc;

use idiolect_provider::{ModelId, ProviderError};
use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;

use super::engine::Engine;
use super::request::AnswerRequest;
use super::stop::{Filtered, StopFilter};
use crate::error::Result;
use crate::generate::{Finish, Request, Sampling};
use crate::lora::Lora;
use crate::tokenizer::StreamDecoder;

/// What an answer is made of.
pub(super) enum Piece {
    Text(String),
    End(Ended),
}

/// How an answer ended and what it took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    /// OpenAI's word: `stop` or `length`.
    pub finish_reason: &'static str,
    pub prompt_tokens: usize,
    pub completion_tokens: usize,
    /// Prompt tokens that were still there from an earlier answer.
    pub kept_prompt_tokens: usize,
}

/// A request with everything found that answering it takes.
pub(super) struct Prompt {
    pub asked: AnswerRequest,
    model: ModelId,
    adapter: Option<Arc<Lora>>,
    /// See [`Request`].
    kept_for: Option<String>,
    ids: Vec<u32>,
}

impl Prompt {
    /// Finds the model and renders the conversation of `person`, if it is known whose it is.
    pub(super) fn new(
        engine: &Engine,
        model: ModelId,
        person: Option<&str>,
        asked: AnswerRequest,
    ) -> Result<Self, ProviderError> {
        let adapter = engine.adapter(&model)?;
        let ids = engine.template.render_prompt(&engine.tokenizer, &asked.messages)?;
        let longest = engine.model.config().context - 1;
        if ids.len() > longest {
            return Err(ProviderError::InvalidRequest {
                message: format!(
                    "the conversation has {} tokens and this model takes at most {longest}; send fewer or shorter messages",
                    ids.len()
                ),
                param: Some("messages".to_owned()),
                code: Some("context_length_exceeded".to_owned()),
                answer: None,
            });
        }
        // An adapter is one person's, the base model everybody's.
        let kept_for = match (&adapter, person) {
            (Some(_), _) => Some(model.to_string()),
            (None, Some(person)) => Some(format!("{model} {person}")),
            (None, None) => None,
        };
        Ok(Self { asked, model, adapter, kept_for, ids })
    }

    /// Generates and sends pieces until the answer ends or nobody listens any more.
    pub(super) fn answer(&self, engine: &Engine, listener: &UnboundedSender<Result<Piece, ProviderError>>) {
        let mut hear = |text: String| {
            let is_heard =
                if text.is_empty() { !listener.is_closed() } else { listener.send(Ok(Piece::Text(text))).is_ok() };
            if is_heard { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let end = self.generate(engine, &mut hear, &|| !listener.is_closed());
        // Nobody may be listening any more.
        let _ = listener.send(end.map(Piece::End).map_err(Into::into));
    }

    /// Hands the answer's text on as it grows. `hear` may be given nothing, and may end the answer.
    fn generate(
        &self,
        engine: &Engine,
        hear: &mut dyn FnMut(String) -> ControlFlow<()>,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Ended> {
        let mut text =
            AnswerText { decoder: StreamDecoder::default(), filter: StopFilter::new(self.asked.stop.clone()) };
        let mut stopped = false;
        let mut on_token = |token| match text.filter.push(&text.decoder.push(&engine.tokenizer, token)) {
            Filtered::Goes(piece) => hear(piece),
            Filtered::Stops(piece) => {
                stopped = true;
                let _ = hear(piece);
                ControlFlow::Break(())
            }
        };
        let generated = engine.generator().generate(&self.request(engine, is_wanted), &mut on_token)?;
        if generated.finish != Finish::Cancelled {
            let _ = hear(text.rest(generated.finish));
        }
        let ended = Ended {
            finish_reason: if generated.finish == Finish::Length { "length" } else { "stop" },
            prompt_tokens: self.ids.len(),
            completion_tokens: generated.tokens.len(),
            kept_prompt_tokens: generated.kept_prompt_tokens,
        };
        tracing::info!(
            model = %self.model,
            prompt_tokens = ended.prompt_tokens,
            kept_prompt_tokens = ended.kept_prompt_tokens,
            completion_tokens = ended.completion_tokens,
            cancelled = generated.finish == Finish::Cancelled && !stopped,
            "answered"
        );
        Ok(ended)
    }

    fn request<'a>(&'a self, engine: &'a Engine, is_wanted: &'a dyn Fn() -> bool) -> Request<'a> {
        Request {
            lora: self.adapter.as_deref(),
            kept_for: self.kept_for.as_deref(),
            prompt: &self.ids,
            max_tokens: usize::try_from(self.asked.max_tokens).unwrap_or(usize::MAX),
            sampling: Sampling {
                temperature: self.asked.temperature as f32,
                top_p: self.asked.top_p as f32,
                // Without a seed answers differ from call to call.
                seed: self.asked.seed.unwrap_or_else(|| Timestamp::now().as_microsecond().cast_unsigned()),
            },
            stop: engine.tokenizer.end_tokens(),
            is_wanted,
        }
    }
}

/// An answer's text as it grows.
struct AnswerText {
    decoder: StreamDecoder,
    filter: StopFilter,
}

impl AnswerText {
    /// What was held back. A character that the token limit cut apart is left out.
    fn rest(&mut self, finish: Finish) -> String {
        let tail = if finish == Finish::Length { String::new() } else { self.decoder.finish() };
        match self.filter.push(&tail) {
            Filtered::Goes(text) => text + &self.filter.finish(),
            Filtered::Stops(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use idiolect_provider::ChatMessage;
    use idiolect_testkit::write_tiny_model;
    use serde_json::json;

    use super::super::LocalSettings;
    use super::*;
    use crate::kernels::Precision;

    fn engine(directory: &std::path::Path) -> Engine {
        let path = directory.join("tiny.gguf");
        write_tiny_model(&path, 1).unwrap();
        let settings = LocalSettings {
            data_dir: directory.to_owned(),
            base_model: "tiny".to_owned(),
            base_model_path: path,
            precision: Precision::F32,
            threads: 1,
        };
        Engine::load(&settings).unwrap()
    }

    fn prompt(engine: &Engine, max_tokens: u64) -> Prompt {
        let messages = json!([ChatMessage::new("user", "say something")]);
        let fields = json!({"messages": messages, "seed": 3, "temperature": 1, "max_tokens": max_tokens});
        let asked = AnswerRequest::parse(fields.as_object().unwrap()).unwrap();
        Prompt::new(engine, ModelId::new("tiny"), Some("ana"), asked).unwrap()
    }

    #[test]
    fn a_listener_that_leaves_ends_the_generation() {
        let directory = tempfile::tempdir().unwrap();
        let engine = engine(directory.path());
        let mut heard = 0;
        let mut hear = |_| {
            heard += 1;
            if heard == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let ended = prompt(&engine, 400).generate(&engine, &mut hear, &|| true).unwrap();
        assert_eq!((ended.completion_tokens, heard), (5, 5));
    }

    #[test]
    fn a_closed_channel_ends_the_generation() {
        let directory = tempfile::tempdir().unwrap();
        let engine = engine(directory.path());
        let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
        drop(receiver);
        // Would compute its prompt and four hundred tokens otherwise; that it did not is seen by nothing being kept.
        prompt(&engine, 400).answer(&engine, &sender);
        let again = prompt(&engine, 1).generate(&engine, &mut |_| ControlFlow::Continue(()), &|| true).unwrap();
        assert_eq!(again.kept_prompt_tokens, 0);
    }

    #[test]
    fn the_limit_counts_tokens() {
        let directory = tempfile::tempdir().unwrap();
        let engine = engine(directory.path());
        let ended = prompt(&engine, 7).generate(&engine, &mut |_| ControlFlow::Continue(()), &|| true).unwrap();
        assert!(ended.completion_tokens <= 7);
        assert_eq!(ended.finish_reason == "length", ended.completion_tokens == 7);
    }
}
