//! The API key of a server on this machine: made at the first start and shown once. Its hash is kept, the key itself is not.

use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest, Sha256};

use crate::files::{read_if_there, write_private};

pub enum ApiKey {
    /// Made just now; it must be shown, for nobody can read it back.
    New(String),
    /// Given by the settings.
    Given(String),
    /// Made at an earlier start.
    Hash([u8; 32]),
}

impl ApiKey {
    /// The key that the settings give, else the one whose hash `file` holds, else a new one.
    pub fn find(given: &str, file: &Path, new: bool) -> Result<Self> {
        if !given.is_empty() {
            return Ok(Self::Given(given.to_owned()));
        }
        if !new && let Some(stored) = read_if_there(file)? {
            let hash = unhex(stored.trim())
                .with_context(|| format!("{}: does not hold a SHA-256; --new-key makes a new key", file.display()))?;
            return Ok(Self::Hash(hash));
        }
        let mut random = [0_u8; 24];
        getrandom::fill(&mut random).context("the system gives no random bytes")?;
        let key = format!("sk-idiolect-{}", hex(&random));
        write_private(file, hex(&Sha256::digest(&key)).as_bytes())?;
        Ok(Self::New(key))
    }

    pub fn sha256(&self) -> [u8; 32] {
        match self {
            Self::New(key) | Self::Given(key) => Sha256::digest(key).into(),
            Self::Hash(hash) => *hash,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_read_back_and_anything_else_is_refused() {
        let hash: [u8; 32] = Sha256::digest("key").into();
        assert_eq!(unhex(&hex(&hash)), Some(hash));
        for broken in ["", "00", &"é".repeat(32), &"g".repeat(64)] {
            assert_eq!(unhex(broken), None);
        }
    }
}
