//! The local provider as a `FineTuningHost`.

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::try_unfold;
use idiolect_provider::{
    CreateJob, FileContent, FileId, FineTuningHost, FineTuningJob, HostedFile, HostedJob, IncomingFile, JobCheckpoint,
    JobEvent, JobId, JobStatus, ProviderError,
};
use jiff::Timestamp;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::directory::cannot_read;
use super::events::{self, Event};
use super::fine_tuning::check;
use super::incoming::{Incoming, remove_lone_notes};
use super::jobs::{self, JobLock, JobRecord};
use super::{LocalProvider, Shared, adapters, files};

/// Jobs that may wait or train at the same time; each has a thread.
const MOST_UNFINISHED_JOBS: usize = 100;
/// Bytes of a file that are sent at a time.
const PIECE: usize = 64 * 1024;

#[async_trait]
impl FineTuningHost for LocalProvider {
    async fn begin_upload(&self) -> Result<Box<dyn IncomingFile>, ProviderError> {
        self.blocking(|shared| Ok(Box::new(Incoming::begin(&shared.engine.directory)?) as Box<dyn IncomingFile>)).await
    }

    async fn files(&self) -> Result<Vec<HostedFile>, ProviderError> {
        self.blocking(|shared| Ok(files::hosted(&shared.engine.directory)?)).await
    }

    async fn file_content(&self, file: &FileId) -> Result<FileContent, ProviderError> {
        let unknown = ProviderError::not_found("file", file);
        let id = file.clone();
        let path =
            self.blocking(move |shared| Ok(files::path(&shared.engine.directory, &id)?)).await?.ok_or(unknown)?;
        let open = File::open(&path).await.map_err(|source| cannot_read(&path, source))?;
        let pieces = try_unfold((open, path), |(mut open, path)| async move {
            let mut piece = vec![0; PIECE];
            let size = open.read(&mut piece).await.map_err(|source| cannot_read(&path, source))?;
            piece.truncate(size);
            Ok((size > 0).then_some((piece, (open, path))))
        });
        Ok(pieces.boxed())
    }

    async fn submit_job(&self, request: CreateJob) -> Result<HostedJob, ProviderError> {
        self.blocking(move |shared| shared.submit(request)).await
    }

    async fn hosted_job(&self, job: &JobId) -> Result<HostedJob, ProviderError> {
        let job = job.clone();
        self.blocking(move |shared| Ok(shared.hosted(shared.job(&job)?))).await
    }

    async fn hosted_jobs(&self) -> Result<Vec<HostedJob>, ProviderError> {
        self.blocking(|shared| {
            let records = jobs::all(&shared.engine.directory)?;
            Ok(records.into_iter().map(|record| shared.hosted(record)).collect())
        })
        .await
    }

    async fn pause_job(&self, job: &JobId) -> Result<HostedJob, ProviderError> {
        let job = job.clone();
        self.blocking(move |shared| shared.pause(&job)).await
    }

    async fn resume_job(&self, job: &JobId) -> Result<HostedJob, ProviderError> {
        let job = job.clone();
        self.blocking(move |shared| shared.resume(&job)).await
    }

    async fn events(&self, job: &JobId) -> Result<Vec<JobEvent>, ProviderError> {
        let job = job.clone();
        self.blocking(move |shared| {
            shared.record(&job)?;
            Ok(events::read(&shared.engine.directory, &job)?)
        })
        .await
    }

    async fn checkpoints(&self, job: &JobId) -> Result<Vec<JobCheckpoint>, ProviderError> {
        let job = job.clone();
        self.blocking(move |shared| {
            let mut checkpoints = shared.record(&job)?.checkpoints;
            // A model may have been deleted since, and the last is not there before the job has succeeded.
            checkpoints.retain(|kept| adapters::exists(&shared.engine.directory, &kept.model));
            checkpoints.reverse();
            Ok(checkpoints)
        })
        .await
    }

    async fn tend(&self) -> Result<(), ProviderError> {
        self.blocking(|shared| {
            let directory = &shared.engine.directory;
            remove_lone_notes(directory)?;
            // Expired files go when they are looked at.
            files::hosted(directory)?;
            // Oldest first, as they stood in the queue.
            let unfinished = jobs::all(directory)?.into_iter().rev().filter(|record| !record.status.is_terminal());
            unfinished.for_each(|record| shared.go_on(&record.id));
            Ok(())
        })
        .await
    }
}

