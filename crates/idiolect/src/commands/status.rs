//! `idiolect status`: what is served to a user, and why.

use anyhow::Result;
use idiolect_registry::{Route, route};
use serde_json::json;

use crate::cli::UserFlag;
use crate::context::Context;
use crate::exit::Exit;

pub async fn run(app: &Context, flag: &UserFlag) -> Result<Exit> {
    let user = app.user(flag).await?;
    let run = app.store()?.versions(&user.user_id).await?.into_iter().find(|v| v.run.step.is_under_way());
    let route = route(Some(&user), app.now());
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
                Route::FineTuned { model_id, .. } => model_id.clone(),
                Route::Base { .. } => app.base_model_name(),
            },
            "fallbackReason": reason,
            "unfinishedRun": run.as_ref().map(|v| json!({"version": v.id.version, "step": v.run.step.as_str()})),
        }))?;
        return Ok(Exit::Done);
    }
    app.output.line(format!("user      {}", user.user_id));
    app.output.line(format!("status    {}", user.model_status.as_str()));
    app.output.line(match &route {
        Route::FineTuned { model_id, version } => format!("serves    {model_id} (version {version})"),
        Route::Base { reason } => format!("serves    {} ({})", app.base_model_name(), reason.as_str()),
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
    Ok(Exit::Done)
}
