//! Chat completions and scores.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt};
use idiolect_provider::{
    ChatChunk, ChatCompletion, ChatMessage, ChatProvider, ChatRequest, ChatStream, ModelId, ProviderError, Score,
    Scorer,
};
use serde_json::{Value, json};

use super::{Answer, FakeProvider, Fault, Method, cut, invalid};

const ID: &str = "chatcmpl-fake";
/// Between two chunks of an endless answer, so that a test that reads it does not spin.
const PACE: Duration = Duration::from_millis(5);

#[async_trait]
impl ChatProvider for FakeProvider {
    async fn complete(&self, request: ChatRequest) -> Result<ChatCompletion, ProviderError> {
        let fault = self.begin(Method::Complete, &request.model).await?;
        let model = request.model.clone();
        let text = match self.answer_to(request)? {
            Answer::Text(text) => text,
            Answer::Endless => std::future::pending().await,
        };
        if fault.is_some() {
            return Err(cut("the connection was cut before the answer came"));
        }
        Ok(ChatCompletion(json!({
            "id": ID, "object": "chat.completion", "created": 1_700_000_000, "model": model.as_str(),
            "choices": [{
                "index": 0, "finish_reason": "stop", "logprobs": null,
                "message": {"role": "assistant", "content": text, "refusal": null},
            }],
            "usage": usage(&text),
            "unknown_to_us": {"passes": "through"},
        })))
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ProviderError> {
        let fault = self.begin(Method::Stream, &request.model).await?;
        let model = request.model.clone();
        let open = OpenStream::new(&self.open_streams);
        let chunks = match self.answer_to(request)? {
            Answer::Text(text) => stream::iter(chunks_of(&model, &text)).boxed(),
            Answer::Endless => endless(model).boxed(),
        };
        let chunks = chunks.map(Ok);
        let broken = || stream::iter([Err(cut("the connection was cut"))]);
        let chunks = match fault {
            None => chunks.boxed(),
            Some(Fault::CutBeforeFirstChunk) => broken().boxed(),
            Some(_) => chunks.take(2).chain(broken()).boxed(),
        };
        Ok(chunks
            .map(move |chunk| {
                let _held = &open;
                chunk
            })
            .boxed())
    }
}

#[async_trait]
impl Scorer for FakeProvider {
    async fn score(&self, model: &ModelId, conversations: Vec<Vec<ChatMessage>>) -> Result<Score, ProviderError> {
        let fault = self.begin(Method::Score, model).await?;
        let state = self.state();
        state.has_model(model)?;
        let bits = state.bits_per_char.get(model).copied().unwrap_or(4.0);
        drop(state);
        let mut chars = 0;
        for conversation in &conversations {
            match conversation.split_last() {
                Some((last, before)) if last.role == "assistant" && !before.is_empty() => {
                    chars += last.content.chars().count() as u64;
                }
                _ => return Err(invalid(None, "a scored conversation ends with an answer to something")),
            }
        }
        match fault {
            Some(_) => Err(cut("the scorer went away")),
            None => Ok(Score { nats: bits * std::f64::consts::LN_2 * chars as f64, tokens: chars.div_ceil(4), chars }),
        }
    }
}

impl FakeProvider {
    /// Checks the request and finds what the model says to it.
    fn answer_to(&self, request: ChatRequest) -> Result<Answer, ProviderError> {
        let mut state = self.state();
        state.has_model(&request.model)?;
        if let Some(ours) = ["model", "stream"].into_iter().find(|field| request.fields.contains_key(*field)) {
            return Err(invalid(Some(ours), "the field is decided by us and not passed in `fields`"));
        }
        let messages = request.fields.get("messages").and_then(Value::as_array);
        let whole = |m: &Value| m.get("role").is_some_and(Value::is_string) && m.get("content").is_some();
        let Some(messages) = messages.filter(|list| !list.is_empty()) else {
            return Err(invalid(Some("messages"), "messages must be a list of messages"));
        };
        if let Some(at) = messages.iter().position(|message| !whole(message)) {
            let place = format!("messages[{at}]");
            return Err(invalid(Some(&place), &format!("{place} must have role and content")));
        }
        let answer = state.answers.get(&request.model).cloned();
        let answer = answer.unwrap_or_else(|| Answer::Text(format!("I am {}", request.model)));
        state.last_chat = Some(request);
        Ok(answer)
    }
}

/// The role, then word by word, then the end with the usage; all with a field that we do not know.
fn chunks_of(model: &ModelId, text: &str) -> Vec<ChatChunk> {
    let mut chunks = vec![chunk(model, json!({"role": "assistant", "content": ""}), None)];
    chunks.extend(text.split_inclusive(' ').map(|word| chunk(model, json!({"content": word}), None)));
    let mut last = chunk(model, json!({}), Some("stop"));
    last.0["usage"] = usage(text);
    chunks.push(last);
    chunks
}

fn endless(model: ModelId) -> impl stream::Stream<Item = ChatChunk> + Send {
    stream::unfold(model, |model| async move {
        tokio::time::sleep(PACE).await;
        Some((chunk(&model, json!({"content": "on and "}), None), model))
    })
}

fn chunk(model: &ModelId, delta: Value, finish_reason: Option<&str>) -> ChatChunk {
    ChatChunk(json!({
        "id": ID, "object": "chat.completion.chunk", "created": 1_700_000_000, "model": model.as_str(),
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
        "unknown_to_us": true,
    }))
}

fn usage(text: &str) -> Value {
    let completion = text.split_whitespace().count() as u64;
    json!({"prompt_tokens": 7, "completion_tokens": completion, "total_tokens": 7 + completion})
}

/// Counts a stream as open for as long as it lives.
struct OpenStream(Arc<AtomicUsize>);

impl OpenStream {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count.clone())
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
