//! The `idiolect` command: reads settings, builds the adapters and runs one command.

mod api_key;
mod cli;
mod commands;
mod context;
mod cost;
mod countries;
mod engines;
mod environment;
mod exit;
mod files;
mod hosted;
mod interrupt;
mod local;
mod metrics;
mod output;
mod panics;
mod progress;
mod providers;
mod pull;
mod reading;
mod runner;
mod serving;
mod settings;
mod stores;

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Parser;
use idiolect_dataset::SourceError;
use idiolect_pipeline::{PipelineError, TROUBLE};
use idiolect_registry::ConsentMissing;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command, DatasetAction};
use crate::context::Context;
use crate::exit::{Exit, WrongFlag};
use crate::output::Output;

fn main() -> ExitCode {
    panics::hide_messages();
    let mut cli = Cli::parse();
    cli.flags_as_settings();
    let output = Output::new(cli.global.json);
    match start(&cli) {
        Ok(exit) => output::with_lost_lines(exit).into(),
        Err(error) => {
            output.note(format!("idiolect: {}", sentence(&error)));
            exit_of(&error).into()
        }
    }
}

fn start(cli: &Cli) -> Result<Exit> {
    let app = Context::load(&cli.global)?;
    if app.settings.data_dir.as_os_str().is_empty() && keeps_something(&cli.command) {
        bail!("neither XDG_DATA_HOME nor HOME is set; name a place with --data-dir");
    }
    // What these commands tell whoever typed them anyway.
    let told = match &cli.command {
        Command::Train(_) | Command::Demo(_) if app.resolved.origins["log"] == "default" => {
            Some(format!("{TROUBLE}=off"))
        }
        _ => None,
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(log_filter(&app, told)?)
        .with_writer(std::io::stderr)
        .with_ansi(output::progress_is_seen())
        .finish();
    // Not `init`, which brings in what others say through the crate `log`: the tokenizer says each character of a message there.
    tracing::subscriber::set_global_default(log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(run(&app, &cli.command));
    // An answer still being written has nobody left to read it.
    runtime.shutdown_background();
    done
}

/// Whether the command has to do with what is in the data directory.
fn keeps_something(command: &Command) -> bool {
    !matches!(
        command,
        Command::Demo(_)
            | Command::Extract(_)
            | Command::Sources { .. }
            | Command::Dataset { action: DatasetAction::Validate { .. } }
            | Command::Redact(_)
            | Command::Providers { .. }
    )
}

fn log_filter(app: &Context, more: Option<String>) -> Result<EnvFilter> {
    let setting = &app.settings.log;
    let filter = more.map_or(setting.to_owned(), |more| format!("{setting},{more}"));
    EnvFilter::try_new(filter).map_err(|error| {
        let what = "which is no filter; write it like `info` or `idiolect_pipeline=debug`";
        app.resolved.wrong("log", format!("the setting log is {setting:?}, {what}: {error}"))
    })
}

async fn run(app: &Context, command: &Command) -> Result<Exit> {
    match command {
        Command::Demo(flags) => commands::demo::run(app, flags).await,
        Command::Consent { action } => commands::consent::run(app, action).await,
        Command::Extract(reading) => commands::extract::run(app, reading),
        Command::Sources { action } => commands::sources::run(app, action),
        Command::Dataset { action } => commands::dataset::run(app, action).await,
        Command::Redact(flags) => commands::redact::run(app, flags),
        Command::Train(flags) => commands::train::run(app, flags).await,
        Command::Versions { user, action } => commands::versions::run(app, user, action).await,
        Command::Costs(user) => commands::costs::run(app, user).await,
        Command::Erase(flags) => commands::erase::run(app, flags).await,
        Command::Worker(flags) => commands::worker::run(app, flags).await,
        Command::Runs { all, user, action } => commands::runs::run(app, *all, user, action.as_ref()).await,
        Command::Status(user) => commands::status::run(app, user).await,
        Command::Chat(flags) => commands::chat::run(app, flags).await,
        Command::Serve(flags) => commands::serve::run(app, flags).await,
        Command::Provider(flags) => commands::provider::run(app, flags).await,
        Command::Providers { action } => commands::providers::run(app, action).await,
        Command::Model { action } => commands::model::run(app, action),
        Command::Store { action } => commands::store::run(app, action).await,
        Command::Doctor => commands::doctor::run(app).await,
    }
}

/// The error and its causes as one sentence, each said once.
fn sentence(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !parts.iter().any(|part| part.contains(&cause)) {
            parts.push(cause);
        }
    }
    parts.join(": ")
}

fn exit_of(error: &anyhow::Error) -> Exit {
    let consent_missing = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<ConsentMissing>() || matches!(cause.downcast_ref(), Some(PipelineError::Consent(_)))
    };
    let wrong_option = |cause: &(dyn std::error::Error + 'static)| {
        matches!(cause.downcast_ref(), Some(SourceError::WrongOption { .. }))
    };
    match error {
        error if error.is::<pull::Interrupted>() => Exit::Interrupted,
        error if error.is::<WrongFlag>() || error.chain().any(wrong_option) => Exit::WrongFlags,
        error if error.chain().any(consent_missing) => Exit::NoConsent,
        _ => Exit::Failed,
    }
}
