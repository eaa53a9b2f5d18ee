//! A panic while a request is answered, such as of a system that gives out no more threads.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use crate::Refusal;

/// A layer that tells the client of a panic further in, which would close the connection without a word. Where it happened has been
/// printed by then.
pub async fn answer_panics(request: Request, next: Next) -> Response {
    // What was half done belongs to this request, which ends here.
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        let message = "the server failed; what it printed says where, so please report that".to_owned();
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Refusal { status, message, param: None, code: "internal_error", retry_after_secs: None }.into_response()
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_with_an_error_object_that_does_not_quote_it() {
        async fn handler() {
            let text = "see you at five".to_owned();
            "5".repeat(40).parse::<u8>().expect(&text);
        }
        let router = Router::new().route("/", get(handler)).layer(from_fn(answer_panics));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["error"]["code"], "internal_error");
        assert!(!body.to_string().contains("five"), "{body}");
    }
}
