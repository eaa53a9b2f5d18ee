//! Refusals in OpenAI's JSON, `{"error": {"message", "type", "param", "code"}}`, so that the official clients raise their own
//! exceptions for them.

use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What a client is told. Nothing in it may be the words of a message.
#[derive(Debug)]
pub struct Refusal<'a> {
    pub status: StatusCode,
    pub message: String,
    pub param: Option<&'a str>,
    /// What a program tells the errors apart by.
    pub code: &'a str,
    pub retry_after_secs: Option<u64>,
}

impl Refusal<'_> {
    /// The JSON body, which is also what a broken stream ends with.
    pub fn to_json(&self) -> Value {
        json!({"error": {
            "message": self.message,
            "type": self.kind(),
            "param": self.param,
            "code": self.code,
        }})
    }

    /// OpenAI's `type`, which follows from the status.
    fn kind(&self) -> &'static str {
        match self.status {
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        }
    }
}

impl IntoResponse for Refusal<'_> {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.to_json().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(seconds) = self.retry_after_secs {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What is wrong with a request whatever it asks for.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("no API key was sent; send it in the header `Authorization: Bearer <key>`")]
    MissingKey,
    #[error("this Host header is not answered here; address the server as localhost or 127.0.0.1")]
    HostNotAllowed,
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
}

impl RequestError {
    /// `param` is the JSON path of what is wrong, which `message` says without quoting it.
    pub fn invalid(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self::InvalidParam { param: param.into(), message: message.into(), code: "invalid_value" }
    }

    pub fn missing(param: &str) -> Self {
        let message = format!("you must provide {param}");
        Self::InvalidParam { param: param.into(), message, code: "missing_required_parameter" }
    }

    /// The body extractor gave up.
    pub fn body(rejection: &BytesRejection, limit_bytes: usize) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge { limit_bytes: limit_bytes as u64 },
            _ => Self::BodyUnreadable,
        }
    }

    /// Of an error about syntax, which names a place only; one about types would quote the text.
    pub fn malformed(error: &serde_json::Error) -> Self {
        let sentence = error.to_string();
        let reason = sentence.split(" at line ").next().unwrap_or_default().to_owned();
        Self::MalformedJson { reason, line: error.line(), column: error.column() }
    }

    /// For a router's `method_not_allowed_fallback`.
    pub async fn method_not_allowed(method: Method, uri: Uri) -> Self {
        Self::MethodNotAllowed { method, path: uri.path().to_owned() }
    }

    pub fn refusal(&self) -> Refusal<'_> {
        let (status, code) = match self {
            Self::MissingKey => (StatusCode::UNAUTHORIZED, "invalid_api_key"),
            Self::HostNotAllowed => (StatusCode::FORBIDDEN, "host_not_allowed"),
            Self::MethodNotAllowed { .. } => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::BodyTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "request_too_large"),
            Self::BodyUnreadable => (StatusCode::BAD_REQUEST, "unreadable_body"),
            Self::MalformedJson { .. } => (StatusCode::BAD_REQUEST, "invalid_json"),
            Self::InvalidParam { code, .. } => (StatusCode::BAD_REQUEST, *code),
        };
        let param = match self {
            Self::InvalidParam { param, .. } => Some(param.as_str()),
            _ => None,
        };
        Refusal { status, message: self.to_string(), param, code, retry_after_secs: None }
    }
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        self.refusal().into_response()
    }
}
