//! `idiolect sources`: what can be read, what a path holds, and who "me" is in it.
//!
//! Names of senders are shown, to people at their own terminal, so that they can say which one they are; never a message.

use std::path::Path;

use anyhow::{Result, bail};
use idiolect_sources::{Confidence, Detection, Owner, SourceKind, SourceSpec, SpecError, detect, detect_one, owner};
use serde_json::json;

use crate::cli::{SourceHints, SourcesAction};
use crate::context::Context as App;
use crate::exit::{Exit, WrongFlag};
use crate::interrupt::end_at_interrupt;
use crate::output::{Output, thousands};
use crate::reading::source_options;

pub fn run(app: &App, action: &SourcesAction) -> Result<Exit> {
    match action {
        SourcesAction::List => list(app.output),
        SourcesAction::Detect { path, hints } => {
            let _ending = end_at_interrupt(app.output, "stopped")?;
            detect_path(app.output, path, hints)
        }
    }
}

fn list(output: Output) -> Result<Exit> {
    if output.json {
        let kinds: Vec<_> =
            SourceKind::ALL.iter().map(|kind| json!({ "kind": kind.name(), "what": kind.describe() })).collect();
        output.json(&kinds)?;
    } else {
        output.table(&["kind", "what to name"], SourceKind::ALL.iter().map(|kind| [kind.name(), kind.describe()]));
    }
    Ok(Exit::Done)
}

fn detect_path(output: Output, path: &Path, hints: &SourceHints) -> Result<Exit> {
    let options = source_options(hints)?;
    let SourceSpec { kind, path } = as_named(path)?;
    let mut found = detect(&path)?;
    if let Some(kind) = kind {
        found.retain(|detection| detection.kind == kind);
    }
    if found.is_empty()
        && let Some(kind) = kind
        // Marks that were found in nothing say nothing.
        && let Ok(Some(me @ (Owner::Inferred { .. } | Owner::Given { .. } | Owner::Unknown { senders: 1.., .. }))) =
            owner(kind, &path, &options)
    {
        return as_is_said(output, kind, &path, &me);
    }
    let Some(first) = found.first() else {
        let why = why_nothing(kind, &path);
        if output.json {
            output.json(&json!({ "path": path.display().to_string(), "found": [], "me": null, "error": why }))?;
        } else {
            output.note(format!("idiolect: {why}"));
        }
        return Ok(Exit::Failed);
    };
    let me = owner(first.kind, &path, &options)?;
    if output.json {
        output.json(&json!({ "path": path.display().to_string(), "found": found, "me": me }))?;
    } else {
        print(output, &found, me.as_ref());
    }
    Ok(Exit::Done)
}

/// What nothing shows to be of a kind and is read as such where that is said.
fn as_is_said(output: Output, kind: SourceKind, path: &Path, me: &Owner) -> Result<Exit> {
    if output.json {
        output.json(&json!({ "path": path.display().to_string(), "found": [], "me": me }))?;
    } else {
        output.line(format!("{} only by what is said: nothing else shows what it is", kind.name()));
        print_owner(output, Some(me));
    }
    Ok(Exit::Done)
}

/// The path, with the kind where one is written before it as behind `--source`.
fn as_named(path: &Path) -> Result<SourceSpec> {
    let spec = match path.exists() {
        false => path.as_os_str().try_into().map_err(|error: SpecError| WrongFlag(error.to_string()))?,
        true => SourceSpec { kind: None, path: path.to_owned() },
    };
    if spec.kind == Some(SourceKind::Bridge) {
        bail!(
            "there is nothing to detect in a bridge: it is asked for one person's messages, and `idiolect extract` shows them"
        );
    }
    Ok(match std::env::home_dir() {
        Some(home) => spec.under_home(&home),
        None => spec,
    })
}

/// The sentence with which an extraction refuses it.
fn why_nothing(kind: Option<SourceKind>, path: &Path) -> String {
    match (kind, detect_one(path)) {
        (_, Err(error)) => error.to_string(),
        (Some(kind), Ok(_)) => {
            let (path, kind) = (path.display(), kind.name());
            format!("{path}: nothing shows that it is {kind}; leave {kind}: out to see what it is")
        }
        (None, Ok(_)) => String::new(),
    }
}

fn print(output: Output, found: &[Detection], me: Option<&Owner>) {
    for Detection { kind, confidence, why } in found {
        let sure = match confidence {
            Confidence::Certain => "certainly",
            Confidence::Likely => "probably",
            Confidence::Possible => "possibly",
        };
        output.line(format!("{sure} {}: {why}", kind.name()));
    }
    print_owner(output, me);
}

fn print_owner(output: Output, me: Option<&Owner>) {
    match me {
        None => {}
        Some(Owner::Marked { names, why }) if names.is_empty() => {
            output.line(format!("me: marked in the files ({why})"))
        }
        Some(Owner::Marked { names, why }) => output.line(format!("me: {} ({why})", names.join(", "))),
        Some(Owner::Inferred { name, why }) => output.line(format!("me: {name} ({why})")),
        Some(Owner::Given { name }) => output.line(format!("me: {name} (as --me says)")),
        Some(Owner::Unknown { candidates, senders }) => {
            output.line(match senders {
                1 => "me: perhaps its only sender; if so, pass --me with the name:".to_owned(),
                _ => format!("me: one of {senders} senders; pass --me with one of them:"),
            });
            for candidate in candidates {
                let id = candidate.id.as_ref().map(|id| format!(", id {id}")).unwrap_or_default();
                output.line(format!("  {:>9}  {}{id}", thousands(candidate.messages), candidate.name));
            }
        }
    }
}
