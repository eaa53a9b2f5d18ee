//! ggml's block formats and how to turn each back into f32. Layouts: `block_*` in ggml's `ggml-common.h`; arithmetic:
//! `dequantize_row_*` in `ggml-quants.c`.

use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};

/// How a tensor's numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "these are the format's own names")]
pub enum QuantType {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q4_K,
    Q6_K,
}

impl QuantType {
    pub(super) const NAMES: &str = "F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K and Q6_K";

    /// The type with this `ggml_type` number, if it is supported.
    pub fn from_id(id: u32) -> Option<Self> {
        Some(match id {
            0 => Self::F32,
            1 => Self::F16,
            2 => Self::Q4_0,
            3 => Self::Q4_1,
            6 => Self::Q5_0,
            7 => Self::Q5_1,
            8 => Self::Q8_0,
            12 => Self::Q4_K,
            14 => Self::Q6_K,
            30 => Self::BF16,
            _ => return None,
        })
    }

    /// Numbers per block.
    pub const fn block_elements(self) -> usize {
        match self {
            Self::F32 | Self::F16 | Self::BF16 => 1,
            Self::Q4_0 | Self::Q4_1 | Self::Q5_0 | Self::Q5_1 | Self::Q8_0 => 32,
            Self::Q4_K | Self::Q6_K => 256,
        }
    }

    /// Bytes per block.
    pub const fn block_bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::BF16 => 2,
            Self::Q4_0 => 2 + 16,
            Self::Q4_1 => 2 + 2 + 16,
            Self::Q5_0 => 2 + 4 + 16,
            Self::Q5_1 => 2 + 2 + 4 + 16,
            Self::Q8_0 => 2 + 32,
            Self::Q4_K => 2 + 2 + 12 + 128,
            Self::Q6_K => 128 + 64 + 16 + 2,
        }
    }

    /// Writes the numbers of whole blocks to `out`.
    ///
    /// # Panics
    /// If the lengths of `blocks` and `out` are not those of the same number of blocks.
    pub fn dequantize(self, blocks: &[u8], out: &mut [f32]) {
        assert_eq!(
            blocks.len() / self.block_bytes() * self.block_elements(),
            out.len(),
            "blocks and numbers must match"
        );
        match self {
            Self::F32 => each::<4, 1>(blocks, out, |block, out| out[0] = f32::from_le_bytes(*block)),
            Self::F16 => halves(blocks, out),
            Self::BF16 => each::<2, 1>(blocks, out, |block, out| out[0] = bf16::from_le_bytes(*block).to_f32()),
            Self::Q4_0 => each::<18, 32>(blocks, out, q4_0),
            Self::Q4_1 => each::<20, 32>(blocks, out, q4_1),
            Self::Q5_0 => each::<22, 32>(blocks, out, q5_0),
            Self::Q5_1 => each::<24, 32>(blocks, out, q5_1),
            Self::Q8_0 => each::<34, 32>(blocks, out, q8_0),
            Self::Q4_K => each::<144, 256>(blocks, out, q4_k),
            Self::Q6_K => each::<210, 256>(blocks, out, q6_k),
        }
    }
}

/// Calls `one` for each block. Fixed sizes let the compiler drop the bounds checks and vectorise.
#[inline(always)]
fn each<const BYTES: usize, const NUMBERS: usize>(
    blocks: &[u8],
    out: &mut [f32],
    one: impl Fn(&[u8; BYTES], &mut [f32; NUMBERS]),
) {
    let (blocks, _) = blocks.as_chunks();
    let (out, _) = out.as_chunks_mut();
    for (block, out) in blocks.iter().zip(out) {
        one(block, out);
    }
}

/// F16 goes through a buffer so that the processor's conversion instruction is used where there is one.
fn halves(bytes: &[u8], out: &mut [f32]) {
    let mut buffer = [f16::ZERO; 256];
    for (bytes, out) in bytes.chunks(2 * buffer.len()).zip(out.chunks_mut(buffer.len())) {
        let (pairs, _) = bytes.as_chunks();
        for (value, pair) in buffer.iter_mut().zip(pairs) {
            *value = f16::from_le_bytes(*pair);
        }
        buffer[..out.len()].convert_to_f32_slice(out);
    }
}

fn scale(block: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}

