//! Who may ask: whoever has the API key.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use idiolect_http::{RequestError, bearer_token, is_key};

use crate::error::ApiError;
use crate::state::Host;

/// Comes before the body is read.
pub(crate) async fn check_key(State(host): State<Host>, request: Request, next: Next) -> Result<Response, ApiError> {
    let key = bearer_token(request.headers()).ok_or(RequestError::MissingKey)?;
    if !is_key(key, &host.key_sha256) {
        return Err(ApiError::InvalidKey);
    }
    Ok(next.run(request).await)
}
