//! `KIND:PATH`, the way a person names a source, and the source that it opens.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use idiolect_dataset::{MessageSource, SourceError};
use jiff::tz::TimeZone;

use crate::{ChatDb, Ndjson};

/// A kind of message store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// macOS Messages.
    ChatDb,
    /// One JSON record a line, plain or gzip.
    Ndjson,
}

impl SourceKind {
    /// Every kind, in the order in which help lists them.
    pub const ALL: [Self; 2] = [Self::ChatDb, Self::Ndjson];

    /// As it is written before the colon.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChatDb => "chat-db",
            Self::Ndjson => "ndjson",
        }
    }
}

/// A source as the person wrote it; `to_string` and `parse` are each other's inverse.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceSpec {
    pub kind: SourceKind,
    pub path: PathBuf,
}

impl SourceSpec {
    /// The same source with a leading `~/` of its path replaced by `home`: shells do not do so behind a colon.
    pub fn under_home(self, home: &Path) -> Self {
        match self.path.strip_prefix("~") {
            Ok(rest) => Self { kind: self.kind, path: home.join(rest) },
            Err(_) => self,
        }
    }
}

impl fmt::Display for SourceSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.path.display())
    }
}

impl FromStr for SourceSpec {
    type Err = SpecError;

    fn from_str(spec: &str) -> Result<Self, SpecError> {
        let (kind, path) =
            spec.split_once(':').ok_or_else(|| SpecError::NoKind { spec: spec.into(), kinds: kinds() })?;
        let known = SourceKind::ALL.into_iter().find(|known| known.name() == kind);
        let kind = known.ok_or_else(|| SpecError::UnknownKind { kind: kind.into(), kinds: kinds() })?;
        if path.is_empty() {
            return Err(SpecError::NoPath { kind: kind.name() });
        }
        Ok(Self { kind, path: path.into() })
    }
}

fn kinds() -> String {
    SourceKind::ALL.map(SourceKind::name).join(", ")
}

/// Why `KIND:PATH` does not name a source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    #[error("the source `{spec}` has no kind; write KIND:PATH, where KIND is one of {kinds}")]
    NoKind { spec: String, kinds: String },
    #[error("there is no source of the kind `{kind}`; the kinds are {kinds}")]
    UnknownKind { kind: String, kinds: String },
    #[error("the source names no file; write {kind}:PATH")]
    NoPath { kind: &'static str },
}

/// What a source cannot know by itself.
#[derive(Clone, Debug, Default)]
pub struct SourceOptions {
    /// Of the records that name their sender, only this sender's are the person's.
    pub me: Option<String>,
    /// The zone of times that carry none; only for stores whose times may lack one.
    pub timezone: Option<TimeZone>,
    /// The folder for short-lived private copies, by default the system's temporary folder.
    pub scratch: Option<PathBuf>,
}

/// The source that `spec` names. Nothing is read before [`MessageSource::read`] except whether the file is there.
pub fn open(spec: &SourceSpec, options: &SourceOptions) -> Result<Box<dyn MessageSource>, SourceError> {
    if !spec.path.try_exists().unwrap_or(true) {
        return Err(SourceError::NotFound { path: spec.path.clone() });
    }
    let path = spec.path.clone();
    Ok(match spec.kind {
        SourceKind::ChatDb => Box::new(ChatDb::new(path, options.scratch.clone())),
        SourceKind::Ndjson => Box::new(Ndjson::new(path, options.me.clone(), options.timezone.clone())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_path_come_back_as_written() {
        for written in ["chat-db:/Users/x/Library/Messages/chat.db", "ndjson:a b:c.ndjson.gz"] {
            assert_eq!(written.parse::<SourceSpec>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn a_wrong_spec_says_what_a_right_one_is() {
        let error = |spec: &str| spec.parse::<SourceSpec>().unwrap_err().to_string();
        assert_eq!(error("whatsapp:x"), "there is no source of the kind `whatsapp`; the kinds are chat-db, ndjson");
        assert_eq!(
            error("x.ndjson"),
            "the source `x.ndjson` has no kind; write KIND:PATH, where KIND is one of chat-db, ndjson"
        );
        assert_eq!(error("ndjson:"), "the source names no file; write ndjson:PATH");
    }

    #[test]
    fn a_tilde_means_the_home_folder() {
        let spec: SourceSpec = "chat-db:~/Library/Messages/chat.db".parse().unwrap();
        assert_eq!(spec.under_home(Path::new("/home/x")).to_string(), "chat-db:/home/x/Library/Messages/chat.db");
        let other: SourceSpec = "ndjson:~x/a".parse().unwrap();
        assert_eq!(other.clone().under_home(Path::new("/home/x")), other);
    }

    #[test]
    fn a_missing_file_is_named() {
        let spec = "ndjson:/nowhere/x.ndjson".parse().unwrap();
        let Err(error) = open(&spec, &SourceOptions::default()) else { panic!("opened nothing") };
        assert_eq!(error.to_string(), "/nowhere/x.ndjson: no such file; check the path after --source");
    }
}
