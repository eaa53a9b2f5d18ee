//! `idiolect model`: bringing a base model and listing what is there.

use anyhow::{Context as _, Result};
use idiolect_lora::catalog;
use serde_json::json;

use crate::cli::ModelAction;
use crate::context::Context;
use crate::exit::{Exit, WrongFlag};
use crate::files::create_private_dir;
use crate::progress::byte_bar;
use crate::pull::{Origin, Pulled, pull};

pub fn run(app: &Context, action: &ModelAction) -> Result<Exit> {
    match action {
        ModelAction::Pull { name, from } => {
            if let Some(name) = name.as_deref().filter(|name| catalog::find(name).is_none()) {
                let why = "is no known base model; `idiolect model list` shows the known ones";
                return Err(WrongFlag(format!("{name:?}: {why}")).into());
            }
            let name = name.as_deref().unwrap_or(&app.settings.model.base);
            bring(app, name, from.as_deref().map(Origin::from))
        }
        ModelAction::List => list(app),
    }
}

/// Brings the model into the data directory unless it is there already.
pub fn bring(app: &Context, name: &str, from: Option<Origin>) -> Result<Exit> {
    let model = catalog::find(name)
        .with_context(|| format!("{name}: is no known base model; `idiolect model list` shows the known ones"))?;
    create_private_dir(&app.models_dir())?;
    let bar = byte_bar("bringing the model", Some(model.size_bytes));
    let pulled = pull(model, from, &app.models_dir(), &|bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    let path = app.models_dir().join(model.file_name);
    match pulled? {
        Pulled::AlreadyThere => app.output.note(format!("{}: already here, checksum right", path.display())),
        Pulled::Brought { from } => {
            app.output.note(format!("{}: brought from {from}, checksum right", path.display()));
        }
    }
    Ok(Exit::Done)
}

fn list(app: &Context) -> Result<Exit> {
    let models = catalog::BASE_MODELS;
    if app.output.json {
        let rows: Vec<_> = models
            .iter()
            .map(|model| {
                json!({
                    "name": model.name,
                    "licence": model.licence,
                    "sizeBytes": model.size_bytes,
                    "sha256": model.sha256,
                    "path": app.models_dir().join(model.file_name),
                    "here": app.models_dir().join(model.file_name).exists(),
                })
            })
            .collect();
        app.output.json(&rows)?;
        return Ok(Exit::Done);
    }
    let rows = models.iter().map(|model| {
        let here = app.models_dir().join(model.file_name).exists();
        vec![
            model.name.to_owned(),
            model.licence.to_owned(),
            format!("{} MB", model.size_bytes / 1_000_000),
            if here { "here" } else { "not here" }.to_owned(),
        ]
    });
    app.output.table(&["model", "licence", "size", ""], rows);
    Ok(Exit::Done)
}
