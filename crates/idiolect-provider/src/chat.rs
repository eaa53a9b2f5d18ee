//! Chat completions: requests and answers in OpenAI's JSON, whose unknown fields pass through untouched.

use std::fmt;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{ModelId, ProviderError};

/// Answers chat completions.
#[async_trait]
pub trait ChatProvider: Send + Sync {
    /// One whole answer.
    async fn complete(&self, request: ChatRequest) -> Result<ChatCompletion, ProviderError>;

    /// The answer as `chat.completion.chunk` objects in order, without the closing `[DONE]`. Dropping the stream stops the
    /// generation. An `Err` before the first item still lets the caller try another model; after it, the answer is broken.
    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ProviderError>;
}

/// Chunks of one answer.
pub type ChatStream = BoxStream<'static, Result<ChatChunk, ProviderError>>;

/// The body of `POST /v1/chat/completions` with the model decided by us.
#[derive(Clone)]
pub struct ChatRequest {
    pub model: ModelId,
    /// All fields of the client's body but `model` and `stream`.
    pub fields: Map<String, Value>,
    /// Whose conversation it is, where that is known. It is not sent: what a provider in this process keeps of one person's words is
    /// found by nobody else.
    pub person: Option<String>,
}

/// One message of a conversation, for requests that we make ourselves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    pub role: String,
    pub content: String,
}

/// A `chat.completion` object.
#[derive(Clone)]
pub struct ChatCompletion(pub Value);

/// A `chat.completion.chunk` object.
#[derive(Clone)]
pub struct ChatChunk(pub Value);

/// Tokens of one answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
}

impl ChatRequest {
    /// A request with these messages and every other field left to the provider.
    pub fn new(model: ModelId, messages: &[ChatMessage]) -> Self {
        let messages = messages.iter().map(|m| serde_json::json!({"role": m.role, "content": m.content})).collect();
        let mut fields = Map::new();
        fields.insert("messages".into(), Value::Array(messages));
        Self { model, fields, person: None }
    }

    /// Sets one more field, such as `max_tokens`.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.into(), value.into());
        self
    }
}

impl ChatMessage {
    pub fn new(role: &str, content: impl Into<String>) -> Self {
        Self { role: role.into(), content: content.into() }
    }
}

impl ChatCompletion {
    /// The first choice's text.
    pub fn content(&self) -> Option<&str> {
        self.0.pointer("/choices/0/message/content")?.as_str()
    }

    pub fn usage(&self) -> Option<Usage> {
        usage(&self.0)
    }
}

impl ChatChunk {
    /// The text that this chunk adds to the first choice.
    pub fn content(&self) -> Option<&str> {
        self.0.pointer("/choices/0/delta/content")?.as_str()
    }

    /// Present on the last chunk.
    pub fn usage(&self) -> Option<Usage> {
        usage(&self.0)
    }
}

fn usage(object: &Value) -> Option<Usage> {
    let usage = object.get("usage")?;
    Some(Usage {
        prompt_tokens: usage.get("prompt_tokens")?.as_u64()?,
        completion_tokens: usage.get("completion_tokens")?.as_u64()?,
    })
}

impl fmt::Debug for ChatRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.keys().collect();
        f.debug_struct("ChatRequest").field("model", &self.model).field("fields", &names).finish()
    }
}

impl fmt::Debug for ChatMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatMessage")
            .field("role", &self.role)
            .field("content_chars", &self.content.chars().count())
            .finish()
    }
}

impl fmt::Debug for ChatCompletion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatCompletion").field("usage", &self.usage()).finish_non_exhaustive()
    }
}

impl fmt::Debug for ChatChunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatChunk").field("usage", &self.usage()).finish_non_exhaustive()
    }
}
