//! What can be wrong with a file of records, each with the line, the field where there is one, and what to do.

use std::io;
use std::path::Path;

use idiolect_dataset::SourceError;

/// Where in a file an error is.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) path: &'a Path,
    /// Counted from 1.
    pub(super) line: u64,
}

impl Place<'_> {
    /// The line is no record.
    pub(super) fn broken_line(self, reason: String, advice: &'static str) -> SourceError {
        self.malformed("record", reason, advice)
    }

    pub(super) fn malformed(self, field: &'static str, reason: String, advice: &'static str) -> SourceError {
        SourceError::Malformed {
            path: self.path.to_owned(),
            place: format!("line {}", self.line),
            field,
            reason,
            advice,
        }
    }

    /// Reading stopped in this line.
    pub(super) fn unreadable(self, error: &io::Error) -> SourceError {
        let (reason, advice) = match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                ("the gzip data ends early".to_owned(), "the file was cut short, copy or export it again")
            }
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                ("the gzip data is damaged".to_owned(), "copy or export the file again")
            }
            _ => (error.to_string(), "check the disk it lies on"),
        };
        SourceError::Read { path: self.path.to_owned(), place: format!("line {}", self.line), reason, advice }
    }
}

pub(super) fn is_a_database(path: &Path) -> SourceError {
    let advice = "if it is a macOS Messages database, write chat-db: before its path";
    SourceError::WrongKind { path: path.to_owned(), expected: "a file of JSON records", advice }
}

pub(super) fn cannot_open(path: &Path, error: &io::Error) -> SourceError {
    let path = path.to_owned();
    let (reason, advice) = match error.kind() {
        io::ErrorKind::NotFound => return SourceError::NotFound { path },
        io::ErrorKind::PermissionDenied => ("permission denied".to_owned(), "check the file's permissions"),
        io::ErrorKind::IsADirectory => ("it is a folder".to_owned(), "name the file in it"),
        _ => (error.to_string(), "check the disk it lies on"),
    };
    SourceError::CannotOpen { path, reason, advice }
}
