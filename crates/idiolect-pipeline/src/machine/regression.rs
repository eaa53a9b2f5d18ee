//! A version that is served and has become worse than the base model: people change, and so do the words that it is measured on.
//! The version before it is served again by itself, or the base model where there is none.

use idiolect_registry::{Change, Evaluation, Failure, FailureCode, ModelVersion, StoreError, User, roll_back};
use tracing::warn;

use super::TrainingMachine;
use crate::evaluate::has_regressed;
use crate::metrics;

impl TrainingMachine {
    /// What an evaluation that also measured the active version says about that one, to be written down together with it: by the
    /// time something is decided, somebody may have chosen another version.
    pub(super) async fn regression_noted(
        &self,
        user: &User,
        measured: &ModelVersion,
        evaluation: &Evaluation,
    ) -> Result<Vec<Change>, StoreError> {
        if !has_regressed(evaluation) {
            return Ok(Vec::new());
        }
        let Some(mut active) = self.store.version(&user.active_version()).await? else {
            return Ok(Vec::new());
        };
        // Something worse is known of it, which is not to be forgotten.
        if active.failure.is_some() && !is_noted(&active) {
            return Ok(Vec::new());
        }
        let bits = |loss: Option<f64>| loss.unwrap_or(f64::NAN);
        let message = format!(
            "it has {:.3} bits per character on the holdout of run {}, and the base model {:.3}",
            bits(evaluation.active_holdout_loss),
            measured.id,
            bits(evaluation.base_holdout_loss),
        );
        active.failure = Some(Failure::new(FailureCode::Regression, message));
        Ok(vec![Change::UpdateVersion(active)])
    }

    /// The user without the version that has regressed, where the new one does not take its place.
    pub(super) async fn without_regressed(&self, user: User, evaluation: &Evaluation) -> Result<User, StoreError> {
        let regressed = user.active_model_version;
        if !has_regressed(evaluation) {
            return Ok(user);
        }
        let active = self.store.version(&user.version(regressed)).await?;
        let Some(active) = active.filter(is_noted) else { return Ok(user) };
        let previous = match user.previous_model_version {
            Some(number) => self.store.version(&user.version(number)).await?,
            None => None,
        };
        let now = self.clock.now();
        // An earlier version that cannot be served any more, or was left for the same reason, is no place to go back to.
        let previous = previous.filter(|previous| !is_noted(previous) && !previous.is_doubted());
        let back = previous.and_then(|previous| roll_back(&user, Some(&previous), now).ok());
        let Some(back) = back.or_else(|| roll_back(&user, None, now).ok()) else { return Ok(user) };
        metrics::regression_rolled_back(&active.provider);
        warn!(
            user_id = %user.user_id,
            model_version = regressed,
            served_version = back.active_model_version,
            "the active version has become worse than the base model and was rolled back"
        );
        Ok(back)
    }
}

fn is_noted(version: &ModelVersion) -> bool {
    version.failure.as_ref().is_some_and(|failure| failure.code == FailureCode::Regression)
}
