#![doc = include_str!("../README.md")]

mod chat_db;
mod error;
mod message;
mod typedstream;

pub use chat_db::{ChatDbCounts, ChatDbOptions, write_chat_db, write_chat_db_with};
pub use error::Error;
pub use message::{SampleMessage, sample_messages};

/// The sample person's name.
pub const PERSON: &str = "Wren Calloway";

/// The end of the 90-day window that holds every sample message (RFC 3339).
pub const WINDOW_END: &str = "2026-07-01T00:00:00+01:00";

/// All sample messages, sent and received, oldest first: one JSON object per line in the shape the NDJSON source reads.
pub const SAMPLE_NDJSON: &str = include_str!("../data/sample.ndjson");
