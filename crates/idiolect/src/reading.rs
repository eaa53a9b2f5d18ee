//! From flags to a source and a window, and back from what the run record keeps.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use anyhow::{Context, Result, bail};
use idiolect_dataset::{MessageSource, SourceError, Window};
use idiolect_pipeline::OpenSource;
use idiolect_sources::{BridgeOptions, Conversations, CsvOptions, SourceKind, SourceOptions, SourceSpec};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::cli::{ReadingOptions, SourceHints};
use crate::exit::WrongFlag;

/// A source with its options, as the run record keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceRecord {
    source: String,
    /// The source's path where `source`, which people read, cannot say it: not every path is UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path_bytes: Option<Vec<u8>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    me: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
    /// This machine's zone when the run began, so that local times mean the same when it is read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    local_timezone: Option<String>,
    /// `KEY=VALUE`s of `--csv`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    csv: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    only: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    except: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// Whose messages a bridge is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
}

/// What opening a source takes and no record holds.
#[derive(Clone, Debug)]
pub struct Access {
    /// From the settings, for bridges.
    pub bridge_token: Option<SecretString>,
    /// Conversations from the settings, beside those of the flags.
    pub conversations: Conversations,
}

impl SourceRecord {
    /// Makes the path independent of the current directory and finds out the kind where none is given.
    pub fn new(mut spec: SourceSpec, options: &ReadingOptions) -> Result<Self> {
        // What is wrong with the flags is said before a file is looked for.
        source_options(&options.hints)?;
        if let Some(home) = std::env::home_dir() {
            spec = spec.under_home(&home);
        }
        if spec.kind != Some(SourceKind::Bridge) {
            spec.path = std::path::absolute(&spec.path).with_context(|| format!("--source {}", spec.path.display()))?;
        }
        spec.kind = Some(match spec.kind {
            Some(kind) => kind,
            None => idiolect_sources::detect_one(&spec.path)?,
        });
        Ok(Self {
            source: spec.to_string(),
            path_bytes: spec.path.to_str().is_none().then(|| spec.path.into_os_string().into_vec()),
            me: options.hints.me.clone().filter(|me| !me.trim().is_empty()),
            timezone: options.hints.timezone.clone(),
            local_timezone: TimeZone::system().iana_name().map(str::to_owned),
            csv: options.hints.csv.clone(),
            only: options.only.clone(),
            except: options.except.clone(),
            after: options.after.clone(),
            user: None,
        })
    }

    /// The same source, of a bridge the messages of `user`; to other sources it makes no difference.
    pub fn for_user(mut self, user: &str) -> Self {
        self.user = self.is_bridge().then(|| user.to_owned());
        self
    }

    fn is_bridge(&self) -> bool {
        self.source.starts_with(SourceKind::Bridge.name()) && self.source.contains("://")
    }

