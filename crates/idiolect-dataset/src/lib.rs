#![doc = include_str!("../README.md")]

mod message;
mod source;
mod window;

pub use message::Message;
pub use source::{ExtractionReport, MessageSource, MessageStream, Skipped, SourceError};
pub use window::{DEFAULT_WINDOW_DAYS, Window};
