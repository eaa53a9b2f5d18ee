//! The providers that runs train at and answer from, by the name that run records keep.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use idiolect_provider::{AfterSuccess, ChatProvider, FineTuningProvider, ModelId, Profile, ProviderError, Scorer};
use idiolect_registry::Usd;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::plan::Pace;

/// One provider with what is known of it.
#[derive(Clone)]
pub struct Host {
    /// Prices, limits, end dates.
    pub profile: Profile,
    pub training: Arc<dyn FineTuningProvider>,
    pub chat: Arc<dyn ChatProvider>,
    /// Present when the provider can score text in this process.
    pub scorer: Option<Arc<dyn Scorer>>,
    /// How often and for how long it is asked.
    pub pace: Pace,
    /// After a create call of unknown outcome, before it is looked for once more and then made again. Longer than any such
    /// call to this host may take, with the look at the file before it; nothing in this process. Both are the host's and no settings of the moment's, because a run
    /// goes on where it was begun.
    pub repost_delay: Duration,
}

/// Finds providers by name. A run goes on at the provider it was begun at, whatever the settings say by then.
pub trait Hosts: Send + Sync {
    fn host(&self, provider: &str) -> Result<Arc<Host>, ProviderError>;
}

impl Hosts for BTreeMap<String, Arc<Host>> {
    fn host(&self, provider: &str) -> Result<Arc<Host>, ProviderError> {
        self.get(provider).cloned().ok_or_else(|| ProviderError::Internal {
            message: format!("the provider {provider} is not set up here; `idiolect providers list` shows what is"),
        })
    }
}

impl Host {
    /// What training on so many tokens costs, all epochs together: nothing in this process, `None` without a known price.
    pub fn training_cost(&self, base_model: &str, trained_tokens: u64) -> Option<Usd> {
        self.profile.training_usd(&ModelId::new(base_model), trained_tokens).and_then(Usd::from_dollars)
    }

    /// Whether what was trained here ends with its base model here. An adapter that was downloaded has left.
    pub fn models_end_with_their_base(&self) -> bool {
        self.profile.after_success != AfterSuccess::DownloadAdapter
    }

    /// When what was trained on this base model ends, as far as the profile knows.
    pub fn retires_at(&self, base_model: &str) -> Option<Timestamp> {
        if !self.models_end_with_their_base() {
            return None;
        }
        let date = self.profile.shutdown_date(&ModelId::new(base_model))?;
        date.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
    }
}
