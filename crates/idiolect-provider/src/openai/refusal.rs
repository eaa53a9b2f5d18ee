//! A refusal, read as one of our errors.

use reqwest::header::HeaderMap;

use super::call::Kind;
use super::retry::asked_wait;
use crate::profile::Instead;
use crate::protocol::ErrorObject;
use crate::{Answer, Profile, ProviderError};

/// Codes and types that mean: somebody has to pay or raise a limit.
const QUOTA: [&str; 9] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "exceeded_quota",
    "billing_hard_limit_reached",
    "billing_not_active",
    "quota_exceeded",
];

pub(super) struct Refusal<'a> {
    pub(super) status: u16,
    pub(super) headers: &'a HeaderMap,
    error: ErrorObject,
}

impl<'a> Refusal<'a> {
    pub(super) fn new(status: u16, headers: &'a HeaderMap, body: &[u8]) -> Self {
        Self { status, headers, error: ErrorObject::of_body(body) }
    }

    pub(super) fn is_quota(&self) -> bool {
        QUOTA.contains(&self.error.code.as_str()) || QUOTA.contains(&self.error.kind.as_str())
    }

    /// A refusal of what was sent, rather than of the account that sent it.
    fn is_validation(&self) -> bool {
        let code = self.error.code.as_str();
        !self.error.param.is_empty() || code.starts_with("invalid_") && code != "invalid_request_error"
    }

    pub(super) fn answer(&self, kind: &Kind) -> Answer {
        let ErrorObject { message, kind: error_type, param, code } = &self.error;
        // What was sent may be quoted with no mark around it.
        let message = if kind.carries_words() { "" } else { message };
        let retry_after_secs = asked_wait(self.headers).map(|wait| wait.as_secs_f64().ceil() as u64);
        let answer = Answer::new(self.status, code, error_type, param, message, request_id(self.headers));
        Answer { retry_after_secs, ..answer }
    }

    pub(super) fn into_error(self, kind: &Kind, profile: &Profile) -> ProviderError {
        let answer = self.answer(kind);
        let (host, status) = (&profile.name, self.status);
        let said = said(&answer);
        let quota = self.is_quota();
        let validation = self.is_validation();
        let retry_after_secs = answer.retry_after_secs;
        let code = answer.code.clone();
        let kept = Some(Box::new(answer));
        if quota {
            let code = code.filter(|code| QUOTA.contains(&code.as_str()));
            return ProviderError::QuotaExhausted {
                code: code.unwrap_or_else(|| "insufficient_quota".to_owned()),
                answer: kept,
            };
        }
        let unknown_model = status == 404 && self.error.code == "model_not_found";
        match (status, kind) {
            (404, Kind::Chat { model } | Kind::CreateJob { base_model: model }) if unknown_model => {
                ProviderError::NotFound { what: "model", id: model.clone(), answer: kept }
            }
            // The answer that an account gets which is cut off is not known: whatever is no complaint about the request is one.
            (400 | 403 | 404, Kind::CreateJob { base_model }) if !validation => {
                let instead = Instead(&profile.alternatives);
                let message = format!(
                    "{host} takes no fine-tuning job for {base_model} from this account (HTTP {status}{said}); {instead}"
                );
                ProviderError::TrainingClosed { message, answer: kept }
            }
            (404, Kind::Register { job }) => {
                ProviderError::NotFound { what: "checkpoint of job", id: job.clone(), answer: kept }
            }
            (404, Kind::Safe { what, id }) => ProviderError::NotFound { what, id: id.clone(), answer: kept },
            (404, Kind::Chat { model }) => ProviderError::NotFound { what: "model", id: model.clone(), answer: kept },
            (401, _) => {
                let env = profile.key_env.as_deref().unwrap_or("the key's variable");
                let message = format!("{host} does not accept the key in {env}{said}");
                ProviderError::NotAllowed { message, answer: kept }
            }
            (403, _) => {
                let message = format!("the key for {host} may not do this{said}");
                ProviderError::NotAllowed { message, answer: kept }
            }
            (413, _) => ProviderError::InvalidRequest {
                message: format!("{host} says that it is too large{said}"),
                param: self.error_param(&kept),
                code,
                answer: kept,
            },
            (429, _) => ProviderError::RateLimited { retry_after_secs, answer: kept },
            (408 | 409 | 500.., kind) => {
                let message = format!("{host} answered HTTP {status}{said}");
                match kind.effect() {
                    Some(what) => ProviderError::Unconfirmed { what, message, answer: kept },
                    None => ProviderError::Unavailable { message, answer: kept },
                }
            }
            (300..400, _) => ProviderError::Internal {
                message: format!(
                    "{host} answered HTTP {status}, a redirection, which is not followed with a key; correct base_url"
                ),
            },
            _ => ProviderError::InvalidRequest {
                message: format!("{host} refused it with HTTP {status}{said}"),
                param: self.error_param(&kept),
                code,
                answer: kept,
            },
        }
    }

    fn error_param(&self, kept: &Option<Box<Answer>>) -> Option<String> {
        kept.as_ref().and_then(|answer| answer.param.clone())
    }
}

pub(super) fn request_id(headers: &HeaderMap) -> Option<&str> {
    // Azure's name for it comes second.
    headers.get("x-request-id").or_else(|| headers.get("apim-request-id"))?.to_str().ok()
}

