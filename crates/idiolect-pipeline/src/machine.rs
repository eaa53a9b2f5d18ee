//! The training run, one step a call. All that is remembered between calls is in the metadata store, so any process may
//! make the next call, and one killed anywhere is gone on with by the next.

mod control;
mod erase;
mod finish;
mod gone;
mod job;
mod names;
mod outcomes;
mod queue;
mod records;
mod regression;
mod suspect;
mod trigger;
mod upload;

use std::sync::Arc;

use async_trait::async_trait;
use idiolect_provider::ProviderError;
use idiolect_registry::{
    Change, Clock, ConsentProof, Failure, FailureCode, MetadataStore, ModelVersion, Purpose, RunEvent, RunStep,
    StoreError, Usd, User, UserId, apply, keep_previous, postpone, prove_consent,
};
use jiff::Timestamp;
use tracing::{error, info, warn};

use self::control::CONSENT_REVOKED;
use crate::build::OpenSource;
use crate::error::PipelineError;
use crate::host::{Host, Hosts};
use crate::metrics;
use crate::observer::{Notice, Observer};
use crate::plan::{Pace, RunSettings, later, seconds};
use crate::seam::{Machine, Next};

pub use control::{SampleReply, revoke_consent};
pub use names::training_file_name;
use outcomes::{failure_of, revoked};
pub use queue::Queue;
pub(crate) use records::user_and_run;
use records::user_or_new;
pub use suspect::Standing;

/// A wait that is this short is not worth a record.
const SHORT_WAIT_SECONDS: f64 = 2.0;

/// A run of whatever age is given up only after as many failures in a row: it may have waited for its turn until now.
const LEAST_TRIES: u32 = 8;

/// Of log lines about what an [`Observer`] is told as well, so that whoever is shown that may leave them out.
pub const TROUBLE: &str = "idiolect_pipeline::trouble";

/// What the machine is built from.
pub struct TrainingMachine {
    pub store: Arc<dyn MetadataStore>,
    pub hosts: Arc<dyn Hosts>,
    pub sources: Arc<dyn OpenSource>,
    pub clock: Arc<dyn Clock>,
    pub observer: Arc<dyn Observer>,
    pub settings: RunSettings,
}

#[async_trait]
impl Machine for TrainingMachine {
    async fn advance(&self, user_id: &UserId) -> Result<Next, PipelineError> {
        let error = match self.step(user_id).await {
            Err(PipelineError::Provider(error)) => error,
            done => return done,
        };
        // Whatever the step was, it is tried again; what can be helped by waiting needs nobody's attention.
        if let Some(version) = self.unfinished(user_id).await? {
            if self.is_gone(&version) {
                return self.go_on_without(version, &error).await;
            }
            let next = self.put_off(version, &error).await?;
            return if error.retryable() { Ok(next) } else { Err(error.into()) };
        }
        Err(error.into())
    }
}

impl TrainingMachine {
    /// The user's run that is under way, if there is one.
    pub async fn unfinished(&self, user_id: &UserId) -> Result<Option<ModelVersion>, PipelineError> {
        Ok(user_and_run(self.store.as_ref(), user_id).await?.1)
    }

