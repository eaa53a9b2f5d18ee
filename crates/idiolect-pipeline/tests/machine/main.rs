//! The machine over fakes: how runs begin and end, how they go on after a crash, what they cost, and that none outlives consent.

#![allow(clippy::unwrap_used, reason = "helpers of tests, where a panic is the report")]

mod consent;
mod daily;
mod drive;
mod engine;
mod gone;
mod leases;
mod lifecycle;
mod observing;
mod paid_once;
mod queue;
mod records;
mod regression;
mod resume;
mod retirement;
mod runs;
mod spec;
mod triggers;
mod turns;
mod walk;
mod world;
