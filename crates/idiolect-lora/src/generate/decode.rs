//! The forward pass of generation: some new tokens on top of cached ones.

use super::adapter::DecodeLora;
use super::cache::KvCache;
use super::weights::DecodeWeights;
use crate::kernels::cached_attention::{Seen, attend};
use crate::kernels::quantised::Activation;
use crate::kernels::rope::{Direction, Heads};
use crate::kernels::simd::add_scaled;
use crate::kernels::team::Lead;
use crate::kernels::{rms_norm, silu};
use crate::lora::{Group, Lora};
use crate::model::{Llama, apply_linear, resize};

/// From this many seen tokens on, heads are worth sharing between threads.
const LONG: usize = 32;

/// One sequence being generated.
pub(super) struct Decoder<'a> {
    model: &'a Llama,
    weights: &'a DecodeWeights,
    lora: Option<DecodeLora<'a>>,
    stream: Vec<f32>,
    normed: Vec<f32>,
    qkv: Vec<f32>,
    attended: Vec<f32>,
    gate_up: Vec<f32>,
    activated: Vec<f32>,
    out: Vec<f32>,
    ranks: Vec<f32>,
    activation: Activation,
    logits: Vec<f32>,
    /// Whether rows go through the matrix products of training, many at once, or through those of decoding, one by one. The
    /// two round differently, so which one computes a token never depends on how much of the prompt was kept.
    together: bool,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(model: &'a Llama, weights: &'a DecodeWeights, lora: Option<&'a Lora>) -> Self {
        let empty = Vec::new;
        Self {
            model,
            weights,
            lora: lora.map(|lora| DecodeLora::new(lora, model.config().layers)),
            stream: empty(),
            normed: empty(),
            qkv: empty(),
            attended: empty(),
            gate_up: empty(),
            activated: empty(),
            out: empty(),
            ranks: empty(),
            activation: Activation::default(),
            logits: empty(),
            together: false,
        }
    }

    /// Runs tokens of the prompt through the model together and appends them to the cache.
    pub(super) fn read(&mut self, cache: &mut KvCache, tokens: &[u32], lead: &Lead) {
        self.together = true;
        self.advance(cache, tokens, lead);
        self.together = false;
    }

    /// Runs new tokens through the model one by one and appends them to the cache.
    pub(super) fn advance(&mut self, cache: &mut KvCache, tokens: &[u32], lead: &Lead) {
        let (model, config) = (self.model, self.model.config());
        let start = cache.len();
        let positions: Vec<u32> = (start as u32..(start + tokens.len()) as u32).collect();
        cache.tokens.extend_from_slice(tokens);
        self.stream.clear();
        tokens.iter().for_each(|&id| self.stream.extend_from_slice(model.weights().embedding(id)));
        for layer in 0..config.layers {
            let weights = &model.weights().layers[layer];
            normalise(&self.stream, &weights.attention_norm, config.rms_eps, &mut self.normed);
            let mut qkv = std::mem::take(&mut self.qkv);
            let normed = std::mem::take(&mut self.normed);
            self.linear(layer, Group::Attention, &normed, &mut qkv, lead);
            self.attend(cache, layer, &positions, &mut qkv, lead);
            self.qkv = qkv;
            let attended = std::mem::take(&mut self.attended);
            self.add_linear(layer, Group::Output, &attended, lead);
            (self.attended, self.normed) = (attended, normed);

            normalise(&self.stream, &weights.mlp_norm, config.rms_eps, &mut self.normed);
            let (normed, mut gate_up) = (std::mem::take(&mut self.normed), std::mem::take(&mut self.gate_up));
            self.linear(layer, Group::GateUp, &normed, &mut gate_up, lead);
            let mut activated = std::mem::take(&mut self.activated);
            let width = config.feed_forward;
            silu::forward(&gate_up, width, resize(&mut activated, tokens.len() * width));
            self.add_linear(layer, Group::Down, &activated, lead);
            (self.normed, self.gate_up, self.activated) = (normed, gate_up, activated);
        }
    }

    /// Logits for the token after the last one.
    pub(super) fn logits(&mut self, lead: &Lead) -> &[f32] {
        let config = self.model.config();
        let last = &self.stream[self.stream.len() - config.hidden..];
        normalise(last, &self.model.weights().final_norm, config.rms_eps, &mut self.normed);
        let logits = resize(&mut self.logits, config.vocabulary);
        let head = &self.model.weights().head;
        self.weights.head.multiply(head, &self.normed, &mut self.activation, logits, lead);
        logits
    }

    /// Turns queries and keys, caches keys and values, and attends row by row.
    fn attend(&mut self, cache: &mut KvCache, layer: usize, positions: &[u32], qkv: &mut [f32], lead: &Lead) {
        let layout = self.model.config().head_layout();
        let (queries, stride) = (layout.query_width(), layout.kv_heads * layout.head_dim);
        let turned = Heads { heads: layout.heads + layout.kv_heads, stride: layout.row_width() };
        self.model.rope().rotate(qkv, turned, positions, Direction::Forward);
        let attended = resize(&mut self.attended, positions.len() * queries);
        let cached = &mut cache.layers[layer];
        for (row, out) in qkv.chunks_exact(layout.row_width()).zip(attended.chunks_exact_mut(queries)) {
            cached.keys.extend_from_slice(&row[queries..queries + stride]);
            cached.values.extend_from_slice(&row[queries + stride..]);
            let seen = Seen { keys: &cached.keys, values: &cached.values, stride, layout };
            // Heads that read the same key and value stay together.
            let many = cached.keys.len() / stride >= LONG;
            let share = if many { layout.heads / layout.kv_heads * layout.head_dim } else { queries };
            lead.share(out, share, &|at, out| {
                attend(seen, at / layout.head_dim, &row[at..at + out.len()], out);
            });
        }
    }

    /// `stream += W x + scale · B (A x)`.
    fn add_linear(&mut self, layer: usize, group: Group, x: &[f32], lead: &Lead) {
        let mut out = std::mem::take(&mut self.out);
        self.linear(layer, group, x, &mut out, lead);
        add_scaled(1.0, &out, &mut self.stream);
        self.out = out;
    }

    /// `y = W x + scale · B (A x)` for all rows of `x`.
    fn linear(&mut self, layer: usize, group: Group, x: &[f32], y: &mut Vec<f32>, lead: &Lead) {
        let matrix = self.model.weights().layers[layer].group(group);
        let rows = x.len() / matrix.inputs();
        let y = resize(y, rows * matrix.outputs());
        if self.together {
            let lora = self.lora.as_ref().map(|lora| lora.lora.group(layer, group));
            return apply_linear(matrix, lora, &matrix.all(rows), x, y, &mut self.ranks);
        }
        let weights = self.weights.group(layer, group);
        for (x, y) in x.chunks_exact(matrix.inputs()).zip(y.chunks_exact_mut(matrix.outputs())) {
            weights.multiply(matrix, x, &mut self.activation, y, lead);
            if let Some(lora) = &self.lora {
                lora.add(layer, group, x, y, &mut self.ranks);
            }
        }
    }
}

fn normalise(x: &[f32], weight: &[f32], eps: f32, out: &mut Vec<f32>) {
    let out = resize(out, x.len());
    let mut inverse_rms = vec![0.0; x.len() / weight.len()];
    rms_norm::forward(x, weight, eps, out, &mut inverse_rms);
}
