//! The embedded engine: calls the machine in this process until the run is over or somebody asks to stop.

use idiolect_registry::{ModelVersion, StoreError, UserId};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::error::PipelineError;
use crate::machine::{Machine, Next};

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
    machine: &Machine,
    user_id: &UserId,
    mut stop: watch::Receiver<bool>,
) -> Result<Driven, PipelineError> {
    loop {
        if *stop.borrow() {
            return Ok(Driven::Interrupted);
        }
        let wait = match machine.advance(user_id).await {
            Ok(Next::Done(version)) => return Ok(Driven::Finished(version)),
            Ok(Next::WaitUntil(time)) => until(machine.clock.now(), time),
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

fn until(now: Timestamp, time: Timestamp) -> std::time::Duration {
    time.duration_since(now).try_into().unwrap_or(std::time::Duration::ZERO)
}
