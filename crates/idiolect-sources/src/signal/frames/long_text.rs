//! Texts so long that they lie in a file of their own, as media do: `files/ab/abcd….txt` beside `main.jsonl`.

use std::io::Read;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::record::{File, Locator};
use crate::export::{Entry, Export};

/// The longest text that is read, in bytes; Signal's own limit is 64 KiB.
const MAX_TEXT: u64 = 1024 * 1024;

/// The text of which a message in `main` has the beginning. `None` where its file is not there, as in an export without media, or is
/// not what `main` says.
pub(super) fn read(export: &Export, main: &Entry, file: &File) -> Option<String> {
    let Locator { plaintext_hash, local_key } = file.locator_info.as_ref()?;
    let [hash, key] = [plaintext_hash, local_key].map(|written| BASE64_STANDARD.decode(written.as_deref()?).ok());
    let (hash, key) = (hash?, key?);
    // As Signal names a file among those of its backups.
    let name = hex(&Sha256::new().chain_update(&hash).chain_update(key).finalize());
    let path = format!("files/{}/{name}", &name[..2]);
    let entry = export.beside(main, &format!("{path}.txt")).or_else(|| export.beside(main, &path))?;
    let mut text = Vec::new();
    export.read(entry).ok()?.take(MAX_TEXT + 1).read_to_end(&mut text).ok()?;
    let is_whole = text.len() as u64 <= MAX_TEXT && Sha256::digest(&text)[..] == hash[..];
    String::from_utf8(text).ok().filter(|_| is_whole)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
