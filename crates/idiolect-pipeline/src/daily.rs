//! The daily look at every user: whoever should have a weekly turn gets one, and whose base model is shut down is seen to.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use idiolect_registry::{Change, Clock, Purpose, StoreError, User, prove_consent};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use tracing::{error, warn};

use crate::engine::make_due;
use crate::error::PipelineError;
use crate::machine::TrainingMachine;
use crate::metrics;
use crate::retirement::{Dates, RetirementReport};

const PAGE: usize = 200;

/// Users who are looked at at the same time: most of a look is waiting for the store.
const AT_ONCE: usize = 8;

/// What one look found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DailyReport {
    /// Users who were given a turn now.
    pub scheduled: usize,
    /// Users who got no look, for a record of theirs cannot be read or is not as it should be.
    pub passed_over: usize,
    pub retirement: RetirementReport,
}

impl DailyReport {
    fn add(&mut self, other: Self) {
        self.scheduled += other.scheduled;
        self.passed_over += other.passed_over;
        self.retirement.add(other.retirement);
    }
}

/// Whether what is due then is due farther ahead than it may be.
fn has_strayed(next_at: Option<Timestamp>, farthest: Option<SignedDuration>, now: Timestamp) -> bool {
    next_at.zip(farthest).is_some_and(|(next_at, farthest)| next_at.duration_since(now) > farthest)
}

impl TrainingMachine {
    /// Twice [the longest pause](crate::plan::LONGEST_PAUSE) of a run.
    const FARTHEST: SignedDuration = SignedDuration::from_hours(48);

    /// Gives turns to those who have none, reads the providers' end dates, writes them on the versions that are served, warns, and
    /// begins runs on the successor where one is set and consent covers it. Once a day, anywhere; a second look on the same day
    /// changes nothing.
    ///
    /// What keeps one user from being looked at keeps nobody else: it is logged and counted, and only a store that is away ends
    /// the look.
    pub async fn look_at_everybody(&self) -> Result<DailyReport, PipelineError> {
        let mut report = DailyReport::default();
        self.bring_strayed_runs_back().await?;
        let dates = Mutex::new(Dates::new());
        let mut after = None;
        loop {
            let page = self.store.users(after.as_deref(), PAGE).await?;
            for unreadable in page.listed.unreadable {
                report.passed_over += 1;
                error!(error = %unreadable, "a user is passed over until their record is repaired");
            }
            let looks = page.listed.records.into_iter().map(|user| self.look_at(user, &dates));
            let mut looks = stream::iter(looks).buffer_unordered(AT_ONCE);
            while let Some(looked) = looks.next().await {
                report.add(looked?);
            }
            after = page.next;
            if after.is_none() {
                metrics::passed_over(report.passed_over);
                return Ok(report);
            }
        }
    }

    /// Only what is wrong with the store itself is an error.
    async fn look_at(&self, user: User, dates: &Mutex<Dates>) -> Result<DailyReport, StoreError> {
        let mut report = DailyReport::default();
        let user_id = user.user_id.clone();
        match self.try_to_look_at(user, dates, &mut report).await {
            Ok(()) => {}
            Err(PipelineError::Provider(error)) => {
                report.retirement.failed += 1;
                warn!(user_id = %user_id, code = error.code(), %error, "the end date could not be read");
            }
            Err(PipelineError::Store(error @ StoreError::Unavailable { .. })) => return Err(error),
            // Somebody is at work on the user: tomorrow is soon enough.
            Err(error) if error.is_conflict() => {}
            Err(error) => {
                report.passed_over += 1;
                error!(user_id = %user_id, %error, "a user is passed over until their records are repaired");
            }
        }
        Ok(report)
    }

    async fn try_to_look_at(
        &self,
        user: User,
        dates: &Mutex<Dates>,
        report: &mut DailyReport,
    ) -> Result<(), PipelineError> {
        if user.erasure_id.is_some() {
            let strayed = has_strayed(user.dispatch.next_at, Some(Self::FARTHEST), self.clock.now());
            if strayed {
                warn!(user_id = %user.user_id, "an erasure is due so late that a wrong clock must have said so; it is due now");
                make_due(self.store.as_ref(), &user.user_id, self.clock.now()).await?;
            }
            return Ok(());
        }
        let user = self.give_turn(user, report).await?;
        if user.active_model_version == 0 {
            return Ok(());
        }
        self.look_at_end_of(user, dates, &mut report.retirement).await
    }

