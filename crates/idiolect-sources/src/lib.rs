#![doc = include_str!("../README.md")]

mod detect;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile;
mod spec;

mod chat_db;
mod discord;
mod google_chat;
mod google_voice;
mod messenger;
mod ndjson;
mod readers;
mod signal;
mod slack;
mod sms_backup;
mod telegram;
mod whatsapp;

#[allow(dead_code, unused_imports, reason = "more readers are on their way")]
mod reading;
pub mod reason;

mod ahead;
#[allow(dead_code, unused_imports, reason = "more readers are on their way")]
mod export;
mod json;
mod typedstream;
mod xml;

pub use chat_db::ChatDb;
pub use detect::{Confidence, Detection, detect, detect_one, owner};
pub use ndjson::Ndjson;
pub use reading::{Candidate, Owner};
pub use spec::{SourceKind, SourceOptions, SourceSpec, SpecError, open};
