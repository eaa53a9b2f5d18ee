//! What an app exported, a file, a folder or a `.zip`, as a list of named files that are read as streams.
//!
//! Nothing is unpacked to disk and no symbolic link is followed. A folder's zips are looked into as if they were folders, as
//! large exports come in several; a zip in a zip is not. What was passed over is said in [`Export::notes`].

mod archive;
mod content;
mod copies;
mod errors;
mod folder;
mod limits;
mod lines;
mod read;
mod row_guard;
mod text;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use idiolect_dataset::SourceError;

use archive::Archive;
pub(crate) use copies::original;
pub(crate) use errors::{NOT_ALLOWED, Refusal, failed, neither_file_nor_folder};
pub(crate) use lines::{Line, Lines};
pub(crate) use read::Counted;
pub(crate) use row_guard::{RowBegins, RowGuard, RowsEnd};
pub(crate) use text::recoded;

/// How much of a lone file is looked at to tell what it is.
const BEGINNING: usize = 4096;
/// What is passed over because its system does not let it be read.
const UNOPENED: &str = "files or folders could not be opened: check their permissions";

/// The files of an export, in the order of their paths.
pub(crate) struct Export {
    root: PathBuf,
    entries: Vec<Entry>,
    archives: Vec<Archive>,
    passed_over: BTreeMap<&'static str, u64>,
    /// Paths of entries that could not be opened when it was looked what they are.
    unopened: Mutex<BTreeSet<Arc<str>>>,
    /// Some file of a zip takes a password.
    is_encrypted: bool,
    /// Or is packed by a method that is not read.
    is_packed_oddly: bool,
    /// Where in `entries` a path is whose name is in small letters; made when it is first asked for.
    places: OnceLock<HashMap<String, usize>>,
    /// Bytes of entries read so far, unpacked.
    read: Arc<AtomicU64>,
}

/// One file of an export.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Where it lies in the export: `messages/inbox/x/message_1.json`; a single file's is its name.
    pub(crate) path: Arc<str>,
    /// Bytes, unpacked, as its folder or zip says.
    pub(crate) size: u64,
    location: Location,
    /// Of a lone file, the ending that fits its contents.
    fits: Option<&'static str>,
}

#[derive(Clone, Debug)]
enum Location {
    File(PathBuf),
    Zipped { archive: usize, index: usize },
}

impl Entry {
    /// The part behind the last `/`.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The name without what marks a file as a second one of that name: `message_1.json` of `message_1 (1).json`.
    pub(crate) fn original_name(&self) -> Cow<'_, str> {
        let (name, (stem, ending)) = (self.name(), self.name().rsplit_once('.').unwrap_or((self.name(), "")));
        match original(stem) {
            Some(stem) => format!("{stem}.{ending}").into(),
            None => name.into(),
        }
    }

    /// The part before the last `/`, empty at the top.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether it is called `.extension`, or is a lone file that is such by its contents and may be called anything.
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        self.is_called(extension) || self.fits == Some(extension)
    }

    /// Whether the name ends with `.extension`, whatever its case.
    pub(crate) fn is_called(&self, extension: &str) -> bool {
        self.name().rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
    }
}

impl Export {
    /// Lists what is at `path`. Only names are read, except that a file is looked at to tell whether it is a zip.
    pub(crate) fn open(path: &Path) -> Result<Self, SourceError> {
        Self::list(path, None)
    }

    /// The same without what lies in the folder `left_out` of it.
    pub(crate) fn open_without(path: &Path, left_out: &str) -> Result<Self, SourceError> {
        Self::list(path, Some(left_out))
    }

    fn list(path: &Path, left_out: Option<&str>) -> Result<Self, SourceError> {
        let metadata = fs::metadata(path).map_err(|error| errors::cannot_open(path, &error))?;
        let mut export = Self {
            root: path.to_owned(),
            entries: Vec::new(),
            archives: Vec::new(),
            passed_over: BTreeMap::new(),
            unopened: Mutex::default(),
            is_encrypted: false,
            is_packed_oddly: false,
            places: OnceLock::new(),
            read: Arc::default(),
        };
        if metadata.is_dir() {
            folder::list(&mut export, path, left_out)?;
        } else if !metadata.is_file() {
            return Err(neither_file_nor_folder(path));
        } else if archive::is_zip(path).map_err(|error| errors::cannot_open(path, &error))? {
            archive::list(&mut export, path, "")?;
        } else {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            export.push(&name, metadata.len(), Location::File(path.to_owned()))?;
        }
        export.entries.sort_by(|a, b| a.path.cmp(&b.path));
        if let [entry] = &export.entries[..] {
            export.entries[0].fits = content::ending(&export.head_text(entry, BEGINNING));
            // Looking is no progress.
            export.read.store(0, Ordering::Relaxed);
        }
        Ok(export)
    }

    /// The file or folder that was opened.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The one file, where the export is no more than that.
    pub(crate) fn single(&self) -> Option<&Entry> {
        match self.entries.as_slice() {
            [entry] => Some(entry),
            _ => None,
        }
    }

    /// The one file, whatever it is called, or all files for which `is_one`.
    pub(crate) fn lone_or(&self, is_one: impl Fn(&Entry) -> bool) -> Vec<&Entry> {
        match self.single() {
            Some(entry) => vec![entry],
            None => self.entries.iter().filter(|entry| is_one(entry)).collect(),
        }
    }

