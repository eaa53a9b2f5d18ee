//! The local provider as a `FineTuningProvider`.

use async_trait::async_trait;
use idiolect_provider::{
    CreateJob, Deleted, FileId, FineTuningJob, FineTuningProvider, JobId, JobStatus, ModelId, ModelInfo, ProviderError,
    Upload, UploadedFile,
};
use jiff::Timestamp;

use super::jobs::{self, JobLock, JobRecord};
use super::request::invalid;
use super::{LocalProvider, Shared, adapters, files, ids, trainer};

/// Decides the first parameters and the order of examples when the job does not.
const DEFAULT_SEED: u64 = 1;

#[async_trait]
impl FineTuningProvider for LocalProvider {
    fn name(&self) -> &str {
        "local"
    }

    fn is_hosted(&self) -> bool {
        false
    }

    async fn upload_file(&self, upload: Upload) -> Result<FileId, ProviderError> {
        self.blocking(move |shared| files::upload(&shared.engine.directory, &upload)).await
    }

    async fn find_files(&self, name: &str) -> Result<Vec<UploadedFile>, ProviderError> {
        let name = name.to_owned();
        self.blocking(move |shared| Ok(files::find(&shared.engine.directory, &name)?)).await
    }

    async fn delete_file(&self, file: &FileId) -> Result<Deleted, ProviderError> {
        let file = file.clone();
        self.blocking(move |shared| Ok(files::delete(&shared.engine.directory, &file)?)).await
    }

    async fn create_job(&self, request: CreateJob) -> Result<FineTuningJob, ProviderError> {
        self.blocking(move |shared| shared.create_job(request).map(Into::into)).await
    }

    async fn job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        let job = job.clone();
        self.blocking(move |shared| shared.job(&job).map(Into::into)).await
    }

    async fn find_jobs(
        &self,
        key: &str,
        value: &str,
        _file: Option<&FileId>,
    ) -> Result<Vec<FineTuningJob>, ProviderError> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.blocking(move |shared| shared.find_jobs(|job| job.metadata.get(&key).is_some_and(|found| *found == value)))
            .await
    }

    async fn find_jobs_on_file(&self, file: &FileId) -> Result<Vec<FineTuningJob>, ProviderError> {
        let file = file.clone();
        self.blocking(move |shared| shared.find_jobs(|job| job.training_file == file)).await
    }

    async fn cancel_job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        let job = job.clone();
        self.blocking(move |shared| shared.cancel_job(&job).map(Into::into)).await
    }

    async fn delete_model(&self, model: &ModelId) -> Result<Deleted, ProviderError> {
        let model = model.clone();
        self.blocking(move |shared| shared.delete_model(&model)).await
    }

    /// Removes the job's directory. A job that is still being trained has to end first, and is asked to.
    async fn forget_job(&self, job: &JobId) -> Result<(), ProviderError> {
        let job = job.clone();
        self.blocking(move |shared| shared.forget_job(&job)).await
    }

    /// The base model, and every adapter that is kept here.
    async fn models(&self) -> Result<Vec<ModelInfo>, ProviderError> {
        self.blocking(move |shared| {
            let info = |id, created_at| ModelInfo { id, created_at, shutdown_date: None };
            let base = info(shared.engine.base_model.clone(), None);
            let adapters = shared.engine.directory.list_adapters()?;
            let adapters = adapters.into_iter().map(|(id, created_at)| info(id, created_at));
            Ok(std::iter::once(base).chain(adapters).collect())
        })
        .await
    }
}

impl Shared {
    fn find_jobs(&self, wanted: impl Fn(&JobRecord) -> bool) -> Result<Vec<FineTuningJob>, ProviderError> {
        let records = jobs::find(&self.engine.directory, wanted)?;
        let trainers = self.trainers();
        let now = |record: JobRecord| match trainers.get(&record.id) {
            Some(trainer) => trainer.overlay(record),
            None => record,
        };
        Ok(records.into_iter().map(now).map(Into::into).collect())
    }

    /// Checks everything before the job exists, and starts it.
    fn create_job(&self, request: CreateJob) -> Result<JobRecord, ProviderError> {
        let engine = &self.engine;
        check(&request)?;
        if request.base_model != engine.base_model {
            return Err(ProviderError::not_found("model", &request.base_model));
        }
        let unknown = || ProviderError::not_found("file", &request.training_file);
        let bytes = files::read(&engine.directory, &request.training_file)?.ok_or_else(unknown)?;
        let examples = trainer::examples(engine, &bytes)?.len();
        let record = self.new_record(request);
        jobs::create(&engine.directory, &record, &[])?;
        tracing::info!(job_id = %record.id, file_id = %record.training_file, examples, "fine-tuning job created");
        self.job(&record.id)
    }

