//! Every route that the gateway answers, on one screen.

use std::future::Future;
use std::io;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use idiolect_http::{RequestError, answer_panics, attach_request_id, check_pace};
use tokio::net::TcpListener;

use crate::error::ApiError;
use crate::state::Gateway;
use crate::{chat, health, metrics, models, webhooks};

/// The whole HTTP surface.
pub fn router(gateway: Gateway) -> Router {
    let hosts = gateway.settings.hosts;
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
        .method_not_allowed_fallback(RequestError::method_not_allowed)
        .layer(DefaultBodyLimit::max(gateway.settings.max_body_bytes))
        .layer(middleware::from_fn(check_pace))
        .layer(middleware::from_fn(move |request, next| hosts.check(request, next)))
        .layer(middleware::from_fn(answer_panics))
        .layer(middleware::from_fn(attach_request_id))
        .with_state(gateway)
}

/// Answers on `listener` until `shutdown` completes. Answers under way then have the settings' `shutdown_grace` to end.
pub async fn serve(
    listener: TcpListener,
    gateway: Gateway,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let grace = gateway.settings.shutdown_grace;
    idiolect_http::serve(listener, router(gateway), shutdown, grace).await
}
