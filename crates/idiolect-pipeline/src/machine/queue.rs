//! The queue before a provider that takes so many jobs at a time: who has a place, who is before whom. It is counted over the
//! runs of this installation alone; what else the account does there shows as the provider's own 429.

use std::time::Duration;

use idiolect_provider::Profile;
use idiolect_registry::{ModelVersion, RunEvent, RunStep, StoreError, User};
use jiff::Timestamp;
use tracing::debug;

use super::TrainingMachine;
use crate::error::PipelineError;
use crate::host::Host;
use crate::observer::Notice;
use crate::plan::seconds;
use crate::seam::Next;

/// What keeps a run from its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Runs at this provider that have a place, or are to get one before.
    pub ahead: usize,
    /// Jobs that the provider takes at a time.
    pub places: usize,
}

impl Queue {
    /// Where the run stands among all that are under way; `None` if it may go on, or is past this.
    pub fn before(
        version: &ModelVersion,
        under_way: &[ModelVersion],
        profile: &Profile,
        max_job: Duration,
        now: Timestamp,
    ) -> Option<Self> {
        let places = places(profile).filter(|_| is_on_its_way(version))?;
        let mine = (version.run.job_intended_at, &version.id);
        let is_ahead = |other: &&ModelVersion| match mine.0 {
            None => has_place(other, max_job, now) || waits(other) && is_before(other, version),
            // A call of unknown outcome: it yields to whoever has a job or wrote the intention down earlier, so that of two
            // such runs one goes on.
            Some(_) => {
                let earlier = other.run.step == RunStep::JobCreated || (other.run.job_intended_at, &other.id) < mine;
                has_place(other, max_job, now) && earlier
            }
        };
        let ahead = others(version, under_way).filter(is_ahead).count();
        (ahead >= places).then_some(Self { ahead, places })
    }
}

/// What is in this process queues by itself.
fn places(profile: &Profile) -> Option<usize> {
    let cap = profile.max_concurrent_jobs.filter(|_| profile.is_hosted())?;
    Some(cap.max(1) as usize)
}

fn others<'a>(version: &'a ModelVersion, under_way: &'a [ModelVersion]) -> impl Iterator<Item = &'a ModelVersion> {
    under_way.iter().filter(|other| other.provider == version.provider && other.id != version.id)
}

/// Whether there is a job, or may be. One that nobody has looked at for longer than a job may take is over by now.
fn has_place(version: &ModelVersion, max_job: Duration, now: Timestamp) -> bool {
    let since = version.run.job_intended_at.unwrap_or(version.created_at);
    let has = match version.run.step {
        RunStep::JobCreated => true,
        RunStep::FileUploaded => version.run.job_intended_at.is_some(),
        _ => false,
    };
    has && seconds(now.duration_since(since)) <= max_job.as_secs_f64()
}

fn is_on_its_way(version: &ModelVersion) -> bool {
    matches!(version.run.step, RunStep::Requested | RunStep::DatasetBuilt | RunStep::FileUploaded)
}

/// A run in trouble keeps nobody waiting.
fn waits(version: &ModelVersion) -> bool {
    is_on_its_way(version) && version.run.trouble.is_none()
}

/// First come, first served.
fn is_before(one: &ModelVersion, other: &ModelVersion) -> bool {
    (one.created_at, &one.id) < (other.created_at, &other.id)
}

impl TrainingMachine {
    /// Before words are read, and again before the job is created: the wait for a place, if there is none yet.
    pub(super) async fn wait_for_place(
        &self,
        host: &Host,
        user: &User,
        version: &ModelVersion,
    ) -> Result<Option<Next>, PipelineError> {
        if places(&host.profile).is_none() {
            return Ok(None);
        }
        let under_way = self.store.unfinished().await?.records;
        match Queue::before(version, &under_way, &host.profile, host.pace.max_job, self.clock.now()) {
            Some(queue) => self.wait_in(host, user.clone(), version, queue).await.map(Some),
            None => Ok(None),
        }
    }

    /// Right after a run has written down that it is about to create its job for the first time: whether others have all the
    /// places. Two that looked at the same moment, on machines whose clocks differ, may both have thought that they were first;
    /// each has written down its intention before it looks here, so that at least one of them sees the other.
    pub(super) async fn crowded_out(&self, host: &Host, version: &ModelVersion) -> Result<Option<Queue>, StoreError> {
        let Some(places) = places(&host.profile) else { return Ok(None) };
        let (under_way, now) = (self.store.unfinished().await?.records, self.clock.now());
        let has = |other: &&ModelVersion| has_place(other, host.pace.max_job, now);
        let ahead = others(version, &under_way).filter(has).count();
        Ok((ahead >= places).then_some(Queue { ahead, places }))
    }

    /// Gives back the place that was written down and not used.
    pub(super) async fn step_back(
        &self,
        host: &Host,
        user: User,
        version: ModelVersion,
        queue: Queue,
    ) -> Result<Next, PipelineError> {
        let version = self.record(version, RunEvent::JobIntentWithdrawn).await?;
        self.wait_in(host, user, &version, queue).await
    }

    async fn wait_in(
        &self,
        host: &Host,
        user: User,
        version: &ModelVersion,
        queue: Queue,
    ) -> Result<Next, PipelineError> {
        let now = self.clock.now();
        let name = version.id.to_string();
        let until = host.pace.next_place(&name, queue.ahead + 1 - queue.places, now);
        debug!(
            request_id = %version.id,
            user_id = %version.id.user_id,
            model_version = version.id.version,
            provider = version.provider,
            ahead = queue.ahead,
            places = queue.places,
            "the run waits for a place at the provider"
        );
        self.observer.notice(Notice::Queued { queue, provider: &version.provider });
        self.wait(user, version, until).await
    }
}
