//! `KIND:PATH` or `PATH`, the way a person names a source, and the source that it opens.

use std::ffi::OsStr;
use std::fmt;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use idiolect_dataset::{MessageSource, SourceError};
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::bridge::{self, Bridge};
use crate::chat_db::{ChatDb, ChatDbOptions};
use crate::ndjson::Ndjson;
use crate::reading::ExportSource;
use crate::{BridgeOptions, Conversations, CsvOptions, detect, export, readers};

/// A kind of message store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// macOS Messages.
    ChatDb,
    /// One JSON record a line, plain or gzip.
    Ndjson,
    /// Any table of messages with a header.
    Csv,
    Whatsapp,
    /// Telegram Desktop.
    Telegram,
    Signal,
    /// Android's SMS Backup & Restore.
    SmsBackup,
    /// Google Takeout.
    GoogleVoice,
    /// Google Takeout.
    GoogleChat,
    /// Facebook's download of your information, and its export of end-to-end encrypted chats.
    Messenger,
    Instagram,
    /// Discord's data package.
    Discord,
    Slack,
    /// A server of one's own that answers with NDJSON.
    Bridge,
}

impl SourceKind {
    /// Every kind, in the order in which help lists them.
    pub const ALL: [Self; 14] = [
        Self::ChatDb,
        Self::Ndjson,
        Self::Csv,
        Self::Whatsapp,
        Self::Telegram,
        Self::Signal,
        Self::SmsBackup,
        Self::GoogleVoice,
        Self::GoogleChat,
        Self::Messenger,
        Self::Instagram,
        Self::Discord,
        Self::Slack,
        Self::Bridge,
    ];

    /// As it is written before the colon.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChatDb => "chat-db",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Whatsapp => "whatsapp",
            Self::Telegram => "telegram",
            Self::Signal => "signal",
            Self::SmsBackup => "sms-backup",
            Self::GoogleVoice => "google-voice",
            Self::GoogleChat => "google-chat",
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
            Self::Discord => "discord",
            Self::Slack => "slack",
            Self::Bridge => "bridge",
        }
    }

    /// What it is, and what of an export is named, in a line.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::ChatDb => {
                "macOS Messages: ~/Library/Messages/chat.db, a copy with its -wal, the folder; an iPhone's backup"
            }
            Self::Ndjson => "one JSON record a line, plain or gzip",
            Self::Csv => "a table of messages, in any encoding; without a header its columns are said by number",
            Self::Whatsapp => "WhatsApp's Export chat: the .zip, the .txt in it, or a folder of several",
            Self::Telegram => "Telegram Desktop's JSON export: result.json or its folder",
            Self::Signal => "Signal's own export of chats (main.jsonl), or signal-export's folder",
            Self::SmsBackup => "Android's SMS Backup & Restore: its .xml files",
            Self::GoogleVoice => "Google Takeout of Voice: the zip or the folder",
            Self::GoogleChat => "Google Takeout of Chat: the zip or the folder",
            Self::Messenger => "Facebook's download in JSON, or its export of end-to-end encrypted chats",
            Self::Instagram => "Instagram's download in JSON",
            Self::Discord => "Discord's data package",
            Self::Slack => "a Slack workspace's export",
            Self::Bridge => "a server of your own: bridge:https://…, asked as GET URL?user=&since=&until=",
        }
    }
}

/// A source as the person wrote it; `to_string` and `parse` are each other's inverse.
///
/// What stands before the first colon is a kind if it is made of small letters, digits and hyphens only; such a file name
/// without a kind is written with `./` before it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceSpec {
    /// `None` where it is to be detected.
    pub kind: Option<SourceKind>,
    /// For a bridge, its URL.
    pub path: PathBuf,
}

impl SourceSpec {
    /// For messages and pages: a bridge's address without its query, which may name people or hold a token.
    pub fn shown(&self) -> String {
        match self.kind {
            Some(SourceKind::Bridge) => {
                format!("{}:{}", SourceKind::Bridge.name(), bridge::shown_url(&self.path.to_string_lossy()).display())
            }
            _ => self.to_string(),
        }
    }

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
        let path = self.path.display();
        match self.kind {
            Some(kind) => write!(f, "{}:{path}", kind.name()),
            None if kind_before_colon(self.path.as_os_str()).is_some() => write!(f, "./{path}"),
            None => write!(f, "{path}"),
        }
    }
}

impl FromStr for SourceSpec {
    type Err = SpecError;

    fn from_str(spec: &str) -> Result<Self, SpecError> {
        OsStr::new(spec).try_into()
    }
}

/// As from a string; a path need not be UTF-8.
impl TryFrom<&OsStr> for SourceSpec {
    type Error = SpecError;

