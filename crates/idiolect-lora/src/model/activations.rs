//! What a forward pass leaves for the backward pass, in buffers that are kept from one micro-batch to the next.
//!
//! Norms, activations and attention probabilities are computed again in the backward pass: that costs less than moving them
//! through memory, and a row needs a third of the space.

use crate::config::Config;
use crate::kernels::attention;

/// One block's activations, rows by rows.
#[derive(Default)]
pub(crate) struct LayerActivations {
    /// The residual stream before the block.
    pub input: Vec<f32>,
    pub input_inverse_rms: Vec<f32>,
    /// Rotated queries and keys, and values.
    pub qkv: Vec<f32>,
    pub attended: Vec<f32>,
    pub log_sums: Vec<f32>,
    /// The residual stream between attention and MLP.
    pub middle: Vec<f32>,
    pub middle_inverse_rms: Vec<f32>,
    pub gate_up: Vec<f32>,
    /// `A x` of each group of projections.
    pub ranks: [Vec<f32>; 4],
}

/// Everything one worker needs to run micro-batches, one at a time.
#[derive(Default)]
pub(crate) struct Workspace {
    pub layers: Vec<LayerActivations>,
    pub attention: attention::Scratch,
    /// The residual stream, and in the backward pass its gradient.
    pub stream: Vec<f32>,
    /// The normalised stream, and the gradient of it.
    pub normed: Vec<f32>,
    pub d_normed: Vec<f32>,
    /// The gradient of the MLP's activation, then the activation itself.
    pub activated: Vec<f32>,
    pub d_qkv: Vec<f32>,
    pub d_attended: Vec<f32>,
    pub d_ranks: Vec<f32>,
}

impl Workspace {
    /// Makes room for as many layers as the pass keeps.
    pub(crate) fn prepare(&mut self, config: &Config, keep: bool) {
        let layers = if keep { config.layers } else { 1 };
        if self.layers.len() < layers {
            self.layers.resize_with(layers, LayerActivations::default);
        }
    }
}

/// Makes a buffer exactly `len` long. What it holds is left as it was: the caller writes all of it.
pub(crate) fn resize(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    buffer.resize(len, 0.0);
    buffer
}
