//! Files and fine-tuning jobs.

use async_trait::async_trait;
use idiolect_provider::{
    CreateJob, Deleted, FileId, FineTuningJob, FineTuningProvider, JobFailure, JobId, JobProgress, JobStatus, ModelId,
    ModelInfo, ProviderError, Servable, Upload, UploadedFile,
};

use super::{FakeProvider, Fault, Job, JobOutcome, Method, State, checks, cut, invalid, not_found};

#[async_trait]
impl FineTuningProvider for FakeProvider {
    fn name(&self) -> &str {
        self.name
    }

    fn is_hosted(&self) -> bool {
        self.hosted
    }

    async fn upload_file(&self, upload: Upload) -> Result<FileId, ProviderError> {
        let fault = self.begin(Method::UploadFile, &upload.name).await?;
        checks::check_upload(&upload)?;
        let file = self.state().store_file(upload);
        answer(fault, file)
    }

    async fn find_files(&self, name: &str) -> Result<Vec<UploadedFile>, ProviderError> {
        let fault = self.begin(Method::FindFiles, name).await?;
        let state = self.state();
        let found = state.files.iter().rev().map(|(file, _)| file).filter(|f| f.name == name).cloned().collect();
        answer(fault, found)
    }

    async fn delete_file(&self, file: &FileId) -> Result<Deleted, ProviderError> {
        let fault = self.begin(Method::DeleteFile, file).await?;
        let mut state = self.state();
        if state.jobs.iter().any(|job| job.shown.training_file == *file && !job.is_over()) {
            return Err(invalid(Some("file_id"), "an unfinished job still trains on the file"));
        }
        let before = state.files.len();
        state.files.retain(|(held, _)| held.id != *file);
        answer(fault, if state.files.len() < before { Deleted::Now } else { Deleted::AlreadyGone })
    }

    async fn create_job(&self, request: CreateJob) -> Result<FineTuningJob, ProviderError> {
        let fault = self.begin(Method::CreateJob, &request.training_file).await?;
        checks::check_job(&request)?;
        let job = self.state().create_job(request)?;
        answer(fault, job)
    }

    async fn job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        let fault = self.begin(Method::Job, job).await?;
        let job = self.state().poll(job)?;
        answer(fault, job)
    }

    async fn find_jobs(
        &self,
        key: &str,
        value: &str,
        _file: Option<&FileId>,
    ) -> Result<Vec<FineTuningJob>, ProviderError> {
        let fault = self.begin(Method::FindJobs, format!("{key}={value}")).await?;
        let state = self.state();
        let jobs = state.jobs.iter().rev().map(|job| &job.shown);
        let found = jobs.filter(|job| job.metadata.get(key).is_some_and(|v| v == value)).cloned().collect();
        answer(fault, found)
    }

    async fn find_jobs_on_file(&self, file: &FileId) -> Result<Vec<FineTuningJob>, ProviderError> {
        let fault = self.begin(Method::FindJobs, file).await?;
        let state = self.state();
        let jobs = state.jobs.iter().rev().map(|job| &job.shown);
        let found = jobs.filter(|job| job.training_file == *file).cloned().collect();
        answer(fault, found)
    }

    async fn cancel_job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        let fault = self.begin(Method::CancelJob, job).await?;
        let mut state = self.state();
        let (_, now) = state.tick();
        let job = state.job(job)?;
        if !job.is_over() {
            job.end(JobStatus::Cancelled, now);
        }
        answer(fault, job.shown.clone())
    }

    async fn make_servable(&self, job: &FineTuningJob) -> Result<Servable, ProviderError> {
        let fault = self.begin(Method::MakeServable, &job.id).await?;
        let model = job.fine_tuned_model.clone().ok_or_else(|| not_found("model of the job", &job.id))?;
        if self.state().preparing {
            return answer(fault, Servable::Preparing);
        }
        answer(fault, Servable::Ready(model))
    }

    async fn delete_model(&self, model: &ModelId) -> Result<Deleted, ProviderError> {
        let fault = self.begin(Method::DeleteModel, model).await?;
        let mut state = self.state();
        if state.models.first() == Some(model) {
            return Err(invalid(Some("model"), "the base model cannot be deleted"));
        }
        let held = |state: &State| state.models.len() + state.listed_only.len();
        let before = held(&state);
        state.models.retain(|held| held != model);
        state.listed_only.retain(|held| held != model);
        answer(fault, if held(&state) < before { Deleted::Now } else { Deleted::AlreadyGone })
    }

    async fn delete_results(&self, job: &JobId) -> Result<(), ProviderError> {
        let fault = self.begin(Method::DeleteResults, job).await?;
        self.state().results.retain(|held| held != job);
        answer(fault, ())
    }

    async fn forget_job(&self, job: &JobId) -> Result<(), ProviderError> {
        let fault = self.begin(Method::ForgetJob, job).await?;
        let mut state = self.state();
        if let Some(held) = state.jobs.iter().find(|held| held.shown.id == *job) {
            let left = held.shown.fine_tuned_model.as_ref().is_some_and(|model| state.models.contains(model));
            if !held.is_over() || left || state.results.contains(job) {
                return Err(invalid(Some("job_id"), "the job has not ended, or what it made is still there"));
            }
        }
        state.jobs.retain(|held| held.shown.id != *job);
        answer(fault, ())
    }

    async fn models(&self) -> Result<Vec<ModelInfo>, ProviderError> {
        let fault = self.begin(Method::Models, "").await?;
        let state = self.state();
        let info = |id: &ModelId| {
            let shutdown_date = state.shutdown_dates.get(id).copied();
            ModelInfo { id: id.clone(), created_at: None, shutdown_date }
        };
        let models = state.models.iter().chain(&state.listed_only).map(info).collect();
        answer(fault, models)
    }

    async fn model(&self, model: &ModelId) -> Result<ModelInfo, ProviderError> {
        let fault = self.begin(Method::Model, model).await?;
        let state = self.state();
        let listed = state.models.contains(model) || state.listed_only.contains(model);
        let shutdown_date = state.shutdown_dates.get(model).copied();
        match listed {
            true => answer(fault, ModelInfo { id: model.clone(), created_at: None, shutdown_date }),
            false => Err(not_found("model", model)),
        }
    }
}

