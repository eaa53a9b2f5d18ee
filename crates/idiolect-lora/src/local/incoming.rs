//! A training file that arrives piece by piece: written beside its place, and there once it is whole.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use idiolect_provider::{FileId, HostedFile, IncomingFile, ProviderError};
use jiff::{SignedDuration, Timestamp};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::directory::{Directory, cannot_write, entries};
use super::files::{self, Note};
use super::ids;
use crate::durable::{beside, sync_parent};
use crate::error::Result;

pub(super) struct Incoming {
    directory: Directory,
    id: FileId,
    file: File,
    unfinished: PathBuf,
    size_bytes: u64,
}

impl Incoming {
    /// Readable by its owner alone, and locked while it arrives, so that nobody takes it for what a dead process left.
    pub(super) fn begin(directory: &Directory) -> Result<Self> {
        let id = FileId::new(ids::fresh("file"));
        let unfinished = beside(&files::noted_path(directory, &id), "new");
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished);
        let file =
            file.and_then(|file| file.lock().map(|()| file)).map_err(|source| cannot_write(&unfinished, source))?;
        Ok(Self { directory: directory.clone(), id, file: File::from_std(file), unfinished, size_bytes: 0 })
    }
}

#[async_trait]
impl IncomingFile for Incoming {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), ProviderError> {
        self.file.write_all(bytes).await.map_err(|source| cannot_write(&self.unfinished, source))?;
        self.size_bytes += bytes.len() as u64;
        Ok(())
    }

    async fn commit(
        mut self: Box<Self>,
        name: String,
        expires_after: Option<SignedDuration>,
    ) -> Result<HostedFile, ProviderError> {
        let cannot = |source| cannot_write(&self.unfinished, source);
        self.file.flush().await.map_err(cannot)?;
        self.file.sync_all().await.map_err(cannot)?;
        let written = self.file.metadata().await.and_then(|metadata| metadata.modified()).map_err(cannot)?;
        let created_at = Timestamp::try_from(written).unwrap_or_else(|_| Timestamp::now());
        let expires_at = expires_after.map(|after| created_at.saturating_add(after).unwrap_or(Timestamp::MAX));
        let id = self.id.clone();
        let committed = tokio::task::spawn_blocking(move || {
            let place = files::noted_path(&self.directory, &self.id);
            let noted = files::write_note(&self.directory, &self.id, &Note { name: name.clone(), expires_at });
            let renamed = noted.and_then(|()| {
                let renamed = std::fs::rename(&self.unfinished, &place).and_then(|()| sync_parent(&place));
                renamed.map_err(|source| cannot_write(&place, source))
            });
            renamed.inspect_err(|_| files::take_back(&self.directory, &self.id, &place))?;
            let size_bytes = self.size_bytes;
            tracing::info!(file_id = %self.id, size_bytes, "training file uploaded");
            Ok::<_, crate::Error>((name, size_bytes))
        });
        let (name, size_bytes) = committed
            .await
            .map_err(|_| ProviderError::Internal { message: "the upload ended in a way it should not".to_owned() })??;
        Ok(HostedFile { id, name, size_bytes, created_at, expires_at })
    }
}

/// An upload that was not committed leaves nothing; of one that was, nothing is left here.
impl Drop for Incoming {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.unfinished);
    }
}

/// A note comes moments before its file.
const LONE_NOTE_AGE: Duration = Duration::from_secs(3600);

/// Removes notes whose files never came, because the process died between the two.
pub(super) fn remove_lone_notes(directory: &Directory) -> Result<()> {
    let all = entries(&directory.files())?;
    let is_old = |entry: &std::fs::DirEntry| {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
        age.is_some_and(|age| age > LONE_NOTE_AGE)
    };
    let ids: Vec<_> = all.iter().filter_map(|entry| files::id_of(&entry.file_name())).collect();
    for note in all.iter().filter(|entry| is_old(entry)) {
        let name = note.file_name();
        let Some(id) = name.to_str().and_then(|name| name.strip_suffix(".note")).map(FileId::new) else { continue };
        if !ids.contains(&id) {
            super::directory::remove(&note.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn names(directory: &Directory) -> Vec<String> {
        let entries = fs::read_dir(directory.files()).unwrap().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn a_file_is_there_once_it_is_whole_under_the_name_its_client_gave() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        let mut incoming = Box::new(Incoming::begin(&directory).unwrap());
        incoming.write(b"one ").await.unwrap();
        incoming.write(b"two").await.unwrap();
        assert_eq!(files::hosted(&directory).unwrap(), []);
        let file = incoming.commit("my chats (1).jsonl".to_owned(), None).await.unwrap();
        let [found] = &files::hosted(&directory).unwrap()[..] else { panic!("one file") };
        assert_eq!((&found.id, found.name.as_str(), found.size_bytes), (&file.id, "my chats (1).jsonl", 7));
        assert_eq!(files::read(&directory, &file.id).unwrap().unwrap(), b"one two");
        let path = files::path(&directory, &file.id).unwrap().unwrap();
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        files::delete(&directory, &file.id).unwrap();
        assert_eq!(names(&directory), [""; 0], "neither file nor note is left");
    }

    #[tokio::test]
    async fn an_upload_that_is_dropped_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        let mut incoming = Incoming::begin(&directory).unwrap();
        incoming.write(b"words").await.unwrap();
        assert_eq!(names(&directory).len(), 1);
        drop(incoming);
        assert_eq!(names(&directory), [""; 0]);
    }

    #[tokio::test]
    async fn a_file_that_has_expired_is_gone_with_its_note() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        let mut ids = Vec::new();
        for hours in [-1, 1] {
            let incoming = Box::new(Incoming::begin(&directory).unwrap());
            let after = SignedDuration::from_hours(hours);
            let file = incoming.commit("x.jsonl".to_owned(), Some(after)).await.unwrap();
            assert_eq!(file.expires_at, Some(file.created_at + after));
            ids.push(file.id);
        }
        assert_eq!(files::read(&directory, &ids[0]).unwrap(), None);
        assert_eq!(files::hosted(&directory).unwrap().into_iter().map(|file| file.id).collect::<Vec<_>>(), ids[1..]);
        assert_eq!(names(&directory).len(), 2);
    }

    #[tokio::test]
    async fn nothing_stays_of_an_upload_that_failed() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        let incoming = Box::new(Incoming::begin(&directory).unwrap());
        let in_the_way = files::noted_path(&directory, &incoming.id);
        fs::create_dir(&in_the_way).unwrap();
        incoming.commit("x.jsonl".to_owned(), None).await.unwrap_err();
        fs::remove_dir(&in_the_way).unwrap();
        assert_eq!(names(&directory), Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_note_whose_file_never_came_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        let there = Box::new(Incoming::begin(&directory).unwrap()).commit("x.jsonl".to_owned(), None).await.unwrap().id;
        let note = |id: &str| directory.files().join(format!("{id}.note"));
        for id in ["file-lone", "file-fresh"] {
            files::write_note(&directory, &FileId::new(id), &Note { name: "x.jsonl".to_owned(), expires_at: None })
                .unwrap();
        }
        for id in ["file-lone", there.as_str()] {
            let hours_ago = std::time::SystemTime::now() - 2 * LONE_NOTE_AGE;
            fs::File::open(note(id)).unwrap().set_modified(hours_ago).unwrap();
        }
        Directory::open(dir.path()).unwrap();
        let left = ["file-lone", "file-fresh", there.as_str()].map(|id| note(id).exists());
        assert_eq!(left, [false, true, true]);
    }
}
