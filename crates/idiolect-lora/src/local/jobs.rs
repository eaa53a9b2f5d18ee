//! Job records on disk: `jobs/<id>/job.json`, replaced whole at each change, beside the job's lock and checkpoint. Whoever
//! holds the lock trains; everybody may read.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use idiolect_provider::{
    FileId, FineTuningJob, Hyperparameters, JobCheckpoint, JobFailure, JobId, JobProgress, JobStatus, ModelId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::adapters;
use super::directory::{self, Directory, cannot_read, cannot_write, entries};
use super::events::{self, Event};
use crate::durable::{sync_parent, write_file};
use crate::error::{Error, Result};

/// The record's name in the job's directory.
const RECORD: &str = "job.json";

/// Everything about a job that outlives the process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct JobRecord {
    pub id: JobId,
    pub status: JobStatus,
    pub training_file: FileId,
    pub base_model: ModelId,
    /// The model's id from the start; it exists once the job has succeeded.
    pub fine_tuned_model: ModelId,
    pub seed: u64,
    pub hyperparameters: Hyperparameters,
    pub metadata: BTreeMap<String, String>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub trained_tokens: Option<u64>,
    /// At the last checkpoint.
    pub progress: Option<JobProgress>,
    pub failure: Option<JobFailure>,
    #[serde(default)]
    pub suffix: Option<String>,
    /// Whether the model is kept as it is at the end of epochs too.
    #[serde(default)]
    pub keeps_checkpoints: bool,
    /// Oldest first.
    #[serde(default)]
    pub checkpoints: Vec<JobCheckpoint>,
}

impl From<JobRecord> for FineTuningJob {
    fn from(record: JobRecord) -> Self {
        let succeeded = record.status == JobStatus::Succeeded;
        Self {
            id: record.id,
            status: record.status,
            training_file: record.training_file,
            base_model: record.base_model,
            fine_tuned_model: succeeded.then_some(record.fine_tuned_model),
            created_at: record.created_at,
            finished_at: record.finished_at,
            estimated_finish: None,
            trained_tokens: record.trained_tokens.filter(|_| succeeded),
            progress: record.progress,
            failure: record.failure,
            metadata: record.metadata,
        }
    }
}

impl JobRecord {
    /// The record at the job's end.
    pub(super) fn ended(self, status: JobStatus) -> Self {
        Self { status, finished_at: Some(Timestamp::now()), ..self }
    }

    /// The record of a job that cannot go on.
    pub(super) fn failed(self, code: &str, message: String) -> Self {
        let failure = Some(JobFailure { code: code.to_owned(), message });
        Self { failure, ..self.ended(JobStatus::Failed) }
    }
}

/// Writes the record; its directory is made if need be.
pub(super) fn write(directory: &Directory, record: &JobRecord) -> Result<()> {
    let place = place(directory, &record.id)?;
    directory::create_private(&place)?;
    let path = place.join(RECORD);
    let json = serde_json::to_vec_pretty(record).map_err(|error| cannot_write(&path, error.into()))?;
    write_file(&path, &json)
}

/// Puts a new job on record with its first events. Nothing of it stays where that fails: whoever is told so makes another.
pub(super) fn create(directory: &Directory, record: &JobRecord, events: &[Event]) -> Result<()> {
    let created = write(directory, record).and_then(|()| events::append(directory, &record.id, events));
    if created.is_err() {
        // The record first: a job without one is none, even where the rest cannot be removed.
        let _ = directory::remove(&place(directory, &record.id)?.join(RECORD));
        let _ = forget(directory, &record.id);
    }
    created
}

/// The record, or `None` if there is no such job.
pub(super) fn read(directory: &Directory, id: &JobId) -> Result<Option<JobRecord>> {
    let Some(place) = directory.job(id) else { return Ok(None) };
    let path = place.join(RECORD);
    match fs::read(&path) {
        Ok(json) => serde_json::from_slice(&json).map(Some).map_err(|error| cannot_read(&path, error.into())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot_read(&path, error)),
    }
}

/// Jobs of which `wanted` holds, newest first.
pub(super) fn find(directory: &Directory, wanted: impl Fn(&JobRecord) -> bool) -> Result<Vec<JobRecord>> {
    let records = ids(directory)?.into_iter().map(|id| read(directory, &id)).collect::<Result<Vec<_>>>()?;
    Ok(newest_first(records.into_iter().flatten().filter(wanted)))
}

/// All jobs, newest first. A record that cannot be read is passed over, so that it keeps no other job from being seen.
pub(super) fn all(directory: &Directory) -> Result<Vec<JobRecord>> {
    let readable = |id: JobId| {
        read(directory, &id).unwrap_or_else(|error| {
            tracing::warn!(job_id = %id, error = %error, "the record of a job cannot be read");
            None
        })
    };
    Ok(newest_first(ids(directory)?.into_iter().filter_map(readable)))
}

