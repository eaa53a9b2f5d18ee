//! What the settings say about runs: what they are asked to do, what they may cost, how often, how fast.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use idiolect_dataset::DatasetSettings;
use idiolect_provider::{FineTuningJob, Hyperparameters, PollPace};
use idiolect_registry::{
    Activation, DataRange, ModelVersion, Requirements, RunRequest, SpendLimits, Trigger, Usd, User, UserId, spread,
};
use jiff::{SignedDuration, Timestamp};

/// Everything that runs have in common.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// The dataset's rules; the window and the strategy are each run's own.
    pub dataset: DatasetSettings,
    pub requirements: Requirements,
    pub hyperparameters: Hyperparameters,
    pub plan: Plan,
    pub limits: Limits,
    pub cadence: Cadence,
    pub activation: Activation,
}

/// What a run is asked to do that nobody spelled out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    pub provider: String,
    pub base_model: String,
    /// Where versions are trained again whose base model is about to be shut down.
    pub successor: Option<Successor>,
    pub days: u32,
    /// Prompt strategy with its version.
    pub strategy: String,
    pub seed: u64,
    pub code_version_sha: String,
    pub hyperparams: BTreeMap<String, String>,
    /// Where messages are, as the text side spells it; `{user}` becomes the user's id. A user's own source goes first.
    pub source: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    pub provider: String,
    pub base_model: String,
}

/// What runs may cost and who may have them. `None` is no limit.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    pub per_run: Option<Usd>,
    /// Per user and month, and for the whole installation per day.
    pub spend: SpendLimits,
    /// Between one training and the next of a user, unless somebody asks for it where training is free.
    pub cooldown: SignedDuration,
    /// Only these users are trained.
    pub allowed_users: Option<BTreeSet<UserId>>,
    /// A base model that is shut down sooner is not trained on any more.
    pub min_useful_life_days: i64,
}

/// When users come round by themselves.
#[derive(Clone, Debug)]
pub struct Cadence {
    /// A week, usually; `None` retrains nobody unasked.
    pub every: Option<SignedDuration>,
    /// Of the messages of the last training, this share must have come in anew.
    pub min_new_share: f64,
    /// Whether consent begins the first run.
    pub on_opt_in: bool,
}

impl Default for Cadence {
    fn default() -> Self {
        Self { every: None, min_new_share: 0.2, on_opt_in: false }
    }
}

/// How often and how long the machine tries.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two looks at a job.
    pub poll: PollPace,
    /// After a provider that did not answer, at first and at most.
    pub retry: Duration,
    pub max_retry: Duration,
    /// A run that cannot even begin its job for this long has failed.
    pub give_up_after: Duration,
    /// A job that takes longer is cancelled.
    pub max_job: Duration,
    /// A job that takes longer is warned about.
    pub slow_job: Duration,
    /// The training file's expiry at the provider, longer than `max_job`.
    pub file_expiry: Duration,
}

const HOUR: u64 = 3600;

const LONGEST_WAIT_FOR_A_PLACE: Duration = Duration::from_secs(HOUR);

impl Default for Pace {
    /// For providers that are far away; jobs there take hours.
    fn default() -> Self {
        Self {
            poll: PollPace::HOSTED,
            retry: Duration::from_secs(15),
            max_retry: Duration::from_secs(15 * 60),
            give_up_after: Duration::from_secs(72 * HOUR),
            max_job: Duration::from_secs(48 * HOUR),
            slow_job: Duration::from_secs(6 * HOUR),
            file_expiry: Duration::from_secs(7 * 24 * HOUR),
        }
    }
}

/// However long a provider asks to wait.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 3600);

impl Pace {
    /// The same patience with a provider in this process, which is looked at often and never far away. Its jobs rest while no
    /// process runs, so that how long ago one was begun says nothing about it.
    pub fn at_hand(self, poll: Duration) -> Self {
        Self {
            max_job: Duration::MAX,
            slow_job: Duration::MAX,
            poll: PollPace { shortest: poll, longest: poll, longest_before_estimate: poll },
            retry: poll * 4,
            max_retry: poll * 40,
            ..self
        }
    }

    /// Failures in a row after which a provider is gone for good: by then the training file has expired, and whatever job there
    /// was has had its time.
    pub(crate) fn tries_before_it_is_gone(&self) -> u32 {
        (self.file_expiry.as_secs_f64() / self.max_retry.as_secs_f64()) as u32
    }

    /// When to look again for a place at the provider: the sooner the fewer runs are to get theirs before, each of which has it
    /// for longer than that. A look reads all runs under way.
    pub(crate) fn next_place(&self, name: &str, before: usize, now: Timestamp) -> Timestamp {
        let before = u32::try_from(before).unwrap_or(u32::MAX);
        let wait = self.poll.shortest.saturating_mul(before).min(LONGEST_WAIT_FOR_A_PLACE);
        later(now, wait.as_secs_f64() * (0.9 + 0.2 * spread(name, &now.to_string())))
    }

