//! The API key of a server on this machine: made at the first start and shown once. Its hash is kept, the key itself is not.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest, Sha256};

use crate::exit::WrongFlag;
use crate::files::{read_if_there, write_private};

pub enum ApiKey {
    /// Made just now; it must be shown, for nobody can read it back.
    New(String),
    /// Given by the settings.
    Given(String),
    /// Made at an earlier start.
    Hash([u8; 32]),
}

/// Where a server's key may come from.
pub struct Place<'a> {
    /// What the setting holds, or nothing.
    pub given: &'a str,
    /// Its name.
    pub setting: &'static str,
    /// Where the hash of a key is kept that was made here.
    pub file: &'a Path,
}

impl ApiKey {
    /// The key that the settings give, else the one whose hash the file holds, else a new one. `new` makes a new one, which a key
    /// of the settings would go on being stronger than.
    pub fn find(&Place { given, setting, file }: &Place, new: bool) -> Result<Self> {
        // No header keeps spaces around it, and a file or a shell leaves a line's end easily.
        let given = given.trim();
        if !given.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
            bail!(
                "the setting {setting}: holds characters that no client can send in a header; use ASCII letters and digits"
            );
        }
        if !given.is_empty() {
            if new {
                return Err(WrongFlag(format!(
                    "--new-key: the key is the setting {setting}'s; change it there, or take the setting out"
                ))
                .into());
            }
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

    /// The one to be shown.
    pub fn to_show(&self) -> Option<&str> {
        match self {
            Self::New(key) => Some(key),
            Self::Given(_) | Self::Hash(_) => None,
        }
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
    fn a_new_key_is_not_promised_where_the_settings_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let place = |given| Place { given, setting: "serve.api_key", file: &file };
        let error = ApiKey::find(&place("mine"), true).err().expect("the old key would go on").to_string();
        assert_eq!(
            error,
            "--new-key: the key is the setting serve.api_key's; change it there, or take the setting out"
        );
        assert!(matches!(ApiKey::find(&place("mine"), false).unwrap(), ApiKey::Given(_)));
        assert!(matches!(ApiKey::find(&place(""), true).unwrap(), ApiKey::New(_)));
        assert!(matches!(ApiKey::find(&place(""), false).unwrap(), ApiKey::Hash(_)));
    }

    #[test]
    fn a_key_of_the_settings_is_one_that_a_header_can_carry() {
        let file = Path::new("/nowhere/key");
        let find = |given| ApiKey::find(&Place { given, setting: "serve.api_key", file }, false);
        assert_eq!(find(" mine\r\n").unwrap().sha256(), ApiKey::Given("mine".into()).sha256());
        for given in ["schlüssel", "a\u{200b}b", "a\nb"] {
            let error = find(given).err().expect("nobody could send it").to_string();
            assert!(error.starts_with("the setting serve.api_key: holds characters"), "{error}");
        }
    }

    #[test]
    fn hashes_are_read_back_and_anything_else_is_refused() {
        let hash: [u8; 32] = Sha256::digest("key").into();
        assert_eq!(unhex(&hex(&hash)), Some(hash));
        for broken in ["", "00", &"é".repeat(32), &"g".repeat(64)] {
            assert_eq!(unhex(broken), None);
        }
    }
}
