//! `idiolect providers`: what is configured, whether one can train there and until when, what it costs, and whether it answers.

use std::time::Duration;

use anyhow::Result;
use idiolect_provider::{
    Auth, BaseModel, FineTuningProvider, ModelId, ModelInfo, Open, Profile, ProfileBook, ProviderError, TrainingClosed,
};
use serde_json::{Value, json};

use crate::cli::ProvidersAction;
use crate::context::Context;
use crate::exit::{Exit, WrongFlag};
use crate::hosted;

/// One cheap call.
const CHECK_TIMEOUT: Duration = Duration::from_secs(20);

pub async fn run(app: &Context, action: &ProvidersAction) -> Result<Exit> {
    match action {
        ProvidersAction::List => list(app),
        ProvidersAction::Show { name } => show(app, name),
        ProvidersAction::Check { name } => check(app, name.as_deref()).await,
    }
}

fn list(app: &Context) -> Result<Exit> {
    let book = hosted::profiles(app)?;
    if app.output.json {
        app.output.json(&book.iter().map(|profile| profile_json(app, profile)).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    let rows = book.iter().map(|profile| {
        let base = base_model(app, profile);
        let price = base.as_ref().and_then(|base| profile.model(base)?.price?.training);
        let selected = profile.name == app.settings.training.provider;
        vec![
            format!("{}{}", profile.name, if selected { " *" } else { "" }),
            training(app, profile),
            base.map_or("-".to_owned(), |base| base.to_string()),
            match (profile.is_hosted(), price) {
                (false, _) => "free".to_owned(),
                (true, Some(usd)) => format!("{usd:.2}"),
                (true, None) => "not known".to_owned(),
            },
            key(profile),
        ]
    });
    app.output.table(&["provider", "training", "base model", "USD / 1M training tokens", "key"], rows);
    app.output.note("* trains when nothing else is said; `idiolect providers show NAME` says more");
    Ok(Exit::Done)
}

fn show(app: &Context, name: &str) -> Result<Exit> {
    let book = hosted::profiles(app)?;
    let profile = named(&book, name)?;
    if app.output.json {
        app.output.json(&profile_json(app, profile))?;
        return Ok(Exit::Done);
    }
    let megabytes = profile.max_file_bytes / 1_000_000;
    let number = |number: Option<u64>| number.map_or("not known".to_owned(), crate::output::thousands);
    let rows = [
        ("profile", profile.name.clone()),
        ("", profile.description.clone()),
        ("address", profile.base_url.clone().unwrap_or_else(|| address_missing(profile))),
        ("key", key(profile)),
        ("training", training(app, profile)),
        ("instead", profile.alternatives.join(", ")),
        ("base model", base_model(app, profile).map_or("set training.base_model".to_owned(), |base| base.to_string())),
        ("answers else", fallback(app, profile).unwrap_or("-".to_owned())),
        ("serves what it trained", if profile.serves_fine_tuned { "yes" } else { "no" }.to_owned()),
        ("jobs at a time", number(profile.max_concurrent_jobs.map(Into::into))),
        ("file", format!("at most {megabytes} MB")),
        ("tokens of a job", number(profile.max_training_tokens)),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    app.output.table(&["", ""], rows.map(|(name, value)| vec![name.to_owned(), value]));
    if !profile.models.is_empty() {
        app.output.line("");
        let usd = |price: Option<f64>| price.map_or("-".to_owned(), |usd| format!("{usd:.2}"));
        let rows = profile.models.iter().map(|(id, model)| {
            let price = model.price.unwrap_or_default();
            vec![
                id.clone(),
                model.shutdown_date.map_or("not known".to_owned(), |date| date.to_string()),
                if model.trainable { usd(price.training) } else { "not trainable".to_owned() },
                usd(price.input),
                usd(price.output),
            ]
        });
        app.output.table(&["model (USD / 1M tokens)", "shuts down", "training", "input", "output"], rows);
    }
    Ok(Exit::Done)
}

fn named<'a>(book: &'a ProfileBook, name: &str) -> Result<&'a Profile> {
    Ok(book.get(name).map_err(|error| WrongFlag(error.to_string()))?)
}

/// What was looked at, whether it is right, and what was found or what to do.
struct Finding {
    name: &'static str,
    good: bool,
    found: String,
}

async fn check(app: &Context, name: Option<&str>) -> Result<Exit> {
    let book = hosted::profiles(app)?;
    let profile = match name {
        Some(name) => named(&book, name)?,
        None => hosted::selected(app, &book)?,
    };
    let findings = if profile.is_hosted() { check_hosted(app, profile).await } else { check_local(app) };
    let good = findings.iter().all(|finding| finding.good);
    if app.output.json {
        app.output.json(&json!({
            "provider": profile.name,
            "good": good,
            "checks": findings.iter().map(|f| json!({"name": f.name, "good": f.good, "found": f.found})).collect::<Vec<_>>(),
        }))?;
    } else {
        let mark = |good| if good { "ok" } else { "!!" };
        let rows = findings.iter().map(|f| vec![f.name.to_owned(), mark(f.good).to_owned(), f.found.clone()]);
        app.output.table(&[profile.name.as_str(), "", "found"], rows);
    }
    Ok(if good { Exit::Done } else { Exit::Failed })
}

fn check_local(app: &Context) -> Vec<Finding> {
    let (good, found) = match app.base_model_path() {
        Err(error) => (false, format!("{error:#}")),
        Ok(path) => (true, format!("{} is here", path.display())),
    };
    vec![Finding { name: "base model", good, found }]
}

async fn check_hosted(app: &Context, profile: &Profile) -> Vec<Finding> {
    let address = profile.base_url.clone();
    let mut findings = vec![Finding {
        name: "address",
        good: address.is_some(),
        found: address.unwrap_or_else(|| address_missing(profile)),
    }];
    let has_key = profile.auth == Auth::None || hosted::key_is_set(profile);
    findings.push(Finding { name: "key", good: has_key, found: key(profile) });
    let mut listed = None;
    if findings.iter().all(|finding| finding.good) {
        let answered = match hosted::open(profile, CHECK_TIMEOUT) {
            Ok(host) => host.models().await,
            Err(error) => Err(error),
        };
        let (good, found) = match &answered {
            Ok(models) => {
                let count = models.len();
                (true, format!("it answers and lists {count} {}", if count == 1 { "model" } else { "models" }))
            }
            Err(error) => (false, diagnosis(profile, error)),
        };
        findings.push(Finding { name: "answer", good, found });
        listed = answered.ok();
    }
    let Some(base) = base_model(app, profile) else {
        let found = "none is named; set training.base_model".to_owned();
        findings.push(Finding { name: "base model", good: false, found });
        return findings;
    };
    let info = listed.as_ref().map(|models| find(models, &base));
    if let Some(info) = info {
        let (good, found) = match info {
            Some(_) => (true, format!("{base} is listed")),
            None => {
                let others = examples(listed.as_deref().unwrap_or_default());
                (
                    false,
                    format!("{base} is not listed for this key; choose another one with training.base_model{others}"),
                )
            }
        };
        findings.push(Finding { name: "base model", good, found });
    }
    let live = info.flatten().and_then(|info| info.shutdown_date);
    let (good, found) = match hosted::check_open(app, profile, &base, live) {
        Ok(open) => (true, opening(open)),
        Err(closed) => (false, closed.to_string()),
    };
    findings.push(Finding { name: "training", good, found });
    findings
}

/// The first few base models, for who has mistyped one.
fn examples(models: &[ModelInfo]) -> String {
    const AT_MOST: usize = 5;
    let bases = models.iter().map(|model| model.id.as_str()).filter(|id| !id.starts_with("ft:"));
    let names: Vec<_> = bases.take(AT_MOST).collect();
    if names.is_empty() { String::new() } else { format!(", such as {}", names.join(", ")) }
}

fn find<'a>(models: &'a [ModelInfo], base: &ModelId) -> Option<&'a ModelInfo> {
    models.iter().find(|model| model.id == *base)
}

