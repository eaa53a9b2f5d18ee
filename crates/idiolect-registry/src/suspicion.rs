//! A served model that its provider says is not there: suspected once, then confirmed gone or found again.
//!
//! No field exists for it alone. The version's `failure` says what is thought of its model; a user whose `modelStatus` is
//! `failed` although a model is active is served the base model, and what was active stays on record to be put back.

use jiff::Timestamp;

use crate::{Failure, FailureCode, ModelStatus, ModelVersion, User};

/// The version with the suspicion noted, or `None` if one is on record already.
pub fn suspect(version: &ModelVersion, message: String, request_id: Option<String>) -> Option<ModelVersion> {
    if version.is_doubted() {
        return None;
    }
    let failure = Failure { code: FailureCode::ModelSuspect, message, request_id };
    Some(ModelVersion { failure: Some(failure), ..version.clone() })
}

/// The provider confirms that the model is gone: the base model answers from now on, without asking it. A user who is served
/// another version, or none, stays as they are.
pub fn take_out_of_service(
    user: &User,
    version: &ModelVersion,
    message: String,
    now: Timestamp,
) -> (User, ModelVersion) {
    let request_id = version.failure.as_ref().filter(|_| version.is_doubted()).and_then(|f| f.request_id.clone());
    let failure = Failure { code: FailureCode::ModelGone, message, request_id };
    let version = ModelVersion { failure: Some(failure), ..version.clone() };
    let mut user = user.clone();
    if user.active_model_version == version.id.version && user.model_status == ModelStatus::Ready {
        user.model_status = ModelStatus::Failed;
        user.model_updated_at = now;
    }
    (user, version)
}

/// The model answers: nothing is thought of it any more, and who was served it is served it again. Whatever else the version's
/// `failure` says stays.
pub fn put_back_in_service(user: &User, version: &ModelVersion, now: Timestamp) -> (User, ModelVersion) {
    let mut version = version.clone();
    if version.is_doubted() {
        version.failure = None;
    }
    let mut user = user.clone();
    if user.active_model_version == version.id.version && user.model_status == ModelStatus::Failed {
        user.model_status = ModelStatus::Ready;
        user.model_updated_at = now;
    }
    (user, version)
}

impl ModelVersion {
    /// Whether its model is suspected or known to be gone.
    pub fn is_doubted(&self) -> bool {
        let code = self.failure.as_ref().map(|failure| failure.code);
        matches!(code, Some(FailureCode::ModelSuspect | FailureCode::ModelGone))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        DataRange, FallbackReason, Purpose, Route, RunRequest, Trigger, VersionStatus, activate, grant, route,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn served() -> (User, ModelVersion) {
        let user = grant(&User::new("ana".parse().unwrap(), at(0)), Purpose::ALL, at(1));
        let request = RunRequest {
            provider: "fake".into(),
            base_model: "base".into(),
            window: DataRange { start: at(0), end: at(90) },
            source: "ndjson:messages.ndjson".into(),
            strategy: "neutral_rewrite/1".into(),
            seed: 7,
            code_version_sha: "0.1.0".into(),
            hyperparams: BTreeMap::new(),
            trigger: Trigger::Manual,
        };
        let mut version = ModelVersion::requested(user.next_version(), request, at(10));
        version.status = VersionStatus::Succeeded;
        version.fine_tuned_model_id = Some("ft:1".into());
        (activate(&user, &version, at(20)).unwrap(), version)
    }

    #[test]
    fn a_suspicion_is_noted_once_and_changes_nothing_about_who_is_served_what() {
        let (user, version) = served();
        let suspected = suspect(&version, "it said no".into(), Some("req_1".into())).unwrap();
        let failure = suspected.failure.clone().unwrap();
        assert_eq!((failure.code, failure.request_id.as_deref()), (FailureCode::ModelSuspect, Some("req_1")));
        assert!(suspected.is_doubted() && !version.is_doubted());
        assert_eq!(suspect(&suspected, "again".into(), None), None);
        assert!(matches!(route(Some(&user), at(30)), Route::FineTuned { version: 1, .. }));
    }

    #[test]
    fn a_model_that_is_gone_is_not_asked_until_it_answers_again() {
        let (user, version) = served();
        let suspected = suspect(&version, "it said no".into(), Some("req_1".into())).unwrap();
        let (out, gone) = take_out_of_service(&user, &suspected, "it is gone".into(), at(30));
        assert_eq!(route(Some(&out), at(30)), Route::Base { reason: FallbackReason::ModelUnavailable });
        assert_eq!((out.active_model_id.as_deref(), out.model_updated_at), (Some("ft:1"), at(30)));
        let failure = gone.failure.clone().unwrap();
        assert_eq!((failure.code, failure.request_id.as_deref()), (FailureCode::ModelGone, Some("req_1")));
        assert_eq!(suspect(&gone, "again".into(), None), None);

        let (back, healthy) = put_back_in_service(&out, &gone, at(40));
        assert_eq!((healthy, back.model_status, back.model_updated_at), (version.clone(), ModelStatus::Ready, at(40)));
        let again = activate(&out, &version, at(50)).unwrap();
        assert_eq!(again.model_status, ModelStatus::Ready, "and by activating a version");
    }

    #[test]
    fn who_is_served_something_else_or_has_revoked_stays_as_they_are() {
        let (user, version) = served();
        let other = User { active_model_version: 2, ..user.clone() };
        let revoked = crate::revoke(&user, at(25));
        for user in [other, revoked] {
            assert_eq!(take_out_of_service(&user, &version, String::new(), at(30)).0, user);
            assert_eq!(put_back_in_service(&user, &version, at(30)).0, user);
        }
    }

    #[test]
    fn a_failure_of_another_kind_is_no_suspicion_and_stays() {
        let (user, mut version) = served();
        version.failure = Some(Failure::new(FailureCode::Regression, "worse"));
        assert!(!version.is_doubted());
        assert_eq!(put_back_in_service(&user, &version, at(30)), (user, version));
    }
}
