//! What is fuzzed, as plain functions: each takes any bytes and panics where something is wrong.
//!
//! `cargo fuzz` calls them from `fuzz_targets/`, the program `smoke` from a loop of mutations on the stable toolchain.

pub mod seeds;
mod stores;
mod texts;

use idiolect_sources::fuzzing;

pub use stores::{FILE, exports, files, folders, messages_of};
pub use texts::{dataset, redaction, validator};

/// A body of chat.db: the text alone is what the whole archive says, and its parts can be taken out.
pub fn typedstream(data: &[u8]) {
    fuzzing::typedstream(data);
}

/// The property list of an edited message.
pub fn summary(data: &[u8]) {
    fuzzing::summary(data);
}
