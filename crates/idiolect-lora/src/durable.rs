//! Files and directories that are either whole or not there: written beside their place, synced, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Replaces a file by these bytes.
///
/// # Errors
/// When the disk is full or not writable; the old file, if any, is untouched and nothing half-written stays.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = beside(path, "new");
    let written =
        write_synced(&temporary, bytes).and_then(|()| fs::rename(&temporary, path)).and_then(|()| sync_parent(path));
    written.map_err(|source| {
        // The write has failed already; what is left of it may not exist.
        let _ = fs::remove_file(&temporary);
        Error::CannotWrite { path: path.to_owned(), source }
    })
}

/// Replaces a directory by one with these files.
///
/// # Errors
/// As [`write_file`].
pub(crate) fn write_directory(path: &Path, files: &[(&str, &[u8])]) -> Result<()> {
    let (temporary, old) = (beside(path, "new"), beside(path, "old"));
    let write = || -> io::Result<()> {
        remove_if_there(&temporary)?;
        remove_if_there(&old)?;
        fs::create_dir_all(&temporary)?;
        files.iter().try_for_each(|(name, bytes)| write_synced(&temporary.join(name), bytes))?;
        File::open(&temporary)?.sync_all()?;
        if path.exists() {
            fs::rename(path, &old)?;
        }
        fs::rename(&temporary, path)?;
        sync_parent(path)?;
        remove_if_there(&old)
    };
    write().map_err(|source| {
        // As above.
        let _ = remove_if_there(&temporary);
        Error::CannotWrite { path: path.to_owned(), source }
    })
}

/// Readable by its owner alone, and locked while it is written, so that nobody takes it for what a dead process left.
fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.lock()?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Removes the unfinished files that a process which died left in a directory.
pub(crate) fn remove_leftovers(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let unfinished = path.extension().is_some_and(|extension| extension == "new") && path.is_file();
        if unfinished && File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Makes a rename survive a power cut.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if cfg!(unix) && !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}

fn remove_if_there(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Where a file is while it is not whole.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        write_file(&path, b"one").unwrap();
        write_file(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn directories_are_replaced_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("adapter");
        write_directory(&path, &[("a", b"1"), ("b", b"2")]).unwrap();
        write_directory(&path, &[("a", b"3")]).unwrap();
        assert_eq!(fs::read(path.join("a")).unwrap(), b"3");
        assert!(!path.join("b").exists());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn files_are_readable_by_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        write_file(&path, b"one").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn only_leftovers_that_nobody_writes_are_removed() {
        let directory = tempfile::tempdir().unwrap();
        let (dead, alive) = (directory.path().join(".dead.new"), directory.path().join(".alive.new"));
        fs::write(&dead, b"words").unwrap();
        let writer = File::create(&alive).unwrap();
        writer.lock().unwrap();
        remove_leftovers(directory.path()).unwrap();
        assert!(!dead.exists() && alive.exists());
    }

    #[test]
    fn a_failed_write_leaves_nothing_and_names_the_place() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("missing").join("state");
        let error = write_file(&path, b"one").unwrap_err().to_string();
        assert!(error.contains("missing"), "{error}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
