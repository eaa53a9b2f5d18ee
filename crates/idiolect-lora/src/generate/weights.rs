//! The weights as generation reads them, one token at a time.

use std::ops::Range;

use crate::gguf::QuantType;
use crate::kernels::matvec::{Bf16Matrix, multiply_f32};
use crate::kernels::quantised::{Activation, QuantisedMatrix, ROWS};
use crate::kernels::team::Lead;
use crate::kernels::{FrozenMatrix, Precision};
use crate::lora::Group;
use crate::model::Llama;
use crate::weights::StoredRows;

/// Outputs of a share of a product: enough to be worth claiming, and a multiple of [`ROWS`].
const SHARE: usize = 6 * ROWS;
/// A larger product is cut into this many shares, so that its shares still take a while each.
const SHARES: usize = 64;

/// A model's matrices.
pub(super) struct DecodeWeights {
    /// In the order of [`Group`], layer by layer.
    layers: Vec<[DecodeMatrix; 4]>,
    pub head: DecodeMatrix,
}

impl DecodeWeights {
    pub(super) fn new(model: &Llama, precision: Precision) -> Self {
        let weights = model.weights();
        let layers = weights
            .layers
            .iter()
            .map(|layer| Group::ALL.map(|group| DecodeMatrix::new(layer.group(group), layer.stored(group), precision)));
        let head = std::slice::from_ref(&weights.stored_head);
        Self { layers: layers.collect(), head: DecodeMatrix::new(&weights.head, head, precision) }
    }

    pub(super) fn group(&self, layer: usize, group: Group) -> &DecodeMatrix {
        &self.layers[layer][group as usize]
    }
}

/// A matrix, in parts where its tensors are stored in different ways.
pub(super) struct DecodeMatrix {
    parts: Vec<(Range<usize>, Rows)>,
}

enum Rows {
    Quantised(QuantisedMatrix),
    Rounded(Bf16Matrix),
    /// The model's own `f32`.
    Dense,
}

impl DecodeMatrix {
    /// Packs what a kernel reads as it is stored. The rest is rounded to bf16 unless `f32` was asked for.
    fn new(matrix: &FrozenMatrix, stored: &[StoredRows], precision: Precision) -> Self {
        let mut parts = Vec::new();
        let mut start = 0;
        // Tensors stored alike are one part.
        let all: Vec<_> = stored.iter().map(|rows| (rows.rows, as_stored(matrix, rows))).collect();
        for alike in all.chunk_by(|(_, a), (_, b)| a.as_ref().map(|a| a.0) == b.as_ref().map(|b| b.0)) {
            let end = start + alike.iter().map(|(rows, _)| rows).sum::<usize>();
            let bytes: Vec<&[u8]> =
                alike.iter().filter_map(|(_, rows)| rows.as_ref()).flat_map(|(_, r)| r).copied().collect();
            let rows = match &alike[0].1 {
                Some((quant, _)) => Rows::Quantised(QuantisedMatrix::pack(*quant, &bytes)),
                None if precision == Precision::F32 => Rows::Dense,
                None => {
                    let inputs = matrix.inputs();
                    Rows::Rounded(Bf16Matrix::new(&matrix.weights()[start * inputs..end * inputs], inputs))
                }
            };
            parts.push((start..end, rows));
            start = end;
        }
        Self { parts }
    }

    /// `y = W x` for one row, shared by the threads there are. `model` is the matrix this one was made of; `activation` is
    /// scratch.
    pub(super) fn multiply(
        &self,
        model: &FrozenMatrix,
        x: &[f32],
        activation: &mut Activation,
        y: &mut [f32],
        lead: &Lead,
    ) {
        if self.parts.iter().any(|(_, rows)| matches!(rows, Rows::Quantised(_))) {
            activation.set(x);
        }
        let (activation, inputs) = (&*activation, x.len());
        for (range, rows) in &self.parts {
            let share = SHARE.max(range.len().div_ceil(SHARES).next_multiple_of(ROWS));
            lead.share(&mut y[range.clone()], share, &|at, y| match rows {
                Rows::Quantised(matrix) => matrix.multiply(at..at + y.len(), activation, y),
                Rows::Rounded(matrix) => matrix.multiply(at..at + y.len(), x, y),
                Rows::Dense => {
                    let first = range.start + at;
                    multiply_f32(&model.weights()[first * inputs..(first + y.len()) * inputs], x, y);
                }
            });
        }
    }
}

/// The rows' type and bytes, if a kernel reads them.
fn as_stored<'a>(matrix: &FrozenMatrix, rows: &'a StoredRows) -> Option<(QuantType, Vec<&'a [u8]>)> {
    rows.in_order()
        .filter(|(quant, _)| QuantisedMatrix::reads(*quant) && matrix.inputs().is_multiple_of(quant.block_elements()))
}
