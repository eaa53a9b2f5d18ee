//! Table `llm_models`: document `llmModels/{userId}:{version}` of spec §5, its nested objects flattened by prefix.

use idiolect_registry::{
    Artifacts, Config, Cost, DataRange, Dispatch, Evaluation, Failure, FailureCode, ModelVersion, Review,
    ReviewDecision, Run, RunStep, Safety, Trigger, Usd, VersionId, VersionStatus,
};

use super::row::{json, parsed, table, time, time_to_text, word};
use super::user_row::FailureJson;

table! {
    /// One version. Counts and the seed are unsigned and kept bit by bit in SQLite's signed integers;
    /// `config_hyperparams` is a JSON object of strings, `run_trouble` a JSON object.
    "llm_models" key("user_id", "version") VersionRow => ModelVersion {
        user_id: String,
        version: u32,
        provider: String,
        base_model: String,
        openai_training_file_id: Option<String>,
        openai_job_id: Option<String>,
        openai_fine_tuned_model_id: Option<String>,
        status: String,
        created_at: String,
        completed_at: Option<String>,
        training_data_range_start: String,
        training_data_range_end: String,
        num_messages: i64,
        token_estimate: i64,
        cost_estimated_micros: Option<i64>,
        cost_actual_micros: Option<i64>,
        cost_trained_tokens: Option<i64>,
        eval_holdout_loss: Option<f64>,
        eval_base_holdout_loss: Option<f64>,
        eval_active_holdout_loss: Option<f64>,
        eval_human_score: Option<f64>,
        eval_style_similarity: Option<f64>,
        eval_verdict: Option<String>,
        safety_pii_redaction: bool,
        safety_user_opt_in: bool,
        safety_disabled_reason: Option<String>,
        config_system_prompt_version: String,
        config_dataset_builder_version: String,
        config_hyperparams: String,
        artifacts_dataset_hash: Option<String>,
        artifacts_code_version_sha: String,
        run_step: String,
        run_trigger: String,
        run_source: String,
        run_seed: i64,
        run_name: Option<String>,
        run_messages_in_window: i64,
        run_job_intended_at: Option<String>,
        run_job_running_at: Option<String>,
        run_job_intents: u32,
        run_trouble: Option<String>,
        run_next_at: Option<String>,
        run_shard: u32,
        run_lease_owner: Option<String>,
        run_lease_until: Option<String>,
        run_attempt: u32,
        run_updated_at: String,
        failure_code: Option<String>,
        failure_message: Option<String>,
        failure_request_id: Option<String>,
        retires_at: Option<String>,
        retirement_warned_days: Option<u32>,
        review_asked_at: Option<String>,
        review_decision: Option<String>,
        review_decided_at: Option<String>,
        revision: i64,
    }
}

impl From<&ModelVersion> for VersionRow {
    fn from(version: &ModelVersion) -> Self {
        let ModelVersion { cost, eval, safety, config, artifacts, run, failure, review, .. } = version;
        let hyperparams = config.hyperparams.iter().map(|(k, v)| (k.clone(), v.as_str().into()));
        Self {
            user_id: version.id.user_id.to_string(),
            version: version.id.version,
            provider: version.provider.clone(),
            base_model: version.base_model.clone(),
            openai_training_file_id: version.training_file_id.clone(),
            openai_job_id: version.job_id.clone(),
            openai_fine_tuned_model_id: version.fine_tuned_model_id.clone(),
            status: version.status.as_str().to_owned(),
            created_at: time_to_text(version.created_at),
            completed_at: version.completed_at.map(time_to_text),
            training_data_range_start: time_to_text(version.training_data_range.start),
            training_data_range_end: time_to_text(version.training_data_range.end),
            num_messages: version.num_messages.cast_signed(),
            token_estimate: version.token_estimate.cast_signed(),
            cost_estimated_micros: cost.estimated.map(|amount| amount.micros().cast_signed()),
            cost_actual_micros: cost.actual.map(|amount| amount.micros().cast_signed()),
            cost_trained_tokens: cost.trained_tokens.map(u64::cast_signed),
            eval_holdout_loss: eval.holdout_loss,
            eval_base_holdout_loss: eval.base_holdout_loss,
            eval_active_holdout_loss: eval.active_holdout_loss,
            eval_human_score: eval.human_score,
            eval_style_similarity: eval.style_similarity,
            eval_verdict: eval.verdict.clone(),
            safety_pii_redaction: safety.pii_redaction,
            safety_user_opt_in: safety.user_opt_in,
            safety_disabled_reason: safety.disabled_reason.clone(),
            config_system_prompt_version: config.system_prompt_version.clone(),
            config_dataset_builder_version: config.dataset_builder_version.clone(),
            config_hyperparams: serde_json::Value::Object(hyperparams.collect()).to_string(),
            artifacts_dataset_hash: artifacts.dataset_hash.clone(),
            artifacts_code_version_sha: artifacts.code_version_sha.clone(),
            run_step: run.step.as_str().to_owned(),
            run_trigger: run.trigger.as_str().to_owned(),
            run_source: run.source.clone(),
            run_seed: run.seed.cast_signed(),
            run_name: run.name.clone(),
            run_messages_in_window: run.messages_in_window.cast_signed(),
            run_job_intended_at: run.job_intended_at.map(time_to_text),
            run_job_running_at: run.job_running_at.map(time_to_text),
            run_job_intents: run.job_intents,
            run_trouble: run.trouble.as_ref().map(|failure| serde_json::json!(FailureJson::from(failure)).to_string()),
            run_next_at: run.dispatch.next_at.map(time_to_text),
            run_shard: run.dispatch.shard,
            run_lease_owner: run.dispatch.lease_owner.clone(),
            run_lease_until: run.dispatch.lease_until.map(time_to_text),
            run_attempt: run.dispatch.attempt,
            run_updated_at: time_to_text(run.updated_at),
            failure_code: failure.as_ref().map(|f| f.code.as_str().to_owned()),
            failure_message: failure.as_ref().map(|f| f.message.clone()),
            failure_request_id: failure.as_ref().and_then(|f| f.request_id.clone()),
            retires_at: version.retires_at.map(time_to_text),
            retirement_warned_days: version.retirement_warned_days,
            review_asked_at: review.map(|review| time_to_text(review.asked_at)),
            review_decision: review.and_then(|review| review.decision).map(|d| d.as_str().to_owned()),
            review_decided_at: review.and_then(|review| review.decided_at).map(time_to_text),
            revision: version.revision.cast_signed(),
        }
    }
}

