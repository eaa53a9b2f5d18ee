#![doc = include_str!("../README.md")]

pub mod catalog;
pub mod gguf;
pub mod tokenizer;
pub mod chat_template;

mod config;
mod error;
mod kernels;
mod lora;
mod model;
mod packing;
mod random;
#[cfg(test)]
mod testing;
mod weights;

pub use config::Config;
pub use error::{Error, Result};
pub use kernels::Precision;
pub use lora::{Lora, LoraConfig, Projection};
pub use model::Llama;
pub use packing::Example;
pub use weights::TensorSource;
