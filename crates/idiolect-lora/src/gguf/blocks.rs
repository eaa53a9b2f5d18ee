//! A tensor as its file stores it, for kernels that read quantised weights as they are.

use std::ops::Range;
use std::sync::Arc;

use super::QuantType;

/// A tensor's blocks. Shares the bytes with where they come from, and keeps them alive.
#[derive(Clone)]
pub struct Blocks {
    quant: QuantType,
    bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
    range: Range<usize>,
}

impl Blocks {
    /// Blocks in a range of some bytes.
    ///
    /// # Panics
    /// If the range is not in the bytes.
    pub fn new(quant: QuantType, bytes: Arc<dyn AsRef<[u8]> + Send + Sync>, range: Range<usize>) -> Self {
        assert!(range.start <= range.end && range.end <= (*bytes).as_ref().len(), "blocks lie in their bytes");
        Self { quant, bytes, range }
    }

    pub fn quant(&self) -> QuantType {
        self.quant
    }

    /// The blocks, row by row.
    pub fn bytes(&self) -> &[u8] {
        &(*self.bytes).as_ref()[self.range.clone()]
    }
}

impl std::fmt::Debug for Blocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blocks").field("quant", &self.quant).field("bytes", &self.range.len()).finish()
    }
}
