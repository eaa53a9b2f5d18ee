//! A zip's files, read as streams from where they lie in it.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::{Crc, bufread::DeflateDecoder};
use idiolect_dataset::SourceError;
use zip::{CompressionMethod, ZipArchive};

use super::errors::{self, Refusal};
use super::{Export, Location, folder, limits};

const MAGIC: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
const END_OF_DIRECTORY: &[u8] = b"PK\x05\x06";
const ZIP64_LOCATOR: &[u8] = b"PK\x06\x07";
/// The end record and the longest comment behind it.
const END_BYTES: u64 = 22 + 65_535 + 20;
const BOMB: (&str, &str) = ("it unpacks to hundreds of times its size", "no app exports that; do not trust the file");

pub(super) struct Archive {
    file: Arc<File>,
    zip: Mutex<ZipArchive<BufReader<ReadAt>>>,
    budget: Arc<Budget>,
}

/// What may still be unpacked, over all entries and readings: entries can share packed bytes.
struct Budget {
    unpacked: AtomicU64,
    limit: u64,
}

pub(super) fn has_zip_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("zip"))
}

pub(super) fn is_zip(path: &Path) -> io::Result<bool> {
    let mut magic = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut magic)?;
    Ok(MAGIC.contains(&magic.as_slice()))
}

/// Adds the entries of the zip at `path`, with `prefix` before their paths.
pub(super) fn list(export: &mut Export, path: &Path, prefix: &str) -> Result<(), SourceError> {
    let open = || -> io::Result<(Arc<File>, u64)> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok((Arc::new(file), length))
    };
    let (file, length) = open().map_err(|error| errors::cannot_open(path, &error))?;
    let announced = announced_entries(&file, length).filter(|count| *count <= limits::MAX_ENTRIES as u64);
    let announced = announced.ok_or_else(|| errors::not_a_zip(path))?;
    let reader = BufReader::new(ReadAt { file: Arc::clone(&file), at: 0, length });
    let mut zip = ZipArchive::new(reader).map_err(|_| errors::not_a_zip(path))?;
    // The zip crate keeps the last of those with one name.
    for _ in zip.len() as u64..announced {
        export.pass_over("files of a zip were passed over, as another of its files has the same name");
    }
    let archive = export.archives.len();
    for index in 0..zip.len() {
        let Ok(entry) = zip.by_index_raw(index) else {
            return Err(errors::not_a_zip(path));
        };
        // Names are UTF-8 in practice also where the flag that says so is not set.
        let name = match std::str::from_utf8(entry.name_raw()) {
            Ok(name) => name.replace('\\', "/"),
            Err(_) => entry.name().map_or_else(|_| format!("entry {index}"), |name| name.replace('\\', "/")),
        };
        let (size, is_symlink) = (entry.size(), entry.is_symlink());
        export.is_encrypted |= entry.encrypted();
        export.is_packed_oddly |=
            !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated);
        drop(entry);
        if name.ends_with('/') || name.split('/').any(folder::is_clutter) {
            continue;
        }
        if is_symlink {
            export.pass_over("symbolic links were not followed");
        } else if name.starts_with('/') || name.contains('\0') || name.split('/').any(|part| part == "..") {
            export.pass_over("files of a zip with names that lead out of it were passed over");
        } else if name.split('/').count() > limits::MAX_DEPTH {
            export.pass_over("folders nested too deeply were not looked into");
        } else {
            if has_zip_name(&name) {
                export.pass_over("zips inside a zip were not looked into");
            }
            export.push(&format!("{prefix}{name}"), size, Location::Zipped { archive, index })?;
        }
    }
    let limit = limits::FREE_BYTES.max(length.saturating_mul(limits::MAX_RATIO));
    let budget = Arc::new(Budget { unpacked: AtomicU64::new(0), limit });
    export.archives.push(Archive { file, zip: Mutex::new(zip), budget });
    Ok(())
}

impl Archive {
    pub(super) fn read(&self, index: usize) -> io::Result<Box<dyn Read + Send>> {
        let mut zip = self.zip.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = zip.by_index_raw(index).map_err(io::Error::from)?;
        if entry.encrypted() {
            return Err(Refusal::io("it is encrypted", "unpack the zip with its password and name the folder"));
        }
        let start = entry.data_start().ok_or(io::ErrorKind::InvalidData)?;
        let end = start.checked_add(entry.compressed_size()).ok_or(io::ErrorKind::InvalidData)?;
        let packed = ReadAt { file: Arc::clone(&self.file), at: start, length: end };
        let unpacked: Box<dyn Read + Send> = match entry.compression() {
            CompressionMethod::Stored => Box::new(packed),
            CompressionMethod::Deflated => Box::new(DeflateDecoder::new(BufReader::with_capacity(32 * 1024, packed))),
            _ => {
                return Err(Refusal::io(
                    "it is packed by a method that exports do not use",
                    "unpack the zip and name the folder",
                ));
            }
        };
        let (size, crc) = (entry.size(), entry.crc32());
        Ok(Box::new(Checked {
            unpacked,
            budget: Arc::clone(&self.budget),
            size,
            expected: crc,
            crc: Crc::new(),
            count: 0,
        }))
    }
}

/// Unpacked bytes, checked against the entry's size and checksum and the archive's budget.
struct Checked {
    unpacked: Box<dyn Read + Send>,
    budget: Arc<Budget>,
    size: u64,
    expected: u32,
    crc: Crc,
    count: u64,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let count = self.unpacked.read(buffer)?;
        self.crc.update(&buffer[..count]);
        self.count += count as u64;
        if self.count > self.size {
            return Err(Refusal::io("an entry of the zip is larger than the zip says", "copy or export it again"));
        }
        if self.budget.unpacked.fetch_add(count as u64, Ordering::Relaxed) > self.budget.limit {
            return Err(Refusal::io(BOMB.0, BOMB.1));
        }
        if count == 0 && self.count < self.size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if count == 0 && self.crc.sum() != self.expected {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(count)
    }
}

/// A file read from a place of its own, so that entries can be read side by side through one handle.
struct ReadAt {
    file: Arc<File>,
    at: u64,
    length: u64,
}

impl Read for ReadAt {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.at);
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let count = std::os::unix::fs::FileExt::read_at(&*self.file, &mut buffer[..wanted], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for ReadAt {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// How many entries the zip's end says it has, so that a directory of millions is refused before it is read; `None` without
/// an end.
fn announced_entries(file: &Arc<File>, length: u64) -> Option<u64> {
    let from = length.saturating_sub(END_BYTES);
    let mut end = Vec::new();
    ReadAt { file: Arc::clone(file), at: from, length }.read_to_end(&mut end).ok()?;
    let at = end.windows(4).rposition(|window| window == END_OF_DIRECTORY)?;
    let number = |data: &[u8], at: usize, bytes: usize| -> Option<u64> {
        let bytes = data.get(at..at + bytes)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    };
    let count = number(&end, at + 10, 2)?;
    if count < u64::from(u16::MAX) {
        return Some(count);
    }
    let locator = at.checked_sub(20)?;
    if end.get(locator..locator + 4)? != ZIP64_LOCATOR {
        return Some(count);
    }
    let record = number(&end, locator + 8, 8)?;
    let mut zip64 = vec![0; 40];
    ReadAt { file: Arc::clone(file), at: record, length }.read_exact(&mut zip64).ok()?;
    number(&zip64, 32, 8)
}
