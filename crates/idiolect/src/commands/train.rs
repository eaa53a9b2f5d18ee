//! `idiolect train`: one run from consent to activation, or on with the one that was interrupted.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use idiolect_pipeline::{Driven, EmbeddedSettings, TrainingMachine, drive};
use idiolect_registry::{DataRange, ModelVersion, RunRequest, RunStep, Trigger, UserId};
use tokio::sync::watch;

use crate::cli::Train;
use crate::commands::runs::version_json;
use crate::context::Context;
use crate::exit::{Exit, WrongFlag};
use crate::hosted::selected;
use crate::interrupt::watch_for_interrupt;
use crate::output::Output;
use crate::progress::RunProgress;
use crate::reading::{SourceRecord, window};
use crate::runner::{DEFAULT_SEED, LOCAL};

pub async fn run(app: &Context, flags: &Train) -> Result<Exit> {
    let exit = train(app, flags).await?;
    if exit == Exit::Done && !app.output.json {
        let user = app.user_id(&flags.user)?;
        let newest = app.store()?.versions(&user).await?.into_iter().next();
        app.output.note(match newest.filter(|version| version.run.step == RunStep::AwaitingReview) {
            Some(version) => format!("next: `idiolect versions approve {}` shows what it says", version.id),
            None => {
                let flags = app.flags_again();
                format!("next: `idiolect chat --user {user}{flags}` or `idiolect serve --user {user}{flags}`")
            }
        });
    }
    Ok(exit)
}

/// One run, begun or gone on with, to its end.
pub async fn train(app: &Context, flags: &Train) -> Result<Exit> {
    let user_id = app.user_id(&flags.user)?;
    let progress = Arc::new(RunProgress::new(app.output));
    let unfinished = app.store()?.versions(&user_id).await?.into_iter().find(|v| v.run.step.is_under_way());
    let request = match (&unfinished, &flags.source) {
        (None, None) if app.settings.source.is_empty() => {
            return Err(WrongFlag(format!(
                "{user_id} has no unfinished run to go on with; start one with --source, such as \
                 --source chat-db:~/Library/Messages/chat.db"
            ))
            .into());
        }
        (None, _) => Some(request(app, flags, &user_id)?),
        (Some(run), source) => {
            let recorded = SourceRecord::from_json(&run.run.source)?;
            if source.is_some() && !source_record(app, flags, &user_id)?.reads_the_same_as(&recorded) {
                bail!(
                    "the run {} is unfinished and reads another source; go on with it (`idiolect train --user {user_id}`) \
                     or end it (`idiolect runs cancel --user {user_id}`)",
                    run.id
                );
            }
            refuse_other_flags(app, flags, run, &recorded)?;
            app.output.note(format!("going on with run {} after step {}", run.id, run.run.step.as_str()));
            None
        }
    };
    let provider = request.as_ref().map(|request| &request.provider).or(unfinished.as_ref().map(|run| &run.provider));
    let provider = provider.map_or(LOCAL, String::as_str);
    // From here on the run can be gone on with, and before that nothing is lost.
    let stop = watch_for_interrupt()?;
    tokio::spawn(say_that_it_stops(stop.clone(), progress.clone(), app.output));
    let right = app.right_to_drive(provider)?;
    let settings = app.driving(&right)?;
    let held = |run: &&ModelVersion| run.run.dispatch.is_held_from(&settings.owner, app.now());
    if let Some(run) = unfinished.as_ref().filter(held) {
        app.output.note(format!("another process is at work on run {}; waiting for it", run.id));
    }
    if provider == LOCAL {
        // A base model that is not here is better said now than after the messages were read.
        app.provider()?;
    }
    let machine = app.machine(progress.clone())?;
    if let Some(request) = request {
        machine.request(&user_id, request).await?;
    }
    drive_to_end(app, &machine, settings, &user_id, stop, &progress).await
}

/// A step is taken to its end, which may take minutes.
async fn say_that_it_stops(mut stop: watch::Receiver<bool>, progress: Arc<RunProgress>, output: Output) {
    if stop.changed().await.is_ok() {
        tokio::time::sleep(Duration::from_secs(1)).await;
        progress.clear();
        output.note("stopping after the step under way; Ctrl-C again stops at once, and what is recorded is not lost");
    }
}

