//! Where the local provider keeps things under the data directory.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use idiolect_provider::{JobId, ModelId};
use jiff::Timestamp;

use super::incoming::remove_lone_notes;
use crate::durable::{remove_leftovers, sync_parent};
use crate::error::{Error, Result};

/// What an adapter's directory holds in any case.
const ADAPTER_CONFIG: &str = "adapter_config.json";

/// The provider's part of the data directory.
#[derive(Debug, Clone)]
pub(super) struct Directory {
    root: PathBuf,
}

impl Directory {
    /// Makes what is not there yet, and removes training files whose upload was cut off, and their notes.
    pub(super) fn open(root: &Path) -> Result<Self> {
        let directory = Self { root: root.to_owned() };
        for path in [directory.files(), directory.jobs(), directory.adapters()] {
            create_private(&path)?;
        }
        let files = directory.files();
        remove_leftovers(&files).map_err(|source| cannot_write(&files, source))?;
        remove_lone_notes(&directory)?;
        Ok(directory)
    }

    /// Uploaded training files.
    pub(super) fn files(&self) -> PathBuf {
        self.root.join("provider/files")
    }

    /// One directory for each job.
    pub(super) fn jobs(&self) -> PathBuf {
        self.root.join("provider/jobs")
    }

    /// A job's directory; `None` if the id is none that this provider gives out.
    pub(super) fn job(&self, id: &JobId) -> Option<PathBuf> {
        is_plain(id.as_str()).then(|| self.jobs().join(id.as_str()))
    }

    pub(super) fn adapters(&self) -> PathBuf {
        self.root.join("adapters")
    }

    /// A fine-tuned model's directory; `None` if the id is none that this provider gives out. The `:` of ids, which some
    /// file systems refuse, is `~` there.
    pub(super) fn adapter(&self, id: &ModelId) -> Option<PathBuf> {
        let parts = id.as_str().strip_prefix("ft:")?.split(':');
        parts.clone().all(is_plain).then(|| self.adapters().join(id.as_str().replace(':', "~")))
    }

    /// The fine-tuned models that are kept, in the order of their ids, and when each was made, as far as the file system
    /// knows.
    pub(super) fn list_adapters(&self) -> Result<Vec<(ModelId, Option<Timestamp>)>> {
        let mut models: Vec<_> = entries(&self.adapters())?
            .into_iter()
            .filter(|entry| entry.path().join(ADAPTER_CONFIG).exists())
            .filter_map(|entry| {
                let id = ModelId::new(entry.file_name().to_str()?.replace('~', ":"));
                let made = entry.metadata().ok()?.modified().ok();
                let known = self.adapter(&id).is_some();
                known.then(|| (id, made.and_then(|time| Timestamp::try_from(time).ok())))
            })
            .collect();
        models.sort();
        Ok(models)
    }
}

/// What lies in a directory, all of it: what a failing disk keeps back would count as gone.
pub(super) fn entries(place: &Path) -> Result<Vec<fs::DirEntry>> {
    fs::read_dir(place).and_then(Iterator::collect).map_err(|source| cannot_read(place, source))
}

/// The longest of the names that are given out and taken, in bytes.
pub(super) const LONGEST_PLAIN: usize = 128;

/// Whether the text is a file name that cannot lead anywhere else.
pub(super) fn is_plain(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !text.is_empty() && text.len() <= LONGEST_PLAIN && !text.starts_with('.') && text.bytes().all(fits)
}

/// Makes a directory for its owner alone, with those above it.
pub(super) fn create_private(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|source| cannot_write(path, source))
}

/// Removes a file for good; one that is gone already is a success.
pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path).and_then(|()| sync_parent(path)) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(cannot_write(path, source)),
        _ => Ok(()),
    }
}

pub(super) fn cannot_read(path: &Path, source: io::Error) -> Error {
    Error::CannotRead { path: path.to_owned(), source }
}

pub(super) fn cannot_write(path: &Path, source: io::Error) -> Error {
    Error::CannotWrite { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn ids_that_lead_elsewhere_have_no_place() {
        let directory = Directory { root: "/data".into() };
        assert_eq!(directory.job(&JobId::new("ftjob-1a")).unwrap(), Path::new("/data/provider/jobs/ftjob-1a"));
        let model = ModelId::new("ft:smollm2-135m-instruct:me-v1:1a");
        assert_eq!(directory.adapter(&model).unwrap(), Path::new("/data/adapters/ft~smollm2-135m-instruct~me-v1~1a"));
        for id in ["", "..", "../x", "a/b", "a\\b", "a\0b", ".hidden"] {
            assert_eq!(directory.job(&JobId::new(id)), None, "{id}");
            assert_eq!(directory.adapter(&ModelId::new(format!("ft:{id}"))), None, "{id}");
            assert_eq!(directory.adapter(&ModelId::new(format!("ft:base:{id}:1"))), None, "{id}");
        }
        assert_eq!(directory.adapter(&ModelId::new("smollm2")), None);
    }

    #[test]
    fn directories_are_their_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(&dir.path().join("data")).unwrap();
        for path in [directory.files(), directory.jobs(), directory.adapters()] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn an_upload_that_was_cut_off_is_gone_after_opening() {
        let dir = tempfile::tempdir().unwrap();
        let files = Directory::open(dir.path()).unwrap().files();
        fs::write(files.join(".file-1~run.jsonl.new"), b"words").unwrap();
        Directory::open(dir.path()).unwrap();
        assert_eq!(fs::read_dir(files).unwrap().count(), 0);
    }
}