    /// Runs that are due later than anything ever puts them off were written by a process whose clock was wrong. Nobody would look
    /// at them until then.
    async fn bring_strayed_runs_back(&self) -> Result<(), PipelineError> {
        let now = self.clock.now();
        for run in self.store.unfinished().await?.records {
            if !has_strayed(run.run.dispatch.next_at, Some(Self::FARTHEST), now) {
                continue;
            }
            warn!(
                request_id = %run.id,
                user_id = %run.id.user_id,
                model_version = run.id.version,
                next_at = run.run.dispatch.next_at.map(tracing::field::display),
                "a run is due so late that a wrong clock must have said so; it is due now"
            );
            match make_due(self.store.as_ref(), &run.id.user_id, now).await {
                Err(error) if error.is_about_one_record() => warn!(user_id = %run.id.user_id, %error, "it cannot be"),
                done => done?,
            }
        }
        Ok(())
    }

    /// Turns go on by themselves once there is one. There is none for who gave consent while no schedule was set, or whose
    /// turn came then; and one that lies farther ahead than turns do was set by a wrong clock, or under a longer schedule.
    async fn give_turn(&self, user: User, report: &mut DailyReport) -> Result<User, PipelineError> {
        let farthest = self.settings.cadence.every.map(|every| every + Self::FARTHEST);
        let is_missing =
            user.dispatch.next_at.is_none() || has_strayed(user.dispatch.next_at, farthest, self.clock.now());
        if !is_missing || prove_consent(&user, Purpose::Extract).is_err() {
            return Ok(user);
        }
        let Some(turn) = self.settings.cadence.next_turn(&user.user_id, self.clock.now()) else { return Ok(user) };
        let mut with_turn = user.clone();
        with_turn.dispatch.release(Some(turn));
        match self.store.commit(vec![Change::PutUser(with_turn.clone())]).await {
            Ok(()) => {
                report.scheduled += 1;
                Ok(User { revision: with_turn.revision + 1, ..with_turn })
            }
            // Somebody is at work on the user, or they have just revoked: tomorrow is soon enough.
            Err(StoreError::Conflict { .. }) => Ok(user),
            Err(error) => Err(error.into()),
        }
    }
}

/// Between two looks at a clock that may have been moved on.
const NAP: Duration = Duration::from_secs(15 * 60);

/// Until so much time has passed since `begun`, all of which this process need not have lived through: its own time stands still
/// while the machine sleeps.
pub async fn sleep_until(clock: &dyn Clock, begun: Timestamp, wait: Duration) {
    let mut left = wait;
    while !left.is_zero() {
        let nap = left.min(NAP);
        tokio::time::sleep(nap).await;
        let passed = Duration::try_from(clock.now().duration_since(begun)).unwrap_or_default();
        left = (left - nap).min(wait.saturating_sub(passed));
    }
}

#[cfg(test)]
mod tests {
    use idiolect_testkit::FakeClock;
    use tokio::time::Instant;

    use super::*;

    /// Tokio's time passes at once where everybody waits.
    #[tokio::test(start_paused = true)]
    async fn a_day_is_over_soon_after_a_machine_that_slept_through_it_wakes() {
        let begun: Timestamp = "2026-11-28T22:00:00Z".parse().unwrap();
        let day = Duration::from_secs(24 * 3600);
        for (hours_slept, lived) in [(0, day), (-1, day), (23, Duration::from_secs(3600)), (1000, NAP)] {
            let clock = FakeClock::at(begun + SignedDuration::from_hours(hours_slept));
            let start = Instant::now();
            let passing = async {
                loop {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    clock.advance(SignedDuration::from_mins(1));
                }
            };
            tokio::select! {
                () = sleep_until(&clock, begun, day) => {}
                () = passing => {}
            }
            let found = start.elapsed();
            assert!(found >= lived && found <= lived + NAP, "{hours_slept}: {found:?}");
        }
    }
}
