//! Consent: what the user allowed and since when, and the proof of it that every step on words or money asks for.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{ModelStatus, User, UserId};

/// The wording that the user agrees to. It changes when what we do with their messages changes.
pub const CONSENT_TEXT_VERSION: &str = "1";

/// What one can consent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Read my sent messages to build a dataset.
    Extract,
    /// Train on this machine; nothing leaves it.
    TrainLocal,
    /// Send the redacted dataset to a hosted provider and train there.
    TrainHosted,
}

impl Purpose {
    pub const ALL: [Self; 3] = [Self::Extract, Self::TrainLocal, Self::TrainHosted];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extract => "extract",
            Self::TrainLocal => "train_local",
            Self::TrainHosted => "train_hosted",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no purpose; there are extract, train_local and train_hosted")]
pub struct UnknownPurpose(String);

impl FromStr for Purpose {
    type Err = UnknownPurpose;

    fn from_str(name: &str) -> Result<Self, UnknownPurpose> {
        Self::ALL.into_iter().find(|p| p.as_str() == name).ok_or_else(|| UnknownPurpose(name.to_owned()))
    }
}

/// Two timestamps, not a flag: when it was granted, and when it was taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    pub granted_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub purposes: BTreeSet<Purpose>,
    /// The wording that was agreed to.
    pub text_version: String,
}

impl Consent {
    /// Whether consent stands now, for whatever purpose.
    pub fn stands(&self) -> bool {
        self.granted_at.is_some() && self.revoked_at.is_none()
    }
}

/// Evidence that a user's consent to one purpose stood when it was asked for.
///
/// Only [`prove_consent`] makes one, and whatever reads words or spends money takes one, so leaving the check out does
/// not compile. Ask afresh at every step: consent may have been revoked since the last.
#[derive(Debug)]
pub struct ConsentProof {
    user_id: UserId,
    purpose: Purpose,
}

impl ConsentProof {
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
}

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentMissing {
    #[error(
        "{user_id} has not given consent to {purpose}; run `idiolect consent grant --user {user_id} --purpose {purpose}`"
    )]
    NotGranted { user_id: UserId, purpose: Purpose },
    #[error("{user_id} has revoked consent; `idiolect consent grant --user {user_id}` gives it again")]
    Revoked { user_id: UserId },
}

/// Checks the record just read from the store.
pub fn prove_consent(user: &User, purpose: Purpose) -> Result<ConsentProof, ConsentMissing> {
    let user_id = user.user_id.clone();
    if user.consent.revoked_at.is_some() || user.model_status == ModelStatus::Disabled {
        return Err(ConsentMissing::Revoked { user_id });
    }
    if user.consent.granted_at.is_none() || !user.consent.purposes.contains(&purpose) {
        return Err(ConsentMissing::NotGranted { user_id, purpose });
    }
    Ok(ConsentProof { user_id, purpose })
}

/// The user opts in, or widens what they allow. After a revocation it begins anew, with these purposes only.
pub fn grant(user: &User, purposes: impl IntoIterator<Item = Purpose>, now: Timestamp) -> User {
    let mut user = user.clone();
    if !user.consent.stands() {
        user.consent = Consent { granted_at: Some(now), ..Consent::default() };
    }
    user.consent.purposes.extend(purposes);
    user.consent.text_version = CONSENT_TEXT_VERSION.to_owned();
    if user.model_status == ModelStatus::Disabled {
        user.model_status = if user.active_model_id.is_some() { ModelStatus::Ready } else { ModelStatus::None };
        user.model_updated_at = now;
    }
    user
}

