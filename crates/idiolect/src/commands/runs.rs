//! `idiolect runs`: a user's training runs, newest first, one of them whole, and ending the one under way.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use idiolect_pipeline::{Queue, Silent};
use idiolect_registry::{Failure, ModelVersion, Usd};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::{RunsAction, UserFlag};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::thousands;
use crate::progress::queue_line;
use crate::runner::parse_version;

pub async fn run(app: &Context, user: &UserFlag, action: Option<&RunsAction>) -> Result<Exit> {
    match action {
        None => list(app, user).await,
        Some(RunsAction::Show { run }) => show(app, user, run).await,
        Some(RunsAction::Cancel(inner)) => cancel(app, if inner.user.is_some() { inner } else { user }).await,
    }
}

async fn list(app: &Context, user: &UserFlag) -> Result<Exit> {
    let user_id = app.user_id(user)?;
    let versions = app.store()?.versions(&user_id).await?;
    if app.output.json {
        app.output.json(&versions.iter().map(version_json).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    if versions.is_empty() {
        app.output.note(format!("{user_id} has no runs; `idiolect train --user {user_id} --source …` starts one"));
        return Ok(Exit::Done);
    }
    let rows = versions.iter().map(|version| {
        let bits = |loss: Option<f64>| loss.map_or("-".to_owned(), |loss| format!("{loss:.3}"));
        vec![
            version.id.to_string(),
            version.run.step.as_str().to_owned(),
            version.created_at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            thousands(version.num_messages),
            bits(version.eval.base_holdout_loss),
            bits(version.eval.holdout_loss),
            version.failure.as_ref().map_or(String::new(), |failure| failure.code.as_str().to_owned()),
        ]
    });
    app.output.table(&["run", "step", "requested", "messages", "base bits/char", "tuned bits/char", "failure"], rows);
    Ok(Exit::Done)
}

async fn show(app: &Context, user: &UserFlag, run: &str) -> Result<Exit> {
    let id = parse_version(&app.user_id(user)?, run)?;
    let version = app.store()?.version(&id).await?;
    show_version(app, &version.with_context(|| format!("there is no run {id}; `idiolect runs` lists them"))?).await
}

/// What is before the run at its provider. One whose profile is gone waits for more than a place.
async fn queue(app: &Context, version: &ModelVersion) -> Result<Option<Queue>> {
    let book = app.profiles()?;
    let Some(profile) = book.get(&version.provider).ok().filter(|_| version.run.step.is_under_way()) else {
        return Ok(None);
    };
    let under_way = app.store()?.unfinished().await?;
    let max_job = Duration::from_secs(3600 * u64::from(app.settings.runs.max_job_hours));
    Ok(Queue::before(version, &under_way, profile, max_job, app.now()))
}

/// Everything about one version, a line a fact.
pub async fn show_version(app: &Context, version: &ModelVersion) -> Result<Exit> {
    let queue = queue(app, version).await?;
    if app.output.json {
        let mut shown = version_json(version);
        shown["queue"] = queue.map_or(Value::Null, |queue| json!({"ahead": queue.ahead, "places": queue.places}));
        app.output.json(&shown)?;
        return Ok(Exit::Done);
    }
    let run = &version.run;
    let time = |time: Timestamp| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    let mut lines = vec![
        ("run", format!("{} ({})", version.id, run.trigger.as_str())),
        ("step", run.step.as_str().to_owned()),
        ("status", version.status.as_str().to_owned()),
        ("begun", time(version.created_at)),
    ];
    let mut fact = |name, value: Option<String>| lines.extend(value.map(|value| (name, value)));
    fact("ended", version.completed_at.filter(|_| !run.step.is_under_way()).map(time));
    fact("next", run.dispatch.next_at.map(|at| format!("{} (attempt {})", time(at), run.dispatch.attempt + 1)));
    fact(
        "driven by",
        run.dispatch
            .lease_owner
            .as_ref()
            .zip(run.dispatch.lease_until)
            .map(|(owner, until)| format!("{owner}, until {}", time(until))),
    );
    fact("waits", queue.map(|queue| format!("for a place at {}: {}", version.provider, queue_line(queue))));
    fact("in the way", run.trouble.as_ref().map(failure_line));
    fact("failure", version.failure.as_ref().map(failure_line));
    fact("provider", Some(format!("{}, base model {}", version.provider, version.base_model)));
    fact(
        "window",
        Some(format!("{} to {}", time(version.training_data_range.start), time(version.training_data_range.end))),
    );
    fact(
        "dataset",
        version.artifacts.dataset_hash.as_ref().map(|hash| {
            format!(
                "{} messages, {} tokens, sha256 {hash}",
                thousands(version.num_messages),
                thousands(version.token_estimate)
            )
        }),
    );
    fact("file", version.training_file_id.clone());
    fact("job", version.job_id.clone());
    fact("job began", run.job_running_at.map(time));
    fact("model", version.fine_tuned_model_id.clone());
    fact(
        "cost",
        version
            .cost
            .estimated
            .or(version.cost.actual)
            .map(|_| format!("{} estimated, {} in the end", usd(version.cost.estimated), usd(version.cost.actual))),
    );
    fact("verdict", version.eval.verdict.clone());
    fact("retires", version.retires_at.map(time));
    for (name, value) in lines {
        app.output.line(format!("{name:<11}{value}"));
    }
    Ok(Exit::Done)
}

pub fn failure_line(failure: &Failure) -> String {
    // Some messages end with the request's id.
    let said = |id: &String| failure.message.contains(&format!("(request {id})"));
    let request = failure.request_id.as_ref().filter(|id| !said(id));
    let request = request.map_or(String::new(), |id| format!(" [request {id}]"));
    format!("{}: {}{request}", failure.code.as_str(), failure.message)
}

/// An amount, or a dash where there is none.
pub fn usd(amount: Option<Usd>) -> String {
    amount.map_or("-".to_owned(), |amount| amount.to_string())
}

pub fn failure_json(failure: Option<&Failure>) -> Value {
    failure.map_or(Value::Null, |f| json!({"code": f.code.as_str(), "message": f.message, "requestId": f.request_id}))
}

async fn cancel(app: &Context, user: &UserFlag) -> Result<Exit> {
    let user_id = app.user_id(user)?;
    let machine = app.machine(Arc::new(Silent))?;
    if machine.cancel(&user_id).await?.is_none() {
        app.output.note(format!("{user_id} has no run under way"));
        return Ok(Exit::Done);
    }
    if let Some(version) = app.end_run_if_possible(&user_id).await? {
        app.output.note(format!("run {} is over: {}", version.id, version.run.step.as_str()));
    }
    Ok(Exit::Done)
}

/// A version in the words of spec §5.
pub fn version_json(version: &ModelVersion) -> Value {
    json!({
        "userId": version.id.user_id.as_str(),
        "version": version.id.version,
        "status": version.status.as_str(),
        "run": {
            "step": version.run.step.as_str(),
            "trigger": version.run.trigger.as_str(),
            "seed": version.run.seed,
            "attempt": version.run.dispatch.attempt,
            "nextAt": version.run.dispatch.next_at,
            "leaseOwner": version.run.dispatch.lease_owner,
            "leaseUntil": version.run.dispatch.lease_until,
            "jobIntendedAt": version.run.job_intended_at,
            "jobRunningAt": version.run.job_running_at,
            "trouble": failure_json(version.run.trouble.as_ref()),
            "updatedAt": version.run.updated_at,
        },
        "provider": version.provider,
        "baseModel": version.base_model,
        "openaiTrainingFileId": version.training_file_id,
        "openaiJobId": version.job_id,
        "fineTunedModelId": version.fine_tuned_model_id,
        "createdAt": version.created_at,
        "completedAt": version.completed_at,
        "trainingDataRange": {"start": version.training_data_range.start, "end": version.training_data_range.end},
        "numMessages": version.num_messages,
        "tokenEstimate": version.token_estimate,
        "trainedTokens": version.cost.trained_tokens,
        "cost": {
            "estimatedUsd": version.cost.estimated.map(Usd::dollars),
            "actualUsd": version.cost.actual.map(Usd::dollars),
            "trainedTokens": version.cost.trained_tokens,
        },
        "retiresAt": version.retires_at,
        "review": version.review.map(|review| json!({
            "askedAt": review.asked_at,
            "decision": review.decision.map(|decision| decision.as_str()),
            "decidedAt": review.decided_at,
        })),
        "eval": {
            "holdoutLoss": version.eval.holdout_loss,
            "baseHoldoutLoss": version.eval.base_holdout_loss,
            "activeHoldoutLoss": version.eval.active_holdout_loss,
            "verdict": version.eval.verdict,
        },
        "config": {
            "systemPromptVersion": version.config.system_prompt_version,
            "datasetBuilderVersion": version.config.dataset_builder_version,
            "hyperparams": version.config.hyperparams,
        },
        "artifacts": {
            "datasetHash": version.artifacts.dataset_hash,
            "codeVersionSha": version.artifacts.code_version_sha,
        },
        "failure": failure_json(version.failure.as_ref()),
    })
}
