//! `idiolect runs`: a user's training runs, newest first, and ending the one under way.

use std::sync::Arc;

use anyhow::Result;
use idiolect_pipeline::{Machine as _, Silent};
use idiolect_registry::ModelVersion;
use serde_json::{Value, json};

use crate::cli::{RunsAction, UserFlag};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::thousands;

pub async fn run(app: &Context, user: &UserFlag, action: Option<&RunsAction>) -> Result<Exit> {
    match action {
        None => list(app, user).await,
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

async fn cancel(app: &Context, user: &UserFlag) -> Result<Exit> {
    let user_id = app.user_id(user)?;
    let _lock = app.lock_runs()?;
    let machine = app.machine(Arc::new(Silent))?;
    if machine.cancel(&user_id).await?.is_none() {
        app.output.note(format!("{user_id} has no run under way"));
        return Ok(Exit::Done);
    }
    // What is left of it, such as deleting the training file.
    while let idiolect_pipeline::Next::WaitUntil(_) = machine.advance(&user_id).await? {}
    app.output.note(format!("the run of {user_id} is cancelled"));
    Ok(Exit::Done)
}

/// A version in the words of spec §5.
pub fn version_json(version: &ModelVersion) -> Value {
    json!({
        "userId": version.id.user_id.as_str(),
        "version": version.id.version,
        "status": version.status.as_str(),
        "run": {"step": version.run.step.as_str(), "seed": version.run.seed, "updatedAt": version.run.updated_at},
        "provider": version.provider,
        "baseModel": version.base_model,
        "fineTunedModelId": version.fine_tuned_model_id,
        "createdAt": version.created_at,
        "completedAt": version.completed_at,
        "trainingDataRange": {"start": version.training_data_range.start, "end": version.training_data_range.end},
        "numMessages": version.num_messages,
        "tokenEstimate": version.token_estimate,
        "trainedTokens": version.cost.trained_tokens,
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
        "failure": version.failure.as_ref().map(|f| json!({"code": f.code.as_str(), "message": f.message})),
    })
}
