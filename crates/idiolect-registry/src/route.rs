//! Which model answers a chat: decided from the authenticated user's record, never from what the client names.

use jiff::Timestamp;

use crate::{ModelStatus, User};

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    FineTuned { model_id: String, version: u32 },
    Base { reason: FallbackReason },
}

/// Why the base model answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallbackReason {
    /// The client asked for the base model.
    BaseRequested,
    /// Nothing has been trained for this user.
    NoModel,
    /// The first model is still being trained.
    Training,
    /// The last run failed and there is no earlier model.
    Failed,
    /// The user has switched personalisation off.
    Disabled,
    /// The active model's base model has been shut down.
    Retired,
    /// The active model could not be loaded, did not answer, or is at its provider no more.
    ModelUnavailable,
}

impl FallbackReason {
    /// The value of `x-idiolect-fallback-reason`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BaseRequested => "base_requested",
            Self::NoModel => "no_model",
            Self::Training => "training",
            Self::Failed => "failed",
            Self::Disabled => "disabled",
            Self::Retired => "retired",
            Self::ModelUnavailable => "model_unavailable",
        }
    }
}

/// The fine-tuned model when there is one, the status is `ready` and it is not retired, else the base model (spec §6.6).
pub fn route(user: Option<&User>, now: Timestamp) -> Route {
    let Some(user) = user else { return Route::Base { reason: FallbackReason::NoModel } };
    let reason = match user.model_status {
        ModelStatus::Ready => match &user.active_model_id {
            Some(_) if user.active_retires_at.is_some_and(|end| end <= now) => FallbackReason::Retired,
            Some(model_id) => {
                return Route::FineTuned { model_id: model_id.clone(), version: user.active_model_version };
            }
            None => FallbackReason::NoModel,
        },
        ModelStatus::None => FallbackReason::NoModel,
        ModelStatus::Training => FallbackReason::Training,
        // A model that failed after it had been served: see `take_out_of_service`.
        ModelStatus::Failed if user.active_model_id.is_some() => FallbackReason::ModelUnavailable,
        ModelStatus::Failed => FallbackReason::Failed,
        ModelStatus::Disabled => FallbackReason::Disabled,
    };
    Route::Base { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn user(status: ModelStatus, model: Option<&str>) -> User {
        let mut user = User::new("ana".parse().unwrap(), Timestamp::UNIX_EPOCH);
        user.model_status = status;
        user.active_model_id = model.map(str::to_owned);
        user.active_model_version = model.is_some().into();
        user
    }

    #[test]
    fn uses_finetuned_model_when_ready() {
        let route = route(Some(&user(ModelStatus::Ready, Some("ft:a"))), NOW);
        assert_eq!(route, Route::FineTuned { model_id: "ft:a".into(), version: 1 });
    }

    #[test]
    fn falls_back_when_model_missing() {
        assert_eq!(route(None, NOW), Route::Base { reason: FallbackReason::NoModel });
        assert_eq!(route(Some(&user(ModelStatus::None, None)), NOW), Route::Base { reason: FallbackReason::NoModel });
        assert_eq!(route(Some(&user(ModelStatus::Ready, None)), NOW), Route::Base { reason: FallbackReason::NoModel });
    }

    #[test]
    fn falls_back_when_model_disabled() {
        let disabled = user(ModelStatus::Disabled, Some("ft:a"));
        assert_eq!(route(Some(&disabled), NOW), Route::Base { reason: FallbackReason::Disabled });
    }

    #[test]
    fn a_model_is_served_in_no_other_state() {
        for (status, model, reason) in [
            (ModelStatus::Training, Some("ft:a"), FallbackReason::Training),
            (ModelStatus::Failed, None, FallbackReason::Failed),
            (ModelStatus::Failed, Some("ft:a"), FallbackReason::ModelUnavailable),
        ] {
            assert_eq!(route(Some(&user(status, model)), NOW), Route::Base { reason });
        }
    }

    #[test]
    fn a_retired_model_is_not_served_from_the_hour_it_ends() {
        let end = Timestamp::from_second(1000).unwrap();
        let retiring = User { active_retires_at: Some(end), ..user(ModelStatus::Ready, Some("ft:a")) };
        let before = Timestamp::from_second(999).unwrap();
        assert!(matches!(route(Some(&retiring), before), Route::FineTuned { .. }));
        assert_eq!(route(Some(&retiring), end), Route::Base { reason: FallbackReason::Retired });
    }

    #[test]
    fn clients_are_told_the_reason_in_words_that_do_not_change() {
        use FallbackReason::*;
        let reasons = [BaseRequested, NoModel, Training, Failed, Disabled, Retired, ModelUnavailable];
        let words = ["base_requested", "no_model", "training", "failed", "disabled", "retired", "model_unavailable"];
        assert_eq!(reasons.map(FallbackReason::as_str), words);
    }
}
