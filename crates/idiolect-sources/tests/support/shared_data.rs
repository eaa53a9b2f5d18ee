//! Message stores that are real people's or made from their words, and so are no part of this project.

use std::path::PathBuf;

/// The folder that `IDIOLECT_SHARED_DATA` names, or `None` with a word on what is skipped.
pub fn folder(name: &str) -> Option<PathBuf> {
    match std::env::var_os("IDIOLECT_SHARED_DATA") {
        Some(folder) => Some(PathBuf::from(folder).join(name)),
        None => {
            println!("SKIPPED: set IDIOLECT_SHARED_DATA to the folder that holds {name}");
            None
        }
    }
}
