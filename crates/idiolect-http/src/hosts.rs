//! The names under which a server may be addressed. A web page can point its own name at 127.0.0.1 (DNS rebinding) and
//! so reach a local server from a browser; the `Host` header then still carries that page's name.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;

use crate::RequestError;

/// Which `Host` headers are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// `localhost` and loopback addresses: local mode.
    LoopbackOnly,
    /// Any: for a server behind a proxy that checks names itself.
    Any,
}

impl Hosts {
    /// Refuses requests addressed to a name that is not the server's.
    pub async fn check(self, request: Request, next: Next) -> Result<Response, RequestError> {
        let host = match request.headers().get(HOST) {
            Some(host) => host.to_str().ok(),
            None => request.uri().authority().map(Authority::as_str),
        };
        if self.allows(host) { Ok(next.run(request).await) } else { Err(RequestError::HostNotAllowed) }
    }

    fn allows(self, host: Option<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::LoopbackOnly => host.is_some_and(is_loopback),
        }
    }
}

/// A layer that refuses requests addressed to another name than a loopback one.
pub async fn check_loopback(request: Request, next: Next) -> Result<Response, RequestError> {
    Hosts::LoopbackOnly.check(request, next).await
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
