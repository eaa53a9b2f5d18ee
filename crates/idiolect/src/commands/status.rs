//! `idiolect status`: what is served to a user, and why.

use anyhow::Result;
use idiolect_pipeline::{WARNED_AT_DAYS, days_left};
use idiolect_registry::{Route, RunStep, route};
use serde_json::json;

use crate::cli::UserFlag;
use crate::commands::runs::{failure_json, failure_line};
use crate::commands::versions::is_regressed;
use crate::context::Context;
use crate::exit::Exit;
use crate::serving::fallback_model;

pub async fn run(app: &Context, flag: &UserFlag) -> Result<Exit> {
    let user = app.user(flag).await?;
    let versions = app.store()?.versions(&user.user_id).await?;
    let run = versions.iter().find(|v| v.run.step.is_under_way());
    let review: Vec<_> = versions.iter().filter(|v| v.run.step == RunStep::AwaitingReview).collect();
    let active = versions.iter().find(|v| v.id.version == user.active_model_version);
    let suspect = active.filter(|version| version.is_doubted()).and_then(|version| version.failure.as_ref());
    let regressed: Vec<_> =
        versions.iter().filter(|v| is_regressed(v) && v.id.version > user.active_model_version).collect();
    // What became of the newest run, where it has no version to show for it.
    let missed = versions.first().and_then(|newest| Some((newest, newest.failure.as_ref()?)));
    let missed = missed.filter(|(newest, _)| !newest.run.step.is_under_way() && newest.run.step != RunStep::Activated);
    let retires_at = user.active_retires_at.or_else(|| active?.retires_at);
    let route = route(Some(&user), app.now());
    let book = app.profiles()?;
    let fallback = book.get(&app.settings.training.provider).map_err(Into::into).and_then(|p| fallback_model(app, p));
    let reason = match &route {
        Route::FineTuned { .. } => None,
        Route::Base { reason } => Some(reason.as_str()),
    };
    if app.output.json {
        app.output.json(&json!({
            "userId": user.user_id.as_str(),
            "modelStatus": user.model_status.as_str(),
            "activeModelId": user.active_model_id,
            "activeModelVersion": user.active_model_version,
            "previousModelVersion": user.previous_model_version,
            "modelUpdatedAt": user.model_updated_at,
            "consent": {
                "grantedAt": user.consent.granted_at,
                "revokedAt": user.consent.revoked_at,
                "purposes": user.consent.purposes.iter().map(|p| p.as_str()).collect::<Vec<_>>(),
            },
            "serves": match &route {
                Route::FineTuned { model_id, .. } => Some(model_id.clone()),
                Route::Base { .. } => fallback.as_ref().ok().map(ToString::to_string),
            },
            "fallbackReason": reason,
            "unfinishedRun": run.map(|v| json!({
                "version": v.id.version,
                "step": v.run.step.as_str(),
                "nextAt": v.run.dispatch.next_at,
                "trouble": v.run.trouble.as_ref().map(|f| json!({"code": f.code.as_str(), "message": f.message})),
            })),
            "suspect": suspect.map(|failure| json!({"code": failure.code.as_str(), "message": failure.message})),
            "lastRun": versions.first().map(|newest| json!({
                "version": newest.id.version,
                "step": newest.run.step.as_str(),
                "failure": failure_json(newest.failure.as_ref()),
            })),
            "regressed": regressed.iter().map(|v| v.id.version).collect::<Vec<_>>(),
            "awaitingReview": review.iter().map(|v| v.id.version).collect::<Vec<_>>(),
            "retiresAt": retires_at,
            "daysUntilRetirement": retires_at.map(|end| days_left(end, app.now())),
            "nextTurnAt": user.dispatch.next_at,
            "lastTrigger": user.last_trigger.as_ref().map(|last| json!({
                "trigger": last.trigger.as_str(),
                "at": last.at,
                "version": last.version,
                "refusal": last.refusal.as_ref().map(|f| json!({"code": f.code.as_str(), "message": f.message})),
            })),
            "erasure": user.erasure_id,
        }))?;
        return Ok(Exit::Done);
    }
    app.output.line(format!("user      {}", user.user_id));
    app.output.line(format!("status    {}", user.model_status.as_str()));
    app.output.line(match &route {
        Route::FineTuned { model_id, version } => format!("serves    {model_id} (version {version})"),
        Route::Base { reason } => match &fallback {
            Ok(base_model) => format!("serves    {base_model} ({})", reason.as_str()),
            Err(error) => format!("serves    nothing ({}): {error:#}", reason.as_str()),
        },
    });
    let purposes: Vec<_> = user.consent.purposes.iter().map(|p| p.as_str()).collect();
    let consent = match user.consent.revoked_at {
        Some(revoked) => format!("revoked at {revoked}"),
        None if user.consent.stands() => purposes.join(", "),
        None => "none".to_owned(),
    };
    app.output.line(format!("consent   {consent}"));
    if let Some(run) = run {
        app.output.line(format!(
            "run       {} is unfinished, last step {}; `idiolect train --user {}` goes on with it",
            run.id,
            run.run.step.as_str(),
            user.user_id
        ));
    }
    if let Some(trouble) = run.and_then(|run| run.run.trouble.as_ref()) {
        app.output.line(format!("trouble   {}", failure_line(trouble)));
    }
    for version in regressed {
        let why = version.failure.as_ref().map_or("", |failure| &failure.message);
        app.output.line(format!("regressed {} is not served any more: {why}", version.id));
    }
    if let Some((newest, failure)) = missed {
        let step = newest.run.step.as_str();
        app.output.line(format!("last run  {} ended as {step}: {}", newest.id, failure_line(failure)));
    }
    for version in review {
        app.output.line(format!(
            "review    {} waits; `idiolect versions approve {}` shows what it says",
            version.id, version.id
        ));
    }
    if let Some(failure) = suspect {
        app.output.line(format!("suspect   {}: {}", failure.code.as_str(), failure.message));
    }
    if let Some(end) = retires_at {
        let days = days_left(end, app.now());
        let soon = if WARNED_AT_DAYS.iter().any(|at| days <= i64::from(*at)) {
            "; set retirement.successor or train on another base model"
        } else {
            ""
        };
        app.output.line(format!("retires   {} ({days} days left){soon}", end.strftime("%Y-%m-%d")));
    }
    if let Some(refusal) = user.last_trigger.as_ref().and_then(|last| last.refusal.as_ref()) {
        app.output.line(format!("refused   {}: {}", refusal.code.as_str(), refusal.message));
    }
    if let Some(turn) = user.dispatch.next_at {
        app.output.line(format!("next turn {turn:.0}"));
    }
    Ok(Exit::Done)
}
