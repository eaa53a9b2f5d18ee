//! A private copy of a database and its `-wal`, for when they cannot be read where they lie.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use idiolect_dataset::SourceError;
use tempfile::TempDir;

use super::errors;

/// Copies taken before the database is said to be too busy.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// How the names of copies' folders begin.
const PREFIX: &str = "idiolect-";
/// What lies in the folder of a copy, locked while there is somebody who needs it.
const LOCK: &str = "copy.lock";

/// `chat.db` with its `-wal` and `-journal` in a folder that only the owner can enter and that goes when this is dropped.
pub(super) struct Snapshot {
    folder: TempDir,
    lock: File,
}

/// The folders of the copies that there are now.
static FOLDERS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn folders() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes the copies of databases that are being taken, for a process that ends now.
pub fn remove_copies() {
    for folder in std::mem::take(&mut *folders()) {
        let _ = fs::remove_dir_all(folder);
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        folders().remove(self.folder.path());
    }
}

impl Snapshot {
    /// Copies the database at `source` into `scratch`, or into the system's temporary folder.
    ///
    /// No lock is held, so the copy counts only if the main file did not change while it and then the `-wal` were copied: what
    /// is appended to the `-wal` meanwhile is either whole, and newer, or fails its checksum, and is ignored.
    pub(super) fn take(path: &Path, source: &Path, scratch: Option<&Path>) -> Result<Self, SourceError> {
        let parent = scratch.map_or_else(std::env::temp_dir, Path::to_owned);
        let bytes = size_with_sides(source);
        let failed = |error: &io::Error| errors::no_private_copy(path, &parent, bytes, error);
        let snapshot = Self::begin(&parent).map_err(|error| failed(&error))?;
        remove_leftovers(&parent, snapshot.folder.path());
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                std::thread::sleep(PAUSE);
            }
            let before = Stamp::of(source).map_err(|error| errors::cannot_open(path, &error))?;
            for suffix in ["", "-wal", "-journal"] {
                let copied = copy(&with_suffix(source, suffix), &with_suffix(&snapshot.database(), suffix));
                copied.map_err(|error| failed(&error))?;
            }
            let after = Stamp::of(source).map_err(|error| errors::cannot_open(path, &error))?;
            if before == after {
                return Ok(snapshot);
            }
        }
        Err(errors::changed_meanwhile(path))
    }

    fn begin(parent: &Path) -> io::Result<Self> {
        loop {
            let folder = private_folder(parent)?;
            folders().insert(folder.path().to_owned());
            let lock = File::create_new(folder.path().join(LOCK))?;
            // Where files cannot be locked, leftovers stay.
            let _ = lock.lock();
            let snapshot = Self { folder, lock };
            if snapshot.lock.metadata()?.nlink() > 0 {
                return Ok(snapshot);
            }
        }
    }

    pub(super) fn database(&self) -> PathBuf {
        self.folder.path().join("chat.db")
    }
}

/// What tells that a file was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        Ok(Self { length: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// `path` with `suffix` (`-wal`) put behind its name, as SQLite does.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn size_with_sides(source: &Path) -> u64 {
    ["", "-wal", "-journal"]
        .iter()
        .filter_map(|suffix| fs::metadata(with_suffix(source, suffix)).ok())
        .map(|m: Metadata| m.len())
        .sum()
}

fn private_folder(parent: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(parent)
}

/// Removes the copies that a killed process of the same user left beside the folder `own`.
fn remove_leftovers(parent: &Path, own: &Path) {
    let Ok(user) = own.metadata().map(|metadata| metadata.uid()) else { return };
    let is_copy = |entry: &fs::DirEntry| {
        let is_own = entry.metadata().is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == user);
        is_own && entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes())
    };
    for folder in fs::read_dir(parent).into_iter().flatten().flatten().filter(is_copy).map(|entry| entry.path()) {
        let lock = File::open(folder.join(LOCK));
        // One that cannot be removed is in nobody's way.
        if lock.as_ref().is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

/// Copies a file that may be missing. The copy can be written to even where the original cannot: SQLite recovers the `-wal` in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    match fs::copy(from, to) {
        Ok(_) => {
            fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && !from.exists() => match fs::remove_file(to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        },
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_private_and_goes_when_dropped() {
        let home = tempfile::tempdir().unwrap();
        let source = home.path().join("chat.db");
        fs::write(&source, b"main").unwrap();
        fs::write(with_suffix(&source, "-wal"), b"wal").unwrap();
        let snapshot = Snapshot::take(&source, &source, Some(home.path())).unwrap();
        let database = snapshot.database();
        assert_eq!(fs::read(&database).unwrap(), b"main");
        assert_eq!(fs::read(with_suffix(&database, "-wal")).unwrap(), b"wal");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(database.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        }
        drop(snapshot);
        assert!(!database.parent().unwrap().exists());
    }

    #[test]
    fn a_copy_that_a_killed_process_left_goes_with_the_next() {
        let home = tempfile::tempdir().unwrap();
        let source = home.path().join("chat.db");
        fs::write(&source, b"main").unwrap();
        let [dead, foreign] = ["idiolect-dead", "idiolect-notes"].map(|name| home.path().join(name));
        for folder in [&dead, &foreign] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("chat.db"), b"words").unwrap();
        }
        fs::write(dead.join(LOCK), b"").unwrap();
        let first = Snapshot::take(&source, &source, Some(home.path())).unwrap();
        let second = Snapshot::take(&source, &source, Some(home.path())).unwrap();
        assert!(!dead.exists() && foreign.exists());
        assert!(first.database().exists() && second.database().exists());
        let own = first.folder.path().to_owned();
        assert!(folders().contains(&own), "an interrupt could not remove it");
        drop(first);
        assert!(!folders().contains(&own) && second.database().exists());
    }

    #[test]
    fn a_scratch_folder_that_is_not_there_is_named() {
        let home = tempfile::tempdir().unwrap();
        let source = home.path().join("chat.db");
        fs::write(&source, vec![0; 1_500_000]).unwrap();
        let missing = home.path().join("missing");
        let Err(error) = Snapshot::take(&source, &source, Some(&missing)) else { panic!("copied into nothing") };
        let error = error.to_string();
        assert!(error.contains("private copy of 2 MB") && error.contains("missing"), "{error}");
    }
}
