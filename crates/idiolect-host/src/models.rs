//! `/v1/models`: the base model, the fine-tuned ones and their checkpoints.

use axum::extract::State;
use axum::response::Response;
use idiolect_provider::{ModelId, ModelInfo, ProviderError};
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::files::{Id, plain, respond};
use crate::state::Host;
use crate::wire;

pub(crate) async fn list(State(host): State<Host>) -> Result<Response, ApiError> {
    let models: Vec<Value> = host.provider.models().await?.iter().map(wire::model).collect();
    Ok(respond(&json!({"object": "list", "data": models})))
}

pub(crate) async fn retrieve(State(host): State<Host>, id: Id) -> Result<Response, ApiError> {
    Ok(respond(&wire::model(&find(&host, id).await?)))
}

pub(crate) async fn delete(State(host): State<Host>, id: Id) -> Result<Response, ApiError> {
    let model = find(&host, id).await?;
    host.provider.delete_model(&model.id).await?;
    Ok(respond(&wire::deleted("model", model.id.as_str())))
}

async fn find(host: &Host, id: Id) -> Result<ModelInfo, ApiError> {
    let id = ModelId::new(plain(id));
    let found = host.provider.models().await?.into_iter().find(|model| model.id == id);
    found.ok_or_else(|| ProviderError::not_found("model", id).into())
}
