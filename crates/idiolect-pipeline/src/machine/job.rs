//! The paid step: exactly one job for each run, under crashes, lost answers and two workers at once.
//!
//! There is no idempotency key in this protocol, so the order is: look for the job; write down that the call is about to be
//! made; make it; write down the job. Whoever finds the intention written down and no job waits longer than a call may take
//! and looks once more before making the call again.

use std::collections::BTreeMap;
use std::str::FromStr;

use idiolect_provider::{
    AfterSuccess, CreateJob, FileId, FineTuningJob, FineTuningProvider, Hyperparameters, JobId, JobStatus, ModelId,
    ProviderError, Servable, jobs_of_run,
};
use idiolect_registry::{Failure, FailureCode, ModelVersion, RunEvent, User};
use jiff::Timestamp;
use tracing::warn;

use super::TrainingMachine;
use super::names::{RUN_KEY, job_id, run_id, suffix};
use super::outcomes::{closed, failed_job, failure_of, revoked};
use crate::error::PipelineError;
use crate::host::Host;
use crate::observer::Notice;
use crate::plan::seconds;
use crate::seam::Next;

/// Hosted training without a number of epochs in the settings takes as many, so that what it costs is known before.
const HOSTED_EPOCHS: u32 = 3;

/// The names of the protocol, in the record too.
const N_EPOCHS: &str = "n_epochs";
const BATCH_SIZE: &str = "batch_size";
const LEARNING_RATE_MULTIPLIER: &str = "learning_rate_multiplier";

/// So often a job may be reported as succeeded without naming its model before that is believed.
const POLLS_FOR_A_MODEL: u32 = 3;

impl TrainingMachine {
    pub(super) async fn create_job(
        &self,
        host: &Host,
        user: User,
        version: ModelVersion,
    ) -> Result<Next, PipelineError> {
        if let Some(job) = self.find_job(host, &version).await? {
            return self.adopt(version, job).await;
        }
        if let Some(wait) = self.wait_out(host, user.clone(), &version).await? {
            return Ok(wait);
        }
        if let Some(failure) = self.has_tried_too_long(host, &version) {
            return self.give_up_job(version, failure).await;
        }
        let base_model = ModelId::new(&version.base_model);
        let min_life = self.settings.limits.min_useful_life_days;
        if let Err(refusal) = host.profile.check_open(&base_model, None, self.clock.now(), min_life) {
            return self.give_up_job(version, closed(&refusal)).await;
        }
        if let Some(wait) = self.wait_for_place(host, &user, &version).await? {
            return Ok(wait);
        }
        let request = self.job_request(host, &version)?;
        if let Err(missing) = self.prove_now(host, &user.user_id).await {
            return self.end_job(host, user, version, revoked(missing)?).await;
        }
        let version = self.record(version, RunEvent::JobIntended).await?;
        if version.run.job_intents == 1
            && let Some(queue) = self.crowded_out(host, &version).await?
        {
            return self.step_back(host, user, version, queue).await;
        }
        // Revoking between the two records above changes nothing about this run; asking again here closes that gap.
        if let Err(missing) = self.prove_now(host, &user.user_id).await {
            return self.end_job(host, user, version, revoked(missing)?).await;
        }
        match host.training.create_job(request).await {
            Ok(job) => self.adopt(version, job).await,
            Err(error) if error.retryable() => Err(error.into()),
            Err(error) => {
                let mut failure = failure_of(&error);
                if error.code() == "model_not_found" {
                    let checked = format!("`idiolect providers check {}` names some", host.profile.name);
                    failure.message += &format!("; choose another one with training.base_model ({checked})");
                }
                self.give_up_job(version, failure).await
            }
        }
    }

    /// The job that this run has already, if it has one. Should there be several, the first counts and the others end.
    async fn find_job(&self, host: &Host, version: &ModelVersion) -> Result<Option<FineTuningJob>, ProviderError> {
        let file = version.training_file_id.as_deref().map(FileId::new);
        let mut jobs = marked_jobs(host.training.as_ref(), version, file.as_ref()).await?;
        let first = jobs.pop();
        for extra in jobs {
            warn!(request_id = %version.id, job_id = %extra.id, "the run has a second job, which is cancelled");
            self.end_one(host, version, &extra.id).await?;
        }
        Ok(first)
    }

    async fn adopt(&self, version: ModelVersion, job: FineTuningJob) -> Result<Next, PipelineError> {
        self.record(version, RunEvent::JobCreated { job_id: job.id.to_string() }).await?;
        Ok(self.at_once())
    }

    async fn give_up_job(&self, version: ModelVersion, failure: Failure) -> Result<Next, PipelineError> {
        self.record(version, RunEvent::job_failed(failure)).await?;
        Ok(self.at_once())
    }