    fn try_from(spec: &OsStr) -> Result<Self, SpecError> {
        let Some((kind, path)) = kind_before_colon(spec) else {
            return match spec.is_empty() {
                true => Err(SpecError::Nothing),
                false => Ok(Self { kind: None, path: spec.into() }),
            };
        };
        let known = SourceKind::ALL.into_iter().find(|known| known.name() == kind);
        let kind = known.ok_or_else(|| match kind {
            "http" | "https" => SpecError::Server,
            _ => SpecError::UnknownKind { kind: kind.into(), kinds: kinds() },
        })?;
        if path.is_empty() {
            return Err(SpecError::NoPath { kind: kind.name() });
        }
        if kind == SourceKind::Bridge {
            bridge::check(&path.to_string_lossy()).map_err(|error| SpecError::Address { error: error.to_string() })?;
        }
        Ok(Self { kind: Some(kind), path: path.into() })
    }
}

fn kind_before_colon(spec: &OsStr) -> Option<(&str, &OsStr)> {
    let bytes = spec.as_bytes();
    let (kind, path) = bytes.split_at(bytes.iter().position(|&byte| byte == b':')?);
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let kind = std::str::from_utf8(kind).ok().filter(|kind| !kind.is_empty() && kind.bytes().all(|b| is_word(&b)))?;
    Some((kind, OsStr::from_bytes(&path[1..])))
}

pub(crate) fn kinds() -> String {
    SourceKind::ALL.map(SourceKind::name).join(", ")
}

/// Why `KIND:PATH` does not name a source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    #[error(
        "there is no source of the kind `{kind}`; the kinds are {kinds}; for a file of that name write ./ before it"
    )]
    UnknownKind { kind: String, kinds: String },
    #[error(
        "a server is named with bridge: before its address, and has to answer with NDJSON; `idiolect sources list` shows what else is read"
    )]
    Server,
    /// A bridge's URL is none, or not safe to ask; the sentence shows no secret that stands in it.
    #[error("{error}")]
    Address { error: String },
    #[error("the source names no file; write {kind}:PATH")]
    NoPath { kind: &'static str },
    #[error("the source is empty; write PATH or KIND:PATH")]
    Nothing,
}

/// What a source cannot know by itself.
#[derive(Clone, Debug, Default)]
pub struct SourceOptions {
    /// Which sender is the person, in stores that do not say it. Those that do compare it with what they say, or report that they
    /// cannot.
    pub me: Option<String>,
    /// The zone of times that carry none. Where all times carry one it changes nothing.
    pub timezone: Option<TimeZone>,
    /// This machine's zone: what exports of apps that write local times are read in where `timezone` says nothing. UTC without.
    pub local_timezone: Option<TimeZone>,
    /// How a table is written, where that is not to be detected.
    pub csv: CsvOptions,
    pub bridge: BridgeOptions,
    /// Which conversations are read.
    pub conversations: Conversations,
    /// The cursor of an earlier report: only what came into the store since is read. `chat-db` alone has cursors.
    pub after: Option<String>,
    /// The folder for short-lived private copies, by default the system's temporary folder.
    pub scratch: Option<PathBuf>,
}

/// The source that `spec` names. Nothing is read before [`MessageSource::read`] except whether the file is there and, where
/// the kind is to be detected, what it is.
pub fn open(spec: &SourceSpec, options: &SourceOptions) -> Result<Box<dyn MessageSource>, SourceError> {
    if spec.kind == Some(SourceKind::Bridge) {
        check_options(SourceKind::Bridge, options)?;
        return Ok(Box::new(Bridge::new(&spec.path.to_string_lossy(), options)?));
    }
    match std::fs::metadata(&spec.path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(SourceError::NotFound { path: spec.path.clone() });
        }
        // Whoever opens a pipe waits, and messages are read twice.
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
            return Err(export::neither_file_nor_folder(&spec.path));
        }
        _ => {}
    }
    let path = spec.path.clone();
    let kind = match spec.kind {
        Some(kind) => kind,
        None => detect::detect_one(&path)?,
    };
    check_options(kind, options)?;
    Ok(match (kind, readers::of(kind)) {
        (_, Some(reader)) => Box::new(ExportSource { reader, path, options: options.clone() }),
        (SourceKind::ChatDb, None) => Box::new(ChatDb::new(path, chat_db_options(options)?)),
        (_, None) => {
            let source = Ndjson::new(path, options.me.clone(), options.timezone.clone());
            Box::new(source.of_conversations(options.conversations.clone()))
        }
    })
}

