//! What the gateway is built from. The binary fills this in; nothing here reads the environment.

use std::sync::Arc;
use std::time::Duration;

use idiolect_http::Hosts;
use idiolect_provider::{ChatProvider, ModelId};
use idiolect_registry::{Clock, MetadataStore};
use secrecy::SecretString;

use crate::auth::Authenticate;
use crate::metrics::MetricsPage;
use crate::personal::PersonalModels;
use crate::suspects::Suspects;
use crate::webhooks::Webhooks;

/// Whether the base model is loaded, asked by `/readyz`. The error is shown to whoever asks, so it names no secrets.
pub type BaseModelProbe = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// Everything that answering a request needs. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    pub auth: Arc<dyn Authenticate>,
    pub store: Arc<dyn MetadataStore>,
    /// Answers for the base model.
    pub chat: Arc<dyn ChatProvider>,
    /// The model that answers when there is no fine-tuned one.
    pub base_model: ModelId,
    /// The base model's first message when the client sent no system or developer message. Empty: none.
    pub fallback_system_prompt: String,
    pub personal: Arc<dyn PersonalModels>,
    pub base_model_probe: BaseModelProbe,
    pub clock: Arc<dyn Clock>,
    pub settings: Settings,
}

/// The gateway's limits, resolved.
#[derive(Clone, Debug)]
pub struct Settings {
    pub hosts: Hosts,
    /// Larger request bodies are refused with 413.
    pub max_body_bytes: usize,
    /// How long a whole answer may take, and in a stream how long each chunk may.
    pub request_timeout: Duration,
    /// How long answers under way may go on after the shutdown began.
    pub shutdown_grace: Duration,
    /// For a hosted base model: the key under which each request names its user, so that the host can tell users apart without
    /// knowing them. `None` sends nothing, as to a model on this machine.
    pub safety_key: Option<SecretString>,
    /// Who is told of models that their provider does not have. `None` asks such a model again with each chat.
    pub suspects: Option<Suspects>,
    /// What `GET /metrics` shows; `None` has no such page.
    pub metrics: Option<MetricsPage>,
    /// `None` answers no webhooks.
    pub webhooks: Option<Webhooks>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hosts: Hosts::LoopbackOnly,
            max_body_bytes: 1024 * 1024,
            request_timeout: Duration::from_secs(120),
            shutdown_grace: Duration::from_secs(10),
            safety_key: None,
            suspects: None,
            metrics: None,
            webhooks: None,
        }
    }
}
