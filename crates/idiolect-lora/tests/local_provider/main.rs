//! The local provider as a whole, on the tiny model: through its ports, over process ends, and from two processes at once.

#![allow(clippy::unwrap_used, reason = "the helpers of tests, too, fail by panicking")]

mod bench;
mod chat;
mod contract;
mod real_model;
mod recovery;
mod scoring;
mod training;
