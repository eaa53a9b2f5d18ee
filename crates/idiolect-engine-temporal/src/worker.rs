//! A worker: polls the task queue, advances users, and outlives the server.

use std::sync::Arc;
use std::time::Duration;

use idiolect_pipeline::{EngineError, Machine};
use temporalio_sdk::runtime::worker_tuner::{FixedSizeSlotSupplier, TunerHolder};
use temporalio_sdk::{Runtime, Worker, WorkerOptions};
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};

use crate::connection::TemporalSettings;
use crate::workflow::{Activities, Drive};

/// A workflow whose worker died is given to another one after this.
const STICKY_TIMEOUT: Duration = Duration::from_secs(3);
/// Between two attempts to come back to a server that went away.
const RETURN_INTERVAL: Duration = Duration::from_secs(2);
/// Workflows that decide their next move at the same time; that takes moments.
const DECISIONS: usize = 50;

pub(crate) async fn run(
    settings: &TemporalSettings,
    machine: Arc<dyn Machine>,
    stop: watch::Receiver<bool>,
) -> Result<(), EngineError> {
    // The SDK's worker stays on one thread; the machine works on the runtime that this was called from.
    let (ended, end) = oneshot::channel();
    let (settings, runtime) = (settings.clone(), Handle::current());
    let unavailable = settings.unavailable("no thread can be started for its worker");
    let thread = std::thread::Builder::new().name("temporal worker".to_owned()).spawn(move || {
        // Whoever waited for the end may have gone.
        let _ = ended.send(on_this_thread(&settings, machine, stop, runtime));
    });
    thread.map_err(|_| unavailable)?;
    end.await.unwrap_or_else(|_| panic!("the worker's thread panicked"))
}

fn on_this_thread(
    settings: &TemporalSettings,
    machine: Arc<dyn Machine>,
    mut stop: watch::Receiver<bool>,
    runtime: Handle,
) -> Result<(), EngineError> {
    let own = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let own = own.map_err(|error| settings.unavailable(error))?;
    let all = tokio::task::LocalSet::new();
    all.block_on(&own, async {
        while !*stop.borrow() {
            let activities = Activities { machine: machine.clone(), runtime: runtime.clone() };
            match poll(settings, activities, stop.clone()).await {
                Ok(()) => {}
                Err(error) => tracing::warn!(%error, "the worker has lost the cluster and tries to come back"),
            }
            tokio::select! {
                // A closed channel cannot ask any more; then only the time counts.
                Ok(_) = stop.wait_for(|stop| *stop) => {}
                () = tokio::time::sleep(RETURN_INTERVAL) => {}
            }
        }
        Ok(())
    })
}

/// Works until told to stop or the cluster is lost.
async fn poll(
    settings: &TemporalSettings,
    activities: Activities,
    mut stop: watch::Receiver<bool>,
) -> Result<(), EngineError> {
    let client = settings.connect().await?;
    let slots = TunerHolder::builder()
        .workflow_task_slot_supplier(FixedSizeSlotSupplier::new(DECISIONS))
        .activity_task_slot_supplier(FixedSizeSlotSupplier::new(settings.concurrency.max(1)))
        .local_activity_task_slot_supplier(FixedSizeSlotSupplier::new(1))
        .nexus_task_slot_supplier(FixedSizeSlotSupplier::new(1))
        .build();
    let options = WorkerOptions::new(&settings.task_queue)
        .register_workflow::<Drive>()
        .map_err(|error| settings.unavailable(error))?
        .register_activities(activities)
        .tuner(slots)
        .sticky_queue_schedule_to_start_timeout(STICKY_TIMEOUT)
        .build();
    let runtime = Runtime::from_current_tokio(Default::default()).map_err(|error| settings.unavailable(error))?;
    let mut worker = Worker::new(&runtime, client, options).map_err(|error| settings.unavailable(error))?;
    let shut_down = worker.shutdown_handle();
    let told = tokio::task::spawn_local(async move {
        // A closed channel cannot ask any more.
        match stop.wait_for(|stop| *stop).await {
            Ok(_) => shut_down(),
            Err(_) => std::future::pending().await,
        }
    });
    tracing::info!(address = settings.address, task_queue = settings.task_queue, "temporal worker started");
    let worked = worker.run().await;
    told.abort();
    worked.map_err(|error| settings.unavailable(error))
}
