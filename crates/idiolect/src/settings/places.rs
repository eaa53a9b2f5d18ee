//! Where the settings' file and the data are when nobody says.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::cli::Global;
use crate::environment::Environment;

pub(super) fn config_file(global: &Global, environment: &Environment) -> Result<Option<PathBuf>> {
    if let Some(path) = &global.config {
        if !path.exists() {
            bail!("{}: no such file; check the path after --config", path.display());
        }
        return Ok(Some(path.clone()));
    }
    let here = PathBuf::from("idiolect.toml");
    if is_there(&here)? {
        return Ok(Some(here));
    }
    let config_home =
        named_dir(environment, "XDG_CONFIG_HOME").or_else(|| Some(named_dir(environment, "HOME")?.join(".config")));
    let of_user = config_home.map(|dir| dir.join("idiolect/idiolect.toml"));
    Ok(if of_user.as_deref().map_or(Ok(false), is_there)? { of_user } else { None })
}

/// Whether there is a settings file, if only a link to none. Where that cannot be known it is not passed over: it may say what is redacted.
fn is_there(path: &Path) -> Result<bool> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(error)
            .with_context(|| format!("{}: cannot be looked at; name a settings file with --config", path.display())),
    }
}

pub(super) fn default_data_dir(environment: &Environment) -> Option<PathBuf> {
    if let Some(dir) = named_dir(environment, "XDG_DATA_HOME") {
        return Some(dir.join("idiolect"));
    }
    let share = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/share" };
    Some(named_dir(environment, "HOME")?.join(share).join("idiolect"))
}

/// The directory that a variable names; one that is empty names none.
fn named_dir(environment: &Environment, name: &str) -> Option<PathBuf> {
    environment.get(name).filter(|dir| !dir.is_empty()).map(PathBuf::from)
}

pub(super) fn expand_home(path: &Path, environment: &Environment) -> PathBuf {
    match (path.strip_prefix("~"), environment.get("HOME")) {
        (Ok(rest), Some(home)) => Path::new(home).join(rest),
        _ => path.to_owned(),
    }
}

pub(super) fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("{}: is not a usable path", path.display()))
}
