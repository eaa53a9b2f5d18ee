//! Every route that the gateway answers, on one screen.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};

use crate::error::ApiError;
use crate::state::Gateway;
use crate::{chat, health, host, metrics, models, request_id, webhooks};

/// The whole HTTP surface.
pub fn router(gateway: Gateway) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat::create))
        .route("/v1/models", get(models::list))
        // A wildcard, because the ids of base models may hold slashes.
        .route("/v1/models/{*id}", get(models::retrieve))
        .route("/v1/webhooks/fine_tuning", post(webhooks::receive))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::show))
        .fallback(ApiError::unknown_url)
        .method_not_allowed_fallback(ApiError::method_not_allowed)
        .layer(DefaultBodyLimit::max(gateway.settings.max_body_bytes))
        .layer(middleware::from_fn_with_state(gateway.clone(), host::check))
        .layer(middleware::from_fn(request_id::attach))
        .with_state(gateway)
}
