//! The frozen weights of a Llama-family model, loaded from tensors in GGUF's naming.

use crate::config::Config;
use crate::error::{Error, Result};
use crate::gguf::{Blocks, QuantType};
use crate::kernels::{Arithmetic, FrozenMatrix};
use crate::lora::Group;

/// Where weights come from: a GGUF file, or made up in a test.
pub trait TensorSource {
    /// Whether the source has a tensor of this name.
    fn contains(&self, name: &str) -> bool;

    /// The tensor's numbers as `f32`, row by row, `blk.0.attn_q.weight` being a name.
    ///
    /// # Errors
    /// When there is no such tensor or it cannot be read.
    fn tensor(&self, name: &str) -> Result<Vec<f32>>;

    /// The tensor as it is stored, where it can be read that way. Generation reads quantised weights faster than `f32`.
    fn blocks(&self, _name: &str) -> Option<Blocks> {
        None
    }
}

/// One of the tensors a matrix is stacked from, as it is stored.
pub(crate) struct StoredRows {
    /// Rows in the matrix.
    pub rows: usize,
    /// Width of the heads whose rows have GGUF's order, not the matrix'; see [`unpermute`].
    head_dim: Option<usize>,
    blocks: Option<Blocks>,
}

impl StoredRows {
    /// How the rows are stored, and their bytes in the matrix' order, if the source hands them out.
    pub(crate) fn in_order(&self) -> Option<(QuantType, Vec<&[u8]>)> {
        let blocks = self.blocks.as_ref()?;
        let stored: Vec<&[u8]> = blocks.bytes().chunks_exact(blocks.bytes().len() / self.rows).collect();
        let rows = match self.head_dim {
            Some(head_dim) => (0..self.rows).map(|row| stored[permuted_row(row, head_dim)]).collect(),
            None => stored,
        };
        Some((blocks.quant(), rows))
    }
}

/// The weights of one block. Matrices that read the same input are one.
pub(crate) struct LayerWeights {
    pub attention_norm: Vec<f32>,
    /// Queries, keys and values.
    pub attention: FrozenMatrix,
    pub output: FrozenMatrix,
    pub mlp_norm: Vec<f32>,
    /// Gates, then ups.
    pub gate_up: FrozenMatrix,
    pub down: FrozenMatrix,
    /// What each group is stacked from, in the order of [`Group`].
    stored: [Vec<StoredRows>; 4],
}

impl LayerWeights {
    pub(crate) fn group(&self, group: Group) -> &FrozenMatrix {
        match group {
            Group::Attention => &self.attention,
            Group::Output => &self.output,
            Group::GateUp => &self.gate_up,
            Group::Down => &self.down,
        }
    }

    pub(crate) fn stored(&self, group: Group) -> &[StoredRows] {
        &self.stored[group as usize]
    }
}

/// All weights of a model.
pub(crate) struct Weights {
    /// The token embeddings, where the output head is another matrix.
    embedding: Option<Vec<f32>>,
    pub layers: Vec<LayerWeights>,
    pub final_norm: Vec<f32>,
    /// `vocabulary × hidden`; the embeddings as well when they are tied.
    pub head: FrozenMatrix,
    pub stored_head: StoredRows,
}

impl Weights {
    pub(crate) fn load(config: &Config, source: &dyn TensorSource, arithmetic: Arithmetic) -> Result<Self> {
        if source.contains("rope_freqs.weight") {
            let reason = "it scales its rotary frequencies (rope_freqs.weight), which is not supported".to_owned();
            return Err(Error::UnusableModel { reason });
        }
        let read = |name: &str, len: usize| {
            let values = source.tensor(name)?;
            match values.len() {
                actual if actual == len => Ok(values),
                actual => Err(Error::TensorSize { name: name.to_owned(), expected: len, actual }),
            }
        };
        let embedding = read("token_embd.weight", config.vocabulary * config.hidden)?;
        let untied = source.contains("output.weight");
        let head_name = if untied { "output.weight" } else { "token_embd.weight" };
        let (embedding, head) = if untied {
            (Some(embedding), read(head_name, config.vocabulary * config.hidden)?)
        } else {
            (None, embedding)
        };
        let layers = (0..config.layers).map(|layer| load_layer(config, layer, source, &read, arithmetic));
        Ok(Self {
            embedding,
            layers: layers.collect::<Result<_>>()?,
            final_norm: read("output_norm.weight", config.hidden)?,
            head: FrozenMatrix::new(head, config.hidden, arithmetic),
            stored_head: StoredRows { rows: config.vocabulary, head_dim: None, blocks: source.blocks(head_name) },
        })
    }

    /// A token's embedding.
    pub(crate) fn embedding(&self, id: u32) -> &[f32] {
        match &self.embedding {
            None => self.head.row(id as usize),
            Some(embedding) => {
                let width = self.head.inputs();
                &embedding[id as usize * width..(id as usize + 1) * width]
            }
        }
    }
}

