//! `/healthz`: the process is up. `/readyz`: it can answer chats now.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::state::Gateway;

pub(crate) async fn healthz() -> Response {
    respond(StatusCode::OK, &json!({"status": "ok"}))
}

/// Asks the metadata store and the base model. The store's own words may name paths, so they go to the log only.
pub(crate) async fn readyz(State(gateway): State<Gateway>) -> Response {
    let store = gateway.store.ping().await.map_err(|error| {
        tracing::warn!(%error, "the metadata store does not answer");
        "not available; the server's log says why".to_owned()
    });
    let base_model = (gateway.base_model_probe)();
    let ready = store.is_ok() && base_model.is_ok();
    let (status, word) = if ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not_ready") };
    let shown = |check: Result<(), String>| check.err().unwrap_or_else(|| "ok".to_owned());
    respond(status, &json!({"status": word, "checks": {"store": shown(store), "base_model": shown(base_model)}}))
}

fn respond(status: StatusCode, body: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
