//! The API key that a request carries.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What stands behind `Authorization: Bearer`; it must not be logged.
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    let token = token.trim_start();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Whether `sha256` is the hash of `presented`. Hashes have one length, so comparing them in constant time tells nothing
/// about the key, its length included.
pub fn is_key(presented: &str, sha256: &[u8; 32]) -> bool {
    let presented: [u8; 32] = Sha256::digest(presented).into();
    presented.ct_eq(sha256).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &'static str) -> Option<String> {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, header.parse().unwrap())]);
        bearer_token(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        assert_eq!(token("Bearer k").as_deref(), Some("k"));
        assert_eq!(token("bearer  k").as_deref(), Some("k"));
        for other in ["k", "Basic k", "Bearer", "Bearer "] {
            assert_eq!(token(other), None, "{other:?}");
        }
        assert_eq!(bearer_token(&HeaderMap::new()), None);
    }

    #[test]
    fn only_the_whole_key_is_the_key() {
        let sha256 = Sha256::digest("idl-secret").into();
        assert!(is_key("idl-secret", &sha256));
        for wrong in ["", "idl-secre", "idl-secret ", "IDL-SECRET"] {
            assert!(!is_key(wrong, &sha256), "{wrong:?}");
        }
    }
}
