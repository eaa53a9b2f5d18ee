//! A log line about each request, and one more about one that failed: ids, codes and times, never a body.

use std::time::Instant;

use axum::Extension;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use idiolect_http::RequestId;

use crate::error::Cause;

/// A layer around all but the one that gives out the ids. The route is logged and not the path, which is the client's.
pub(crate) async fn answered(Extension(request_id): Extension<RequestId>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let response = next.run(request).await;
    if let Some(Cause(cause)) = response.extensions().get() {
        tracing::error!(%request_id, %method, route, error = cause, "a request failed");
    }
    let latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%request_id, %method, route, status = response.status().as_u16(), latency_ms, "answered");
    response
}
