//! Walking through a JSON file of any size: the reader goes into the containers it knows and takes one record at a time.
//!
//! Memory is that of the largest record, which is bounded; what is passed over is not kept. serde_json's own streaming keeps
//! strings of any length, does not say where a record began, and gives up at escapes that exports do hold (`escapes.rs`).

pub(crate) mod escapes;
mod scalar;
mod scan;

use std::io::BufRead;
use std::path::PathBuf;

use idiolect_dataset::SourceError;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::export::{self, Entry, Export};
pub(crate) use scalar::{Scalar, lenient, present};
use scan::{Fed, Scan};

/// The longest record, in bytes. A message with its formatting and attachments' names takes some kilobytes.
const MAX_RECORD: usize = 4 * 1024 * 1024;
const CHECK: &str = "check that it is what the app exported";

/// What the next value is, by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    Other,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "a list",
            Self::Other => "a plain value",
        }
    }
}

/// A JSON file that is being walked through.
pub(crate) struct JsonReader {
    path: PathBuf,
    input: Box<dyn BufRead + Send>,
    /// Counted from 1.
    line: u64,
    /// Of each container that was entered, whether nothing of it was read yet.
    entered: Vec<bool>,
    record: Vec<u8>,
}

/// A record that is JSON, but not of the shape that was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WrongShape;

impl JsonReader {
    pub(crate) fn open(export: &Export, entry: &Entry) -> Result<Self, SourceError> {
        Ok(Self::new(export.path_of(entry), export.text(entry)?))
    }

    /// `input` is UTF-8; `path` names it in errors.
    fn new(path: PathBuf, input: Box<dyn BufRead + Send>) -> Self {
        Self { path, input, line: 1, entered: Vec::new(), record: Vec::new() }
    }

    /// The line that reading has come to.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// What comes next; an error at the end of the file.
    pub(crate) fn peek(&mut self) -> Result<Kind, SourceError> {
        Ok(match self.peek_byte()? {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b',' | b':' | b']' | b'}' => return Err(self.broken()),
            _ => Kind::Other,
        })
    }

    /// Goes into the object or array that has to come next.
    pub(crate) fn expect(&mut self, kind: Kind) -> Result<(), SourceError> {
        let found = self.peek()?;
        if found != kind || kind == Kind::Other {
            let reason = format!("{} stands where {} should", found.name(), kind.name());
            return Err(self.malformed(&reason, CHECK));
        }
        self.input.consume(1);
        self.entered.push(true);
        Ok(())
    }

    /// The next key of the object that was entered; `None` behind its last, and the object is left.
    pub(crate) fn next_key(&mut self) -> Result<Option<String>, SourceError> {
        if !self.goes_on(b'}')? {
            return Ok(None);
        }
        if self.peek_byte()? != b'"' {
            return Err(self.broken());
        }
        let key = self.record::<String>()?.map_err(|_| self.broken())?;
        if self.peek_byte()? != b':' {
            return Err(self.broken());
        }
        self.input.consume(1);
        Ok(Some(key))
    }

    /// Whether the array that was entered has another item; behind its last, the array is left.
    pub(crate) fn next_item(&mut self) -> Result<bool, SourceError> {
        self.goes_on(b']')
    }

