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
    /// The last line was too long, and its rest is still to be passed over.
    is_within: bool,
}

enum Length {
    Kept,
    TooLong,
}

/// A line without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: u64,
    pub(crate) text: &'a str,
}

impl Lines {
    pub(super) fn new(path: PathBuf, contents: Box<dyn BufRead + Send>) -> Self {
        Self { path, contents, buffer: Vec::new(), line: 0, is_within: false }
    }

    /// The next line without its end (LF or CR LF); `None` at the end.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line<'_>>, SourceError> {
        match self.advance()? {
            None => Ok(None),
            Some(Length::Kept) => self.line().map(Some),
            Some(Length::TooLong) => {
                let reason = format!("the line is longer than {} KiB", limits::MAX_LINE / 1024);
                Err(self.malformed(reason, "check that the file is what the app exported"))
            }
        }
    }

    /// The same with the bare number of a line that is too long in its place.
    pub(crate) fn next_line_or_number(&mut self) -> Result<Option<Result<Line<'_>, u64>>, SourceError> {
        match self.advance()? {
            None => Ok(None),
            Some(Length::Kept) => self.line().map(|line| Some(Ok(line))),
            Some(Length::TooLong) => Ok(Some(Err(self.line))),
        }
    }

    /// Reads the next line, as far as it is kept; `None` at the end.
    fn advance(&mut self) -> Result<Option<Length>, SourceError> {
        while self.is_within {
            let count = self.read(limits::MAX_LINE)?;
            self.is_within = count > 0 && !self.buffer.ends_with(b"\n");
        }
        self.line += 1;
        if self.read(limits::MAX_LINE + 2)? == 0 {
            return Ok(None);
        }
        let line = self.buffer.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        if line.unwrap_or(&self.buffer).len() <= limits::MAX_LINE {
            return Ok(Some(Length::Kept));
        }
        self.is_within = line.is_none();
        Ok(Some(Length::TooLong))
    }

    fn read(&mut self, limit: usize) -> Result<usize, SourceError> {
        self.buffer.clear();
        let mut bounded = Read::take(&mut self.contents, limit as u64);
        bounded.read_until(b'\n', &mut self.buffer).map_err(|error| errors::failed(&self.path, &error))
    }

    fn line(&mut self) -> Result<Line<'_>, SourceError> {
        if self.buffer.ends_with(b"\n") {
            self.buffer.pop();
            if self.buffer.ends_with(b"\r") {
                self.buffer.pop();
            }
        }
        match std::str::from_utf8(&self.buffer) {
            Ok(text) => Ok(Line { number: self.line, text }),
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
