//! The streamed answer as server-sent events: `data: {chunk}` for each chunk and `data: [DONE]` at the end, or an error
//! object and no `[DONE]` when the answer breaks. Dropping the body drops the provider's stream, which stops generation.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use idiolect_provider::{ChatChunk, ChatStream};
use serde_json::{Map, Value};

use crate::chat::name_model;
use crate::error::ApiError;
use crate::log::InferenceLine;
use crate::permission::Permission;

/// One answer on its way out. The line is written when the client has everything or has gone.
pub(crate) struct Events {
    pub(crate) rest: ChatStream,
    /// Whether the client asked for the usage; the provider is always asked.
    pub(crate) include_usage: bool,
    pub(crate) line: InferenceLine,
    pub(crate) chunk_timeout: Duration,
    /// Absent where the base model answers.
    pub(crate) permission: Option<Permission>,
}

/// Where the stream stands.
enum State {
    First(Box<Events>, ChatChunk),
    Going(Box<Events>),
    Closed,
}

pub(crate) fn respond(events: Events, first: ChatChunk) -> Response {
    let body = stream::unfold(State::First(Box::new(events), first), next);
    let headers = [
        (CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        // Reverse proxies would collect the chunks otherwise.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(body)).into_response()
}

async fn next(state: State) -> Option<(Result<String, Infallible>, State)> {
    let (mut events, mut pending) = match state {
        State::First(events, first) => (events, Some(first)),
        State::Going(events) => (events, None),
        State::Closed => return None,
    };
    loop {
        let chunk = match pending.take() {
            Some(chunk) => Ok(Some(chunk)),
            None => events.next_chunk().await,
        };
        match chunk {
            Ok(Some(chunk)) => {
                // A chunk that the client did not ask for makes no event.
                if let Some(shaped) = events.shape(chunk) {
                    return Some((Ok(shaped), State::Going(events)));
                }
            }
            Ok(None) => {
                events.line.succeeded();
                return Some((Ok(event("[DONE]")), State::Closed));
            }
            Err(error) => {
                events.line.failed(&error);
                return Some((Ok(event(&error.to_json().to_string())), State::Closed));
            }
        }
    }
}

impl Events {
    async fn next_chunk(&mut self) -> Result<Option<ChatChunk>, ApiError> {
        let Ok(next) = tokio::time::timeout(self.chunk_timeout, self.rest.next()).await else {
            return Err(ApiError::Timeout { seconds: self.chunk_timeout.as_secs() });
        };
        if let Some(permission) = &mut self.permission {
            permission.look_again().await?;
        }
        Ok(next.transpose()?)
    }

    /// Notes the usage and gives the chunk the form that the client asked for; `None` if nothing is left of it.
    fn shape(&mut self, chunk: ChatChunk) -> Option<String> {
        self.line.usage(chunk.usage());
        let mut object = chunk.0;
        let fields = object.as_object_mut()?;
        if let Some(served) = self.line.served() {
            name_model(fields, &served.model_id);
        }
        if !self.include_usage {
            // As OpenAI does, the field is then absent, and so is the chunk that exists for its sake alone.
            let only_usage = fields.remove("usage").is_some_and(|usage| usage.is_object()) && !has_choices(fields);
            return (!only_usage).then(|| event(&object.to_string()));
        }
        let usage = usage_of_its_own(fields);
        let mut events = event(&object.to_string());
        if let Some(usage) = usage {
            events.push_str(&event(&usage.to_string()));
        }
        Some(events)
    }
}

fn has_choices(chunk: &Map<String, Value>) -> bool {
    chunk.get("choices").and_then(Value::as_array).is_some_and(|choices| !choices.is_empty())
}

/// OpenAI sends the usage in a chunk without choices behind the last one; providers that put it on the last one itself are
/// brought to that form.
fn usage_of_its_own(last: &mut Map<String, Value>) -> Option<Value> {
    let finished = last.get("choices")?.pointer("/0/finish_reason").is_some_and(|reason| !reason.is_null());
    let usage = last.get("usage").filter(|usage| finished && usage.is_object())?.clone();
    let mut own = last.clone();
    own.insert("choices".into(), Value::Array(Vec::new()));
    own.insert("usage".into(), usage);
    last.insert("usage".into(), Value::Null);
    Some(Value::Object(own))
}

/// JSON on one line has no line breaks, so one `data:` field is enough.
fn event(data: &str) -> String {
    format!("data: {data}\n\n")
}
