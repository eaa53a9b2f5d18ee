//! The one HTTP error type. It speaks OpenAI's JSON, `{"error": {"message", "type", "param", "code"}}`, so that the official
//! clients raise their own exceptions for it.

use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use idiolect_provider::ProviderError;
use serde_json::{Value, json};

/// Whatever a client can be refused with. No variant holds the words of a training file or a conversation.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("no API key was sent; send it in the header `Authorization: Bearer <key>`")]
    MissingKey,
    #[error(
        "the API key is not known; use the one that `idiolect provider` printed at its first start, \
         or make another with `idiolect provider --new-key`"
    )]
    InvalidKey,
    #[error("this Host header is not answered here; address the server as localhost or 127.0.0.1")]
    HostNotAllowed,
    #[error(
        "there is nothing at {method} {path}; see /v1/files, /v1/fine_tuning/jobs, /v1/models and /v1/chat/completions"
    )]
    UnknownUrl { method: Method, path: String },
    #[error("{path} does not take {method}; see the Allow header for what it takes")]
    MethodNotAllowed { method: Method, path: String },
    #[error("the request body is larger than {limit_bytes} bytes; send less at once")]
    BodyTooLarge { limit_bytes: u64 },
    #[error("the request body could not be read to its end; send it again")]
    BodyUnreadable,
    #[error("the request body is not JSON: {reason} at line {line}, column {column}")]
    MalformedJson { reason: String, line: usize, column: usize },
    #[error("{message}")]
    InvalidParam { param: String, message: String, code: &'static str },
    #[error("nothing came for {seconds} s; try again")]
    Timeout { seconds: u64 },
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

/// Why the server itself failed, for its log alone.
#[derive(Clone)]
pub(crate) struct Cause(pub(crate) String);

impl ApiError {
    pub(crate) fn invalid(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self::InvalidParam { param: param.into(), message: message.into(), code: "invalid_value" }
    }

    pub(crate) fn missing(param: &str) -> Self {
        let message = format!("you must provide {param}");
        Self::InvalidParam { param: param.into(), message, code: "missing_required_parameter" }
    }

    /// The body extractor gave up.
    pub(crate) fn body(rejection: &BytesRejection, limit_bytes: usize) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge { limit_bytes: limit_bytes as u64 },
            _ => Self::BodyUnreadable,
        }
    }

    pub(crate) fn malformed(error: &serde_json::Error) -> Self {
        let sentence = error.to_string();
        let reason = sentence.split(" at line ").next().unwrap_or_default().to_owned();
        Self::MalformedJson { reason, line: error.line(), column: error.column() }
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
            Self::HostNotAllowed => StatusCode::FORBIDDEN,
            Self::UnknownUrl { .. } => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyUnreadable | Self::MalformedJson { .. } | Self::InvalidParam { .. } => StatusCode::BAD_REQUEST,
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

    /// OpenAI's `type`, which follows from the status.
    fn kind(&self) -> &'static str {
        match self.status() {
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        }
    }

    /// What a program tells the errors apart by.
    fn code(&self) -> &str {
        match self {
            Self::MissingKey | Self::InvalidKey => "invalid_api_key",
            Self::HostNotAllowed => "host_not_allowed",
            Self::UnknownUrl { .. } => "unknown_url",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::BodyTooLarge { .. } => "request_too_large",
            Self::BodyUnreadable => "unreadable_body",
            Self::MalformedJson { .. } => "invalid_json",
            Self::InvalidParam { code, .. } => code,
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
            Self::InvalidParam { param, .. } => Some(param),
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
        let status = self.status();
        let mut response = (status, self.to_json().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Self::Provider(ProviderError::RateLimited { retry_after_secs: Some(seconds), .. }) = self {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status.is_server_error() {
            response.extensions_mut().insert(Cause(self.to_string()));
        }
        response
    }
}
