//! Uploaded training files. Each is one file whose name holds its id and the uploader's name, so that it is there whole or
//! not at all. What a name cannot hold, because a client chose it or because it expires, stands in a note beside it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use idiolect_provider::{Deleted, FileId, HostedFile, ProviderError, Upload, UploadedFile};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::directory::{self, Directory, cannot_read, entries};
use super::ids;
use crate::durable::write_file;
use crate::error::Result;

/// Between the id and the uploader's name; neither contains it.
const SEPARATOR: char = '~';

/// Keeps the file for its owner's eyes only.
pub(super) fn upload(directory: &Directory, upload: &Upload) -> Result<FileId, ProviderError> {
    if !upload.name.ends_with(".jsonl") || !directory::is_plain(&upload.name) {
        let most = directory::LONGEST_PLAIN;
        let message = format!("a file's name is at most {most} letters, digits, '-', '_' or '.' and ends in .jsonl");
        return Err(ProviderError::invalid(Some("file"), message));
    }
    let id = FileId::new(ids::fresh("file"));
    let path = directory.files().join(format!("{id}{SEPARATOR}{}", upload.name));
    let noted = upload.expires_after.map_or(Ok(()), |time| {
        let expires_at = Some(Timestamp::now().saturating_add(time).unwrap_or(Timestamp::MAX));
        write_note(directory, &id, &Note { name: upload.name.clone(), expires_at })
    });
    let written = noted.and_then(|()| write_file(&path, &upload.bytes));
    written.inspect_err(|_| take_back(directory, &id, &path))?;
    tracing::info!(file_id = %id, size_bytes = upload.bytes.len(), "training file uploaded");
    Ok(id)
}

/// What a client says of its file.
#[derive(Serialize, Deserialize)]
pub(super) struct Note {
    pub name: String,
    pub expires_at: Option<Timestamp>,
}

/// Where a file with a note is kept.
pub(super) fn noted_path(directory: &Directory, id: &FileId) -> PathBuf {
    directory.files().join(format!("{id}{SEPARATOR}noted.jsonl"))
}

/// Writes the note, which comes before its file.
pub(super) fn write_note(directory: &Directory, id: &FileId, note: &Note) -> Result<()> {
    let path = note_path(directory, id);
    let json = serde_json::to_vec(note).map_err(|error| directory::cannot_write(&path, error.into()))?;
    write_file(&path, &json)
}

/// Removes what has come of an upload that failed: whoever is told so uploads again.
pub(super) fn take_back(directory: &Directory, id: &FileId, path: &Path) {
    for path in [path, &note_path(directory, id)] {
        let _ = fs::remove_file(path);
    }
}

fn note_path(directory: &Directory, id: &FileId) -> PathBuf {
    directory.files().join(format!("{id}.note"))
}

/// Files with exactly this name, newest first.
pub(super) fn find(directory: &Directory, name: &str) -> Result<Vec<UploadedFile>> {
    let files = hosted(directory)?.into_iter().filter(|file| file.name == name);
    Ok(files
        .map(|HostedFile { id, name, size_bytes, created_at, .. }| UploadedFile { id, name, size_bytes, created_at })
        .collect())
}

/// All files, newest first.
pub(super) fn hosted(directory: &Directory) -> Result<Vec<HostedFile>> {
    let mut files: Vec<_> = all(directory)?.into_iter().map(|(file, _)| file).collect();
    files.sort_by(|a, b| b.id.cmp(&a.id));
    Ok(files)
}

/// Deletes the file; one that is gone already is a success.
pub(super) fn delete(directory: &Directory, id: &FileId) -> Result<Deleted> {
    let Some(path) = path(directory, id)? else { return Ok(Deleted::AlreadyGone) };
    directory::remove(&path)?;
    directory::remove(&note_path(directory, id))?;
    tracing::info!(file_id = %id, "training file deleted");
    Ok(Deleted::Now)
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

/// Where the file is, or `None` if there is no such file.
pub(super) fn path(directory: &Directory, id: &FileId) -> Result<Option<PathBuf>> {
    Ok(all(directory)?.into_iter().find(|(file, _)| file.id == *id).map(|(_, path)| path))
}

/// The file's bytes, or `None` if there is no such file.
pub(super) fn read(directory: &Directory, id: &FileId) -> Result<Option<Vec<u8>>> {
    let Some(path) = path(directory, id)? else { return Ok(None) };
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot_read(&path, error)),
    }
}

/// Every file with its place. One that has expired is gone at this moment.
fn all(directory: &Directory) -> Result<Vec<(HostedFile, PathBuf)>> {
    let now = Timestamp::now();
    let mut found = Vec::new();
    for entry in entries(&directory.files())? {
        let Some((file, path)) = stored(directory, &entry)? else { continue };
        if file.expires_at.is_some_and(|end| end <= now) {
            directory::remove(&path)?;
            directory::remove(&note_path(directory, &file.id))?;
            tracing::info!(file_id = %file.id, "training file expired");
        } else {
            found.push((file, path));
        }
    }
    Ok(found)
}

/// Whose file this is, by its name; `None` for notes and for what is not whole.
pub(super) fn id_of(name: &std::ffi::OsStr) -> Option<FileId> {
    let (id, _) = name.to_str()?.split_once(SEPARATOR).filter(|(id, _)| !id.starts_with('.'))?;
    Some(FileId::new(id))
}

fn stored(directory: &Directory, entry: &fs::DirEntry) -> Result<Option<(HostedFile, PathBuf)>> {
    let full_name = entry.file_name().into_string().unwrap_or_default();
    let parts = full_name.split_once(SEPARATOR).filter(|(id, name)| !id.starts_with('.') && name.ends_with(".jsonl"));
    let Some((id, name)) = parts else { return Ok(None) };
    let id = FileId::new(id);
    let note = fs::read(note_path(directory, &id)).ok().and_then(|json| serde_json::from_slice::<Note>(&json).ok());
    let (name, expires_at) = note.map_or_else(|| (name.to_owned(), None), |note| (note.name, note.expires_at));
    let metadata = match entry.metadata() {
        // Deleted meanwhile.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        metadata => metadata.map_err(|source| cannot_read(&entry.path(), source))?,
    };
    let modified = metadata.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
    let created_at = modified.unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(Some((HostedFile { id, name, size_bytes: metadata.len(), created_at, expires_at }, entry.path())))
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
