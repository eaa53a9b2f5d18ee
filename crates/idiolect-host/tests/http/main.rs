//! The server over the local provider with a tiny model, as HTTP clients meet it.

mod bench;
mod chat_and_models;
mod errors;
mod fine_tuning;
mod uploads;
