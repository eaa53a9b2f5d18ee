//! Adapters that are trained at a host and served here: downloaded once, whole or not at all, and gone when they are to be gone.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::StreamExt;

use crate::{
    CreateJob, Deleted, FileId, FineTuningJob, FineTuningProvider, JobId, ModelId, ModelInfo, OpenAiProvider,
    ProviderError, Servable, Upload, UploadedFile,
};

/// The files of an adapter in PEFT's format, each with the most bytes that it may have.
const ADAPTER_FILES: [(&str, u64); 2] = [("adapter_config.json", 1 << 20), ("adapter_model.safetensors", 1 << 30)];

/// Keeps adapters of hosts and serves them on this machine.
#[async_trait]
pub trait AdapterShelf: Send + Sync {
    /// The model of this job's adapter, if it is kept.
    async fn held(&self, job: &JobId) -> Result<Option<ModelId>, ProviderError>;

    /// Begins to take in the job's adapter. What an earlier attempt left unfinished is thrown away.
    async fn begin(&self, job: &JobId) -> Result<Box<dyn IncomingAdapter>, ProviderError>;

    /// The job whose adapter the model is, or would be; `None` for a model of another kind.
    fn job_of(&self, model: &ModelId) -> Option<JobId>;

    /// Removes what is kept of the job's adapter, finished or not; nothing is a success.
    async fn remove(&self, job: &JobId) -> Result<(), ProviderError>;
}

/// An adapter on its way in. One that is dropped leaves nothing that is served.
#[async_trait]
pub trait IncomingAdapter: Send {
    /// Appends to the file of this name.
    async fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), ProviderError>;

    /// Refuses what does not fit the base model here; else makes it a model, whole.
    async fn commit(self: Box<Self>) -> Result<HeldAdapter, ProviderError>;
}

/// An adapter that has been taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldAdapter {
    pub model: ModelId,
    /// SHA-256 of each file, hex; they stand beside the files, too.
    pub sha256: BTreeMap<String, String>,
}

/// A host that trains, and a shelf here that serves: the step after success downloads the adapter.
pub struct Downloading {
    host: Arc<OpenAiProvider>,
    shelf: Arc<dyn AdapterShelf>,
}

impl Downloading {
    pub fn new(host: Arc<OpenAiProvider>, shelf: Arc<dyn AdapterShelf>) -> Self {
        Self { host, shelf }
    }

    async fn download(&self, job: &JobId, files: &[FileId]) -> Result<ModelId, ProviderError> {
        let files = self.adapter_files(job, files).await?;
        let mut incoming = self.shelf.begin(job).await?;
        for (name, max_bytes, file) in files {
            if file.size_bytes > max_bytes {
                return Err(self.cannot(format!(
                    "its {name} for job {job} has {} bytes, and at most {max_bytes} are taken",
                    file.size_bytes
                )));
            }
            let (mut content, mut had) = (self.host.file_content(&file.id, max_bytes).await?, 0);
            while let Some(piece) = content.next().await {
                let piece = piece?;
                had += piece.len() as u64;
                incoming.write(name, &piece).await?;
            }
            // Some hosts do not say how long a file is.
            if file.size_bytes != 0 && had != file.size_bytes {
                let message =
                    format!("{}: {name} broke off after {had} of {} bytes", self.host.name(), file.size_bytes);
                return Err(ProviderError::unavailable(message));
            }
        }
        let held = incoming.commit().await?;
        let sha256 = held.sha256.get(ADAPTER_FILES[1].0).map_or("", String::as_str);
        tracing::info!(provider = self.host.name(), job_id = %job, model_id = %held.model, sha256, "adapter downloaded");
        Ok(held.model)
    }

    /// Which of the files is which, by the last part of its name.
    async fn adapter_files(
        &self,
        job: &JobId,
        files: &[FileId],
    ) -> Result<Vec<(&'static str, u64, UploadedFile)>, ProviderError> {
        let mut found = Vec::new();
        for file in files {
            let file = self.host.describe_file(file).await?;
            let own = file.name.rsplit('/').next().unwrap_or_default();
            if let Some((name, max_bytes)) = ADAPTER_FILES.into_iter().find(|(name, _)| *name == own) {
                found.push((name, max_bytes, file));
            }
        }
        let complete = ADAPTER_FILES.iter().all(|(name, _)| found.iter().filter(|(own, ..)| own == name).count() == 1);
        match complete {
            true => Ok(found),
            false => Err(self.cannot(format!(
                "it gives {} files for job {job}, and one {} and one {} are needed; other archives are not read",
                files.len(),
                ADAPTER_FILES[0].0,
                ADAPTER_FILES[1].0
            ))),
        }
    }

