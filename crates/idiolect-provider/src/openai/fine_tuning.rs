//! Files, jobs and models.

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;

use super::call::{Body, Call, Kind, encoded};
use super::{OpenAiProvider, request};
use crate::protocol::{FileState, Page, WireFile, WireJob, WireModel};
use crate::{
    AfterSuccess, CreateJob, Deleted, FileId, FineTuningJob, FineTuningProvider, JobId, Labels, ModelId, ModelInfo,
    ProviderError, Servable, Upload, UploadedFile,
};

const FILES_PER_PAGE: u32 = 1000;
const JOBS_PER_PAGE: u32 = 100;
/// A list that is longer is not looked through to its end, and whoever asks hears that.
const MAX_PAGES: usize = 100;
const BOM: &[u8] = b"\xef\xbb\xbf";
/// An hour to 30 days.
const EXPIRY_SECS: std::ops::RangeInclusive<u64> = 3600..=2_592_000;
/// How much earlier than its file a job may seem to have been created, two clocks being involved.
const CLOCK_SLACK_SECS: i64 = 3600;

#[async_trait]
impl FineTuningProvider for OpenAiProvider {
    fn name(&self) -> &str {
        &self.profile.name
    }

    fn is_hosted(&self) -> bool {
        self.profile.is_hosted()
    }

    fn keeps_metadata(&self) -> bool {
        self.profile.labels == Labels::Metadata
    }

    async fn upload_file(&self, upload: Upload) -> Result<FileId, ProviderError> {
        if upload.name.contains(['/', '\\', '\0']) || !upload.name.ends_with(".jsonl") || upload.name.len() > 255 {
            let message = "the file's name must end in .jsonl, have no path and at most 255 bytes";
            return Err(ProviderError::invalid(Some("file"), message));
        }
        let mut bytes = upload.bytes;
        if self.profile.bom && !bytes.starts_with(BOM) {
            bytes = [BOM, &bytes].concat();
        }
        let (size, limit) = (bytes.len() as u64, self.profile.max_file_bytes);
        if size > limit {
            let message = format!("the training file has {size} bytes and {} takes at most {limit}", self.profile.name);
            return Err(ProviderError::invalid(Some("file"), message));
        }
        let expiry = upload.expires_after.filter(|_| self.profile.file_expiry);
        let expires_after_secs = expiry.map(|time| time.as_secs().clamp(*EXPIRY_SECS.start(), *EXPIRY_SECS.end()));
        let mut call = Call::new(Method::POST, "/files", Kind::Upload);
        call.body = Body::File { name: upload.name, bytes: bytes.into(), expires_after_secs };
        let file = self.http.json(call).await?;
        let file = WireFile::parse(&file).ok_or_else(|| self.without_id("the upload"))?;
        Ok(FileId::new(file.id))
    }

    async fn find_files(&self, name: &str) -> Result<Vec<UploadedFile>, ProviderError> {
        let list =
            Call::get("/files", "list of files", "").query("purpose", "fine-tune").query("limit", FILES_PER_PAGE);
        let files = self.pages(list, |_| true).await?;
        let files = files.iter().filter_map(WireFile::parse).map(WireFile::into_file);
        let mut found: Vec<_> = files.filter(|file| file.name == name).collect();
        found.sort_by_key(|file| std::cmp::Reverse(file.created_at));
        Ok(found)
    }

    async fn delete_file(&self, file: &FileId) -> Result<Deleted, ProviderError> {
        self.delete(format!("/files/{}", encoded(file.as_str())), "file", file.as_str()).await
    }

    async fn create_job(&self, request: CreateJob) -> Result<FineTuningJob, ProviderError> {
        self.check_file(&request.training_file).await?;
        let kind = Kind::CreateJob { base_model: request.base_model.to_string() };
        let body = request::create_job(&self.profile, &request);
        let answer = self.http.json(Call::new(Method::POST, "/fine_tuning/jobs", kind).json(body)).await?;
        let job = WireJob::parse(&answer).ok_or_else(|| self.without_id("creating the job"))?;
        let mut job = job.into_job(&self.profile);
        // What was asked for is known even where the answer leaves it out.
        if job.training_file.as_str().is_empty() {
            job.training_file = request.training_file;
        }
        if job.base_model.as_str().is_empty() {
            job.base_model = request.base_model;
        }
        Ok(job)
    }

