#![doc = include_str!("../README.md")]

mod chat;
mod error;
mod fine_tuning;
mod ids;
mod score;

pub use chat::{ChatChunk, ChatCompletion, ChatMessage, ChatProvider, ChatRequest, ChatStream, Usage};
pub use error::ProviderError;
pub use fine_tuning::{
    CreateJob, FineTuningJob, FineTuningProvider, Hyperparameters, JobFailure, JobProgress, JobStatus, Upload,
    UploadedFile,
};
pub use ids::{FileId, JobId, ModelId};
pub use score::{Score, Scorer};