/// What of the answer goes into a sentence.
fn said(answer: &Answer) -> String {
    let code = answer.code.iter().map(|code| format!(", {code}"));
    let message = answer.message.iter().map(|message| format!(": {message}"));
    let request = answer.request_id.iter().map(|id| format!(" (request {id})"));
    code.chain(message).chain(request).collect()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderValue, RETRY_AFTER};
    use serde_json::json;

    use super::*;
    use crate::ProfileBook;

    fn read(status: u16, kind: &Kind, error: serde_json::Value) -> ProviderError {
        let book = ProfileBook::default();
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", HeaderValue::from_static("req_1"));
        let body = json!({"error": error}).to_string();
        Refusal::new(status, &headers, body.as_bytes()).into_error(kind, book.get("openai").unwrap())
    }

    fn create() -> Kind {
        Kind::CreateJob { base_model: "gpt-4.1-mini".into() }
    }

    fn poll() -> Kind {
        Kind::Safe { what: "fine-tuning job", id: "ftjob-1".into() }
    }

    fn chat() -> Kind {
        Kind::Chat { model: "ft:m".into() }
    }

    #[test]
    fn a_cut_off_account_is_told_from_a_bad_request_and_an_unknown_model() {
        for status in [400, 403, 404] {
            let error = read(
                status,
                &create(),
                json!({"message": "Fine-tuning is no longer available to your organization.", "type": "invalid_request_error", "param": null, "code": null}),
            );
            assert!(matches!(error, ProviderError::TrainingClosed { .. }), "{error}");
            assert_eq!(
                (error.code(), error.request_id(), error.retryable()),
                ("provider_closed", Some("req_1"), false)
            );
        }
        let invalid = read(400, &create(), json!({"message": "bad", "param": "training_file", "code": "invalid_file"}));
        assert!(matches!(invalid, ProviderError::InvalidRequest { .. }), "{invalid}");
        assert_eq!(invalid.code(), "invalid_file");
        let unknown =
            read(404, &create(), json!({"message": "The model `x` does not exist", "code": "model_not_found"}));
        assert!(matches!(unknown, ProviderError::NotFound { what: "model", .. }), "{unknown}");
    }

    #[test]
    fn an_empty_account_is_told_from_a_busy_provider_by_code_or_type() {
        for code in QUOTA {
            for error in [json!({"code": code, "type": "x"}), json!({"code": "y", "type": code})] {
                let error = read(429, &poll(), error);
                assert!(matches!(error, ProviderError::QuotaExhausted { .. }) && !error.retryable(), "{error}");
            }
        }
        for code in ["rate_limit_exceeded", "slow_down"] {
            let error = read(429, &poll(), json!({"code": code}));
            assert!(matches!(error, ProviderError::RateLimited { .. }) && error.retryable(), "{error}");
            assert_eq!(error.code(), code);
        }
    }

    #[test]
    fn a_lost_create_is_unconfirmed_and_a_lost_poll_is_not() {
        for status in [408, 409, 500, 503] {
            assert!(read(status, &create(), json!({})).may_have_taken_effect());
            let error = read(status, &poll(), json!({}));
            assert!(matches!(error, ProviderError::Unavailable { .. }) && error.retryable(), "{error}");
        }
    }

    #[test]
    fn a_missing_model_is_named_and_a_wrong_key_says_which_variable() {
        let gone = read(404, &chat(), json!({"message": "The model `ft:m` does not exist", "code": "model_not_found"}));
        assert_eq!(gone.to_string(), "there is no model ft:m");
        let key =
            read(401, &poll(), json!({"message": "Incorrect API key provided: sk-abc", "code": "invalid_api_key"}));
        assert!(
            key.to_string().starts_with("openai does not accept the key in OPENAI_API_KEY, invalid_api_key"),
            "{key}"
        );
    }

    #[test]
    fn nobody_is_told_to_come_back_earlier_than_the_provider_says() {
        for (asked, told) in [("0.5", Some(1)), ("7", Some(7)), ("-1", None)] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(asked))]);
            for status in [429, 503] {
                let refusal = Refusal::new(status, &headers, b"{}");
                let error = refusal.into_error(&chat(), ProfileBook::default().get("openai").unwrap());
                assert_eq!(error.retry_after_secs(), told, "{status} {asked}");
            }
        }
    }

    #[test]
    fn what_a_refused_chat_may_quote_is_kept_nowhere() {
        let error = read(
            400,
            &chat(),
            json!({"message": "Invalid message: see you at nine", "param": "messages[0].content", "code": "invalid_value"}),
        );
        assert!(!format!("{error} {error:?}").contains("nine"));
        assert_eq!(error.answer().unwrap().param.as_deref(), Some("messages[0].content"));
    }

    #[test]
    fn bodies_of_any_kind_are_read() {
        let headers = HeaderMap::new();
        for body in [
            &b""[..],
            b"<html>",
            b"[]",
            b"{\"error\": \"words\"}",
            b"{\"error\": {\"code\": 7}}",
            b"\xff\xfe",
            b"{\"detail\": [1]}",
        ] {
            let error =
                Refusal::new(400, &headers, body).into_error(&poll(), ProfileBook::default().get("openai").unwrap());
            assert!(matches!(error, ProviderError::InvalidRequest { .. }), "{error}");
        }
    }
}
