//! Erasing a user: jobs, files, models and records, one thing a call, tried again until all of it is gone.

use idiolect_provider::{Deleted, FileId, JobId, ModelId, ProviderError};
use idiolect_registry::{Change, ErasedItem, ErasedKind, Erasure, ModelVersion, StoreError, User, UserId, revoke};
use tracing::{info, warn};

use super::job::jobs_of;
use super::outcomes::failure_of;
use super::{TrainingMachine, training_file_name};
use crate::error::PipelineError;
use crate::plan::Pace;
use crate::seam::Next;

const DELETED: &str = "deleted";
const NOTHING_LEFT: &str = "was already gone";

impl TrainingMachine {
    /// Revokes consent and begins to erase; a second request finds the first. `id` is random and names the receipt.
    /// `None` if nothing is known about the user.
    pub async fn request_erasure(&self, user_id: &UserId, id: &str) -> Result<Option<Erasure>, PipelineError> {
        loop {
            let user = self.user(user_id).await?;
            if user.revision == 0 && user.latest_model_version == 0 {
                return Ok(None);
            }
            if let Some(under_way) = &user.erasure_id {
                return Ok(self.store.erasure(under_way).await?);
            }
            let now = self.clock.now();
            let erasure = Erasure::requested(id.to_owned(), user_id.clone(), now);
            let mut user = revoke(&user, now);
            user.erasure_id = Some(id.to_owned());
            user.dispatch.release(Some(now));
            match self.store.commit(vec![Change::PutErasure(erasure.clone()), Change::PutUser(user)]).await {
                Ok(()) => {
                    // The run under way ends first, and its driver is to see it at once.
                    crate::engine::make_due(self.store.as_ref(), user_id, now).await?;
                    info!(user_id = %user_id, erasure_id = id, "erasure requested");
                    return Ok(Some(Erasure { revision: 1, ..erasure }));
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Erases the newest version that is left, then the user's own record. Runs under way have ended before, for consent is gone.
    pub(super) async fn erase_step(&self, user: User, id: &str) -> Result<Next, PipelineError> {
        let erasure = self.store.erasure(id).await?.unwrap_or_else(|| {
            // Its record is written together with the user's, so this is a store that was tampered with; erasing goes on.
            Erasure::requested(id.to_owned(), user.user_id.clone(), self.clock.now())
        });
        let Some(version) = self.next_to_erase(&user, &erasure).await? else {
            return self.complete_erasure(user, erasure).await;
        };
        let mut erasure = erasure;
        match self.erase_at_provider(&version, &mut erasure).await {
            Ok(()) => {
                self.note(&mut erasure, ErasedKind::Version, &version, Some(DELETED));
                erasure.trouble = None;
                let delete = Change::DeleteVersion { version: version.id, revision: version.revision };
                self.store.commit(vec![Change::PutErasure(erasure), delete]).await?;
                Ok(self.at_once())
            }
            Err(error) => self.put_erasure_off(user, erasure, &error).await,
        }
    }

    /// The newest version that is left: the one before that which was erased last, so that not all are read for each. Where there is
    /// none of that number, all that may be left are looked at.
    async fn next_to_erase(&self, user: &User, erasure: &Erasure) -> Result<Option<ModelVersion>, StoreError> {
        let erased =
            erasure.items.iter().filter(|item| item.kind == ErasedKind::Version).filter_map(|item| item.version);
        let next = erased.min().map_or(user.latest_model_version, |last| last.saturating_sub(1));
        match self.store.version(&user.version(next)).await? {
            Some(version) => Ok(Some(version)),
            None => Ok(self.store.versions(&user.user_id).await?.into_iter().next()),
        }
    }

    async fn erase_at_provider(&self, version: &ModelVersion, erasure: &mut Erasure) -> Result<(), ProviderError> {
        // The dataset is on record before anything is uploaded.
        if version.artifacts.dataset_hash.is_none() {
            return Ok(());
        }
        let training = &self.hosts.host(&version.provider)?.training;
        // Where there is no mark, the training file, by which a job is found too, is looked for while there is no other way.
        let file = version.training_file_id.as_deref().filter(|_| version.job_id.is_none()).map(FileId::new);
        // Where the create call was made once, what came of it is on record; some hosts list all jobs that there ever were to
        // whoever looks for more.
        let jobs = match &version.job_id {
            Some(job) if version.run.job_intents == 1 => vec![JobId::new(job)],
            _ => jobs_of(training.as_ref(), version, file.as_ref()).await?,
        };
        let mut models: Vec<_> = version.fine_tuned_model_id.iter().map(ModelId::new).collect();
        for job in &jobs {
            let answer = match training.cancel_job(job).await {
                // What it made is not always on record.
                Ok(ended) => {
                    models.extend(ended.fine_tuned_model.filter(|model| !models.contains(model)));
                    "ended"
                }
                Err(ProviderError::NotFound { .. }) => NOTHING_LEFT,
                Err(error) => return Err(error),
            };
            training.delete_results(job).await?;
            self.note(erasure, ErasedKind::Job, version, Some(answer));
        }
        let mut files: Vec<_> =
            training.find_files(&training_file_name(version)).await?.into_iter().map(|file| file.id).collect();
        files.extend(version.training_file_id.as_deref().map(FileId::new).filter(|file| !files.contains(file)));
        let mut answer = None;
        for file in &files {
            answer = with(answer, training.delete_file(file).await?);
        }
        self.note(erasure, ErasedKind::TrainingFile, version, answer.map(words));
        let mut answer = None;
        for model in &models {
            answer = with(answer, training.delete_model(model).await?);
        }
        self.note(erasure, ErasedKind::Model, version, answer.map(words));
        // Last, for what they made is found by them.
        for job in &jobs {
            training.forget_job(job).await?;
        }
        Ok(())
    }

    async fn complete_erasure(&self, user: User, mut erasure: Erasure) -> Result<Next, PipelineError> {
        let now = self.clock.now();
        erasure.items.push(ErasedItem { kind: ErasedKind::User, version: None, at: now, answer: DELETED.to_owned() });
        erasure.user_id = None;
        erasure.completed_at = Some(now);
        erasure.trouble = None;
        info!(erasure_id = erasure.id, items = erasure.items.len(), "erasure complete");
        let delete = Change::DeleteUser { user: user.user_id, revision: user.revision };
        self.store.commit(vec![Change::PutErasure(erasure), delete]).await?;
        Ok(Next::Done)
    }

    async fn put_erasure_off(
        &self,
        mut user: User,
        mut erasure: Erasure,
        error: &ProviderError,
    ) -> Result<Next, PipelineError> {
        let now = self.clock.now();
        let attempt = user.dispatch.attempt;
        let until = Pace::default().next_try(&erasure.id, attempt, error.retry_after_secs(), now);
        warn!(
            erasure_id = erasure.id,
            code = error.code(),
            provider_request_id = error.request_id(),
            attempt,
            "the provider did not erase what it was asked to; it is asked again"
        );
        erasure.trouble = Some(failure_of(error));
        user.dispatch.release(Some(until));
        user.dispatch.attempt = attempt.saturating_add(1);
        self.store.commit(vec![Change::PutErasure(erasure), Change::PutUser(user)]).await?;
        Ok(Next::WaitUntil(until))
    }

    /// One line for each kind of thing that a version had. What a later attempt finds to be gone does not take back that it was
    /// deleted.
    fn note(&self, erasure: &mut Erasure, kind: ErasedKind, version: &ModelVersion, answer: Option<&str>) {
        let number = Some(version.id.version);
        let noted = erasure.items.iter().any(|item| item.kind == kind && item.version == number);
        if let Some(answer) = answer.filter(|_| !noted) {
            erasure.items.push(ErasedItem { kind, version: number, at: self.clock.now(), answer: answer.to_owned() });
        }
    }
}

/// What several deletions found together.
fn with(before: Option<Deleted>, next: Deleted) -> Option<Deleted> {
    Some(before.map_or(next, |before| before.or(next)))
}

fn words(deleted: Deleted) -> &'static str {
    match deleted {
        Deleted::Now => DELETED,
        Deleted::AlreadyGone => NOTHING_LEFT,
    }
}
