//! Uploaded training files. Each is one file whose name holds its id and the uploader's name, so that it is there whole or
//! not at all.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use idiolect_provider::{FileId, ProviderError, Upload, UploadedFile};
use jiff::Timestamp;

use super::directory::{self, Directory, cannot_read};
use super::ids;
use crate::durable::write_file;
use crate::error::Result;

/// Between the id and the uploader's name; neither contains it.
const SEPARATOR: char = '~';
const LONGEST_NAME: usize = 200;

/// Keeps the file for its owner's eyes only.
pub(super) fn upload(directory: &Directory, upload: &Upload) -> Result<FileId, ProviderError> {
    let fits =
        upload.name.len() <= LONGEST_NAME && upload.name.ends_with(".jsonl") && directory::is_plain(&upload.name);
    if !fits {
        let message =
            format!("a file's name is at most {LONGEST_NAME} letters, digits, '-', '_' or '.' and ends in .jsonl");
        return Err(ProviderError::invalid(Some("file"), message));
    }
    let id = FileId::new(ids::fresh("file"));
    write_file(&directory.files().join(format!("{id}{SEPARATOR}{}", upload.name)), &upload.bytes)?;
    tracing::info!(file_id = %id, size_bytes = upload.bytes.len(), "training file uploaded");
    Ok(id)
}

/// Files with exactly this name, newest first.
pub(super) fn find(directory: &Directory, name: &str) -> Result<Vec<UploadedFile>> {
    let mut found: Vec<_> =
        all(directory)?.into_iter().map(|(file, _)| file).filter(|file| file.name == name).collect();
    found.sort_by(|a, b| b.id.cmp(&a.id));
    Ok(found)
}

/// Deletes the file; one that is gone already is a success.
pub(super) fn delete(directory: &Directory, id: &FileId) -> Result<()> {
    if let Some((_, path)) = all(directory)?.into_iter().find(|(file, _)| file.id == *id) {
        directory::remove(&path)?;
        tracing::info!(file_id = %id, "training file deleted");
    }
    Ok(())
}

/// Deletes the files of this name below a data directory, for callers that have no provider because its base model is gone.
///
/// # Errors
/// When the directory cannot be read or a file cannot be removed.
pub fn delete_training_files(data_dir: &std::path::Path, name: &str) -> Result<()> {
    let directory = Directory::open(data_dir)?;
    for file in find(&directory, name)? {
        delete(&directory, &file.id)?;
    }
    Ok(())
}

/// The file's bytes, or `None` if there is no such file.
pub(super) fn read(directory: &Directory, id: &FileId) -> Result<Option<Vec<u8>>> {
    let Some((_, path)) = all(directory)?.into_iter().find(|(file, _)| file.id == *id) else { return Ok(None) };
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot_read(&path, error)),
    }
}

fn all(directory: &Directory) -> Result<Vec<(UploadedFile, PathBuf)>> {
    let place = directory.files();
    let entries = fs::read_dir(&place).map_err(|source| cannot_read(&place, source))?;
    Ok(entries
        .flatten()
        .filter_map(|entry| {
            let full_name = entry.file_name().into_string().ok()?;
            let (id, name) = full_name.split_once(SEPARATOR).filter(|(_, name)| name.ends_with(".jsonl"))?;
            let metadata = entry.metadata().ok()?;
            let created_at = metadata.modified().ok().and_then(|time| Timestamp::try_from(time).ok())?;
            let file =
                UploadedFile { id: FileId::new(id), name: name.to_owned(), size_bytes: metadata.len(), created_at };
            Some((file, entry.path()))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn named(name: &str, bytes: &[u8]) -> Upload {
        Upload::new(name, bytes.to_vec())
    }

    #[test]
    fn a_file_is_found_by_name_read_and_deleted() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        let first = upload(&directory, &named("run-1.jsonl", b"one")).unwrap();
        let second = upload(&directory, &named("run-1.jsonl", b"two!")).unwrap();
        upload(&directory, &named("run-2.jsonl", b"other")).unwrap();
        let found = find(&directory, "run-1.jsonl").unwrap();
        assert_eq!(
            found.iter().map(|file| (&file.id, file.size_bytes)).collect::<Vec<_>>(),
            [(&second, 4), (&first, 3)]
        );
        assert_eq!(read(&directory, &first).unwrap().unwrap(), b"one");
        delete(&directory, &first).unwrap();
        delete(&directory, &first).unwrap();
        assert_eq!(read(&directory, &first).unwrap(), None);
        assert_eq!(find(&directory, "run-1.jsonl").unwrap().len(), 1);
    }

    #[test]
    fn a_training_file_is_its_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        upload(&directory, &named("run-1.jsonl", b"one")).unwrap();
        let (_, path) = all(&directory).unwrap().remove(0);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(directory.files()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_name_with_a_path_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        for name in ["../x.jsonl", "a/b.jsonl", "x.txt", "a~b.jsonl", ".jsonl"] {
            assert!(
                matches!(upload(&directory, &named(name, b"")), Err(ProviderError::InvalidRequest { .. })),
                "{name}"
            );
        }
    }
}
