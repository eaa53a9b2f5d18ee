//! The engines by name, and what a process does that drives users with one.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use idiolect_gateway::JobEndedHook;
use idiolect_pipeline::{Engine, Silent, TrainingMachine, sweep};
use idiolect_provider::JobId;
use idiolect_registry::{MetadataStore, UserId};
use jiff::SignedDuration;
use tokio::sync::watch;
use tracing::warn;

use crate::cli::{EngineFlags, EngineName, TemporalFlags};
use crate::commands::worker::look_daily;
use crate::context::Context;
use crate::exit::WrongFlag;
use crate::runner::DrivingRight;

/// Between two looks for users whom the engine has lost.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Whoever is due for longer is taken for lost; most that are due are being worked on.
const LOST_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// Where a cluster on this machine listens.
#[cfg(feature = "temporal")]
const DEFAULT_ADDRESS: &str = "127.0.0.1:7233";

/// Whoever takes consent back does not wait longer for a cluster.
const TELL_TIMEOUT: Duration = Duration::from_secs(5);

/// Refuses what would say nothing to the engine that was asked for.
pub fn check_flags(engine: Option<EngineName>, flags: &TemporalFlags) -> Result<()> {
    match flags.first_given().filter(|_| engine != Some(EngineName::Temporal)) {
        Some(flag) => Err(WrongFlag(format!("{flag}: is for --engine temporal; add that, or leave it out")).into()),
        None => Ok(()),
    }
}

/// An engine that is ready, and the right to use it.
pub struct Driving {
    engine: Arc<dyn Engine>,
    pub machine: Arc<TrainingMachine>,
    /// The cluster keeps users apart by itself.
    _right: Option<DrivingRight>,
    /// Users who were due at the start.
    pub due: usize,
}

impl Driving {
    pub async fn start(app: &Context, flags: &EngineFlags) -> Result<Self> {
        let right = match flags.engine {
            EngineName::Embedded => Some(app.right_to_drive(&app.settings.training.provider)?),
            EngineName::Temporal => None,
        };
        let machine = Arc::new(app.machine(Arc::new(Silent))?);
        let engine: Arc<dyn Engine> = match &right {
            Some(right) => Arc::new(app.engine(right)?),
            None => temporal(app, &flags.temporal).await?,
        };
        let due = sweep(machine.store.as_ref(), engine.as_ref(), app.now()).await?;
        Ok(Self { engine, machine, _right: right, due })
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
        let looking = tokio::spawn(look_daily(self.machine.clone(), stop.clone()));
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
        Ok(unfinished) => {
            unfinished.records.into_iter().filter(|version| version.job_id.as_deref() == Some(job.as_str()))
        }
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

/// Tells the cluster that the settings name, if they do, to look at the user now. Where it cannot be told, its workers see what is
/// due by themselves, within a minute or two.
pub async fn tell_cluster(app: &Context, user: &UserId) -> bool {
    let address = &app.settings.temporal.address;
    if address.is_empty() {
        return false;
    }
    let kicked = async { Ok::<_, anyhow::Error>(temporal(app, &TemporalFlags::default()).await?.kick(user).await?) };
    match tokio::time::timeout(TELL_TIMEOUT, kicked).await {
        Ok(Ok(())) => app.output.note(format!("the workers of the cluster at {address} were told")),
        Ok(Err(error)) => app.output.note(format!("{error:#}; its workers see it within two minutes")),
        Err(_) => {
            app.output.note(format!("the cluster at {address} does not answer; its workers see it within two minutes"))
        }
    }
    true
}

#[cfg(not(feature = "temporal"))]
async fn temporal(_: &Context, _: &TemporalFlags) -> Result<Arc<dyn Engine>> {
    anyhow::bail!(
        "this idiolect was built without the engine temporal; build it with `cargo install --path crates/idiolect --locked --features temporal`"
    )
}

#[cfg(feature = "temporal")]
async fn temporal(app: &Context, flags: &TemporalFlags) -> Result<Arc<dyn Engine>> {
    use anyhow::Context as _;
    use idiolect_engine_temporal::{TemporalEngine, TemporalSettings, TlsFiles};

    let set = &app.settings.temporal;
    let text = |flag: &Option<String>, setting: &str| {
        let given = flag.clone().unwrap_or_else(|| setting.to_owned());
        Some(given).filter(|given| !given.is_empty())
    };
    let read = |flag: &Option<std::path::PathBuf>, setting: &str| {
        let file = flag.clone().or_else(|| Some(setting.into()).filter(|_| !setting.is_empty()));
        let read = |file: std::path::PathBuf| {
            std::fs::read(&file).with_context(|| format!("{}: the PEM file cannot be read", file.display()))
        };
        file.map(read).transpose()
    };
    let certificate = read(&flags.tls_cert, &set.tls_cert)?;
    let files = TlsFiles {
        server_ca: read(&flags.tls_ca, &set.tls_ca)?,
        client: certificate.zip(read(&flags.tls_key, &set.tls_key)?),
        server_name: text(&flags.tls_server_name, &set.tls_server_name),
    };
    let asked_for = flags.tls || set.tls;
    let is_encrypted = asked_for || files.server_ca.is_some() || files.client.is_some() || files.server_name.is_some();
    let api_key = text(&flags.api_key_env, &set.api_key_env).map(|name| {
        let key = std::env::var(&name).ok().filter(|key| !key.is_empty());
        key.with_context(|| format!("--api-key-env {name}: the variable is not set"))
    });
    let address = text(&flags.address, &set.address).unwrap_or_else(|| DEFAULT_ADDRESS.to_owned());
    let engine = TemporalEngine::connect(TemporalSettings {
        namespace: text(&flags.namespace, &set.namespace).unwrap_or_default(),
        task_queue: text(&flags.task_queue, &set.task_queue).unwrap_or_default(),
        tls: is_encrypted.then_some(files),
        api_key: api_key.transpose()?,
        concurrency: app.settings.runs.workers as usize,
        ..TemporalSettings::at(&address)
    });
    Ok(Arc::new(engine.await?))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use idiolect_pipeline::{EngineError, Machine};
    use idiolect_registry::{Change, RunStep};
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
