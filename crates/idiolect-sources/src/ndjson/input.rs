//! The bytes of a file, unpacked if it is gzip, and how far through the file reading has come.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use crate::export::Counted;

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const BUFFER: usize = 64 * 1024;

/// An open file: its unpacked contents and its progress.
pub(super) struct Input {
    pub(super) contents: Box<dyn BufRead + Send>,
    pub(super) progress: Progress,
}

/// The share of a file's own bytes that were read.
pub(super) struct Progress {
    read: Arc<AtomicU64>,
    length: u64,
}

impl Progress {
    /// 0.0 to 1.0.
    pub(super) fn share(&self) -> f32 {
        match self.length {
            0 => 1.0,
            length => (self.read.load(Ordering::Relaxed) as f64 / length as f64).min(1.0) as f32,
        }
    }
}

/// Opens a file and tells by its first bytes whether it is gzip.
pub(super) fn open(path: &Path) -> io::Result<Input> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let read = Arc::new(AtomicU64::new(0));
    let mut packed = BufReader::with_capacity(BUFFER, Counted { reader: file, read: Arc::clone(&read) });
    let is_gzip = packed.fill_buf()?.starts_with(GZIP_MAGIC);
    let contents: Box<dyn BufRead + Send> = match is_gzip {
        true => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(packed))),
        false => Box::new(packed),
    };
    Ok(Input { contents, progress: Progress { read, length: metadata.len() } })
}
