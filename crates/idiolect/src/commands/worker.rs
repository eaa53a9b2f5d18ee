//! `idiolect worker`: drives due users until it is stopped: runs, weekly turns, erasures, and the daily look at turns and end dates.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use idiolect_pipeline::{DailyReport, TrainingMachine, sleep_until};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::cli::EngineFlags;
use crate::context::Context;
use crate::engines::{Driving, check_flags};
use crate::exit::Exit;
use crate::interrupt::watch_for_interrupt;
use crate::metrics;

/// Between two looks at every user.
const DAILY_LOOK: Duration = Duration::from_secs(24 * 3600);

/// After a look that failed.
const RETRY: Duration = Duration::from_secs(15 * 60);

pub async fn run(app: &Context, flags: &EngineFlags) -> Result<Exit> {
    check_flags(Some(flags.engine), &flags.temporal)?;
    let port = app.settings.runs.metrics_port;
    if port > 0 {
        metrics::serve(port).await?;
    }
    let driving = Driving::start(app, flags).await?;
    let stop = watch_for_interrupt()?;
    app.output.note(format!(
        "driving runs at the {} provider with {} workers, {} due now (Ctrl-C stops, twice at once)",
        app.settings.training.provider, app.settings.runs.workers, driving.due
    ));
    driving.run(app, stop).await?;
    app.output.note("stopped; nothing is lost");
    Ok(Exit::Done)
}

/// Once at the start and then once a day.
pub async fn look_daily(machine: Arc<TrainingMachine>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let begun = machine.clock.now();
        let wait = match machine.look_at_everybody().await {
            Ok(DailyReport { scheduled, passed_over, retirement }) => {
                info!(
                    scheduled,
                    passed_over,
                    retiring = retirement.retiring,
                    warned = retirement.warned,
                    retrained = retirement.retrained,
                    failed = retirement.failed,
                    "looked at every user's turn and end date"
                );
                DAILY_LOOK
            }
            Err(error) => {
                warn!(error = %error, "the daily look at every user was not finished; trying again in 15 minutes");
                RETRY
            }
        };
        tokio::select! {
            () = sleep_until(machine.clock.as_ref(), begun, wait) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}