fn load_layer(
    config: &Config,
    layer: usize,
    source: &dyn TensorSource,
    read: &dyn Fn(&str, usize) -> Result<Vec<f32>>,
    arithmetic: Arithmetic,
) -> Result<LayerWeights> {
    let (hidden, feed_forward) = (config.hidden, config.feed_forward);
    let (query, kv) = (config.query_width(), config.kv_width());
    let tensor = |part: &str, len: usize| read(&format!("blk.{layer}.{part}.weight"), len);
    let mut attention = unpermute(&tensor("attn_q", query * hidden)?, config.heads, hidden);
    attention.extend(unpermute(&tensor("attn_k", kv * hidden)?, config.kv_heads, hidden));
    attention.extend(tensor("attn_v", kv * hidden)?);
    let mut gate_up = tensor("ffn_gate", feed_forward * hidden)?;
    gate_up.extend(tensor("ffn_up", feed_forward * hidden)?);
    let stored = |part: &str, rows: usize, head_dim: Option<usize>| StoredRows {
        rows,
        head_dim,
        blocks: source.blocks(&format!("blk.{layer}.{part}.weight")),
    };
    let stored = [
        vec![
            stored("attn_q", query, Some(config.head_dim)),
            stored("attn_k", kv, Some(config.head_dim)),
            stored("attn_v", kv, None),
        ],
        vec![stored("attn_output", hidden, None)],
        vec![stored("ffn_gate", feed_forward, None), stored("ffn_up", feed_forward, None)],
        vec![stored("ffn_down", hidden, None)],
    ];
    Ok(LayerWeights {
        stored,
        attention_norm: tensor("attn_norm", hidden)?,
        attention: FrozenMatrix::new(attention, hidden, arithmetic),
        output: FrozenMatrix::new(tensor("attn_output", hidden * query)?, query, arithmetic),
        mlp_norm: tensor("ffn_norm", hidden)?,
        gate_up: FrozenMatrix::new(gate_up, hidden, arithmetic),
        down: FrozenMatrix::new(tensor("ffn_down", hidden * feed_forward)?, feed_forward, arithmetic),
    })
}

/// Undoes the row order of queries and keys in GGUF files of the `llama` architecture, where the two numbers that turn
/// together are neighbours. Hugging Face's layout, and with it PEFT's adapters, has them half a head apart.
pub(crate) fn unpermute(weights: &[f32], heads: usize, inputs: usize) -> Vec<f32> {
    let head_dim = weights.len() / inputs / heads;
    let rows = (0..weights.len() / inputs).map(|row| permuted_row(row, head_dim));
    rows.flat_map(|row| &weights[row * inputs..(row + 1) * inputs]).copied().collect()
}

/// Where GGUF has a row of Hugging Face's order.
fn permuted_row(row: usize, head_dim: usize) -> usize {
    let (head, place) = (row / head_dim, row % head_dim);
    let (half, pair) = (place / (head_dim / 2), place % (head_dim / 2));
    head * head_dim + 2 * pair + half
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{MadeUp, tiny};

    #[test]
    fn unpermuting_moves_halves_apart() {
        // Two heads of four rows, one number a row, named by its place in Hugging Face's order.
        let permuted = [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0];
        assert_eq!(unpermute(&permuted, 2, 1), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    }

    #[test]
    fn queries_keys_and_values_are_stacked_unpermuted() {
        let (config, source) = (tiny(), MadeUp::new(&tiny(), 1));
        let weights = Weights::load(&config, &source, Arithmetic::F32).unwrap();
        let query = unpermute(&source.tensor("blk.1.attn_q.weight").unwrap(), config.heads, config.hidden);
        let value = source.tensor("blk.1.attn_v.weight").unwrap();
        let stacked = weights.layers[1].attention.weights();
        assert_eq!(stacked[..query.len()], query);
        assert_eq!(stacked[stacked.len() - value.len()..], value);
    }

    #[test]
    fn an_untied_head_is_kept_apart_from_the_embedding() {
        let config = tiny();
        let tied = Weights::load(&config, &MadeUp::new(&config, 1), Arithmetic::F32).unwrap();
        assert_eq!(tied.embedding(3), tied.head.row(3));
        let untied = Weights::load(&config, &MadeUp::new(&config, 1).untied(), Arithmetic::F32).unwrap();
        assert_ne!(untied.embedding(3), untied.head.row(3));
        assert_eq!(untied.embedding(3), tied.embedding(3));
    }

    #[test]
    fn wrong_sizes_are_named() {
        let mut config = tiny();
        let source = MadeUp::new(&config, 1);
        config.feed_forward += 2;
        let error = Weights::load(&config, &source, Arithmetic::F32).err().unwrap().to_string();
        assert!(error.contains("blk.0.ffn_gate.weight"), "{error}");
    }
}
