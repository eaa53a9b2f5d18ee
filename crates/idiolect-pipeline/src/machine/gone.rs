//! A provider that is gone for good: it, its key here or its profile. A run that waits for it ends after as many failures
//! as take longer than its training file stays there.

use idiolect_provider::ProviderError;
use idiolect_registry::{Failure, ModelVersion, RunEvent, RunStep, apply, keep_previous};
use tracing::error;

use super::TrainingMachine;
use super::outcomes::failure_of;
use crate::error::PipelineError;
use crate::seam::Next;

impl TrainingMachine {
    /// Whether the run's provider has failed it so often in a row that it is given up.
    pub(super) fn is_gone(&self, version: &ModelVersion) -> bool {
        version.run.dispatch.attempt >= self.pace_of(version).tries_before_it_is_gone()
    }

    /// Ends the run, or brings it past what only the provider can do: its training file has expired by now, and what a job of which
    /// nobody can be asked has cost counts as estimated.
    pub(super) async fn go_on_without(
        &self,
        version: ModelVersion,
        error: &ProviderError,
    ) -> Result<Next, PipelineError> {
        error!(
            request_id = %version.id,
            user_id = %version.id.user_id,
            model_version = version.id.version,
            job_id = version.job_id.as_deref(),
            file_id = version.training_file_id.as_deref(),
            provider = version.provider,
            code = error.code(),
            "the provider is given up after too many failures in a row; look there for what the run may have left"
        );
        let now = self.clock.now();
        let user = self.user(&version.id.user_id).await?;
        let wanted = self.wanted_end(None, &user, &version);
        let user = keep_previous(&user, now);
        let failure = given_up(&version, wanted.unwrap_or_else(|| failure_of(error)));
        match version.run.step {
            RunStep::Requested | RunStep::DatasetBuilt => self.finish_stopped(user, version, failure).await,
            RunStep::FileUploaded | RunStep::JobCreated => {
                let cost = version.cost.estimated.filter(|_| version.run.job_intended_at.is_some());
                let ended = apply(&version, RunEvent::JobFailed { failure, trained_tokens: None, cost }, now)?;
                self.store.settle(&version.id, ended.spent()).await?;
                self.finish(user, ended, RunEvent::FileDeleted).await
            }
            RunStep::JobEnded => {
                self.store.settle(&version.id, version.spent()).await?;
                if version.failure.is_some() {
                    return self.finish(user, version, RunEvent::FileDeleted).await;
                }
                self.record(version, RunEvent::FileDeleted).await?;
                Ok(self.at_once())
            }
            _ => self.finish(user, version, RunEvent::NotActivated(failure)).await,
        }
    }
}

/// The reason, with what may still be at the provider.
fn given_up(version: &ModelVersion, reason: Failure) -> Failure {
    let left = match (&version.fine_tuned_model_id, &version.job_id, version.run.job_intended_at) {
        _ if version.run.step == RunStep::Requested => None,
        (Some(model), ..) => Some(format!("its model {model}")),
        (None, Some(job), _) => Some(format!("its job {job}")),
        (None, None, Some(_)) => Some("a job of it".to_owned()),
        (None, None, None) => Some("its training file".to_owned()),
    };
    let left = left.map_or(String::new(), |left| format!("; {left} may still be there"));
    let message = format!(
        "{}; {} is given up after {} failures in a row{left}",
        reason.message, version.provider, version.run.dispatch.attempt
    );
    Failure { message, ..reason }
}
