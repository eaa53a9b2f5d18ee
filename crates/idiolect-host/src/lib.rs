#![doc = include_str!("../README.md")]

mod room;
mod router;
mod serve;
mod state;

mod access;
mod error;
mod log;

mod chat;
mod files;
mod jobs;
mod models;

mod job_body;
mod page;
mod upload;
mod wire;

pub use router::router;
pub use serve::{ServeError, serve};
pub use state::{Host, Settings};