    /// When to look at the job again.
    pub(crate) fn next_poll(&self, name: &str, job: &FineTuningJob, now: Timestamp) -> Timestamp {
        let wait = self.poll.wait(job, now, spread(name, &now.to_string()));
        later(now, wait.as_secs_f64())
    }

    /// When to try again after the `attempt`-th failure in a row, counted from 0.
    pub(crate) fn next_try(
        &self,
        name: &str,
        attempt: u32,
        retry_after_secs: Option<u64>,
        now: Timestamp,
    ) -> Timestamp {
        let doubled = self.retry.as_secs_f64() * 2_f64.powi(attempt.min(20) as i32);
        let wait = doubled.min(self.max_retry.as_secs_f64()) * (0.75 + 0.25 * spread(name, &format!("try {attempt}")));
        later(now, wait.max(retry_after_secs.unwrap_or(0) as f64).min(LONGEST_PAUSE.as_secs_f64()))
    }
}

impl Successor {
    pub(crate) fn is_base_of(&self, version: &ModelVersion) -> bool {
        version.provider == self.provider && version.base_model == self.base_model
    }
}

impl Cadence {
    /// The user's next turn after `now`. Users are spread evenly over the period, and each keeps their own hour of it.
    pub fn next_turn(&self, user: &UserId, now: Timestamp) -> Option<Timestamp> {
        let every = seconds(self.every?).max(1.0);
        let offset = every * spread(user.as_str(), "turn");
        let turns = ((now.as_second() as f64 - offset) / every).floor() + 1.0;
        Timestamp::from_second((offset + turns * every).ceil() as i64).ok()
    }
}

impl Plan {
    /// The request for a run that nobody spelled out, or `None` when it is not known where the user's messages are.
    ///
    /// `active` is the version that is served: once it was trained on the successor, the schedule goes on there.
    pub(crate) fn request(
        &self,
        user: &User,
        active: Option<&ModelVersion>,
        trigger: Trigger,
        now: Timestamp,
    ) -> Option<RunRequest> {
        let successor = self.successor.as_ref().filter(|successor| {
            trigger == Trigger::Retirement || active.is_some_and(|active| successor.is_base_of(active))
        });
        let (provider, base_model) = match successor {
            Some(successor) => (&successor.provider, &successor.base_model),
            None => (&self.provider, &self.base_model),
        };
        let source = user.schedule.source.clone();
        let source = source.or_else(|| Some(self.source.as_ref()?.replace("{user}", user.user_id.as_str())))?;
        Some(RunRequest {
            provider: provider.clone(),
            base_model: base_model.clone(),
            window: DataRange { start: now - SignedDuration::from_hours(24 * i64::from(self.days)), end: now },
            source,
            strategy: self.strategy.clone(),
            seed: self.seed,
            code_version_sha: self.code_version_sha.clone(),
            hyperparams: self.hyperparams.clone(),
            trigger,
        })
    }
}

/// `now` and so many seconds, in whole microseconds.
pub(crate) fn later(now: Timestamp, seconds: f64) -> Timestamp {
    now.saturating_add(SignedDuration::from_micros((seconds * 1e6) as i64)).unwrap_or(now)
}

