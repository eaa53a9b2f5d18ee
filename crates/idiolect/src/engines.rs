//! The engines by name, and what a process does that drives users with one.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use idiolect_pipeline::{Engine, Silent, TrainingMachine, sweep};
use jiff::SignedDuration;
use tokio::sync::watch;
use tracing::warn;

use crate::cli::{EngineFlags, EngineName};
use crate::commands::worker::look_at_retirements;
use crate::context::Context;

/// Between two looks for users whom the engine has lost.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Whoever is due for longer is taken for lost; most that are due are being worked on.
const LOST_AFTER: SignedDuration = SignedDuration::from_mins(2);

/// An engine that is ready, and the right to use it.
pub struct Driving {
    engine: Arc<dyn Engine>,
    machine: Arc<TrainingMachine>,
    /// The cluster keeps users apart by itself; without one, one process drives in a data directory.
    _lock: Option<crate::context::RunLock>,
    /// Users who were due at the start.
    pub due: usize,
}

impl Driving {
    pub async fn start(app: &Context, flags: &EngineFlags) -> Result<Self> {
        let lock = match flags.engine {
            EngineName::Embedded => Some(app.lock_runs()?),
            EngineName::Temporal => None,
        };
        let machine = Arc::new(app.machine(Arc::new(Silent))?);
        let engine: Arc<dyn Engine> = match flags.engine {
            EngineName::Embedded => Arc::new(app.engine()?),
            EngineName::Temporal => temporal(app, flags).await?,
        };
        let due = sweep(machine.store.as_ref(), engine.as_ref(), app.now()).await?;
        Ok(Self { engine, machine, _lock: lock, due })
    }

    /// Drives users until told to stop.
    pub async fn run(self, app: &Context, stop: watch::Receiver<bool>) -> Result<()> {
        let looking = tokio::spawn(look_at_retirements(self.machine.clone(), stop.clone()));
        let sweeping = tokio::spawn(keep_sweeping(self.engine.clone(), self.machine.clone()));
        let driven = self.engine.run_worker(self.machine.clone(), stop).await;
        looking.abort();
        sweeping.abort();
        if let Some(local) = app.local_provider_cell().get() {
            local.shut_down();
        }
        Ok(driven?)
    }
}

/// Makes up for kicks that were lost, and for an engine that has forgotten everything.
async fn keep_sweeping(engine: Arc<dyn Engine>, machine: Arc<TrainingMachine>) {
    loop {
        tokio::time::sleep(SWEEP_INTERVAL).await;
        let lost = machine.clock.now() - LOST_AFTER;
        if let Err(error) = sweep(machine.store.as_ref(), engine.as_ref(), lost).await {
            warn!(%error, "users who may have been lost could not be kicked; trying again in a minute");
        }
    }
}

#[cfg(not(feature = "temporal"))]
async fn temporal(_: &Context, _: &EngineFlags) -> Result<Arc<dyn Engine>> {
    anyhow::bail!(
        "this idiolect was built without the engine temporal; build it with `cargo install --path crates/idiolect --locked --features temporal`"
    )
}

#[cfg(feature = "temporal")]
async fn temporal(app: &Context, flags: &EngineFlags) -> Result<Arc<dyn Engine>> {
    use anyhow::Context as _;
    use idiolect_engine_temporal::{TemporalEngine, TemporalSettings, TlsFiles};

    let given = &flags.temporal;
    let read = |file: &std::path::PathBuf| {
        std::fs::read(file).with_context(|| format!("{}: the PEM file cannot be read", file.display()))
    };
    let client = match (&given.tls_cert, &given.tls_key) {
        (Some(certificate), Some(key)) => Some((read(certificate)?, read(key)?)),
        _ => None,
    };
    let files = TlsFiles {
        server_ca: given.tls_ca.as_ref().map(read).transpose()?,
        client,
        server_name: given.tls_server_name.clone(),
    };
    let is_encrypted = given.tls || files.server_ca.is_some() || files.client.is_some() || files.server_name.is_some();
    let api_key = given.api_key_env.as_ref().map(|name| {
        let key = std::env::var(name).ok().filter(|key| !key.is_empty());
        key.with_context(|| format!("--api-key-env {name}: the variable is not set"))
    });
    let engine = TemporalEngine::connect(TemporalSettings {
        namespace: given.namespace.clone(),
        task_queue: given.task_queue.clone(),
        tls: is_encrypted.then_some(files),
        api_key: api_key.transpose()?,
        concurrency: app.settings.runs.workers as usize,
        ..TemporalSettings::at(&given.address)
    });
    Ok(Arc::new(engine.await?))
}
