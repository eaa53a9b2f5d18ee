//! `idiolect sources`: what can be read, what a path holds, and who "me" is in it.
//!
//! Names of senders are shown, to people at their own terminal, so that they can say which one they are; never a message.

use std::path::Path;

use anyhow::Result;
use idiolect_sources::{Confidence, Detection, Owner, SourceKind, detect, detect_one, owner};
use serde_json::json;

use crate::cli::{ReadingOptions, SourcesAction};
use crate::context::Context as App;
use crate::exit::Exit;
use crate::output::{Output, thousands};
use crate::reading::source_options;

pub fn run(app: &App, action: &SourcesAction) -> Result<Exit> {
    match action {
        SourcesAction::List => list(app.output),
        SourcesAction::Detect { path, options } => detect_path(app.output, path, options),
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

fn detect_path(output: Output, path: &Path, options: &ReadingOptions) -> Result<Exit> {
    let options = source_options(options)?;
    let found = detect(path)?;
    let me = match found.first() {
        Some(first) => owner(first.kind, path, &options)?,
        None => None,
    };
    if output.json {
        output.json(&json!({ "path": path.display().to_string(), "found": found, "me": me }))?;
    } else {
        print(output, path, &found, me.as_ref());
    }
    Ok(if found.is_empty() { Exit::Failed } else { Exit::Done })
}

fn print(output: Output, path: &Path, found: &[Detection], me: Option<&Owner>) {
    // The same sentence with which an extraction refuses it.
    if found.is_empty()
        && let Err(error) = detect_one(path)
    {
        output.note(error);
        output.note("`idiolect sources list` shows what is known");
    }
    for Detection { kind, confidence, why } in found {
        let sure = match confidence {
            Confidence::Certain => "certainly",
            Confidence::Likely => "probably",
            Confidence::Possible => "possibly",
        };
        output.line(format!("{sure} {}: {why}", kind.name()));
    }
    match me {
        None => {}
        Some(Owner::Marked { names, why }) if names.is_empty() => {
            output.line(format!("me: marked in the files ({why})"))
        }
        Some(Owner::Marked { names, why }) => output.line(format!("me: {} ({why})", names.join(", "))),
        Some(Owner::Inferred { name, why }) => output.line(format!("me: {name} ({why})")),
        Some(Owner::Given { name }) => output.line(format!("me: {name} (as --me says)")),
        Some(Owner::Unknown { candidates, senders }) => {
            output.line(format!("me: one of {senders} senders; pass --me with one of them:"));
            for candidate in candidates {
                let id = candidate.id.as_ref().map(|id| format!(", id {id}")).unwrap_or_default();
                output.line(format!("  {:>9}  {}{id}", thousands(candidate.messages), candidate.name));
            }
        }
    }
}
