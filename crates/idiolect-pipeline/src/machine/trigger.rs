//! What begins a run, and what says no: each refusal is on the user's record with its reason.

use idiolect_dataset::Window;
use idiolect_provider::ModelId;
use idiolect_registry::{
    Change, Failure, FailureCode, ModelVersion, RunRequest, Trigger, TriggerOutcome, User, UserId, prove_consent,
    start_run,
};
use tracing::{info, warn};

use super::TrainingMachine;
use super::names::fresh_name;
use super::outcomes::{closed, dataset_failure, failure_of, off_thread};
use crate::build::count_messages;
use crate::error::PipelineError;
use crate::host::Host;
use crate::metrics;
use crate::observer::Notice;
use crate::plan::{Pace, seconds};
use crate::seam::Next;

impl TrainingMachine {
    /// Records a new run. Refused while another is unfinished, and by every rule of the settings.
    pub async fn request(&self, user_id: &UserId, request: RunRequest) -> Result<ModelVersion, PipelineError> {
        let user = self.user(user_id).await?;
        if user.erasure_id.is_some() {
            return Err(PipelineError::BeingErased { user_id: user_id.clone() });
        }
        let host = self.hosts.host(&request.provider)?;
        let refusal = if let Some(run) = self.unfinished(user_id).await? {
            Some(PipelineError::Unfinished { user_id: user_id.clone(), run: run.id.to_string() })
        } else if let Err(missing) = self.prove(&host, &user) {
            Some(missing)
        } else {
            self.refusal(&host, &user, &request).map(|failure| PipelineError::Refused { failure })
        };
        let trigger = request.trigger;
        if let Some(refusal) = refusal {
            let failure = match &refusal {
                PipelineError::Refused { failure } => failure.clone(),
                PipelineError::Unfinished { .. } => Failure::new(FailureCode::RunUnderWay, refusal.to_string()),
                _ => Failure::new(FailureCode::NoConsent, refusal.to_string()),
            };
            // Of users about whom nothing is known, nothing is put on record.
            if user.revision > 0 {
                self.store.commit(vec![Change::PutUser(self.with_outcome(user, trigger, Err(failure)))]).await?;
            }
            return Err(refusal);
        }
        self.begin(user, request).await
    }

    async fn begin(&self, user: User, mut request: RunRequest) -> Result<ModelVersion, PipelineError> {
        let host = self.hosts.host(&request.provider)?;
        self.plan_hyperparameters(&host, &mut request.hyperparams);
        let proof = prove_consent(&user, idiolect_registry::Purpose::Extract)?;
        let trigger = request.trigger;
        let (user, mut version) = start_run(&user, &proof, request, self.clock.now());
        version.run.name = Some(fresh_name()?);
        let mut user = self.with_outcome(user, trigger, Ok(version.id.version));
        if trigger == Trigger::Manual {
            user.schedule.source = Some(version.run.source.clone());
        }
        self.store.commit(vec![Change::PutUser(user), Change::CreateVersion(version.clone())]).await?;
        let version = ModelVersion { revision: 1, ..version };
        info!(
            request_id = %version.id,
            user_id = %version.id.user_id,
            model_version = version.id.version,
            trigger = trigger.as_str(),
            "run begun"
        );
        self.observer.notice(Notice::Step { step: version.run.step, version: &version });
        Ok(version)
    }

    /// The user's turn has come: a run begins, or it is on record why none does, and the next turn is set.
    pub(super) async fn take_turn(&self, user: User) -> Result<Next, PipelineError> {
        let now = self.clock.now();
        let next_turn = self.settings.cadence.next_turn(&user.user_id, now);
        let untrained = user.schedule.last_window_end.is_none();
        let wanted = match untrained {
            true => self.settings.cadence.on_opt_in || self.settings.cadence.every.is_some(),
            false => self.settings.cadence.every.is_some(),
        };
        if !wanted || !user.consent.stands() {
            let mut user = user;
            user.dispatch.release(None);
            self.store.commit(vec![Change::PutUser(user)]).await?;
            return Ok(Next::Done);
        }
        let trigger = if untrained { Trigger::OptIn } else { Trigger::Schedule };
        let mut user = user;
        let attempt = user.dispatch.attempt;
        user.dispatch.release(next_turn);
        user.dispatch.attempt = 0;
        let plan = &self.settings.plan;
        let active = match plan.successor {
            Some(_) => self.store.version(&user.active_version()).await?,
            None => None,
        };
        let outcome = match plan.request(&user, active.as_ref(), trigger, now) {
            None => Err(Failure::new(
                FailureCode::DatasetFailed,
                "it is not known where this user's messages are; set schedule.source, such as ndjson:/messages/{user}.ndjson",
            )),
            Some(request) => match self.hosts.host(&request.provider) {
                Ok(host) => self.may_begin(&host, &user, &request).await?.map_or(Ok(request), Err),
                Err(error) => {
                    // Whoever sets it up does not have to wait for the next turn.
                    let until = Pace::default().next_try(user.user_id.as_str(), attempt, None, now);
                    user.dispatch.release(Some(until));
                    user.dispatch.attempt = attempt.saturating_add(1);
                    warn!(user_id = %user.user_id, %error, attempt, "a provider cannot be used; it is tried again");
                    Err(failure_of(&error))
                }
            },
        };
        let next_turn = user.dispatch.next_at;
        match outcome {
            Ok(request) => self.begin(user, request).await.map(|_| self.at_once()),
            Err(failure) => {
                let user = self.with_outcome(user, trigger, Err(failure));
                self.store.commit(vec![Change::PutUser(user)]).await?;
                Ok(next_turn.map_or(Next::Done, Next::WaitUntil))
            }
        }
    }

