//! `idiolect serve`: the OpenAI-compatible API on this machine, for one user.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use idiolect_gateway::{Gateway, LocalKey, LookAtModel, Looked, Settings, Suspected, Suspects, Webhooks, serve};
use idiolect_http::bind_loopback;
use idiolect_pipeline::{Silent, Standing, TrainingMachine};
use idiolect_registry::{UserId, VersionId};
use serde_json::json;
use tracing::warn;

use crate::api_key::{ApiKey, Place};
use crate::cli::{EngineFlags, Serve};
use crate::context::Context;
use crate::engines::{Driving, check_flags};
use crate::exit::Exit;
use crate::interrupt::watch_for_interrupt;
use crate::metrics;
use crate::serving::{FALLBACK_SYSTEM_PROMPT, serving};

pub async fn run(app: &Context, flags: &Serve) -> Result<Exit> {
    check_flags(flags.engine, &flags.temporal)?;
    let user = app.user(&flags.user).await?;
    let listener = bind_loopback(flags.port.unwrap_or(app.settings.serve.port), "--port").await?;
    let address = listener.local_addr().context("the address that is listened on cannot be read")?;
    let driving = match flags.engine {
        Some(engine) => Some(Driving::start(app, &EngineFlags { engine, temporal: flags.temporal.clone() }).await?),
        None => None,
    };
    let serving = serving(app, &user).await?;
    // Whoever is served may take consent back at any time.
    let base = serving.base()?;
    let file = app.settings.data_dir.join(format!("api-key-{}.sha256", user.user_id));
    let place = Place { given: &app.settings.serve.api_key, setting: "serve.api_key", file: &file };
    let metrics = if app.settings.serve.metrics { Some(metrics::install()?) } else { None };
    let webhooks = driving.as_ref().and_then(|driving| webhooks(app, driving));
    if webhooks.is_none() && !app.settings.serve.webhook_secret.is_empty() {
        app.output
            .note("serve.webhook_secret is set, and without --engine there is nobody here whom a webhook could tell");
    }
    let machine = match &driving {
        Some(driving) => driving.machine.clone(),
        None => Arc::new(app.machine(Arc::new(Silent))?),
    };
    // Last, for a key that is made is shown this once, and what fails before would keep it from being shown.
    let key = ApiKey::find(&place, flags.new_key)?;
    let gateway = Gateway {
        auth: Arc::new(LocalKey::from_sha256(key.sha256(), user.user_id.clone())),
        store: app.store()?.clone(),
        chat: base.chat.clone(),
        base_model: base.model.clone(),
        fallback_system_prompt: FALLBACK_SYSTEM_PROMPT.to_owned(),
        personal: serving.personal.clone(),
        // A local provider is opened with its base model in memory, before the first request can come.
        base_model_probe: Arc::new(|| Ok(())),
        clock: Arc::new(idiolect_registry::SystemClock),
        settings: Settings {
            shutdown_grace: Duration::from_secs(3),
            safety_key: base.safety_key.clone(),
            webhooks,
            metrics,
            suspects: Some(Suspects::new(Arc::new(Look(machine)))),
            ..Settings::default()
        },
    };
    // Before anybody can know that it is there, and stop it.
    let mut stop = watch_for_interrupt()?;
    announce(app, &user.user_id, &format!("http://{address}/v1"), &key)?;
    let driving = driving.map(|driving| driving.run(app, stop.clone()));
    let stopped = async move {
        // A closed channel cannot ask any more; then only the end of the process stops the server.
        if stop.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let serving = async { serve(listener, gateway, stopped).await.context("the server failed") };
    match driving {
        // Both end when told to; the first that fails ends the other.
        Some(driving) => tokio::try_join!(serving, driving).map(drop)?,
        None => serving.await?,
    }
    Ok(Exit::Done)
}

fn announce(app: &Context, user_id: &UserId, url: &str, key: &ApiKey) -> Result<()> {
    // A key that nobody can read is no use: what cannot be written ends it.
    if app.output.json {
        let announced = json!({"baseUrl": url, "userId": user_id.as_str(), "apiKey": key.to_show()});
        return app.output.fragment(&format!("{announced:#}\n"));
    }
    app.output.note(format!("serving {user_id} at {url} (Ctrl-C stops, twice at once)"));
    if let Some(key) = key.to_show() {
        app.output.note("the API key, shown this once (`idiolect serve --new-key` makes another):");
        app.output.fragment(&format!("{key}\n"))?;
    }
    Ok(())
}

/// A provider's webhooks need its secret, and an engine in this process that they make look.
fn webhooks(app: &Context, driving: &Driving) -> Option<Webhooks> {
    let secret = &app.settings.serve.webhook_secret;
    (!secret.is_empty()).then(|| Webhooks { secret: secret.as_str().into(), job_ended: driving.job_ended() })
}

/// Asks about models that chats were told are not there, as the machine does.
struct Look(Arc<TrainingMachine>);

#[async_trait]
impl LookAtModel for Look {
    async fn look(&self, version: &VersionId, suspected: Option<Suspected>) -> Looked {
        let standing = match &suspected {
            Some(chat) => self.0.suspect_model(version, chat.provider_request_id.as_deref()).await,
            None => self.0.look_at_model(version).await,
        };
        match standing {
            Ok(Standing::Answers | Standing::NotServed) => Looked::Serve,
            Ok(Standing::Gone) => Looked::Gone,
            Ok(Standing::NotKnown) => Looked::NotKnown,
            Err(error) => {
                warn!(user_id = %version.user_id, model_version = version.version, %error, "a suspected model was not looked at");
                Looked::NotKnown
            }
        }
    }
}
