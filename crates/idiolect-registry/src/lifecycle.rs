//! What a run does to its user: starting one, activating its version, keeping the one before.

use jiff::Timestamp;

use crate::consent::{ConsentMissing, prove_consent};
use crate::{ConsentProof, ModelStatus, ModelVersion, Purpose, RunRequest, User, VersionStatus};

/// A new version for the user, and the user with its number taken. Both are stored together or not at all.
///
/// A user who already has an active model stays `ready`, so that they are served while the new one is trained.
pub fn start_run(user: &User, proof: &ConsentProof, request: RunRequest, now: Timestamp) -> (User, ModelVersion) {
    assert_eq!(proof.user_id(), &user.user_id, "the proof of consent is another user's");
    let version = ModelVersion::requested(user.next_version(), request, now);
    let mut user = user.clone();
    user.latest_model_version = version.id.version;
    if user.active_model_id.is_none() {
        user.model_status = ModelStatus::Training;
        user.model_updated_at = now;
    }
    (user, version)
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivationRefused {
    #[error(transparent)]
    Consent(#[from] ConsentMissing),
    #[error("version {version} has no model to activate; its status is {status}")]
    NoModel { version: String, status: &'static str },
    #[error("version {version} belongs to another user")]
    AnotherUser { version: String },
}

/// Makes `version` the one that is served. Disabling wins: a user who has revoked is never activated.
pub fn activate(user: &User, version: &ModelVersion, now: Timestamp) -> Result<User, ActivationRefused> {
    prove_consent(user, Purpose::Extract)?;
    if version.id.user_id != user.user_id {
        return Err(ActivationRefused::AnotherUser { version: version.id.to_string() });
    }
    let model = version.fine_tuned_model_id.as_ref().filter(|_| version.status == VersionStatus::Succeeded);
    let Some(model) = model else {
        return Err(ActivationRefused::NoModel { version: version.id.to_string(), status: version.status.as_str() });
    };
    let mut user = user.clone();
    if user.active_model_version != version.id.version {
        user.previous_model_version = Some(user.active_model_version).filter(|v| *v > 0);
    }
    user.active_model_id = Some(model.clone());
    user.active_model_version = version.id.version;
    user.model_status = ModelStatus::Ready;
    user.model_updated_at = now;
    Ok(user)
}

/// The run ended without a version to serve: whatever was served before still is.
pub fn keep_previous(user: &User, now: Timestamp) -> User {
    let mut user = user.clone();
    if user.model_status == ModelStatus::Training {
        user.model_status = ModelStatus::Failed;
        user.model_updated_at = now;
    }
    user
}