/// Refuses cursors and options of tables where they would be passed over in silence; `--me` is for the report, and a zone for times
/// without one, if there are any.
fn check_options(kind: SourceKind, options: &SourceOptions) -> Result<(), SourceError> {
    let refused = |option, reason, advice| Err(SourceError::WrongOption { option, reason, advice });
    if options.after.is_some() && kind != SourceKind::ChatDb {
        return refused(
            "--after",
            "such a source has no cursor",
            "leave --after out; messages are told apart by their ids",
        );
    }
    if options.csv != CsvOptions::default() && kind != SourceKind::Csv {
        return refused(
            "--csv",
            "the source is no table",
            "leave --csv out, or write csv: before the path if it is one",
        );
    }
    Ok(())
}

fn chat_db_options(options: &SourceOptions) -> Result<ChatDbOptions, SourceError> {
    let after = options.after.as_deref().map(|cursor| {
        let row = cursor.strip_prefix(ChatDbOptions::CURSOR).and_then(|row| row.parse().ok());
        row.ok_or(SourceError::WrongOption {
            option: "--after",
            reason: "it is not a cursor of a chat-db report",
            advice: "write it as the report did, such as row:88360",
        })
    });
    Ok(ChatDbOptions {
        scratch: options.scratch.clone(),
        conversations: options.conversations.clone(),
        me: options.me.clone(),
        after: after.transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_path_come_back_as_written() {
        for written in [
            "chat-db:/Users/x/Library/Messages/chat.db",
            "ndjson:a b:c.ndjson.gz",
            "/x/y",
            "./a:b",
            "My chat: 1.txt",
            "bridge:https://x.org//m?a=b",
        ] {
            assert_eq!(written.parse::<SourceSpec>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn a_bridge_is_shown_without_its_query() {
        let shown = |written: &str| written.parse::<SourceSpec>().unwrap().shown();
        assert_eq!(shown("bridge:https://x.org/m?token=canary"), "bridge:https://x.org/m");
        assert_eq!(shown("ndjson:a?b.ndjson"), "ndjson:a?b.ndjson");
    }

    #[test]
    fn a_wrong_spec_says_what_a_right_one_is() {
        let error = |spec: &str| spec.parse::<SourceSpec>().unwrap_err().to_string();
        let sentence = error("mbox:x");
        assert!(
            sentence.starts_with("there is no source of the kind `mbox`; the kinds are chat-db, ndjson"),
            "{sentence}"
        );
        assert!(error("https://example.org/messages").starts_with("a server is named with bridge: before"));
        let sentence = error("bridge:https://ana:canary@example.org/m");
        assert!(sentence.starts_with("https://example.org/m: a user and password stand in the URL"), "{sentence}");
        assert_eq!(error(""), "the source is empty; write PATH or KIND:PATH");
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
    fn a_cursor_is_refused_where_there_are_none() {
        let file = tempfile::NamedTempFile::with_suffix(".ndjson").unwrap();
        for source in [format!("ndjson:{}", file.path().display()), "bridge:http://127.0.0.1:1/".into()] {
            let options = SourceOptions { after: Some("row:1".into()), ..SourceOptions::default() };
            let Err(error) = open(&source.parse().unwrap(), &options) else { panic!("{source}: took it") };
            assert!(error.to_string().contains("such a source has no cursor; leave --after out"), "{error}");
        }
    }

    #[test]
    fn options_of_tables_are_refused_where_there_is_none() {
        let file = tempfile::NamedTempFile::with_suffix(".ndjson").unwrap();
        let mut options = SourceOptions::default();
        options.csv.set("separator=;").unwrap();
        for source in [format!("ndjson:{}", file.path().display()), "bridge:http://127.0.0.1:1/".into()] {
            let Err(error) = open(&source.parse().unwrap(), &options) else { panic!("{source}: took it") };
            assert!(error.to_string().contains("--csv: the source is no table; leave --csv out"), "{error}");
        }
        assert!(open(&format!("csv:{}", file.path().display()).parse().unwrap(), &options).is_ok());
    }

    #[test]
    fn a_device_is_no_source_of_any_kind() {
        for kind in ["", "ndjson:", "chat-db:", "whatsapp:"] {
            let spec = format!("{kind}/dev/zero").parse().unwrap();
            let Err(error) = open(&spec, &SourceOptions::default()) else { panic!("{kind}: opened it") };
            assert!(error.to_string().starts_with("/dev/zero: cannot be opened (it is neither a file nor a folder)"));
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let spec = "ndjson:/nowhere/x.ndjson".parse().unwrap();
        let Err(error) = open(&spec, &SourceOptions::default()) else { panic!("opened nothing") };
        assert_eq!(error.to_string(), "/nowhere/x.ndjson: no such file; check the path");
    }
}
