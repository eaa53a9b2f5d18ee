//! Where a row does not end: a quote that is not closed would take the rest of the file into memory, or be taken for a long text.

use std::io::{self, Chain, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Passes bytes on, and a last row behind them, until those since the last row are more than `limit`, then fails with `too_long`.
pub(crate) struct RowGuard<R> {
    input: Chain<R, &'static [u8]>,
    since_row: Arc<AtomicU64>,
    limit: u64,
    too_long: fn() -> io::Error,
}

/// The row that a guard puts behind the last, with the line feed that this may lack.
const LAST: &str = "\n\u{1}the rows end here\u{1}\n";

/// How a table ends, as far as a row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowsEnd {
    /// This is no row of the table any more.
    Here,
    /// A quotation mark of this row is not closed, so that all below it is part of it.
    Unclosed,
}

impl RowsEnd {
    /// `None` for a row with others below it.
    pub(crate) fn in_row(row: &csv::StringRecord) -> Option<Self> {
        let cell = row.get(row.len().checked_sub(1)?)?;
        let before = cell.trim_end_matches(['\n', '\r']).strip_suffix(LAST.trim())?;
        Some(if before.is_empty() && row.len() == 1 { Self::Here } else { Self::Unclosed })
    }
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
        (Self { input: input.chain(LAST.as_bytes()), since_row, limit, too_long }, begins)
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
