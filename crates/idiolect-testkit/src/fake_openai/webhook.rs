//! Webhooks as the provider signs them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::json;
use sha2::Sha256;

/// One delivery: its three headers and its body.
#[derive(Clone, Debug)]
pub struct SignedWebhook {
    pub headers: [(&'static str, String); 3],
    pub body: String,
}

/// A `fine_tuning.job.*` event for a job, signed with a `whsec_` secret.
pub fn sign_webhook(secret: &str, kind: &str, job: &str, now: Timestamp) -> SignedWebhook {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("a test's secret is base64");
    let timestamp = now.as_second().to_string();
    let body = json!({
        "id": format!("evt_{job}"), "object": "event", "created_at": now.as_second(), "type": kind, "data": {"id": job},
    })
    .to_string();
    let mac = Hmac::<Sha256>::new_from_slice(&key).expect("any key length is taken");
    let mac = mac.chain_update(format!("wh_{job}.{timestamp}.{body}"));
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let headers =
        [("webhook-id", format!("wh_{job}")), ("webhook-timestamp", timestamp), ("webhook-signature", signature)];
    SignedWebhook { headers, body }
}
