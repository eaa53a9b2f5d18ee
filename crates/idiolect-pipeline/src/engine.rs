//! The embedded engine: drives users in this process, by the leases that stand on their records.

mod driver;
mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use idiolect_registry::{Change, Clock, MetadataStore, ModelVersion, StoreError, UserId, VersionId};
use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tracing::{error, warn};

use crate::error::PipelineError;
use crate::machine::{TrainingMachine, user_and_run};
use crate::seam::{Engine, EngineError, Machine};

pub(crate) use driver::Driver;

/// Who drives, how many at a time, and how it is known that somebody still does.
#[derive(Clone, Debug)]
pub struct EmbeddedSettings {
    /// Written on every lease. A process that takes the place of a dead one and bears its name goes on without waiting.
    pub owner: String,
    /// Users that are advanced at a time.
    pub workers: usize,
    /// A user whose worker has not been heard of for this long is anybody's.
    pub lease: Duration,
    /// Leases of long steps are renewed this often; no more often than every 30 s where records are written over a network.
    pub heartbeat: Duration,
    /// Between two looks for due users, unless somebody kicks.
    pub idle: Duration,
}

impl EmbeddedSettings {
    pub fn new(owner: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            workers: 4,
            lease: Duration::from_secs(120),
            heartbeat: Duration::from_secs(30),
            idle: Duration::from_secs(1),
        }
    }
}

/// A worker loop over the store's leases. Any number of them, in any number of processes, may share a store.
#[derive(Clone)]
pub struct EmbeddedEngine {
    driver: Driver,
    idle: Duration,
    workers: usize,
    kicked: Arc<Notify>,
    /// Users whom this process is at work on, so that its own workers leave each other alone.
    busy: Arc<Mutex<BTreeSet<UserId>>>,
    /// Users who were not given back, for others hold them or their records could not be written, so that they may still be due:
    /// until when this process leaves them alone.
    resting: Arc<Mutex<BTreeMap<UserId, Timestamp>>>,
}

impl EmbeddedEngine {
    pub fn new(store: Arc<dyn MetadataStore>, clock: Arc<dyn Clock>, settings: EmbeddedSettings) -> Self {
        let EmbeddedSettings { owner, workers, lease, heartbeat, idle } = settings;
        Self {
            driver: Driver { store, clock, owner, lease, heartbeat },
            idle,
            workers: workers.max(1),
            kicked: Arc::default(),
            busy: Arc::default(),
            resting: Arc::default(),
        }
    }

    /// What a process of this name held when it died is due at once, and not only when its lease ends.
    async fn take_back(&self) -> Result<(), StoreError> {
        let store = self.driver.store.as_ref();
        for run in store.unfinished().await?.records {
            if run.run.dispatch.lease_owner.as_ref() != Some(&self.driver.owner) {
                continue;
            }
            match make_due(store, &run.id.user_id, self.driver.clock.now()).await {
                Err(error) if error.is_about_one_record() => {
                    error!(user_id = %run.id.user_id, %error, "a run is left alone until its user's records are repaired");
                }
                done => done?,
            }
        }
        Ok(())
    }

