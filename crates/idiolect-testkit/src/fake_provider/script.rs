//! What a test can tell the fake provider to do, and see that it was asked to.

use std::fmt;

/// The calls that a test can look for or make fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    UploadFile,
    FindFiles,
    DeleteFile,
    CreateJob,
    Job,
    FindJobs,
    CancelJob,
    MakeServable,
    DeleteModel,
    DeleteResults,
    ForgetJob,
    Models,
    Model,
    Complete,
    Stream,
    Score,
}

/// One call: what was called, and the name or id that it was about. Never content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub method: Method,
    pub subject: String,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.method, self.subject)
    }
}

/// How one call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is done; the provider is not available, which is retryable.
    Unavailable,
    /// Nothing is done; the provider is busy, which is retryable.
    RateLimited,
    /// Nothing is done and trying again is no use.
    Refused,
    /// Nothing is done because something is broken over there, such as the model itself.
    Broken,
    /// The call takes effect and then the connection is cut, so that the caller sees `Unavailable`. Of a stream, the
    /// first two chunks arrive.
    CutAfter,
    /// Of a stream: it opens, and its first item is an error.
    CutBeforeFirstChunk,
}

/// How a job goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobScript {
    /// The poll that finds the job ended; at least 1.
    pub ends_at_poll: u32,
    pub outcome: JobOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    Succeeds,
    /// `succeeded`, and no model in the answer.
    SucceedsWithoutModel,
    Fails {
        code: String,
        message: String,
    },
    /// Cancelled at the provider, by nobody here.
    Cancelled,
}

impl JobScript {
    pub fn succeeds_at_poll(poll: u32) -> Self {
        Self { ends_at_poll: poll.max(1), outcome: JobOutcome::Succeeds }
    }

    pub fn fails(code: &str) -> Self {
        let message = format!("scripted failure {code}");
        Self { ends_at_poll: 1, outcome: JobOutcome::Fails { code: code.into(), message } }
    }

    pub fn cancelled() -> Self {
        Self { ends_at_poll: 1, outcome: JobOutcome::Cancelled }
    }

    pub fn succeeds_without_model() -> Self {
        Self { ends_at_poll: 1, outcome: JobOutcome::SucceedsWithoutModel }
    }
}

impl Default for JobScript {
    /// Seen queued once and running once before it succeeds.
    fn default() -> Self {
        Self::succeeds_at_poll(3)
    }
}

/// Calls that go wrong at random, the same ones each time.
pub(super) struct Chance {
    share: f64,
    state: u64,
    methods: Vec<Method>,
    pub(super) failed: usize,
}

impl Chance {
    pub(super) fn new(share: f64, seed: u64, methods: &[Method]) -> Self {
        Self { share, state: seed, methods: methods.to_vec(), failed: 0 }
    }

    /// SplitMix64.
    fn next(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// How this call goes wrong, if it does.
    pub(super) fn strike(&mut self, method: Method) -> Option<Fault> {
        if !self.methods.contains(&method) || self.next() >= self.share {
            return None;
        }
        self.failed += 1;
        Some(if self.next() < 0.5 { Fault::Unavailable } else { Fault::CutAfter })
    }
}
