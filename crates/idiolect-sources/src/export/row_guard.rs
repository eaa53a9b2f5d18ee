//! Where a row does not end: a quote that is not closed would take the rest of the file into memory.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Passes bytes on until those since the last row are more than `limit`, then fails with `too_long`.
pub(crate) struct RowGuard<R> {
    input: R,
    since_row: Arc<AtomicU64>,
    limit: u64,
    too_long: fn() -> io::Error,
}

/// Tells a guard that a row begins.
pub(crate) struct RowBegins(Arc<AtomicU64>);

impl RowBegins {
    pub(crate) fn note(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl<R: Read> RowGuard<R> {
    pub(crate) fn new(input: R, limit: u64, too_long: fn() -> io::Error) -> (Self, RowBegins) {
        let since_row = Arc::new(AtomicU64::new(0));
        let begins = RowBegins(Arc::clone(&since_row));
        (Self { input, since_row, limit, too_long }, begins)
    }
}

impl<R: Read> Read for RowGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.load(Ordering::Relaxed) > self.limit {
            return Err((self.too_long)());
        }
        let count = self.input.read(buffer)?;
        self.since_row.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
