//! For tests: small exports made on the spot, and what comes of them.

use std::fs;
use std::path::{Path, PathBuf};

use idiolect_dataset::{ExtractionReport, Message, SourceError, Window};
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};

use crate::{Detection, Owner, SourceKind, SourceOptions, SourceSpec};

/// An export in a folder that goes with it.
pub(crate) struct Fixture {
    folder: tempfile::TempDir,
    pub(crate) me: Option<String>,
}

/// What was read.
pub(crate) struct Extracted {
    pub(crate) messages: Vec<Message>,
    pub(crate) report: ExtractionReport,
}

impl Fixture {
    pub(crate) fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let fixture = Self { folder: tempfile::tempdir().unwrap(), me: None };
        for (path, contents) in files {
            fixture.write(path, contents.as_bytes());
        }
        fixture
    }

    pub(crate) fn write(&self, path: &str, contents: &[u8]) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.folder.path().join(path)).unwrap();
    }

    pub(crate) fn me(mut self, me: &str) -> Self {
        self.me = Some(me.to_owned());
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn options(&self) -> SourceOptions {
        SourceOptions { me: self.me.clone(), timezone: Some(TimeZone::fixed(offset(1))), ..SourceOptions::default() }
    }

    pub(crate) fn detect(&self) -> Vec<Detection> {
        crate::detect(self.path()).unwrap()
    }

    pub(crate) fn owner(&self, kind: SourceKind) -> Owner {
        crate::owner(kind, self.path(), &self.options()).unwrap().unwrap()
    }

    /// All that is in the folder, its kind detected.
    pub(crate) fn extract(&self) -> Result<Extracted, SourceError> {
        self.extract_from(None, self.path().to_owned())
    }

    /// One file of it, named as of this kind.
    pub(crate) fn extract_file(&self, kind: SourceKind, file: &str) -> Result<Extracted, SourceError> {
        self.extract_from(Some(kind), self.path().join(file))
    }

    fn extract_from(&self, kind: Option<SourceKind>, path: PathBuf) -> Result<Extracted, SourceError> {
        let source = crate::open(&SourceSpec { kind, path }, &self.options())?;
        let mut stream = source.read(Window { start: Timestamp::MIN, end: Timestamp::MAX })?;
        let messages = stream.by_ref().collect::<Result<_, _>>()?;
        Ok(Extracted { messages, report: stream.report() })
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.extract().unwrap().texts()
    }

    /// The error of reading all of it, without the folder's own path.
    pub(crate) fn error(&self) -> String {
        self.error_of(self.extract())
    }

    /// The same where it is named as of this kind.
    pub(crate) fn error_as(&self, kind: SourceKind) -> String {
        self.error_of(self.extract_from(Some(kind), self.path().to_owned()))
    }

    fn error_of(&self, read: Result<Extracted, SourceError>) -> String {
        let Err(error) = read else { panic!("read without an error") };
        error.to_string().replace(&format!("{}", self.path().display()), "EXPORT")
    }
}

impl Extracted {
    pub(crate) fn texts(&self) -> Vec<String> {
        self.messages.iter().map(|message| message.text.clone()).collect()
    }

    /// How many were left out for a reason, and where the first was.
    pub(crate) fn skipped(&self, reason: &str) -> (u64, &str) {
        self.report.skipped.get(reason).map_or((0, ""), |skipped| (skipped.count, skipped.places[0].as_str()))
    }
}
