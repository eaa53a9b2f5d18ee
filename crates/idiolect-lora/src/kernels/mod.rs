//! The arithmetic of training and generation: matrix products and the element-wise parts of a Llama block, each with its
//! backward pass. Everything is row-major `f32`; nothing here knows what a model or an adapter is.

pub(crate) mod attention;
pub(crate) mod cached_attention;
pub(crate) mod cross_entropy;
mod frozen;
mod matmul;
pub(crate) mod matvec;
mod pack;
mod precision;
pub(crate) mod quantised;
pub(crate) mod rms_norm;
pub(crate) mod rope;
pub(crate) mod silu;
pub(crate) mod simd;
pub(crate) mod team;
mod tiles;

pub(crate) use frozen::{BlockProduct, FrozenMatrix};
pub(crate) use matmul::{Product, View};
pub(crate) use precision::Arithmetic;
pub use precision::Precision;
