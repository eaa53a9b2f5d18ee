//! `idiolect runs`: a user's training runs, newest first, or all that are under way; one of them whole; ending the one under way.

use std::time::Duration;

use anyhow::{Context as _, Result};
use idiolect_pipeline::Queue;
use idiolect_provider::Profile;
use idiolect_registry::{Failure, Listed, ModelVersion, Usd, VersionStatus};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::cli::{RunsAction, UserFlag};
use crate::context::Context;
use crate::exit::{Exit, WrongFlag};
use crate::output::thousands;
use crate::progress::queue_line;
use crate::runner::parse_version;

/// What has been due for no longer is being come to.
const A_LITTLE_LATE: SignedDuration = SignedDuration::from_mins(2);

pub async fn run(app: &Context, all: bool, user: &UserFlag, action: Option<&RunsAction>) -> Result<Exit> {
    match action {
        Some(_) if all => Err(WrongFlag("--all: lists runs; leave it out to show or cancel one".into()).into()),
        None if all => list_under_way(app).await,
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
            minute(version.created_at),
            thousands(version.num_messages),
            bits(version.eval.base_holdout_loss),
            bits(version.eval.holdout_loss),
            version
                .failure
                .as_ref()
                .or(version.run.trouble.as_ref())
                .map_or(String::new(), |failure| failure.code.as_str().to_owned()),
        ]
    });
    app.output.table(&["run", "step", "requested", "messages", "base bits/char", "tuned bits/char", "failure"], rows);
    Ok(Exit::Done)
}

