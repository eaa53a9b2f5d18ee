//! What can go wrong at a provider, sorted by what the caller should do next.

use crate::Answer;

/// No variant carries anybody's words: what a provider says is kept as [`Answer`], which see.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("the request is not valid: {message}")]
    InvalidRequest { message: String, param: Option<String>, code: Option<String>, answer: Option<Box<Answer>> },
    #[error("line {line} of the training file breaks the rule {rule}")]
    InvalidTrainingFile { line: usize, rule: String },
    #[error("there is no {what} {id}")]
    NotFound { what: &'static str, id: String, answer: Option<Box<Answer>> },
    /// The key is wrong, missing or may not do this. Trying again is no use until somebody changes it.
    #[error("{message}")]
    NotAllowed { message: String, answer: Option<Box<Answer>> },
    /// Too many requests just now.
    #[error("the provider is busy; try again later")]
    RateLimited { retry_after_secs: Option<u64>, answer: Option<Box<Answer>> },
    /// Nothing works until somebody pays or raises a limit.
    #[error("the account at the provider has no quota left ({code}); add credit or raise the limit there")]
    QuotaExhausted { code: String, answer: Option<Box<Answer>> },
    /// The provider takes no new fine-tuning jobs from this account.
    #[error("{message}")]
    TrainingClosed { message: String, answer: Option<Box<Answer>> },
    /// Nothing was done, and the same call may succeed later.
    #[error("the provider is not available: {message}")]
    Unavailable { message: String, answer: Option<Box<Answer>> },
    /// A call that must not be sent twice may have taken effect: look before doing it again.
    #[error("{what} may have taken effect, which is looked up before it is done again: {message}")]
    Unconfirmed { what: &'static str, message: String, answer: Option<Box<Answer>> },
    #[error("{message}")]
    Internal { message: String },
}

impl ProviderError {
    pub fn invalid(param: Option<&str>, message: impl Into<String>) -> Self {
        Self::InvalidRequest { message: message.into(), param: param.map(Into::into), code: None, answer: None }
    }

    pub fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound { what, id: id.to_string(), answer: None }
    }

    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::Unavailable { message: message.into(), answer: None }
    }

    /// Whether the same call may succeed later without anybody changing anything. Of [`Unconfirmed`](Self::Unconfirmed) it
    /// may, but only after looking whether it has succeeded already.
    pub fn retryable(&self) -> bool {
        match self {
            Self::RateLimited { .. } | Self::Unavailable { .. } | Self::Unconfirmed { .. } => true,
            Self::InvalidRequest { .. }
            | Self::InvalidTrainingFile { .. }
            | Self::NotFound { .. }
            | Self::NotAllowed { .. }
            | Self::QuotaExhausted { .. }
            | Self::TrainingClosed { .. }
            | Self::Internal { .. } => false,
        }
    }

    /// Whether the call may have done something although it failed.
    pub fn may_have_taken_effect(&self) -> bool {
        matches!(self, Self::Unconfirmed { .. })
    }

    /// How long the provider asks to wait.
    pub fn retry_after_secs(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_secs: Some(seconds), .. } => Some(*seconds),
            _ => self.answer()?.retry_after_secs,
        }
    }

    /// What records and programs tell the errors apart by: the provider's own code where it gave one, else ours.
    pub fn code(&self) -> &str {
        let ours = match self {
            Self::QuotaExhausted { code, .. } => return code,
            Self::InvalidRequest { code: Some(code), .. } => return code,
            Self::InvalidRequest { .. } => "invalid_request",
            Self::InvalidTrainingFile { .. } => "invalid_training_file",
            Self::NotFound { what: "model", .. } => "model_not_found",
            Self::NotFound { .. } => "not_found",
            Self::NotAllowed { .. } => "not_allowed",
            Self::RateLimited { .. } => "rate_limit_exceeded",
            // Whatever the provider called it, the reason is known.
            Self::TrainingClosed { .. } => return "provider_closed",
            Self::Unavailable { .. } => "provider_unavailable",
            Self::Unconfirmed { .. } => "unconfirmed",
            Self::Internal { .. } => "internal_error",
        };
        self.answer().and_then(|answer| answer.code.as_deref()).unwrap_or(ours)
    }

    /// What the provider answered, if it did.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::InvalidRequest { answer, .. }
            | Self::NotFound { answer, .. }
            | Self::NotAllowed { answer, .. }
            | Self::RateLimited { answer, .. }
            | Self::QuotaExhausted { answer, .. }
            | Self::TrainingClosed { answer, .. }
            | Self::Unavailable { answer, .. }
            | Self::Unconfirmed { answer, .. } => answer.as_deref(),
            Self::InvalidTrainingFile { .. } | Self::Internal { .. } => None,
        }
    }

    /// The provider's name for the request, for its support.
    pub fn request_id(&self) -> Option<&str> {
        self.answer()?.request_id.as_deref()
    }
}