    fn cannot(&self, what: String) -> ProviderError {
        ProviderError::Internal { message: format!("the adapter cannot be had from {}: {what}", self.host.name()) }
    }
}

#[async_trait]
impl FineTuningProvider for Downloading {
    fn name(&self) -> &str {
        self.host.name()
    }

    fn is_hosted(&self) -> bool {
        self.host.is_hosted()
    }

    fn keeps_metadata(&self) -> bool {
        self.host.keeps_metadata()
    }

    async fn upload_file(&self, upload: Upload) -> Result<FileId, ProviderError> {
        self.host.upload_file(upload).await
    }

    async fn find_files(&self, name: &str) -> Result<Vec<UploadedFile>, ProviderError> {
        self.host.find_files(name).await
    }

    async fn delete_file(&self, file: &FileId) -> Result<Deleted, ProviderError> {
        self.host.delete_file(file).await
    }

    async fn create_job(&self, request: CreateJob) -> Result<FineTuningJob, ProviderError> {
        self.host.create_job(request).await
    }

    async fn job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        self.host.job(job).await
    }

    async fn find_jobs(
        &self,
        key: &str,
        value: &str,
        file: Option<&FileId>,
    ) -> Result<Vec<FineTuningJob>, ProviderError> {
        self.host.find_jobs(key, value, file).await
    }

    async fn find_jobs_on_file(&self, file: &FileId) -> Result<Vec<FineTuningJob>, ProviderError> {
        self.host.find_jobs_on_file(file).await
    }

    /// Whoever ends a job has no use for its model: an adapter that no record names goes with it.
    async fn cancel_job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        let ended = self.host.cancel_job(job).await?;
        let held = self.shelf.held(job).await?;
        Ok(FineTuningJob { fine_tuned_model: held.or(ended.fine_tuned_model.clone()), ..ended })
    }

    /// Of a downloaded adapter, what is left of it at the host goes as well.
    async fn delete_model(&self, model: &ModelId) -> Result<Deleted, ProviderError> {
        let Some(job) = self.shelf.job_of(model) else { return self.host.delete_model(model).await };
        let here = if self.shelf.held(&job).await?.is_some() { Deleted::Now } else { Deleted::AlreadyGone };
        let there = match self.host.job(&job).await {
            Ok(FineTuningJob { fine_tuned_model: Some(theirs), .. }) => self.host.delete_model(&theirs).await?,
            Ok(_) | Err(ProviderError::NotFound { .. }) => Deleted::AlreadyGone,
            Err(error) => return Err(error),
        };
        self.host.delete_results(&job).await?;
        self.shelf.remove(&job).await?;
        Ok(here.or(there))
    }

    async fn delete_results(&self, job: &JobId) -> Result<(), ProviderError> {
        self.host.delete_results(job).await
    }

    async fn forget_job(&self, job: &JobId) -> Result<(), ProviderError> {
        self.host.forget_job(job).await
    }

    async fn models(&self) -> Result<Vec<ModelInfo>, ProviderError> {
        self.host.models().await
    }

    async fn model(&self, model: &ModelId) -> Result<ModelInfo, ProviderError> {
        let Some(job) = self.shelf.job_of(model) else { return self.host.model(model).await };
        let held = self.shelf.held(&job).await?.filter(|held| held == model);
        let info = |id| ModelInfo { id, created_at: None, shutdown_date: None };
        held.map(info).ok_or_else(|| ProviderError::not_found("model", model))
    }

    async fn make_servable(&self, job: &FineTuningJob) -> Result<Servable, ProviderError> {
        if let Some(model) = self.shelf.held(&job.id).await? {
            return Ok(Servable::Ready(model));
        }
        match self.host.make_servable(job).await? {
            Servable::Download(files) => self.download(&job.id, &files).await.map(Servable::Ready),
            other => Ok(other),
        }
    }
}
