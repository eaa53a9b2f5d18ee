#![doc = include_str!("../README.md")]

mod look;
mod message;
mod source;
mod window;
mod word_set;

mod clean;
pub mod redact;

mod dedupe;
mod key;
mod tokens;

pub mod intent;
pub mod neutral;
pub mod prompt;

mod blocks;
mod builder;
mod burst;
mod caps;
mod days;
mod error;
mod example;
mod held;
mod jsonl;
mod manifest;
pub mod picture;
mod reading;
pub mod report;
mod sent;
mod split;
pub mod validate;

pub use builder::{Dataset, DatasetBuilder, DatasetSettings};
pub use caps::{CapSettings, Choice, MAX_FILE_BYTES, UnknownChoice};
pub use clean::{CleanSettings, is_texted_reaction};
pub use days::{Day, Days};
pub use dedupe::DedupeSettings;
pub use error::{BuildError, RedactionError};
pub use example::Example;
pub use jsonl::TrainingFile;
pub use manifest::{DropCounts, FormCounts, Manifest, PromptCounts, RedactionCounts, TokenCounts};
pub use message::Message;
pub use prompt::Strategy;
pub use redact::{KindSet, Ledger, PiiKind, RedactedText, RedactionSettings, Redactor, Region, Span};
pub use source::{ExtractionReport, MessageSource, MessageStream, Skipped, SourceError};
pub use split::{Holdout, SplitSettings};
pub use tokens::count_tokens;
pub use validate::{ValidationError, Validator, validate_training_file};
pub use window::{DEFAULT_WINDOW_DAYS, Window};
