//! The shape of a Llama-family model, and which models this crate can run.

use crate::error::{Error, Result};
use crate::kernels::attention::HeadLayout;

/// The shape of a model. Widths are counts of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub hidden: usize,
    pub layers: usize,
    pub heads: usize,
    /// Key and value heads; fewer than `heads` in grouped-query attention.
    pub kv_heads: usize,
    pub head_dim: usize,
    pub feed_forward: usize,
    pub vocabulary: usize,
    pub rope_theta: f32,
    pub rms_eps: f32,
    /// The longest sequence, in tokens, the model is used with.
    pub context: usize,
}

/// Longer contexts than this are cut down to it: the tables of angles and the caches are made for messages, not books.
pub(crate) const LONGEST_CONTEXT: usize = 8192;

impl Config {
    /// Reads a shape from GGUF metadata; `number` answers the value of a numeric key.
    ///
    /// # Errors
    /// When the architecture is not `llama`, a key is missing, positions are scaled, or the numbers cannot be a model.
    pub fn from_gguf(architecture: &str, number: impl Fn(&str) -> Option<f64>) -> Result<Self> {
        if architecture != "llama" {
            return Err(unusable(format!("its architecture is {architecture:?}; only \"llama\" can be trained here")));
        }
        let find = |key: &str| number(&format!("llama.{key}"));
        let need = |key: &str| find(key).ok_or_else(|| unusable(format!("it does not say llama.{key}")));
        let count = |key: &str| need(key).map(|value| value as usize);
        if find("rope.scaling.factor").is_some_and(|factor| factor != 1.0) {
            return Err(unusable("it scales its rotary positions, which is not supported".to_owned()));
        }
        if find("expert_count").is_some_and(|experts| experts > 0.0) {
            return Err(unusable("it is a mixture of experts, which is not supported".to_owned()));
        }
        let (hidden, heads) = (count("embedding_length")?, count("attention.head_count")?);
        let head_dim = find("attention.key_length").map_or(hidden / heads.max(1), |value| value as usize);
        let turned = find("rope.dimension_count").map_or(head_dim, |value| value as usize);
        if turned != head_dim {
            return Err(unusable(format!(
                "it turns {turned} of {head_dim} numbers of a head; all or none is supported"
            )));
        }
        let config = Self {
            hidden,
            layers: count("block_count")?,
            heads,
            kv_heads: find("attention.head_count_kv").map_or(heads, |value| value as usize),
            head_dim,
            feed_forward: count("feed_forward_length")?,
            vocabulary: count("vocab_size")?,
            rope_theta: find("rope.freq_base").unwrap_or(10_000.0) as f32,
            rms_eps: need("attention.layer_norm_rms_epsilon")? as f32,
            context: count("context_length")?.min(LONGEST_CONTEXT),
        };
        config.checked()
    }

    /// Answers the shape itself if it can be a model.
    ///
    /// # Errors
    /// When a width is zero, heads do not group, or a head cannot be turned.
    pub fn checked(self) -> Result<Self> {
        let widths = [self.hidden, self.layers, self.heads, self.kv_heads, self.head_dim, self.feed_forward];
        if widths.contains(&0) || self.vocabulary == 0 || self.context == 0 {
            return Err(unusable("one of its widths is zero".to_owned()));
        }
        if !self.heads.is_multiple_of(self.kv_heads) {
            return Err(unusable(format!("{} heads cannot share {} keys and values", self.heads, self.kv_heads)));
        }
        if !self.head_dim.is_multiple_of(2) {
            return Err(unusable(format!("a head of {} numbers cannot be turned in pairs", self.head_dim)));
        }
        Ok(self)
    }

    pub(crate) fn head_layout(&self) -> HeadLayout {
        HeadLayout { heads: self.heads, kv_heads: self.kv_heads, head_dim: self.head_dim }
    }

    /// Numbers in a token's queries.
    pub(crate) fn query_width(&self) -> usize {
        self.heads * self.head_dim
    }

    /// Numbers in a token's keys, and in its values.
    pub(crate) fn kv_width(&self) -> usize {
        self.kv_heads * self.head_dim
    }
}

fn unusable(reason: String) -> Error {
    Error::UnusableModel { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smollm2(key: &str) -> Option<f64> {
        Some(match key {
            "llama.embedding_length" => 576.0,
            "llama.block_count" => 30.0,
            "llama.attention.head_count" => 9.0,
            "llama.attention.head_count_kv" => 3.0,
            "llama.feed_forward_length" => 1536.0,
            "llama.vocab_size" => 49_152.0,
            "llama.rope.dimension_count" => 64.0,
            "llama.rope.freq_base" => 100_000.0,
            "llama.attention.layer_norm_rms_epsilon" => 1e-5,
            "llama.context_length" => 8192.0,
            _ => return None,
        })
    }

    #[test]
    fn reads_the_shape_of_smollm2() {
        let config = Config::from_gguf("llama", smollm2).unwrap();
        assert_eq!((config.head_dim, config.query_width(), config.kv_width()), (64, 576, 192));
        assert_eq!((config.layers, config.vocabulary, config.context), (30, 49_152, 8192));
    }

    #[test]
    fn other_architectures_are_refused_by_name() {
        let error = Config::from_gguf("qwen2", smollm2).unwrap_err().to_string();
        assert!(error.contains("qwen2"), "{error}");
    }

    #[test]
    fn what_the_engine_cannot_do_is_refused() {
        let with =
            |name: &'static str, value: f64| move |key: &str| if key == name { Some(value) } else { smollm2(key) };
        assert!(Config::from_gguf("llama", with("llama.rope.scaling.factor", 8.0)).is_err());
        assert!(Config::from_gguf("llama", with("llama.expert_count", 8.0)).is_err());
        assert!(Config::from_gguf("llama", with("llama.rope.dimension_count", 32.0)).is_err());
        assert!(Config::from_gguf("llama", with("llama.attention.head_count_kv", 4.0)).is_err());
        assert!(Config::from_gguf("llama", with("llama.block_count", 0.0)).is_err());
    }

    #[test]
    fn a_missing_key_is_named() {
        let without = |key: &str| (key != "llama.block_count").then(|| smollm2(key)).flatten();
        let error = Config::from_gguf("llama", without).unwrap_err().to_string();
        assert!(error.contains("llama.block_count"), "{error}");
    }
}
