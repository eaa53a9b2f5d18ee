//! The local provider as a whole, on the tiny model: through its ports, over process ends, and from two processes at once.

mod bench;
mod chat;
mod real_model;
mod recovery;
mod scoring;
mod training;
