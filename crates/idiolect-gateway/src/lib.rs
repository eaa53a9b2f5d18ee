#![doc = include_str!("../README.md")]

mod router;
mod serve;
mod state;

mod auth;
mod body;
mod chat;
mod error;
mod health;
mod host;
mod log;
pub mod metrics;
mod models;
mod prompt;
mod request_id;
mod safety;
mod served;
mod sse;
mod suspects;
mod webhooks;

pub use auth::{Authenticate, InvalidKey, LocalKey};
pub use host::Hosts;
pub use log::INFERENCE_TARGET;
pub use prompt::{PromptStyle, Wrap};
pub use router::router;
pub use serve::{BindError, bind_loopback, serve};
pub use state::{BaseModelProbe, Gateway, Settings};
pub use suspects::{LookAtModel, Looked, Suspected, Suspects};
pub use webhooks::{JobEndedHook, Webhooks};
