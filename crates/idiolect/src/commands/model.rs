//! `idiolect model`: bringing a base model and listing what is there.

use std::path::Path;

use anyhow::{Context as _, Result};
use idiolect_lora::catalog::{self, BaseModel};
use serde_json::{Value, json};

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
    let pulled = pulled?;
    if app.output.json {
        app.output.json(&pulled_json(model, &path, &pulled))?;
        return Ok(Exit::Done);
    }
    match pulled {
        Pulled::AlreadyThere => app.output.note(format!("{}: already here, checksum right", path.display())),
        Pulled::Brought { from } => {
            app.output.note(format!("{}: brought from {from}, checksum right", path.display()));
        }
    }
    Ok(Exit::Done)
}

/// `from` is absent where the model was here already.
fn pulled_json(model: &BaseModel, path: &Path, pulled: &Pulled) -> Value {
    let from = match pulled {
        Pulled::AlreadyThere => None,
        Pulled::Brought { from } => Some(from.to_string()),
    };
    json!({"name": model.name, "path": path, "sha256": model.sha256, "from": from})
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_where_the_model_is_and_where_it_came_from() {
        let model = &catalog::BASE_MODELS[0];
        let said = |pulled| pulled_json(model, Path::new("/models/a.gguf"), &pulled);
        let there = json!({"name": model.name, "path": "/models/a.gguf", "sha256": model.sha256, "from": null});
        assert_eq!(said(Pulled::AlreadyThere), there);
        assert_eq!(said(Pulled::Brought { from: Origin::Pip })["from"], "pip");
    }
}
