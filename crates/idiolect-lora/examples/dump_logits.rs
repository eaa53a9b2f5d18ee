//! Writes what a comparison with another implementation needs: a base model's weights in Hugging Face's names, an adapter
//! in PEFT's format, fixed token ids, and the logits this crate computes for them.
//!
//! ```text
//! cargo run --release -p idiolect-lora --example dump_logits -- base-model.gguf OUT
//! python scripts/peft_check.py OUT
//! ```

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::{env, fs};

use idiolect_lora::gguf::GgufFile;
use idiolect_lora::{
    Config, Example, Llama, Lora, Outcome, Precision, Progress, Recipe, TensorSource, Training, TrainingState, logits,
    save_adapter,
};
use safetensors::tensor::{Dtype, TensorView};

type Fallible<T> = Result<T, Box<dyn Error>>;

/// Any ids do; these are spread over the vocabulary.
fn ids(vocabulary: usize) -> Vec<u32> {
    (0..39u64).map(|i| ((i * i * 2_654_435_761 + 17 * i + 1) % vocabulary as u64) as u32).collect()
}

/// A few steps on made-up examples, so that no matrix of the adapter is zero.
fn adapter(model: &Llama) -> Fallible<Lora> {
    let ids = ids(model.config().vocabulary);
    let example = |i: usize| {
        let ids = [&ids[..6], &ids[6 + i..14 + i]].concat();
        Example { loss_mask: (0..ids.len()).map(|at| at >= 6).collect(), ids }
    };
    let examples: Vec<Example> = (0..16).map(example).collect();
    let recipe = Recipe { epochs: 8, ..Recipe::for_examples(examples.len()) };
    let training = Training { model, examples: &examples, recipe: &recipe, threads: 2 };
    let mut observer = |progress: &Progress, _: &TrainingState| {
        println!("step {} of {}: loss {:.4}", progress.step, progress.steps, progress.loss);
        Ok(ControlFlow::Continue(()))
    };
    match training.run(TrainingState::new(model, &recipe), &mut observer)? {
        Outcome::Finished(lora) => Ok(lora),
        Outcome::Stopped(_) => Err("nobody stops it".into()),
    }
}

/// Hugging Face's names and shapes, with queries and keys in its row order.
fn export_base(file: &GgufFile, config: &Config, out: &Path) -> Fallible<()> {
    let (hidden, ff) = (config.hidden, config.feed_forward);
    let (query, kv) = (config.heads * config.head_dim, config.kv_heads * config.head_dim);
    let mut names = vec![
        ("token_embd.weight".to_owned(), "model.embed_tokens.weight".to_owned(), vec![config.vocabulary, hidden]),
        ("output_norm.weight".to_owned(), "model.norm.weight".to_owned(), vec![hidden]),
    ];
    for layer in 0..config.layers {
        for (ours, theirs, shape) in [
            ("attn_q", "self_attn.q_proj", vec![query, hidden]),
            ("attn_k", "self_attn.k_proj", vec![kv, hidden]),
            ("attn_v", "self_attn.v_proj", vec![kv, hidden]),
            ("attn_output", "self_attn.o_proj", vec![hidden, query]),
            ("ffn_gate", "mlp.gate_proj", vec![ff, hidden]),
            ("ffn_up", "mlp.up_proj", vec![ff, hidden]),
            ("ffn_down", "mlp.down_proj", vec![hidden, ff]),
            ("attn_norm", "input_layernorm", vec![hidden]),
            ("ffn_norm", "post_attention_layernorm", vec![hidden]),
        ] {
            names.push((format!("blk.{layer}.{ours}.weight"), format!("model.layers.{layer}.{theirs}.weight"), shape));
        }
    }
    let mut tensors = Vec::new();
    for (ours, theirs, shape) in names {
        let mut values = file.tensor(&ours)?;
        if theirs.contains("q_proj") || theirs.contains("k_proj") {
            values = half_split_rows(&values, config.head_dim, hidden);
        }
        tensors.push((theirs, shape, to_bytes(&values)));
    }
    let views =
        tensors.iter().map(|(name, shape, bytes)| Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?)));
    let views: Vec<_> = views.collect::<Fallible<_>>()?;
    fs::write(out.join("model.safetensors"), safetensors::serialize(views, None)?)?;
    let shape = serde_json::json!({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "tie_word_embeddings": true,
        "hidden_size": hidden, "num_hidden_layers": config.layers, "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads, "head_dim": config.head_dim, "intermediate_size": ff,
        "vocab_size": config.vocabulary, "rope_theta": config.rope_theta, "rms_norm_eps": config.rms_eps,
        "max_position_embeddings": config.context, "torch_dtype": "float32",
    });
    Ok(fs::write(out.join("config.json"), serde_json::to_vec_pretty(&shape)?)?)
}

/// GGUF has the two numbers that turn together next to each other, Hugging Face half a head apart. Written once more here
/// rather than taken from the crate, so that the comparison would notice a mistake there.
fn half_split_rows(weights: &[f32], head_dim: usize, inputs: usize) -> Vec<f32> {
    let rows: Vec<&[f32]> = weights.chunks_exact(inputs).collect();
    let heads = rows.chunks_exact(head_dim);
    heads
        .flat_map(|head| [0, 1].map(|first| head.iter().skip(first).step_by(2).copied().collect::<Vec<_>>().concat()))
        .flatten()
        .collect()
}

fn to_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn main() -> Fallible<()> {
    let [base, out] =
        env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "usage: dump_logits BASE.gguf OUT")?;
    let out = Path::new(&out);
    let file = GgufFile::open(Path::new(&base))?;
    let metadata = file.metadata();
    let architecture = metadata.str("general.architecture").ok_or("the file does not say its architecture")?;
    let config = Config::from_gguf(architecture, |key| metadata.f64(key))?;
    let model = Llama::load(config, &file, Precision::F32)?;
    let lora = adapter(&model)?;
    fs::create_dir_all(out.join("base"))?;
    export_base(&file, model.config(), &out.join("base"))?;
    save_adapter(&out.join("adapter"), &lora, "base")?;
    let ids = ids(model.config().vocabulary);
    fs::write(out.join("ids.json"), serde_json::to_vec(&ids)?)?;
    fs::write(out.join("base_logits.f32"), to_bytes(&logits(&model, None, &ids)?))?;
    fs::write(out.join("adapter_logits.f32"), to_bytes(&logits(&model, Some(&lora), &ids)?))?;
    println!("wrote the base, the adapter and the logits of {} tokens to {}", ids.len(), out.display());
    Ok(())
}
