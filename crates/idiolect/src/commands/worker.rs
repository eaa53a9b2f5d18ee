//! `idiolect worker`: drives due users until it is stopped: runs, weekly turns, erasures, and the daily look at end dates.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use idiolect_pipeline::{Engine, Silent, TrainingMachine, sweep};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::context::Context;
use crate::exit::Exit;
use crate::interrupt::watch_for_interrupt;

/// Between two looks at the dates on which base models end.
const RETIREMENT_LOOK: Duration = Duration::from_secs(24 * 3600);

/// After a look that failed.
const RETRY: Duration = Duration::from_secs(15 * 60);

pub async fn run(app: &Context) -> Result<Exit> {
    let _lock = app.lock_runs()?;
    let machine = Arc::new(app.machine(Arc::new(Silent))?);
    let engine = app.engine()?;
    let stop = watch_for_interrupt()?;
    let due = sweep(machine.store.as_ref(), &engine, app.now()).await?;
    app.output.note(format!(
        "driving runs at the {} provider with {} workers, {due} due now (Ctrl-C stops, twice at once)",
        app.settings.training.provider, app.settings.runs.workers
    ));
    let looking = tokio::spawn(look_at_retirements(machine.clone(), stop.clone()));
    engine.run_worker(machine, stop).await?;
    looking.abort();
    if let Some(local) = app.local_provider_cell().get() {
        local.shut_down();
    }
    app.output.note("stopped; nothing is lost");
    Ok(Exit::Done)
}

/// Once at the start and then once a day.
pub async fn look_at_retirements(machine: Arc<TrainingMachine>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let wait = match machine.look_at_retirements().await {
            Ok(report) => {
                info!(
                    retiring = report.retiring,
                    warned = report.warned,
                    retrained = report.retrained,
                    "looked at end dates"
                );
                RETIREMENT_LOOK
            }
            Err(error) => {
                warn!(error = %error, "the end dates could not be read; trying again in 15 minutes");
                RETRY
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}