/// What the failure most likely comes from.
fn diagnosis(profile: &Profile, error: &ProviderError) -> String {
    let hint = match error {
        ProviderError::NotAllowed { .. } => match &profile.key_env {
            Some(env) => format!("; make a new key there and set {env}"),
            None => String::new(),
        },
        ProviderError::NotFound { .. } | ProviderError::Internal { .. } => {
            "; look whether base_url ends in /v1 or whatever the host asks for".to_owned()
        }
        ProviderError::Unavailable { .. } | ProviderError::RateLimited { .. } => "; try again in a minute".to_owned(),
        _ => String::new(),
    };
    format!("{error}{hint}")
}

/// The base model that a run would train on.
fn base_model(app: &Context, profile: &Profile) -> Option<ModelId> {
    let asked = Some(&app.settings.training.base_model).filter(|asked| !asked.is_empty());
    match asked.filter(|_| profile.name == app.settings.training.provider) {
        Some(asked) => Some(ModelId::new(asked)),
        None if profile.is_hosted() => profile.default_base_model.as_ref().map(ModelId::new),
        None => Some(ModelId::new(app.base_model_name())),
    }
}

fn fallback(app: &Context, profile: &Profile) -> Option<String> {
    if profile.is_hosted() {
        profile.fallback_model().map(|model| model.to_string())
    } else {
        Some(app.base_model_name())
    }
}

