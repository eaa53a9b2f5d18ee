#![doc = include_str!("../README.md")]

mod build;
mod daily;
mod engine;
mod error;
mod evaluate;
#[cfg(feature = "fault-points")]
mod fault;
mod host;
mod machine;
pub mod metrics;
mod observer;
mod plan;
mod retirement;
mod seam;

pub use build::{BuildFailure, OpenSource, build_dataset, count_messages};
pub use daily::{DailyReport, sleep_until};
pub use engine::{Driven, EmbeddedEngine, EmbeddedSettings, drive, sweep};
pub use error::PipelineError;
pub use evaluate::{AskConsent, Contenders, Unmeasured, absent, evaluate, may_activate};
#[cfg(feature = "fault-points")]
pub use fault::{FAULT_CALLS, with_fault_points};
pub use host::{Host, Hosts};
pub use machine::{Queue, SampleReply, Standing, TROUBLE, TrainingMachine, revoke_consent, training_file_name};
pub use observer::{Notice, Observer, Silent};
pub use plan::{Cadence, Limits, Pace, Plan, RunSettings, Successor};
pub use retirement::{RetirementReport, WARNED_AT_DAYS, days_left};
pub use seam::{Engine, EngineError, Machine, Next};
