//! The HTTP client against the fake server, and both fakes against the contract that real providers pass.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "test helpers may")]

mod contract;
mod examples;
mod money;
mod oddities;
mod schemas;
mod serving;
mod streams;
mod strictness;
mod support;
