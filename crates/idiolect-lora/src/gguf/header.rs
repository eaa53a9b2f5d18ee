//! Reads the part of a GGUF file before the tensor data. Counts and lengths come from the file, so each is checked against
//! the bytes that are left before anything is allocated. Format: ggml's `docs/gguf.md`.

use super::metadata::{Array, Metadata, Value};
use super::quant::QuantType;
use super::tensors::TensorInfo;

const MAGIC: &[u8; 4] = b"GGUF";
const DEFAULT_ALIGNMENT: u64 = 32;
const MAX_DIMENSIONS: u32 = 4;
const MAX_ARRAY_DEPTH: u32 = 3;
/// A tensor's entry holds at least a name length, a dimension count, one dimension, a type and an offset.
const MIN_TENSOR_ENTRY_BYTES: u64 = 8 + 4 + 8 + 4 + 8;
/// A metadata entry holds at least a key length, a value type and one byte of value.
const MIN_METADATA_ENTRY_BYTES: u64 = 8 + 4 + 1;

/// Why a header was refused. The caller adds the path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum HeaderProblem {
    CutShort(String),
    Format(String),
}

type Result<T> = std::result::Result<T, HeaderProblem>;

/// Metadata and tensor table. The `start` of each tensor is absolute and its bytes are known to lie inside the file.
#[derive(Debug)]
pub(super) struct Header {
    pub metadata: Metadata,
    pub tensors: Vec<TensorInfo>,
}

pub(super) fn parse(file: &[u8]) -> Result<Header> {
    let mut cursor = Cursor { file, at: 0 };
    if cursor.take(4, "magic number")? != MAGIC {
        return Err(format("it is not a GGUF file"));
    }
    match cursor.u32("version")? {
        2 | 3 => {}
        version if matches!(version.swap_bytes(), 1..=3) => {
            return Err(format("it is a big-endian GGUF file, which is not supported"));
        }
        version => return Err(format(&format!("it is GGUF version {version}; versions 2 and 3 are supported"))),
    }
    let tensor_count = cursor.u64("tensor count")?;
    let metadata_count = cursor.u64("metadata count")?;

    cursor.expect_entries(metadata_count, MIN_METADATA_ENTRY_BYTES, "metadata")?;
    let mut metadata = Metadata::default();
    for _ in 0..metadata_count {
        let key = cursor.string("a metadata key")?;
        let kind = cursor.u32("a metadata type")?;
        let value = cursor.value(kind, 0, &key)?;
        if metadata.insert(key.clone(), value).is_some() {
            return Err(format(&format!("the metadata key {key:?} occurs twice")));
        }
    }
    let alignment = match metadata.get("general.alignment") {
        None => DEFAULT_ALIGNMENT,
        Some(value) => value
            .as_u64()
            .filter(|n| n.is_power_of_two() && *n <= 1 << 20)
            .ok_or_else(|| format("general.alignment is no power of two"))?,
    };

    cursor.expect_entries(tensor_count, MIN_TENSOR_ENTRY_BYTES, "tensors")?;
    let mut tensors = Vec::new();
    for _ in 0..tensor_count {
        tensors.push(cursor.tensor()?);
    }
    place(&mut tensors, cursor.at as u64, alignment, file.len() as u64)?;
    Ok(Header { metadata, tensors })
}

/// Turns offsets relative to the data section into absolute ones and checks every tensor's end against the file.
fn place(tensors: &mut [TensorInfo], header_end: u64, alignment: u64, file_len: u64) -> Result<()> {
    let data_start = header_end.checked_next_multiple_of(alignment).ok_or_else(|| format("its header is too long"))?;
    let mut needed = 0;
    for tensor in tensors.iter_mut() {
        if !tensor.start.is_multiple_of(alignment) {
            return Err(format(&format!("tensor {:?} does not start on a {alignment}-byte border", tensor.name)));
        }
        let too_far = || format(&format!("tensor {:?} lies beyond any possible file", tensor.name));
        tensor.start = data_start.checked_add(tensor.start).ok_or_else(too_far)?;
        needed = needed.max(tensor.start.checked_add(tensor.bytes).ok_or_else(too_far)?);
    }
    if needed > file_len {
        let missing = needed - file_len;
        return Err(HeaderProblem::CutShort(format!("{missing} of {needed} bytes are missing at its end")));
    }
    Ok(())
}

fn format(reason: &str) -> HeaderProblem {
    HeaderProblem::Format(reason.to_owned())
}