    async fn step(&self, user_id: &UserId) -> Result<Next, PipelineError> {
        let (user, run) = user_and_run(self.store.as_ref(), user_id).await?;
        let Some(version) = run else { return self.between_runs(user).await };
        let user = match user {
            Some(user) => user,
            None => self.user(user_id).await?,
        };
        let host = match self.hosts.host(&version.provider) {
            Ok(host) => host,
            // Of a run that has just been requested nothing is there that it would have to be asked for.
            Err(not_here) => match self.wanted_end(None, &user, &version) {
                Some(failure) if version.run.step == RunStep::Requested => {
                    return self.finish_stopped(keep_previous(&user, self.clock.now()), version, failure).await;
                }
                _ => return Err(not_here.into()),
            },
        };
        if let Some(failure) = self.wanted_end(Some(&host), &user, &version) {
            return self.end(&host, user, version, failure).await;
        }
        match version.run.step {
            RunStep::Requested | RunStep::DatasetBuilt => self.build_and_upload(&host, user, version).await,
            RunStep::FileUploaded => self.create_job(&host, user, version).await,
            RunStep::JobCreated => self.poll_job(&host, user, version).await,
            RunStep::JobEnded => self.delete_file(&host, user, version).await,
            RunStep::FileDeleted => self.probe(&host, user, version).await,
            RunStep::Probed => self.evaluate(&host, user, version).await,
            RunStep::Evaluated => self.decide(&host, user, version).await,
            RunStep::AwaitingReview
            | RunStep::Activated
            | RunStep::NotActivated
            | RunStep::InsufficientData
            | RunStep::Refused
            | RunStep::Failed
            | RunStep::Cancelled => Ok(Next::Done),
        }
    }

    async fn between_runs(&self, user: Option<User>) -> Result<Next, PipelineError> {
        let Some(user) = user else { return Ok(Next::Done) };
        if let Some(erasure) = &user.erasure_id {
            let erasure = erasure.clone();
            return self.erase_step(user, &erasure).await;
        }
        match user.dispatch.next_at {
            // Due when a lease ends means: somebody took it and was not done.
            Some(at) if at > self.clock.now() && user.dispatch.lease_owner.is_none() => Ok(Next::WaitUntil(at)),
            Some(_) => self.take_turn(user).await,
            None => Ok(Next::Done),
        }
    }

    /// Why the run is to end, if it is: consent is gone, or somebody cancelled it. Without the host it is consent to reading that
    /// counts.
    fn wanted_end(&self, host: Option<&Host>, user: &User, version: &ModelVersion) -> Option<Failure> {
        let proven = match host {
            Some(host) => self.prove(host, user),
            None => prove_consent(user, Purpose::Extract).map_err(PipelineError::from),
        };
        if let Err(missing) = proven {
            return revoked(missing).ok();
        }
        let reason = version.safety.disabled_reason.clone()?;
        let code = if reason == CONSENT_REVOKED { FailureCode::ConsentRevoked } else { FailureCode::Cancelled };
        Some(Failure::new(code, reason))
    }

    /// Ends the run, from wherever it is.
    async fn end(
        &self,
        host: &Host,
        user: User,
        version: ModelVersion,
        failure: Failure,
    ) -> Result<Next, PipelineError> {
        match version.run.step {
            RunStep::Requested | RunStep::DatasetBuilt => self.stop(host, user, version, failure).await,
            RunStep::FileUploaded | RunStep::JobCreated => self.end_job(host, user, version, failure).await,
            // The job is over: the training file goes, whatever comes after it.
            RunStep::JobEnded => self.delete_file(host, user, version).await,
            _ => {
                let user = keep_previous(&user, self.clock.now());
                self.finish(user, version, RunEvent::NotActivated(failure)).await
            }
        }
    }

    /// Ends a run that has no job. A file that was uploaded and not recorded goes too.
    async fn stop(
        &self,
        host: &Host,
        user: User,
        version: ModelVersion,
        failure: Failure,
    ) -> Result<Next, PipelineError> {
        // The dataset is on record before it is uploaded.
        let may_be_uploaded = version.run.step != RunStep::Requested;
        if may_be_uploaded && let Err(failed) = delete_files_of(host, &version).await {
            // A file of which nobody knows whether it is there, and which has an expiry, keeps no run from its end for ever.
            if self.has_tried_too_long(host, &version).is_none() {
                return Err(failed.into());
            }
            error!(
                request_id = %version.id,
                user_id = %version.id.user_id,
                model_version = version.id.version,
                file_name = training_file_name(&version),
                code = failed.code(),
                "the provider does not say whether a training file was left there; it goes with its expiry, or delete it there"
            );
        }
        self.finish_stopped(keep_previous(&user, self.clock.now()), version, failure).await
    }