    /// As [`to_json`](Self::to_json) wrote it.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).context("the recorded source cannot be understood")
    }

    /// Whether both read the same, on whatever machine and in whatever zone each was named.
    pub fn reads_the_same_as(&self, other: &Self) -> bool {
        let anywhere = |record: &Self| Self { local_timezone: None, ..record.clone() };
        anywhere(self) == anywhere(other)
    }

    /// The flag that says otherwise than this record. One that is left out says nothing.
    pub fn other_flag(&self, options: &ReadingOptions) -> Option<&'static str> {
        let other_text = |asked: &Option<String>, kept: &Option<String>| asked.is_some() && asked != kept;
        let other_list = |asked: &[String], kept: &[String]| !asked.is_empty() && asked != kept;
        let flags = [
            ("--me", other_text(&options.hints.me, &self.me)),
            ("--timezone", other_text(&options.hints.timezone, &self.timezone)),
            ("--csv", other_list(&options.hints.csv, &self.csv)),
            ("--only", other_list(&options.only, &self.only)),
            ("--except", other_list(&options.except, &self.except)),
            ("--after", other_text(&options.after, &self.after)),
        ];
        flags.into_iter().find_map(|(flag, is_other)| is_other.then_some(flag))
    }

    pub fn open(&self, access: &Access) -> Result<Box<dyn MessageSource>> {
        if self.is_bridge() && self.user.is_none() {
            // It would answer with whatever it takes for everybody's.
            bail!(
                "the recorded bridge says nothing of whose messages it is asked for; name it once more, with \
                 `idiolect train --source bridge:URL --user USER`"
            );
        }
        let bridge = BridgeOptions { user: self.user.clone(), token: access.bridge_token.clone() };
        let mut conversations = access.conversations.clone();
        conversations.allow.extend(self.only.iter().cloned());
        conversations.deny.extend(self.except.iter().cloned());
        let options = SourceOptions { bridge, conversations, ..self.options()? };
        let mut spec: SourceSpec = self.source.parse()?;
        if let Some(bytes) = &self.path_bytes {
            spec.path = OsString::from_vec(bytes.clone()).into();
        }
        Ok(idiolect_sources::open(&spec, &options)?)
    }

    fn options(&self) -> Result<SourceOptions> {
        Ok(SourceOptions {
            me: self.me.clone(),
            timezone: self.timezone.as_deref().map(time_zone).transpose()?,
            local_timezone: self.local_timezone.as_deref().map(time_zone).transpose()?,
            csv: csv_options(&self.csv)?,
            after: self.after.clone(),
            ..SourceOptions::default()
        })
    }

    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).context("the source cannot be recorded")
    }
}

/// Opens what a run record names.
pub struct RecordedSources(pub Access);

impl OpenSource for RecordedSources {
    fn open(&self, source: &str) -> Result<Box<dyn MessageSource>, SourceError> {
        let open = || SourceRecord::from_json(source)?.open(&self.0);
        open().map_err(|error: anyhow::Error| match error.downcast::<SourceError>() {
            Ok(error) => error,
            Err(other) => SourceError::CannotOpen {
                path: "the recorded source".into(),
                reason: other.to_string(),
                advice: "start a new run with --source",
            },
        })
    }
}

/// The window that the flags ask for, ending now unless they say otherwise.
pub fn window(options: &ReadingOptions, default_days: u32, now: Timestamp) -> Result<Window> {
    let end = match &options.until {
        None => now,
        Some(text) => text.parse().map_err(|_| {
            WrongFlag(format!(
                "--until {text}: is not a time; write it like 2026-06-30T23:59:59Z, with Z or an offset such as +02:00"
            ))
        })?,
    };
    Ok(Window::ending_at(end, options.days.unwrap_or(default_days)))
}

/// What the flags say of a source.
pub fn source_options(hints: &SourceHints) -> Result<SourceOptions> {
    Ok(SourceOptions {
        me: hints.me.clone().filter(|me| !me.trim().is_empty()),
        timezone: hints.timezone.as_deref().map(time_zone).transpose()?,
        local_timezone: Some(TimeZone::system()),
        csv: csv_options(&hints.csv)?,
        ..SourceOptions::default()
    })
}

fn csv_options(given: &[String]) -> Result<CsvOptions> {
    let mut csv = CsvOptions::default();
    given.iter().try_for_each(|option| csv.set(option)).map_err(|error| WrongFlag(error.to_string()))?;
    Ok(csv)
}