    /// The files of that name, whatever its case and wherever they lie, with copies of them.
    pub(crate) fn called(&self, name: &str) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.original_name().eq_ignore_ascii_case(name))
    }

    /// The error of an export that is not read, for a reason that is none of one file.
    pub(crate) fn refused(&self, reason: impl Into<String>, advice: &'static str) -> SourceError {
        SourceError::Refused { path: self.root.clone(), reason: reason.into(), advice }
    }

    /// Whether a zip in it takes a password.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Whether a file of a zip is packed by a method that is not read, as Windows does with files of more than 2 GB.
    pub(crate) fn is_packed_oddly(&self) -> bool {
        self.is_packed_oddly
    }

    /// The file of that name, whatever its case, in the folder of `entry`; or of a path below it.
    pub(crate) fn beside(&self, entry: &Entry, name: &str) -> Option<&Entry> {
        let path = |entry: &Entry, name: &str| match entry.folder() {
            "" => name.to_ascii_lowercase(),
            folder => format!("{folder}/{}", name.to_ascii_lowercase()),
        };
        let places = self.places.get_or_init(|| {
            // Of names that differ in their case only the first counts, so it is put in last.
            let entries = self.entries.iter().enumerate().rev();
            entries.map(|(place, entry)| (path(entry, entry.name()), place)).collect()
        });
        places.get(&path(entry, name)).map(|place| &self.entries[*place])
    }

    /// The bytes of an entry. Ends with an error where a zip's entry is larger than it says or unpacks out of all proportion.
    pub(crate) fn read(&self, entry: &Entry) -> Result<Box<dyn Read + Send>, SourceError> {
        let failed = |error: &std::io::Error| errors::cannot_open(&self.path_of(entry), error);
        let reader: Box<dyn Read + Send> = match &entry.location {
            Location::File(path) => Box::new(File::open(path).map_err(|error| failed(&error))?),
            Location::Zipped { archive, index } => {
                self.archives[*archive].read(*index).map_err(|error| errors::failed(&self.path_of(entry), &error))?
            }
        };
        Ok(Box::new(Counted { reader, read: Arc::clone(&self.read) }))
    }

    /// The first bytes of an entry, at most `limit`; fewer or none where it is shorter or unreadable. To tell what it is.
    pub(crate) fn head(&self, entry: &Entry, limit: usize) -> Vec<u8> {
        let mut head = Vec::new();
        if let Some(reader) = self.look(entry) {
            let _ = reader.take(limit as u64).read_to_end(&mut head);
        }
        head
    }

    /// To tell what an entry is: one that cannot be opened is noted, since it may be what its neighbours are.
    fn look(&self, entry: &Entry) -> Option<Box<dyn Read + Send>> {
        let opened = self.read(entry);
        if opened.is_err() && matches!(entry.location, Location::File(_)) {
            self.unopened.lock().unwrap_or_else(PoisonError::into_inner).insert(Arc::clone(&entry.path));
        }
        opened.ok()
    }

    /// An entry as UTF-8: UTF-16 is recoded by its byte order mark, a UTF-8 mark is taken off.
    pub(crate) fn text(&self, entry: &Entry) -> Result<Box<dyn BufRead + Send>, SourceError> {
        Ok(text::decoded(self.read(entry)?))
    }

    /// The same as text, UTF-8 or UTF-16 by its byte order mark; what is neither becomes U+FFFD.
    pub(crate) fn head_text(&self, entry: &Entry, limit: usize) -> String {
        let mut head = Vec::new();
        if let Some(reader) = self.look(entry) {
            let _ = text::decoded(reader).take(limit as u64).read_to_end(&mut head);
        }
        String::from_utf8_lossy(&head).into_owned()
    }

    /// An entry's lines as text, UTF-8 or UTF-16 by its byte order mark, each bounded.
    pub(crate) fn lines(&self, entry: &Entry) -> Result<Lines, SourceError> {
        Ok(Lines::new(self.path_of(entry), text::decoded(self.read(entry)?)))
    }

    /// Where an entry is, for messages: the export's own path with the entry's behind it.
    pub(crate) fn path_of(&self, entry: &Entry) -> PathBuf {
        match &entry.location {
            Location::File(path) => path.clone(),
            Location::Zipped { .. } => self.root.join(&*entry.path),
        }
    }

    /// What was not looked at up to now, in words for the report.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut passed_over = self.passed_over.clone();
        let unopened = self.unopened.lock().unwrap_or_else(PoisonError::into_inner).len() as u64;
        if unopened > 0 {
            *passed_over.entry(UNOPENED).or_default() += unopened;
        }
        passed_over.iter().map(|(what, count)| format!("{count} {what}.")).collect()
    }

    /// Bytes read from entries so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// The same counter, to be looked at from another thread.
    pub(crate) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    fn push(&mut self, path: &str, size: u64, location: Location) -> Result<(), SourceError> {
        if self.entries.len() >= limits::MAX_ENTRIES {
            return Err(errors::too_many_entries(&self.root));
        }
        self.entries.push(Entry { path: path.into(), size, location, fits: None });
        Ok(())
    }

    fn pass_over(&mut self, what: &'static str) {
        *self.passed_over.entry(what).or_default() += 1;
    }
}

#[cfg(test)]
mod tests;
