//! Who may ask: whoever has the API key, and addresses the server by a loopback name.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::ApiError;
use crate::state::Host;

/// Comes before the body is read.
pub(crate) async fn check_key(State(host): State<Host>, request: Request, next: Next) -> Result<Response, ApiError> {
    let header = request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let key = header.and_then(bearer_token).ok_or(ApiError::MissingKey)?;
    // Hashes have one length, so comparing them in constant time tells nothing about the key.
    let presented: [u8; 32] = Sha256::digest(key).into();
    if !bool::from(presented.ct_eq(&host.key_sha256)) {
        return Err(ApiError::InvalidKey);
    }
    Ok(next.run(request).await)
}

fn bearer_token(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim_start();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// A web page can point its own name at 127.0.0.1 and so reach a local server from a browser; the `Host` header then still
/// carries that page's name.
pub(crate) async fn check_host(request: Request, next: Next) -> Result<Response, ApiError> {
    let named = match request.headers().get(HOST) {
        Some(host) => host.to_str().ok(),
        None => request.uri().authority().map(Authority::as_str),
    };
    if !named.is_some_and(is_loopback) {
        return Err(ApiError::HostNotAllowed);
    }
    Ok(next.run(request).await)
}

fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_answered() {
        for host in ["localhost", "LOCALHOST:8485", "127.0.0.1:1", "[::1]:8485"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example:80", "192.168.1.2", "0.0.0.0", "", "127.0.0.1.evil.example"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        assert_eq!(bearer_token("bearer  k"), Some("k"));
        for other in ["k", "Basic k", "Bearer", "Bearer "] {
            assert_eq!(bearer_token(other), None, "{other:?}");
        }
    }
}