/// The user opts out: from now on nothing is read, trained or served for them, and nothing is scheduled any more.
pub fn revoke(user: &User, now: Timestamp) -> User {
    let mut user = user.clone();
    user.consent.revoked_at.get_or_insert(now);
    user.consent.purposes.clear();
    user.model_status = ModelStatus::Disabled;
    user.model_updated_at = now;
    // An erasure goes on; everything else is over.
    if user.erasure_id.is_none() {
        user.dispatch.release(None);
    }
    user
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> User {
        User::new("ana".parse().unwrap(), Timestamp::UNIX_EPOCH)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn proof_is_given_for_granted_purposes_only() {
        let user = grant(&user(), [Purpose::Extract], at(1));
        assert_eq!(prove_consent(&user, Purpose::Extract).unwrap().purpose(), Purpose::Extract);
        assert!(matches!(prove_consent(&user, Purpose::TrainHosted), Err(ConsentMissing::NotGranted { .. })));
    }

    #[test]
    fn revoking_ends_every_purpose_and_disables_the_model() {
        let user = revoke(&grant(&user(), Purpose::ALL, at(1)), at(2));
        assert_eq!(user.model_status, ModelStatus::Disabled);
        for purpose in Purpose::ALL {
            assert!(matches!(prove_consent(&user, purpose), Err(ConsentMissing::Revoked { .. })));
        }
    }

    #[test]
    fn granting_again_does_not_bring_back_old_purposes() {
        let user = grant(&revoke(&grant(&user(), Purpose::ALL, at(1)), at(2)), [Purpose::Extract], at(3));
        assert_eq!(user.consent.granted_at, Some(at(3)));
        assert!(prove_consent(&user, Purpose::Extract).is_ok());
        assert!(prove_consent(&user, Purpose::TrainLocal).is_err());
    }

    #[test]
    fn granting_again_serves_the_model_that_was_there() {
        let mut had_model = grant(&user(), [Purpose::Extract], at(1));
        had_model.active_model_id = Some("ft:a".into());
        had_model.model_status = ModelStatus::Ready;
        let again = grant(&revoke(&had_model, at(2)), [Purpose::Extract], at(3));
        assert_eq!(again.model_status, ModelStatus::Ready);
    }

    #[test]
    fn purposes_are_read_as_they_are_written_and_others_are_named() {
        for purpose in Purpose::ALL {
            assert_eq!(purpose.to_string().parse(), Ok(purpose));
        }
        assert_eq!(Purpose::ALL.map(Purpose::as_str), ["extract", "train_local", "train_hosted"]);
        let unknown = "sell".parse::<Purpose>().unwrap_err();
        assert!(unknown.to_string().starts_with("\"sell\" is no purpose"), "{unknown}");
    }

    #[test]
    fn consent_stands_from_the_grant_to_the_revocation() {
        let granted = grant(&user(), [Purpose::Extract], at(1));
        assert!(!user().consent.stands() && granted.consent.stands());
        assert!(!revoke(&granted, at(2)).consent.stands());
        assert_eq!(granted.consent.text_version, CONSENT_TEXT_VERSION, "the wording that was agreed to is on record");
    }

    #[test]
    fn widening_consent_keeps_its_beginning_and_revoking_twice_the_first_time() {
        let wider = grant(&grant(&user(), [Purpose::Extract], at(1)), [Purpose::TrainLocal], at(2));
        assert_eq!(wider.consent.granted_at, Some(at(1)));
        assert!(prove_consent(&wider, Purpose::Extract).is_ok() && prove_consent(&wider, Purpose::TrainLocal).is_ok());
        let revoked = revoke(&revoke(&wider, at(3)), at(4));
        assert_eq!(revoked.consent.revoked_at, Some(at(3)));
    }

    #[test]
    fn revoking_stops_the_schedule_but_not_an_erasure() {
        let mut scheduled = grant(&user(), Purpose::ALL, at(1));
        scheduled.dispatch.next_at = Some(at(9));
        assert_eq!(revoke(&scheduled, at(2)).dispatch.next_at, None);
        scheduled.erasure_id = Some("r1".into());
        assert_eq!(revoke(&scheduled, at(2)).dispatch.next_at, Some(at(9)));
    }

    #[test]
    fn granting_again_without_a_model_begins_as_a_new_user_does() {
        let again = grant(&revoke(&user(), at(2)), [Purpose::Extract], at(3));
        assert_eq!((again.model_status, again.model_updated_at), (ModelStatus::None, at(3)));
        let training = User { model_status: ModelStatus::Training, ..user() };
        let wider = grant(&training, [Purpose::Extract], at(3));
        assert_eq!((wider.model_status, wider.model_updated_at), (ModelStatus::Training, at(0)));
    }
}