fn answer<T>(fault: Option<Fault>, value: T) -> Result<T, ProviderError> {
    match fault {
        Some(_) => Err(cut("the connection was cut after the call took effect")),
        None => Ok(value),
    }
}

impl State {
    fn create_job(&mut self, request: CreateJob) -> Result<FineTuningJob, ProviderError> {
        self.has_model(&request.base_model)?;
        if !self.files.iter().any(|(file, _)| file.id == request.training_file) {
            return Err(not_found("file", &request.training_file));
        }
        let under_way = self.jobs.iter().filter(|job| !job.is_over()).count();
        if self.job_cap.is_some_and(|cap| under_way >= cap) {
            self.jobs_refused += 1;
            return Err(ProviderError::RateLimited { retry_after_secs: None, answer: None });
        }
        self.most_jobs_at_once = self.most_jobs_at_once.max(under_way + 1);
        let (n, created_at) = self.tick();
        let shown = FineTuningJob {
            id: JobId::new(format!("ftjob-{n}")),
            status: JobStatus::ValidatingFiles,
            training_file: request.training_file,
            base_model: request.base_model,
            fine_tuned_model: None,
            created_at,
            finished_at: None,
            estimated_finish: None,
            trained_tokens: None,
            progress: None,
            failure: None,
            metadata: request.metadata,
        };
        let script = self.scripts.pop_front().unwrap_or_default();
        self.jobs_created.push(shown.training_file.clone());
        self.jobs.push(Job { shown: shown.clone(), suffix: request.suffix, script, polls: 0 });
        Ok(shown)
    }

    fn poll(&mut self, id: &JobId) -> Result<FineTuningJob, ProviderError> {
        let (n, now) = self.tick();
        let job = self.job(id)?;
        if job.is_over() {
            return Ok(job.shown.clone());
        }
        job.polls += 1;
        if job.polls < job.script.ends_at_poll {
            job.shown.status = if job.polls == 1 { JobStatus::Queued } else { JobStatus::Running };
            job.shown.progress = (job.polls > 1).then(|| JobProgress {
                step: job.polls.into(),
                total_steps: job.script.ends_at_poll.into(),
                train_loss: Some(2.0),
                rows: 100 * u64::from(job.polls),
            });
            return Ok(job.shown.clone());
        }
        match job.script.outcome.clone() {
            JobOutcome::Succeeds => {
                job.end(JobStatus::Succeeded, now);
                let suffix = job.suffix.as_deref().unwrap_or_default();
                let model = ModelId::new(format!("ft:{}:{suffix}:{n}", job.shown.base_model));
                job.shown.fine_tuned_model = Some(model.clone());
                job.shown.trained_tokens = Some(1234);
                let shown = job.shown.clone();
                self.models.push(model);
                self.results.push(shown.id.clone());
                return Ok(shown);
            }
            JobOutcome::SucceedsWithoutModel => job.end(JobStatus::Succeeded, now),
            JobOutcome::Fails { code, message } => {
                job.end(JobStatus::Failed, now);
                job.shown.failure = Some(JobFailure { code, message });
            }
            JobOutcome::Cancelled => job.end(JobStatus::Cancelled, now),
        }
        Ok(job.shown.clone())
    }
}
