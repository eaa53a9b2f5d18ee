#![doc = include_str!("../README.md")]

pub mod gguf;
pub mod tokenizer;
pub mod chat_template;

mod error;

pub use error::{Error, Result};
