//! A tiny made-up model, with grouped queries and heads that are wider than the stream, for tests.

use std::collections::BTreeMap;

use super::Llama;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::kernels::Precision;
use crate::lora::{Lora, LoraConfig};
use crate::packing::Example;
use crate::random::Random;
use crate::testing::numbers;
use crate::weights::TensorSource;

/// Two layers, 61 tokens.
pub(crate) fn tiny() -> Config {
    Config {
        hidden: 24,
        layers: 2,
        heads: 4,
        kv_heads: 2,
        head_dim: 8,
        feed_forward: 40,
        vocabulary: 61,
        rope_theta: 1e4,
        rms_eps: 1e-5,
        context: 64,
    }
}

/// Random tensors under GGUF's names.
#[derive(Clone)]
pub(crate) struct MadeUp {
    pub tensors: BTreeMap<String, Vec<f32>>,
}

impl MadeUp {
    pub(crate) fn new(config: &Config, seed: u64) -> Self {
        let (hidden, query, kv) = (config.hidden, config.query_width(), config.kv_width());
        let mut tensors = BTreeMap::new();
        let mut add = |name: String, len: usize, scale: f32, shift: f32| {
            let values = numbers(seed + tensors.len() as u64, len);
            tensors.insert(name, values.into_iter().map(|v| v * scale + shift).collect());
        };
        add("token_embd.weight".to_owned(), config.vocabulary * hidden, 1.0, 0.0);
        add("output_norm.weight".to_owned(), hidden, 0.2, 1.0);
        for layer in 0..config.layers {
            for (part, outputs, inputs) in [
                ("attn_q", query, hidden),
                ("attn_k", kv, hidden),
                ("attn_v", kv, hidden),
                ("attn_output", hidden, query),
                ("ffn_gate", config.feed_forward, hidden),
                ("ffn_up", config.feed_forward, hidden),
                ("ffn_down", hidden, config.feed_forward),
            ] {
                let scale = 1.7 / (inputs as f32).sqrt();
                add(format!("blk.{layer}.{part}.weight"), outputs * inputs, scale, 0.0);
            }
            add(format!("blk.{layer}.attn_norm.weight"), hidden, 0.2, 1.0);
            add(format!("blk.{layer}.ffn_norm.weight"), hidden, 0.2, 1.0);
        }
        Self { tensors }
    }

    /// The same with an output head of its own.
    pub(crate) fn untied(mut self) -> Self {
        let len = self.tensors["token_embd.weight"].len();
        self.tensors.insert("output.weight".to_owned(), numbers(99, len));
        self
    }
}

impl TensorSource for MadeUp {
    fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    fn tensor(&self, name: &str) -> Result<Vec<f32>> {
        let missing = || Error::UnusableModel { reason: format!("it has no {name}") };
        self.tensors.get(name).cloned().ok_or_else(missing)
    }
}

pub(crate) fn tiny_model(precision: Precision) -> Llama {
    Llama::load(tiny(), &MadeUp::new(&tiny(), 1), precision).unwrap()
}

/// An adapter of the tiny model in which `B` is not zero.
pub(crate) fn busy_lora(seed: u64) -> Lora {
    let mut lora = Lora::init(&tiny(), LoraConfig { rank: 3, alpha: 6.0 }, seed);
    let mut random = Random::new(seed + 1);
    lora.parameters_mut().iter_mut().for_each(|p| *p += 0.2 * (random.uniform() - 0.5));
    lora
}

/// `count` examples with one system prompt of five tokens, a user prompt that varies, and an answer to learn.
pub(crate) fn examples(count: usize, seed: u64) -> Vec<Example> {
    let mut random = Random::new(seed);
    let mut tokens = |len: usize| -> Vec<u32> { (0..len).map(|_| random.below(61) as u32).collect() };
    let system = tokens(5);
    (0..count)
        .map(|i| {
            let (prompt, answer) = (tokens(i % 4), tokens(2 + i % 5));
            let context = system.len() + prompt.len();
            let ids = [&system[..], &prompt, &answer].concat();
            Example { loss_mask: (0..ids.len()).map(|at| at >= context).collect(), ids }
        })
        .collect()
}
