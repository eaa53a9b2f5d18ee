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
use crate::generate::{Finish, NamedLora, Request, Sampling};
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
    ids: Vec<u32>,
}

impl Prompt {
    /// Finds the model and renders the conversation.
    pub(super) fn new(engine: &Engine, model: ModelId, asked: AnswerRequest) -> Result<Self, ProviderError> {
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
            });
        }
        Ok(Self { asked, model, adapter, ids })
    }

    /// Generates and sends pieces until the answer ends or nobody listens any more.
    pub(super) fn answer(self, engine: &Engine, listener: &UnboundedSender<Result<Piece, ProviderError>>) {
        let mut text =
            AnswerText { decoder: StreamDecoder::default(), filter: StopFilter::new(self.asked.stop.clone()) };
        let mut stopped = false;
        let mut on_token = |token| {
            let piece = match text.filter.push(&text.decoder.push(&engine.tokenizer, token)) {
                Filtered::Goes(piece) => piece,
                Filtered::Stops(piece) => {
                    stopped = true;
                    piece
                }
            };
            let heard =
                if piece.is_empty() { !listener.is_closed() } else { listener.send(Ok(Piece::Text(piece))).is_ok() };
            if heard && !stopped { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let id = self.model.as_str();
        let request = Request {
            lora: self.adapter.as_deref().map(|lora| NamedLora { id, lora }),
            prompt: &self.ids,
            max_tokens: usize::try_from(self.asked.max_tokens).unwrap_or(usize::MAX),
            sampling: Sampling {
                temperature: self.asked.temperature as f32,
                top_p: self.asked.top_p as f32,
                // Without a seed answers differ from call to call.
                seed: self.asked.seed.unwrap_or_else(|| Timestamp::now().as_microsecond().cast_unsigned()),
            },
            stop: engine.tokenizer.end_tokens(),
        };
        let generated = match engine.generator().generate(&request, &mut on_token) {
            Ok(generated) => generated,
            Err(error) => {
                let _ = listener.send(Err(error.into()));
                return;
            }
        };
        let finish_reason = if generated.finish == Finish::Length { "length" } else { "stop" };
        if !stopped {
            let rest = text.rest(generated.finish);
            let _ = listener.send(Ok(Piece::Text(rest)));
        }
        let ended = Ended {
            finish_reason,
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
        // Nobody may be listening any more.
        let _ = listener.send(Ok(Piece::End(ended)));
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
