//! What can go wrong at a provider, sorted by what the caller should do next.

/// No variant carries message text: a provider that echoes its input in an error is quoted by code only.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("the request is not valid: {message}")]
    InvalidRequest { message: String, param: Option<String>, code: Option<String> },
    #[error("line {line} of the training file breaks the rule {rule}")]
    InvalidTrainingFile { line: usize, rule: String },
    #[error("there is no {what} {id}")]
    NotFound { what: &'static str, id: String },
    #[error("the provider is busy; try again later")]
    RateLimited { retry_after_secs: Option<u64> },
    #[error("the provider is not available: {message}")]
    Unavailable { message: String },
    #[error("{message}")]
    Internal { message: String },
}

impl ProviderError {
    /// Whether the same call may succeed later without anybody changing anything.
    pub fn retryable(&self) -> bool {
        match self {
            Self::RateLimited { .. } | Self::Unavailable { .. } => true,
            Self::InvalidRequest { .. }
            | Self::InvalidTrainingFile { .. }
            | Self::NotFound { .. }
            | Self::Internal { .. } => false,
        }
    }
}
