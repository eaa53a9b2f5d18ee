//! `POST /v1/chat/completions`: decide who answers, ask, and fall back to the base model while nothing has been sent.

use std::time::Duration;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use idiolect_http::{RequestError, RequestId};
use idiolect_provider::{ChatChunk, ChatCompletion, ChatProvider, ChatRequest, ChatStream, ModelId, ProviderError};
use idiolect_registry::{FallbackReason, Route, UserId, VersionId};
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::auth::Caller;
use crate::body::ChatBody;
use crate::error::ApiError;
use crate::log::InferenceLine;
use crate::permission::Permission;
use crate::personal::Answering;
use crate::prompt::{for_base, numbered_as_sent};
use crate::safety::safety_identifier;
use crate::served::{Served, choose};
use crate::sse;
use crate::state::Gateway;
use crate::suspects::version_of;

/// What the provider gave, as far as it was waited for.
enum Answer {
    Whole(ChatCompletion),
    /// The first chunk has come: from here on there is no falling back.
    Stream {
        first: ChatChunk,
        rest: ChatStream,
    },
}

pub(crate) async fn create(
    State(gateway): State<Gateway>,
    Caller(user_id): Caller,
    Extension(request_id): Extension<RequestId>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let mut line = InferenceLine::start(request_id, user_id.clone());
    let parsed = body
        .map_err(|rejection| RequestError::body(&rejection, gateway.settings.max_body_bytes))
        .and_then(|bytes| ChatBody::parse(&bytes));
    let answered = match parsed {
        Ok(body) => {
            let mut permission = Permission::new(&gateway, &user_id);
            let answered = answer(&gateway, &user_id, &body, &mut line, &mut permission).await;
            answered.map(|answer| (answer, body.include_usage, permission))
        }
        Err(error) => Err(error.into()),
    };
    let served = line.served().cloned();
    let mut response = match answered {
        Ok((Answer::Whole(completion), ..)) => {
            line.usage(completion.usage());
            line.succeeded();
            whole(completion, served.as_ref())
        }
        Ok((Answer::Stream { first, rest }, include_usage, permission)) => {
            let permission = served.as_ref().is_some_and(|served| served.version.is_some()).then_some(permission);
            let chunk_timeout = gateway.settings.request_timeout;
            sse::respond(sse::Events { rest, include_usage, line, chunk_timeout, permission }, first)
        }
        Err(error) => {
            line.failed(&error);
            error.into_response()
        }
    };
    if let Some(served) = served {
        served.write_headers(response.headers_mut());
    }
    response
}

async fn answer(
    gateway: &Gateway,
    user_id: &UserId,
    body: &ChatBody,
    line: &mut InferenceLine,
    permission: &mut Permission,
) -> Result<Answer, ApiError> {
    line.stream(body.stream);
    let user = gateway.store.user(user_id).await?;
    let now = gateway.clock.now();
    let suspects = gateway.settings.suspects.as_ref();
    let reason = match choose(body.model.as_deref(), user.as_ref(), &gateway.base_model, now)? {
        Route::Base { reason } => {
            if let (FallbackReason::ModelUnavailable, Some(suspects), Some(user)) = (reason, suspects, &user) {
                suspects.out_of_service(&version_of(user_id, user.active_model_version), now);
            }
            reason
        }
        Route::FineTuned { version, .. }
            if suspects.is_some_and(|suspects| suspects.doubts(&version_of(user_id, version), now)) =>
        {
            FallbackReason::ModelUnavailable
        }
        Route::FineTuned { model_id, version } => {
            let model = ModelId::new(model_id);
            line.serve_with(Served::fine_tuned(model.clone(), version));
            let id = version_of(user_id, version);
            match ask_personal(gateway, &id, &model, body).await {
                Err(error) if another_model_may_answer(&error) => {
                    line.fell_back(model.as_str(), &error);
                    if let Some(suspects) = suspects {
                        suspects.suspect(&id, &error, now);
                    }
                }
                answered => {
                    permission.look_again().await?;
                    return answered;
                }
            }
            FallbackReason::ModelUnavailable
        }
    };
    line.serve_with(Served::base(gateway.base_model.clone(), reason));
    let messages = for_base(&gateway.fallback_system_prompt, &body.messages);
    let fields = fields(gateway.settings.safety_key.as_ref(), user_id, body, messages);
    let request = ChatRequest { model: gateway.base_model.clone(), fields, person: Some(user_id.to_string()) };
    ask(gateway.chat.as_ref(), gateway.settings.request_timeout, request, body).await
}

/// Asks a version where it answers, in the words that it was trained with.
async fn ask_personal(
    gateway: &Gateway,
    version: &VersionId,
    model: &ModelId,
    body: &ChatBody,
) -> Result<Answer, ApiError> {
    let Answering { chat, prompts, safety_key } = gateway.personal.answering(version, model).await?;
    let fields = fields(safety_key.as_ref(), &version.user_id, body, prompts.for_fine_tuned(&body.messages));
    let request = ChatRequest { model: model.clone(), fields, person: Some(version.user_id.to_string()) };
    ask(chat.as_ref(), gateway.settings.request_timeout, request, body).await
}

/// What the provider is sent, with the user named by the key, if there is one, and then never as the client does.
fn fields(key: Option<&SecretString>, user_id: &UserId, body: &ChatBody, messages: Value) -> Map<String, Value> {
    let mut fields = body.fields(messages);
    if let Some(key) = key {
        fields.remove("user");
        fields.insert("safety_identifier".into(), safety_identifier(key, user_id).into());
    }
    fields
}

/// Whether the failure is the model's own, such as an adapter that is gone or damaged. A bad request would fail again, and a
/// busy provider is no other one.
fn another_model_may_answer(error: &ApiError) -> bool {
    matches!(
        error,
        ApiError::Provider(
            ProviderError::NotFound { .. } | ProviderError::Unavailable { .. } | ProviderError::Internal { .. }
        )
    )
}

/// Waits for the whole answer, or for a stream's first chunk.
async fn ask(
    chat: &dyn ChatProvider,
    limit: Duration,
    request: ChatRequest,
    body: &ChatBody,
) -> Result<Answer, ApiError> {
    let sent = request.fields.get("messages").and_then(Value::as_array).map_or(0, Vec::len);
    let ours = sent.saturating_sub(body.messages.len());
    let asked = async {
        if !body.stream {
            return chat.complete(request).await.map(Answer::Whole);
        }
        let mut rest = chat.stream(request).await?;
        match rest.next().await {
            Some(first) => Ok(Answer::Stream { first: first?, rest }),
            None => Err(ProviderError::unavailable("the model ended its answer before it began")),
        }
    };
    match tokio::time::timeout(limit, asked).await {
        Ok(answered) => Ok(answered.map_err(|error| numbered_as_sent(error, ours))?),
        Err(_) => Err(ApiError::Timeout { seconds: limit.as_secs() }),
    }
}

fn whole(completion: ChatCompletion, served: Option<&Served>) -> Response {
    let mut object = completion.0;
    if let (Some(fields), Some(served)) = (object.as_object_mut(), served) {
        name_model(fields, &served.model_id);
    }
    ([(CONTENT_TYPE, "application/json")], object.to_string()).into_response()
}

/// The provider's own word on what served stands; one that says nothing is spoken for.
pub(crate) fn name_model(object: &mut Map<String, Value>, model_id: &ModelId) {
    if object.get("model").and_then(Value::as_str).is_none_or(str::is_empty) {
        object.insert("model".into(), model_id.as_str().into());
    }
}
