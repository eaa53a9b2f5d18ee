//! The forward pass over a packed micro-batch.

use super::Llama;
use super::activations::{LayerActivations, Workspace, resize};
use super::linear::apply;
use crate::kernels::attention::{self, Visibility};
use crate::kernels::rope::{Direction, Heads};
use crate::kernels::{FrozenMatrix, rms_norm, silu};
use crate::lora::{Group, Lora};
use crate::packing::MicroBatch;

impl Llama {
    /// Runs a micro-batch through all blocks. Afterwards `work.stream` has the last block's output for the batch' loss rows,
    /// and `work.layers` what the backward pass needs if `keep` is set.
    pub(crate) fn forward(&self, lora: Option<&Lora>, batch: &MicroBatch, keep: bool, work: &mut Workspace) {
        let hidden = self.config.hidden;
        work.prepare(&self.config, keep);
        work.stream.clear();
        for &id in &batch.ids {
            work.stream.extend_from_slice(self.weights.embedding(id));
        }
        for layer in 0..self.config.layers {
            let mut kept = std::mem::take(&mut work.layers[if keep { layer } else { 0 }]);
            self.attend(layer, lora, batch, keep, &mut kept, work);
            if layer + 1 == self.config.layers {
                gather_rows(&mut work.stream, &batch.loss_rows, hidden);
                gather_rows(&mut kept.attended, &batch.loss_rows, self.config.query_width());
            }
            self.transform(layer, lora, keep, &mut kept, work);
            work.layers[if keep { layer } else { 0 }] = kept;
        }
    }

    /// Everything of a block that is computed for all rows: norm, queries, keys and values, attention.
    fn attend(
        &self,
        layer: usize,
        lora: Option<&Lora>,
        batch: &MicroBatch,
        keep: bool,
        kept: &mut LayerActivations,
        work: &mut Workspace,
    ) {
        let (rows, weights, heads) = (batch.rows(), &self.weights.layers[layer], self.config.head_layout());
        copy_if(keep, &work.stream, &mut kept.input);
        let normed = resize(&mut work.normed, work.stream.len());
        let inverse_rms = resize(&mut kept.input_inverse_rms, rows);
        rms_norm::forward(&work.stream, &weights.attention_norm, self.config.rms_eps, normed, inverse_rms);
        let qkv = resize(&mut kept.qkv, rows * heads.row_width());
        let group = lora.map(|l| l.group(layer, Group::Attention));
        let matrix = &weights.attention;
        apply(matrix, group, &matrix.all(rows), normed, qkv, &mut kept.ranks[Group::Attention as usize]);
        let turned = Heads { heads: heads.heads + heads.kv_heads, stride: heads.row_width() };
        self.rope.rotate(qkv, turned, &batch.positions, Direction::Forward);
        let seen = Visibility { prefix: batch.prefix, segments: &batch.segments };
        let out = attention::Output {
            attended: resize(&mut kept.attended, rows * heads.query_width()),
            log_sums: resize(&mut kept.log_sums, rows * heads.heads),
        };
        attention::forward(heads, seen, qkv, out, &mut work.attention);
    }

    /// The rest of a block, row by row: output projection and MLP, each added to the stream.
    fn transform(
        &self,
        layer: usize,
        lora: Option<&Lora>,
        keep: bool,
        kept: &mut LayerActivations,
        work: &mut Workspace,
    ) {
        let (weights, width) = (&self.weights.layers[layer], self.config.feed_forward);
        let rows = work.stream.len() / self.config.hidden;
        let adding = |matrix: &FrozenMatrix| {
            let mut block = matrix.all(rows);
            block.accumulate = true;
            block
        };
        let group = |group: Group| lora.map(|l| l.group(layer, group));
        let [_, output_ranks, gate_up_ranks, down_ranks] = &mut kept.ranks;
        let stream = &mut work.stream;
        let output = &weights.output;
        apply(output, group(Group::Output), &adding(output), &kept.attended, stream, output_ranks);
        copy_if(keep, stream, &mut kept.middle);
        let normed = resize(&mut work.normed, stream.len());
        let inverse_rms = resize(&mut kept.middle_inverse_rms, rows);
        rms_norm::forward(stream, &weights.mlp_norm, self.config.rms_eps, normed, inverse_rms);
        let gate_up = resize(&mut kept.gate_up, rows * 2 * width);
        let matrix = &weights.gate_up;
        apply(matrix, group(Group::GateUp), &matrix.all(rows), normed, gate_up, gate_up_ranks);
        let activated = resize(&mut work.activated, rows * width);
        silu::forward(gate_up, width, activated);
        apply(&weights.down, group(Group::Down), &adding(&weights.down), activated, stream, down_ranks);
    }
}

fn copy_if(keep: bool, from: &[f32], to: &mut Vec<f32>) {
    if keep {
        to.clear();
        to.extend_from_slice(from);
    }
}

/// Keeps only the given rows, which must be ascending.
fn gather_rows(buffer: &mut Vec<f32>, rows: &[usize], width: usize) {
    for (to, &from) in rows.iter().enumerate() {
        buffer.copy_within(from * width..(from + 1) * width, to * width);
    }
    buffer.truncate(rows.len() * width);
}
