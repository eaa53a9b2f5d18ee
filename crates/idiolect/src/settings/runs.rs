//! Settings of training runs: when they begin, what they may cost, how they end, who drives them.

use serde::{Deserialize, Serialize};

use super::ranges::{OutOfRange, within};

/// When users are trained by themselves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Days between two looks at whether a user is to be trained again; 0 trains nobody unasked.
    pub every_days: u32,
    /// Of the messages of the last training, this share must have come in anew.
    pub min_new_share: f64,
    /// Hours between one training and the next of a user, unless somebody asks for it on this machine.
    pub cooldown_hours: u32,
    /// Whether consent begins the first run.
    pub on_opt_in: bool,
    /// Where users' messages are, such as `ndjson:/messages/{user}.ndjson`; what a user was last trained from goes first.
    pub source: String,
}

/// US dollars; 0 is no limit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    pub usd_per_run: f64,
    pub usd_per_user_month: f64,
    /// Of the whole installation.
    pub usd_per_day: f64,
}

/// Spec §12.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    /// `automatic`, or `after_review`: a finished version waits for `idiolect versions approve`.
    pub activation: String,
    /// Only these users are trained; empty allows all.
    pub allowed_users: Vec<String>,
}

/// When base models are shut down.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retirement {
    /// A profile, or PROFILE/BASE_MODEL, where versions are trained again whose base model ends; empty retrains nobody.
    pub successor: String,
    /// A base model that is shut down within so many days is not trained on.
    pub min_useful_life_days: u32,
}

/// How runs are driven.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    /// Users that one process advances at a time.
    pub workers: u32,
    /// A user whose worker has not been heard of for so long is anybody's.
    pub lease_seconds: u32,
    /// Long steps are heard of this often; in Firestore 30 at least.
    pub heartbeat_seconds: u32,
    /// Where `idiolect worker` answers `GET /metrics`, on 127.0.0.1; 0 answers nowhere.
    pub metrics_port: u16,
    /// Between two looks at a job at a hosted provider, at first; they become rarer as the job goes on.
    pub poll_seconds: u32,
    /// After a hosted provider that did not answer, at first; every further time twice as long, up to a quarter of an hour.
    pub retry_seconds: u32,
    /// A call to a hosted provider that takes longer is given up. Whether it made a job is looked up when it can be under way no more.
    pub call_timeout_seconds: u32,
    /// A job at a hosted provider that takes longer is cancelled.
    pub max_job_hours: u32,
    /// A run that cannot begin its job for so long has failed.
    pub give_up_hours: u32,
    /// A training file that nobody deletes goes by itself. A provider that has failed a run for as long is given up.
    pub file_expiry_hours: u32,
}

/// The cluster of `--engine temporal`, for commands that have something to tell it; its flags are stronger.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Temporal {
    /// `HOST:PORT`; empty tells no cluster.
    pub address: String,
    pub namespace: String,
    pub task_queue: String,
    /// Encrypt; a certificate or a key asks for it by itself.
    pub tls: bool,
    /// PEM files, or empty.
    pub tls_ca: String,
    pub tls_cert: String,
    pub tls_key: String,
    pub tls_server_name: String,
    /// The environment variable that holds the API key, or empty.
    pub api_key_env: String,
}

impl Default for Temporal {
    fn default() -> Self {
        let empty = String::new;
        Self {
            address: empty(),
            namespace: "default".into(),
            task_queue: "training".into(),
            tls: false,
            tls_ca: empty(),
            tls_cert: empty(),
            tls_key: empty(),
            tls_server_name: empty(),
            api_key_env: empty(),
        }
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self { every_days: 0, min_new_share: 0.2, cooldown_hours: 24, on_opt_in: false, source: String::new() }
    }
}

impl Default for Caps {
    fn default() -> Self {
        Self { usd_per_run: 5.0, usd_per_user_month: 20.0, usd_per_day: 100.0 }
    }
}

impl Default for Rollout {
    fn default() -> Self {
        Self { activation: "automatic".into(), allowed_users: vec![] }
    }
}

impl Default for Retirement {
    fn default() -> Self {
        Self { successor: String::new(), min_useful_life_days: 30 }
    }
}

