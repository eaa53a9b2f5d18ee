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

/// A line without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: u64,
    pub(crate) text: &'a str,
    /// It ended with CR LF and not with LF alone.
    pub(crate) had_return: bool,
}

impl Lines {
    pub(super) fn new(path: PathBuf, contents: Box<dyn BufRead + Send>) -> Self {
        Self { path, contents, buffer: Vec::new(), line: 0 }
    }

    /// The next line without its end (LF or CR LF); `None` at the end.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line<'_>>, SourceError> {
        self.buffer.clear();
        let mut had_return = false;
        self.line += 1;
        let mut bounded = Read::take(&mut self.contents, limits::MAX_LINE as u64 + 2);
        let count = bounded.read_until(b'\n', &mut self.buffer).map_err(|error| errors::failed(&self.path, &error))?;
        if count == 0 {
            return Ok(None);
        }
        if self.buffer.ends_with(b"\n") {
            self.buffer.pop();
            had_return = self.buffer.ends_with(b"\r");
            if had_return {
                self.buffer.pop();
            }
        }
        if self.buffer.len() > limits::MAX_LINE {
            let reason = format!("the line is longer than {} KiB", limits::MAX_LINE / 1024);
            return Err(self.malformed(reason, "check that the file is what the app exported"));
        }
        match std::str::from_utf8(&self.buffer) {
            Ok(text) => Ok(Some(Line { number: self.line, text, had_return })),
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
