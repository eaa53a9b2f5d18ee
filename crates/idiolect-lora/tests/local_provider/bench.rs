//! What these tests share: a data directory with a tiny base model, training files, and waiting for a job.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use idiolect_lora::{LocalProvider, LocalSettings, Precision};
use idiolect_provider::{
    CreateJob, FileId, FineTuningJob, FineTuningProvider, Hyperparameters, JobId, JobStatus, ModelId, ProviderError,
    Upload,
};
use idiolect_testkit::write_tiny_model;
use serde_json::json;
use tempfile::TempDir;

pub const BASE: &str = "tiny";

pub struct Bench {
    dir: TempDir,
}

impl Bench {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        write_tiny_model(&dir.path().join("tiny.gguf"), 1).unwrap();
        Self { dir }
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// What the data directory was at this moment, as a crash would leave it, as another bench.
    pub fn crash_image(&self) -> Self {
        let image = Self::new();
        copy(&self.data(), &image.data());
        image
    }

    pub fn open(&self) -> LocalProvider {
        self.open_with(BASE)
    }

    /// As after the base model was given another name.
    pub fn open_with(&self, base_model: &str) -> LocalProvider {
        let settings = LocalSettings {
            data_dir: self.data(),
            base_model: base_model.to_owned(),
            base_model_path: self.dir.path().join("tiny.gguf"),
            precision: Precision::F32,
            threads: 1,
        };
        LocalProvider::open(settings).unwrap()
    }

    /// Names in a directory under the data directory, sorted.
    pub fn names(&self, under: &str) -> Vec<String> {
        let entries = fs::read_dir(self.data().join(under)).unwrap().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The one adapter's weights.
    pub fn adapter(&self) -> Vec<u8> {
        let names = self.names("adapters");
        assert_eq!(names.len(), 1, "{names:?}");
        fs::read(self.data().join("adapters").join(&names[0]).join("adapter_model.safetensors")).unwrap()
    }
}

/// A moving directory copied file by file; what goes away meanwhile is left out.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            let _ = fs::copy(entry.path(), target);
        }
    }
}

/// Forty examples of somebody who shortens words.
pub fn training_file() -> Vec<u8> {
    let lines = (0..40).map(|i| {
        json!({"messages": [
            {"role": "system", "content": "Write like them."},
            {"role": "user", "content": format!("Say that you will be there at {i}.")},
            {"role": "assistant", "content": format!("b there @ {i} k")},
        ]})
    });
    lines.map(|line| format!("{line}\n")).collect::<String>().into_bytes()
}

pub async fn upload(provider: &LocalProvider, bytes: Vec<u8>) -> FileId {
    provider.upload_file(Upload::new("run-1.jsonl", bytes)).await.unwrap()
}

/// A job of this many steps over four examples each.
pub fn request(training_file: FileId, epochs: u32) -> CreateJob {
    CreateJob {
        training_file,
        base_model: ModelId::new(BASE),
        suffix: Some("me-v1".to_owned()),
        seed: Some(5),
        hyperparameters: Hyperparameters {
            n_epochs: Some(epochs),
            batch_size: Some(4),
            learning_rate_multiplier: None,
        },
        metadata: BTreeMap::from([("idiolect_run".to_owned(), "me:1".to_owned())]),
    }
}

pub async fn create(provider: &LocalProvider, epochs: u32) -> Result<FineTuningJob, ProviderError> {
    let file = upload(provider, training_file()).await;
    provider.create_job(request(file, epochs)).await
}

/// Polls until the job is as wanted.
pub async fn wait(provider: &LocalProvider, id: &JobId, wanted: impl Fn(&FineTuningJob) -> bool) -> FineTuningJob {
    loop {
        let job = provider.job(id).await.unwrap();
        if wanted(&job) {
            return job;
        }
        assert!(!job.status.is_terminal(), "{job:?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

pub async fn succeeded(provider: &LocalProvider, id: &JobId) -> FineTuningJob {
    wait(provider, id, |job| job.status == JobStatus::Succeeded).await
}

/// Waits until at least this step is made and the job still trains.
pub async fn at_step(provider: &LocalProvider, id: &JobId, step: u64) {
    let job = wait(provider, id, |job| job.progress.as_ref().is_some_and(|progress| progress.step >= step)).await;
    assert_eq!(job.status, JobStatus::Running, "the job was over too soon for this test");
}
