//! After the job: the file goes, the money is trued up, the model is probed, measured and served or not.

use async_trait::async_trait;
use idiolect_provider::{FileId, JobId, ModelId, ProviderError, probe};
use idiolect_registry::{
    Activation, ConsentProof, Failure, FailureCode, ModelVersion, RunEvent, User, UserId, activate, apply,
    keep_previous,
};
use tracing::error;

use super::TrainingMachine;
use super::outcomes::{failure_of, not_better, revoked};
use crate::error::PipelineError;
use crate::evaluate::{AskConsent, Contenders, Unmeasured, absent, evaluate, may_activate, not_measured};
use crate::host::Host;
use crate::seam::Next;

impl TrainingMachine {
    /// Runs whatever the job's end was: the provider keeps no training file of ours, and the reservation becomes the cost.
    pub(super) async fn delete_file(
        &self,
        host: &Host,
        user: User,
        version: ModelVersion,
    ) -> Result<Next, PipelineError> {
        if let Some(file) = &version.training_file_id
            && let Err(failed) = host.training.delete_file(&FileId::new(file)).await
        {
            // A file that cannot be deleted does not keep a good model from being served for ever: it has an expiry.
            if failed.retryable() || self.has_tried_too_long(host, &version).is_none() {
                return Err(failed.into());
            }
            error!(
                request_id = %version.id,
                user_id = %version.id.user_id,
                model_version = version.id.version,
                file_id = file,
                code = failed.code(),
                "the training file could not be deleted and goes with its expiry; delete it at the provider"
            );
        }
        if let Some(job) = version.job_id.as_deref().map(JobId::new) {
            self.delete_leftovers(host, &version, &job, false).await?;
        }
        self.store.settle(&version.id, version.spent()).await?;
        if version.failure.is_some() {
            let user = keep_previous(&user, self.clock.now());
            return self.finish(user, version, RunEvent::FileDeleted).await;
        }
        self.record(version, RunEvent::FileDeleted).await?;
        Ok(self.at_once())
    }