    async fn job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        self.job_call(Method::GET, job, "").await
    }

    async fn find_jobs(
        &self,
        key: &str,
        value: &str,
        file: Option<&FileId>,
    ) -> Result<Vec<FineTuningJob>, ProviderError> {
        let filter = match self.profile.labels {
            Labels::None => return Ok(Vec::new()),
            Labels::Metadata => Some((format!("metadata[{key}]"), value)),
            Labels::Tags => None,
        };
        let jobs = self.jobs_since(file, filter).await?;
        // Some hosts take the filter and list everything.
        Ok(jobs.into_iter().filter(|job| job.metadata.get(key).is_some_and(|found| found == value)).collect())
    }

    async fn find_jobs_on_file(&self, file: &FileId) -> Result<Vec<FineTuningJob>, ProviderError> {
        let jobs = self.jobs_since(Some(file), None).await?;
        Ok(jobs.into_iter().filter(|job| job.training_file == *file).collect())
    }

    async fn cancel_job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        match self.job_call(Method::POST, job, "/cancel").await {
            Err(gone @ ProviderError::NotFound { .. }) => Err(gone),
            // A job that has ended cannot be cancelled, and how that is said differs: HTTP 400, 409, …
            Err(refused) => match self.job(job).await {
                Ok(now) if now.status.is_terminal() => Ok(now),
                _ => Err(refused),
            },
            cancelled => cancelled,
        }
    }

    async fn delete_model(&self, model: &ModelId) -> Result<Deleted, ProviderError> {
        let deleted = self.delete(format!("/models/{}", encoded(model.as_str())), "model", model.as_str()).await?;
        if self.profile.after_success == AfterSuccess::Register && self.is_registered(model).await? {
            let message = format!("{} still lists the model {model} after its deletion", self.profile.name);
            return Err(ProviderError::unavailable(message));
        }
        Ok(deleted)
    }

    async fn delete_results(&self, job: &JobId) -> Result<(), ProviderError> {
        self.delete_leftovers(job).await
    }

    /// The job itself stays; the models of its checkpoints go, which nothing else names.
    async fn forget_job(&self, job: &JobId) -> Result<(), ProviderError> {
        self.delete_checkpoint_models(job).await
    }

    async fn models(&self) -> Result<Vec<ModelInfo>, ProviderError> {
        let models = self.pages(Call::get("/models", "list of models", ""), |_| true).await?;
        Ok(models.iter().filter_map(WireModel::parse).map(WireModel::into_info).collect())
    }

    async fn model(&self, model: &ModelId) -> Result<ModelInfo, ProviderError> {
        let call = Call::get(format!("/models/{}", encoded(model.as_str())), "model", model);
        let answer = self.http.json(call).await?;
        let answered = WireModel::parse(&answer).ok_or_else(|| self.nonsense("a model without an id"))?;
        Ok(answered.into_info())
    }

    async fn make_servable(&self, job: &FineTuningJob) -> Result<Servable, ProviderError> {
        self.servable(job).await
    }
}

impl OpenAiProvider {
    async fn job_call(&self, method: Method, job: &JobId, verb: &str) -> Result<FineTuningJob, ProviderError> {
        let kind = Kind::Safe { what: "fine-tuning job", id: job.to_string() };
        let path = format!("/fine_tuning/jobs/{}{verb}", encoded(job.as_str()));
        let answer = self.http.json(Call::new(method, path, kind)).await?;
        let answered = WireJob::parse(&answer).ok_or_else(|| self.nonsense("a job without an id"))?;
        Ok(answered.into_job(&self.profile))
    }