    /// The record of a job that may be queued.
    pub(super) fn new_record(&self, request: CreateJob) -> JobRecord {
        let id = JobId::new(ids::fresh("ftjob"));
        JobRecord {
            status: JobStatus::Queued,
            fine_tuned_model: ids::fine_tuned(&self.engine.base_model, request.suffix.as_deref(), &id),
            training_file: request.training_file,
            base_model: request.base_model,
            seed: request.seed.unwrap_or(DEFAULT_SEED),
            hyperparameters: request.hyperparameters,
            metadata: request.metadata,
            created_at: Timestamp::now(),
            finished_at: None,
            trained_tokens: None,
            progress: None,
            failure: None,
            suffix: request.suffix,
            keeps_checkpoints: false,
            checkpoints: Vec::new(),
            id,
        }
    }

    fn cancel_job(&self, id: &JobId) -> Result<JobRecord, ProviderError> {
        let record = self.record(id)?;
        if record.status.is_terminal() {
            return Ok(record);
        }
        jobs::request_cancellation(&self.engine.directory, id)?;
        // Without a trainer nobody would see the request, so the job ends here.
        if let Some(_lock) = JobLock::try_take(&self.engine.directory, id)? {
            let record = self.record(id)?;
            if !record.status.is_terminal() {
                jobs::end(&self.engine.directory, &record.ended(JobStatus::Cancelled))?;
            }
        }
        tracing::info!(job_id = %id, "fine-tuning job cancelled");
        self.record(id)
    }

    fn forget_job(&self, id: &JobId) -> Result<(), ProviderError> {
        let directory = &self.engine.directory;
        if !directory.job(id).is_some_and(|place| place.is_dir()) {
            return Ok(());
        }
        // Held until the directory is gone, so that nobody writes into it meanwhile.
        let Some(_lock) = JobLock::try_take(directory, id)? else {
            jobs::request_cancellation(directory, id)?;
            return Err(ProviderError::unavailable(format!("the job {id} has not ended yet")));
        };
        // Its end may have been a model that nobody has been told of.
        if let Some(record) = jobs::read(directory, id)? {
            self.delete_model(&record.fine_tuned_model)?;
        }
        self.trainers().remove(id);
        jobs::forget(directory, id)?;
        tracing::info!(job_id = %id, "fine-tuning job forgotten");
        Ok(())
    }

    fn delete_model(&self, model: &ModelId) -> Result<Deleted, ProviderError> {
        if *model == self.engine.base_model {
            return Err(invalid("model", "the base model cannot be deleted".to_owned()));
        }
        let mut found = Deleted::AlreadyGone;
        for model in adapters::with_checkpoints(&self.engine.directory, model)? {
            self.engine.forget(&model);
            found = found.or(adapters::delete(&self.engine.directory, &model)?);
        }
        Ok(found)
    }
}

/// OpenAI's limits.
pub(super) fn check(request: &CreateJob) -> Result<(), ProviderError> {
    let fits = |suffix: &String| {
        (1..=64).contains(&suffix.len())
            && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let hyper = &request.hyperparameters;
    let rules = [
        ("suffix", request.suffix.as_ref().is_none_or(fits), "suffix must be 1 to 64 letters, digits, '-' or '_'"),
        ("metadata", request.metadata.len() <= 16, "metadata must have at most 16 pairs"),
        (
            "metadata",
            request.metadata.iter().all(|(key, value)| (1..=64).contains(&key.len()) && value.len() <= 512),
            "metadata keys must have 1 to 64 characters and values at most 512",
        ),
        ("n_epochs", hyper.n_epochs.is_none_or(|n| (1..=50).contains(&n)), "n_epochs must be from 1 to 50"),
        ("batch_size", hyper.batch_size.is_none_or(|n| (1..=256).contains(&n)), "batch_size must be from 1 to 256"),
        (
            "learning_rate_multiplier",
            hyper.learning_rate_multiplier.is_none_or(|x| x.is_finite() && x > 0.0 && x <= 100.0),
            "learning_rate_multiplier must be above 0 and at most 100",
        ),
    ];
    match rules.into_iter().find(|(_, holds, _)| !holds) {
        Some((param, _, message)) => Err(invalid(param, message.to_owned())),
        None => Ok(()),
    }
}