    /// Hands out the items of the array that has to come next, with their numbers from 1; `None` for one that is no `T`.
    pub(crate) fn items<T: DeserializeOwned, E: From<SourceError>>(
        &mut self,
        mut take: impl FnMut(u64, Option<T>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(Kind::Array)?;
        let mut number = 0;
        while self.next_item()? {
            number += 1;
            take(number, self.field()?)?;
        }
        Ok(())
    }

    /// Passes over the next value, however large.
    pub(crate) fn skip(&mut self) -> Result<(), SourceError> {
        self.take(false)
    }

    /// The next value as a `T`.
    pub(crate) fn record<T: DeserializeOwned>(&mut self) -> Result<Result<T, WrongShape>, SourceError> {
        self.take(true)?;
        let mut parsed = serde_json::from_slice(&self.record);
        if parsed.as_ref().is_err_and(serde_json::Error::is_syntax)
            && let Some(repaired) = escapes::repaired(&self.record)
        {
            parsed = serde_json::from_slice(&repaired);
        }
        match parsed {
            Ok(value) => Ok(Ok(value)),
            Err(error) if error.classify() == Category::Data => Ok(Err(WrongShape)),
            Err(_) if std::str::from_utf8(&self.record).is_err() => {
                Err(self.malformed("text that is not valid UTF-8", "export it again, or save the file as UTF-8"))
            }
            Err(_) => Err(self.broken()),
        }
    }

    /// The next value as a `T` where it is one; passed over where it is not.
    pub(crate) fn field<T: DeserializeOwned>(&mut self) -> Result<Option<T>, SourceError> {
        Ok(self.record()?.ok())
    }

    /// An error unless only white space is left.
    pub(crate) fn end(&mut self) -> Result<(), SourceError> {
        match self.next_byte()? {
            None => Ok(()),
            Some(_) => Err(self.broken()),
        }
    }

    fn goes_on(&mut self, end: u8) -> Result<bool, SourceError> {
        let Some(nothing_read) = self.entered.last_mut().map(std::mem::take) else { return Err(self.broken()) };
        let byte = self.peek_byte()?;
        if byte == end {
            self.input.consume(1);
            self.entered.pop();
            return Ok(false);
        }
        if nothing_read {
            return Ok(true);
        }
        if byte != b',' {
            return Err(self.broken());
        }
        self.input.consume(1);
        match self.peek_byte()? == end {
            true => Err(self.broken()),
            false => Ok(true),
        }
    }

    /// Reads the next value to its end, into the record if it is to be kept.
    fn take(&mut self, keep: bool) -> Result<(), SourceError> {
        self.record.clear();
        self.peek()?;
        let mut scan = Scan::default();
        loop {
            let bytes = self.input.fill_buf().map_err(|error| export::failed(&self.path, &error))?;
            if bytes.is_empty() {
                return if scan.may_end() { Ok(()) } else { Err(self.cut_short()) };
            }
            let (count, ended) = match scan.feed(bytes) {
                Fed::All => (bytes.len(), false),
                Fed::Ended(count) => (count, true),
                Fed::TooDeep => return Err(self.malformed("it is nested too deeply", CHECK)),
            };
            self.line += bytes[..count].iter().filter(|byte| **byte == b'\n').count() as u64;
            if keep {
                self.record.extend_from_slice(&bytes[..count]);
            }
            self.input.consume(count);
            if self.record.len() > MAX_RECORD {
                let reason = format!("the record is longer than {} MiB", MAX_RECORD / 1024 / 1024);
                return Err(self.malformed(&reason, CHECK));
            }
            if ended {
                return Ok(());
            }
        }
    }

    /// The next byte that is not white space, not consumed.
    fn peek_byte(&mut self) -> Result<u8, SourceError> {
        self.next_byte()?.ok_or_else(|| self.cut_short())
    }

    fn next_byte(&mut self) -> Result<Option<u8>, SourceError> {
        loop {
            let bytes = self.input.fill_buf().map_err(|error| export::failed(&self.path, &error))?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.line += bytes[..blank].iter().filter(|byte| **byte == b'\n').count() as u64;
            let next = bytes.get(blank).copied();
            self.input.consume(blank);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    fn broken(&self) -> SourceError {
        self.malformed("broken JSON", "copy or export the file again")
    }

    fn cut_short(&self) -> SourceError {
        self.malformed("the file ends early", "it was cut short, copy or export it again")
    }

    fn malformed(&self, reason: &str, advice: &'static str) -> SourceError {
        SourceError::Malformed {
            path: self.path.clone(),
            place: format!("line {}", self.line),
            field: "record",
            reason: reason.to_owned(),
            advice,
        }
    }
}

#[cfg(test)]
mod tests;
