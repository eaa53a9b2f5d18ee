//! The engine port over a cluster.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idiolect_pipeline::{Engine, EngineError, Machine};
use idiolect_registry::UserId;
use temporalio_client::{Client, WorkflowIdConflictPolicy, WorkflowStartOptions};
use tokio::sync::watch;

use crate::connection::TemporalSettings;
use crate::worker;
use crate::workflow::{Drive, Driven};

/// A kick that takes longer is reported as failed; the sweep comes back to the user.
const KICK_TIMEOUT: Duration = Duration::from_secs(10);

/// Drives users by one workflow each, whose id is `training/{userId}`.
pub struct TemporalEngine {
    settings: TemporalSettings,
    client: Client,
}

impl TemporalEngine {
    /// # Errors
    /// When the cluster cannot be reached, or does not take the key or the certificate.
    pub async fn connect(settings: TemporalSettings) -> Result<Self, EngineError> {
        let client = settings.connect().await?;
        Ok(Self { settings, client })
    }
}

#[async_trait]
impl Engine for TemporalEngine {
    /// Starts the user's workflow or signals the one that runs, in one call: whoever comes first, there is one driver.
    async fn kick(&self, user: &UserId) -> Result<(), EngineError> {
        let settings = &self.settings;
        let options = WorkflowStartOptions::new(&settings.task_queue, format!("training/{user}"))
            .id_conflict_policy(WorkflowIdConflictPolicy::UseExisting)
            .build();
        let driven = Driven { user_id: user.to_string(), heartbeat_timeout: settings.heartbeat_timeout };
        let kicking = self.client.signal_with_start_workflow(Drive::run, driven, Drive::poke, (), options);
        match tokio::time::timeout(KICK_TIMEOUT, kicking).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(settings.failed(&error)),
            Err(_) => Err(settings.unavailable("it does not answer")),
        }
    }

    async fn run_worker(&self, machine: Arc<dyn Machine>, stop: watch::Receiver<bool>) -> Result<(), EngineError> {
        worker::run(&self.settings, machine, stop).await
    }
}
