//! The training run, one step a call. All that is remembered between calls is in the metadata store, so any process may
//! make the next call, and one killed anywhere is gone on with by the next.

mod names;

pub use names::training_file_name;
mod outcomes;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idiolect_dataset::{Dataset, DatasetSettings, Strategy, Window, validate_training_file};
use idiolect_provider::{
    ChatMessage, ChatProvider, ChatRequest, CreateJob, FileId, FineTuningJob, FineTuningProvider, Hyperparameters,
    ModelId, ProviderError, Scorer, Upload,
};
use idiolect_registry::{
    Change, Clock, ConsentProof, Failure, FailureCode, MetadataStore, ModelVersion, Purpose, Requirements, RunEvent,
    RunRequest, RunStep, StoreError, User, UserId, activate, apply, keep_previous, prove_consent, start_run,
};
use jiff::SignedDuration;
use tracing::{info, warn};

use names::{RUN_KEY, job_id, run_id, suffix};
use outcomes::{dataset_failure, end_of_job, facts, job_failure, not_better, revoked};

use crate::build::{BuildFailure, OpenSource, build_dataset};
use crate::error::PipelineError;
use crate::evaluate::{Contenders, absent, evaluate, may_activate};
use crate::fault;
use crate::observer::{Notice, Observer};
use crate::seam::{Machine, Next};

/// Answers of the probe are this short.
const PROBE_TOKENS: u64 = 8;

/// What the machine is built from.
pub struct TrainingMachine {
    pub store: Arc<dyn MetadataStore>,
    pub provider: Arc<dyn FineTuningProvider>,
    pub chat: Arc<dyn ChatProvider>,
    /// Present when the provider can score text in this process.
    pub scorer: Option<Arc<dyn Scorer>>,
    pub sources: Arc<dyn OpenSource>,
    pub clock: Arc<dyn Clock>,
    pub observer: Arc<dyn Observer>,
    pub settings: RunSettings,
}

/// What every run has in common.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// The dataset's rules; the window and the strategy are each run's own.
    pub dataset: DatasetSettings,
    pub requirements: Requirements,
    pub hyperparameters: Hyperparameters,
    /// Time between two looks at a job.
    pub poll_interval: Duration,
}

impl TrainingMachine {
    /// Records a new run. Refused while another is unfinished.
    pub async fn request(&self, user_id: &UserId, request: RunRequest) -> Result<ModelVersion, PipelineError> {
        if let Some(run) = self.unfinished(user_id).await? {
            return Err(PipelineError::Unfinished { user_id: user_id.clone(), run: run.id.to_string() });
        }
        let user = self.user(user_id).await?;
        self.prove_training(&user)?;
        let proof = prove_consent(&user, Purpose::Extract)?;
        let (user, version) = start_run(&user, &proof, request, self.clock.now());
        self.store.commit(vec![Change::PutUser(user), Change::CreateVersion(version.clone())]).await?;
        fault::point("requested");
        let version = ModelVersion { revision: 1, ..version };
        self.observer.notice(Notice::Step { step: version.run.step, version: &version });
        Ok(version)
    }

    /// The user's run that is not over, if there is one.
    pub async fn unfinished(&self, user_id: &UserId) -> Result<Option<ModelVersion>, PipelineError> {
        Ok(self.store.versions(user_id).await?.into_iter().find(|v| v.run.step.is_under_way()))
    }

    async fn step(&self, user_id: &UserId) -> Result<Next, PipelineError> {
        let Some(version) = self.unfinished(user_id).await? else { return Ok(Next::Done) };
        let user = self.user(user_id).await?;
        match version.run.step {
            RunStep::Requested | RunStep::DatasetBuilt => self.build_and_upload(user, version).await,
            RunStep::FileUploaded => self.create_job(user, version).await,
            RunStep::JobCreated => self.poll_job(user, version).await,
            RunStep::JobEnded => self.delete_file(user, version).await,
            RunStep::FileDeleted => self.probe(user, version).await,
            RunStep::Probed => self.evaluate(user, version).await,
            RunStep::Evaluated => self.decide(user, version).await,
            RunStep::Activated
            | RunStep::NotActivated
            | RunStep::AwaitingReview
            | RunStep::InsufficientData
            | RunStep::Refused
            | RunStep::Failed
            | RunStep::Cancelled => Ok(Next::Done),
        }
    }

