//! Generation from quantised weights against the full forward pass with the same weights dequantised.

use std::path::Path;

use super::*;
use crate::config::Config;
use crate::gguf::{Blocks, GgufFile, QuantType};
use crate::lora::LoraConfig;
use crate::model::testing::{MadeUp, tiny};
use crate::weights::TensorSource;

/// Made-up tensors, stored in blocks: eight bits for the head, both kinds of four bits elsewhere, values as they are.
struct Stored(MadeUp);

impl Stored {
    fn quant(name: &str) -> QuantType {
        match name.split('.').rev().nth(1).unwrap() {
            "token_embd" => QuantType::Q8_0,
            "ffn_down" => QuantType::Q4_0,
            "attn_v" | "output_norm" | "attn_norm" | "ffn_norm" => QuantType::F32,
            _ => QuantType::Q4_1,
        }
    }

    fn stored(&self, name: &str) -> Result<Vec<u8>> {
        let quant = Self::quant(name);
        Ok(self.0.tensor(name)?.chunks(quant.block_elements()).flat_map(|block| quantise(quant, block)).collect())
    }
}

impl TensorSource for Stored {
    fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    fn tensor(&self, name: &str) -> Result<Vec<f32>> {
        let mut values = self.0.tensor(name)?;
        Self::quant(name).dequantize(&self.stored(name)?, &mut values);
        Ok(values)
    }

    fn blocks(&self, name: &str) -> Option<Blocks> {
        let bytes = self.stored(name).ok()?;
        let len = bytes.len();
        Some(Blocks::new(Self::quant(name), Arc::new(bytes), 0..len))
    }
}

/// A block of numbers as the file would have it; how well it is rounded does not matter here.
fn quantise(quant: QuantType, block: &[f32]) -> Vec<u8> {
    let largest = block.iter().fold(0.0f32, |largest, w| largest.max(w.abs()));
    let half = |value: f32| half::f16::from_f32(value).to_le_bytes();
    let nibbles = |scale: f32| {
        let number = move |w: f32| (w / scale + 8.0).round().clamp(0.0, 15.0) as u8;
        (0..16).map(move |i| number(block[i]) | number(block[i + 16]) << 4)
    };
    match quant {
        QuantType::F32 => block[0].to_le_bytes().to_vec(),
        QuantType::Q8_0 => {
            let scale = largest / 127.0;
            half(scale).into_iter().chain(block.iter().map(|w| (w / scale).round() as i8 as u8)).collect()
        }
        QuantType::Q4_0 => half(largest / 8.0).into_iter().chain(nibbles(largest / 8.0)).collect(),
        QuantType::Q4_1 => {
            let scale = largest / 7.5;
            half(scale).into_iter().chain(half(-7.9 * scale)).chain(nibbles(scale)).collect()
        }
        other => unreachable!("no test stores {other:?}"),
    }
}

fn shape() -> Config {
    Config { hidden: 64, heads: 4, kv_heads: 2, head_dim: 16, feed_forward: 96, ..tiny() }
}

#[test]
fn logits_from_blocks_equal_the_full_forward_pass() {
    let model = Arc::new(Llama::load(shape(), &Stored(MadeUp::new(&shape(), 1)), Precision::F32).unwrap());
    let mut lora = Lora::init(&shape(), LoraConfig { rank: 3, alpha: 6.0 }, 5);
    let noise = crate::testing::numbers(6, lora.parameters_mut().len());
    lora.parameters_mut().iter_mut().zip(noise).for_each(|(p, noise)| *p += 0.1 * noise);
    let vocabulary = shape().vocabulary;
    for lora in [None, Some(&lora)] {
        let full = full_forward(&model, lora, &PROMPT);
        for threads in [1, 3] {
            let generator = Generator::new(model.clone(), Precision::F32, threads);
            for len in 1..PROMPT.len() {
                let cached = generator.logits_after(lora, &PROMPT[..len], 1);
                for (a, b) in cached.iter().zip(&full[(len - 1) * vocabulary..]) {
                    assert_close(*a, *b, 2e-5);
                }
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let model = Arc::new(Llama::load(shape(), &Stored(MadeUp::new(&shape(), 1)), Precision::F32).unwrap());
    let logits = |threads| Generator::new(model.clone(), Precision::F32, threads).logits_after(None, &PROMPT, 1);
    assert_eq!(logits(1), logits(3));
}

#[test]
fn greedy_tokens_of_the_real_model_are_the_likeliest_of_its_full_forward_pass() {
    let Some(path) = std::env::var_os("IDIOLECT_TEST_MODEL") else {
        println!("skipped: IDIOLECT_TEST_MODEL names no base model");
        return;
    };
    let file = GgufFile::open(Path::new(&path)).unwrap();
    let architecture = file.metadata().str("general.architecture").unwrap();
    let config = Config::from_gguf(architecture, |key| file.metadata().f64(key)).unwrap();
    let model = Arc::new(Llama::load(config, &file, Precision::F32).unwrap());
    let generator = Generator::new(model.clone(), Precision::Auto, 2);
    let prompt: Vec<u32> = (0..14).map(|i| 1_000 + 37 * i).collect();
    let answer = run(&generator, &Request { max_tokens: 20, ..request(&prompt) });
    assert_eq!(answer.tokens.len(), 20);
    let ids = [&prompt[..], &answer.tokens].concat();
    let vocabulary = model.config().vocabulary;
    let full = full_forward(&model, None, &ids);
    for (row, &token) in full.chunks(vocabulary).skip(prompt.len() - 1).zip(&answer.tokens) {
        assert!(row.iter().all(|&logit| logit <= row[token as usize] + 1e-4));
    }
    let last = &full[(ids.len() - 2) * vocabulary..];
    for (a, b) in generator.logits_after(None, &ids[..ids.len() - 1], 1).iter().zip(last) {
        assert_close(*a, *b, 1e-4);
    }
}
