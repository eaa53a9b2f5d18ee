//! A folder's files, its folders' files, and what is in its zips.

use std::path::Path;
use std::{fs, io};

use idiolect_dataset::SourceError;

use super::{Export, Location, UNOPENED, archive, errors, limits};

/// Left by systems beside people's files.
const CLUTTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];
const MAC_SIDE_FOLDER: &str = "__MACOSX";
const MAC_SIDE_FILE: &str = "._";
/// What stands for a file in iCloud Drive that is not on this machine: `.result.json.icloud`.
const IN_ICLOUD: (&str, &str) = (".", ".icloud");
/// How browsers name what they have not downloaded yet.
const UNFINISHED: [&str; 4] = ["crdownload", "part", "partial", "opdownload"];

/// Adds the files below `root`, without those in its folder called `left_out`.
pub(super) fn list(export: &mut Export, root: &Path, left_out: Option<&str>) -> Result<(), SourceError> {
    // A stack instead of recursion, so that depth is a number to be checked.
    let mut folders = vec![(root.to_owned(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        let failed = |error: &std::io::Error| errors::cannot_open(&folder, error);
        let entries = match fs::read_dir(&folder) {
            Err(error) if depth > 0 && error.kind() == io::ErrorKind::PermissionDenied => {
                export.pass_over(UNOPENED);
                continue;
            }
            entries => entries.map_err(|error| failed(&error))?,
        };
        for entry in entries {
            let entry = entry.map_err(|error| failed(&error))?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if is_clutter(&name) || (depth == 0 && left_out == Some(&*name)) {
                continue;
            }
            let path = format!("{prefix}{name}");
            let kind = entry.file_type().map_err(|error| failed(&error))?;
            if kind.is_symlink() {
                export.pass_over("symbolic links were not followed");
            } else if kind.is_dir() && depth >= limits::MAX_DEPTH {
                export.pass_over("folders nested too deeply were not looked into");
            } else if kind.is_dir() {
                folders.push((entry.path(), format!("{path}/"), depth + 1));
            } else if !kind.is_file() {
                export.pass_over("things that are neither files nor folders were passed over");
            } else if name.starts_with(IN_ICLOUD.0) && name.ends_with(IN_ICLOUD.1) {
                export.pass_over("files are in iCloud and not on this machine: download them");
            } else if name.rsplit_once('.').is_some_and(|(_, extension)| UNFINISHED.contains(&extension)) {
                export.pass_over("downloads have not ended");
            } else {
                let is_zip = if archive::has_zip_name(&name) { archive::is_zip(&entry.path()) } else { Ok(false) };
                match is_zip {
                    Ok(true) => match archive::list(export, &entry.path(), &format!("{path}/")) {
                        Err(SourceError::Refused { .. }) => {
                            export.pass_over("damaged zips in the folder were not read");
                        }
                        other => other?,
                    },
                    Ok(false) => {
                        let size = entry.metadata().map_or(0, |metadata| metadata.len());
                        export.push(&path, size, Location::File(entry.path()))?;
                    }
                    Err(_) => export.pass_over(UNOPENED),
                }
            }
        }
    }
    Ok(())
}

pub(super) fn is_clutter(name: &str) -> bool {
    CLUTTER.contains(&name) || name == MAC_SIDE_FOLDER || name.starts_with(MAC_SIDE_FILE)
}
