//! How long to wait before a job is looked at again.

use std::time::Duration;

use jiff::Timestamp;

use crate::FineTuningJob;

/// Bounds of the wait between two looks at a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollPace {
    pub shortest: Duration,
    pub longest: Duration,
    /// While the provider's own estimate lies in the future.
    pub longest_before_estimate: Duration,
}

impl PollPace {
    /// For hosts, where jobs wait and train for minutes to hours.
    pub const HOSTED: Self = Self {
        shortest: Duration::from_secs(15),
        longest: Duration::from_secs(120),
        longest_before_estimate: Duration::from_secs(600),
    };

    /// An eighth of the job's age, so that a short job is noticed soon and a long one is not asked for all the time; before
    /// the estimated end, half of what is left of it. A tenth of jitter to either side spreads jobs that began together.
    /// `random` is from 0 to 1.
    pub fn wait(self, job: &FineTuningJob, now: Timestamp, random: f64) -> Duration {
        let since = |earlier: Timestamp, later: Timestamp| Duration::try_from(later.duration_since(earlier)).ok();
        let age = since(job.created_at, now).unwrap_or_default();
        let mut wait = (age / 8).clamp(self.shortest, self.longest);
        if let Some(left) = job.estimated_finish.and_then(|finish| since(now, finish)) {
            wait = wait.max((left / 2).min(self.longest_before_estimate));
        }
        wait.mul_f64(0.9 + 0.2 * random.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileId, JobId, JobStatus, ModelId};

    fn wait(age_secs: i64, finish_in_secs: Option<i64>, random: f64) -> u64 {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let job = FineTuningJob {
            id: JobId::new("ftjob-1"),
            status: JobStatus::Running,
            training_file: FileId::new("file-1"),
            base_model: ModelId::new("m"),
            fine_tuned_model: None,
            created_at: Timestamp::from_second(1_800_000_000 - age_secs).unwrap(),
            finished_at: None,
            estimated_finish: finish_in_secs.map(|secs| Timestamp::from_second(1_800_000_000 + secs).unwrap()),
            trained_tokens: None,
            progress: None,
            failure: None,
            metadata: Default::default(),
        };
        PollPace::HOSTED.wait(&job, now, random).as_secs()
    }

    #[test]
    fn waits_grow_with_the_jobs_age_and_are_spread() {
        assert_eq!([wait(0, None, 0.5), wait(400, None, 0.5), wait(86_400, None, 0.5)], [15, 50, 120]);
        assert_eq!([wait(400, None, 0.0), wait(400, None, 1.0)], [45, 55]);
        assert_eq!(wait(-100, None, 0.5), 15, "a clock that runs ahead");
    }

    #[test]
    fn the_estimate_is_waited_for_by_halves() {
        assert_eq!([wait(60, Some(3600), 0.5), wait(60, Some(600), 0.5), wait(60, Some(10), 0.5)], [600, 300, 15]);
        assert_eq!(wait(60, Some(-5), 0.5), 15, "an estimate that has passed says nothing");
    }
}