    fn job_request(&self, host: &Host, version: &ModelVersion) -> Result<CreateJob, ProviderError> {
        let training_file = version.training_file_id.as_deref().map(FileId::new).ok_or_else(|| {
            ProviderError::Internal { message: "the run is recorded as uploaded but names no file".to_owned() }
        })?;
        Ok(CreateJob {
            training_file,
            base_model: ModelId::new(&version.base_model),
            suffix: Some(suffix(version, host.training.is_hosted())),
            seed: Some(version.run.seed),
            hyperparameters: self.hyperparameters(host, version),
            metadata: BTreeMap::from([(RUN_KEY.to_owned(), run_id(version))]),
        })
    }

    /// Adds to what a run is asked for with what its job is going to be created with: the settings of now, whatever they are by then.
    pub(super) fn plan_hyperparameters(&self, host: &Host, hyperparams: &mut BTreeMap<String, String>) {
        let Hyperparameters { n_epochs, batch_size, learning_rate_multiplier } = &self.settings.hyperparameters;
        let n_epochs = n_epochs.or(host.profile.is_hosted().then_some(HOSTED_EPOCHS));
        for (name, value) in [
            (N_EPOCHS, n_epochs.map(|number| number.to_string())),
            (BATCH_SIZE, batch_size.map(|number| number.to_string())),
            (LEARNING_RATE_MULTIPLIER, learning_rate_multiplier.map(|number| number.to_string())),
        ] {
            if let Some(value) = value {
                hyperparams.entry(name.to_owned()).or_insert(value);
            }
        }
    }

    /// As they stand on the run's record.
    pub(super) fn hyperparameters(&self, host: &Host, version: &ModelVersion) -> Hyperparameters {
        let hosted = host.profile.is_hosted().then_some(HOSTED_EPOCHS);
        Hyperparameters {
            n_epochs: recorded(version, N_EPOCHS).or(hosted),
            batch_size: recorded(version, BATCH_SIZE),
            learning_rate_multiplier: recorded(version, LEARNING_RATE_MULTIPLIER),
        }
    }

    pub(super) async fn poll_job(&self, host: &Host, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        let job = match host.training.job(&job_id(&version)?).await {
            Ok(job) => job,
            Err(error) if error.retryable() => return Err(error.into()),
            // Whatever the provider means: no job of ours goes on once the run has given it up.
            Err(error) => return self.end_job(host, user, version, failure_of(&error)).await,
        };
        if let Some(progress) = &job.progress {
            self.observer.notice(Notice::Training(progress));
        }
        if job.status == JobStatus::Succeeded {
            return self.take_model(host, user, version, job).await;
        }
        if job.status.is_terminal() {
            let event = failed_job(job, |tokens| host.training_cost(&version.base_model, tokens));
            self.record(version, event).await?;
            return Ok(self.at_once());
        }
        let now = self.clock.now();
        let age = job_age(&version, now);
        if age > host.pace.max_job.as_secs_f64() {
            return self.end_job(host, user, version, too_long(host, "the job took longer than")).await;
        }
        if age > host.pace.slow_job.as_secs_f64() {
            warn!(
                request_id = %version.id,
                user_id = %version.id.user_id,
                model_version = version.id.version,
                job_id = %job.id,
                age_hours = (age / 3600.0) as u64,
                "the job takes unusually long"
            );
        }
        let version = match job.status == JobStatus::Running && version.run.job_running_at.is_none() {
            true => self.record(version, RunEvent::JobRunning).await?,
            false => version,
        };
        let until = host.pace.next_poll(&version.id.to_string(), &job, now);
        self.wait(user, &version, until).await
    }

    /// The job is done: its model is made to answer where that takes a further step, and written down.
    async fn take_model(
        &self,
        host: &Host,
        user: User,
        version: ModelVersion,
        job: FineTuningJob,
    ) -> Result<Next, PipelineError> {
        let tokens = job.trained_tokens;
        let cost = || tokens.and_then(|tokens| host.training_cost(&version.base_model, tokens));
        let failed = |failure| RunEvent::JobFailed { failure, trained_tokens: tokens, cost: cost() };
        // Where a step follows, it is that one which makes a model.
        let names_none = job.fine_tuned_model.is_none() && host.profile.after_success == AfterSuccess::None;
        if names_none && version.run.dispatch.attempt < POLLS_FOR_A_MODEL {
            let message = format!("the job {} is reported as succeeded but does not name its model yet", job.id);
            return Err(ProviderError::unavailable(message).into());
        }
        let event = if names_none {
            failed(Failure::new(FailureCode::NoModel, "the job is reported as succeeded but names no model"))
        } else {
            match host.training.make_servable(&job).await {
                Ok(Servable::Ready(model)) => RunEvent::JobSucceeded {
                    fine_tuned_model_id: model.to_string(),
                    trained_tokens: tokens,
                    cost: cost(),
                },
                Ok(Servable::Preparing) if job_age(&version, self.clock.now()) > host.pace.max_job.as_secs_f64() => {
                    let failure = too_long(host, "the job and making its model ready took longer than");
                    return self.end_job(host, user, version, failure).await;
                }
                Ok(Servable::Preparing) => {
                    let until = host.pace.next_poll(&version.id.to_string(), &job, self.clock.now());
                    return self.wait(user, &version, until).await;
                }
                Ok(Servable::Download(_)) => failed(Failure::new(
                    FailureCode::NoModel,
                    format!(
                        "{} gives the adapter's files and does not serve them; choose a profile that serves",
                        host.profile.name
                    ),
                )),
                Err(error) if error.retryable() => return Err(error.into()),
                Err(error) => failed(failure_of(&error)),
            }
        };
        self.record(version, event).await?;
        Ok(self.at_once())
    }