impl Default for Runs {
    fn default() -> Self {
        Self {
            workers: 4,
            lease_seconds: 120,
            heartbeat_seconds: 30,
            metrics_port: 0,
            poll_seconds: 15,
            retry_seconds: 15,
            call_timeout_seconds: 600,
            max_job_hours: 48,
            give_up_hours: 72,
            file_expiry_hours: 7 * 24,
        }
    }
}

/// Every heartbeat writes the run's document, and Firestore bills each write.
const MIN_FIRESTORE_HEARTBEAT_SECONDS: u32 = 30;

/// What leases in Firestore ask for besides.
pub(super) fn check_firestore(runs: &Runs) -> Result<(), OutOfRange> {
    let (seconds, least) = (runs.heartbeat_seconds, MIN_FIRESTORE_HEARTBEAT_SECONDS);
    if seconds >= least {
        return Ok(());
    }
    Err(OutOfRange {
        key: "runs.heartbeat_seconds".to_owned(),
        why: format!(
            "is {seconds}, and with store = \"firestore\" it must be at least {least}, since each heartbeat writes the run's document; \
             raise it, and runs.lease_seconds to at least twice as much"
        ),
    })
}

/// One without the other would be passed over, and with it that the connection is to be encrypted.
pub(super) fn check_temporal(temporal: &Temporal) -> Result<(), OutOfRange> {
    match (temporal.tls_cert.is_empty(), temporal.tls_key.is_empty()) {
        (false, true) => within(false, "temporal.tls_cert", "set together with temporal.tls_key"),
        (true, false) => within(false, "temporal.tls_key", "set together with temporal.tls_cert"),
        _ => Ok(()),
    }
}

/// What the types do not say.
pub(super) fn check(
    schedule: &Schedule,
    caps: &Caps,
    rollout: &Rollout,
    retirement: &Retirement,
    runs: &Runs,
) -> Result<(), OutOfRange> {
    let money = |amount: f64| (0.0..=1e9).contains(&amount);
    let rules = [
        (schedule.every_days <= 365, "schedule.every_days", "0 to 365, where 0 trains nobody unasked"),
        ((0.0..=100.0).contains(&schedule.min_new_share), "schedule.min_new_share", "0.0 to 100.0"),
        (schedule.cooldown_hours <= 24 * 365, "schedule.cooldown_hours", "0 to 8760"),
        (money(caps.usd_per_run), "caps.usd_per_run", "0 or more dollars, where 0 is no limit"),
        (money(caps.usd_per_user_month), "caps.usd_per_user_month", "0 or more dollars, where 0 is no limit"),
        (money(caps.usd_per_day), "caps.usd_per_day", "0 or more dollars, where 0 is no limit"),
        (
            ["automatic", "after_review"].contains(&rollout.activation.as_str()),
            "rollout.activation",
            "automatic or after_review",
        ),
        (retirement.min_useful_life_days <= 3650, "retirement.min_useful_life_days", "0 to 3650"),
        ((1..=256).contains(&runs.workers), "runs.workers", "1 to 256"),
        ((2..=3600).contains(&runs.lease_seconds), "runs.lease_seconds", "2 to 3600"),
        (
            runs.heartbeat_seconds >= 1 && 2 * runs.heartbeat_seconds <= runs.lease_seconds,
            "runs.heartbeat_seconds",
            "at least 1 and at most half of runs.lease_seconds",
        ),
        ((1..=120).contains(&runs.poll_seconds), "runs.poll_seconds", "1 to 120"),
        ((1..=900).contains(&runs.retry_seconds), "runs.retry_seconds", "1 to 900"),
        ((1..=3600).contains(&runs.call_timeout_seconds), "runs.call_timeout_seconds", "1 to 3600"),
        ((1..=24 * 30).contains(&runs.max_job_hours), "runs.max_job_hours", "1 to 720"),
        ((1..=24 * 30).contains(&runs.give_up_hours), "runs.give_up_hours", "1 to 720"),
        (
            (1..=24 * 30).contains(&runs.file_expiry_hours) && runs.file_expiry_hours > runs.max_job_hours,
            "runs.file_expiry_hours",
            "1 to 720 and more than runs.max_job_hours",
        ),
    ];
    rules.into_iter().try_for_each(|(good, key, allowed)| within(good, key, allowed))
}
