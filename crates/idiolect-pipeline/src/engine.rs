//! The embedded engine: calls the machine in this process until the run is over or somebody asks to stop.

use idiolect_registry::{ModelVersion, StoreError, UserId, VersionId};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::error::PipelineError;
use crate::machine::TrainingMachine;
use crate::seam::{Machine, Next};

/// How driving a run ended.
#[derive(Debug)]
pub enum Driven {
    /// The run is over; `None` if there was none.
    Finished(Option<Box<ModelVersion>>),
    /// Asked to stop; everything done is recorded and the next call goes on from there.
    Interrupted,
}

/// Takes the user's run to its end. `stop` turning true ends the driving between two steps, never within one.
pub async fn drive(
    machine: &TrainingMachine,
    user_id: &UserId,
    mut stop: watch::Receiver<bool>,
) -> Result<Driven, PipelineError> {
    let Some(run) = machine.unfinished(user_id).await?.map(|version| version.id) else {
        return Ok(Driven::Finished(None));
    };
    loop {
        if *stop.borrow() {
            return Ok(Driven::Interrupted);
        }
        let wait = match machine.advance(user_id).await {
            Ok(next) => match (over(machine, &run).await?, next) {
                (Some(version), _) => return Ok(Driven::Finished(Some(Box::new(version)))),
                (None, Next::WaitUntil(time)) => until(machine.clock.now(), time),
                (None, Next::Done) => return Ok(Driven::Finished(None)),
            },
            // Somebody changed a record meanwhile, such as by revoking consent: read again and decide again.
            Err(PipelineError::Store(StoreError::Conflict { .. })) => continue,
            Err(error) => return Err(error),
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // A closed channel means that nobody can ask any more; then only the time counts.
            Ok(()) = stop.changed() => {}
        }
    }
}

/// The version, if its run needs no driving any more.
async fn over(machine: &TrainingMachine, run: &VersionId) -> Result<Option<ModelVersion>, PipelineError> {
    Ok(machine.store.version(run).await?.filter(|version| !version.run.step.is_under_way()))
}

fn until(now: Timestamp, time: Timestamp) -> std::time::Duration {
    time.duration_since(now).try_into().unwrap_or(std::time::Duration::ZERO)
}
