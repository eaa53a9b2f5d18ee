//! One log line for each chat request: ids, counts and times, never anybody's words.

use std::time::Instant;

use idiolect_http::RequestId;
use idiolect_provider::Usage;
use idiolect_registry::UserId;

use crate::error::ApiError;
use crate::metrics;
use crate::served::Served;

/// The `tracing` target of the inference lines, for filters such as `RUST_LOG=idiolect::inference=info`.
pub const INFERENCE_TARGET: &str = "idiolect::inference";

/// Collects what the line says and writes it when dropped, so that a client that goes away is logged as well.
pub(crate) struct InferenceLine {
    request_id: RequestId,
    user_id: UserId,
    started: Instant,
    stream: bool,
    served: Option<Served>,
    usage: Option<Usage>,
    outcome: Outcome,
    error_code: Option<String>,
}

#[derive(Clone, Copy)]
enum Outcome {
    /// Nobody waited for the end. What a line says that is dropped before its answer is over.
    ClientGone,
    Ok,
    Error,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::ClientGone => "client_gone",
            Self::Ok => "ok",
            Self::Error => "error",
        }
    }
}

impl InferenceLine {
    pub(crate) fn start(request_id: RequestId, user_id: UserId) -> Self {
        Self {
            request_id,
            user_id,
            started: Instant::now(),
            stream: false,
            served: None,
            usage: None,
            outcome: Outcome::ClientGone,
            error_code: None,
        }
    }

    pub(crate) fn stream(&mut self, stream: bool) {
        self.stream = stream;
    }

    pub(crate) fn serve_with(&mut self, served: Served) {
        self.served = Some(served);
    }

    pub(crate) fn served(&self) -> Option<&Served> {
        self.served.as_ref()
    }

    pub(crate) fn usage(&mut self, usage: Option<Usage>) {
        self.usage = usage.or(self.usage);
    }

    pub(crate) fn succeeded(&mut self) {
        self.outcome = Outcome::Ok;
    }

    /// Failures of the server itself are explained in a line of their own.
    pub(crate) fn failed(&mut self, error: &ApiError) {
        self.outcome = Outcome::Error;
        self.error_code = Some(error.code().to_owned());
        if let Some(cause) = error.internal_cause() {
            tracing::error!(request_id = %self.request_id, user_id = %self.user_id, error = %cause, "a chat failed");
        }
    }

    /// The fine-tuned model could not answer and the base model is asked instead.
    pub(crate) fn fell_back(&self, model_id: &str, error: &ApiError) {
        tracing::warn!(
            request_id = %self.request_id,
            user_id = %self.user_id,
            model_id,
            %error,
            "the fine-tuned model is not available; the base model answers"
        );
    }
}

impl Drop for InferenceLine {
    fn drop(&mut self) {
        let served = self.served.as_ref();
        metrics::chat(served, self.outcome.as_str(), self.started.elapsed().as_secs_f64(), self.usage);
        tracing::info!(
            target: INFERENCE_TARGET,
            request_id = %self.request_id,
            user_id = %self.user_id,
            model_version = served.and_then(|s| s.version),
            model_id_used = served.map(|s| s.model_id.as_str()),
            fallback_reason = served.and_then(|s| s.fallback_reason).map(|reason| reason.as_str()),
            latency_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            prompt_tokens = self.usage.map(|usage| usage.prompt_tokens),
            completion_tokens = self.usage.map(|usage| usage.completion_tokens),
            stream = self.stream,
            outcome = self.outcome.as_str(),
            error_code = self.error_code.as_deref(),
            "inference"
        );
    }
}
