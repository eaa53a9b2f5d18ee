#![doc = include_str!("../README.md")]

pub mod catalog;
pub mod chat_template;
pub mod gguf;
pub mod tokenizer;

mod adapter;
mod checkpoint;
mod config;
mod durable;
mod error;
mod generate;
mod kernels;
mod local;
mod lora;
mod model;
mod optimizer;
mod packing;
mod random;
mod recipe;
mod score;
#[cfg(test)]
mod testing;
mod training;
mod weights;

pub use adapter::{load_adapter, save_adapter};
pub use checkpoint::{load_checkpoint, save_checkpoint};
pub use config::Config;
pub use error::{Error, Result};
pub use generate::{Finish, Generated, Generator, Request, Sampling};
pub use kernels::Precision;
pub use local::{LocalProvider, LocalSettings, delete_training_files};
pub use lora::{Lora, LoraConfig, Projection};
pub use model::Llama;
pub use packing::Example;
pub use recipe::Recipe;
pub use score::{Score, logits, score};
pub use training::{Observer, Outcome, Progress, Training, TrainingState};
pub use weights::TensorSource;
