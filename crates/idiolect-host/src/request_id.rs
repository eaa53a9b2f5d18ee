//! A fresh id for each request, on every response, and one log line about it: ids, codes and times, never a body.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use crate::error::Cause;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer, so that refusals carry the id too. The route is logged and not the path, which is the client's.
pub(crate) async fn attach(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = format!("req_{}", Uuid::new_v4().simple());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let mut response = next.run(request).await;
    let header = HeaderValue::from_str(&request_id).expect("the id is ASCII");
    response.headers_mut().insert(HEADER, header);
    if let Some(Cause(cause)) = response.extensions().get() {
        tracing::error!(request_id, %method, route, error = cause, "a request failed");
    }
    let latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request_id, %method, route, status = response.status().as_u16(), latency_ms, "answered");
    response
}