    /// Cancels the job if there is one; the step after it deletes the training file.
    pub(super) async fn end_job(
        &self,
        host: &Host,
        user: User,
        version: ModelVersion,
        failure: Failure,
    ) -> Result<Next, PipelineError> {
        let file = version.training_file_id.as_deref().map(FileId::new);
        let jobs = jobs_of(host.training.as_ref(), &version, file.as_ref()).await?;
        // A create call may still be on its way: what it makes is not to outlive the run.
        if jobs.is_empty()
            && let Some(wait) = self.wait_out(host, user, &version).await?
        {
            return Ok(wait);
        }
        let mut trained_tokens = None;
        for job in jobs {
            if let Some(tokens) = self.end_one(host, &version, &job).await? {
                trained_tokens = Some(trained_tokens.unwrap_or(0_u64).saturating_add(tokens));
            }
        }
        let cost = trained_tokens.and_then(|tokens| host.training_cost(&version.base_model, tokens));
        self.record(version, RunEvent::JobFailed { failure, trained_tokens, cost }).await?;
        Ok(self.at_once())
    }

    /// Ends a job that no version will name, with what it has made; the tokens that it trained on, if it says them.
    async fn end_one(&self, host: &Host, version: &ModelVersion, job: &JobId) -> Result<Option<u64>, ProviderError> {
        let ended = match host.training.cancel_job(job).await {
            Ok(ended) => ended,
            Err(ProviderError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        // It may have been faster than the cancellation.
        if let Some(model) = &ended.fine_tuned_model {
            host.training.delete_model(model).await?;
        }
        // Now, for one whose creation was never recorded is not found after this.
        self.delete_leftovers(host, version, job, ended.fine_tuned_model.is_some()).await?;
        Ok(ended.trained_tokens)
    }
}

/// Seconds since the job was about to be created.
fn job_age(version: &ModelVersion, now: Timestamp) -> f64 {
    seconds(now.duration_since(version.run.job_intended_at.unwrap_or(version.created_at)))
}

fn too_long(host: &Host, what: &str) -> Failure {
    let hours = host.pace.max_job.as_secs() / 3600;
    let message = format!("{what} {hours} hours, and the job was cancelled; runs.max_job_hours allows more");
    Failure::new(FailureCode::JobTimeout, message)
}

/// The jobs that bear the run's mark, newest first.
async fn marked_jobs(
    training: &dyn FineTuningProvider,
    version: &ModelVersion,
    file: Option<&FileId>,
) -> Result<Vec<FineTuningJob>, ProviderError> {
    let jobs = jobs_of_run(training, RUN_KEY, &run_id(version), file).await?;
    // After a create call of unknown outcome no mark is trusted alone: there is one training file for each run.
    match (file, version.run.job_intended_at) {
        (Some(file), Some(_)) if jobs.is_empty() => training.find_jobs_on_file(file).await,
        _ => Ok(jobs),
    }
}

/// The job on record, and others that bear the run's mark: one may have been created and never recorded.
pub(super) async fn jobs_of(
    training: &dyn FineTuningProvider,
    version: &ModelVersion,
    file: Option<&FileId>,
) -> Result<Vec<JobId>, ProviderError> {
    let mut jobs: Vec<_> = version.job_id.iter().map(JobId::new).collect();
    if version.run.job_intended_at.is_some() {
        let marked = marked_jobs(training, version, file).await?;
        jobs.extend(marked.into_iter().map(|job| job.id).filter(|job| version.job_id.as_deref() != Some(job.as_str())));
    }
    Ok(jobs)
}

fn recorded<T: FromStr>(version: &ModelVersion, name: &str) -> Option<T> {
    version.config.hyperparams.get(name)?.parse().ok()
}
