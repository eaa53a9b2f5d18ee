//! The one HTTP error type, told to clients as a [`Refusal`].

use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use idiolect_http::{Refusal, RequestError};
use idiolect_provider::ProviderError;
use idiolect_provider::webhook::WebhookRefused;
use idiolect_registry::StoreError;
use serde_json::Value;

/// Whatever a client can be refused with. No variant holds message text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(
        "the API key is not known; use the one that `idiolect serve` printed at its first start, \
         or make another with `idiolect serve --new-key`"
    )]
    InvalidKey,
    #[error("there is nothing at {method} {path}; see /v1/chat/completions, /v1/models, /healthz and /readyz")]
    UnknownUrl { method: Method, path: String },
    #[error("the webhook is refused: {0}")]
    WebhookRefused(#[from] WebhookRefused),
    #[error("there is no model {model:?}; use \"personal\" (the default), \"base\" or an id that GET /v1/models lists")]
    UnknownModel { model: String },
    #[error("consent was taken back while this was answered; ask again, and the base model answers")]
    ConsentRevoked,
    #[error("the model did not answer within {seconds} s; ask for fewer tokens or try again later")]
    Timeout { seconds: u64 },
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ApiError {
    pub(crate) async fn unknown_url(method: Method, uri: Uri) -> Self {
        Self::UnknownUrl { method, path: uri.path().to_owned() }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Request(error) => error.refusal().status,
            Self::InvalidKey => StatusCode::UNAUTHORIZED,
            Self::WebhookRefused(WebhookRefused::BadSecret) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::WebhookRefused(WebhookRefused::Malformed) => StatusCode::BAD_REQUEST,
            Self::WebhookRefused(_) => StatusCode::UNAUTHORIZED,
            Self::UnknownUrl { .. } | Self::UnknownModel { .. } => StatusCode::NOT_FOUND,
            Self::ConsentRevoked => StatusCode::FORBIDDEN,
            Self::Timeout { .. } => StatusCode::GATEWAY_TIMEOUT,
            Self::Provider(error) => match error {
                ProviderError::InvalidRequest { .. } => StatusCode::BAD_REQUEST,
                ProviderError::NotFound { .. } => StatusCode::NOT_FOUND,
                ProviderError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
                ProviderError::Unavailable { .. } | ProviderError::QuotaExhausted { .. } => {
                    StatusCode::SERVICE_UNAVAILABLE
                }
                ProviderError::InvalidTrainingFile { .. }
                | ProviderError::NotAllowed { .. }
                | ProviderError::TrainingClosed { .. }
                | ProviderError::Unconfirmed { .. }
                | ProviderError::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Store(StoreError::Conflict { .. } | StoreError::Unavailable { .. }) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Store(StoreError::Corrupt { .. }) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a program tells the errors apart by; also the `error_code` of the inference log.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Request(error) => error.refusal().code,
            Self::InvalidKey => "invalid_api_key",
            Self::WebhookRefused(_) => "invalid_webhook",
            Self::UnknownUrl { .. } => "unknown_url",
            Self::UnknownModel { .. } => "model_not_found",
            Self::ConsentRevoked => "consent_revoked",
            Self::Timeout { .. } => "timeout",
            Self::Provider(error) => match error {
                ProviderError::InvalidRequest { code, .. } => code.as_deref().unwrap_or("invalid_value"),
                ProviderError::NotFound { .. } => "model_not_found",
                ProviderError::RateLimited { .. } => "rate_limit_exceeded",
                ProviderError::Unavailable { .. } | ProviderError::QuotaExhausted { .. } => "service_unavailable",
                ProviderError::InvalidTrainingFile { .. }
                | ProviderError::NotAllowed { .. }
                | ProviderError::TrainingClosed { .. }
                | ProviderError::Unconfirmed { .. }
                | ProviderError::Internal { .. } => "internal_error",
            },
            Self::Store(StoreError::Conflict { .. } | StoreError::Unavailable { .. }) => "service_unavailable",
            Self::Store(StoreError::Corrupt { .. }) => "internal_error",
        }
    }

    fn param(&self) -> Option<&str> {
        match self {
            Self::Request(error) => error.refusal().param,
            Self::UnknownModel { .. } => Some("model"),
            Self::Provider(ProviderError::InvalidRequest { param, .. }) => param.as_deref(),
            _ => None,
        }
    }

    /// Why the server itself failed: paths and inner causes, for its log alone.
    pub(crate) fn internal_cause(&self) -> Option<&dyn std::error::Error> {
        match self {
            Self::Store(error) => Some(error),
            Self::Provider(error) if self.status().is_server_error() => Some(error),
            _ => None,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Store(_) => "the metadata store could not be read; the server's log says why, \
                               under the x-request-id of this answer"
                .to_owned(),
            Self::Provider(_) if self.status() == StatusCode::INTERNAL_SERVER_ERROR => {
                "the model failed; the server's log says why, under the x-request-id of this answer".to_owned()
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
        self.refusal().into_response()
    }
}
