//! A private copy of a database and its `-wal`, for when they cannot be read where they lie.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use idiolect_dataset::SourceError;
use tempfile::TempDir;

use super::errors;

/// Copies taken before the database is said to be too busy.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// `chat.db` with its `-wal` and `-journal` in a folder that only the owner can enter and that goes when this is dropped.
pub(super) struct Snapshot {
    folder: TempDir,
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
        let folder = private_folder(&parent).map_err(|error| failed(&error))?;
        let snapshot = Self { folder };
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
    builder.prefix("idiolect-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(parent)
}

/// Copies a file that may be missing. The copy can be written to even where the original cannot: SQLite recovers the `-wal` in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    match fs::copy(from, to) {
        Ok(_) => {
            #[cfg(unix)]
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
