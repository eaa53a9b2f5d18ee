//! Adapters that were trained elsewhere: taken in file by file beside their place, checked against the base model, then renamed.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use idiolect_provider::{AdapterShelf, HeldAdapter, IncomingAdapter, JobId, ModelId, ProviderError};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::directory::{cannot_write, create_private, is_plain};
use super::ids::plain;
use super::{LocalProvider, adapters};
use crate::adapter::{CONFIG_FILE, WEIGHTS_FILE, load_adapter};
use crate::durable::{beside, sync_parent, write_file};
use crate::error::Result;

/// The digests of an adapter's files, as `sha256sum --check` reads them.
const DIGESTS_FILE: &str = "SHA256SUMS";

impl LocalProvider {
    /// Where the adapters of a host's jobs are kept; `host` is the name of its profile.
    pub fn shelf(self: &Arc<Self>, host: &str) -> Arc<dyn AdapterShelf> {
        let prefix = format!("ft:{}:{}:", plain(self.shared.engine.base_model.as_str()), plain(host));
        Arc::new(Shelf { provider: self.clone(), prefix })
    }
}

struct Shelf {
    provider: Arc<LocalProvider>,
    /// Of its models' ids.
    prefix: String,
}

impl Shelf {
    /// It follows from the job, so that an adapter that is taken in twice is one model.
    fn model(&self, job: &JobId) -> ModelId {
        ModelId::new(format!("{}{job}", self.prefix))
    }

    fn place(&self, job: &JobId) -> Result<PathBuf, ProviderError> {
        let place = self.provider.shared.engine.directory.adapter(&self.model(job)).filter(|_| is_plain(job.as_str()));
        place.ok_or_else(|| ProviderError::Internal { message: format!("the job id {job} can name no directory") })
    }
}

#[async_trait]
impl AdapterShelf for Shelf {
    async fn held(&self, job: &JobId) -> Result<Option<ModelId>, ProviderError> {
        Ok(self.place(job)?.is_dir().then(|| self.model(job)))
    }

    async fn begin(&self, job: &JobId) -> Result<Box<dyn IncomingAdapter>, ProviderError> {
        let place = self.place(job)?;
        let unfinished = beside(&place, "new");
        remove_directory(&unfinished)?;
        create_private(&unfinished)?;
        let provider = self.provider.clone();
        Ok(Box::new(Incoming {
            provider,
            model: self.model(job),
            place,
            unfinished,
            open: None,
            digests: BTreeMap::new(),
        }))
    }

    fn job_of(&self, model: &ModelId) -> Option<JobId> {
        let job = model.as_str().strip_prefix(&self.prefix)?;
        is_plain(job).then(|| JobId::new(job))
    }

    async fn remove(&self, job: &JobId) -> Result<(), ProviderError> {
        let (place, model) = (self.place(job)?, self.model(job));
        self.provider
            .blocking(move |shared| {
                shared.engine.forget(&model);
                adapters::delete(&shared.engine.directory, &model)?;
                Ok(remove_directory(&beside(&place, "new"))?)
            })
            .await
    }
}

struct Incoming {
    provider: Arc<LocalProvider>,
    model: ModelId,
    place: PathBuf,
    unfinished: PathBuf,
    /// The file that is being written.
    open: Option<(String, File)>,
    digests: BTreeMap<String, Sha256>,
}

impl Incoming {
    async fn close(&mut self) -> Result<()> {
        if let Some((name, mut file)) = self.open.take() {
            let path = self.unfinished.join(name);
            file.flush().await.map_err(|source| cannot_write(&path, source))?;
            file.sync_all().await.map_err(|source| cannot_write(&path, source))?;
        }
        Ok(())
    }
}

#[async_trait]
impl IncomingAdapter for Incoming {
    async fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), ProviderError> {
        if ![CONFIG_FILE, WEIGHTS_FILE].contains(&name) {
            return Err(ProviderError::Internal { message: "an adapter has no such file".to_owned() });
        }
        let path = self.unfinished.join(name);
        if self.open.as_ref().is_none_or(|(open, _)| open != name) {
            self.close().await?;
            let mut options = fs::OpenOptions::new();
            std::os::unix::fs::OpenOptionsExt::mode(options.append(true).create(true), 0o600);
            let file = options.open(&path).map_err(|source| cannot_write(&path, source))?;
            self.open = Some((name.to_owned(), File::from_std(file)));
        }
        self.digests.entry(name.to_owned()).or_default().update(bytes);
        if let Some((_, file)) = &mut self.open {
            file.write_all(bytes).await.map_err(|source| cannot_write(&path, source))?;
        }
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> Result<HeldAdapter, ProviderError> {
        self.close().await?;
        let hex = |digest: Sha256| digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let digests = std::mem::take(&mut self.digests);
        let sha256: BTreeMap<String, String> = digests.into_iter().map(|(name, digest)| (name, hex(digest))).collect();
        let lines: String = sha256.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
        let (place, unfinished, model) = (self.place.clone(), self.unfinished.clone(), self.model.clone());
        self.provider
            .blocking(move |shared| {
                // Whether it fits is asked before anybody can be served it.
                load_adapter(&unfinished, shared.engine.model.config())?;
                write_file(&unfinished.join(DIGESTS_FILE), lines.as_bytes())?;
                let renamed = fs::File::open(&unfinished).and_then(|directory| directory.sync_all());
                let renamed = renamed.and_then(|()| fs::rename(&unfinished, &place)).and_then(|()| sync_parent(&place));
                match renamed {
                    // Somebody else has taken in the same meanwhile.
                    Err(_) if place.is_dir() => {}
                    renamed => renamed.map_err(|source| cannot_write(&place, source))?,
                }
                Ok(HeldAdapter { model, sha256 })
            })
            .await
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.unfinished);
    }
}

fn remove_directory(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(cannot_write(path, source)),
        _ => Ok(()),
    }
}
