//! How slowly a body may come. A client that sends one byte a minute would keep its connection, and what is begun for it, for ever.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;

use crate::RequestError;

/// A body that has not ended within this time has brought so many bytes in it.
const PATIENCE: Duration = Duration::from_secs(60);
const LEAST_BYTES: usize = 64 * 1024;

/// A layer that refuses a request whose body is waited for too long. What answers is not timed.
pub async fn check_pace(request: Request, next: Next) -> Result<Response, RequestError> {
    if request.body().is_end_stream() {
        return Ok(next.run(request).await);
    }
    let come = Arc::new(AtomicUsize::new(0));
    let counter = come.clone();
    let counted = request.map(|body| {
        Body::new(body.map_frame(move |frame| {
            counter.fetch_add(frame.data_ref().map_or(0, |bytes| bytes.len()), Ordering::Relaxed);
            frame
        }))
    });
    let mut answering = pin!(next.run(counted));
    loop {
        if let Ok(response) = tokio::time::timeout(PATIENCE, &mut answering).await {
            return Ok(response);
        }
        // The body is dropped once it was read or is wanted no more, and the counter with it.
        let is_read = Arc::strong_count(&come) > 1;
        if is_read && come.swap(0, Ordering::Relaxed) < LEAST_BYTES {
            return Err(RequestError::BodyTooSlow);
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::StatusCode;
    use axum::routing::post;
    use axum::{Router, middleware};
    use futures_util::stream;
    use tower::ServiceExt as _;

    use super::*;

    /// The answer to a body of pieces of such a size, half a minute apart; the answer takes an hour itself.
    async fn answer(pieces: usize, bytes: usize) -> StatusCode {
        let router = Router::new()
            .route(
                "/",
                post(|body: Bytes| async move {
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                    body
                }),
            )
            .layer(middleware::from_fn(check_pace));
        let body = stream::unfold(pieces, move |left| async move {
            tokio::time::sleep(Duration::from_secs(30)).await;
            let rest = left.checked_sub(1)?;
            Some((Ok::<_, std::convert::Infallible>(vec![b'x'; bytes]), rest))
        });
        let request = Request::post("/").body(Body::from_stream(body)).unwrap();
        router.oneshot(request).await.unwrap().status()
    }

    /// Time passes at once where everybody waits.
    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_is_refused_and_one_that_comes_is_not() {
        assert_eq!(answer(1, 1).await, StatusCode::OK);
        assert_eq!(answer(20, LEAST_BYTES).await, StatusCode::OK);
        assert_eq!(answer(20, 1).await, StatusCode::REQUEST_TIMEOUT);
    }
}
