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
    /// What is wrong and what to do, in a sentence.
    pub message: String,
    /// The JSON path of the parameter that is wrong, if one is.
    pub param: Option<&'a str>,
    /// What a program tells the errors apart by.
    pub code: &'a str,
    /// For the header `Retry-After`.
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
    #[error("the request body is larger than the {limit_bytes} bytes that are taken here; shorten it")]
    BodyTooLarge { limit_bytes: u64 },
    #[error("the request body could not be read to its end; send it again")]
    BodyUnreadable,
    #[error("the request body came too slowly; send it again")]
    BodyTooSlow,
    #[error("the request body is not JSON: {reason} at line {line}, column {column}; send one JSON object")]
    MalformedJson { reason: String, line: usize, column: usize },
    #[error("{message}")]
    InvalidParam { param: String, message: String, code: &'static str },
}

impl RequestError {
    /// `param` is the JSON path of what is wrong, which `message` says without quoting it.
    pub fn invalid(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self::InvalidParam { param: param.into(), message: message.into(), code: "invalid_value" }
    }

    /// A parameter that cannot be done without is not there.
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

    /// What the client is told.
    pub fn refusal(&self) -> Refusal<'_> {
        let (status, code) = match self {
            Self::MissingKey => (StatusCode::UNAUTHORIZED, "invalid_api_key"),
            Self::HostNotAllowed => (StatusCode::FORBIDDEN, "host_not_allowed"),
            Self::MethodNotAllowed { .. } => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::BodyTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "request_too_large"),
            Self::BodyUnreadable => (StatusCode::BAD_REQUEST, "unreadable_body"),
            Self::BodyTooSlow => (StatusCode::REQUEST_TIMEOUT, "request_timeout"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_follows_from_the_status() {
        for (status, kind) in [
            (StatusCode::BAD_REQUEST, "invalid_request_error"),
            (StatusCode::UNAUTHORIZED, "invalid_request_error"),
            (StatusCode::TOO_MANY_REQUESTS, "rate_limit_error"),
            (StatusCode::SERVICE_UNAVAILABLE, "server_error"),
        ] {
            let refusal = Refusal { status, message: "no".into(), param: None, code: "c", retry_after_secs: Some(7) };
            assert_eq!(
                refusal.to_json(),
                json!({"error": {"message": "no", "type": kind, "param": null, "code": "c"}})
            );
            assert_eq!(refusal.into_response().headers()[RETRY_AFTER], "7");
        }
    }

    #[test]
    fn broken_json_is_named_by_its_place_alone() {
        let error = serde_json::from_str::<Value>(r#"{"canary": x}"#).unwrap_err();
        let error = RequestError::malformed(&error);
        assert_eq!(
            error.to_string(),
            "the request body is not JSON: expected value at line 1, column 12; send one JSON object"
        );
        assert_eq!((error.refusal().status, error.refusal().code), (StatusCode::BAD_REQUEST, "invalid_json"));
    }
}
