#![doc = include_str!("../README.md")]

mod spec;

mod chat_db;
mod ndjson;
pub mod reason;

mod typedstream;

pub use chat_db::ChatDb;
pub use ndjson::Ndjson;
pub use spec::{SourceKind, SourceOptions, SourceSpec, SpecError, open};
