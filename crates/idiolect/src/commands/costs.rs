//! `idiolect costs`: what training has cost a user and the installation, against the caps.

use anyhow::Result;
use idiolect_registry::{ModelVersion, SpendingOf, Usd, month_of};
use jiff::tz::TimeZone;
use serde_json::json;

use crate::cli::UserFlag;
use crate::commands::runs::usd;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::thousands;
use crate::runner::LOCAL;

pub async fn run(app: &Context, flag: &UserFlag) -> Result<Exit> {
    let user_id = app.user_id(flag)?;
    let store = app.store()?;
    let today = app.now().to_zoned(TimeZone::UTC).date();
    let month = store.spending(&SpendingOf::UserMonth(user_id.clone(), today)).await?;
    let day = store.spending(&SpendingOf::Day(today)).await?;
    let versions = store.versions(&user_id).await?;
    let total = total(&versions);
    let caps = &app.settings.caps;
    if app.output.json {
        let runs = versions.iter().map(|version| {
            json!({
                "version": version.id.version,
                "createdAt": version.created_at,
                "provider": version.provider,
                "baseModel": version.base_model,
                "step": version.run.step.as_str(),
                "estimatedUsd": version.cost.estimated.map(Usd::dollars),
                "actualUsd": version.cost.actual.map(Usd::dollars),
                "trainedTokens": version.cost.trained_tokens,
            })
        });
        app.output.json(&json!({
            "userId": user_id.as_str(),
            "month": month_of(today),
            "userMonthUsd": month.dollars(),
            "installationDay": today.to_string(),
            "installationDayUsd": day.dollars(),
            "userTotalUsd": total.dollars(),
            "caps": {
                "usdPerRun": caps.usd_per_run,
                "usdPerUserMonth": caps.usd_per_user_month,
                "usdPerDay": caps.usd_per_day,
            },
            "runs": runs.collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Done);
    }
    let cap = |dollars: f64| if dollars == 0.0 { "no cap".to_owned() } else { format!("of ${dollars:.2}") };
    app.output.line(format!("{user_id} in {}    {month} {}", month_of(today), cap(caps.usd_per_user_month)));
    app.output.line(format!("all users today ({today}, UTC)    {day} {}", cap(caps.usd_per_day)));
    let per_run = if caps.usd_per_run == 0.0 { "no cap".to_owned() } else { format!("up to ${:.2}", caps.usd_per_run) };
    app.output.line(format!("one run    {per_run}"));
    if versions.is_empty() {
        app.output.note(format!("{user_id} has no runs"));
        return Ok(Exit::Done);
    }
    if versions.iter().all(|version| version.provider == LOCAL) {
        app.output.note("training on this machine costs nothing; runs at a hosted provider are listed here");
        return Ok(Exit::Done);
    }
    let rows = versions.iter().map(|version| {
        vec![
            version.id.to_string(),
            version.created_at.strftime("%Y-%m-%d").to_string(),
            version.provider.clone(),
            version.run.step.as_str().to_owned(),
            usd(version.cost.estimated),
            usd(version.cost.actual),
            version.cost.trained_tokens.map_or("-".to_owned(), thousands),
        ]
    });
    app.output.table(&["run", "begun", "provider", "step", "estimated", "cost", "trained tokens"], rows);
    Ok(Exit::Done)
}

/// As the months and days count them.
fn total(versions: &[ModelVersion]) -> Usd {
    versions.iter().map(ModelVersion::spent).sum()
}

#[cfg(test)]
mod tests {
    use idiolect_registry::VersionStatus;
    use idiolect_testkit::full_version;

    use super::*;

    #[test]
    fn the_total_counts_a_model_whose_host_tells_no_tokens_as_estimated() {
        let version = |status, estimated, actual| {
            let mut version = full_version("ana", 3);
            version.status = status;
            version.cost.estimated = Usd::from_dollars(estimated);
            version.cost.actual = actual;
            version
        };
        let versions = [
            version(VersionStatus::Succeeded, 0.5, None),
            version(VersionStatus::Succeeded, 0.5, Usd::from_dollars(0.25)),
            version(VersionStatus::Failed, 4.0, None),
            version(VersionStatus::Running, 4.0, None),
        ];
        assert_eq!(total(&versions), Usd::from_dollars(0.75).unwrap());
    }
}