    /// Ends the user's run: at once when there is no job yet, else once the provider has cancelled it.
    pub async fn cancel(&self, user_id: &UserId) -> Result<Option<ModelVersion>, PipelineError> {
        let Some(version) = self.unfinished(user_id).await? else { return Ok(None) };
        let failure = Failure::new(FailureCode::Cancelled, "cancelled by the user");
        let user = self.user(user_id).await?;
        match version.run.step {
            RunStep::Requested | RunStep::DatasetBuilt => self.stop(user, version, failure).await.map(Some),
            RunStep::FileUploaded | RunStep::JobCreated => self.end_job(version, failure).await.map(Some),
            // The job is over, its model exists: the training file goes, and the version is not activated.
            RunStep::JobEnded => {
                self.delete_file(user, version).await?;
                Box::pin(self.cancel(user_id)).await
            }
            _ => {
                let user = keep_previous(&user, self.clock.now());
                self.finish(user, version, RunEvent::NotActivated(failure)).await.map(Some)
            }
        }
    }

    async fn build_and_upload(&self, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        let started = std::time::Instant::now();
        let dataset = match self.dataset(&user, &version).await? {
            Ok(dataset) => dataset,
            Err(failure) => return self.stop(user, version, failure).await.map(done),
        };
        let facts = facts(&dataset);
        if version.artifacts.dataset_hash.as_ref().is_some_and(|hash| *hash != facts.dataset_hash) {
            warn!(user_id = %user.user_id, model_version = version.id.version, "the source or the rules have changed since the dataset was first built; the run goes on with the new dataset");
        }
        let manifest = &dataset.manifest;
        if let Err(insufficient) =
            self.settings.requirements.check(manifest.messages_in_window, manifest.tokens.messages_in_window)
        {
            let message = format!("{insufficient}; `idiolect dataset preview` shows what was left out and why");
            let failure = Failure::new(FailureCode::InsufficientData, message);
            return self.stop(user, version, failure).await.map(done);
        }
        if let Err(invalid) = validate_training_file(&dataset.training.bytes, &dataset.holdout) {
            let failure = Failure::new(FailureCode::InvalidTrainingFile, invalid.to_string());
            return self.stop(user, version, failure).await.map(done);
        }
        fault::point("before_dataset_built");
        let version = self.record(version, RunEvent::DatasetBuilt(facts)).await?;
        fault::point("dataset_built");
        info!(
            user_id = %user.user_id,
            model_version = version.id.version,
            num_messages = version.num_messages,
            token_estimate = version.token_estimate,
            build_ms = started.elapsed().as_millis() as u64,
            "dataset built"
        );

        let user = self.user(&user.user_id).await?;
        if let Err(failure) = self.prove_training(&user).map_err(revoked) {
            return self.stop(user, version, failure).await.map(done);
        }
        let name = training_file_name(&version);
        // A crash between the upload and its record leaves a file of ours behind.
        for old in self.provider.find_files(&name).await? {
            self.provider.delete_file(&old.id).await?;
        }
        let uploaded = self.provider.upload_file(Upload::new(name, dataset.training.bytes)).await;
        let file_id = match uploaded {
            Ok(file_id) => file_id,
            Err(error) if error.retryable() => return Ok(self.later(&error)),
            Err(error) => {
                let failure = Failure::new(FailureCode::ProviderRefused, error.to_string());
                return self.stop(user, version, failure).await.map(done);
            }
        };
        fault::point("uploaded");
        self.record(version, RunEvent::FileUploaded { file_id: file_id.to_string() }).await?;
        fault::point("file_uploaded");
        Ok(self.at_once())
    }

    async fn create_job(&self, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        if let Err(failure) = self.prove_training(&user).map_err(revoked) {
            self.end_job(version, failure).await?;
            return Ok(self.at_once());
        }
        let job = match self.find_or_create_job(&user, &version).await {
            Ok(job) => job,
            Err(error) if error.retryable() => return Ok(self.later(&error)),
            Err(error) => {
                self.record(version, RunEvent::job_failed(job_failure(error.to_string()))).await?;
                return Ok(self.at_once());
            }
        };
        fault::point("job_made");
        self.record(version, RunEvent::JobCreated { job_id: job.id.to_string() }).await?;
        fault::point("job_created");
        Ok(self.at_once())
    }

    /// Creating is the paid step and not idempotent, so an answer that got lost is looked for before a second one is asked for.
    async fn find_or_create_job(&self, user: &User, version: &ModelVersion) -> Result<FineTuningJob, ProviderError> {
        let run_id = run_id(version);
        if let Some(job) = self.provider.find_jobs(RUN_KEY, &run_id).await?.into_iter().next() {
            return Ok(job);
        }
        let training_file = version.training_file_id.as_deref().map(FileId::new).ok_or_else(|| {
            ProviderError::Internal { message: "the run is recorded as uploaded but names no file".to_owned() }
        })?;
        let request = CreateJob {
            training_file,
            base_model: ModelId::new(&version.base_model),
            suffix: Some(suffix(user, version)),
            seed: Some(version.run.seed),
            hyperparameters: self.settings.hyperparameters.clone(),
            metadata: BTreeMap::from([(RUN_KEY.to_owned(), run_id)]),
        };
        self.provider.create_job(request).await
    }