fn ids(directory: &Directory) -> Result<Vec<JobId>> {
    let entries = entries(&directory.jobs())?.into_iter();
    Ok(entries.filter_map(|entry| entry.file_name().into_string().ok()).map(JobId::new).collect())
}

fn newest_first(records: impl Iterator<Item = JobRecord>) -> Vec<JobRecord> {
    let mut records: Vec<_> = records.collect();
    records.sort_by(|a, b| b.id.cmp(&a.id));
    records
}

/// Writes the record of a job that has ended, which needs no training state and heeds no request any more. One that came
/// to nothing leaves no models either, whether the record knows of them or not.
pub(super) fn end(directory: &Directory, record: &JobRecord) -> Result<()> {
    let mut record = record.clone();
    directory::remove(&checkpoint(directory, &record.id)?)?;
    if record.status != JobStatus::Succeeded {
        for model in adapters::with_checkpoints(directory, &record.fine_tuned_model)? {
            adapters::delete(directory, &model)?;
        }
        record.checkpoints.clear();
    }
    let end = Event::end(&record);
    // A process that died between the two lines below has told it already.
    if events::read(directory, &record.id)?.first().is_none_or(|last| last.message != end.text()) {
        events::append(directory, &record.id, &[end])?;
    }
    write(directory, &record)?;
    directory::remove(&cancellation(directory, &record.id)?)?;
    withdraw_pause(directory, &record.id)
}

/// Removes everything about the job. The record goes last, so that a job that is half removed is still found.
pub(super) fn forget(directory: &Directory, id: &JobId) -> Result<()> {
    let place = place(directory, id)?;
    for entry in entries(&place)?.into_iter().filter(|entry| entry.file_name() != RECORD) {
        directory::remove(&entry.path())?;
    }
    directory::remove(&place.join(RECORD))?;
    fs::remove_dir(&place).and_then(|()| sync_parent(&place)).map_err(|source| cannot_write(&place, source))
}

/// Writes the record of a job that keeps its place and makes room.
pub(super) fn paused(directory: &Directory, record: JobRecord) -> Result<()> {
    events::append(directory, &record.id, &[Event::info("The job is paused")])?;
    write(directory, &JobRecord { status: JobStatus::Paused, ..record })
}

/// Where the training state of an unfinished job is kept.
pub(super) fn checkpoint(directory: &Directory, id: &JobId) -> Result<PathBuf> {
    Ok(place(directory, id)?.join("checkpoint.safetensors"))
}

/// Asks whichever process trains the job, now or later, to end it.
pub(super) fn request_cancellation(directory: &Directory, id: &JobId) -> Result<()> {
    write_file(&cancellation(directory, id)?, b"")
}

pub(super) fn is_cancellation_requested(directory: &Directory, id: &JobId) -> bool {
    cancellation(directory, id).is_ok_and(|request| request.exists())
}

fn cancellation(directory: &Directory, id: &JobId) -> Result<PathBuf> {
    Ok(place(directory, id)?.join("cancel"))
}

/// Asks whichever process trains the job to keep its state and make room.
pub(super) fn request_pause(directory: &Directory, id: &JobId) -> Result<()> {
    write_file(&pause(directory, id)?, b"")
}

pub(super) fn is_pause_requested(directory: &Directory, id: &JobId) -> bool {
    pause(directory, id).is_ok_and(|request| request.exists())
}

pub(super) fn withdraw_pause(directory: &Directory, id: &JobId) -> Result<()> {
    directory::remove(&pause(directory, id)?)
}

fn pause(directory: &Directory, id: &JobId) -> Result<PathBuf> {
    Ok(place(directory, id)?.join("pause"))
}

/// The right to change a job. It ends when it is dropped, or when the process does, however that ends.
#[derive(Debug)]
pub(super) struct JobLock(File);

