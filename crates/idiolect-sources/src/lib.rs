#![doc = include_str!("../README.md")]

mod conversations;
mod detect;
#[cfg(test)]
mod fixture;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(test)]
mod hostile;
#[cfg(any(test, feature = "fuzzing"))]
mod samples;
mod spec;

mod bridge;
mod chat_db;
mod csv;
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

mod reading;
pub mod reason;

mod ahead;
mod dates;
mod digits;
mod export;
mod json;
mod typedstream;
mod xml;

pub use bridge::{BridgeOptions, shown_url};
pub use chat_db::remove_copies;
pub use conversations::Conversations;
pub use csv::{CsvOptionError, CsvOptions};
pub use detect::{Confidence, Detection, detect, detect_one, owner};
pub use json::escapes::repaired as repaired_json;
pub use reading::{Candidate, Owner};
pub use spec::{SourceKind, SourceOptions, SourceSpec, SpecError, open};
