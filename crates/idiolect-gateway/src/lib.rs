#![doc = include_str!("../README.md")]

mod router;
mod state;

mod auth;
mod body;
mod chat;
mod error;
mod health;
mod log;
pub mod metrics;
mod models;
mod permission;
mod personal;
mod prompt;
mod safety;
mod served;
mod sse;
mod suspects;
mod webhooks;

pub use auth::{Authenticate, InvalidKey, LocalKey};
pub use log::INFERENCE_TARGET;
pub use personal::{Answering, PersonalModels};
pub use prompt::{PromptStyle, Wrap};
pub use router::{router, serve};
pub use state::{BaseModelProbe, Gateway, Settings};
pub use suspects::{LookAtModel, Looked, Suspected, Suspects};
pub use webhooks::{JobEndedHook, Webhooks};
