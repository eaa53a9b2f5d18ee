//! `idiolect doctor`: the resolved settings with their origins, secrets hidden, and whether this machine is ready.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use idiolect_lora::catalog;
use idiolect_lora::gguf::GgufFile;
use idiolect_pipeline::Silent;
use idiolect_registry::StoreError;
use idiolect_sources::shown_url;
use serde_json::{Value, json};

use crate::context::Context;
use crate::environment::NAMES;
use crate::exit::Exit;
use crate::files::create_private_dir;
use crate::hosted;
use crate::serving::answers_there;
use crate::settings::{SECRET_KEYS, flatten};

/// Users whose records are read: where there are more, the daily look says what it could not read.
const MOST_USERS: usize = 10_000;
/// What is written to see whether there is space; the store needs as much to be opened.
const PROBE_BYTES: usize = 256 * 1024;
/// Unreadable records that are named.
const MOST_NAMED: usize = 5;

/// One check: what was looked at, whether it is right, and what was found or what to do.
struct Check {
    name: &'static str,
    good: bool,
    found: String,
}

pub async fn run(app: &Context) -> Result<Exit> {
    let table = toml::Table::try_from(&app.settings)?;
    let settings: Vec<(String, String, String)> = flatten(&table)
        .into_iter()
        .map(|(key, value)| {
            let is_secret = SECRET_KEYS.contains(&key.as_str());
            let shown = match &value {
                toml::Value::String(text) if is_secret && !text.is_empty() => "(hidden)".into(),
                toml::Value::Array(list) if is_secret && !list.is_empty() => "(hidden)".into(),
                toml::Value::String(text) if text.contains("://") => shown_url(text).display().to_string(),
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let origin = app.resolved.origins.get(&key).cloned().unwrap_or_default();
            (key, shown, origin)
        })
        .collect();
    let mut checks =
        vec![data_dir(app), store(app).await, records(app).await, runs(app), base_model(app), kernel(app), pip()];
    checks.extend(variables(app));
    let good = checks.iter().take(6).all(|check| check.good);
    if app.output.json {
        app.output.json(&json!({
            "settings": settings.iter().map(|(key, value, origin)| {
                (key.clone(), json!({"value": value, "origin": origin}))
            }).collect::<serde_json::Map<String, Value>>(),
            "checks": checks.iter().map(|c| json!({"name": c.name, "good": c.good, "found": c.found})).collect::<Vec<_>>(),
        }))?;
    } else {
        app.output.table(
            &["setting", "value", "from"],
            settings.into_iter().map(|(key, value, origin)| vec![key, value, origin]),
        );
        app.output.line("");
        let mark = |good| if good { "ok" } else { "!!" };
        app.output.table(
            &["check", "", "found"],
            checks.iter().map(|c| vec![c.name.to_owned(), mark(c.good).to_owned(), c.found.clone()]),
        );
    }
    Ok(if good { Exit::Done } else { Exit::Failed })
}

fn data_dir(app: &Context) -> Check {
    let dir = &app.settings.data_dir;
    let probe = dir.join(".doctor");
    let written = create_private_dir(dir).and_then(|()| {
        // An empty file fits on a disk that is full.
        let written = std::fs::write(&probe, vec![0; PROBE_BYTES]);
        let removed = std::fs::remove_file(&probe);
        written.and(removed).context("cannot be written to; free some space, or choose another place with --data-dir")
    });
    let (good, found) = match written {
        Ok(()) => (true, format!("{} can be written", dir.display())),
        Err(error) => (false, format!("{error:#}")),
    };
    Check { name: "data directory", good, found }
}

async fn store(app: &Context) -> Check {
    let opened = match app.store() {
        Ok(store) => store.ping().await.map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    let (good, found) = match opened {
        Ok(()) => (true, format!("{} answers", crate::stores::name(&app.settings))),
        Err(error) => (false, format!("{error:#}")),
    };
    Check { name: "metadata store", good, found }
}

/// Whether the settings as a whole are such that runs can be driven; `idiolect providers check` asks the provider itself.
fn runs(app: &Context) -> Check {
    let provider = &app.settings.training.provider;
    let ready = || -> Result<()> {
        app.machine(Arc::new(Silent))?;
        let book = app.profiles()?;
        let profile = hosted::selected(app, &book)?;
        if profile.is_hosted() {
            // Nobody is asked; the key and the address are looked at.
            hosted::open(profile, Duration::ZERO)?;
        }
        Ok(())
    };
    let (good, found) = match ready() {
        Ok(()) => (true, format!("the settings can drive runs at {provider}")),
        Err(error) => (false, format!("{error:#}")),
    };
    Check { name: "runs", good, found }
}

/// One that cannot be read keeps its user from being trained and served, and nobody else, so that it may go unnoticed.
async fn records(app: &Context) -> Check {
    let (good, found) = match unreadable(app).await {
        Ok((read, unreadable)) if unreadable.is_empty() => {
            (true, format!("all of {read} users and the runs under way can be read"))
        }
        Ok((_, unreadable)) => {
            let named: Vec<_> = unreadable.iter().take(MOST_NAMED).map(ToString::to_string).collect();
            let more = unreadable.len().saturating_sub(named.len());
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            (false, format!("{}{more}", named.join("; ")))
        }
        Err(error) => (false, format!("{error:#}")),
    };
    Check { name: "records", good, found }
}

/// How many users there are, up to what is looked at, and which records cannot be read.
async fn unreadable(app: &Context) -> Result<(usize, Vec<StoreError>)> {
    let store = app.store()?;
    let (mut users, mut after) = (0, None);
    let mut unreadable = store.unfinished().await?.unreadable;
    while users < MOST_USERS {
        let page = store.users(after.as_deref(), 500).await?;
        users += page.listed.records.len() + page.listed.unreadable.len();
        unreadable.extend(page.listed.unreadable);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok((users, unreadable))
}

fn base_model(app: &Context) -> Check {
    let hosts = app.profiles().ok().and_then(|book| hosted::selected(app, &book).map(answers_there).ok());
    let (good, found) = match app.base_model_path() {
        Err(_) if hosts == Some(true) => {
            (true, format!("not here; {} trains and answers", app.settings.training.provider))
        }
        Err(error) => (false, format!("{error:#}")),
        Ok(path) => match catalog::find(&app.settings.model.base) {
            Some(known) => match crate::pull::sha256_file(&path) {
                Ok(hash) if hash == known.sha256 => (true, format!("{}: checksum right", path.display())),
                Ok(_) => (
                    false,
                    format!(
                        "{}: is not the file it should be; delete it and run `idiolect model pull`",
                        path.display()
                    ),
                ),
                Err(error) => (false, format!("{error:#}")),
            },
            None => match GgufFile::open(&path) {
                Ok(_) => (true, format!("{}: here, not in the catalogue", path.display())),
                Err(error) => (false, error.to_string()),
            },
        },
    };
    Check { name: "base model", good, found }
}

fn kernel(app: &Context) -> Check {
    let (good, found) = match app.settings.model.precision.parse::<idiolect_lora::Precision>() {
        Ok(precision) => (true, format!("{} kernel, {} threads", precision.resolved_name(), app.threads())),
        Err(error) => (false, error.to_string()),
    };
    Check { name: "training", good, found }
}

/// Spec §11.4's variables, by their own names: whether they are set and where, never to what.
fn variables(app: &Context) -> impl Iterator<Item = Check> {
    NAMES.into_iter().map(|(name, purpose)| {
        let environment = &app.resolved.environment;
        let is_set = environment.get(name).is_some_and(|value| !value.is_empty());
        let found =
            if is_set { format!("set, by {}", environment.origin(name)) } else { format!("not set; {purpose}") };
        Check { name, good: true, found }
    })
}

fn pip() -> Check {
    let output = Command::new("python3").args(["-m", "pip", "--version"]).output();
    let good = output.is_ok_and(|output| output.status.success());
    let found = if good {
        "found; `idiolect model pull` can use it".to_owned()
    } else {
        "not found; `idiolect model pull --from PATH` takes a file instead".to_owned()
    };
    Check { name: "pip", good, found }
}
