#![doc = include_str!("../README.md")]

mod answer;
mod chat;
mod error;
mod fine_tuning;
mod host;
mod ids;
mod openai;
mod poll;
mod probe;
mod profile;
mod protocol;
mod score;
mod shelf;
pub mod webhook;

pub use answer::{Answer, quotable};
pub use chat::{ChatChunk, ChatCompletion, ChatMessage, ChatProvider, ChatRequest, ChatStream, Usage};
pub use error::ProviderError;
pub use fine_tuning::{
    CreateJob, Deleted, FineTuningJob, FineTuningProvider, Hyperparameters, JobFailure, JobProgress, JobStatus,
    ModelInfo, Servable, Upload, UploadedFile, jobs_of_run,
};
pub use host::{
    EventKind, EventLevel, FileContent, FineTuningHost, HostedFile, HostedJob, IncomingFile, JobCheckpoint, JobEvent,
};
pub use ids::{FileId, JobId, ModelId};
pub use openai::{Credentials, OpenAiProvider, Pause, Surroundings};
pub use poll::PollPace;
pub use probe::{Probe, probe};
pub use profile::{
    AfterSuccess, Auth, BaseModel, ChatDialect, HyperparameterDialect, Labels, Open, Place, Price, Profile,
    ProfileBook, ProfileError, TrainingClosed,
};
pub use score::{Score, Scorer};
pub use shelf::{AdapterShelf, Downloading, HeldAdapter, IncomingAdapter};
