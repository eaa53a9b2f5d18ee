//! Chat completions, whole and streamed. What the provider answers passes through as it came.

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream;
use reqwest::{Method, Response};
use serde_json::{Map, Value};

use super::OpenAiProvider;
use super::call::{Call, Kind};
use super::http::describe;
use crate::protocol::{ErrorObject, EventStream};
use crate::{Answer, ChatChunk, ChatCompletion, ChatProvider, ChatRequest, ChatStream, ProviderError};

const DONE: &[u8] = b"[DONE]";

#[async_trait]
impl ChatProvider for OpenAiProvider {
    async fn complete(&self, request: ChatRequest) -> Result<ChatCompletion, ProviderError> {
        let answer = self.http.json(self.chat_call(request, false)).await?;
        match answer.get("choices") {
            Some(Value::Array(_)) => Ok(ChatCompletion(answer)),
            _ => Err(ProviderError::unavailable(format!("{} answered without choices", self.profile.name))),
        }
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ProviderError> {
        let response = self.http.stream(&self.chat_call(request, true)).await?;
        let answer = Answer::new(200, "", "", "", "", super::refusal::request_id(response.headers()));
        let host = self.profile.name.clone();
        let state = Reading { response, events: EventStream::default(), host, answer, is_whole: false };
        let chunks = stream::unfold(Some(state), |state| async move {
            let mut state = state?;
            match state.next().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(state))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        Ok(chunks.boxed())
    }
}

impl OpenAiProvider {
    fn chat_call(&self, request: ChatRequest, stream: bool) -> Call {
        let dialect = self.profile.model(&request.model).map(|model| &model.chat);
        let mut body: Map<String, Value> = match dialect {
            Some(dialect) => dialect.apply(request.fields),
            None => request.fields,
        };
        body.insert("model".into(), request.model.as_str().into());
        if stream {
            body.insert("stream".into(), true.into());
        }
        let kind = Kind::Chat { model: request.model.to_string() };
        Call::new(Method::POST, "/chat/completions", kind).json(Value::Object(body))
    }
}

/// A stream on its way in. Dropping it closes the connection, which stops the generation.
struct Reading {
    response: Response,
    events: EventStream,
    host: String,
    answer: Answer,
    /// Whether the last words had the reason why they are the last.
    is_whole: bool,
}

impl Reading {
    async fn next(&mut self) -> Result<Option<ChatChunk>, ProviderError> {
        loop {
            let too_long =
                || ProviderError::Internal { message: format!("{} streams an event without end", self.host) };
            if let Some(event) = self.events.next().map_err(|_| too_long())? {
                if event == DONE {
                    return Ok(None);
                }
                return self.chunk(&event).map(Some);
            }
            match self.response.chunk().await {
                Ok(Some(bytes)) => self.events.push(&bytes),
                // Without `[DONE]`, which some hosts leave out, what came may be half of the answer.
                Ok(None) => {
                    return match self.events.finish() {
                        Some(event) if event == DONE => Ok(None),
                        None if self.is_whole => Ok(None),
                        _ => Err(self.broken("the answer broke off")),
                    };
                }
                Err(error) => return Err(self.broken(describe(&error))),
            }
        }
    }

    fn chunk(&mut self, event: &[u8]) -> Result<ChatChunk, ProviderError> {
        let chunk: Value = serde_json::from_slice(event).map_err(|_| self.broken("a chunk is not JSON"))?;
        let choices = chunk.get("choices").and_then(Value::as_array);
        if let Some(last) = choices.and_then(|choices| choices.last()) {
            self.is_whole = last.get("finish_reason").is_some_and(|reason| !reason.is_null());
        }
        // A failure after the head was sent comes as an event of its own, in as many forms as a refusal.
        let is_error = choices.is_none() || chunk.get("error").is_some();
        let error = is_error.then(|| ErrorObject::of(&chunk)).filter(ErrorObject::says_something);
        match error {
            None => Ok(ChatChunk(chunk)),
            Some(error) => {
                let ErrorObject { kind, param, code, .. } = error;
                let answer = Answer::new(200, &code, &kind, &param, "", self.answer.request_id.as_deref());
                let message = format!("{} broke the answer off", self.host);
                Err(ProviderError::Unavailable { message, answer: Some(Box::new(answer)) })
            }
        }
    }

    fn broken(&self, what: &str) -> ProviderError {
        let answer = Some(Box::new(self.answer.clone()));
        ProviderError::Unavailable { message: format!("{}: {what}", self.host), answer }
    }
}
