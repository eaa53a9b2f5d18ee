//! The file object.

use jiff::Timestamp;
use serde_json::Value;

use super::{count, text, time};
use crate::{FileId, UploadedFile};

pub(crate) struct WireFile {
    pub(crate) id: String,
    filename: Option<String>,
    bytes: Option<u64>,
    created_at: Option<Timestamp>,
    pub(crate) state: FileState,
}

/// Whether the host can train on the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileState {
    /// `processed`, or nothing said: the field is deprecated.
    Ready,
    /// `uploaded`, `pending` or a word that is not known.
    Processing,
    Broken,
}

impl WireFile {
    pub(crate) fn parse(object: &Value) -> Option<Self> {
        let state = match text(object, "status").as_deref() {
            None | Some("processed") => FileState::Ready,
            Some("error") => FileState::Broken,
            Some(_) => FileState::Processing,
        };
        Some(Self {
            id: text(object, "id")?,
            filename: text(object, "filename"),
            bytes: count(object, "bytes"),
            created_at: time(object, "created_at"),
            state,
        })
    }

    pub(crate) fn created_at(&self) -> Option<Timestamp> {
        self.created_at
    }

    pub(crate) fn into_file(self) -> UploadedFile {
        UploadedFile {
            id: FileId::new(self.id),
            name: self.filename.unwrap_or_default(),
            size_bytes: self.bytes.unwrap_or_default(),
            created_at: self.created_at.unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}