impl Shared {
    /// Starts the job if nobody has. One that cannot be started holds up no other, and has its turn later.
    fn go_on(&self, id: &JobId) {
        if let Err(error) = self.job(id) {
            tracing::warn!(job_id = %id, %error, "a job cannot be gone on with; it is tried again later");
        }
    }

    fn submit(&self, request: CreateJob) -> Result<HostedJob, ProviderError> {
        let engine = &self.engine;
        check(&request)?;
        if request.base_model != engine.base_model {
            return Err(ProviderError::not_found("model", &request.base_model));
        }
        if files::path(&engine.directory, &request.training_file)?.is_none() {
            return Err(ProviderError::not_found("file", &request.training_file));
        }
        let unfinished = jobs::all(&engine.directory)?.iter().filter(|record| !record.status.is_terminal()).count();
        if unfinished >= MOST_UNFINISHED_JOBS {
            return Err(ProviderError::RateLimited { retry_after_secs: None, answer: None });
        }
        let record =
            JobRecord { status: JobStatus::ValidatingFiles, keeps_checkpoints: true, ..self.new_record(request) };
        let created = Event::info(format!("Created fine-tuning job: {}", record.id));
        jobs::create(&engine.directory, &record, &[created])?;
        tracing::info!(job_id = %record.id, file_id = %record.training_file, "fine-tuning job created");
        self.go_on(&record.id);
        // As it was when it was taken on, whatever has happened to it since.
        Ok(shown(record, None))
    }

    fn pause(&self, id: &JobId) -> Result<HostedJob, ProviderError> {
        let directory = &self.engine.directory;
        let record = self.record(id)?;
        if record.status.is_terminal() {
            return Err(not_now(&record, "paused"));
        }
        if record.status != JobStatus::Paused {
            jobs::request_pause(directory, id)?;
            // Without a trainer nobody would see the request.
            if let Some(_lock) = JobLock::try_take(directory, id)? {
                let record = self.record(id)?;
                if !record.status.is_terminal() {
                    jobs::paused(directory, record)?;
                }
            }
        }
        Ok(self.hosted(self.record(id)?))
    }

    fn resume(&self, id: &JobId) -> Result<HostedJob, ProviderError> {
        let directory = &self.engine.directory;
        let record = self.record(id)?;
        if record.status.is_terminal() || record.status != JobStatus::Paused && !jobs::is_pause_requested(directory, id)
        {
            return Err(not_now(&record, "resumed"));
        }
        // A trainer that has not seen the request yet goes on as if there had been none.
        jobs::withdraw_pause(directory, id)?;
        if let Some(_lock) = JobLock::try_take(directory, id)? {
            let record = self.record(id)?;
            if record.status == JobStatus::Paused {
                events::append(directory, id, &[Event::info("The job is resumed")])?;
                // What was validated before is validated again: the file may have gone meanwhile.
                jobs::write(directory, &JobRecord { status: JobStatus::ValidatingFiles, ..record })?;
            }
        }
        Ok(self.hosted(self.job(id)?))
    }

    /// The record with what only this process knows.
    fn hosted(&self, record: JobRecord) -> HostedJob {
        let trainers = self.trainers();
        let trainer = trainers.get(&record.id);
        let estimated_finish =
            trainer.filter(|trainer| trainer.is_alive()).and_then(|trainer| trainer.estimated_finish());
        let record = match trainer {
            Some(trainer) if record.status != JobStatus::Paused => trainer.overlay(record),
            _ => record,
        };
        shown(record, estimated_finish)
    }
}

fn shown(record: JobRecord, estimated_finish: Option<Timestamp>) -> HostedJob {
    let (suffix, seed, hyperparameters) = (record.suffix.clone(), record.seed, record.hyperparameters.clone());
    HostedJob { job: FineTuningJob { estimated_finish, ..record.into() }, suffix, seed, hyperparameters }
}

fn not_now(record: &JobRecord, wanted: &str) -> ProviderError {
    let status = match &record.status {
        JobStatus::Succeeded => "has succeeded",
        JobStatus::Failed => "has failed",
        JobStatus::Cancelled => "was cancelled",
        JobStatus::Paused => "is paused",
        _ => "is not paused",
    };
    let message = format!("the job {status} and cannot be {wanted}");
    ProviderError::InvalidRequest { message, param: None, code: Some("invalid_job_state".to_owned()), answer: None }
}
