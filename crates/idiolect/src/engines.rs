//! The engines by name, and what a process does that drives users with one.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use idiolect_gateway::JobEndedHook;
use idiolect_pipeline::{Engine, Silent, TrainingMachine, sweep};
use idiolect_provider::JobId;
use idiolect_registry::MetadataStore;
use jiff::SignedDuration;
use tokio::sync::watch;
use tracing::warn;

use crate::cli::{EngineFlags, EngineName};
use crate::commands::worker::look_at_retirements;
use crate::context::Context;

/// Between two looks for users whom the engine has lost.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Whoever is due for longer is taken for lost; most that are due are being worked on.
const LOST_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// An engine that is ready, and the right to use it.
pub struct Driving {
    engine: Arc<dyn Engine>,
    pub machine: Arc<TrainingMachine>,
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

    /// What a webhook does: whoever waits for the job that it names is looked at now instead of later.
    pub fn job_ended(&self) -> JobEndedHook {
        let (engine, store) = (self.engine.clone(), self.machine.store.clone());
        let runtime = tokio::runtime::Handle::current();
        Arc::new(move |job| {
            runtime.spawn(kick_waiting_for(job, engine.clone(), store.clone()));
        })
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

/// A kick that fails costs the time until the next poll and nothing else.
async fn kick_waiting_for(job: JobId, engine: Arc<dyn Engine>, store: Arc<dyn MetadataStore>) {
    let waiting = match store.unfinished().await {
        Ok(unfinished) => unfinished.into_iter().filter(|version| version.job_id.as_deref() == Some(job.as_str())),
        Err(error) => return warn!(job_id = %job, %error, "whose job has ended could not be looked up"),
    };
    for version in waiting {
        if let Err(error) = engine.kick(&version.id.user_id).await {
            warn!(job_id = %job, user_id = %version.id.user_id, %error, "the engine could not be told of an ended job");
        }
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use idiolect_pipeline::{EngineError, Machine};
    use idiolect_registry::{Change, RunStep, UserId};
    use idiolect_testkit::{MemoryStore, full_user, full_version};

    use super::*;

    #[derive(Default)]
    struct Kicked(Mutex<Vec<UserId>>);

    #[async_trait]
    impl Engine for Kicked {
        async fn kick(&self, user: &UserId) -> Result<(), EngineError> {
            self.0.lock().unwrap().push(user.clone());
            Ok(())
        }

        async fn run_worker(&self, _: Arc<dyn Machine>, _: watch::Receiver<bool>) -> Result<(), EngineError> {
            unreachable!("a webhook only kicks")
        }
    }

    #[tokio::test]
    async fn a_webhook_makes_look_at_whoever_waits_for_its_job_and_nobody_else() {
        let store = Arc::new(MemoryStore::new());
        for (name, job, step) in [
            ("ana", "ftjob-1", RunStep::JobCreated),
            ("ben", "ftjob-2", RunStep::JobCreated),
            ("eve", "ftjob-1", RunStep::Activated),
        ] {
            let mut version = full_version(name, 3);
            version.job_id = Some(job.to_owned());
            version.run.step = step;
            let changes = vec![Change::PutUser(full_user(name)), Change::CreateVersion(version)];
            store.commit(changes).await.unwrap();
        }
        let engine = Arc::new(Kicked::default());
        for job in ["ftjob-1", "ftjob-3"] {
            kick_waiting_for(JobId::new(job), engine.clone(), store.clone()).await;
        }
        assert_eq!(*engine.0.lock().unwrap(), ["ana".parse().unwrap()]);
    }
}