    /// Ends a run that has no job and has spent nothing.
    async fn finish_stopped(&self, user: User, version: ModelVersion, failure: Failure) -> Result<Next, PipelineError> {
        self.store.settle(&version.id, Usd::ZERO).await?;
        self.finish(user, version, RunEvent::Stopped(failure)).await
    }

    /// Records the last step of the run together with what it means for the user.
    async fn finish(&self, user: User, version: ModelVersion, event: RunEvent) -> Result<Next, PipelineError> {
        let before = version.run.step;
        let next = apply(&version, event, self.clock.now())?;
        let user = with_training_noted(user, &next);
        let turn = user.dispatch.next_at;
        let mut changes = vec![Change::UpdateVersion(next.clone())];
        // A record that whoever shares the store has deleted meanwhile is not made anew.
        if user.revision > 0 {
            changes.push(Change::PutUser(user));
        }
        self.store.commit(changes).await?;
        self.recorded(before, next);
        Ok(turn.map_or(Next::Done, Next::WaitUntil))
    }

    async fn record(&self, version: ModelVersion, event: RunEvent) -> Result<ModelVersion, PipelineError> {
        self.record_with(version, event, Vec::new()).await
    }

    /// Records a step together with what it means for other versions.
    async fn record_with(
        &self,
        version: ModelVersion,
        event: RunEvent,
        mut changes: Vec<Change>,
    ) -> Result<ModelVersion, PipelineError> {
        let before = version.run.step;
        let next = apply(&version, event, self.clock.now())?;
        changes.push(Change::UpdateVersion(next.clone()));
        self.store.commit(changes).await?;
        Ok(self.recorded(before, next))
    }

    fn recorded(&self, before: RunStep, mut version: ModelVersion) -> ModelVersion {
        version.revision += 1;
        metrics::step_recorded(before, &version);
        info!(
            request_id = %version.id,
            user_id = %version.id.user_id,
            model_version = version.id.version,
            job_id = version.job_id.as_deref(),
            provider = version.provider,
            step = version.run.step.as_str(),
            failure_code = version.failure.as_ref().map(|f| f.code.as_str()),
            "run step recorded"
        );
        self.observer.notice(Notice::Step { step: version.run.step, version: &version });
        version
    }

    /// Waits for the job, or for a time, with nothing wrong.
    async fn wait(&self, user: User, version: &ModelVersion, until: Timestamp) -> Result<Next, PipelineError> {
        let now = self.clock.now();
        if seconds(until.duration_since(now)) > SHORT_WAIT_SECONDS {
            self.rest(user, postpone(version, until, None, now), until).await?;
        }
        Ok(Next::WaitUntil(until))
    }

    /// Records a run that waits. A time of its user's own waits with it, or whoever looks for due users would come back to the run
    /// before that.
    async fn rest(&self, mut user: User, version: ModelVersion, until: Timestamp) -> Result<(), StoreError> {
        let mut changes = vec![Change::UpdateVersion(version)];
        if user.dispatch.next_at.is_some_and(|at| at < until) {
            user.dispatch.release(Some(until));
            changes.push(Change::PutUser(user));
        }
        self.store.commit(changes).await
    }

    /// Waits for a create call of unknown outcome to arrive, or to be past arriving; `None` where there is none to wait for. What is
    /// wrong stays on record meanwhile, and counts.
    async fn wait_out(&self, host: &Host, user: User, version: &ModelVersion) -> Result<Option<Next>, PipelineError> {
        let Some(intended) = version.run.job_intended_at else { return Ok(None) };
        let now = self.clock.now();
        // How long ago a clock that was ahead wrote it down is not known.
        let intended = intended.min(now);
        let until = later(intended, host.repost_delay.as_secs_f64());
        if now >= until {
            return Ok(None);
        }
        if seconds(until.duration_since(now)) > SHORT_WAIT_SECONDS {
            let mut version = version.clone();
            version.run.job_intended_at = Some(intended);
            version.run.updated_at = now;
            version.run.dispatch.release(Some(until));
            self.rest(user, version, until).await?;
        }
        Ok(Some(Next::WaitUntil(until)))
    }

