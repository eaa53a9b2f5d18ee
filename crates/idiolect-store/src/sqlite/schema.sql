-- Spec §5 in snake_case, nested objects flattened by prefix. Times are RFC 3339 UTC with nine digits, so they sort as text.

PRAGMA application_id = 1768188271; -- "idio"

CREATE TABLE users (
    user_id                TEXT    NOT NULL PRIMARY KEY,
    active_model_id        TEXT,
    active_model_version   INTEGER NOT NULL,
    previous_model_version INTEGER,
    latest_model_version   INTEGER NOT NULL,
    model_status           TEXT    NOT NULL,
    model_updated_at       TEXT    NOT NULL,
    consent_granted_at     TEXT,
    consent_revoked_at     TEXT,
    consent_purposes       TEXT    NOT NULL,
    consent_text_version   TEXT    NOT NULL,
    revision               INTEGER NOT NULL
) STRICT;

CREATE TABLE llm_models (
    user_id                        TEXT    NOT NULL,
    version                        INTEGER NOT NULL,
    provider                       TEXT    NOT NULL,
    base_model                     TEXT    NOT NULL,
    openai_training_file_id        TEXT,
    openai_job_id                  TEXT,
    openai_fine_tuned_model_id     TEXT,
    status                         TEXT    NOT NULL,
    created_at                     TEXT    NOT NULL,
    completed_at                   TEXT,
    training_data_range_start      TEXT    NOT NULL,
    training_data_range_end        TEXT    NOT NULL,
    num_messages                   INTEGER NOT NULL,
    token_estimate                 INTEGER NOT NULL,
    cost_trained_tokens            INTEGER,
    eval_holdout_loss              REAL,
    eval_base_holdout_loss         REAL,
    eval_active_holdout_loss       REAL,
    eval_human_score               REAL,
    eval_style_similarity          REAL,
    eval_verdict                   TEXT,
    safety_pii_redaction           INTEGER NOT NULL,
    safety_user_opt_in             INTEGER NOT NULL,
    safety_disabled_reason         TEXT,
    config_system_prompt_version   TEXT    NOT NULL,
    config_dataset_builder_version TEXT    NOT NULL,
    config_hyperparams             TEXT    NOT NULL,
    artifacts_dataset_hash         TEXT,
    artifacts_code_version_sha     TEXT    NOT NULL,
    run_step                       TEXT    NOT NULL,
    run_source                     TEXT    NOT NULL,
    run_seed                       INTEGER NOT NULL,
    run_updated_at                 TEXT    NOT NULL,
    failure_code                   TEXT,
    failure_message                TEXT,
    revision                       INTEGER NOT NULL,
    PRIMARY KEY (user_id, version)
) STRICT;

CREATE INDEX llm_models_by_run_step ON llm_models (run_step, created_at);