fn address_missing(profile: &Profile) -> String {
    match profile.is_hosted() {
        true => format!("none; set base_url in idiolect.toml under [profiles.{}]", profile.name),
        false => "this process".to_owned(),
    }
}

/// Whether the key is there, never what it is.
fn key(profile: &Profile) -> String {
    match (&profile.key_env, profile.auth) {
        (_, Auth::None) | (None, _) => "none needed".to_owned(),
        (Some(env), _) if hosted::key_is_set(profile) => format!("{env} is set"),
        (Some(env), _) => format!("{env} is not set"),
    }
}

fn training_state(app: &Context, profile: &Profile) -> Result<Open, TrainingClosed> {
    let base = base_model(app, profile).unwrap_or_else(|| ModelId::new(""));
    hosted::check_open(app, profile, &base, None)
}

fn training(app: &Context, profile: &Profile) -> String {
    match training_state(app, profile) {
        Ok(open) => opening(open),
        Err(TrainingClosed::Closed { since, .. }) => format!("closed since {since}"),
        Err(TrainingClosed::ShutDown { since, .. }) => format!("base model shut down {since}"),
        Err(TrainingClosed::ShutsDownSoon { date, .. }) => format!("too late: base model shuts down {date}"),
        Err(TrainingClosed::NotTrainable { model, .. }) => format!("{model} is not trainable"),
    }
}

fn opening(open: Open) -> String {
    let closes = open.closes.map(|(date, days)| format!("until {date} ({days} days)"));
    let ends = open.shuts_down.map(|(date, days)| format!("what is trained answers until {date} ({days} days)"));
    let parts: Vec<String> = closes.into_iter().chain(ends).collect();
    if parts.is_empty() { "open, no end known".to_owned() } else { format!("open {}", parts.join("; ")) }
}

fn profile_json(app: &Context, profile: &Profile) -> Value {
    let state = training_state(app, profile);
    let (open, reason) = match &state {
        Ok(_) => (true, None),
        Err(closed) => (false, Some(closed.to_string())),
    };
    let model = |(id, model): (&String, &BaseModel)| {
        let price = model.price.unwrap_or_default();
        let value = json!({
            "trainable": model.trainable,
            "shutdownDate": model.shutdown_date,
            "trainingContextTokens": model.training_context_tokens,
            "usdPerMillionTokens": {"training": price.training, "input": price.input, "output": price.output},
        });
        (id.clone(), value)
    };
    json!({
        "name": profile.name,
        "description": profile.description,
        "selected": profile.name == app.settings.training.provider,
        "hosted": profile.is_hosted(),
        "baseUrl": profile.base_url,
        "key": {"variable": profile.key_env, "set": hosted::key_is_set(profile)},
        "training": {
            "open": open,
            "closedReason": reason,
            "openUntil": profile.training_open_until,
            "daysLeft": state.ok().and_then(|open| open.closes).map(|(_, days)| days),
            "alternatives": profile.alternatives,
        },
        "servesFineTuned": profile.serves_fine_tuned,
        "baseModel": base_model(app, profile).map(|base| base.to_string()),
        "fallbackModel": fallback(app, profile),
        "limits": {
            "fileBytes": profile.max_file_bytes,
            "trainingTokens": profile.max_training_tokens,
            "suffixChars": profile.suffix_max_chars,
            "concurrentJobs": profile.max_concurrent_jobs,
        },
        "models": profile.models.iter().map(model).collect::<serde_json::Map<_, _>>(),
    })
}
