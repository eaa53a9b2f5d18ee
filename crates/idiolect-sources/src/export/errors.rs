//! What can be wrong with an export before its format matters.

use std::io;
use std::path::Path;

use idiolect_dataset::SourceError;

use super::limits;

/// A file that must not be read. macOS keeps programs from whole folders: Messages' own, but also from Downloads.
pub(crate) const NOT_ALLOWED: &str = "check the file's permissions, and on macOS allow your terminal Full Disk Access in System Settings under \
    Privacy & Security, then start it again";

/// An error of reading with words of our own; carried through `io::Error` as its cause.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct Refusal {
    pub(super) reason: &'static str,
    pub(super) advice: &'static str,
}

impl Refusal {
    pub(crate) fn io(reason: &'static str, advice: &'static str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, Self { reason, advice })
    }
}

pub(super) fn cannot_open(path: &Path, error: &io::Error) -> SourceError {
    let path = path.to_owned();
    let (reason, advice) = match error.kind() {
        io::ErrorKind::NotFound => return SourceError::NotFound { path },
        io::ErrorKind::PermissionDenied => ("permission denied".to_owned(), NOT_ALLOWED),
        _ => (error.to_string(), "check the disk it lies on"),
    };
    SourceError::CannotOpen { path, reason, advice }
}

/// Reading an entry stopped.
pub(crate) fn failed(path: &Path, error: &io::Error) -> SourceError {
    let path = path.to_owned();
    if let Some(refusal) = error.get_ref().and_then(|cause| cause.downcast_ref::<Refusal>()) {
        return SourceError::Refused { path, reason: refusal.reason.into(), advice: refusal.advice };
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => SourceError::Refused {
            path,
            reason: "it ends early".into(),
            advice: "it was cut short, copy or export it again",
        },
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => SourceError::Refused {
            path,
            reason: "its packed data is damaged".into(),
            advice: "copy or export it again",
        },
        _ => cannot_open(&path, error),
    }
}

pub(crate) fn neither_file_nor_folder(path: &Path) -> SourceError {
    SourceError::CannotOpen {
        path: path.to_owned(),
        reason: "it is neither a file nor a folder".into(),
        advice: "name the file, folder or zip that the app exported",
    }
}

pub(super) fn too_many_entries(path: &Path) -> SourceError {
    SourceError::Refused {
        path: path.to_owned(),
        reason: format!("it holds more than {} files", limits::MAX_ENTRIES),
        advice: "name the export itself and not a folder of other things",
    }
}

pub(super) fn not_a_zip(path: &Path) -> SourceError {
    SourceError::Refused {
        path: path.to_owned(),
        reason: "the zip is damaged or cut short".into(),
        advice: "copy or export it again",
    }
}
