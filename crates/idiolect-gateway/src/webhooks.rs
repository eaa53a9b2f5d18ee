//! `POST /v1/webhooks/fine_tuning`: the provider says that a job has ended. The signature is the key to the door. What it
//! says is not believed but looked up, so that a delivery that comes twice, late or not at all changes nothing.

use std::fmt;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use idiolect_http::RequestError;
use idiolect_provider::JobId;
use idiolect_provider::webhook::{Signature, verify};
use secrecy::SecretString;

use crate::error::ApiError;
use crate::state::Gateway;

/// Called for each job that a verified webhook names. Must return at once and stand being called again.
pub type JobEndedHook = Arc<dyn Fn(JobId) + Send + Sync>;

/// What receiving webhooks needs.
#[derive(Clone)]
pub struct Webhooks {
    /// `whsec_…`, as the provider shows it once.
    pub secret: SecretString,
    pub job_ended: JobEndedHook,
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").finish_non_exhaustive()
    }
}

pub(crate) async fn receive(
    State(gateway): State<Gateway>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, ApiError> {
    let Some(webhooks) = &gateway.settings.webhooks else { return Err(ApiError::unknown_url(method, uri).await) };
    let body = body.map_err(|rejection| RequestError::body(&rejection, gateway.settings.max_body_bytes))?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signature = Signature {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signatures: header("webhook-signature"),
    };
    if let Some(ended) = verify(&webhooks.secret, signature, &body, gateway.clock.now())? {
        tracing::info!(job_id = ended.job.as_str(), event_id = ended.event_id, "a webhook says that the job has ended");
        (webhooks.job_ended)(ended.job);
    }
    Ok(StatusCode::NO_CONTENT)
}
