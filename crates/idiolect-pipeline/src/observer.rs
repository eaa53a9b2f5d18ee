//! What a run tells whoever watches it: numbers for progress bars, never words.

use idiolect_provider::JobProgress;
use idiolect_registry::{Failure, ModelVersion, RunStep};
use jiff::Timestamp;

use crate::machine::Queue;

/// Watches a run. Called often and from several threads; it must return at once.
pub trait Observer: Send + Sync {
    fn notice(&self, notice: Notice<'_>);
}

#[derive(Debug)]
pub enum Notice<'a> {
    /// Messages kept up to now, and how far the reading is (0.0 to 1.0) where the source can tell.
    Extracting {
        kept: u64,
        fraction: Option<f32>,
    },
    /// A step has been recorded.
    Step {
        step: RunStep,
        version: &'a ModelVersion,
    },
    /// The provider takes no more jobs at a time; the run waits for its turn.
    Queued {
        queue: Queue,
        provider: &'a str,
    },
    Training(&'a JobProgress),
    /// The step did not succeed and is tried again then.
    Trouble {
        failure: &'a Failure,
        until: Timestamp,
    },
    /// The holdout is being scored with this model.
    Evaluating {
        model: &'a str,
        examples: u64,
    },
}

/// Watches nothing.
pub struct Silent;

impl Observer for Silent {
    fn notice(&self, _: Notice<'_>) {}
}
