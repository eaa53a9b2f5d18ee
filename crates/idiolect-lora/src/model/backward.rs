//! The backward pass: from the gradient of the last block's output to the gradient of every adapter parameter.

use super::Llama;
use super::activations::{LayerActivations, Workspace, resize};
use super::linear::{GroupGradient, backward_input, backward_parameters, backward_ranks};
use crate::kernels::attention::{self, Visibility};
use crate::kernels::rope::{Direction, Heads};
use crate::kernels::{rms_norm, silu};
use crate::lora::{Group, Lora};
use crate::packing::MicroBatch;

impl Llama {
    /// Losses of a micro-batch, and the gradient of `weight ·` their sum added to `gradient`, which is laid out like the
    /// adapter's parameters.
    pub(crate) fn losses_and_gradients(
        &self,
        lora: &Lora,
        batch: &MicroBatch,
        weight: f32,
        gradient: &mut [f32],
        work: &mut Workspace,
    ) -> Vec<f32> {
        self.forward(Some(lora), batch, true, work);
        let losses = self.losses_and_gradient(batch, weight, work);
        for layer in (0..self.config.layers).rev() {
            let mut kept = std::mem::take(&mut work.layers[layer]);
            let gradient = &mut gradient[lora.layout().layer(layer)];
            self.transform_backward(layer, lora, gradient, &mut kept, work);
            if layer + 1 == self.config.layers {
                scatter_rows(&mut work.stream, batch, self.config.hidden);
                scatter_rows(&mut work.d_attended, batch, self.config.query_width());
                scatter_rows(&mut kept.attended, batch, self.config.query_width());
            }
            self.attend_backward(layer, lora, batch, gradient, &kept, work);
            work.layers[layer] = kept;
        }
        losses
    }

    /// MLP and output projection. `work.stream` is the gradient of the stream; the gradient of the attention's output is
    /// left in `work.d_attended`.
    fn transform_backward(
        &self,
        layer: usize,
        lora: &Lora,
        gradient: &mut [f32],
        kept: &mut LayerActivations,
        work: &mut Workspace,
    ) {
        let (weights, width) = (&self.weights.layers[layer], self.config.feed_forward);
        let rows = work.stream.len() / self.config.hidden;
        let [_, output_ranks, gate_up_ranks, down_ranks] = &kept.ranks;

        let group = lora.group(layer, Group::Down);
        let activated = resize(&mut work.activated, rows * width);
        backward_input(&weights.down, group, rows, &work.stream, &mut work.d_ranks, activated);
        silu::backward(&mut kept.gate_up, width, activated);
        let d_ranks = &work.d_ranks;
        let given = GroupGradient { rows, x: activated, ranks: down_ranks, dy: &work.stream, d_ranks };
        backward_parameters(group, given, gradient);

        let normed = resize(&mut work.normed, work.stream.len());
        rms_norm::again(&kept.middle, &weights.mlp_norm, &kept.middle_inverse_rms, normed);
        let d_normed = resize(&mut work.d_normed, work.stream.len());
        let group = lora.group(layer, Group::GateUp);
        backward_input(&weights.gate_up, group, rows, &kept.gate_up, &mut work.d_ranks, d_normed);
        let d_ranks = &work.d_ranks;
        let given = GroupGradient { rows, x: normed, ranks: gate_up_ranks, dy: &kept.gate_up, d_ranks };
        backward_parameters(group, given, gradient);
        rms_norm::backward(&kept.middle, &weights.mlp_norm, &kept.middle_inverse_rms, d_normed, &mut work.stream);

        let d_attended = resize(&mut work.d_attended, rows * self.config.query_width());
        let group = lora.group(layer, Group::Output);
        backward_input(&weights.output, group, rows, &work.stream, &mut work.d_ranks, d_attended);
        let (x, d_ranks) = (&kept.attended, &work.d_ranks);
        let given = GroupGradient { rows, x, ranks: output_ranks, dy: &work.stream, d_ranks };
        backward_parameters(group, given, gradient);
    }

    /// Attention, and queries, keys and values. Below the first block nothing is trained, so its input needs no gradient.
    fn attend_backward(
        &self,
        layer: usize,
        lora: &Lora,
        batch: &MicroBatch,
        gradient: &mut [f32],
        kept: &LayerActivations,
        work: &mut Workspace,
    ) {
        let (weights, heads) = (&self.weights.layers[layer], self.config.head_layout());
        let seen = Visibility { prefix: batch.prefix, segments: &batch.segments };
        let d_qkv = resize(&mut work.d_qkv, batch.rows() * heads.row_width());
        let out =
            attention::Gradient { d_attended: &work.d_attended, attended: &kept.attended, log_sums: &kept.log_sums };
        attention::backward(heads, seen, &kept.qkv, out, d_qkv, &mut work.attention);
        let turned = Heads { heads: heads.heads + heads.kv_heads, stride: heads.row_width() };
        self.rope.rotate(d_qkv, turned, &batch.positions, Direction::Backward);

        let normed = resize(&mut work.normed, kept.input.len());
        rms_norm::again(&kept.input, &weights.attention_norm, &kept.input_inverse_rms, normed);
        let (group, rows) = (lora.group(layer, Group::Attention), batch.rows());
        if layer == 0 {
            backward_ranks(&weights.attention, group, rows, d_qkv, &mut work.d_ranks);
        } else {
            let d_normed = resize(&mut work.d_normed, kept.input.len());
            backward_input(&weights.attention, group, rows, d_qkv, &mut work.d_ranks, d_normed);
            let norm = &weights.attention_norm;
            rms_norm::backward(&kept.input, norm, &kept.input_inverse_rms, d_normed, &mut work.stream);
        }
        let (ranks, d_ranks) = (&kept.ranks[Group::Attention as usize], &work.d_ranks);
        backward_parameters(group, GroupGradient { rows, x: normed, ranks, dy: d_qkv, d_ranks }, gradient);
    }
}

/// Moves the loss rows back to their places among all rows, zeros elsewhere.
fn scatter_rows(buffer: &mut Vec<f32>, batch: &MicroBatch, width: usize) {
    buffer.resize(batch.rows() * width, 0.0);
    let mut end = batch.rows();
    for (from, &to) in batch.loss_rows.iter().enumerate().rev() {
        buffer.copy_within(from * width..(from + 1) * width, to * width);
        buffer[(to + 1) * width..end * width].fill(0.0);
        end = to;
    }
    buffer[..end * width].fill(0.0);
}
