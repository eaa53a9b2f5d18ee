-- Dispatch, schedules, costs, reviews, retirement; spending and erasures. Amounts are millionths of a US dollar.

ALTER TABLE users ADD COLUMN active_retires_at TEXT;
ALTER TABLE users ADD COLUMN schedule_source TEXT;
ALTER TABLE users ADD COLUMN schedule_last_trained_at TEXT;
ALTER TABLE users ADD COLUMN schedule_last_window_end TEXT;
ALTER TABLE users ADD COLUMN schedule_last_message_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN dispatch_next_at TEXT;
ALTER TABLE users ADD COLUMN dispatch_shard INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN dispatch_lease_owner TEXT;
ALTER TABLE users ADD COLUMN dispatch_lease_until TEXT;
ALTER TABLE users ADD COLUMN dispatch_attempt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN last_trigger TEXT;
ALTER TABLE users ADD COLUMN erasure_id TEXT;

ALTER TABLE llm_models ADD COLUMN cost_estimated_micros INTEGER;
ALTER TABLE llm_models ADD COLUMN cost_actual_micros INTEGER;
ALTER TABLE llm_models ADD COLUMN run_trigger TEXT NOT NULL DEFAULT 'manual';
ALTER TABLE llm_models ADD COLUMN run_messages_in_window INTEGER NOT NULL DEFAULT 0;
ALTER TABLE llm_models ADD COLUMN run_job_intended_at TEXT;
ALTER TABLE llm_models ADD COLUMN run_job_running_at TEXT;
ALTER TABLE llm_models ADD COLUMN run_job_intents INTEGER NOT NULL DEFAULT 0;
ALTER TABLE llm_models ADD COLUMN run_trouble TEXT;
ALTER TABLE llm_models ADD COLUMN run_next_at TEXT;
ALTER TABLE llm_models ADD COLUMN run_shard INTEGER NOT NULL DEFAULT 0;
ALTER TABLE llm_models ADD COLUMN run_lease_owner TEXT;
ALTER TABLE llm_models ADD COLUMN run_lease_until TEXT;
ALTER TABLE llm_models ADD COLUMN run_attempt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE llm_models ADD COLUMN failure_request_id TEXT;
ALTER TABLE llm_models ADD COLUMN retires_at TEXT;
ALTER TABLE llm_models ADD COLUMN retirement_warned_days INTEGER;
ALTER TABLE llm_models ADD COLUMN review_asked_at TEXT;
ALTER TABLE llm_models ADD COLUMN review_decision TEXT;
ALTER TABLE llm_models ADD COLUMN review_decided_at TEXT;

-- A run that an older idiolect left unfinished is due at once.
UPDATE llm_models SET run_next_at = run_updated_at
    WHERE run_step NOT IN ('activated', 'not_activated', 'insufficient_data', 'failed', 'cancelled');

CREATE INDEX users_by_next_at ON users (dispatch_next_at) WHERE dispatch_next_at IS NOT NULL;
CREATE INDEX llm_models_by_next_at ON llm_models (run_next_at) WHERE run_next_at IS NOT NULL;

-- One row a run that money was reserved for; the totals are kept beside it, so that a day outlives an erased user.
CREATE TABLE spend_runs (
    user_id TEXT    NOT NULL,
    version INTEGER NOT NULL,
    day     TEXT    NOT NULL,
    month   TEXT    NOT NULL,
    micros  INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    PRIMARY KEY (user_id, version)
) STRICT;

CREATE TABLE spend_user_months (
    user_id TEXT    NOT NULL,
    month   TEXT    NOT NULL,
    micros  INTEGER NOT NULL,
    PRIMARY KEY (user_id, month)
) STRICT;

CREATE TABLE spend_days (
    day    TEXT    NOT NULL PRIMARY KEY,
    micros INTEGER NOT NULL
) STRICT;

CREATE TABLE erasures (
    id           TEXT    NOT NULL PRIMARY KEY,
    user_id      TEXT,
    requested_at TEXT    NOT NULL,
    completed_at TEXT,
    items        TEXT    NOT NULL,
    trouble      TEXT,
    revision     INTEGER NOT NULL
) STRICT;