/// A zone by its name, or a fixed offset such as +02:00.
fn time_zone(name: &str) -> Result<TimeZone> {
    if name.starts_with(['+', '-']) {
        // jiff reads offsets as part of a time.
        let fixed: Result<Timestamp, _> = format!("1970-01-03T00:00:00{name}").parse();
        if let Ok(midnight) = fixed {
            let seconds = i32::try_from(2 * 86_400 - midnight.as_second()).ok();
            if let Some(offset) = seconds.and_then(|seconds| jiff::tz::Offset::from_seconds(seconds).ok()) {
                return Ok(TimeZone::fixed(offset));
            }
        }
    }
    TimeZone::get(name).map_err(|_| {
        WrongFlag(format!("--timezone {name}: is not a known zone; write it like Europe/Berlin, UTC or +02:00")).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_no_utf_8_is_kept_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(OsString::from_vec(b"caf\xe9: 1.ndjson".to_vec()));
        std::fs::write(&path, r#"{"messageId":"1","timestamp":"2026-01-15T12:00:00Z","text":"hi"}"#).unwrap();
        let named = |before: &str| [before.as_bytes(), path.as_os_str().as_encoded_bytes()].concat();
        for before in ["", "ndjson:"] {
            let spec = SourceSpec::try_from(&*OsString::from_vec(named(before))).unwrap();
            let record = SourceRecord::new(spec, &ReadingOptions::default()).unwrap();
            let kept: SourceRecord = serde_json::from_str(&record.to_json().unwrap()).unwrap();
            assert_eq!(kept, record);
            let access = Access { bridge_token: None, conversations: Conversations::default() };
            let source = kept.open(&access).unwrap();
            let window = Window { start: Timestamp::MIN, end: Timestamp::MAX };
            assert_eq!(source.read(window).unwrap().count(), 1);
        }
    }

    #[test]
    fn a_bridge_is_asked_for_one_persons_messages_or_not_at_all() {
        let spec: SourceSpec = "bridge:https://example.org/messages".parse().unwrap();
        let record = SourceRecord::new(spec, &ReadingOptions::default()).unwrap();
        let access = Access { bridge_token: None, conversations: Conversations::default() };
        let error = record.open(&access).err().expect("nobody is named").to_string();
        assert!(error.contains("whose messages"), "{error}");
        let scheduled = record.for_user("{user}").to_json().unwrap().replace("{user}", "ana");
        let kept = SourceRecord::from_json(&scheduled).unwrap();
        assert_eq!(kept.user.as_deref(), Some("ana"));
        assert!(kept.open(&access).is_ok());
    }

    #[test]
    fn the_machines_own_zone_makes_no_other_source_and_each_flag_does() {
        let spec: SourceSpec = "ndjson:/sent.ndjson".parse().unwrap();
        let options = ReadingOptions { except: vec!["anna".into()], ..ReadingOptions::default() };
        let record = SourceRecord::new(spec, &options).unwrap();
        let elsewhere = SourceRecord { local_timezone: Some("Asia/Tokyo".into()), ..record.clone() };
        assert!(record.reads_the_same_as(&elsewhere));
        assert!(!record.reads_the_same_as(&SourceRecord { me: Some("bo".into()), ..elsewhere }));
        assert_eq!((record.other_flag(&options), record.other_flag(&ReadingOptions::default())), (None, None));
        let given = |text: &str| Some(text.to_owned());
        let list = |text: &str| vec![text.to_owned()];
        let hinted = |hints| ReadingOptions { hints, ..options.clone() };
        for (flag, options) in [
            ("--me", hinted(SourceHints { me: given("bo"), ..SourceHints::default() })),
            ("--timezone", hinted(SourceHints { timezone: given("UTC"), ..SourceHints::default() })),
            ("--csv", hinted(SourceHints { csv: list("separator=;"), ..SourceHints::default() })),
            ("--only", ReadingOptions { only: list("bo"), ..options.clone() }),
            ("--except", ReadingOptions { except: list("bo"), ..options.clone() }),
            ("--after", ReadingOptions { after: given("7"), ..options.clone() }),
        ] {
            assert_eq!(record.other_flag(&options), Some(flag));
        }
    }

    #[test]
    fn zones_are_names_or_offsets() {
        let at = |zone: &str| {
            let local: jiff::civil::DateTime = "2026-01-15T12:00:00".parse().unwrap();
            local.to_zoned(time_zone(zone).unwrap()).unwrap().timestamp().to_string()
        };
        assert_eq!(at("Europe/Berlin"), "2026-01-15T11:00:00Z");
        assert_eq!(at("+02:00"), "2026-01-15T10:00:00Z");
        assert_eq!(at("-05:30"), "2026-01-15T17:30:00Z");
        assert!(time_zone("+99:00").is_err() && time_zone("Mars").is_err());
    }
}
