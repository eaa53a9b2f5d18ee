//! Base models are shut down, and what was trained on them with them: what the daily look does about the dates.

use std::collections::BTreeMap;

use idiolect_provider::{ModelId, Profile, ProviderError};
use idiolect_registry::{Change, ModelVersion, RunStep, StoreError, Trigger, User};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::Mutex;
use tracing::{info, warn};

use crate::error::PipelineError;
use crate::host::Host;
use crate::machine::TrainingMachine;
use crate::metrics;

/// Days before the end at which a warning is given, each once.
pub const WARNED_AT_DAYS: [u32; 3] = [60, 30, 7];

/// What one look found of end dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetirementReport {
    /// Users whose active version has an end date.
    pub retiring: usize,
    /// Warnings given now.
    pub warned: usize,
    /// Runs on the successor that were begun now.
    pub retrained: usize,
    /// Users who could not be looked at, for their provider did not answer or is not set up here.
    pub failed: usize,
}

impl RetirementReport {
    pub(crate) fn add(&mut self, other: Self) {
        self.retiring += other.retiring;
        self.warned += other.warned;
        self.retrained += other.retrained;
        self.failed += other.failed;
    }
}

/// Days until `end`, rounded down; 0 from the hour it comes.
pub fn days_left(end: Timestamp, now: Timestamp) -> i64 {
    (end.duration_since(now).as_hours() / 24).max(0)
}

impl TrainingMachine {
    /// Writes the end of the user's active version on its record, warns, and begins a run on the successor where that is due.
    pub(crate) async fn look_at_end_of(
        &self,
        mut user: User,
        dates: &Mutex<Dates>,
        report: &mut RetirementReport,
    ) -> Result<(), PipelineError> {
        let id = user.active_version();
        let Some(mut version) = self.store.version(&id).await? else { return Ok(()) };
        if version.is_doubted() {
            // Its user may chat no more, which is what makes the gateway look.
            self.look_at_model(&id).await?;
            let (Some(user_now), Some(version_now)) =
                (self.store.user(&id.user_id).await?, self.store.version(&id).await?)
            else {
                return Ok(());
            };
            (user, version) = (user_now, version_now);
        }
        let host = self.hosts.host(&version.provider)?;
        if !host.models_end_with_their_base() {
            return Ok(());
        }
        let retires_at = {
            // Held while the provider is asked: those who look meanwhile wait for its answer, too.
            let mut dates = dates.lock().await;
            if !dates.contains_key(&version.provider) {
                // Whatever comes of it, it is asked once a look.
                dates.insert(version.provider.clone(), None);
                dates.insert(version.provider.clone(), Some(listed(&host).await?));
            }
            let Some(listed) = &dates[&version.provider] else {
                return Err(ProviderError::unavailable("it did not answer when it was asked for another user").into());
            };
            end_of(&version, &host, listed)
        };
        let Some(end) = retires_at else { return Ok(()) };
        // Training again there would come to no other end.
        let is_on_successor = self.settings.plan.successor.as_ref().is_some_and(|next| next.is_base_of(&version));
        report.retiring += 1;
        let now = self.clock.now();
        let days = days_left(end, now);
        metrics::retirement(&version.base_model, days);
        let due = WARNED_AT_DAYS.into_iter().filter(|at| days <= i64::from(*at)).min();
        let warn_now = due.filter(|at| version.retirement_warned_days.is_none_or(|given| *at < given));
        if let Some(at) = warn_now {
            report.warned += 1;
            version.retirement_warned_days = Some(at);
            warn!(
                user_id = %user.user_id,
                model_version = id.version,
                base_model = version.base_model,
                days_left = days,
                retires_at = %end,
                "the active version's base model is shut down soon; set retirement.successor or train on another"
            );
        }
        if warn_now.is_some() || version.retires_at != retires_at || user.active_retires_at != retires_at {
            version.retires_at = retires_at;
            let changed = User { active_retires_at: retires_at, ..user.clone() };
            match self.store.commit(vec![Change::PutUser(changed), Change::UpdateVersion(version)]).await {
                // Somebody is at work on the user: tomorrow is soon enough.
                Err(StoreError::Conflict { .. }) => return Ok(()),
                done => done?,
            }
        }
        if due.is_some() && !is_on_successor {
            report.retrained += usize::from(self.retrain_on_successor(&user).await?);
        }
        Ok(())
    }

    /// Whether a run was begun. What forbids it (consent, a cap, a cooldown, a run under way) is on the user's record.
    async fn retrain_on_successor(&self, user: &User) -> Result<bool, PipelineError> {
        let now = self.clock.now();
        let (Some(successor), Some(request)) =
            (&self.settings.plan.successor, self.settings.plan.request(user, None, Trigger::Retirement, now))
        else {
            return Ok(false);
        };
        // A version that has been trained there and waits, or was not good enough, is not trained again every day.
        let tried = |version: &ModelVersion| {
            successor.is_base_of(version)
                && version.id.version > user.active_model_version
                && matches!(version.run.step, RunStep::AwaitingReview | RunStep::NotActivated)
        };
        if self.store.versions(&user.user_id).await?.iter().any(tried) {
            return Ok(false);
        }
        match self.request(&user.user_id, request).await {
            Ok(version) => {
                info!(request_id = %version.id, user_id = %user.user_id, model_version = version.id.version, "training again on the successor");
                Ok(true)
            }
            Err(PipelineError::Refused { .. } | PipelineError::Consent(_) | PipelineError::Unfinished { .. }) => {
                Ok(false)
            }
            Err(error) if error.is_conflict() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// What each provider says; nothing of one that did not answer.
pub(crate) type Dates = BTreeMap<String, Option<BTreeMap<ModelId, Date>>>;

async fn listed(host: &Host) -> Result<BTreeMap<ModelId, Date>, ProviderError> {
    let models = host.training.models().await?;
    Ok(models.into_iter().filter_map(|model| Some((model.id, model.shutdown_date?))).collect())
}

/// The fine-tuned model's own date, else its base model's, as the provider lists them or else as the profile knows them.
fn end_of(version: &ModelVersion, host: &Host, listed: &BTreeMap<ModelId, Date>) -> Option<Timestamp> {
    let tuned = ModelId::new(version.fine_tuned_model_id.as_deref()?);
    let bases = [version.base_model.as_str(), Profile::base_of(&tuned)].map(ModelId::new);
    let date = listed.get(&tuned).or_else(|| bases.iter().find_map(|base| listed.get(base))).copied();
    match date {
        Some(date) => date.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp()),
        None => host.retires_at(&version.base_model),
    }
}
