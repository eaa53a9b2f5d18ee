//! Records with every field set, and plain ones, for what stores are tested with.

use std::collections::{BTreeMap, BTreeSet};

use idiolect_registry::{
    Artifacts, Config, Consent, Cost, DataRange, Dispatch, Evaluation, Failure, FailureCode, ModelStatus, ModelVersion,
    Purpose, Review, ReviewDecision, RunRequest, RunStep, Safety, Schedule, Trigger, TriggerOutcome, Usd, User, UserId,
    VersionId, VersionStatus,
};
use jiff::Timestamp;

/// A user with every field set, for what is stored about one.
pub fn full_user(name: &str) -> User {
    User {
        user_id: user_id(name),
        active_model_id: Some("ft:base:ana:1".into()),
        active_model_version: 2,
        previous_model_version: Some(1),
        latest_model_version: 3,
        model_status: ModelStatus::Disabled,
        model_updated_at: at("2026-03-01T12:30:00.123456Z"),
        consent: Consent {
            granted_at: Some(at("2026-01-01T00:00:00.000001Z")),
            revoked_at: Some(at("2026-03-01T12:30:00Z")),
            purposes: BTreeSet::from(Purpose::ALL),
            text_version: "1".into(),
        },
        active_retires_at: Some(at("2027-01-14T00:00:00Z")),
        schedule: Schedule {
            source: Some("ndjson:messages.ndjson".into()),
            last_trained_at: Some(at("2026-02-01T00:00:00.5Z")),
            last_window_end: Some(at("2026-02-01T00:00:00Z")),
            last_message_count: 700,
        },
        dispatch: full_dispatch(),
        last_trigger: Some(TriggerOutcome {
            trigger: Trigger::Schedule,
            at: at("2026-02-08T00:00:00Z"),
            version: Some(3),
            refusal: Some(full_failure(FailureCode::Cooldown)),
        }),
        erasure_id: Some("9f3c".into()),
        revision: 0,
    }
}

pub(super) fn full_dispatch() -> Dispatch {
    Dispatch {
        next_at: Some(at("2026-02-08T00:00:00.25Z")),
        shard: 7,
        lease_owner: Some("worker-1".into()),
        lease_until: Some(at("2026-02-08T00:02:00Z")),
        attempt: 3,
    }
}

pub(super) fn full_failure(code: FailureCode) -> Failure {
    Failure { code, message: "a \"reason\"; it's 1 / 3".into(), request_id: Some("req_1".into()) }
}

/// A version with every field set, and numbers at their ends.
pub fn full_version(user: &str, number: u32) -> ModelVersion {
    let mut version = version(user, number, "2026-02-01T00:00:00.5Z");
    version.training_file_id = Some("file-1".into());
    version.job_id = Some("ftjob-1".into());
    version.fine_tuned_model_id = Some("ft:base:ana:3".into());
    version.status = VersionStatus::Cancelled;
    version.completed_at = Some(at("2026-02-01T01:00:00.999999Z"));
    version.num_messages = 612;
    version.token_estimate = i64::MAX.cast_unsigned();
    version.cost = Cost {
        estimated: Some(Usd::from_micros(1_234_567)),
        // Four thousand million dollars are more than anybody spends, and a float still tells millionths apart.
        actual: Some(Usd::from_micros(4_000_000_000_000_001)),
        trained_tokens: Some(40_000),
    };
    version.eval = Evaluation {
        holdout_loss: Some(1.0 / 3.0),
        base_holdout_loss: Some(f64::MAX),
        active_holdout_loss: Some(f64::MIN_POSITIVE),
        human_score: Some(4.0),
        style_similarity: Some(0.87),
        verdict: Some("better than the base — \"activated\"; it's 1 / 3".into()),
    };
    version.safety =
        Safety { pii_redaction: false, user_opt_in: true, disabled_reason: Some("the user revoked consent".into()) };
    version.config = Config {
        system_prompt_version: "neutral_rewrite/1".into(),
        dataset_builder_version: "1".into(),
        hyperparams: BTreeMap::from([("n_epochs".into(), "3".into()), ("\"quoted\"".into(), "é\n".into())]),
    };
    version.artifacts = Artifacts { dataset_hash: Some("ab".repeat(32)), code_version_sha: "0.1.0".into() };
    version.run.seed = u64::MAX;
    version.run.name = Some("5f0c".repeat(8));
    version.run.step = RunStep::Cancelled;
    version.run.trigger = Trigger::Retirement;
    version.run.messages_in_window = 700;
    version.run.job_intended_at = Some(at("2026-02-01T00:30:00Z"));
    version.run.job_running_at = Some(at("2026-02-01T00:40:00Z"));
    version.run.job_intents = 2;
    version.run.trouble = Some(full_failure(FailureCode::ProviderUnavailable));
    version.run.dispatch = full_dispatch();
    version.failure = Some(full_failure(FailureCode::ConsentRevoked));
    version.retires_at = Some(at("2027-01-14T00:00:00Z"));
    version.retirement_warned_days = Some(30);
    version.review = Some(Review {
        asked_at: at("2026-02-01T01:00:00Z"),
        decision: Some(ReviewDecision::Rejected),
        decided_at: Some(at("2026-02-02T01:00:00Z")),
    });
    version
}

pub(super) fn version(user: &str, number: u32, created_at: &str) -> ModelVersion {
    ModelVersion::requested(VersionId { user_id: user_id(user), version: number }, request(), at(created_at))
}

pub(super) fn request() -> RunRequest {
    RunRequest {
        provider: "fake".into(),
        base_model: "base".into(),
        window: DataRange { start: at("2025-10-03T00:00:00Z"), end: at("2026-01-01T00:00:00Z") },
        source: "ndjson:messages.ndjson".into(),
        strategy: "neutral_rewrite/1".into(),
        seed: 7,
        code_version_sha: "0.1.0".into(),
        hyperparams: BTreeMap::new(),
        trigger: Trigger::Manual,
    }
}

pub(super) fn user_id(name: &str) -> UserId {
    name.parse().expect("a valid user id")
}

pub(super) fn at(time: &str) -> Timestamp {
    time.parse().expect("an RFC 3339 time")
}
