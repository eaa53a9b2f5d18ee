//! The tensor table of a GGUF file and reading a tensor as f32.

use std::ops::Range;
use std::thread;

use super::quant::QuantType;

/// Below this many numbers a thread costs more than it saves.
const NUMBERS_PER_THREAD: usize = 1 << 18;

/// One tensor: where it lies and how it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorInfo {
    pub name: String,
    /// ggml order: the first dimension is the fastest, so a matrix is `[columns, rows]`.
    pub dims: Vec<u64>,
    pub quant: QuantType,
    /// Absolute position of the first byte in the file.
    pub(super) start: u64,
    pub(super) bytes: u64,
}

impl TensorInfo {
    /// How many numbers the tensor holds.
    pub fn elements(&self) -> usize {
        self.bytes as usize / self.quant.block_bytes() * self.quant.block_elements()
    }

    /// Where the tensor's bytes lie in the file.
    pub(super) fn range(&self) -> Range<usize> {
        self.start as usize..(self.start + self.bytes) as usize
    }

    pub(super) fn slice<'a>(&self, file: &'a [u8]) -> &'a [u8] {
        &file[self.range()]
    }
}

/// Dequantises `blocks` on as many threads as are worth their start.
pub(super) fn dequantize(quant: QuantType, blocks: &[u8], out: &mut [f32]) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = (out.len() / NUMBERS_PER_THREAD).clamp(1, cores);
    if threads == 1 {
        return quant.dequantize(blocks, out);
    }
    let block_count = out.len() / quant.block_elements();
    let per_thread = block_count.div_ceil(threads);
    thread::scope(|scope| {
        for (blocks, out) in
            blocks.chunks(per_thread * quant.block_bytes()).zip(out.chunks_mut(per_thread * quant.block_elements()))
        {
            scope.spawn(move || quant.dequantize(blocks, out));
        }
    });
}
