//! Webhooks of a job's end. They carry an id and nothing else, so that a forged one could at most make us look; still, only
//! signed ones are listened to. An accelerator: polling is the truth.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;

use crate::JobId;

/// How far the sender's clock may be off, either way.
pub const TOLERANCE: Duration = Duration::from_secs(300);
const PREFIX: &str = "whsec_";
const VERSION: &str = "v1,";

/// The three headers that sign a webhook.
#[derive(Clone, Copy, Debug)]
pub struct Signature<'a> {
    /// `webhook-id`: the same for every delivery of one event.
    pub id: &'a str,
    /// `webhook-timestamp`: seconds since 1970.
    pub timestamp: &'a str,
    /// `webhook-signature`: one or more of `v1,<base64>`, space-separated.
    pub signatures: &'a str,
}

/// A job has ended, so it is said: ask the provider how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobEnded {
    pub event_id: String,
    pub job: JobId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefused {
    #[error("the webhook secret is not whsec_ and base64; copy it again from the provider's settings")]
    BadSecret,
    #[error("webhook-timestamp is no time within 300 s of now")]
    Stale,
    #[error("no signature fits; it is not signed with the secret that is set here")]
    BadSignature,
    #[error("it is signed as it should be, but its body is no event")]
    Malformed,
}

/// Checks the signature over `{id}.{timestamp}.{body}` and reads the event. `Ok(None)` is an event of another kind, to be
/// acknowledged and forgotten.
pub fn verify(
    secret: &SecretString,
    signature: Signature<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<Option<JobEnded>, WebhookRefused> {
    let sent: i64 = signature.timestamp.trim().parse().map_err(|_| WebhookRefused::Stale)?;
    if now.as_second().abs_diff(sent) > TOLERANCE.as_secs() {
        return Err(WebhookRefused::Stale);
    }
    let mac = mac(secret)?.chain_update(signature.id).chain_update(".").chain_update(signature.timestamp.trim());
    let mac = mac.chain_update(".").chain_update(body);
    // `verify_slice` compares in constant time.
    let fits = |part: &str| {
        let given = part.strip_prefix(VERSION).and_then(|text| STANDARD.decode(text).ok());
        given.is_some_and(|given| mac.clone().verify_slice(&given).is_ok())
    };
    if !signature.signatures.split_whitespace().any(fits) {
        return Err(WebhookRefused::BadSignature);
    }
    event(body, signature.id)
}

fn mac(secret: &SecretString) -> Result<Hmac<Sha256>, WebhookRefused> {
    let text = secret.expose_secret().trim();
    let key = STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text)).map_err(|_| WebhookRefused::BadSecret)?;
    if key.is_empty() {
        return Err(WebhookRefused::BadSecret);
    }
    Hmac::new_from_slice(&key).map_err(|_| WebhookRefused::BadSecret)
}

fn event(body: &[u8], delivery: &str) -> Result<Option<JobEnded>, WebhookRefused> {
    let event: Value = serde_json::from_slice(body).map_err(|_| WebhookRefused::Malformed)?;
    let kind = event.get("type").and_then(Value::as_str).ok_or(WebhookRefused::Malformed)?;
    if !kind.starts_with("fine_tuning.job.") {
        return Ok(None);
    }
    let job = event.pointer("/data/id").and_then(Value::as_str).ok_or(WebhookRefused::Malformed)?;
    let event_id = event.get("id").and_then(Value::as_str).unwrap_or(delivery);
    Ok(Some(JobEnded { event_id: event_id.to_owned(), job: JobId::new(job) }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const AT: i64 = 1_614_265_330;

    fn secret() -> SecretString {
        SecretString::from(SECRET)
    }

    fn sign(timestamp: &str, body: &[u8]) -> String {
        let mac = mac(&secret()).unwrap().chain_update(format!("msg_1.{timestamp}.")).chain_update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    fn check(timestamp: &str, signatures: &str, body: &[u8]) -> Result<Option<JobEnded>, WebhookRefused> {
        let signature = Signature { id: "msg_1", timestamp, signatures };
        verify(&secret(), signature, body, Timestamp::from_second(AT).unwrap())
    }

    /// The example of the Standard Webhooks specification: secret, id, time, body and signature as given there.
    #[test]
    fn the_specifications_own_example_fits() {
        let signature = Signature {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: "1614265330",
            signatures: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        };
        let checked = verify(&secret(), signature, br#"{"test": 2432232314}"#, Timestamp::from_second(AT).unwrap());
        // The signature fits; the body is no event of ours.
        assert_eq!(checked, Err(WebhookRefused::Malformed));
    }

    #[test]
    fn a_jobs_end_is_read_and_other_events_are_passed_over() {
        let body =
            br#"{"id": "evt_1", "type": "fine_tuning.job.succeeded", "object": "event", "data": {"id": "ftjob-1"}}"#;
        let signed = sign("1614265330", body);
        let ended = JobEnded { event_id: "evt_1".into(), job: JobId::new("ftjob-1") };
        assert_eq!(check("1614265330", &format!("v0,x v1,AAAA {signed}"), body), Ok(Some(ended)));
        let other = br#"{"id": "evt_2", "type": "batch.completed", "data": {"id": "b"}}"#;
        assert_eq!(check("1614265330", &sign("1614265330", other), other), Ok(None));
    }

    #[test]
    fn whatever_is_off_is_refused() {
        let body = br#"{"type": "fine_tuning.job.failed", "data": {"id": "ftjob-1"}}"#;
        let good = sign("1614265330", body);
        for (timestamp, signatures, altered, refused) in [
            ("1614265330", good.as_str(), &body[1..], WebhookRefused::BadSignature),
            ("1614265331", &good, &body[..], WebhookRefused::BadSignature),
            ("1614265330", "", body, WebhookRefused::BadSignature),
            ("1614265330", &good[3..], body, WebhookRefused::BadSignature),
            ("1614265029", &sign("1614265029", body), body, WebhookRefused::Stale),
            ("1614265631", &sign("1614265631", body), body, WebhookRefused::Stale),
            ("soon", &sign("soon", body), body, WebhookRefused::Stale),
        ] {
            assert_eq!(check(timestamp, signatures, altered), Err(refused), "{timestamp} {signatures}");
        }
        assert!(check("1614265030", &sign("1614265030", body), body).is_ok());
        let signature = Signature { id: "msg_1", timestamp: "1614265330", signatures: &good };
        for bad in ["", "whsec_", "whsec_%%%"] {
            let now = Timestamp::from_second(AT).unwrap();
            assert_eq!(verify(&SecretString::from(bad), signature, body, now), Err(WebhookRefused::BadSecret));
        }
    }

    proptest! {
        #[test]
        fn anything_is_survived(time in ".{0,20}", signatures in "((v1,)?[a-zA-Z0-9+/=%é]{0,8} ?){0,5}", body in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = check(&time, &signatures, &body);
            prop_assert_eq!(check("1614265330", &signatures, &body), Err(WebhookRefused::BadSignature));
            let _ = event(&body, "msg_1");
        }
    }
}