    fn resting(&self) -> std::sync::MutexGuard<'_, BTreeMap<UserId, Timestamp>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn busy(&self) -> std::sync::MutexGuard<'_, BTreeSet<UserId>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Engine for EmbeddedEngine {
    async fn kick(&self, user: &UserId) -> Result<(), EngineError> {
        make_due(self.driver.store.as_ref(), user, self.driver.clock.now()).await?;
        self.resting().remove(user);
        self.kicked.notify_one();
        Ok(())
    }

    async fn run_worker(&self, machine: Arc<dyn Machine>, stop: watch::Receiver<bool>) -> Result<(), EngineError> {
        self.take_back().await?;
        worker::run(self, machine, stop).await;
        Ok(())
    }
}

/// Makes what is waiting about the user due now: their run, or their erasure. Their weekly turn keeps its time.
pub(crate) async fn make_due(store: &dyn MetadataStore, user: &UserId, now: Timestamp) -> Result<(), StoreError> {
    loop {
        let (user, run) = user_and_run(store, user).await?;
        let change = match run {
            Some(run) if run.run.dispatch.next_at.is_some_and(|at| at <= now) => return Ok(()),
            Some(mut run) => {
                run.run.dispatch.next_at = Some(now);
                Change::UpdateVersion(run)
            }
            None => match user {
                Some(mut user) if user.erasure_id.is_some() => {
                    user.dispatch.next_at = Some(now);
                    Change::PutUser(user)
                }
                _ => return Ok(()),
            },
        };
        match store.commit(vec![change]).await {
            Err(StoreError::Conflict { .. }) => {}
            done => return done,
        }
    }
}

/// Kicks every user with due work: what makes another engine's own state disposable. Says how many. A user whose records cannot be
/// read is passed over.
pub async fn sweep(store: &dyn MetadataStore, engine: &dyn Engine, now: Timestamp) -> Result<usize, EngineError> {
    const AT_MOST: usize = 10_000;
    let mut kicked = 0;
    for user in store.due(now, None, AT_MOST).await? {
        match engine.kick(&user).await {
            Ok(()) => kicked += 1,
            Err(EngineError::Store(error)) if error.is_about_one_record() => {
                error!(user_id = %user, %error, "a user is passed over until their records are repaired");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(kicked)
}

/// How driving a run ended.
#[derive(Debug)]
pub enum Driven {
    /// The run needs no driving any more; `None` if there was none, or it was erased meanwhile.
    Finished(Option<Box<ModelVersion>>),
    /// Asked to stop; everything done is recorded and the next call goes on from there.
    Interrupted,
}

/// Takes the user's run to its end, in the foreground. `stop` turning true ends the driving between two steps, never within
/// one. A run that another process is at work on is waited for and taken when its lease ends. Of `settings` the name, the lease and
/// the heartbeat count.
pub async fn drive(
    machine: &TrainingMachine,
    settings: EmbeddedSettings,
    user_id: &UserId,
    mut stop: watch::Receiver<bool>,
) -> Result<Driven, PipelineError> {
    let Some(run) = machine.unfinished(user_id).await?.map(|version| version.id) else {
        return Ok(Driven::Finished(None));
    };
    // Whoever asks in person does not wait for a time that was set after some trouble.
    make_due(machine.store.as_ref(), user_id, machine.clock.now()).await?;
    let driver = Driver::new(machine.store.clone(), machine.clock.clone(), settings);
    loop {
        if *stop.borrow() {
            driver.release(user_id, Some(machine.clock.now())).await?;
            return Ok(Driven::Interrupted);
        }
        let next = driver.advance(machine, user_id).await;
        if let Some(driven) = over(machine, &run).await? {
            return Ok(driven);
        }
        let next = match next {
            Ok(next) => next,
            Err(failed) => {
                // Whoever comes next need not wait for a lease to end.
                if let Err(error) = driver.release(user_id, Some(machine.clock.now())).await {
                    warn!(user_id = %user_id, %error, "the lease was not given back; it ends by itself");
                }
                return Err(failed);
            }
        };
        let wait = driver.wait(next);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // A closed channel means that nobody can ask any more; then only the time counts.
            Ok(()) = stop.changed() => {}
        }
    }
}

/// How the driving ended, if the run needs none any more. A version that was erased meanwhile has ended, too.
async fn over(machine: &TrainingMachine, run: &VersionId) -> Result<Option<Driven>, PipelineError> {
    Ok(match machine.store.version(run).await? {
        None => Some(Driven::Finished(None)),
        Some(version) if version.run.step.is_under_way() => None,
        Some(version) => Some(Driven::Finished(Some(Box::new(version)))),
    })
}
