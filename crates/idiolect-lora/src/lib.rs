#![doc = include_str!("../README.md")]

pub mod gguf;

mod error;

pub use error::{Error, Result};
