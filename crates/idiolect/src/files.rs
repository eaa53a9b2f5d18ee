//! Files that hold somebody's words or keys: readable by their owner alone, whole or not there.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

/// Writes a file of a new name beside the place, syncs, and renames over it; after a failure the place is as it was.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let place = place_to_write(path)?;
    let write = || -> io::Result<()> {
        let mut file = new_beside(&place)?;
        *unfinished() = Some(file.path().to_owned());
        file.write_all(bytes).map_err(without_made_up_name)?;
        file.as_file().sync_all()?;
        file.persist(&place)?;
        Ok(())
    };
    let written = write();
    *unfinished() = None;
    written.with_context(|| format!("{}: cannot be written", path.display()))
}

/// The file that [`write_private`] is writing.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

fn unfinished() -> MutexGuard<'static, Option<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is half-written or copied, for a process that ends now.
pub fn remove_unfinished() {
    idiolect_sources::remove_copies();
    if let Some(path) = unfinished().take() {
        let _ = fs::remove_file(path);
    }
}

/// How the names begin and end of files that are not whole.
const UNFINISHED_NAME: [&str; 2] = [".idiolect-", ".new"];

/// A new file of a name that nothing has, for its owner alone, to be renamed to the place when it is whole; gone when dropped. What a
/// process that was killed left there goes, too.
pub fn new_beside(place: &Path) -> io::Result<NamedTempFile> {
    let folder = folder_of(place);
    remove_leftovers(folder);
    let [prefix, suffix] = UNFINISHED_NAME;
    loop {
        let file = tempfile::Builder::new().prefix(prefix).suffix(suffix).tempfile_in(folder);
        let file = file.map_err(without_made_up_name)?;
        // Locked, so that nobody takes it for a leftover. Where files cannot be locked, leftovers stay.
        let _ = file.as_file().lock();
        if file.as_file().metadata()?.nlink() > 0 {
            return Ok(file);
        }
    }
}

fn remove_leftovers(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let [prefix, suffix] = UNFINISHED_NAME.map(str::as_bytes);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_unfinished = name.as_bytes().starts_with(prefix) && name.as_bytes().ends_with(suffix);
        if is_unfinished && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let path = entry.path();
            let file = File::open(&path);
            // One that cannot be removed is in nobody's way.
            if file.as_ref().is_ok_and(|file| file.try_lock().is_ok()) {
                let _ = fs::remove_file(&path);
            }
        }
    }
}

const NO_FOLDER: &str = "its folder is not there";

fn folder_of(place: &Path) -> &Path {
    place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The name of the new file says nothing to whoever named the place.
fn without_made_up_name(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::NotFound => io::Error::new(ErrorKind::NotFound, NO_FOLDER),
        kind @ (ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => io::Error::new(kind, "the disk is full"),
        // The system's words come before the name.
        kind => io::Error::new(kind, error.to_string().split(" at path ").next().unwrap_or_default()),
    }
}

/// Whether a path is the `-` that stands for standard input or output; a file of that name is `./-`.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Opens a file to be read, where `-` would be standard input. A pipe is refused, since opening one waits for whoever may never write, and so is what has no end.
pub fn open_regular(path: &Path) -> Result<File> {
    let unreadable = || format!("{}: cannot be read", path.display());
    if let Some(what) = no_file(&fs::metadata(path).with_context(unreadable)?) {
        let advice = if what == FOLDER { "name a file" } else { "name a file, or - for standard input" };
        bail!("{}: {what}; {advice}", unreadable());
    }
    File::open(path).with_context(unreadable)
}

/// Where a file is to be renamed to, so that links to it stay, also those to a file that is yet to be made. What is there and is no file is refused: it would be replaced, `/dev/null` too.
pub fn place_to_write(path: &Path) -> Result<PathBuf> {
    let place = fs::canonicalize(path).or_else(|_| behind_links(path));
    let unwritable = || format!("{}: cannot be written", path.display());
    let place = place.with_context(unwritable)?;
    if !folder_of(&place).is_dir() {
        bail!("{}: {NO_FOLDER}", unwritable());
    }
    match fs::metadata(&place).ok().as_ref().and_then(no_file) {
        Some(what) => bail!("{}: {what}; name a file", unwritable()),
        None => Ok(place),
    }
}

/// Refuses a place that [`write_private`] could not write to.
pub fn check_place(path: &Path) -> Result<()> {
    let place = place_to_write(path)?;
    new_beside(&place).map(drop).with_context(|| format!("{}: cannot be written", path.display()))
}

/// Refuses a directory to write into that is a file, or would lie in one or where nothing can be made. It need not be there yet.
pub fn check_directory(path: &Path) -> Result<()> {
    let is_there = |above: &Path| if above.as_os_str().is_empty() { Path::new(".") } else { above }.metadata().ok();
    let Some((above, metadata)) = path.ancestors().find_map(|above| Some((above, is_there(above)?))) else {
        return Ok(());
    };
    if !metadata.is_dir() {
        bail!("{}: cannot be written: {} is no folder; name another", path.display(), above.display())
    }
    new_beside(&above.join("made")).map(drop).with_context(|| format!("{}: cannot be written", path.display()))
}

/// Where links lead at whose end nothing is.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    /// As many as Linux follows.
    const LINKS: usize = 40;
    let mut place = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&place) {
            // Relative to where the link is.
            Ok(target) => place = place.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(place),
        }
    }
    Err(io::Error::other("it is a link that leads back to itself"))
}

