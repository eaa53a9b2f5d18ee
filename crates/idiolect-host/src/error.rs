//! The one HTTP error type, told to clients as a [`Refusal`].

use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use idiolect_http::{Refusal, RequestError};
use idiolect_provider::ProviderError;
use serde_json::Value;

/// Whatever a client can be refused with. No variant holds the words of a training file or a conversation.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(
        "the API key is not known; use the one that `idiolect provider` printed at its first start, \
         or make another with `idiolect provider --new-key`"
    )]
    InvalidKey,
    #[error(
        "there is nothing at {method} {path}; see /v1/files, /v1/fine_tuning/jobs, /v1/models and /v1/chat/completions"
    )]
    UnknownUrl { method: Method, path: String },
    #[error(
        "the training files kept here would take more than {limit_bytes} bytes together; delete some with DELETE /v1/files/{{id}}, \
         or upload them with expires_after"
    )]
    NoRoom { limit_bytes: u64 },
    #[error("nothing came for {seconds} s; try again")]
    Timeout { seconds: u64 },
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

/// Why the server itself failed, for its log alone.
#[derive(Clone)]
pub(crate) struct Cause(pub(crate) String);

impl ApiError {
    pub(crate) async fn unknown_url(method: Method, uri: Uri) -> Self {
        Self::UnknownUrl { method, path: uri.path().to_owned() }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Request(error) => error.refusal().status,
            Self::InvalidKey => StatusCode::UNAUTHORIZED,
            Self::UnknownUrl { .. } => StatusCode::NOT_FOUND,
            Self::NoRoom { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Timeout { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::Provider(error) => match error {
                ProviderError::InvalidRequest { .. } | ProviderError::InvalidTrainingFile { .. } => {
                    StatusCode::BAD_REQUEST
                }
                ProviderError::NotFound { .. } => StatusCode::NOT_FOUND,
                ProviderError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
                ProviderError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }

    /// What a program tells the errors apart by.
    fn code(&self) -> &str {
        match self {
            Self::Request(error) => error.refusal().code,
            Self::InvalidKey => "invalid_api_key",
            Self::UnknownUrl { .. } => "unknown_url",
            Self::NoRoom { .. } => "storage_limit_exceeded",
            Self::Timeout { .. } => "timeout",
            Self::Provider(error) => match error {
                ProviderError::InvalidRequest { code, .. } => code.as_deref().unwrap_or("invalid_value"),
                ProviderError::InvalidTrainingFile { .. } => "invalid_training_file",
                ProviderError::NotFound { what, .. } => match *what {
                    "file" => "file_not_found",
                    "model" => "model_not_found",
                    _ => "fine_tune_not_found",
                },
                ProviderError::RateLimited { .. } => "rate_limit_exceeded",
                ProviderError::Unavailable { .. } => "service_unavailable",
                _ => "internal_error",
            },
        }
    }

    fn param(&self) -> Option<&str> {
        match self {
            Self::Request(error) => error.refusal().param,
            Self::Provider(ProviderError::InvalidRequest { param, .. }) => param.as_deref(),
            Self::Provider(ProviderError::NotFound { what: "model", .. }) => Some("model"),
            _ => None,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Provider(_) if self.status() == StatusCode::INTERNAL_SERVER_ERROR => {
                "the provider failed; its log says why, under the x-request-id of this answer".to_owned()
            }
            error => error.to_string(),
        }
    }

    /// The JSON body, which is also what a broken stream ends with.
    pub(crate) fn to_json(&self) -> Value {
        self.refusal().to_json()
    }

    fn refusal(&self) -> Refusal<'_> {
        let retry_after_secs = match self {
            Self::Provider(error) => error.retry_after_secs(),
            _ => None,
        };
        Refusal {
            status: self.status(),
            message: self.message(),
            param: self.param(),
            code: self.code(),
            retry_after_secs,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.refusal().into_response();
        if response.status().is_server_error() {
            response.extensions_mut().insert(Cause(self.to_string()));
        }
        response
    }
}
