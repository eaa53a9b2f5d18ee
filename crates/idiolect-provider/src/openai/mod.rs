//! The OpenAI protocol over HTTP, driven by a [`Profile`].

mod call;
mod chat;
mod fine_tuning;
mod http;
mod refusal;
mod request;
mod results;
mod retry;
mod serving;

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::{Profile, ProviderError};
use http::Http;

/// `FineTuningProvider` and `ChatProvider` of one host. Share it in an `Arc`; connections are kept and reused.
pub struct OpenAiProvider {
    profile: Profile,
    http: Http,
    around: Surroundings,
}

/// What opens the host's door. The binary reads it from the environment variables that the profile names.
#[derive(Clone, Default)]
pub struct Credentials {
    pub key: Option<SecretString>,
    /// Values of the profile's `header_env`, by header name.
    pub headers: BTreeMap<String, String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.keys().collect();
        f.debug_struct("Credentials").field("key", &self.key.is_some()).field("headers", &names).finish()
    }
}

/// Waits that long; a test's returns at once and moves its clock.
pub type Pause = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Time and chance, which are inputs, and the limits of one call.
#[derive(Clone)]
pub struct Surroundings {
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub pause: Pause,
    /// From 0 to below 1.
    pub random: Arc<dyn Fn() -> f64 + Send + Sync>,
    pub connect_timeout: Duration,
    /// Of a whole call, body included; of a stream, up to its first byte and between any two.
    pub timeout: Duration,
    /// How long a file may be "being processed" before the run gives it up.
    pub file_deadline: Duration,
}

impl Default for Surroundings {
    /// The real ones, with the limits of OpenAI's own SDK.
    fn default() -> Self {
        Self {
            now: Arc::new(Timestamp::now),
            pause: Arc::new(|time| Box::pin(tokio::time::sleep(time))),
            random: Arc::new(random),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(600),
            file_deadline: Duration::from_secs(30 * 60),
        }
    }
}

/// For jitter: without randomness from the system all waits are merely the same length.
fn random() -> f64 {
    let mut bytes = [0_u8; 4];
    if getrandom::fill(&mut bytes).is_err() {
        return 0.5;
    }
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}

impl OpenAiProvider {
    /// Refused when the profile has no address, or no key where it needs one.
    pub fn new(profile: Profile, credentials: &Credentials, around: Surroundings) -> Result<Self, ProviderError> {
        let http = Http::new(&profile, credentials, &around)?;
        Ok(Self { profile, http, around })
    }

    pub fn profile(&self) -> &Profile {
        &self.profile
    }
}

impl fmt::Debug for OpenAiProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAiProvider").field("profile", &self.profile.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
