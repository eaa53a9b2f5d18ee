//! `POST /v1/chat/completions`: whole, or as server-sent events up to `data: [DONE]`. Dropping the body stops the generation.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use idiolect_http::RequestError;
use idiolect_provider::{ChatChunk, ChatRequest, ChatStream, ModelId, ProviderError};
use serde_json::Value;

use crate::error::ApiError;
use crate::files::respond;
use crate::state::Host;

pub(crate) async fn create(
    State(host): State<Host>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let patience = host.settings.request_timeout;
    let body = body.map_err(|rejection| RequestError::body(&rejection, host.settings.max_body_bytes))?;
    let asked = Asked::parse(&body)?;
    if !asked.stream {
        let completion = in_time(patience, host.provider.complete(asked.request)).await?;
        return Ok(respond(&completion.0));
    }
    let (first, rest) = in_time(patience, async {
        let mut chunks = host.provider.stream(asked.request).await?;
        let first = chunks.next().await.transpose()?;
        Ok((first, chunks))
    })
    .await?;
    Ok(events(Answer { first, rest, include_usage: asked.include_usage, patience }))
}

/// A body whose model and way of answering are known; the provider checks the rest.
struct Asked {
    request: ChatRequest,
    stream: bool,
    include_usage: bool,
}

impl Asked {
    fn parse(bytes: &[u8]) -> Result<Self, ApiError> {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| RequestError::malformed(&error))?;
        let Value::Object(mut fields) = value else {
            return Err(RequestError::invalid("body", "the request body must be a JSON object").into());
        };
        let model = match fields.remove("model") {
            Some(Value::String(model)) if !model.is_empty() => model,
            None | Some(Value::Null) => return Err(RequestError::missing("model").into()),
            Some(_) => return Err(RequestError::invalid("model", "model must be a string that is not empty").into()),
        };
        let stream = match fields.remove("stream") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(stream)) => stream,
            Some(_) => return Err(RequestError::invalid("stream", "stream must be true or false").into()),
        };
        let include_usage = fields.get("stream_options").is_some_and(|options| options["include_usage"] == true);
        let person =
            ["safety_identifier", "user"].iter().find_map(|name| fields.get(*name)?.as_str()).map(str::to_owned);
        Ok(Self { request: ChatRequest { model: ModelId::new(model), fields, person }, stream, include_usage })
    }
}

async fn in_time<T>(
    patience: Duration,
    answering: impl Future<Output = Result<T, ProviderError>>,
) -> Result<T, ApiError> {
    match tokio::time::timeout(patience, answering).await {
        Ok(answered) => Ok(answered?),
        Err(_) => Err(ApiError::Timeout { seconds: patience.as_secs() }),
    }
}

/// An answer on its way out.
struct Answer {
    first: Option<ChatChunk>,
    rest: ChatStream,
    include_usage: bool,
    patience: Duration,
}

fn events(answer: Answer) -> Response {
    let body = stream::unfold(Some(answer), |answer| async move {
        let mut answer = answer?;
        let next = match answer.first.take() {
            Some(first) => Ok(Some(first)),
            None => in_time(answer.patience, async { answer.rest.next().await.transpose() }).await,
        };
        let (event, answer) = match next {
            Ok(Some(chunk)) => (answer.shape(chunk).to_string(), Some(answer)),
            Ok(None) => ("[DONE]".to_owned(), None),
            Err(error) => {
                tracing::warn!(%error, "an answer broke off");
                (error.to_json().to_string(), None)
            }
        };
        // JSON on one line has no line breaks, so one `data:` field is enough.
        Some((Ok::<_, Infallible>(format!("data: {event}\n\n")), answer))
    });
    let headers = [
        (CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        // Reverse proxies would collect the chunks otherwise.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(body)).into_response()
}

impl Answer {
    /// As OpenAI has it, the usage is there only if it was asked for.
    fn shape(&self, chunk: ChatChunk) -> Value {
        let mut object = chunk.0;
        if !self.include_usage
            && let Some(fields) = object.as_object_mut()
        {
            fields.remove("usage");
        }
        object
    }
}
