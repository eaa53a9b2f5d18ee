//! One workflow per user: a loop around one activity.
//!
//! The steps of a run are never written here. A workflow is replayed from its history, and code that has changed meanwhile
//! replays it wrongly, in the worst case without anybody noticing: a step that was put in between may never be made. A loop
//! around one activity is the same for every run, so that there is nothing to replay wrongly.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use idiolect_pipeline::{Machine, Next, PipelineError};
use idiolect_registry::UserId;
use serde::{Deserialize, Serialize};
use temporalio_common::RetryPolicy;
use temporalio_common::error::ApplicationFailure;
use temporalio_macros::{activities, workflow, workflow_methods};
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use temporalio_sdk::{ActivityOptions, ContinueAsNewOptions, SyncWorkflowContext, WorkflowContext, WorkflowResult};
use tokio::runtime::Handle;

/// No step takes longer; one that does is begun again elsewhere.
const LONGEST_STEP: Duration = Duration::from_secs(6 * 3600);
/// Times that a step is made again at once because somebody else changed the user's records meanwhile.
const CONFLICTS: usize = 5;
/// Failed steps are made again after a second, then after twice as long each time, up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Who is driven, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Driven {
    pub(crate) user_id: String,
    pub(crate) heartbeat_timeout: Duration,
}

/// What a call of the machine came to. A failure that time may mend is an outcome and not the activity's error, so that a kick
/// ends the pause after it. One that time does not mend is an error that is not retried: it ends the workflow, which is then seen
/// to have failed, and the sweep begins another one when the record says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Outcome {
    Done,
    WaitUntil { unix_ms: u64 },
    Failed,
}

#[workflow]
#[derive(Default)]
pub(crate) struct Drive {
    pokes: u64,
    failures: u32,
}

#[workflow_methods]
impl Drive {
    #[run]
    pub(crate) async fn run(ctx: &mut WorkflowContext<Self>, driven: Driven) -> WorkflowResult<()> {
        loop {
            let seen = ctx.state(|drive| drive.pokes);
            let outcome = match ctx.execute_activity(Activities::advance, driven.clone(), options(&driven)).await {
                Ok(outcome) => outcome,
                // Kicked meanwhile, perhaps by whoever has put right what was wrong.
                Err(_) if ctx.state(|drive| drive.pokes) != seen => Outcome::Done,
                Err(error) => return Err(error.into()),
            };
            let failures = ctx.state(|drive| drive.failures);
            ctx.state_mut(|drive| drive.failures = if outcome == Outcome::Failed { failures + 1 } else { 0 });
            let now = ctx.workflow_time().and_then(|now| now.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
            let pause = match outcome {
                // Kicked while the machine was saying that nothing is to be done: it may think otherwise now.
                Outcome::Done if ctx.state(|drive| drive.pokes) != seen => Duration::ZERO,
                Outcome::Done => return Ok(()),
                Outcome::WaitUntil { unix_ms } => Duration::from_millis(unix_ms).saturating_sub(now),
                Outcome::Failed => pause_after(failures),
            };
            if !pause.is_zero() {
                temporalio_sdk::workflows::select! {
                    _ = ctx.timer(pause) => {}
                    _ = ctx.wait_condition(move |drive: &Self| drive.pokes != seen) => {}
                }
            }
            if ctx.continue_as_new_suggested() {
                ctx.continue_as_new(driven.clone(), ContinueAsNewOptions::default())?;
            }
        }
    }

    #[signal]
    pub(crate) fn poke(&mut self, _ctx: &mut SyncWorkflowContext<Self>) {
        self.pokes += 1;
    }
}

fn options(driven: &Driven) -> ActivityOptions {
    // Of a worker that died: its step is begun again for ever, since a failure of the step itself is an outcome or final.
    let retries =
        RetryPolicy::builder().initial_interval(Duration::from_secs(1)).maximum_interval(Duration::from_secs(10));
    ActivityOptions::with_start_to_close_timeout(LONGEST_STEP)
        .heartbeat_timeout(driven.heartbeat_timeout)
        .retry_policy(retries.build())
        .build()
}

fn pause_after(failures: u32) -> Duration {
    Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(failures)).min(LONGEST_PAUSE)
}

/// The one activity.
pub(crate) struct Activities {
    pub(crate) machine: Arc<dyn Machine>,
    /// Where the machine works: a step may compute for minutes, and heartbeats must go on meanwhile.
    pub(crate) runtime: Handle,
}

#[activities]
impl Activities {
    #[activity]
    pub(crate) async fn advance(
        self: Arc<Self>,
        ctx: ActivityContext,
        driven: Driven,
    ) -> Result<Outcome, ActivityError> {
        let machine = self.machine.clone();
        let user_id = driven.user_id.clone();
        let mut advancing = self.runtime.spawn(async move { advance(machine.as_ref(), &user_id).await });
        let mut beat = tokio::time::interval(driven.heartbeat_timeout / 3);
        loop {
            tokio::select! {
                advanced = &mut advancing => {
                    return advanced.unwrap_or_else(|_| {
                        tracing::error!(user_id = driven.user_id, "a step ended in a way it should not");
                        Ok(Outcome::Failed)
                    });
                }
                _ = beat.tick() => {
                    if ctx.record_heartbeat(()).await.is_err() {
                        tracing::warn!(user_id = driven.user_id, "a heartbeat could not be sent");
                    }
                }
            }
        }
    }
}

async fn advance(machine: &dyn Machine, user_id: &str) -> Result<Outcome, ActivityError> {
    let Ok(user) = user_id.parse::<UserId>() else {
        tracing::error!(user_id, "there can be no such user; the workflow ends");
        return Ok(Outcome::Done);
    };
    for _ in 0..CONFLICTS {
        match machine.advance(&user).await {
            Ok(Next::Done) => return Ok(Outcome::Done),
            Ok(Next::WaitUntil(time)) => {
                return Ok(Outcome::WaitUntil { unix_ms: u64::try_from(time.as_millisecond()).unwrap_or_default() });
            }
            Err(error) if error.is_conflict() => {}
            Err(error) if error.retryable() => {
                tracing::warn!(user_id, %error, "a step failed and is made again later");
                return Ok(Outcome::Failed);
            }
            Err(error) => {
                tracing::error!(user_id, code = error.code(), %error, "a step failed, and making it again would not help");
                return Err(final_failure(&error));
            }
        }
    }
    Ok(Outcome::Failed)
}

/// By its code alone: what a provider says stays in our own log and records.
fn final_failure(error: &PipelineError) -> ActivityError {
    let code = error.code().to_owned();
    let message =
        format!("{code}: making the step again would not help; the worker's log and `idiolect runs` say more");
    ActivityError::application(ApplicationFailure::builder(message).type_name(code).non_retryable(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_five_minutes() {
        let seconds: Vec<u64> = [0, 1, 2, 8, 9, 40, u32::MAX].map(|failures| pause_after(failures).as_secs()).into();
        assert_eq!(seconds, [1, 2, 4, 256, 300, 300, 300]);
    }
}
