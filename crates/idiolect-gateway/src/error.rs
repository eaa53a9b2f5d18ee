//! The one HTTP error type. It speaks OpenAI's JSON, `{"error": {"message", "type", "param", "code"}}`, so that the official
//! clients raise their own exceptions for it.

use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use idiolect_provider::ProviderError;
use idiolect_provider::webhook::WebhookRefused;
use idiolect_registry::StoreError;
use serde_json::{Value, json};

/// Whatever a client can be refused with. No variant holds message text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("no API key was sent; send it in the header `Authorization: Bearer <key>`")]
    MissingKey,
    #[error(
        "the API key is not known; use the one that `idiolect serve` printed at its first start, \
         or make another with `idiolect serve --new-key`"
    )]
    InvalidKey,
    #[error("this Host header is not answered here; address the server as localhost or 127.0.0.1")]
    HostNotAllowed,
    #[error("there is nothing at {method} {path}; see /v1/chat/completions, /v1/models, /healthz and /readyz")]
    UnknownUrl { method: Method, path: String },
    #[error("{path} does not take {method}; see the Allow header for what it takes")]
    MethodNotAllowed { method: Method, path: String },
    #[error("the request body is larger than {limit_bytes} bytes; send fewer or shorter messages")]
    BodyTooLarge { limit_bytes: usize },
    #[error("the request body could not be read to its end; send it again")]
    BodyUnreadable,
    #[error("the request body is not JSON: {reason} at line {line}, column {column}")]
    MalformedJson { reason: String, line: usize, column: usize },
    #[error("{message}")]
    InvalidParam { param: String, message: String },
    #[error("the webhook is not signed with the secret that is set here: {0}")]
    WebhookRefused(#[from] WebhookRefused),
    #[error("there is no model {model:?}; use \"personal\" (the default), \"base\" or an id that GET /v1/models lists")]
    UnknownModel { model: String },
    #[error("the model did not answer within {seconds} s; ask for fewer tokens or try again later")]
    Timeout { seconds: u64 },
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ApiError {
    pub(crate) fn invalid(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self::InvalidParam { param: param.into(), message: message.into() }
    }

    /// The body extractor gave up.
    pub(crate) fn body(rejection: &BytesRejection, limit_bytes: usize) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge { limit_bytes },
            _ => Self::BodyUnreadable,
        }
    }

    pub(crate) async fn unknown_url(method: Method, uri: Uri) -> Self {
        Self::UnknownUrl { method, path: uri.path().to_owned() }
    }

    pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> Self {
        Self::MethodNotAllowed { method, path: uri.path().to_owned() }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::MissingKey | Self::InvalidKey => StatusCode::UNAUTHORIZED,
            Self::WebhookRefused(WebhookRefused::BadSecret) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::WebhookRefused(WebhookRefused::Malformed) => StatusCode::BAD_REQUEST,
            Self::WebhookRefused(_) => StatusCode::UNAUTHORIZED,
            Self::HostNotAllowed => StatusCode::FORBIDDEN,
            Self::UnknownUrl { .. } | Self::UnknownModel { .. } => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyUnreadable | Self::MalformedJson { .. } | Self::InvalidParam { .. } => StatusCode::BAD_REQUEST,
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

    /// OpenAI's `type`, which follows from the status.
    fn kind(&self) -> &'static str {
        match self.status() {
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        }
    }

    /// What a program tells the errors apart by; also the `error_code` of the inference log.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::MissingKey | Self::InvalidKey => "invalid_api_key",
            Self::WebhookRefused(_) => "invalid_webhook",
            Self::HostNotAllowed => "host_not_allowed",
            Self::UnknownUrl { .. } => "unknown_url",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::BodyTooLarge { .. } => "request_too_large",
            Self::BodyUnreadable => "unreadable_body",
            Self::MalformedJson { .. } => "invalid_json",
            Self::InvalidParam { .. } => "invalid_value",
            Self::UnknownModel { .. } => "model_not_found",
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
            Self::InvalidParam { param, .. } => Some(param),
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
        json!({"error": {
            "message": self.message(),
            "type": self.kind(),
            "param": self.param(),
            "code": self.code(),
        }})
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.to_json().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Self::Provider(ProviderError::RateLimited { retry_after_secs: Some(seconds), .. }) = self {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
