//! The local provider as a `ChatProvider`: each answer is generated on a blocking thread and sent piece by piece; whoever
//! stops listening stops the generation.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::StreamExt;
use idiolect_provider::{ChatChunk, ChatCompletion, ChatProvider, ChatRequest, ChatStream, ModelId, ProviderError};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::answer::{Ended, Piece, Prompt};
use super::request::AnswerRequest;
use super::{LocalProvider, ids};

#[async_trait]
impl ChatProvider for LocalProvider {
    async fn complete(&self, request: ChatRequest) -> Result<ChatCompletion, ProviderError> {
        let Answer { head, mut pieces, .. } = self.answer(request).await?;
        let mut content = String::new();
        while let Some(piece) = pieces.recv().await {
            match piece? {
                Piece::Text(text) => content.push_str(&text),
                Piece::End(end) => return Ok(head.completion(&content, end)),
            }
        }
        Err(broken_off())
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ProviderError> {
        let Answer { head, pieces, include_usage } = self.answer(request).await?;
        let first = head.chunk(json!({"role": "assistant", "content": ""}), Value::Null);
        let rest = UnboundedReceiverStream::new(pieces).flat_map(move |piece| {
            let chunks = match piece {
                Ok(Piece::Text(text)) => vec![Ok(head.chunk(json!({"content": text}), Value::Null))],
                Ok(Piece::End(end)) => head.last_chunks(end, include_usage).into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            };
            futures_util::stream::iter(chunks)
        });
        Ok(futures_util::stream::iter([Ok(first)]).chain(rest).boxed())
    }
}

/// An answer that is being generated.
struct Answer {
    head: Head,
    pieces: UnboundedReceiver<Result<Piece, ProviderError>>,
    include_usage: bool,
}

impl LocalProvider {
    /// Checks the request, waits for a free core, and starts generating.
    async fn answer(&self, request: ChatRequest) -> Result<Answer, ProviderError> {
        let model = request.model.clone();
        let prompt = self
            .blocking(move |shared| {
                let asked = AnswerRequest::parse(&request.fields)?;
                Prompt::new(&shared.engine, request.model, request.person.as_deref(), asked)
            })
            .await?;
        let include_usage = prompt.asked.include_usage;
        let permit = Arc::clone(&self.shared.generations).acquire_owned().await;
        let (sender, pieces) = unbounded_channel();
        let engine = self.shared.engine.clone();
        tokio::task::spawn_blocking(move || {
            let _one_core = permit;
            prompt.answer(&engine, &sender);
        });
        Ok(Answer { head: Head::new(model), pieces, include_usage })
    }
}

/// What is the same in all chunks of an answer.
struct Head {
    id: String,
    created: i64,
    model: ModelId,
}

impl Head {
    fn new(model: ModelId) -> Self {
        Self { id: ids::fresh("chatcmpl"), created: Timestamp::now().as_second(), model }
    }

    fn completion(&self, content: &str, end: Ended) -> ChatCompletion {
        ChatCompletion(json!({
            "id": self.id, "object": "chat.completion", "created": self.created, "model": self.model.as_str(),
            "choices": [{
                "index": 0,
                "message": {"role": "assistant", "content": content, "refusal": null},
                "logprobs": null,
                "finish_reason": end.finish_reason,
            }],
            "usage": usage(end),
        }))
    }

    fn chunk(&self, delta: Value, finish_reason: Value) -> ChatChunk {
        let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason});
        ChatChunk(self.object(Value::Array(vec![choice])))
    }

    /// The chunk with the finish reason; the usage is in it or, as with OpenAI, in one of its own if it was asked for.
    fn last_chunks(&self, end: Ended, own_usage_chunk: bool) -> Vec<ChatChunk> {
        let mut last = self.chunk(Value::Object(Map::new()), end.finish_reason.into());
        if !own_usage_chunk {
            last.0["usage"] = usage(end);
            return vec![last];
        }
        let mut counts = self.object(Value::Array(Vec::new()));
        counts["usage"] = usage(end);
        vec![last, ChatChunk(counts)]
    }

    fn object(&self, choices: Value) -> Value {
        json!({
            "id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": self.model.as_str(),
            "choices": choices,
        })
    }
}

fn usage(end: Ended) -> Value {
    json!({
        "prompt_tokens": end.prompt_tokens,
        "completion_tokens": end.completion_tokens,
        "total_tokens": end.prompt_tokens + end.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": end.kept_prompt_tokens},
    })
}

fn broken_off() -> ProviderError {
    ProviderError::Internal { message: "the answer broke off; ask again".to_owned() }
}