    async fn may_begin(
        &self,
        host: &Host,
        user: &User,
        request: &RunRequest,
    ) -> Result<Option<Failure>, PipelineError> {
        let proof = match self.prove(host, user) {
            Ok(proof) => proof,
            Err(missing) => return Ok(Some(Failure::new(FailureCode::NoConsent, missing.to_string()))),
        };
        if let Some(failure) = self.refusal(host, user, request) {
            return Ok(Some(failure));
        }
        // One that ends later than now was written by a clock that was wrong, and says nothing of what is new.
        let since = user.schedule.last_window_end.filter(|end| *end <= request.window.end);
        let (Some(since), Trigger::Schedule) = (since, request.trigger) else {
            return Ok(None);
        };
        let window = Window { start: since, end: request.window.end };
        let (sources, source) = (self.sources.clone(), request.source.clone());
        let count = move || count_messages(&proof, sources.as_ref(), &source, window);
        let new =
            match off_thread("counts new messages", move || count().map_err(|error| dataset_failure(&error))).await? {
                Ok(new) => new,
                Err(failure) => return Ok(Some(failure)),
            };
        let needed = (self.settings.cadence.min_new_share * user.schedule.last_message_count as f64).ceil() as u64;
        Ok((new < needed).then(|| {
            let message = format!(
                "{new} new messages since the last training, and {needed} are needed: {:.0} % of the {} it had",
                100.0 * self.settings.cadence.min_new_share,
                user.schedule.last_message_count
            );
            Failure::new(FailureCode::TooFewNewMessages, message)
        }))
    }

    /// The rules that need no look at the messages.
    fn refusal(&self, host: &Host, user: &User, request: &RunRequest) -> Option<Failure> {
        let limits = &self.settings.limits;
        if limits.allowed_users.as_ref().is_some_and(|allowed| !allowed.contains(&user.user_id)) {
            let message = format!("{} is not on the list rollout.allowed_users", user.user_id);
            return Some(Failure::new(FailureCode::NotAllowed, message));
        }
        let model = ModelId::new(&request.base_model);
        let now = self.clock.now();
        if let Err(refusal) = host.profile.check_open(&model, None, now, limits.min_useful_life_days) {
            return Some(closed(&refusal));
        }
        let free_and_asked_for = request.trigger == Trigger::Manual && !host.profile.is_hosted();
        let last = user.schedule.last_trained_at.filter(|_| !free_and_asked_for)?;
        // One that lies farther ahead than that was written by a clock that was wrong.
        (now.duration_since(last).abs() < limits.cooldown).then(|| {
            let again = last + limits.cooldown;
            let hours = seconds(limits.cooldown) / 3600.0;
            let message = format!(
                "the last training was begun at {last}, and schedule.cooldown_hours is {hours:.0}; try again after {again:.0}"
            );
            Failure::new(FailureCode::Cooldown, message)
        })
    }

    fn with_outcome(&self, mut user: User, trigger: Trigger, outcome: Result<u32, Failure>) -> User {
        let (version, refusal) = match outcome {
            Ok(version) => (Some(version), None),
            Err(failure) => {
                metrics::trigger_refused(&failure);
                info!(
                    user_id = %user.user_id,
                    model_version = user.active_model_version,
                    trigger = trigger.as_str(),
                    failure_code = failure.code.as_str(),
                    "no run was begun"
                );
                (None, Some(failure))
            }
        };
        user.last_trigger = Some(TriggerOutcome { trigger, at: self.clock.now(), version, refusal });
        user
    }
}
