//! Which model a request asks for and which one serves it, as names in the request and as headers on the answer.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use idiolect_provider::ModelId;
use idiolect_registry::{FallbackReason, Route, User, route};
use jiff::Timestamp;

use crate::error::ApiError;

/// The alias of the caller's own fine-tuned model.
pub(crate) const PERSONAL: &str = "personal";
/// The alias of the base model.
pub(crate) const BASE: &str = "base";

const MODEL: HeaderName = HeaderName::from_static("x-idiolect-model");
const VERSION: HeaderName = HeaderName::from_static("x-idiolect-version");
const FALLBACK_REASON: HeaderName = HeaderName::from_static("x-idiolect-fallback-reason");

/// The route of a request that names `requested`. The user's record decides; the name only says whether the base model is
/// wanted, and the id of somebody else's model does not exist.
pub(crate) fn choose(
    requested: Option<&str>,
    user: Option<&User>,
    base_model: &ModelId,
    now: Timestamp,
) -> Result<Route, ApiError> {
    let route = route(user, now);
    match requested.unwrap_or(PERSONAL) {
        PERSONAL => Ok(route),
        name if name == BASE || name == base_model.as_str() => {
            Ok(Route::Base { reason: FallbackReason::BaseRequested })
        }
        name => match &route {
            Route::FineTuned { model_id, .. } if model_id == name => Ok(route),
            _ => Err(ApiError::UnknownModel { model: name.to_owned() }),
        },
    }
}

/// What answered, or was asked to.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    pub(crate) model_id: ModelId,
    /// Set when it is the user's fine-tuned model.
    pub(crate) version: Option<u32>,
    /// Set when it is the base model.
    pub(crate) fallback_reason: Option<FallbackReason>,
}

impl Served {
    pub(crate) fn fine_tuned(model_id: ModelId, version: u32) -> Self {
        Self { model_id, version: Some(version), fallback_reason: None }
    }

    pub(crate) fn base(model_id: ModelId, reason: FallbackReason) -> Self {
        Self { model_id, version: None, fallback_reason: Some(reason) }
    }

    /// Says it in the answer's headers, streams included: they are known before the first byte.
    pub(crate) fn write_headers(&self, headers: &mut HeaderMap) {
        // An id that no header can carry (it would hold control characters) is left out rather than failing the answer.
        if let Ok(model_id) = HeaderValue::from_str(self.model_id.as_str()) {
            headers.insert(MODEL, model_id);
        }
        if let Some(version) = self.version {
            headers.insert(VERSION, HeaderValue::from(version));
        }
        if let Some(reason) = self.fallback_reason {
            headers.insert(FALLBACK_REASON, HeaderValue::from_static(reason.as_str()));
        }
    }
}
