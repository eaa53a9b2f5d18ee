//! `idiolect versions`: what was trained for a user, and which of it is served.

use std::sync::Arc;

use anyhow::Result;
use idiolect_pipeline::Silent;
use idiolect_registry::{Failure, FailureCode, ModelVersion, ReviewDecision, RunStep, User, VersionId};
use jiff::Timestamp;
use serde_json::json;

use crate::cli::{UserFlag, VersionsAction};
use crate::commands::runs::{usd, version_json};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::thousands;
use crate::runner::parse_version;

pub async fn run(app: &Context, flag: &UserFlag, action: &VersionsAction) -> Result<Exit> {
    // `--user` may stand before or behind what is to be done.
    let flag = match action {
        VersionsAction::List(behind) | VersionsAction::Rollback(behind) if behind.user.is_some() => behind,
        _ => flag,
    };
    let user_id = app.user_id(flag)?;
    let id = |version: &str| parse_version(app, flag, version);
    let machine = || app.machine(Arc::new(Silent));
    match action {
        VersionsAction::List(_) => list(app, &app.user(flag).await?).await,
        VersionsAction::Show { number: version } => show(app, &id(version)?).await,
        VersionsAction::Approve { number: version, yes } => approve(app, &id(version)?, *yes).await,
        VersionsAction::Reject { number: version, reason } => {
            let id = id(version)?;
            let user = machine()?.reject(&id, reason.as_deref()).await?;
            told(app, &user, &format!("{id} is rejected"))
        }
        VersionsAction::Activate { number: version } => {
            let id = id(version)?;
            let user = machine()?.activate_version(&id).await?;
            told(app, &user, &format!("{id} is served"))
        }
        VersionsAction::Rollback(_) => {
            let user = machine()?.roll_back(&user_id).await?;
            told(app, &user, &format!("{user_id} is served version {} again", user.active_model_version))
        }
    }
}

async fn list(app: &Context, user: &User) -> Result<Exit> {
    let versions = app.store()?.versions(&user.user_id).await?;
    if app.output.json {
        let all = versions.iter().map(|version| {
            let mut shown = version_json(version);
            shown["standing"] = standing(user, version, app.now()).into();
            shown
        });
        app.output.json(&all.collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    if versions.is_empty() {
        app.output.note(format!(
            "{} has no versions; `idiolect train --user {} --source …` makes one",
            user.user_id, user.user_id
        ));
        return Ok(Exit::Done);
    }
    let rows = versions.iter().map(|version| {
        vec![
            version.id.to_string(),
            standing(user, version, app.now()).to_owned(),
            version.created_at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            version.provider.clone(),
            version.base_model.clone(),
            thousands(version.num_messages),
            usd(version.cost.actual.or(version.cost.estimated)),
            version.retires_at.map_or("-".to_owned(), |end| end.strftime("%Y-%m-%d").to_string()),
        ]
    });
    app.output.table(&["version", "standing", "begun", "provider", "base model", "messages", "cost", "retires"], rows);
    Ok(Exit::Done)
}

/// What a version is to its user, in one word.
pub fn standing(user: &User, version: &ModelVersion, now: Timestamp) -> &'static str {
    if version.id.version == user.active_model_version {
        let code = version.failure.as_ref().map(|failure| failure.code);
        return match version.retires_at.is_some_and(|end| end <= now) {
            true => "retired",
            false if code == Some(FailureCode::ModelGone) => "gone",
            false if code == Some(FailureCode::ModelSuspect) => "suspect",
            false => "active",
        };
    }
    if version.is_doubted() {
        return "gone";
    }
    if is_regressed(version) {
        return "regressed";
    }
    if Some(version.id.version) == user.previous_model_version {
        return "previous";
    }
    match version.run.step {
        step if step.is_under_way() => "training",
        RunStep::AwaitingReview => "awaiting review",
        _ if version.review.is_some_and(|review| review.decision == Some(ReviewDecision::Rejected)) => "rejected",
        RunStep::NotActivated => "not activated",
        _ if version.fine_tuned_model_id.is_some() => "kept",
        step => step.as_str(),
    }
}

/// Whether it was served and has become worse than the base model since.
pub fn is_regressed(version: &ModelVersion) -> bool {
    let is_regression = |failure: &Failure| failure.code == FailureCode::Regression;
    version.run.step == RunStep::Activated && version.failure.as_ref().is_some_and(is_regression)
}

async fn show(app: &Context, id: &VersionId) -> Result<Exit> {
    let version = app.machine(Arc::new(Silent))?.version(id).await?;
    crate::commands::runs::show_version(app, &version).await
}

/// Shows what the version says before it is served; the replies are made now and kept nowhere.
async fn approve(app: &Context, id: &VersionId, yes: bool) -> Result<Exit> {
    let machine = app.machine(Arc::new(Silent))?;
    let version = machine.version(id).await?;
    if version.run.step == RunStep::AwaitingReview && !yes {
        let samples = machine.sample_replies(id).await?;
        if app.output.json {
            let samples = samples.iter().map(|sample| json!({"prompt": sample.prompt, "reply": sample.reply}));
            app.output
                .json(&json!({"version": id.to_string(), "approved": false, "samples": samples.collect::<Vec<_>>()}))?;
        } else {
            for sample in samples {
                app.output.line(format!("say:    {}", sample.prompt));
                app.output.line(format!("reply:  {}\n", sample.reply));
            }
        }
        app.output.note(format!(
            "nothing is changed yet: `idiolect versions approve {id} --yes` serves it, `idiolect versions reject {id}` does not"
        ));
        return Ok(Exit::Done);
    }
    let user = machine.approve(id).await?;
    told(app, &user, &format!("{id} is approved and served"))
}

fn told(app: &Context, user: &User, sentence: &str) -> Result<Exit> {
    if app.output.json {
        app.output.json(&json!({
            "userId": user.user_id.as_str(),
            "modelStatus": user.model_status.as_str(),
            "activeModelId": user.active_model_id,
            "activeModelVersion": user.active_model_version,
        }))?;
    } else {
        app.output.line(sentence);
    }
    Ok(Exit::Done)
}
