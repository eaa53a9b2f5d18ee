//! Who is asking: a bearer token becomes a user id, and everything after that trusts only the user id.

use std::fmt;

use async_trait::async_trait;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use idiolect_http::{RequestError, bearer_token, is_key};
use idiolect_registry::UserId;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::error::ApiError;
use crate::state::Gateway;

/// Turns what a client presents into an identity.
#[async_trait]
pub trait Authenticate: Send + Sync {
    /// `bearer` is what stood behind `Authorization: Bearer`; it must not be logged.
    async fn authenticate(&self, bearer: &str) -> Result<UserId, InvalidKey>;
}

/// The token is nobody's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the API key is not known")]
pub struct InvalidKey;

/// Local mode: one API key, one user. Only the key's SHA-256 is kept.
#[derive(Clone)]
pub struct LocalKey {
    sha256: [u8; 32],
    user_id: UserId,
}

impl LocalKey {
    pub fn new(key: &SecretString, user_id: UserId) -> Self {
        Self::from_sha256(Sha256::digest(key.expose_secret()).into(), user_id)
    }

    /// For a key that was made at an earlier start and of which only the hash was kept.
    pub fn from_sha256(sha256: [u8; 32], user_id: UserId) -> Self {
        Self { sha256, user_id }
    }
}

#[async_trait]
impl Authenticate for LocalKey {
    async fn authenticate(&self, bearer: &str) -> Result<UserId, InvalidKey> {
        if is_key(bearer, &self.sha256) { Ok(self.user_id.clone()) } else { Err(InvalidKey) }
    }
}

impl fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKey").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// The authenticated user. A handler that takes it cannot run for anybody else, and comes before the body is read.
pub(crate) struct Caller(pub(crate) UserId);

impl FromRequestParts<Gateway> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, ApiError> {
        let bearer = bearer_token(&parts.headers).ok_or(RequestError::MissingKey)?;
        gateway.auth.authenticate(bearer).await.map(Self).map_err(|InvalidKey| ApiError::InvalidKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_whole_key_is_accepted() {
        let keys = LocalKey::new(&SecretString::from("idl-secret"), "ana".parse().unwrap());
        assert_eq!(keys.authenticate("idl-secret").await.unwrap().as_str(), "ana");
        for wrong in ["", "idl-secre", "idl-secret ", "IDL-SECRET"] {
            assert_eq!(keys.authenticate(wrong).await, Err(InvalidKey), "{wrong:?}");
        }
        let kept = LocalKey::from_sha256(Sha256::digest("idl-secret").into(), "ana".parse().unwrap());
        assert!(kept.authenticate("idl-secret").await.is_ok());
    }

    #[test]
    fn debug_shows_neither_key_nor_hash() {
        let keys = LocalKey::new(&SecretString::from("idl-secret"), "ana".parse().unwrap());
        assert_eq!(format!("{keys:?}"), r#"LocalKey { user_id: UserId("ana"), .. }"#);
    }
}