const FOLDER: &str = "it is a folder";

fn no_file(metadata: &fs::Metadata) -> Option<&'static str> {
    match () {
        () if metadata.is_file() => None,
        () if metadata.is_dir() => Some(FOLDER),
        () => Some("it is a pipe, a socket or a device"),
    }
}

/// Makes the directory for its owner alone, with those above it.
pub fn create_private_dir(path: &Path) -> Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("{}: cannot be created; choose another place with --data-dir", path.display()))
}

/// The file's text, or `None` if there is no such file.
pub fn read_if_there(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{}: cannot be read", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn what_stands_beside_the_place_stays_and_the_file_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let [page, other] = ["report.html", "report.tmp"].map(|name| folder.path().join(name));
        fs::write(&page, "old").unwrap();
        fs::set_permissions(&page, fs::Permissions::from_mode(0o644)).unwrap();
        fs::write(&other, "mine").unwrap();
        write_private(&page, b"new").unwrap();
        assert_eq!(
            (fs::read_to_string(&page).unwrap(), fs::read_to_string(&other).unwrap()),
            ("new".into(), "mine".into())
        );
        assert_eq!(fs::metadata(&page).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        check_directory(&folder.path().join("none/of/these")).unwrap();
        assert!(check_place(&folder.path().join("new")).is_ok() && check_place(&folder.path().join("a/b")).is_err());
        // Where nobody may write, not even root.
        for refused in [check_place(Path::new("/proc/report.html")), check_directory(Path::new("/proc/out"))] {
            assert!(cfg!(not(target_os = "linux")) || refused.is_err());
        }
        for place in [&page, &page.join("in")] {
            let error = check_directory(place).unwrap_err().to_string();
            assert!(error.ends_with("report.html is no folder; name another"), "{error}");
        }
        let error = write_private(&folder.path().join("none/report.html"), b"new").unwrap_err();
        assert!(format!("{error:#}").ends_with("none/report.html: cannot be written: its folder is not there"));
    }

    #[test]
    fn what_the_system_says_is_kept_without_the_made_up_name() {
        const TOO_MANY: i32 = 24;
        let folder = tempfile::tempdir().unwrap();
        let system = io::Error::from_raw_os_error(TOO_MANY);
        let place = folder.path().join(".idiolect-x.new");
        let named = io::Error::new(system.kind(), format!("{system} at path {place:?}"));
        assert_eq!(without_made_up_name(named).to_string(), system.to_string());
    }

    #[test]
    fn what_is_being_written_is_removed_where_the_process_ends() {
        let folder = tempfile::tempdir().unwrap();
        let file = new_beside(&folder.path().join("report.html")).unwrap();
        *unfinished() = Some(file.path().to_owned());
        remove_unfinished();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_process_left_goes_with_the_next_file() {
        let folder = tempfile::tempdir().unwrap();
        let [page, dead, mine] = ["page", ".idiolect-dead.new", "idiolect.new"].map(|name| folder.path().join(name));
        let alive = new_beside(&page).unwrap();
        for path in [&dead, &mine] {
            fs::write(path, "words").unwrap();
        }
        write_private(&page, b"new").unwrap();
        assert!(alive.path().exists() && mine.exists() && !dead.exists());
        alive.persist(&page).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_is_no_file_is_not_replaced_and_a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let [socket, page, link, linked] = ["socket", "page", "link", "linked"].map(|name| folder.path().join(name));
        let _socket = UnixListener::bind(&socket).unwrap();
        symlink(&socket, &linked).unwrap();
        for path in [&socket, &linked, Path::new("/dev/null")] {
            let error = place_to_write(path).unwrap_err().to_string();
            assert!(error.ends_with("cannot be written: it is a pipe, a socket or a device; name a file"), "{error}");
        }
        assert!(write_private(&socket, b"new").is_err() && write_private(folder.path(), b"new").is_err());
        fs::write(&page, "old").unwrap();
        symlink(&page, &link).unwrap();
        write_private(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink() && fs::read(&page).unwrap() == b"new");
    }

    #[test]
    fn a_link_to_a_file_that_is_yet_to_be_made_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let [page, link, chain, circle, lost] =
            ["page", "link", "chain", "circle", "lost"].map(|name| folder.path().join(name));
        symlink("page", &link).unwrap();
        symlink(&link, &chain).unwrap();
        write_private(&chain, b"new").unwrap();
        for link in [&link, &chain] {
            assert!(fs::symlink_metadata(link).unwrap().is_symlink());
        }
        assert_eq!((fs::read(&page).unwrap(), fs::symlink_metadata(&page).unwrap().is_file()), (b"new".to_vec(), true));
        symlink("circle", &circle).unwrap();
        symlink("none/page", &lost).unwrap();
        for (path, why) in [(&circle, "it is a link that leads back to itself"), (&lost, "its folder is not there")] {
            let error = format!("{:#}", write_private(path, b"new").unwrap_err());
            assert!(error.ends_with(&format!("cannot be written: {why}")), "{error}");
        }
    }
}