pub(crate) fn seconds(duration: SignedDuration) -> f64 {
    duration.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use idiolect_provider::{FileId, JobId, JobStatus, ModelId};

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn turns_come_once_a_week_at_the_users_own_hour_and_spread_over_it() {
        let week = SignedDuration::from_hours(7 * 24);
        let cadence = Cadence { every: Some(week), ..Cadence::default() };
        let now = at(1_800_000_000);
        let mut quarters = [0; 4];
        for n in 0..1000 {
            let user: UserId = format!("user{n}").parse().unwrap();
            let turn = cadence.next_turn(&user, now).unwrap();
            assert!(turn > now && turn <= now + week);
            let after = cadence.next_turn(&user, turn).unwrap();
            assert!((after.duration_since(turn) - week).abs() <= SignedDuration::from_secs(1), "{user}");
            quarters[(seconds(turn.duration_since(now)) / seconds(week) * 3.999) as usize] += 1;
        }
        assert!(quarters.iter().all(|users| (210..290).contains(users)), "{quarters:?} of 1000");
        assert_eq!(Cadence::default().next_turn(&"ana".parse().unwrap(), now), None);
    }

    #[test]
    fn tries_double_up_to_a_limit_and_wait_as_long_as_they_are_told() {
        let pace = Pace::default();
        let now = at(1_800_000_000);
        let wait = |attempt, told| seconds(pace.next_try("ana:1", attempt, told, now).duration_since(now));
        assert!((11.0..=15.0).contains(&wait(0, None)));
        assert!((45.0..=60.0).contains(&wait(2, None)));
        assert!((675.0..=900.0).contains(&wait(30, None)));
        assert_eq!(wait(0, Some(300)), 300.0);
    }

    #[test]
    fn a_provider_in_this_process_is_looked_at_as_often_as_asked_and_tried_again_soon() {
        let pace = Pace::default().at_hand(Duration::from_millis(250));
        let job = FineTuningJob {
            id: JobId::new("ftjob-1"),
            status: JobStatus::Running,
            training_file: FileId::new("file-1"),
            base_model: ModelId::new("base"),
            fine_tuned_model: None,
            created_at: at(1_799_990_000),
            finished_at: None,
            estimated_finish: None,
            trained_tokens: None,
            progress: None,
            failure: None,
            metadata: BTreeMap::new(),
        };
        let now = at(1_800_000_000);
        let look = seconds(pace.next_poll("ana:1", &job, now).duration_since(now));
        assert!((0.225..=0.275).contains(&look), "a quarter of a second with a tenth of jitter: {look}");
        let again = |attempt| seconds(pace.next_try("ana:1", attempt, None, now).duration_since(now));
        assert!((0.75..=1.0).contains(&again(0)) && (7.5..=10.0).contains(&again(20)), "{}, {}", again(0), again(20));
    }

    #[test]
    fn a_run_that_nobody_spelled_out_reads_the_plans_days_of_the_users_own_messages() {
        let plan = Plan { days: 90, source: Some("ndjson:/messages/{user}.ndjson".into()), ..Plan::default() };
        let now = at(1_800_000_000);
        let mut user = User::new("ana".parse().unwrap(), now);
        let request = plan.request(&user, None, Trigger::Schedule, now).unwrap();
        assert_eq!(request.window, DataRange { start: at(1_800_000_000 - 90 * 86_400), end: now });
        assert_eq!(request.source, "ndjson:/messages/ana.ndjson");
        user.schedule.source = Some("telegram:ana".into());
        assert_eq!(
            plan.request(&user, None, Trigger::Schedule, now).unwrap().source,
            "telegram:ana",
            "theirs goes first"
        );
        let nowhere = User::new("ben".parse().unwrap(), now);
        assert_eq!(Plan::default().request(&nowhere, None, Trigger::Schedule, now), None);
    }

    #[test]
    fn only_a_retirement_trains_on_the_successor() {
        let successor = Some(Successor { provider: "next".into(), base_model: "next-model".into() });
        let (provider, base_model, source) = ("now".to_owned(), "now-model".to_owned(), Some("shelf".to_owned()));
        let plan = Plan { provider, base_model, successor, source, ..Plan::default() };
        let user = User::new("ana".parse().unwrap(), at(0));
        for (trigger, provider, base_model) in [
            (Trigger::Retirement, "next", "next-model"),
            (Trigger::Schedule, "now", "now-model"),
            (Trigger::OptIn, "now", "now-model"),
        ] {
            let request = plan.request(&user, None, trigger, at(1_800_000_000)).unwrap();
            assert_eq!((request.provider.as_str(), request.base_model.as_str()), (provider, base_model), "{trigger:?}");
        }
    }

    /// The least and the most of what 500 runs get for the same wait, seconds.
    fn bounds(wait: impl Fn(&str) -> Timestamp, now: Timestamp) -> (f64, f64) {
        let waits = (0..500).map(|n| seconds(wait(&format!("user{n}:1")).duration_since(now)));
        waits.fold((f64::MAX, 0.0), |(least, most), wait| (wait.min(least), wait.max(most)))
    }

    #[test]
    fn what_many_runs_wait_for_at_one_time_is_spread_over_a_known_range() {
        let pace = Pace::default();
        let now = at(1_800_000_000);
        let (least, most) = bounds(|name| pace.next_try(name, 0, None, now), now);
        assert!(
            (11.25..11.4).contains(&least) && (14.85..=15.0).contains(&most),
            "three quarters to all: {least} {most}"
        );
        // Fifteen seconds for each run that is before, an hour at most.
        for (before, wait) in [(1, 15.0), (4, 60.0), (100, 1500.0), (usize::MAX, 3600.0)] {
            let (least, most) = bounds(|name| pace.next_place(name, before, now), now);
            let (from, to) = (0.9 * wait, 1.1 * wait);
            assert!(
                (from..1.01 * from).contains(&least) && (0.99 * to..=to).contains(&most),
                "{before}: {least} {most}"
            );
        }
    }

    #[test]
    fn however_long_a_provider_asks_to_wait_it_is_asked_again_the_next_day() {
        let pace = Pace { retry: Duration::from_secs(30), ..Pace::default() };
        let now = Timestamp::UNIX_EPOCH;
        for (asked, seconds) in [(600, 600), (86_400, 86_400), (99_999_999, 86_400), (u64::MAX, 86_400)] {
            assert_eq!(pace.next_try("ana:1", 0, Some(asked), now).as_second(), seconds);
        }
    }
}
