//! The machine over fakes: how runs end, how they go on after a crash, and that none outlives consent.

mod consent;
mod resume;
mod runs;
mod world;
