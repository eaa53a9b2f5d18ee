//! The providers by name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use idiolect_pipeline::{Host, Hosts, Pace};
use idiolect_provider::{
    AfterSuccess, ChatProvider, Downloading, FineTuningProvider, Profile, ProfileBook, ProviderError,
};

use crate::hosted;
use crate::local::LocalOpener;
use crate::runner::LOCAL;

/// How often a local job is looked at.
const LOCAL_POLL_INTERVAL: Duration = Duration::from_millis(250);

/// So many times a call's limit is waited before it is looked for what creating a job did, which takes two calls: a look at its file
/// and the one that is paid for.
const SAFELY_OVER: f64 = 2.2;

/// Opens providers when they are first needed, and keeps them.
pub struct Providers {
    pub book: ProfileBook,
    pub local: LocalOpener,
    pub call_timeout: Duration,
    /// Of hosts that are far away.
    pub pace: Pace,
    pub opened: Mutex<BTreeMap<String, Arc<Host>>>,
}

impl Hosts for Providers {
    fn host(&self, provider: &str) -> Result<Arc<Host>, ProviderError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = opened.get(provider) {
            return Ok(host.clone());
        }
        let cannot = |reason: String| ProviderError::Internal { message: reason };
        let profile = self.book.get(provider).map_err(|error| cannot(error.to_string()))?.clone();
        let host = match provider == LOCAL {
            true => self.open_local(profile)?,
            false => self.open_hosted(profile)?,
        };
        let host = Arc::new(host);
        opened.insert(provider.to_owned(), host.clone());
        Ok(host)
    }
}

impl Providers {
    fn open_local(&self, profile: Profile) -> Result<Host, ProviderError> {
        let provider = self.local.open()?;
        Ok(Host {
            profile,
            training: provider.clone(),
            chat: provider.clone(),
            scorer: Some(provider),
            pace: self.pace.at_hand(LOCAL_POLL_INTERVAL),
            repost_delay: Duration::ZERO,
        })
    }

    /// Adapters that are downloaded are served here, which the base model has to be here for.
    fn open_hosted(&self, profile: Profile) -> Result<Host, ProviderError> {
        let client = Arc::new(hosted::open(&profile, self.call_timeout)?);
        let (training, chat): (Arc<dyn FineTuningProvider>, Arc<dyn ChatProvider>) = match profile.after_success {
            AfterSuccess::DownloadAdapter => {
                let local = self.local.open()?;
                (Arc::new(Downloading::new(client, local.shelf(&profile.name))), local)
            }
            AfterSuccess::None | AfterSuccess::Register => (client.clone(), client),
        };
        Ok(Host {
            profile,
            training,
            chat,
            scorer: None,
            pace: self.pace,
            repost_delay: self.call_timeout.mul_f64(SAFELY_OVER),
        })
    }
}
