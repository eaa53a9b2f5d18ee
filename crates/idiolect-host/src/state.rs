//! What the server is built from. The binary fills this in; nothing here reads the environment.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use idiolect_provider::FineTuningHost;

/// Everything that answering a request needs. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    pub provider: Arc<dyn FineTuningHost>,
    /// SHA-256 of the API key.
    pub key_sha256: [u8; 32],
    pub settings: Settings,
    /// Bytes of uploads under way: none at the start.
    pub uploading: Arc<AtomicU64>,
}

/// The server's limits, resolved.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Larger training files are refused with 413.
    pub max_file_bytes: u64,
    /// A training file is refused with 413 that would take all together over this.
    pub max_total_bytes: u64,
    /// Larger request bodies that are not uploads are refused with 413.
    pub max_body_bytes: usize,
    /// How long a whole answer may take, and in a stream each chunk may.
    pub request_timeout: Duration,
    /// How long answers under way may go on after the shutdown began.
    pub shutdown_grace: Duration,
    /// How often expired files are looked for, and jobs that nobody trains.
    pub tend_interval: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_file_bytes: 100 * 1024 * 1024,
            max_total_bytes: 1024 * 1024 * 1024,
            max_body_bytes: 1024 * 1024,
            request_timeout: Duration::from_secs(120),
            shutdown_grace: Duration::from_secs(3),
            tend_interval: Duration::from_secs(60),
        }
    }
}
