//! A file line by line, each line bounded, checked to be UTF-8 and without the mark that some programs put at a file's start.

use std::io::{BufRead, ErrorKind};
use std::path::{Path, PathBuf};

use idiolect_dataset::SourceError;

use super::errors::{self, Place};

/// The longest line, in bytes: far more than any message, far less than a file that is no NDJSON at all.
pub(super) const MAX_LINE: usize = 1024 * 1024;
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
/// How an SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

pub(crate) struct Lines {
    path: PathBuf,
    contents: Box<dyn BufRead + Send>,
    buffer: Vec<u8>,
    /// The number of the line in the buffer, from 1.
    line: u64,
}

impl Lines {
    pub(crate) fn new(path: &Path, contents: Box<dyn BufRead + Send>) -> Self {
        Self { path: path.to_owned(), contents, buffer: Vec::new(), line: 0 }
    }

    /// The next line that is not blank, with its number; `None` at the end.
    pub(super) fn next_line(&mut self) -> Result<Option<(u64, &str)>, SourceError> {
        loop {
            if !self.fill()? {
                return Ok(None);
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        let place = Place { path: &self.path, line: self.line };
        match std::str::from_utf8(&self.buffer) {
            Ok(line) => Ok(Some((self.line, line))),
            Err(error) => {
                let reason = format!("byte {} is not valid UTF-8", error.valid_up_to() + 1);
                Err(place.broken_line(reason, "save the file as UTF-8"))
            }
        }
    }

    /// Puts the next line into the buffer; false at the end.
    fn fill(&mut self) -> Result<bool, SourceError> {
        self.buffer.clear();
        self.line += 1;
        let place = Place { path: &self.path, line: self.line };
        let mut at_end = true;
        loop {
            let available = match self.contents.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(place.unreadable(&error)),
            };
            if available.is_empty() {
                break;
            }
            at_end = false;
            let line_end = memchr::memchr(b'\n', available);
            let part = &available[..line_end.unwrap_or(available.len())];
            if self.buffer.len() + part.len() > MAX_LINE {
                let reason = format!("the line is longer than {} KiB", MAX_LINE / 1024);
                return Err(place.broken_line(reason, "write one record a line, with a line feed after each"));
            }
            self.buffer.extend_from_slice(part);
            let read = part.len() + usize::from(line_end.is_some());
            self.contents.consume(read);
            if line_end.is_some() {
                break;
            }
        }
        if self.line == 1 {
            if self.buffer.starts_with(SQLITE) {
                return Err(errors::is_a_database(&self.path));
            }
            if UTF16_MARKS.iter().any(|mark| self.buffer.starts_with(mark)) {
                return Err(place.broken_line("the file is UTF-16".into(), "save the file as UTF-8"));
            }
            if self.buffer.starts_with(UTF8_MARK) {
                self.buffer.drain(..UTF8_MARK.len());
            }
        }
        Ok(!at_end)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn lines(data: &[u8]) -> Result<Vec<(u64, String)>, String> {
        let mut lines = Lines::new(Path::new("x.ndjson"), Box::new(Cursor::new(data.to_vec())));
        let mut all = Vec::new();
        while let Some((number, line)) = lines.next_line().map_err(|error| error.to_string())? {
            all.push((number, line.to_owned()));
        }
        Ok(all)
    }

    #[test]
    fn blank_lines_are_skipped_and_still_counted() {
        assert_eq!(lines(b"a\n\n \t\r\nb").unwrap(), [(1, "a".into()), (4, "b".into())]);
        assert_eq!(lines(b"").unwrap(), []);
        assert_eq!(lines(b"\n\n").unwrap(), []);
    }

    #[test]
    fn the_mark_at_the_start_is_tolerated() {
        assert_eq!(lines(b"\xef\xbb\xbfa\nb\n").unwrap(), [(1, "a".into()), (2, "b".into())]);
        assert_eq!(lines(b"\xef\xbb\xbf\nb\n").unwrap(), [(2, "b".into())]);
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
        let longest = vec![b'a'; MAX_LINE];
        assert_eq!(lines(&[&longest[..], b"\nb"].concat()).unwrap().len(), 2);
        assert_eq!(lines(&longest).unwrap().len(), 1);
        let error = lines(&[b"ok\n", &longest[..], b"a\n"].concat()).unwrap_err();
        assert!(error.starts_with("x.ndjson, line 2, record: the line is longer than 1024 KiB"), "{error}");
    }

    #[test]
    fn what_is_no_utf8_is_named() {
        let error = lines(b"fine\nab\xffc\n").unwrap_err();
        assert_eq!(error, "x.ndjson, line 2, record: byte 3 is not valid UTF-8; save the file as UTF-8");
        let error = lines(b"SQLite format 3\0\x10\0").unwrap_err();
        assert!(error.starts_with("x.ndjson: is not a file of JSON records; "), "{error}");
        assert!(lines(b"\xff\xfe{\0}\0").unwrap_err().contains("UTF-16"));
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(data in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = lines(&data);
        }
    }
}
