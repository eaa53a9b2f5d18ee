#![doc = include_str!("../README.md")]

mod build;
mod engine;
mod error;
mod evaluate;
mod fault;
mod machine;
mod observer;
mod seam;

pub use build::{BuildFailure, OpenSource, build_dataset};
pub use engine::{Driven, drive};
pub use error::PipelineError;
pub use evaluate::{Contenders, absent, evaluate, may_activate};
pub use machine::{RunSettings, TrainingMachine, training_file_name};
pub use observer::{Notice, Observer, Silent};
pub use seam::{Engine, EngineError, Machine, Next};