/// Drives the user's run, prints how it ended and says it in the exit code.
async fn drive_to_end(
    app: &Context,
    machine: &TrainingMachine,
    settings: EmbeddedSettings,
    user_id: &UserId,
    stop: watch::Receiver<bool>,
    progress: &RunProgress,
) -> Result<Exit> {
    let driven = drive(machine, settings, user_id, stop).await;
    progress.clear();
    if driven.is_err()
        && let Some(run) = machine.unfinished(user_id).await?
    {
        let flags = app.flags_again();
        app.output
            .note(format!("run {} is unfinished; `idiolect train --user {user_id}{flags}` goes on with it", run.id));
    }
    match driven? {
        Driven::Interrupted => {
            // A training step is cut off at its checkpoint; what is far away goes on by itself.
            if let Some(local) = app.local_provider_cell().get() {
                local.shut_down();
            }
            let flags = app.flags_again();
            app.output.note(format!(
                "stopped; nothing is lost. `idiolect train --user {user_id}{flags}` goes on where this left off"
            ));
            Ok(Exit::Interrupted)
        }
        Driven::Finished(None) => Ok(Exit::Done),
        Driven::Finished(Some(version)) => {
            print_end(app, &version)?;
            Ok(exit_of(&version))
        }
    }
}

/// A run keeps the window, strategy, seed and source that it was asked for with; flags that say otherwise would be lost silently.
fn refuse_other_flags(app: &Context, flags: &Train, run: &ModelVersion, recorded: &SourceRecord) -> Result<()> {
    let range = run.training_data_range;
    let other_end = match &flags.options.until {
        Some(_) => window(&flags.options, 1, range.end)?.end != range.end,
        None => false,
    };
    let days = range.end.duration_since(range.start).as_hours() / 24;
    let other_days = flags.options.days.is_some_and(|asked| i64::from(asked) != days);
    let other_strategy = match flags.strategy.as_deref() {
        Some(name) => app.strategy(Some(name))?.version() != run.config.system_prompt_version,
        None => false,
    };
    let other_seed = flags.seed.is_some_and(|seed| seed != run.run.seed);
    let other_provider = flags.provider.as_ref().is_some_and(|name| *name != run.provider);
    let other_reading = recorded.other_flag(&flags.options);
    for (flag, is_other) in [
        (other_reading.unwrap_or_default(), other_reading.is_some()),
        ("--until", other_end),
        ("--days", other_days),
        ("--strategy", other_strategy),
        ("--seed", other_seed),
        ("--provider", other_provider),
    ] {
        if is_other {
            let user = &run.id.user_id;
            bail!(
                "the run {} is unfinished and was asked for with another {flag}; leave the flag out to go on with it, or end \
                 it (`idiolect runs cancel --user {user}`)",
                run.id
            );
        }
    }
    Ok(())
}

fn source_record(app: &Context, flags: &Train, user_id: &UserId) -> Result<SourceRecord> {
    let spec = app.source(flags.source.as_deref())?;
    Ok(SourceRecord::new(spec, &flags.options)?.for_user(user_id.as_str()))
}

fn request(app: &Context, flags: &Train, user_id: &UserId) -> Result<RunRequest> {
    let window = window(&flags.options, app.settings.dataset.days, app.now())?;
    let strategy = app.strategy(flags.strategy.as_deref())?;
    let source = source_record(app, flags, user_id)?;
    // A mistyped path is better refused now than recorded as a failed run.
    source.open(&app.access())?;
    let book = app.profiles()?;
    let profile = selected(app, &book)?;
    Ok(RunRequest {
        provider: profile.name.clone(),
        base_model: app.training_base_model(profile)?,
        window: DataRange { start: window.start, end: window.end },
        source: source.to_json()?,
        strategy: strategy.version().to_owned(),
        seed: flags.seed.unwrap_or(DEFAULT_SEED),
        code_version_sha: env!("IDIOLECT_CODE_VERSION").to_owned(),
        hyperparams: app.hyperparams(&profile.name),
        trigger: Trigger::Manual,
    })
}

fn print_end(app: &Context, version: &ModelVersion) -> Result<()> {
    if app.output.json {
        return app.output.json(&version_json(version));
    }
    app.output.line(match (&version.failure, &version.eval.verdict) {
        (Some(failure), _) => format!("run {}: {}: {}", version.id, failure.code.as_str(), failure.message),
        (None, Some(verdict)) => format!("run {}: {}: {verdict}", version.id, version.run.step.as_str()),
        (None, None) => format!("run {}: {}", version.id, version.run.step.as_str()),
    });
    Ok(())
}

fn exit_of(version: &ModelVersion) -> Exit {
    use idiolect_registry::FailureCode as Code;
    match version.run.step {
        RunStep::Activated | RunStep::AwaitingReview => Exit::Done,
        RunStep::NotActivated => Exit::NotActivated,
        RunStep::InsufficientData => Exit::InsufficientData,
        RunStep::Cancelled if version.failure.as_ref().is_some_and(|f| f.code == Code::ConsentRevoked) => {
            Exit::NoConsent
        }
        _ => Exit::Failed,
    }
}
