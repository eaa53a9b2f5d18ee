//! `GET /v1/models`: what the caller may put into `model`, in OpenAI's list shape.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use idiolect_registry::{Route, User, route};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::served::{BASE, PERSONAL};
use crate::state::Gateway;

pub(crate) async fn list(State(gateway): State<Gateway>, Caller(user_id): Caller) -> Result<Response, ApiError> {
    let user = gateway.store.user(&user_id).await?;
    Ok(respond(
        &json!({"object": "list", "data": available(user.as_ref(), gateway.base_model.as_str(), gateway.clock.now())}),
    ))
}

pub(crate) async fn retrieve(
    State(gateway): State<Gateway>,
    Caller(user_id): Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    // Only an id that is no UTF-8 is rejected, and no model has one.
    let Path(id) = id.map_err(|_| ApiError::UnknownModel { model: String::new() })?;
    let user = gateway.store.user(&user_id).await?;
    let models = available(user.as_ref(), gateway.base_model.as_str(), gateway.clock.now());
    let model = models.into_iter().find(|model| model["id"] == id.as_str());
    model.map(|model| respond(&model)).ok_or(ApiError::UnknownModel { model: id })
}

/// Each model under its alias and under its provider's id, the personal one first if it is ready.
fn available(user: Option<&User>, base_model: &str, now: Timestamp) -> Vec<Value> {
    let mut models = Vec::new();
    if let (Some(user), Route::FineTuned { model_id, .. }) = (user, route(user, now)) {
        let created = user.model_updated_at.as_second();
        models.extend([PERSONAL, &model_id].map(|id| object(id, created)));
    }
    // When the base model was made is not known here.
    models.extend([BASE, base_model].map(|id| object(id, 0)));
    models
}

fn object(id: &str, created: i64) -> Value {
    json!({"id": id, "object": "model", "created": created, "owned_by": "idiolect"})
}

fn respond(body: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
