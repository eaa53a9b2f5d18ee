//! How a hosted provider is told which user asks: by a name that says nothing to anybody without the key.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use idiolect_registry::UserId;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// HMAC-SHA256 of the user's id in hexadecimal: 64 characters, which is what OpenAI takes at most.
pub(crate) fn safety_identifier(key: &SecretString, user_id: &UserId) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()).expect("HMAC takes keys of any length");
    let tag = mac.chain_update(user_id.as_str()).finalize().into_bytes();
    tag.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn the_tag_is_hmac_sha256() {
        let user = "what do ya want for nothing?";
        let mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap().chain_update(user).finalize().into_bytes();
        assert_eq!(mac[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        let (ana, ben) = ("ana".parse().unwrap(), "ben".parse().unwrap());
        let tag = |key: &str, user| safety_identifier(&SecretString::from(key), user);
        assert_eq!(tag("k", &ana).len(), 64);
        assert_eq!(tag("k", &ana), tag("k", &ana));
        assert!(tag("k", &ana) != tag("k", &ben) && tag("k", &ana) != tag("j", &ana));
    }
}
