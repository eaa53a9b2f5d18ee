//! `idiolect erase`: everything about a user goes, here and at the providers, and a receipt stays.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use idiolect_pipeline::{Machine, Next};
use idiolect_registry::{Erasure, UserId};
use serde_json::{Value, json};

use crate::cli::{Erase, UserFlag};
use crate::context::Context;
use crate::exit::{Exit, WrongFlag};
use crate::interrupt::watch_for_interrupt;
use crate::runner::random_id;

/// Between two looks at whether another process has gone.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

pub async fn run(app: &Context, flags: &Erase) -> Result<Exit> {
    if let Some(id) = &flags.receipt {
        let erasure = app.store()?.erasure(id).await?;
        return print(app, &erasure.with_context(|| format!("there is no receipt {id}"))?);
    }
    // Never the user of the settings: whom to erase is said each time.
    if flags.user.is_none() {
        return Err(WrongFlag("say whom to erase, with --user ID".into()).into());
    }
    let user_id = app.user_id(&UserFlag { user: flags.user.clone() })?;
    let store = app.store()?;
    if store.user(&user_id).await?.is_none() && store.versions(&user_id).await?.is_empty() {
        bail!("nothing is known about {user_id}");
    }
    if !flags.yes && !confirmed(&user_id)? {
        app.output.note("nothing was erased");
        return Ok(Exit::Failed);
    }
    let machine = app.ending_machine()?;
    let erasure = machine.request_erasure(&user_id, &random_id()?).await?;
    let id = erasure.with_context(|| format!("nothing is known about {user_id}"))?.id;
    let key = app.settings.data_dir.join(format!("api-key-{user_id}.sha256"));
    if key.exists() {
        std::fs::remove_file(&key).with_context(|| format!("{}: cannot be removed", key.display()))?;
    }
    let mut stop = watch_for_interrupt()?;
    let stopped = || {
        app.output.note(format!(
            "stopped; what is gone is on receipt {id}. `idiolect erase --user {user_id} --yes` goes on, and so does a worker"
        ));
        Ok(Exit::Interrupted)
    };
    let goes_on = || {
        format!(
            "consent is revoked and receipt {id} is begun, but not everything is gone yet; `idiolect erase --user {user_id} --yes` \
             goes on, and so does a worker"
        )
    };
    let mut is_told = false;
    // A worker erases the user itself; `idiolect train` ends their run and then goes.
    let _right = loop {
        match app.right_to_drive_if_free(&app.settings.training.provider) {
            Ok(Some(right)) => break right,
            Ok(None) => {}
            Err(error) => {
                app.output.note(goes_on());
                return Err(error);
            }
        }
        if !std::mem::replace(&mut is_told, true) {
            app.output.note(format!(
                "another process drives runs here; waiting until it has erased {user_id} or ended; `idiolect erase --receipt {id}` shows how \
                 far it is"
            ));
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            _ = stop.changed() => return stopped(),
        }
        if let Some(erasure) = app.store()?.erasure(&id).await?.filter(|erasure| erasure.completed_at.is_some()) {
            return print(app, &erasure);
        }
    };
    loop {
        let next = machine.advance(&user_id).await;
        let Some(erasure) = app.store()?.erasure(&id).await? else {
            bail!("the erasure {id} is not on record any more")
        };
        if erasure.completed_at.is_some() {
            return print(app, &erasure);
        }
        let wait = match next {
            Err(error) if !error.is_conflict() => {
                app.output.note(goes_on());
                return Err(error.into());
            }
            Ok(Next::WaitUntil(time)) => Duration::try_from(time.duration_since(app.now())).unwrap_or_default(),
            Ok(Next::Done) | Err(_) => Duration::from_millis(50),
        };
        if let Some(trouble) = &erasure.trouble {
            app.output.note(format!("{}; trying again in {} s", trouble.message, wait.as_secs()));
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => return stopped(),
        }
    }
}

fn confirmed(user_id: &UserId) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("erasing cannot be undone; add --yes to do it without being asked");
    }
    let mut out = std::io::stderr().lock();
    write!(
        out,
        "Erase every model, file and record of {user_id}, here and at the providers? This cannot be undone. [y/N] "
    )?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

fn print(app: &Context, erasure: &Erasure) -> Result<Exit> {
    if app.output.json {
        app.output.json(&receipt_json(erasure))?;
        return Ok(Exit::Done);
    }
    match erasure.completed_at {
        Some(at) => app.output.line(format!("erased at {at:.0}; receipt {}, which names nobody", erasure.id)),
        None => app.output.line(format!("receipt {}: not complete yet", erasure.id)),
    }
    if let Some(trouble) = &erasure.trouble {
        app.output.line(format!("in the way: {}", trouble.message));
    }
    let rows = erasure.items.iter().map(|item| {
        let version = item.version.map_or(String::new(), |version| version.to_string());
        vec![format!("{:.0}", item.at), item.kind.as_str().to_owned(), version, item.answer.clone()]
    });
    app.output.table(&["when", "what", "of version", "answer"], rows);
    Ok(Exit::Done)
}

fn receipt_json(erasure: &Erasure) -> Value {
    let items = erasure
        .items
        .iter()
        .map(|item| json!({"at": item.at, "kind": item.kind.as_str(), "version": item.version, "answer": item.answer}));
    json!({
        "receipt": erasure.id,
        "requestedAt": erasure.requested_at,
        "completedAt": erasure.completed_at,
        "trouble": erasure.trouble.as_ref().map(|failure| json!({"code": failure.code.as_str(), "message": failure.message})),
        "items": items.collect::<Vec<_>>(),
    })
}
