//! `idiolect consent`: what the user allows, since when, and taking it back.

use std::sync::Arc;

use anyhow::Result;
use idiolect_pipeline::{Silent, TrainingMachine, revoke_consent};
use idiolect_registry::{CONSENT_TEXT_VERSION, Consent, Purpose, SystemClock, User};
use serde_json::json;

use crate::cli::{ConsentAction, PurposeName};
use crate::context::Context;
use crate::engines::tell_cluster;
use crate::exit::Exit;

/// What the user agrees to. Changing it means a new `CONSENT_TEXT_VERSION`.
const CONSENT_TEXT: &str = "\
extract:      idiolect may read the messages that you sent within the window, to build a training dataset in memory.
train_local:  it may train a model with the redacted dataset on this machine; nothing leaves it.
train_hosted: it may send the redacted dataset to the hosted provider in your settings and train there.
You can take consent back at any time with `idiolect consent revoke`; the base model answers from then on.";

impl From<PurposeName> for Purpose {
    fn from(name: PurposeName) -> Self {
        match name {
            PurposeName::Extract => Self::Extract,
            PurposeName::TrainLocal => Self::TrainLocal,
            PurposeName::TrainHosted => Self::TrainHosted,
        }
    }
}

pub async fn run(app: &Context, action: &ConsentAction) -> Result<Exit> {
    match action {
        ConsentAction::Grant { user, purposes } => {
            let purposes: Vec<_> = purposes.iter().map(|p| Purpose::from(*p)).collect();
            let user = machine(app)?.grant(&app.user_id(user)?, &purposes).await?;
            if !app.output.json {
                app.output.note(CONSENT_TEXT);
            }
            // Where the settings have the first run begin with consent, it is due now.
            if user.dispatch.next_at.is_some_and(|at| at <= app.now()) {
                tell_cluster(app, &user.user_id).await;
            }
            show(app, &user)
        }
        ConsentAction::Revoke(user) => {
            let user_id = app.user_id(user)?;
            let user = match machine(app) {
                Ok(machine) => machine.revoke(&user_id).await?,
                // Settings that nobody can train with keep nobody from taking consent back.
                Err(_) => revoke_consent(app.store()?.as_ref(), &SystemClock, &user_id).await?,
            };
            // Said before the run is ended, for that may take as long as a provider does not answer.
            let shown = show(app, &user)?;
            let ended = app.end_run_if_possible(&user_id).await;
            if let Ok(Some(version)) = &ended {
                app.output.note(format!("run {} was ended", version.id));
            }
            let Err(error) = ended else { return Ok(shown) };
            app.output.note(format!(
                "the run under way could not be ended here, so that its job or training file may still be at the provider: {error:#}; \
                 a worker tries again by itself, and so does `idiolect consent revoke --user {user_id}`"
            ));
            Ok(Exit::Failed)
        }
        ConsentAction::Show(user) => show(app, &app.user(user).await?),
    }
}

fn machine(app: &Context) -> Result<TrainingMachine> {
    app.machine(Arc::new(Silent))
}

fn show(app: &Context, user: &User) -> Result<Exit> {
    let Consent { granted_at, revoked_at, purposes, text_version } = &user.consent;
    let purposes: Vec<_> = purposes.iter().map(|p| p.as_str()).collect();
    if app.output.json {
        app.output.json(&json!({
            "userId": user.user_id.as_str(),
            "grantedAt": granted_at,
            "revokedAt": revoked_at,
            "purposes": purposes,
            "textVersion": text_version,
        }))?;
        return Ok(Exit::Done);
    }
    app.output.line(match (granted_at, revoked_at) {
        (_, Some(revoked)) => format!("{}: consent revoked at {revoked}", user.user_id),
        (Some(granted), None) => format!("{}: consent to {} since {granted}", user.user_id, purposes.join(", ")),
        (None, None) => {
            format!("{}: no consent; `idiolect consent grant --user {}` gives it", user.user_id, user.user_id)
        }
    });
    if user.consent.stands() && text_version != CONSENT_TEXT_VERSION {
        app.output.note("the wording has changed since; `idiolect consent grant` agrees to the new one");
    }
    Ok(Exit::Done)
}
