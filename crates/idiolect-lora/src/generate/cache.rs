//! Keys and values of the tokens a sequence has so far.

use crate::config::Config;

/// One layer's keys and values, `kv_width` numbers a token each.
#[derive(Clone, Default)]
pub(super) struct LayerCache {
    pub keys: Vec<f32>,
    pub values: Vec<f32>,
}

/// The tokens of a sequence with their keys and values in every layer.
#[derive(Clone)]
pub(super) struct KvCache {
    pub tokens: Vec<u32>,
    pub layers: Vec<LayerCache>,
    width: usize,
}

impl KvCache {
    pub(super) fn new(config: &Config) -> Self {
        Self { tokens: Vec::new(), layers: vec![LayerCache::default(); config.layers], width: config.kv_width() }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// A copy of the first `len` tokens.
    pub(super) fn beginning(&self, len: usize) -> Self {
        let numbers = len * self.width;
        let cut = |layer: &LayerCache| LayerCache {
            keys: layer.keys[..numbers].to_vec(),
            values: layer.values[..numbers].to_vec(),
        };
        Self { tokens: self.tokens[..len].to_vec(), layers: self.layers.iter().map(cut).collect(), width: self.width }
    }
}
