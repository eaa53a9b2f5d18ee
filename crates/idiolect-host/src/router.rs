//! Every route that the server answers, on one screen.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use idiolect_http::{RequestError, answer_panics, attach_request_id, check_loopback, check_pace};
use serde_json::json;

use crate::error::ApiError;
use crate::state::Host;
use crate::{access, chat, files, jobs, log, models, upload};

/// Room for the fields and headers around a training file.
const UPLOAD_FRAME_BYTES: usize = 64 * 1024;

/// The whole HTTP surface.
pub fn router(host: Host) -> Router {
    let longest_upload = usize::try_from(host.settings.max_file_bytes).unwrap_or(usize::MAX);
    let upload = post(upload::create).layer(DefaultBodyLimit::max(longest_upload.saturating_add(UPLOAD_FRAME_BYTES)));
    Router::new()
        .route("/v1/files", upload.get(files::list))
        .route("/v1/files/{id}", get(files::retrieve).delete(files::delete))
        .route("/v1/files/{id}/content", get(files::content))
        .route("/v1/fine_tuning/jobs", get(jobs::list).post(jobs::create))
        .route("/v1/fine_tuning/jobs/{id}", get(jobs::retrieve))
        .route("/v1/fine_tuning/jobs/{id}/cancel", post(jobs::cancel))
        .route("/v1/fine_tuning/jobs/{id}/pause", post(jobs::pause))
        .route("/v1/fine_tuning/jobs/{id}/resume", post(jobs::resume))
        .route("/v1/fine_tuning/jobs/{id}/events", get(jobs::events))
        .route("/v1/fine_tuning/jobs/{id}/checkpoints", get(jobs::checkpoints))
        .route("/v1/models", get(models::list))
        // A wildcard, because the ids of base models may hold slashes.
        .route("/v1/models/{*id}", get(models::retrieve).delete(models::delete))
        .route("/v1/chat/completions", post(chat::create))
        .route_layer(middleware::from_fn_with_state(host.clone(), access::check_key))
        .route("/healthz", get(|| async { files::respond(&json!({"status": "ok"})) }))
        .fallback(ApiError::unknown_url)
        .method_not_allowed_fallback(RequestError::method_not_allowed)
        .layer(DefaultBodyLimit::max(host.settings.max_body_bytes))
        .layer(middleware::from_fn(check_pace))
        .layer(middleware::from_fn(check_loopback))
        .layer(middleware::from_fn(answer_panics))
        .layer(middleware::from_fn(log::answered))
        .layer(middleware::from_fn(attach_request_id))
        .with_state(host)
}