/// Of all users, so that nobody has to know who is stuck.
async fn list_under_way(app: &Context) -> Result<Exit> {
    let Listed { records: under_way, unreadable } = app.store()?.unfinished().await?;
    for error in &unreadable {
        app.output.note(format!("left out: {error}"));
    }
    if app.output.json {
        app.output.json(&under_way.iter().map(version_json).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    if under_way.is_empty() {
        let that_can_be_read = if unreadable.is_empty() { "" } else { " whose record can be read" };
        app.output.note(format!("no run{that_can_be_read} is under way"));
        return Ok(Exit::Done);
    }
    let (now, book) = (app.now(), app.profiles()?);
    let rows = under_way.iter().map(|version| {
        let run = &version.run;
        let next = match run.dispatch.next_at {
            _ if run.dispatch.is_held_from("", now) => "being driven".to_owned(),
            Some(at) if at > now => minute(at),
            Some(at) if at > now - A_LITTLE_LATE => "now".to_owned(),
            Some(at) => format!("overdue since {}", minute(at)),
            None => "-".to_owned(),
        };
        let queue =
            book.get(&version.provider).ok().and_then(|profile| queue_before(app, version, &under_way, profile));
        let waits = queue.map(|queue| format!("{} ahead", queue.ahead));
        let in_the_way = run.trouble.as_ref().map(|trouble| trouble.code.as_str().to_owned()).or(waits);
        vec![
            version.id.to_string(),
            run.step.as_str().to_owned(),
            minute(version.created_at),
            version.provider.clone(),
            next,
            in_the_way.unwrap_or_default(),
        ]
    });
    app.output.table(&["run", "step", "requested", "provider", "next", "in the way"], rows);
    Ok(Exit::Done)
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

async fn show(app: &Context, user: &UserFlag, run: &str) -> Result<Exit> {
    let id = parse_version(app, user, run)?;
    let version = app.store()?.version(&id).await?;
    show_version(
        app,
        &version.with_context(|| format!("there is no run {id}; `idiolect runs --user {}` lists them", id.user_id))?,
    )
    .await
}

/// What is before the run at its provider. One whose profile is gone waits for more than a place.
async fn queue(app: &Context, version: &ModelVersion) -> Result<Option<Queue>> {
    let book = app.profiles()?;
    let Some(profile) = book.get(&version.provider).ok().filter(|_| version.run.step.is_under_way()) else {
        return Ok(None);
    };
    let under_way = app.store()?.unfinished().await?.records;
    Ok(queue_before(app, version, &under_way, profile))
}

fn queue_before(app: &Context, version: &ModelVersion, under_way: &[ModelVersion], profile: &Profile) -> Option<Queue> {
    let max_job = Duration::from_secs(3600 * u64::from(app.settings.runs.max_job_hours));
    Queue::before(version, under_way, profile, max_job, app.now())
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
    fact("cost", cost_line(version));
    fact("verdict", version.eval.verdict.clone());
    fact("retires", version.retires_at.map(time));
    for (name, value) in lines {
        app.output.line(format!("{name:<11}{value}"));
    }
    Ok(Exit::Done)
}

/// The estimate and what came of it; training on this machine has none.
fn cost_line(version: &ModelVersion) -> Option<String> {
    let Some(estimated) = version.cost.estimated else { return version.cost.actual.map(|actual| actual.to_string()) };
    let came_of_it = match version.cost.actual {
        Some(actual) => format!("{actual} in the end"),
        None if version.run.step.is_under_way() => "not settled yet".to_owned(),
        None if version.job_id.is_none() => "nothing spent".to_owned(),
        None if version.status == VersionStatus::Succeeded => {
            "which counts: the provider does not say what it cost".to_owned()
        }
        None => "nothing counted: the provider says nothing of trained tokens".to_owned(),
    };
    Some(format!("{estimated} estimated, {came_of_it}"))
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
    let machine = app.ending_machine()?;
    let Some(cancelled) = machine.cancel(&user_id).await? else {
        app.output.note(format!("{user_id} has no run under way"));
        if app.output.json {
            app.output.json(&Value::Null)?;
        }
        return Ok(Exit::Done);
    };
    let ended = app.end_run_if_possible(&user_id).await.with_context(|| {
        format!(
            "the run is cancelled on record and could not be ended here, so that its job or training file may still be at the \
             provider; a worker tries again by itself, and so does `idiolect runs cancel --user {user_id}`"
        )
    })?;
    if let Some(version) = &ended {
        app.output.note(format!("run {} is over: {}", version.id, version.run.step.as_str()));
    }
    if app.output.json {
        // Where another process ends it, it is still under way.
        let version = app.store()?.version(&cancelled.id).await?;
        app.output.json(&version.as_ref().map(version_json))?;
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
        "openaiFineTunedModelId": version.fine_tuned_model_id,
        "createdAt": version.created_at,
        "completedAt": version.completed_at,
        "trainingDataRange": {"start": version.training_data_range.start, "end": version.training_data_range.end},
        "numMessages": version.num_messages,
        "tokenEstimate": version.token_estimate,
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
            "humanScore": version.eval.human_score,
            "styleSimilarity": version.eval.style_similarity,
            "verdict": version.eval.verdict,
        },
        "safety": {
            "piiRedaction": version.safety.pii_redaction,
            "userOptIn": version.safety.user_opt_in,
            "disabledReason": version.safety.disabled_reason,
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

#[cfg(test)]
mod tests {
    use idiolect_registry::RunStep;
    use idiolect_testkit::full_version;

    use super::*;

    #[test]
    fn what_came_of_an_estimate_is_said_in_words_where_it_is_no_amount() {
        let said = |change: fn(&mut ModelVersion)| {
            let mut version = full_version("ana", 3);
            version.run.step = RunStep::Failed;
            version.status = VersionStatus::Failed;
            version.cost.estimated = Usd::from_dollars(0.39);
            version.cost.actual = None;
            change(&mut version);
            cost_line(&version)
        };
        assert_eq!(said(|v| v.cost.actual = Usd::from_dollars(0.48)).unwrap(), "$0.39 estimated, $0.48 in the end");
        assert_eq!(said(|v| v.run.step = RunStep::JobCreated).unwrap(), "$0.39 estimated, not settled yet");
        assert_eq!(said(|v| v.job_id = None).unwrap(), "$0.39 estimated, nothing spent");
        assert!(said(|v| v.status = VersionStatus::Succeeded).unwrap().contains("which counts"));
        assert!(said(|_| {}).unwrap().contains("nothing counted"));
        assert_eq!(said(|v| (v.cost.estimated, v.cost.actual) = (None, Some(Usd::ZERO))).unwrap(), "$0.00");
        assert_eq!(said(|v| v.cost.estimated = None), None, "before the dataset is built");
    }
}
