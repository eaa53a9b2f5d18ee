#![doc = include_str!("../README.md")]

mod connection;
mod engine;

mod worker;
mod workflow;

pub use connection::{TemporalSettings, TlsFiles};
pub use engine::TemporalEngine;
