#![doc = include_str!("../README.md")]

mod clock;
mod fake_provider;
mod tiny_model;

pub use clock::FakeClock;
pub use fake_provider::{Call, FakeProvider, Fault, JobOutcome, JobScript, Method, check_training_file};
pub use tiny_model::{tiny_model, write_tiny_model};
