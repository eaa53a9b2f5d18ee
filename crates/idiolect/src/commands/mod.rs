//! The commands, one file each.

pub mod chat;
pub mod consent;
pub mod costs;
pub mod dataset;
pub mod demo;
pub mod doctor;
pub mod erase;
pub mod extract;
pub mod model;
pub mod provider;
pub mod providers;
pub mod redact;
pub mod runs;
pub mod serve;
pub mod sources;
pub mod status;
pub mod store;
pub mod train;
pub mod validate;
pub mod versions;
pub mod worker;