impl JobLock {
    /// `None` if another thread or process has it.
    pub(super) fn try_take(directory: &Directory, id: &JobId) -> Result<Option<Self>> {
        let path = place(directory, id)?.join("lock");
        let file =
            File::options().create(true).append(true).open(&path).map_err(|source| cannot_write(&path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(cannot_write(&path, source)),
        }
    }
}

/// A child process that was just being started elsewhere may still share the lock; unlocking ends it for all.
impl Drop for JobLock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// The job's directory.
pub(super) fn place(directory: &Directory, id: &JobId) -> Result<PathBuf> {
    let unknown = || cannot_read(Path::new(id.as_str()), ErrorKind::InvalidInput.into());
    directory.job(id).ok_or_else(unknown)
}

/// The code of a job that ended with this error.
pub(super) fn failure_code(error: &Error) -> &'static str {
    match error {
        Error::NothingToLearn { .. } | Error::UnusableExample { .. } => "invalid_training_file",
        Error::Diverged { .. } => "diverged",
        Error::CannotRead { .. } | Error::CannotWrite { .. } => "storage",
        _ => "training_failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str, run: &str) -> JobRecord {
        JobRecord {
            id: JobId::new(id),
            status: JobStatus::Queued,
            training_file: FileId::new("file-1"),
            base_model: ModelId::new("tiny"),
            fine_tuned_model: ModelId::new("ft:tiny:me:1"),
            seed: 1,
            hyperparameters: Hyperparameters::default(),
            metadata: BTreeMap::from([("run".to_owned(), run.to_owned())]),
            created_at: Timestamp::UNIX_EPOCH,
            finished_at: None,
            trained_tokens: Some(9),
            progress: None,
            failure: None,
            suffix: None,
            keeps_checkpoints: false,
            checkpoints: Vec::new(),
        }
    }

    #[test]
    fn records_come_back_and_are_found_by_metadata() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        for (id, run) in [("ftjob-1", "a"), ("ftjob-2", "b"), ("ftjob-3", "a")] {
            write(&directory, &record(id, run)).unwrap();
        }
        directory::create_private(&directory.jobs().join("ftjob-4")).unwrap();
        assert_eq!(read(&directory, &JobId::new("ftjob-2")).unwrap(), Some(record("ftjob-2", "b")));
        assert_eq!(read(&directory, &JobId::new("../ftjob-2")).unwrap(), None);
        assert_eq!(read(&directory, &JobId::new("ftjob-4")).unwrap(), None);
        let found = find(&directory, |job| job.metadata.get("run").is_some_and(|run| run == "a")).unwrap();
        assert_eq!(found, [record("ftjob-3", "a"), record("ftjob-1", "a")]);

        fs::write(directory.jobs().join("ftjob-4/job.json"), b"{").unwrap();
        assert_eq!(all(&directory).unwrap().len(), 3);
        let error = find(&directory, |_| true).unwrap_err().to_string();
        assert!(error.contains("ftjob-4/job.json"), "who is looked for may be that one: {error}");
    }

    #[test]
    fn the_model_is_named_only_once_it_exists() {
        let running = FineTuningJob::from(record("ftjob-1", "a"));
        assert_eq!((running.fine_tuned_model, running.trained_tokens), (None, None));
        let done = FineTuningJob::from(record("ftjob-1", "a").ended(JobStatus::Succeeded));
        assert_eq!(done.fine_tuned_model, Some(ModelId::new("ft:tiny:me:1")));
        assert!(done.trained_tokens == Some(9) && done.finished_at.is_some());
    }

    #[test]
    fn a_job_that_came_to_nothing_leaves_no_model_of_which_its_record_knows_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        let (failed, other) = (record("ftjob-1", "a"), ModelId::new("ft:tiny:me:2"));
        let own = [failed.fine_tuned_model.clone(), adapters::checkpoint_id(&failed.fine_tuned_model, 3)];
        for model in own.iter().chain([&other]) {
            let place = directory.adapter(model).unwrap();
            fs::create_dir(&place).unwrap();
            fs::write(place.join("adapter_config.json"), b"{}").unwrap();
        }
        write(&directory, &failed).unwrap();
        end(&directory, &failed.failed("diverged", "it diverged".to_owned())).unwrap();
        assert!(!own.iter().any(|model| adapters::exists(&directory, model)));
        assert!(adapters::exists(&directory, &other));
    }

    #[test]
    fn nothing_stays_of_a_job_that_could_not_be_created() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        let place = directory.jobs().join("ftjob-1");
        directory::create_private(&place).unwrap();
        // What cannot be written to.
        std::os::unix::fs::symlink(dir.path(), place.join("events.jsonl")).unwrap();
        create(&directory, &record("ftjob-1", "a"), &[Event::info("begun")]).unwrap_err();
        assert!(all(&directory).unwrap().is_empty() && !place.exists());
        // Nor can this be removed.
        fs::create_dir_all(place.join("events.jsonl")).unwrap();
        create(&directory, &record("ftjob-1", "a"), &[Event::info("begun")]).unwrap_err();
        assert!(all(&directory).unwrap().is_empty());
    }

    #[test]
    fn one_lock_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        write(&directory, &record("ftjob-1", "a")).unwrap();
        let id = JobId::new("ftjob-1");
        let held = JobLock::try_take(&directory, &id).unwrap();
        assert!(held.is_some() && JobLock::try_take(&directory, &id).unwrap().is_none());
        drop(held);
        assert!(JobLock::try_take(&directory, &id).unwrap().is_some());
    }
}
