//! `idiolect serve`: the OpenAI-compatible API on this machine, for one user.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use idiolect_gateway::{Gateway, LocalKey, Settings, bind_loopback, serve};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::cli::Serve;
use crate::context::Context;
use crate::exit::Exit;
use crate::files::{read_if_there, write_private};
use crate::interrupt::watch_for_interrupt;
use crate::serving::{prompt_style, serving};

pub async fn run(app: &Context, flags: &Serve) -> Result<Exit> {
    let user = app.user(&flags.user).await?;
    let listener = bind_loopback(flags.port.unwrap_or(app.settings.serve.port)).await?;
    let address = listener.local_addr().context("the address that is listened on cannot be read")?;
    let serving = serving(app, &user).await?;
    let key = local_key(app, &user.user_id.to_string(), flags.new_key)?;
    let gateway = Gateway {
        auth: Arc::new(key.verifier(user.user_id.clone())),
        store: app.store()?.clone(),
        chat: serving.chat,
        base_model: serving.base_model,
        prompts: prompt_style(app, &user).await?,
        // A local provider is opened with its base model in memory, before the first request can come.
        base_model_probe: Arc::new(|| Ok(())),
        clock: Arc::new(idiolect_registry::SystemClock),
        settings: Settings {
            shutdown_grace: Duration::from_secs(3),
            safety_key: serving.safety_key,
            ..Settings::default()
        },
    };
    app.output.note(format!("serving {} at http://{address}/v1 (Ctrl-C stops, twice at once)", user.user_id));
    if let LocalApiKey::New(key) = &key {
        app.output.note("the API key, shown this once (`idiolect serve --new-key` makes another):");
        app.output.line(key);
    }
    let mut stop = watch_for_interrupt()?;
    let stopped = async move {
        // A closed channel cannot ask any more; then only the end of the process stops the server.
        if stop.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    serve(listener, gateway, stopped).await.context("the server failed")?;
    Ok(Exit::Done)
}

/// The key of local mode. Its hash is kept, the key itself is not.
enum LocalApiKey {
    /// Made just now; it must be shown, for nobody can read it back.
    New(String),
    /// Given by the settings.
    Given(String),
    /// Made at an earlier start.
    Hash([u8; 32]),
}

impl LocalApiKey {
    fn verifier(&self, user: idiolect_registry::UserId) -> LocalKey {
        match self {
            Self::New(key) | Self::Given(key) => LocalKey::new(&SecretString::from(key.as_str()), user),
            Self::Hash(hash) => LocalKey::from_sha256(*hash, user),
        }
    }
}

fn local_key(app: &Context, user: &str, new: bool) -> Result<LocalApiKey> {
    let given = &app.settings.serve.api_key;
    if !given.is_empty() {
        return Ok(LocalApiKey::Given(given.clone()));
    }
    let path = app.settings.data_dir.join(format!("api-key-{user}.sha256"));
    if !new && let Some(stored) = read_if_there(&path)? {
        let hash = unhex(stored.trim()).with_context(|| {
            format!("{}: does not hold a SHA-256; `idiolect serve --new-key` makes a new key", path.display())
        })?;
        return Ok(LocalApiKey::Hash(hash));
    }
    let mut random = [0_u8; 24];
    getrandom::fill(&mut random).context("the system gives no random bytes")?;
    let key = format!("sk-idiolect-{}", hex(&random));
    write_private(&path, hex(&Sha256::digest(&key)).as_bytes())?;
    Ok(LocalApiKey::New(key))
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
