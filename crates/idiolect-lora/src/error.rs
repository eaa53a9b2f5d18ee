//! What can go wrong with a model file, a training job or a chat request, each as one sentence with the place and what to do.

use std::io;
use std::path::PathBuf;

/// Result of every fallible call in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can fail in the local provider. No variant carries message text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The base model file is missing or unreadable.
    #[error("cannot open the base model {}; run `idiolect model pull` to fetch it", path.display())]
    OpenModel {
        path: PathBuf,
        #[source]
        source: io::Error,
    },

    /// The file ends before the tensors its header announces.
    #[error("the base model {} is cut short: {missing}; run `idiolect model pull` to fetch it again", path.display())]
    ModelCutShort { path: PathBuf, missing: String },

    /// The file is no GGUF, or one this crate does not understand.
    #[error("cannot use {} as a base model: {reason}; run `idiolect model pull` for a model that works", path.display())]
    ModelFormat { path: PathBuf, reason: String },

    /// The vocabulary in the model file cannot be turned into a tokenizer.
    #[error(
        "cannot build the tokenizer of this base model: {reason}; run `idiolect model pull` for a model that works"
    )]
    Tokenizer { reason: String },

    /// The model's chat template failed, or refused the conversation.
    #[error("the base model's chat template cannot render this conversation: {reason}")]
    ChatTemplate { reason: String },

    /// The base model is of a kind the engine cannot run.
    #[error("this base model cannot be used: {reason}; choose a Llama-family model such as SmolLM2")]
    UnusableModel { reason: String },

    /// A weight matrix has another size than the model's shape says.
    #[error("the base model's tensor {name} has {actual} numbers instead of {expected}; fetch the model again")]
    TensorSize { name: String, expected: usize, actual: usize },

    /// An example cannot be trained on or scored.
    #[error("example {index} cannot be used: {reason}; build the dataset again for this base model")]
    UnusableExample { index: usize, reason: String },

    /// No example has a token to learn from.
    #[error("none of the {examples} examples has a token to learn from; build the dataset again")]
    NothingToLearn { examples: usize },

    /// A training state does not fit the recipe it is to go on with.
    #[error("the training state at step {step} does not fit this recipe of {steps} steps; start the run again")]
    OtherRecipe { step: u64, steps: u64 },

    /// The numbers left the range of `f32`.
    #[error("training diverged at step {step}: the loss is no longer a number; use a lower learning rate")]
    Diverged { step: u64 },

    /// A checkpoint cannot be resumed from.
    #[error("cannot resume from {}: {reason}; delete it to train from the start", path.display())]
    BadCheckpoint { path: PathBuf, reason: String },

    /// An adapter is damaged or does not fit the base model.
    #[error("cannot use the adapter {}: {reason}; train it again for this base model", path.display())]
    BadAdapter { path: PathBuf, reason: String },

    /// A file of ours is missing or unreadable.
    #[error("cannot read {}; check that it is there and readable", path.display())]
    CannotRead {
        path: PathBuf,
        #[source]
        source: io::Error,
    },

    /// A file of ours cannot be written.
    #[error("cannot write {}; free some space or choose another place", path.display())]
    CannotWrite {
        path: PathBuf,
        #[source]
        source: io::Error,
    },

    /// A prompt cannot be answered.
    #[error("this prompt cannot be answered: {reason}; send a shorter, non-empty conversation")]
    UnusablePrompt { reason: String },

    /// A setting names no precision.
    #[error("{given:?} is no precision; use auto, f32 or bf16")]
    UnknownPrecision { given: String },
}
