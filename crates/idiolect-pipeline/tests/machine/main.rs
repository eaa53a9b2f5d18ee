//! The machine over fakes: how runs end, how they go on after a crash, and that none outlives consent.

#![allow(clippy::unwrap_used, reason = "helpers of tests, where a panic is the report")]

mod consent;
mod resume;
mod runs;
mod world;
