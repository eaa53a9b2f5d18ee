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
    user.active_retires_at = version.retires_at;
    user.model_status = ModelStatus::Ready;
    user.model_updated_at = now;
    Ok(user)
}

/// Serves the version before the active one again, or the base model if `previous` is `None`.
///
/// No version is the previous one then: rolling back twice does not end where it began.
pub fn roll_back(user: &User, previous: Option<&ModelVersion>, now: Timestamp) -> Result<User, ActivationRefused> {
    let mut user = match previous {
        Some(version) => activate(user, version, now)?,
        None => User {
            active_model_id: None,
            active_model_version: 0,
            active_retires_at: None,
            model_status: if user.model_status == ModelStatus::Disabled {
                ModelStatus::Disabled
            } else {
                ModelStatus::None
            },
            model_updated_at: now,
            ..user.clone()
        },
    };
    user.previous_model_version = None;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{DataRange, Trigger, grant, revoke};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn user(name: &str) -> User {
        grant(&User::new(name.parse().unwrap(), at(0)), Purpose::ALL, at(1))
    }

    fn request() -> RunRequest {
        RunRequest {
            provider: "fake".into(),
            base_model: "base".into(),
            window: DataRange { start: at(0), end: at(90) },
            source: "ndjson:messages.ndjson".into(),
            strategy: "neutral_rewrite/1".into(),
            seed: 7,
            code_version_sha: "0.1.0".into(),
            hyperparams: BTreeMap::new(),
            trigger: Trigger::Manual,
        }
    }

    fn start(user: &User, now: Timestamp) -> (User, ModelVersion) {
        let proof = prove_consent(user, Purpose::Extract).unwrap();
        start_run(user, &proof, request(), now)
    }

    /// The user's next version as it is once its job has succeeded.
    fn trained(user: &User) -> (User, ModelVersion) {
        let (user, mut version) = start(user, at(10));
        version.status = VersionStatus::Succeeded;
        version.fine_tuned_model_id = Some(format!("ft:{}", version.id.version));
        (user, version)
    }

    #[test]
    fn a_first_run_takes_version_1_and_the_user_is_training() {
        let (user, version) = start(&user("ana"), at(10));
        assert_eq!((version.id.version, user.latest_model_version), (1, 1));
        assert_eq!((user.model_status, user.model_updated_at), (ModelStatus::Training, at(10)));
        assert_eq!((version.status, version.created_at), (VersionStatus::Queued, at(10)));
    }

    #[test]
    fn a_user_with_a_model_is_served_while_the_next_is_trained() {
        let (user, first) = trained(&user("ana"));
        let user = activate(&user, &first, at(20)).unwrap();
        let (user, second) = start(&user, at(30));
        assert_eq!((second.id.version, user.latest_model_version), (2, 2));
        assert_eq!((user.model_status, user.active_model_id.as_deref()), (ModelStatus::Ready, Some("ft:1")));
        assert_eq!(user.model_updated_at, at(20), "nothing about the served model has changed");
    }

    #[test]
    fn a_number_is_not_given_out_again_after_a_failure() {
        let (user, _) = start(&user("ana"), at(10));
        let (user, version) = start(&keep_previous(&user, at(20)), at(30));
        assert_eq!((version.id.version, user.model_status), (2, ModelStatus::Training));
    }

    #[test]
    #[should_panic(expected = "another user's")]
    fn a_run_cannot_be_started_with_another_users_consent() {
        let proof = prove_consent(&user("ben"), Purpose::Extract).unwrap();
        start_run(&user("ana"), &proof, request(), at(10));
    }

    #[test]
    fn activating_remembers_the_version_before() {
        let (user, first) = trained(&user("ana"));
        let user = activate(&user, &first, at(20)).unwrap();
        assert_eq!((user.active_model_version, user.previous_model_version), (1, None));
        assert_eq!((user.model_status, user.model_updated_at), (ModelStatus::Ready, at(20)));

        let (user, second) = trained(&user);
        let user = activate(&user, &second, at(30)).unwrap();
        assert_eq!((user.active_model_version, user.previous_model_version), (2, Some(1)));
        let again = activate(&user, &second, at(40)).unwrap();
        assert_eq!(again.previous_model_version, Some(1), "activating twice does not forget it");

        let back = activate(&again, &first, at(50)).unwrap();
        assert_eq!((back.active_model_id.as_deref(), back.active_model_version), (Some("ft:1"), 1));
        assert_eq!(back.previous_model_version, Some(2));
    }

    #[test]
    fn a_user_who_has_revoked_is_never_activated() {
        let (user, version) = trained(&user("ana"));
        let disabled = revoke(&user, at(20));
        let refused = activate(&disabled, &version, at(30));
        assert_eq!(refused, Err(ConsentMissing::Revoked { user_id: user.user_id.clone() }.into()));
        let by_status_alone = User { model_status: ModelStatus::Disabled, ..user };
        assert!(activate(&by_status_alone, &version, at(30)).is_err());
    }

    #[test]
    fn another_users_version_is_never_activated() {
        let (_, bens) = trained(&user("ben"));
        let refused = activate(&user("ana"), &bens, at(20));
        assert_eq!(refused, Err(ActivationRefused::AnotherUser { version: "ben:1".into() }));
    }

    #[test]
    fn a_version_without_a_model_is_never_activated() {
        let (user, version) = trained(&user("ana"));
        let no_model = ModelVersion { fine_tuned_model_id: None, ..version.clone() };
        assert!(matches!(activate(&user, &no_model, at(20)), Err(ActivationRefused::NoModel { .. })));
        for status in VersionStatus::ALL.into_iter().filter(|status| *status != VersionStatus::Succeeded) {
            let refused = activate(&user, &ModelVersion { status, ..version.clone() }, at(20));
            assert_eq!(refused, Err(ActivationRefused::NoModel { version: "ana:1".into(), status: status.as_str() }));
        }
    }

    #[test]
    fn rolling_back_serves_the_version_before_and_then_the_base_model() {
        let (user, first) = trained(&user("ana"));
        let (user, second) = trained(&activate(&user, &first, at(20)).unwrap());
        let user = activate(&user, &second, at(30)).unwrap();
        let back = roll_back(&user, Some(&first), at(40)).unwrap();
        assert_eq!((back.active_model_version, back.previous_model_version), (1, None));
        assert_eq!(back.model_status, ModelStatus::Ready);
        let retiring = User { active_retires_at: Some(at(99)), ..back.clone() };
        let base = roll_back(&retiring, None, at(50)).unwrap();
        assert_eq!(base.active_retires_at, None, "the base model's end is not this user's");
        assert_eq!((base.active_model_id.clone(), base.active_model_version), (None, 0));
        assert_eq!((base.model_status, base.model_updated_at), (ModelStatus::None, at(50)));
        let revoked = roll_back(&revoke(&user, at(35)), None, at(40)).unwrap();
        assert_eq!(revoked.model_status, ModelStatus::Disabled, "and it stays so");
        assert!(roll_back(&revoke(&user, at(35)), Some(&first), at(40)).is_err());
    }

    #[test]
    fn a_first_run_that_ends_badly_leaves_the_user_failed() {
        let (user, _) = start(&user("ana"), at(10));
        let user = keep_previous(&user, at(20));
        assert_eq!((user.model_status, user.model_updated_at), (ModelStatus::Failed, at(20)));
        assert_eq!((user.active_model_id, user.active_model_version), (None, 0));
    }

    #[test]
    fn a_later_run_that_ends_badly_changes_nothing_about_the_served_model() {
        let (user, first) = trained(&user("ana"));
        let (user, _) = start(&activate(&user, &first, at(20)).unwrap(), at(30));
        assert_eq!(keep_previous(&user, at(40)), user);
    }

    #[test]
    fn a_run_that_ends_after_a_revocation_leaves_the_user_disabled() {
        let (user, _) = start(&user("ana"), at(10));
        let disabled = revoke(&user, at(20));
        assert_eq!(keep_previous(&disabled, at(30)), disabled);
    }
}