    /// Tries the step again later, and says so on the record.
    async fn put_off(&self, version: ModelVersion, error: &ProviderError) -> Result<Next, PipelineError> {
        let now = self.clock.now();
        let attempt = version.run.dispatch.attempt;
        let until = self.pace_of(&version).next_try(&version.id.to_string(), attempt, error.retry_after_secs(), now);
        let failure = failure_of(error);
        warn!(
            target: TROUBLE,
            request_id = %version.id,
            user_id = %version.id.user_id,
            model_version = version.id.version,
            job_id = version.job_id.as_deref(),
            provider = version.provider,
            provider_request_id = error.request_id(),
            code = error.code(),
            attempt,
            "the provider did not do what it was asked; the step is tried again"
        );
        // Of the others whoever watches hears by the error itself.
        if error.retryable() {
            self.observer.notice(Notice::Trouble { failure: &failure, until });
        }
        let user = self.user(&version.id.user_id).await?;
        self.rest(user, postpone(&version, until, Some(failure), now), until).await?;
        Ok(Next::WaitUntil(until))
    }

    /// How long the run's provider is waited for. One that cannot be opened is not at hand either.
    fn pace_of(&self, version: &ModelVersion) -> Pace {
        self.hosts.host(&version.provider).map_or_else(|_| Pace::default(), |host| host.pace)
    }

    /// Whether a run that has no job yet has been trying for too long.
    fn has_tried_too_long(&self, host: &Host, version: &ModelVersion) -> Option<Failure> {
        let trouble = version.run.trouble.clone().filter(|_| version.run.dispatch.attempt >= LEAST_TRIES)?;
        let limit = host.pace.give_up_after.as_secs_f64();
        (seconds(self.clock.now().duration_since(version.created_at)) > limit).then_some(trouble)
    }

    async fn user(&self, user_id: &UserId) -> Result<User, StoreError> {
        user_or_new(self.store.as_ref(), user_id, self.clock.now()).await
    }

    /// Consent to reading, where this provider may train at all.
    fn prove(&self, host: &Host, user: &User) -> Result<ConsentProof, PipelineError> {
        let purpose = if host.training.is_hosted() { Purpose::TrainHosted } else { Purpose::TrainLocal };
        prove_consent(user, purpose)?;
        Ok(prove_consent(user, Purpose::Extract)?)
    }

    /// The same with the record as it stands now: asked for just before words are read or money is spent.
    async fn prove_now(&self, host: &Host, user_id: &UserId) -> Result<ConsentProof, PipelineError> {
        self.prove(host, &self.user(user_id).await?)
    }

    fn at_once(&self) -> Next {
        Next::WaitUntil(self.clock.now())
    }
}

/// Deletes the run's files, whether they are on record or not.
async fn delete_files_of(host: &Host, version: &ModelVersion) -> Result<(), ProviderError> {
    for file in host.training.find_files(&training_file_name(version)).await? {
        host.training.delete_file(&file.id).await?;
    }
    Ok(())
}

/// What the next turn goes by, once a run has come to a job.
fn with_training_noted(mut user: User, version: &ModelVersion) -> User {
    if version.job_id.is_some() {
        user.schedule.last_trained_at = Some(version.created_at);
    }
    if version.fine_tuned_model_id.is_some() {
        // A window may be asked for that ends later; what is sent until then is new all the same.
        user.schedule.last_window_end = Some(version.training_data_range.end.min(version.created_at));
        user.schedule.last_message_count = version.run.messages_in_window;
    }
    user
}
