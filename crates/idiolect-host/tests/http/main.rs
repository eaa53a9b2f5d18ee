//! The server over the local provider with a tiny model, as HTTP clients meet it.

#![allow(clippy::unwrap_used, reason = "helpers of tests, where a panic is the report")]

mod bench;
mod chat_and_models;
mod errors;
mod fine_tuning;
mod our_client;
mod uploads;