    /// Jobs, newest first; those that are older than the file are not all there. A host's list is newest first, and no job is older
    /// than its file; of a file that is gone, that is not known.
    async fn jobs_since(
        &self,
        file: Option<&FileId>,
        filter: Option<(String, &str)>,
    ) -> Result<Vec<FineTuningJob>, ProviderError> {
        let oldest = match file {
            None => None,
            Some(file) => match self.file(file).await {
                Ok(file) => file.created_at().map(|time| time.as_second() - CLOCK_SLACK_SECS),
                Err(ProviderError::NotFound { .. }) => None,
                Err(error) => return Err(error),
            },
        };
        let mut list = Call::get("/fine_tuning/jobs", "list of jobs", "").query("limit", JOBS_PER_PAGE);
        if let Some((name, value)) = filter {
            list = list.query(&name, value);
        }
        let parse = |item: &Value| Some(WireJob::parse(item)?.into_job(&self.profile));
        // Of a job that does not say when it was created, that is not known either.
        let is_old = |job: FineTuningJob| {
            let created = Some(job.created_at).filter(|time| *time != Timestamp::UNIX_EPOCH);
            created.zip(oldest).is_some_and(|(created, oldest)| created.as_second() < oldest)
        };
        let items = self.pages(list, |item| !parse(item).is_some_and(is_old)).await?;
        let mut jobs: Vec<_> = items.iter().filter_map(parse).collect();
        jobs.sort_by_key(|job| std::cmp::Reverse(job.created_at));
        Ok(jobs)
    }

    /// All pages of a list, until one ends with an item that says that what follows does not matter.
    async fn pages(
        &self,
        list: Call,
        go_on: impl Fn(&Value) -> bool + Send + Sync,
    ) -> Result<Vec<Value>, ProviderError> {
        let mut items: Vec<Value> = Vec::new();
        let mut call = list.clone();
        for _ in 0..MAX_PAGES {
            let body = self.http.json(call).await?;
            let page = Page::parse(&body).ok_or_else(|| self.nonsense("a list without data"))?;
            let enough = page.items.last().is_some_and(|last| !go_on(last));
            items.extend(page.items);
            match page.next {
                Some(next) if !enough => call = list.clone().query("after", next),
                _ => return Ok(items),
            }
        }
        Err(self.nonsense("a list of more pages than can be looked through"))
    }

    pub(super) async fn file(&self, file: &FileId) -> Result<WireFile, ProviderError> {
        let path = format!("/files/{}", encoded(file.as_str()));
        let answer = self.http.json(Call::get(path, "file", file)).await?;
        WireFile::parse(&answer).ok_or_else(|| self.nonsense("a file without an id"))
    }

    /// A job on a file that is not there yet would be refused, and one on a broken file would fail after a while.
    async fn check_file(&self, file: &FileId) -> Result<(), ProviderError> {
        let found = self.file(file).await?;
        let host = &self.profile.name;
        let refused = |code: &str, message: String| ProviderError::InvalidRequest {
            message,
            param: Some("training_file".to_owned()),
            code: Some(code.to_owned()),
            answer: None,
        };
        match found.state {
            FileState::Ready => Ok(()),
            FileState::Broken => {
                Err(refused("invalid_file", format!("{host} could not process the training file {file}")))
            }
            FileState::Processing => {
                let age = found.created_at().map(|created| (self.around.now)().duration_since(created).as_secs());
                let deadline = self.around.file_deadline.as_secs();
                if age.is_some_and(|age| u64::try_from(age).is_ok_and(|age| age > deadline)) {
                    let minutes = deadline / 60;
                    let message = format!("{host} has not processed the training file {file} within {minutes} minutes");
                    return Err(refused("file_not_processed", message));
                }
                Err(ProviderError::unavailable(format!("{host} is still processing the training file {file}")))
            }
        }
    }

    pub(super) async fn delete(&self, path: String, what: &'static str, id: &str) -> Result<Deleted, ProviderError> {
        let kind = Kind::Safe { what, id: id.to_owned() };
        match self.http.json(Call::new(Method::DELETE, path, kind)).await {
            Err(ProviderError::NotFound { .. }) => Ok(Deleted::AlreadyGone),
            Ok(answer) if answer.get("deleted") == Some(&Value::Bool(false)) => Err(ProviderError::unavailable(
                format!("{} says that the {what} {id} is not deleted", self.profile.name),
            )),
            answered => answered.map(|_| Deleted::Now),
        }
    }

    fn nonsense(&self, what: &str) -> ProviderError {
        ProviderError::unavailable(format!("{} answered with {what}", self.profile.name))
    }

    /// Of a call that did something, but what it made is not named.
    fn without_id(&self, what: &'static str) -> ProviderError {
        let message = format!("{} answered without an id", self.profile.name);
        ProviderError::Unconfirmed { what, message, answer: None }
    }
}
