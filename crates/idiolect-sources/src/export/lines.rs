//! A text entry line by line, each bounded and checked to be UTF-8.

use std::io::{BufRead, Read};
use std::path::PathBuf;

use idiolect_dataset::SourceError;

use super::{errors, limits};

pub(crate) struct Lines {
    path: PathBuf,
    contents: Box<dyn BufRead + Send>,
    buffer: Vec<u8>,
    line: u64,
}

impl Lines {
    pub(super) fn new(path: PathBuf, contents: Box<dyn BufRead + Send>) -> Self {
        Self { path, contents, buffer: Vec::new(), line: 0 }
    }

    /// The next line without its end (LF or CR LF), with its number from 1; `None` at the end.
    pub(crate) fn next_line(&mut self) -> Result<Option<(u64, &str)>, SourceError> {
        self.buffer.clear();
        self.line += 1;
        let mut bounded = Read::take(&mut self.contents, limits::MAX_LINE as u64 + 2);
        let count = bounded.read_until(b'\n', &mut self.buffer).map_err(|error| errors::failed(&self.path, &error))?;
        if count == 0 {
            return Ok(None);
        }
        if self.buffer.ends_with(b"\n") {
            self.buffer.pop();
            if self.buffer.ends_with(b"\r") {
                self.buffer.pop();
            }
        }
        if self.buffer.len() > limits::MAX_LINE {
            let reason = format!("the line is longer than {} KiB", limits::MAX_LINE / 1024);
            return Err(self.malformed(reason, "check that the file is what the app exported"));
        }
        match std::str::from_utf8(&self.buffer) {
            Ok(line) => Ok(Some((self.line, line))),
            Err(error) => {
                let reason = format!("byte {} is not valid UTF-8", error.valid_up_to() + 1);
                Err(self.malformed(reason, "export the chat again, or save the file as UTF-8"))
            }
        }
    }

    fn malformed(&self, reason: String, advice: &'static str) -> SourceError {
        SourceError::Malformed {
            path: self.path.clone(),
            place: format!("line {}", self.line),
            field: "text",
            reason,
            advice,
        }
    }
}
