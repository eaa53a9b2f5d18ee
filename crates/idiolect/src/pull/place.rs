//! The place of a base model file: bytes go to a temporary file beside it, which takes its name once they are all there and
//! their checksum is right.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{Interrupted, Pull};

/// What unfinished things in the models directory end in.
const UNFINISHED: &str = ".part";
const CHUNK_BYTES: usize = 1 << 18;

/// Held while a model is brought; nobody else brings one into the same directory meanwhile.
pub(super) struct Place<'a> {
    pull: &'a Pull<'a>,
    lock: File,
}

impl<'a> Place<'a> {
    /// Makes the directory, locks it, and clears what a killed process left there.
    pub(super) fn prepare(pull: &'a Pull<'a>) -> Result<Self> {
        let directory = pull.directory;
        fs::create_dir_all(directory).with_context(|| format!("{}: cannot be created", directory.display()))?;
        let lock = File::options().create(true).append(true).open(directory.join("pull.lock"));
        let lock = lock.with_context(|| format!("{}: cannot be written to", directory.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another idiolect is bringing a base model into {}; wait for it", directory.display())
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{}: cannot be locked", directory.display()));
            }
        }
        for entry in fs::read_dir(directory)?.flatten() {
            if entry.file_name().as_encoded_bytes().ends_with(UNFINISHED.as_bytes()) {
                let path = entry.path();
                let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            }
        }
        Ok(Self { pull, lock })
    }

    fn path(&self) -> PathBuf {
        self.pull.directory.join(self.pull.model.file_name)
    }

    /// Whether the file is there with the right checksum. A file with another one will be replaced.
    pub(super) fn holds_the_model(&self) -> Result<bool> {
        let path = self.path();
        match fs::metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Ok(metadata) if metadata.len() != self.pull.model.size_bytes => Ok(false),
            _ => Ok(sha256_file(&path)? == self.pull.model.sha256),
        }
    }

    /// A directory beside the file for what comes before it; gone when dropped.
    pub(super) fn scratch(&self) -> Result<TempDir> {
        let scratch = tempfile::Builder::new().prefix(".pull-").suffix(UNFINISHED).tempdir_in(self.pull.directory);
        scratch.map_err(|error| self.write_failure(error))
    }

    /// Writes the model file from `bytes` and gives it its name if it is the right one.
    pub(super) fn receive(&self, bytes: impl Read) -> Result<()> {
        let model = self.pull.model;
        let temporary = tempfile::Builder::new().prefix(".pull-").suffix(UNFINISHED).tempfile_in(self.pull.directory);
        let mut temporary = temporary.map_err(|error| self.write_failure(error))?;
        let (mut hash, mut done) = (Sha256::new(), 0);
        // One byte more than the model has tells a longer file apart without reading it whole.
        for_each_chunk(bytes.take(model.size_bytes + 1), |chunk| {
            if (self.pull.stopped)() {
                bail!(Interrupted);
            }
            hash.update(chunk);
            temporary.write_all(chunk).map_err(|error| self.write_failure(error))?;
            done += chunk.len() as u64;
            (self.pull.progress)(done.min(model.size_bytes));
            Ok(())
        })?;
        if done < model.size_bytes {
            bail!("it is cut short: {done} of {} bytes came", model.size_bytes);
        }
        if done > model.size_bytes || hex(&hash.finalize()) != model.sha256 {
            bail!(
                "it is not {} as pinned by SHA-256; to use another model, set model.base to its path",
                model.file_name
            );
        }
        temporary.as_file().sync_all().map_err(|error| self.write_failure(error))?;
        temporary.persist(self.path()).map_err(|error| self.write_failure(error.error))?;
        File::open(self.pull.directory).and_then(|dir| dir.sync_all()).map_err(|error| self.write_failure(error))
    }

    /// A sentence for a failed write, which says how much room is needed when the disk is full.
    pub(super) fn write_failure(&self, error: io::Error) -> anyhow::Error {
        let place = self.pull.directory.display();
        let sentence = if is_full(&error) {
            let megabytes = self.pull.model.size_bytes.div_ceil(1_000_000);
            format!("{place}: the disk is full; make room for {megabytes} MB there, twice that with pip, and try again")
        } else {
            format!("{place}: cannot be written to")
        };
        anyhow::Error::new(error).context(sentence)
    }
}

/// A child process that was just being started elsewhere may still share the lock; unlocking ends it for all.
impl Drop for Place<'_> {
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// SHA-256 of a whole file in lower-case hexadecimal.
pub fn sha256_file(path: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    let file = File::open(path).with_context(|| format!("{}: cannot be opened", path.display()))?;
    for_each_chunk(file, |chunk| {
        hash.update(chunk);
        Ok(())
    })
    .with_context(|| format!("{}: cannot be read", path.display()))?;
    Ok(hex(&hash.finalize()))
}

/// Whether the cause is a full disk.
pub(super) fn is_disk_full(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref()).any(is_full)
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

fn for_each_chunk(mut bytes: impl Read, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match bytes.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(count) => each(&chunk[..count])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error).context("it broke off while it was read"),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