    async fn poll_job(&self, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        if let Err(failure) = self.prove_training(&user).map_err(revoked) {
            self.end_job(version, failure).await?;
            return Ok(self.at_once());
        }
        let job = match self.provider.job(&job_id(&version)?).await {
            Ok(job) => job,
            Err(error) if error.retryable() => return Ok(self.later(&error)),
            Err(error) => {
                // Whatever the provider means: no job of ours goes on once the run has given it up.
                self.end_job(version, job_failure(error.to_string())).await?;
                return Ok(self.at_once());
            }
        };
        if let Some(progress) = &job.progress {
            self.observer.notice(Notice::Training(progress));
        }
        fault::point("training");
        if !job.status.is_terminal() {
            return Ok(Next::WaitUntil(
                self.clock.now()
                    + SignedDuration::try_from(self.settings.poll_interval).unwrap_or(SignedDuration::ZERO),
            ));
        }
        let event = end_of_job(job);
        self.record(version, event).await?;
        fault::point("job_ended");
        Ok(self.at_once())
    }

    /// Runs whatever the job's end was: the provider keeps no training file of ours.
    async fn delete_file(&self, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        if let Some(file) = &version.training_file_id
            && let Err(error) = self.provider.delete_file(&FileId::new(file)).await
        {
            if error.retryable() {
                return Ok(self.later(&error));
            }
            return Err(error.into());
        }
        fault::point("file_gone");
        if version.failure.is_some() {
            let user = keep_previous(&user, self.clock.now());
            return self.finish(user, version, RunEvent::FileDeleted).await.map(done);
        }
        self.record(version, RunEvent::FileDeleted).await?;
        fault::point("file_deleted");
        Ok(self.at_once())
    }

    /// One short answer, so that a model that nobody can use is found before it is served.
    async fn probe(&self, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        let model = ModelId::new(version.fine_tuned_model_id.as_deref().unwrap_or_default());
        let request = ChatRequest::new(model, &[ChatMessage::new("user", "Hello!")]).with("max_tokens", PROBE_TOKENS);
        if let Err(error) = self.chat.complete(request).await {
            if error.retryable() {
                return Ok(self.later(&error));
            }
            let failure = Failure::new(FailureCode::ProbeFailed, format!("the new model does not answer: {error}"));
            let user = keep_previous(&user, self.clock.now());
            return self.finish(user, version, RunEvent::NotActivated(failure)).await.map(done);
        }
        fault::point("probe_answered");
        self.record(version, RunEvent::Probed).await?;
        fault::point("probed");
        Ok(self.at_once())
    }

    async fn evaluate(&self, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        let evaluation = match (&self.scorer, prove_consent(&user, Purpose::Extract)) {
            (_, Err(missing)) => absent(&missing.to_string()),
            (None, Ok(_)) => absent("this provider cannot score the holdout"),
            // The words ended with the build, so the holdout is extracted again.
            (Some(scorer), Ok(proof)) => match self.dataset(&user, &version).await? {
                Err(failure) => absent(&failure.message),
                Ok(dataset) if Some(&dataset.training.sha256) != version.artifacts.dataset_hash.as_ref() => {
                    absent("the source has changed since the training file was built")
                }
                Ok(dataset) => {
                    let contenders = Contenders {
                        base: ModelId::new(&version.base_model),
                        candidate: ModelId::new(version.fine_tuned_model_id.as_deref().unwrap_or_default()),
                        active: user.active_model_id.as_deref().map(ModelId::new),
                    };
                    match evaluate(&proof, scorer.as_ref(), &dataset.holdout, &contenders, self.observer.as_ref()).await
                    {
                        Ok(evaluation) => evaluation,
                        Err(error) if error.retryable() => return Ok(self.later(&error)),
                        Err(error) => absent(&error.to_string()),
                    }
                }
            },
        };
        fault::point("scored");
        self.record(version, RunEvent::Evaluated(evaluation)).await?;
        fault::point("evaluated");
        Ok(self.at_once())
    }

    /// Disabling wins: the user's record is read here and written by compare-and-swap, so a revocation in between refuses it.
    async fn decide(&self, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        let now = self.clock.now();
        let activated = if may_activate(&version.eval) { activate(&user, &version, now).ok() } else { None };
        let (user, event) = match activated {
            Some(user) => (user, RunEvent::Activated),
            None => (keep_previous(&user, now), RunEvent::NotActivated(not_better(&version))),
        };
        self.finish(user, version, event).await.map(done)
    }

