//! What can be made to go wrong, and the answers that it makes.

use std::time::Duration;

use serde_json::{Value, json};

/// The calls that the server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    UploadFile,
    ListFiles,
    GetFile,
    FileContent,
    DeleteFile,
    CreateJob,
    ListJobs,
    GetJob,
    CancelJob,
    ListCheckpoints,
    ListModels,
    GetModel,
    DeleteModel,
    /// Beside the versioned API, as Nebius has it.
    RegisterModel,
    ListRegistered,
    Chat,
}

/// How one call goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Oddity {
    /// Nothing is done: this status with this error object, and these headers.
    Refuse { status: u16, error: Value, headers: Vec<(&'static str, String)> },
    /// Nothing is done, and the connection is cut.
    CutBefore,
    /// The call takes effect, and the connection is cut before the answer.
    CutAfter,
    /// The call takes effect, and the answer breaks off in the middle.
    Truncated,
    /// The call takes effect, and the answer is this.
    Answer(Vec<u8>),
    /// The call takes effect and is answered after this time, of the real clock.
    Slow(Duration),
    /// Of a streamed chat: this many chunks come, then the connection is cut.
    CutAfterChunks(usize),
    /// Of a streamed chat: this many chunks come, then an error object.
    ErrorAfterChunks(usize),
}

impl Oddity {
    pub fn refuse(status: u16, kind: &str, code: Option<&str>, message: &str) -> Self {
        let error = json!({"message": message, "type": kind, "param": null, "code": code});
        Self::Refuse { status, error, headers: Vec::new() }
    }

    /// 429, with `retry-after` in seconds or without.
    pub fn rate_limited(retry_after: Option<u64>) -> Self {
        let Self::Refuse { status, error, .. } =
            Self::refuse(429, "requests", Some("rate_limit_exceeded"), "Rate limit reached for requests")
        else {
            unreachable!("a refusal is made")
        };
        let headers = retry_after.iter().map(|seconds| ("retry-after", seconds.to_string())).collect();
        Self::Refuse { status, error, headers }
    }

    /// 429 of the kind that no waiting helps.
    pub fn insufficient_quota() -> Self {
        let message = "You exceeded your current quota, please check your plan and billing details.";
        Self::refuse(429, "insufficient_quota", Some("insufficient_quota"), message)
    }

    pub fn server_error(status: u16) -> Self {
        Self::refuse(status, "server_error", None, "The server had an error while processing your request.")
    }

    /// What an account may get that is cut off from fine-tuning; the real answer is not known.
    pub fn closed(status: u16) -> Self {
        let message = "Fine-tuning is not available for this organization.";
        Self::refuse(status, "invalid_request_error", None, message)
    }
}
