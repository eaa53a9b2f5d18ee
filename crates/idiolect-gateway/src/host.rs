//! The names under which the gateway may be addressed. A web page can point its own name at 127.0.0.1 (DNS rebinding) and
//! so reach a local server from a browser; the `Host` header then still carries that page's name.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;

use crate::error::ApiError;
use crate::state::Gateway;

/// Which `Host` headers are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// `localhost` and loopback addresses: local mode.
    LoopbackOnly,
    /// Any: for a gateway behind a proxy that checks names itself.
    Any,
}

impl Hosts {
    fn allows(self, host: Option<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::LoopbackOnly => host.is_some_and(is_loopback),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Refuses requests addressed to a name that is not the gateway's.
pub(crate) async fn check(State(gateway): State<Gateway>, request: Request, next: Next) -> Result<Response, ApiError> {
    pass(gateway.settings.hosts, request, next).await
}

/// The same where only loopback names are.
pub(crate) async fn check_loopback(request: Request, next: Next) -> Result<Response, ApiError> {
    pass(Hosts::LoopbackOnly, request, next).await
}

async fn pass(hosts: Hosts, request: Request, next: Next) -> Result<Response, ApiError> {
    let host = match request.headers().get(HOST) {
        Some(host) => host.to_str().ok(),
        None => request.uri().authority().map(Authority::as_str),
    };
    if !hosts.allows(host) {
        return Err(ApiError::HostNotAllowed);
    }
    Ok(next.run(request).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names_are_allowed_with_any_port() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.1.2.3", "[::1]", "[::1]:8080"] {
            assert!(Hosts::LoopbackOnly.allows(Some(host)), "{host}");
        }
    }

    #[test]
    fn other_names_and_none_are_refused() {
        for host in
            ["evil.example", "localhost.evil.example:80", "192.168.1.2", "0.0.0.0", "", "127.0.0.1.evil.example"]
        {
            assert!(!Hosts::LoopbackOnly.allows(Some(host)), "{host}");
        }
        assert!(!Hosts::LoopbackOnly.allows(None));
        assert!(Hosts::Any.allows(None));
    }
}