    /// What a job leaves beside its model says something about its user, too; so do its checkpoints, once its model `is_gone`.
    pub(super) async fn delete_leftovers(
        &self,
        host: &Host,
        version: &ModelVersion,
        job: &JobId,
        is_gone: bool,
    ) -> Result<(), ProviderError> {
        let mut deleted = host.training.delete_results(job).await;
        if deleted.is_ok() && is_gone {
            deleted = host.training.forget_job(job).await;
        }
        match deleted {
            Err(failed) if failed.retryable() => Err(failed),
            Err(failed) => {
                error!(
                    request_id = %version.id,
                    user_id = %version.id.user_id,
                    model_version = version.id.version,
                    job_id = %job,
                    code = failed.code(),
                    "what the job left could not be deleted; delete its files and checkpoints at the provider"
                );
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// One short answer, so that a model that nobody can use is found before it is served.
    pub(super) async fn probe(&self, host: &Host, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        if !host.profile.serves_fine_tuned {
            self.record(version, RunEvent::Probed).await?;
            return Ok(self.at_once());
        }
        let model = ModelId::new(version.fine_tuned_model_id.as_deref().unwrap_or_default());
        if let Err(failed) = probe(host.chat.as_ref(), &model).await {
            if failed.retryable() {
                return Err(failed.into());
            }
            // A model may take a while to be found after its job has ended.
            if version.run.dispatch.attempt < 3 && failed.code() == "model_not_found" {
                let answer = failed.answer().cloned().map(Box::new);
                return Err(ProviderError::Unavailable { message: format!("{failed} yet"), answer }.into());
            }
            let mut failure = failure_of(&failed);
            failure.code = FailureCode::ProbeFailed;
            failure.message = format!("the new model does not answer: {}", failure.message);
            let user = keep_previous(&user, self.clock.now());
            return self.finish(user, version, RunEvent::NotActivated(failure)).await;
        }
        self.record(version, RunEvent::Probed).await?;
        Ok(self.at_once())
    }

    pub(super) async fn evaluate(&self, host: &Host, user: User, version: ModelVersion) -> Result<Next, PipelineError> {
        let Some(scorer) = &host.scorer else {
            self.record(version, RunEvent::Evaluated(not_measured())).await?;
            return Ok(self.at_once());
        };
        // The words ended with the build, so the holdout is extracted again.
        let proof = self.prove(host, &user)?;
        let evaluation = match self.dataset(host, proof, &version).await? {
            Err(failure) => absent(&failure.message),
            Ok(dataset) if Some(&dataset.training.sha256) != version.artifacts.dataset_hash.as_ref() => {
                absent("the source has changed since the training file was built")
            }
            Ok(dataset) => {
                let contenders = Contenders {
                    base: ModelId::new(&version.base_model),
                    candidate: ModelId::new(version.fine_tuned_model_id.as_deref().unwrap_or_default()),
                    // Somebody may have chosen this very version already.
                    active: user
                        .active_model_id
                        .as_deref()
                        .filter(|_| user.active_model_version != version.id.version)
                        .map(ModelId::new),
                };
                let consent = Asking { machine: self, host, user_id: &user.user_id };
                let observer = self.observer.as_ref();
                match evaluate(&consent, scorer.as_ref(), &dataset.holdout, &contenders, observer).await {
                    Ok(evaluation) => evaluation,
                    Err(Unmeasured::Refused(missing @ PipelineError::Consent(_))) => {
                        let user = keep_previous(&self.user(&user.user_id).await?, self.clock.now());
                        return self.finish(user, version, RunEvent::NotActivated(revoked(missing)?)).await;
                    }
                    Err(Unmeasured::Refused(other)) => return Err(other),
                    Err(Unmeasured::Provider(failed)) if failed.retryable() => return Err(failed.into()),
                    Err(Unmeasured::Provider(failed)) => absent(&failed.to_string()),
                }
            }
        };
        let noted = self.regression_noted(&user, &version, &evaluation).await?;
        self.record_with(version, RunEvent::Evaluated(evaluation), noted).await?;
        Ok(self.at_once())
    }

    /// Disabling wins: the user's record is read here and written by compare-and-swap, so a revocation in between refuses it.
    pub(super) async fn decide(
        &self,
        host: &Host,
        user: User,
        mut version: ModelVersion,
    ) -> Result<Next, PipelineError> {
        let now = self.clock.now();
        version.retires_at = host.retires_at(&version.base_model);
        let measured = host.scorer.is_some();
        let refusal = if !measured || may_activate(&version.eval) { None } else { Some(not_better(&version)) };
        let refusal = refusal.or_else(|| self.cannot_serve(host));
        if let Some(failure) = refusal {
            let user = self.without_regressed(keep_previous(&user, now), &version.eval).await?;
            return self.finish(user, version, RunEvent::NotActivated(failure)).await;
        }
        if self.settings.activation == Activation::AfterReview {
            let user = self.without_regressed(user, &version.eval).await?;
            return self.finish(user, version, RunEvent::ReviewAsked).await;
        }
        match activate(&user, &apply(&version, RunEvent::Activated, now)?, now) {
            Ok(user) => self.finish(user, version, RunEvent::Activated).await,
            Err(refused) => {
                let failure = revoked(refused.into())?;
                self.finish(keep_previous(&user, now), version, RunEvent::NotActivated(failure)).await
            }
        }
    }

    fn cannot_serve(&self, host: &Host) -> Option<Failure> {
        (!host.profile.serves_fine_tuned).then(|| {
            let message = format!("{} trains and does not serve; the model is there under its id", host.profile.name);
            Failure::new(FailureCode::ProbeFailed, message)
        })
    }
}

struct Asking<'a> {
    machine: &'a TrainingMachine,
    host: &'a Host,
    user_id: &'a UserId,
}

#[async_trait]
impl AskConsent for Asking<'_> {
    async fn ask(&self) -> Result<ConsentProof, PipelineError> {
        self.machine.prove_now(self.host, self.user_id).await
    }
}