fn q4_0(block: &[u8; 18], out: &mut [f32; 32]) {
    let d = scale(block, 0);
    for (i, byte) in block[2..].iter().enumerate() {
        out[i] = (i32::from(byte & 15) - 8) as f32 * d;
        out[i + 16] = (i32::from(byte >> 4) - 8) as f32 * d;
    }
}

fn q4_1(block: &[u8; 20], out: &mut [f32; 32]) {
    let (d, min) = (scale(block, 0), scale(block, 2));
    for (i, byte) in block[4..].iter().enumerate() {
        out[i] = f32::from(byte & 15) * d + min;
        out[i + 16] = f32::from(byte >> 4) * d + min;
    }
}

/// The 32 five-bit numbers of a block: four low bits in `low`, the fifth bits together in `high`.
fn five_bits(high: [u8; 4], low: &[u8]) -> [u8; 32] {
    let high = u32::from_le_bytes(high);
    let mut numbers = [0; 32];
    for (i, byte) in low.iter().enumerate() {
        numbers[i] = byte & 15 | ((high >> i & 1) as u8) << 4;
        numbers[i + 16] = byte >> 4 | ((high >> (i + 16) & 1) as u8) << 4;
    }
    numbers
}

fn q5_0(block: &[u8; 22], out: &mut [f32; 32]) {
    let d = scale(block, 0);
    let numbers = five_bits([block[2], block[3], block[4], block[5]], &block[6..]);
    for (out, number) in out.iter_mut().zip(numbers) {
        *out = (i32::from(number) - 16) as f32 * d;
    }
}

fn q5_1(block: &[u8; 24], out: &mut [f32; 32]) {
    let (d, min) = (scale(block, 0), scale(block, 2));
    let numbers = five_bits([block[4], block[5], block[6], block[7]], &block[8..]);
    for (out, number) in out.iter_mut().zip(numbers) {
        *out = f32::from(number) * d + min;
    }
}

fn q8_0(block: &[u8; 34], out: &mut [f32; 32]) {
    let d = scale(block, 0);
    for (out, byte) in out.iter_mut().zip(&block[2..]) {
        *out = f32::from(*byte as i8) * d;
    }
}

/// Scale and minimum of 32 numbers out of 256: eight pairs of six-bit numbers packed into twelve bytes.
fn q4_k_scale(packed: &[u8], pair: usize) -> (f32, f32) {
    let (scale, min) = if pair < 4 {
        (packed[pair] & 63, packed[pair + 4] & 63)
    } else {
        (packed[pair + 4] & 15 | packed[pair - 4] >> 6 << 4, packed[pair + 4] >> 4 | packed[pair] >> 6 << 4)
    };
    (scale.into(), min.into())
}

fn q4_k(block: &[u8; 144], out: &mut [f32; 256]) {
    let (d, d_min) = (scale(block, 0), scale(block, 2));
    let (packed, nibbles) = block[4..].split_at(12);
    for (half, (nibbles, out)) in nibbles.chunks_exact(32).zip(out.chunks_exact_mut(64)).enumerate() {
        let (low_scale, low_min) = q4_k_scale(packed, 2 * half);
        let (high_scale, high_min) = q4_k_scale(packed, 2 * half + 1);
        for (i, byte) in nibbles.iter().enumerate() {
            out[i] = d * low_scale * f32::from(byte & 15) - d_min * low_min;
            out[i + 32] = d * high_scale * f32::from(byte >> 4) - d_min * high_min;
        }
    }
}

fn q6_k(block: &[u8; 210], out: &mut [f32; 256]) {
    let d = scale(block, 208);
    for (half, out) in out.chunks_exact_mut(128).enumerate() {
        let low = &block[half * 64..][..64];
        let high = &block[128 + half * 32..][..32];
        let scales = &block[192 + half * 8..][..8];
        for i in 0..32 {
            let scale = |quarter: usize| d * f32::from(scales[2 * quarter + i / 16] as i8);
            let number = |low: u8, shift: u8| (i32::from(low | (high[i] >> shift & 3) << 4) - 32) as f32;
            out[i] = scale(0) * number(low[i] & 15, 0);
            out[i + 32] = scale(1) * number(low[i + 32] & 15, 2);
            out[i + 64] = scale(2) * number(low[i] >> 4, 4);
            out[i + 96] = scale(3) * number(low[i + 32] >> 4, 6);
        }
    }
}
