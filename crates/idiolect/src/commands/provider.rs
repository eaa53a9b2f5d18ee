//! `idiolect provider`: the local trainer and its models behind OpenAI's HTTP surface, for any OpenAI client on this machine.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use idiolect_host::{Host, Settings, serve};
use idiolect_http::bind_loopback;
use idiolect_lora::{LocalProvider, LocalSettings};
use serde_json::json;

use crate::api_key::{ApiKey, Place};
use crate::cli::Provider;
use crate::context::Context;
use crate::exit::Exit;
use crate::files::create_private_dir;
use crate::interrupt::watch_for_interrupt;

/// Below the data directory: what came over HTTP is apart from the training runs of this machine's people.
const DIRECTORY: &str = "host";

pub async fn run(app: &Context, flags: &Provider) -> Result<Exit> {
    let settings = &app.settings.host;
    let listener = bind_loopback(flags.port.unwrap_or(settings.port), "--port").await?;
    let address = listener.local_addr().context("the address that is listened on cannot be read")?;
    let directory = app.settings.data_dir.join(DIRECTORY);
    create_private_dir(&directory)?;
    let provider =
        Arc::new(LocalProvider::open(LocalSettings { data_dir: directory.clone(), ..app.local_settings()? })?);
    let file = directory.join("api-key.sha256");
    let place = Place { given: &settings.api_key, setting: "host.api_key", file: &file };
    let key = ApiKey::find(&place, flags.new_key)?;
    let host = Host {
        provider: provider.clone(),
        key_sha256: key.sha256(),
        settings: Settings {
            max_file_bytes: settings.max_file_mb * 1024 * 1024,
            max_total_bytes: settings.max_total_mb * 1024 * 1024,
            ..Settings::default()
        },
        uploading: Arc::default(),
    };
    // Before anybody can know that it is there, and stop it.
    let mut stop = watch_for_interrupt()?;
    announce(app, &format!("http://{address}/v1"), &key)?;
    let stopped = async move {
        // A closed channel cannot ask any more; then only the end of the process stops the server.
        if stop.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let served = serve(listener, host, stopped).await;
    app.output.note("stopping; a job that trains is saved, and the next `idiolect provider` goes on with it");
    tokio::task::spawn_blocking(move || provider.shut_down()).await.context("the jobs could not be stopped")?;
    served.context("the server failed")?;
    Ok(Exit::Done)
}

fn announce(app: &Context, url: &str, key: &ApiKey) -> Result<()> {
    let new = key.to_show();
    // A key that nobody can read is no use: what cannot be written ends it.
    if app.output.json {
        let announced = json!({"baseUrl": url, "baseModel": app.base_model_name(), "apiKey": new});
        return app.output.fragment(&format!("{announced:#}\n"));
    }
    app.output.note(format!("offering {} at {url} (Ctrl-C stops, twice at once)", app.base_model_name()));
    if let Some(key) = new {
        app.output.note("the API key, shown this once (`idiolect provider --new-key` makes another):");
        app.output.fragment(&format!("{key}\n"))?;
    }
    Ok(())
}