struct Cursor<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn remaining(&self) -> u64 {
        (self.file.len() - self.at) as u64
    }

    fn take(&mut self, count: u64, what: &str) -> Result<&'a [u8]> {
        if count > self.remaining() {
            return Err(HeaderProblem::CutShort(format!(
                "it ends inside its header, at byte {} reading {what}",
                self.file.len()
            )));
        }
        let start = self.at;
        self.at += count as usize;
        Ok(&self.file[start..self.at])
    }

    fn bytes<const N: usize>(&mut self, what: &str) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.take(N as u64, what)?);
        Ok(bytes)
    }

    fn u32(&mut self, what: &str) -> Result<u32> {
        self.bytes(what).map(u32::from_le_bytes)
    }

    fn u64(&mut self, what: &str) -> Result<u64> {
        self.bytes(what).map(u64::from_le_bytes)
    }

    fn string(&mut self, what: &str) -> Result<String> {
        let length = self.u64(what)?;
        let bytes = self.take(length, what)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| format(&format!("{what} is not valid UTF-8")))
    }

    /// Refuses a count whose entries could not fit in what is left of the file.
    fn expect_entries(&self, count: u64, min_bytes: u64, what: &str) -> Result<()> {
        match count.checked_mul(min_bytes) {
            Some(bytes) if bytes <= self.remaining() => Ok(()),
            _ => Err(HeaderProblem::CutShort(format!(
                "its header announces {count} entries of {what}, more than fit in its {} bytes",
                self.file.len()
            ))),
        }
    }

    fn value(&mut self, kind: u32, depth: u32, key: &str) -> Result<Value> {
        Ok(match kind {
            0 => Value::Unsigned(self.bytes::<1>(key)?[0].into()),
            1 => Value::Signed(i8::from_le_bytes(self.bytes(key)?).into()),
            2 => Value::Unsigned(u16::from_le_bytes(self.bytes(key)?).into()),
            3 => Value::Signed(i16::from_le_bytes(self.bytes(key)?).into()),
            4 => Value::Unsigned(self.u32(key)?.into()),
            5 => Value::Signed(i32::from_le_bytes(self.bytes(key)?).into()),
            6 => Value::Float(f32::from_le_bytes(self.bytes(key)?).into()),
            7 => Value::Bool(self.bytes::<1>(key)?[0] != 0),
            8 => Value::String(self.string(key)?),
            9 => Value::Array(self.array(depth, key)?),
            10 => Value::Unsigned(self.u64(key)?),
            11 => Value::Signed(i64::from_le_bytes(self.bytes(key)?)),
            12 => Value::Float(f64::from_le_bytes(self.bytes(key)?)),
            other => return Err(format(&format!("the metadata value {key:?} has the unknown type {other}"))),
        })
    }

    fn array(&mut self, depth: u32, key: &str) -> Result<Array> {
        let kind = self.u32(key)?;
        let count = self.u64(key)?;
        let min_bytes = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            8 | 10..=12 => 8,
            9 if depth < MAX_ARRAY_DEPTH => 12,
            9 => return Err(format(&format!("the arrays of {key:?} are nested too deeply"))),
            other => return Err(format(&format!("the array {key:?} has the unknown element type {other}"))),
        };
        self.expect_entries(count, min_bytes, key)?;
        let mut array = Array::for_kind(kind, count as usize);
        for _ in 0..count {
            array.push(self.value(kind, depth + 1, key)?);
        }
        Ok(array)
    }

    /// One entry of the tensor table; `start` is still relative to the data section.
    fn tensor(&mut self) -> Result<TensorInfo> {
        let name = self.string("a tensor name")?;
        let dimensions = self.u32(&name)?;
        if dimensions == 0 || dimensions > MAX_DIMENSIONS {
            return Err(format(&format!("tensor {name:?} has {dimensions} dimensions")));
        }
        let dims = (0..dimensions).map(|_| self.u64(&name)).collect::<Result<Vec<_>>>()?;
        let type_id = self.u32(&name)?;
        let start = self.u64(&name)?;
        let quant = QuantType::from_id(type_id).ok_or_else(|| {
            format(&format!("tensor {name:?} is stored as ggml type {type_id}; supported are {}", QuantType::NAMES))
        })?;
        let elements = dims
            .iter()
            .try_fold(1u64, |product, &dim| product.checked_mul(dim))
            .filter(|&n| n > 0 && n <= usize::MAX as u64);
        let (Some(elements), true) = (elements, dims[0].is_multiple_of(quant.block_elements() as u64)) else {
            return Err(format(&format!("tensor {name:?} has the impossible shape {dims:?}")));
        };
        let blocks = elements / quant.block_elements() as u64;
        let bytes = blocks
            .checked_mul(quant.block_bytes() as u64)
            .ok_or_else(|| format(&format!("tensor {name:?} is too large")))?;
        Ok(TensorInfo { name, dims, quant, start, bytes })
    }
}
