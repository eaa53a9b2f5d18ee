//! A loaded Llama-family model: the forward pass over packed rows and the backward pass into an adapter.

mod activations;
mod backward;
mod forward;
mod head;
mod linear;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub(crate) use activations::{Workspace, resize};
pub(crate) use linear::apply as apply_linear;

use crate::config::Config;
use crate::error::Result;
use crate::kernels::Precision;
use crate::kernels::rope::RopeTable;
use crate::weights::{TensorSource, Weights};

/// A base model, ready to train adapters for, to score and to generate. Its weights never change; share it freely.
pub struct Llama {
    config: Config,
    weights: Weights,
    rope: RopeTable,
}

impl Llama {
    /// Loads the weights a source has under GGUF's names.
    ///
    /// # Errors
    /// When the shape cannot be a model, or a tensor is missing or of another size.
    pub fn load(config: Config, source: &dyn TensorSource, precision: Precision) -> Result<Self> {
        let config = config.checked()?;
        let weights = Weights::load(&config, source, precision.resolve())?;
        let rope = RopeTable::new(config.rope_theta, config.head_dim, config.context);
        Ok(Self { config, weights, rope })
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn weights(&self) -> &Weights {
        &self.weights
    }

    pub(crate) fn rope(&self) -> &RopeTable {
        &self.rope
    }
}
