//! The real binary, as a user or a script meets it: over a tiny model, so that whole runs take seconds.

#![allow(clippy::unwrap_used, reason = "helpers of tests, where a panic is the report")]

mod bad_input;
mod commands;
mod crash;
#[cfg(feature = "fault-points")]
mod crash_hosted;
#[cfg(feature = "fault-points")]
mod crash_revoke;
#[cfg(feature = "fault-points")]
mod download;
#[cfg(target_os = "linux")]
mod failing_disk;
#[cfg(feature = "fault-points")]
mod hosted_chats;
#[cfg(feature = "fault-points")]
mod hosted_runs;
#[cfg(feature = "fault-points")]
mod hosted_world;
mod interrupting;
#[cfg(feature = "fault-points")]
mod metrics;
#[cfg(feature = "fault-points")]
mod operations;
mod places;
mod privacy;
mod provider_server;
mod providers;
#[cfg(feature = "fault-points")]
mod reading_flags;
mod redacting;
#[cfg(feature = "fault-points")]
mod rollout;
#[cfg(feature = "fault-points")]
mod schedule;
mod serving;
mod sources;
mod store;
#[cfg(all(feature = "temporal", feature = "fault-points"))]
mod temporal;
#[cfg(all(feature = "temporal", feature = "fault-points"))]
#[allow(dead_code, clippy::print_stderr, reason = "its own tests need more of it; a skip is said")]
#[path = "../../../idiolect-engine-temporal/tests/temporal/server.rs"]
mod temporal_server;
mod versions;
mod world;