    /// The dataset of this run, or why there is none.
    async fn dataset(&self, user: &User, version: &ModelVersion) -> Result<Result<Dataset, Failure>, PipelineError> {
        if let Err(missing) = self.prove_training(user) {
            return Ok(Err(revoked(missing)));
        }
        let proof = match prove_consent(user, Purpose::Extract) {
            Ok(proof) => proof,
            Err(missing) => return Ok(Err(revoked(missing.into()))),
        };
        let mut settings = self.settings.dataset.clone();
        settings.window = Window { start: version.training_data_range.start, end: version.training_data_range.end };
        settings.strategy = match Strategy::from_version(&version.config.system_prompt_version) {
            Ok(strategy) => strategy,
            Err(error) => return Ok(Err(dataset_failure(&error))),
        };
        let (sources, observer, source) = (self.sources.clone(), self.observer.clone(), version.run.source.clone());
        let built = tokio::task::spawn_blocking(move || -> Result<Dataset, BuildFailure> {
            let source = sources.open(&source)?;
            Ok(build_dataset(&proof, source.as_ref(), settings, &observer)?.0)
        });
        let built = built.await.map_err(|_| PipelineError::Panicked { task: "builds the dataset" })?;
        Ok(built.map_err(|error| dataset_failure(&error)))
    }

    /// Cancels the job if there is one; the step after it deletes the training file.
    async fn end_job(&self, version: ModelVersion, failure: Failure) -> Result<ModelVersion, PipelineError> {
        // The job may exist although its record got lost.
        for job in self.provider.find_jobs(RUN_KEY, &run_id(&version)).await? {
            let ended = self.provider.cancel_job(&job.id).await?;
            // It was faster than the cancellation: the model is nobody's, for no version will name it.
            if let Some(model) = ended.fine_tuned_model {
                self.provider.delete_model(&model).await?;
            }
        }
        self.record(version, RunEvent::job_failed(failure)).await
    }

    async fn stop(&self, user: User, version: ModelVersion, failure: Failure) -> Result<ModelVersion, PipelineError> {
        for file in self.provider.find_files(&training_file_name(&version)).await? {
            self.provider.delete_file(&file.id).await?;
        }
        self.finish(keep_previous(&user, self.clock.now()), version, RunEvent::Stopped(failure)).await
    }

    /// Records the last step of the run together with what it means for the user.
    async fn finish(&self, user: User, version: ModelVersion, event: RunEvent) -> Result<ModelVersion, PipelineError> {
        let next = apply(&version, event, self.clock.now())?;
        fault::point("before_finished");
        self.store.commit(vec![Change::PutUser(user), Change::UpdateVersion(next.clone())]).await?;
        fault::point("finished");
        Ok(self.recorded(next))
    }

    async fn record(&self, version: ModelVersion, event: RunEvent) -> Result<ModelVersion, PipelineError> {
        let next = apply(&version, event, self.clock.now())?;
        self.store.commit(vec![Change::UpdateVersion(next.clone())]).await?;
        Ok(self.recorded(next))
    }

    fn recorded(&self, mut version: ModelVersion) -> ModelVersion {
        version.revision += 1;
        info!(
            user_id = %version.id.user_id,
            model_version = version.id.version,
            job_id = version.job_id.as_deref(),
            step = version.run.step.as_str(),
            failure_code = version.failure.as_ref().map(|f| f.code.as_str()),
            "run step recorded"
        );
        self.observer.notice(Notice::Step { step: version.run.step, version: &version });
        version
    }

    async fn user(&self, user_id: &UserId) -> Result<User, StoreError> {
        Ok(self.store.user(user_id).await?.unwrap_or_else(|| User::new(user_id.clone(), self.clock.now())))
    }

    /// Consent to training where this provider trains.
    fn prove_training(&self, user: &User) -> Result<ConsentProof, PipelineError> {
        let purpose = if self.provider.is_hosted() { Purpose::TrainHosted } else { Purpose::TrainLocal };
        Ok(prove_consent(user, purpose)?)
    }

    fn at_once(&self) -> Next {
        Next::WaitUntil(self.clock.now())
    }

    fn later(&self, error: &ProviderError) -> Next {
        warn!(error = %error, "the provider did not answer; trying again");
        Next::WaitUntil(
            self.clock.now()
                + SignedDuration::try_from(self.settings.poll_interval * 4).unwrap_or(SignedDuration::ZERO),
        )
    }
}

fn done(_: ModelVersion) -> Next {
    Next::Done
}

#[async_trait]
impl Machine for TrainingMachine {
    async fn advance(&self, user: &UserId) -> Result<Next, PipelineError> {
        self.step(user).await
    }
}