impl TryFrom<VersionRow> for ModelVersion {
    type Error = String;

    fn try_from(row: VersionRow) -> Result<Self, String> {
        let code = |text: &str| word("failure_code", text, &FailureCode::ALL, FailureCode::as_str);
        let optional = |field, text: &Option<String>| text.as_deref().map(|text| time(field, text)).transpose();
        let failure = match row.failure_code {
            Some(text) => Some(Failure {
                code: code(&text)?,
                message: row.failure_message.unwrap_or_default(),
                request_id: row.failure_request_id,
            }),
            None => None,
        };
        let decision = |text: &str| word("review_decision", text, &ReviewDecision::ALL, ReviewDecision::as_str);
        let review = match optional("review_asked_at", &row.review_asked_at)? {
            Some(asked_at) => Some(Review {
                asked_at,
                decision: row.review_decision.as_deref().map(decision).transpose()?,
                decided_at: optional("review_decided_at", &row.review_decided_at)?,
            }),
            None => None,
        };
        Ok(Self {
            id: VersionId { user_id: parsed("user_id", &row.user_id)?, version: row.version },
            provider: row.provider,
            base_model: row.base_model,
            training_file_id: row.openai_training_file_id,
            job_id: row.openai_job_id,
            fine_tuned_model_id: row.openai_fine_tuned_model_id,
            status: word("status", &row.status, &VersionStatus::ALL, VersionStatus::as_str)?,
            created_at: time("created_at", &row.created_at)?,
            completed_at: row.completed_at.map(|text| time("completed_at", &text)).transpose()?,
            training_data_range: DataRange {
                start: time("training_data_range_start", &row.training_data_range_start)?,
                end: time("training_data_range_end", &row.training_data_range_end)?,
            },
            num_messages: row.num_messages.cast_unsigned(),
            token_estimate: row.token_estimate.cast_unsigned(),
            cost: Cost {
                estimated: row.cost_estimated_micros.map(|micros| Usd::from_micros(micros.cast_unsigned())),
                actual: row.cost_actual_micros.map(|micros| Usd::from_micros(micros.cast_unsigned())),
                trained_tokens: row.cost_trained_tokens.map(i64::cast_unsigned),
            },
            eval: Evaluation {
                holdout_loss: row.eval_holdout_loss,
                base_holdout_loss: row.eval_base_holdout_loss,
                active_holdout_loss: row.eval_active_holdout_loss,
                human_score: row.eval_human_score,
                style_similarity: row.eval_style_similarity,
                verdict: row.eval_verdict,
            },
            safety: Safety {
                pii_redaction: row.safety_pii_redaction,
                user_opt_in: row.safety_user_opt_in,
                disabled_reason: row.safety_disabled_reason,
            },
            config: Config {
                system_prompt_version: row.config_system_prompt_version,
                dataset_builder_version: row.config_dataset_builder_version,
                hyperparams: json("config_hyperparams", &row.config_hyperparams)?,
            },
            artifacts: Artifacts {
                dataset_hash: row.artifacts_dataset_hash,
                code_version_sha: row.artifacts_code_version_sha,
            },
            run: Run {
                step: word("run_step", &row.run_step, &RunStep::ALL, RunStep::as_str)?,
                trigger: word("run_trigger", &row.run_trigger, &Trigger::ALL, Trigger::as_str)?,
                source: row.run_source,
                seed: row.run_seed.cast_unsigned(),
                name: row.run_name,
                messages_in_window: row.run_messages_in_window.cast_unsigned(),
                job_intended_at: optional("run_job_intended_at", &row.run_job_intended_at)?,
                job_running_at: optional("run_job_running_at", &row.run_job_running_at)?,
                job_intents: row.run_job_intents,
                trouble: match &row.run_trouble {
                    Some(text) => Some(json::<FailureJson>("run_trouble", text)?.into_failure("run_trouble")?),
                    None => None,
                },
                dispatch: Dispatch {
                    next_at: optional("run_next_at", &row.run_next_at)?,
                    shard: row.run_shard,
                    lease_owner: row.run_lease_owner,
                    lease_until: optional("run_lease_until", &row.run_lease_until)?,
                    attempt: row.run_attempt,
                },
                updated_at: time("run_updated_at", &row.run_updated_at)?,
            },
            failure,
            retires_at: optional("retires_at", &row.retires_at)?,
            retirement_warned_days: row.retirement_warned_days,
            review,
            revision: row.revision.cast_unsigned(),
        })
    }
}
