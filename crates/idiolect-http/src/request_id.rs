//! A fresh id for each request: on every response, and in every log line about it.

use std::fmt;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// `req_` and 32 random hexadecimal digits.
#[derive(Clone, Debug)]
pub struct RequestId(String);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The outermost layer, so that refusals carry the id too. What is further in finds a [`RequestId`] among the request's extensions.
pub async fn attach_request_id(mut request: Request, next: Next) -> Response {
    let id = RequestId(format!("req_{}", Uuid::new_v4().simple()));
    let header = HeaderValue::from_str(&id.0).expect("the id is ASCII");
    request.extensions_mut().insert(id);
    let mut response = next.run(request).await;
    response.headers_mut().insert(HEADER, header);
    response
}
