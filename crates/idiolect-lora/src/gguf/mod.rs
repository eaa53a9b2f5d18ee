//! Base model files in GGUF, versions 2 and 3: metadata, vocabulary and weights in one memory-mapped file.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memmap2::Mmap;

use crate::error::{Error, Result};
use crate::weights::TensorSource;

mod blocks;
mod header;
mod metadata;
mod quant;
mod tensors;

pub use blocks::Blocks;
pub use metadata::{Array, Metadata, Value};
pub use quant::QuantType;
pub use tensors::TensorInfo;

use header::HeaderProblem;

/// An open base model file. Everything its header says has been checked against the file's length.
pub struct GgufFile {
    path: PathBuf,
    map: Arc<Mmap>,
    metadata: Metadata,
    tensors: BTreeMap<String, TensorInfo>,
}

impl GgufFile {
    /// Opens a base model and reads its header; tensor data stays on disk until asked for.
    ///
    /// # Errors
    /// When the file is missing, cut short, or not a GGUF this crate reads; each says what to do.
    pub fn open(path: &Path) -> Result<Self> {
        let unreadable = |source| Error::OpenModel { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.len() == 0 {
            return Err(Error::ModelCutShort { path: path.to_owned(), missing: "it is empty".to_owned() });
        }
        // SAFETY: the map is read-only. Base models are written to a temporary file and renamed into place, so nobody
        // of ours changes the bytes under the map.
        let map = unsafe { Mmap::map(&file) }.map_err(unreadable)?;
        let header = header::parse(&map).map_err(|problem| match problem {
            HeaderProblem::CutShort(missing) => Error::ModelCutShort { path: path.to_owned(), missing },
            HeaderProblem::Format(reason) => Error::ModelFormat { path: path.to_owned(), reason },
        })?;
        let mut tensors = BTreeMap::new();
        for tensor in header.tensors {
            if let Some(twice) = tensors.insert(tensor.name.clone(), tensor) {
                return Err(Error::ModelFormat {
                    path: path.to_owned(),
                    reason: format!("the tensor {:?} occurs twice", twice.name),
                });
            }
        }
        Ok(Self { path: path.to_owned(), map: Arc::new(map), metadata: header.metadata, tensors })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    pub fn tensor_info(&self, name: &str) -> Option<&TensorInfo> {
        self.tensors.get(name)
    }

    /// All tensors by name.
    pub fn tensors(&self) -> impl Iterator<Item = &TensorInfo> {
        self.tensors.values()
    }

    /// A tensor's numbers in file order (first dimension fastest).
    ///
    /// # Errors
    /// When the file has no tensor of this name.
    pub fn read_f32(&self, name: &str) -> Result<Vec<f32>> {
        let info = self.tensor_info(name).ok_or_else(|| Error::ModelFormat {
            path: self.path.clone(),
            reason: format!("it has no tensor {name:?}"),
        })?;
        let mut out = vec![0.0; info.elements()];
        tensors::dequantize(info.quant, info.slice(&self.map), &mut out);
        Ok(out)
    }
}

impl TensorSource for GgufFile {
    fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    fn tensor(&self, name: &str) -> Result<Vec<f32>> {
        self.read_f32(name)
    }

    fn blocks(&self, name: &str) -> Option<Blocks> {
        let info = self.tensor_info(name)?;
        Some(Blocks::new(info.quant, self.map.clone(), info.range()))
    }
}

impl std::fmt::Debug for GgufFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GgufFile")
            .field("path", &self.path)
            .field("tensors", &self.tensors.len())
            .finish_non_exhaustive()
    }
}
