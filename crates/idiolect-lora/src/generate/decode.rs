//! The forward pass of generation: some new tokens on top of cached ones.

use super::cache::KvCache;
use crate::kernels::cached_attention::{Seen, attend};
use crate::kernels::matvec::{Bf16Matrix, multiply_f32};
use crate::kernels::rope::{Direction, Heads};
use crate::kernels::simd::{add_scaled, dot};
use crate::kernels::{FrozenMatrix, Precision, rms_norm, silu};
use crate::lora::{Group, Lora, LoraGroup};
use crate::model::{Llama, apply_linear, resize};

/// From this many new tokens on, matrix products are faster than one product a token.
const MANY: usize = 6;

/// The weights as generation reads them, one token at a time.
pub(super) struct DecodeWeights {
    /// In the order of [`Group`], layer by layer; `None` where the model's own `f32` weights are read.
    layers: Option<Vec<[Bf16Matrix; 4]>>,
    head: Option<Bf16Matrix>,
}

impl DecodeWeights {
    pub(super) fn new(model: &Llama, precision: Precision) -> Self {
        if precision == Precision::F32 {
            return Self { layers: None, head: None };
        }
        let round = |matrix: &FrozenMatrix| Bf16Matrix::new(matrix.weights(), matrix.inputs());
        let layers = model.weights().layers.iter();
        Self {
            layers: Some(layers.map(|layer| Group::ALL.map(|group| round(layer.group(group)))).collect()),
            head: Some(round(&model.weights().head)),
        }
    }
}

/// One sequence being generated.
pub(super) struct Decoder<'a> {
    model: &'a Llama,
    weights: &'a DecodeWeights,
    lora: Option<&'a Lora>,
    stream: Vec<f32>,
    normed: Vec<f32>,
    qkv: Vec<f32>,
    attended: Vec<f32>,
    gate_up: Vec<f32>,
    activated: Vec<f32>,
    out: Vec<f32>,
    ranks: Vec<f32>,
    scores: Vec<f32>,
    logits: Vec<f32>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(model: &'a Llama, weights: &'a DecodeWeights, lora: Option<&'a Lora>) -> Self {
        let empty = Vec::new;
        Self {
            model,
            weights,
            lora,
            stream: empty(),
            normed: empty(),
            qkv: empty(),
            attended: empty(),
            gate_up: empty(),
            activated: empty(),
            out: empty(),
            ranks: empty(),
            scores: empty(),
            logits: empty(),
        }
    }

    /// Runs new tokens through the model and appends them to the cache.
    pub(super) fn advance(&mut self, cache: &mut KvCache, tokens: &[u32]) {
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
            self.linear(layer, Group::Attention, &normed, &mut qkv);
            self.attend(cache, layer, &positions, &mut qkv);
            self.qkv = qkv;
            let attended = std::mem::take(&mut self.attended);
            self.add_linear(layer, Group::Output, &attended);
            (self.attended, self.normed) = (attended, normed);

            normalise(&self.stream, &weights.mlp_norm, config.rms_eps, &mut self.normed);
            let (normed, mut gate_up) = (std::mem::take(&mut self.normed), std::mem::take(&mut self.gate_up));
            self.linear(layer, Group::GateUp, &normed, &mut gate_up);
            let mut activated = std::mem::take(&mut self.activated);
            let width = config.feed_forward;
            silu::forward(&gate_up, width, resize(&mut activated, tokens.len() * width));
            self.add_linear(layer, Group::Down, &activated);
            (self.normed, self.gate_up, self.activated) = (normed, gate_up, activated);
        }
    }

    /// Logits for the token after the last one.
    pub(super) fn logits(&mut self) -> &[f32] {
        let config = self.model.config();
        let last = &self.stream[self.stream.len() - config.hidden..];
        normalise(last, &self.model.weights().final_norm, config.rms_eps, &mut self.normed);
        let logits = resize(&mut self.logits, config.vocabulary);
        match &self.weights.head {
            Some(head) => head.multiply(0..config.vocabulary, &self.normed, logits),
            None => multiply_f32(self.model.weights().head.weights(), &self.normed, logits),
        }
        logits
    }

    /// Turns queries and keys, caches keys and values, and attends row by row.
    fn attend(&mut self, cache: &mut KvCache, layer: usize, positions: &[u32], qkv: &mut [f32]) {
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
            attend(seen, &row[..queries], &mut self.scores, out);
        }
    }

    /// `stream += W x + scale · B (A x)`.
    fn add_linear(&mut self, layer: usize, group: Group, x: &[f32]) {
        let mut out = std::mem::take(&mut self.out);
        self.linear(layer, group, x, &mut out);
        add_scaled(1.0, &out, &mut self.stream);
        self.out = out;
    }

    /// `y = W x + scale · B (A x)` for all rows of `x`.
    fn linear(&mut self, layer: usize, group: Group, x: &[f32], y: &mut Vec<f32>) {
        let matrix = self.model.weights().layers[layer].group(group);
        let rows = x.len() / matrix.inputs();
        let y = resize(y, rows * matrix.outputs());
        let lora = self.lora.map(|lora| lora.group(layer, group));
        if rows >= MANY {
            return apply_linear(matrix, lora, &matrix.all(rows), x, y, &mut self.ranks);
        }
        for (x, y) in x.chunks_exact(matrix.inputs()).zip(y.chunks_exact_mut(matrix.outputs())) {
            match &self.weights.layers {
                Some(layers) => layers[layer][group as usize].multiply(0..matrix.outputs(), x, y),
                None => multiply_f32(matrix.weights(), x, y),
            }
            if let Some(lora) = lora {
                add_lora(lora, x, y, resize(&mut self.ranks, lora.ranks()));
            }
        }
    }
}

/// Adds an adapter's part to one row.
fn add_lora(lora: LoraGroup, x: &[f32], y: &mut [f32], ranks: &mut [f32]) {
    multiply_f32(lora.a(), x, ranks);
    for (part, ranks) in lora.layout.parts.iter().zip(ranks.chunks_exact(lora.rank)) {
        for (y, b) in y[part.columns.clone()].iter_mut().zip(lora.b(part).chunks_exact(lora.rank)) {
            *y += lora.scale * dot(b, ranks);
        }
    }
}

fn normalise(x: &[f32], weight: &[f32], eps: f32, out: &mut Vec<f32>) {
    let out = resize(out, x.len());
    let mut inverse_rms = vec![0.0; x.len() / weight.len()];
    rms_norm::forward(x, weight, eps, out, &mut inverse_rms);
}
