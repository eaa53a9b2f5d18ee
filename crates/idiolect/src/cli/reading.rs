//! Flags of commands that read messages, or what was made of them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::UserFlag;

/// Which messages.
#[derive(Clone, Debug, Args)]
pub struct Reading {
    /// Where the messages are: a file, a folder or a zip as the app exported it, or KIND:PATH (`idiolect sources list`)
    /// [default: the setting `source`]
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<OsString>,
    #[command(flatten)]
    pub options: ReadingOptions,
}

/// What a store may not say of itself.
#[derive(Clone, Debug, Default, Args)]
pub struct SourceHints {
    /// Who "me" is, in stores that do not say it
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub me: Option<String>,
    /// The zone of times that are stored without one, such as Europe/Berlin or -05:00
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub timezone: Option<String>,
    /// How a table is written, where it is not to be detected: separator, encoding, time-format (such as "%d.%m.%Y %H:%M", excel or excel1904), and by name or number the
    /// columns time, text, sender, from-me, conversation, id; all-mine=true; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub csv: Vec<String>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct ReadingOptions {
    #[command(flatten)]
    pub hints: SourceHints,
    /// The window's end, RFC 3339 with an offset; `extract` allows for clocks an hour ahead [default: now]
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// The window's length [default: the setting `dataset.days`, which is 90]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: Option<u32>,
    /// Read this conversation only: its id, or the number or address in it; may be given several times
    #[arg(long, value_name = "CONVERSATION", allow_hyphen_values = true)]
    pub only: Vec<String>,
    /// Leave this conversation out; may be given several times
    #[arg(long, value_name = "CONVERSATION", allow_hyphen_values = true)]
    pub except: Vec<String>,
    /// Read only what came into the store since the report with this cursor (chat-db); edits of earlier messages are not seen
    #[arg(long, value_name = "CURSOR")]
    pub after: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum SourcesAction {
    /// List the kinds of message stores and exports that can be read
    #[command(after_help = "Example:\n  idiolect sources list --json")]
    List,
    /// Say what a path holds, how sure that is, and who "me" seems to be
    #[command(after_help = "Example:\n  idiolect sources detect ~/Downloads/result.json --json")]
    Detect {
        /// A file, folder or zip as the app exported it, or KIND:PATH
        path: PathBuf,
        #[command(flatten)]
        hints: SourceHints,
    },
}

#[derive(Debug, Subcommand)]
pub enum DatasetAction {
    /// Print counts: what came in, what was left out and why, what was redacted
    #[command(after_help = "Example:\n  idiolect dataset preview --source ndjson:sent.ndjson --days 30")]
    Preview(DatasetFlags),
    /// Draw the dataset as one HTML page that needs no network: what was left out and why, redactions, days, style
    #[command(after_help = "Example:\n  idiolect dataset report --source ndjson:sent.ndjson -o report.html")]
    Report {
        #[command(flatten)]
        flags: DatasetFlags,
        /// The page, or `-` for standard output
        #[arg(short, long, value_name = "FILE", default_value = "report.html")]
        output: PathBuf,
        /// Show so many prompts and answers as well: the page then holds message text
        #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "20")]
        with_samples: Option<usize>,
    },
    /// Check a training file, anybody's, before it is uploaded: every problem with its line and rule
    #[command(
        after_help = "Examples:\n  idiolect dataset validate out/training.jsonl\n  idiolect dataset validate train.jsonl --base-model gpt-4o-mini --json"
    )]
    Validate {
        /// A JSONL file in OpenAI's chat format, or `-` for standard input
        file: PathBuf,
        /// Whose limit on the length of an example holds [default: the base model that the settings train on]
        #[arg(long, value_name = "NAME")]
        base_model: Option<String>,
    },
    /// Write training.jsonl and manifest.json into a directory
    #[command(after_help = "Example:\n  idiolect dataset build --source ndjson:sent.ndjson -o out/")]
    Build {
        #[command(flatten)]
        flags: DatasetFlags,
        /// The directory
        #[arg(short, long, value_name = "DIR")]
        output: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct DatasetFlags {
    #[command(flatten)]
    pub user: UserFlag,
    #[command(flatten)]
    pub reading: Reading,
    /// How prompts are made: neutral_rewrite, style_rewrite, intent or mix [default: the setting `dataset.strategy`]
    #[arg(long, value_name = "NAME")]
    pub strategy: Option<String>,
}

#[derive(Debug, Args)]
pub struct Redact {
    /// Say below each line which rule fired and where, in characters from 0
    #[arg(long, conflicts_with = "ndjson")]
    pub explain: bool,
    /// Read {"id","text","region"?} lines and write {"id","spans":[{"start","end","type"}]} lines, in code points
    #[arg(long)]
    pub ndjson: bool,
    /// Two letters: where a phone number without a country code is from [default: the setting `redaction.region`]
    #[arg(long, value_name = "COUNTRY")]
    pub region: Option<String>,
}
