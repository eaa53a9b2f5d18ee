//! `llmModels/{userId}:{version}` of spec §5, with its run.

use firestore::{serialize_as_null, serialize_as_null_timestamp, serialize_as_timestamp};
use idiolect_registry::{
    Artifacts, Config, Cost, DataRange, Evaluation, ModelVersion, Review, ReviewDecision, Run, RunStep, Safety,
    Trigger, VersionId, VersionStatus,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::document::{
    DispatchDocument, Document, FailureDocument, Leased, Words, count, dollars, parsed, time, uncount, undollars, word,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VersionDocument {
    user_id: String,
    version: u32,
    base_model: String,
    #[serde(default, with = "serialize_as_null")]
    openai_training_file_id: Option<String>,
    #[serde(default, with = "serialize_as_null")]
    openai_job_id: Option<String>,
    #[serde(default, with = "serialize_as_null")]
    openai_fine_tuned_model_id: Option<String>,
    status: String,
    #[serde(with = "serialize_as_timestamp")]
    created_at: Timestamp,
    #[serde(default, with = "serialize_as_null_timestamp")]
    completed_at: Option<Timestamp>,
    training_data_range: DataRangeDocument,
    num_messages: i64,
    token_estimate: i64,
    eval: EvaluationDocument,
    safety: SafetyDocument,
    config: ConfigDocument,
    artifacts: ArtifactsDocument,
    provider: String,
    run: RunDocument,
    #[serde(default, with = "serialize_as_null")]
    failure: Option<FailureDocument>,
    cost: CostDocument,
    #[serde(default, with = "serialize_as_null_timestamp")]
    retires_at: Option<Timestamp>,
    #[serde(default, with = "serialize_as_null")]
    retirement_warned_days: Option<u32>,
    #[serde(default, with = "serialize_as_null")]
    review: Option<ReviewDocument>,
    revision: i64,
}

#[derive(Serialize, Deserialize)]
struct DataRangeDocument {
    #[serde(with = "serialize_as_timestamp")]
    start: Timestamp,
    #[serde(with = "serialize_as_timestamp")]
    end: Timestamp,
}

/// Numbers that were not measured are absent, as in the spec.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EvaluationDocument {
    holdout_loss: Option<f64>,
    human_score: Option<f64>,
    style_similarity: Option<f64>,
    base_holdout_loss: Option<f64>,
    active_holdout_loss: Option<f64>,
    verdict: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SafetyDocument {
    pii_redaction: bool,
    user_opt_in: bool,
    disabled_reason: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigDocument {
    system_prompt_version: String,
    dataset_builder_version: String,
    #[serde(default)]
    hyperparams: Words,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactsDocument {
    dataset_hash: Option<String>,
    code_version_sha: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RunDocument {
    step: String,
    trigger: String,
    source: String,
    /// Decimal digits: a seed has 64 bits, and Firestore's integers have 63 and a sign.
    seed: String,
    #[serde(default, with = "serialize_as_null")]
    name: Option<String>,
    messages_in_window: i64,
    #[serde(default, with = "serialize_as_null_timestamp")]
    job_intended_at: Option<Timestamp>,
    job_intents: u32,
    #[serde(default, with = "serialize_as_null_timestamp")]
    job_running_at: Option<Timestamp>,
    #[serde(default, with = "serialize_as_null")]
    trouble: Option<FailureDocument>,
    #[serde(flatten)]
    dispatch: DispatchDocument,
    #[serde(with = "serialize_as_timestamp")]
    updated_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CostDocument {
    #[serde(default, with = "serialize_as_null")]
    estimated_usd: Option<f64>,
    #[serde(default, with = "serialize_as_null")]
    actual_usd: Option<f64>,
    #[serde(default, with = "serialize_as_null")]
    trained_tokens: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReviewDocument {
    #[serde(with = "serialize_as_timestamp")]
    asked_at: Timestamp,
    #[serde(default, with = "serialize_as_null")]
    decision: Option<String>,
    #[serde(default, with = "serialize_as_null_timestamp")]
    decided_at: Option<Timestamp>,
}

impl Document for VersionDocument {
    type Record = ModelVersion;

    fn from_record(version: &ModelVersion) -> Result<Self, String> {
        Self::try_from(version)
    }

    fn into_record(self, id: &str) -> Result<ModelVersion, String> {
        let version = ModelVersion::try_from(self)?;
        if version.id.to_string() != id {
            return Err(format!("userId and version are those of {}", version.id));
        }
        Ok(version)
    }

    fn seal(&mut self, revision: i64) {
        self.revision = revision;
    }

    fn revision(&self) -> i64 {
        self.revision
    }
}

impl Leased for VersionDocument {
    fn dispatch_mut(&mut self) -> &mut DispatchDocument {
        &mut self.run.dispatch
    }
}

impl TryFrom<&ModelVersion> for VersionDocument {
    type Error = String;

    fn try_from(version: &ModelVersion) -> Result<Self, String> {
        let ModelVersion { cost, eval, safety, config, artifacts, run, failure, review, .. } = version;
        Ok(Self {
            user_id: version.id.user_id.to_string(),
            version: version.id.version,
            base_model: version.base_model.clone(),
            openai_training_file_id: version.training_file_id.clone(),
            openai_job_id: version.job_id.clone(),
            openai_fine_tuned_model_id: version.fine_tuned_model_id.clone(),
            status: version.status.as_str().to_owned(),
            created_at: time(version.created_at),
            completed_at: version.completed_at.map(time),
            training_data_range: DataRangeDocument {
                start: time(version.training_data_range.start),
                end: time(version.training_data_range.end),
            },
            num_messages: count("numMessages", version.num_messages)?,
            token_estimate: count("tokenEstimate", version.token_estimate)?,
            eval: EvaluationDocument {
                holdout_loss: eval.holdout_loss,
                human_score: eval.human_score,
                style_similarity: eval.style_similarity,
                base_holdout_loss: eval.base_holdout_loss,
                active_holdout_loss: eval.active_holdout_loss,
                verdict: eval.verdict.clone(),
            },
            safety: SafetyDocument {
                pii_redaction: safety.pii_redaction,
                user_opt_in: safety.user_opt_in,
                disabled_reason: safety.disabled_reason.clone(),
            },
            config: ConfigDocument {
                system_prompt_version: config.system_prompt_version.clone(),
                dataset_builder_version: config.dataset_builder_version.clone(),
                hyperparams: config.hyperparams.clone(),
            },
            artifacts: ArtifactsDocument {
                dataset_hash: artifacts.dataset_hash.clone(),
                code_version_sha: artifacts.code_version_sha.clone(),
            },
            provider: version.provider.clone(),
            run: RunDocument {
                step: run.step.as_str().to_owned(),
                source: run.source.clone(),
                seed: run.seed.to_string(),
                name: run.name.clone(),
                trigger: run.trigger.as_str().to_owned(),
                messages_in_window: count("run.messagesInWindow", run.messages_in_window)?,
                job_intended_at: run.job_intended_at.map(time),
                job_intents: run.job_intents,
                job_running_at: run.job_running_at.map(time),
                trouble: run.trouble.as_ref().map(FailureDocument::from),
                dispatch: DispatchDocument::from(&run.dispatch),
                updated_at: time(run.updated_at),
            },
            failure: failure.as_ref().map(FailureDocument::from),
            cost: CostDocument {
                estimated_usd: cost.estimated.map(|usd| dollars("cost.estimatedUsd", usd)).transpose()?,
                actual_usd: cost.actual.map(|usd| dollars("cost.actualUsd", usd)).transpose()?,
                trained_tokens: cost.trained_tokens.map(|n| count("cost.trainedTokens", n)).transpose()?,
            },
            retires_at: version.retires_at.map(time),
            retirement_warned_days: version.retirement_warned_days,
            review: review.map(|review| ReviewDocument {
                asked_at: time(review.asked_at),
                decision: review.decision.map(|decision| decision.as_str().to_owned()),
                decided_at: review.decided_at.map(time),
            }),
            revision: 0,
        })
    }
}

impl TryFrom<VersionDocument> for ModelVersion {
    type Error = String;

    fn try_from(document: VersionDocument) -> Result<Self, String> {
        let decision = |text: &str| word("review.decision", text, &ReviewDecision::ALL, ReviewDecision::as_str);
        let review = match document.review {
            Some(review) => Some(Review {
                asked_at: review.asked_at,
                decision: review.decision.as_deref().map(decision).transpose()?,
                decided_at: review.decided_at,
            }),
            None => None,
        };
        let VersionDocument { eval, safety, config, artifacts, run, cost, training_data_range, .. } = document;
        Ok(Self {
            id: VersionId { user_id: parsed("userId", &document.user_id)?, version: document.version },
            provider: document.provider,
            base_model: document.base_model,
            training_file_id: document.openai_training_file_id,
            job_id: document.openai_job_id,
            fine_tuned_model_id: document.openai_fine_tuned_model_id,
            status: word("status", &document.status, &VersionStatus::ALL, VersionStatus::as_str)?,
            created_at: document.created_at,
            completed_at: document.completed_at,
            training_data_range: DataRange { start: training_data_range.start, end: training_data_range.end },
            num_messages: uncount("numMessages", document.num_messages)?,
            token_estimate: uncount("tokenEstimate", document.token_estimate)?,
            cost: Cost {
                estimated: cost.estimated_usd.map(|usd| undollars("cost.estimatedUsd", usd)).transpose()?,
                actual: cost.actual_usd.map(|usd| undollars("cost.actualUsd", usd)).transpose()?,
                trained_tokens: cost.trained_tokens.map(|n| uncount("cost.trainedTokens", n)).transpose()?,
            },
            eval: Evaluation {
                holdout_loss: eval.holdout_loss,
                base_holdout_loss: eval.base_holdout_loss,
                active_holdout_loss: eval.active_holdout_loss,
                human_score: eval.human_score,
                style_similarity: eval.style_similarity,
                verdict: eval.verdict,
            },
            safety: Safety {
                pii_redaction: safety.pii_redaction,
                user_opt_in: safety.user_opt_in,
                disabled_reason: safety.disabled_reason,
            },
            config: Config {
                system_prompt_version: config.system_prompt_version,
                dataset_builder_version: config.dataset_builder_version,
                hyperparams: config.hyperparams,
            },
            artifacts: Artifacts { dataset_hash: artifacts.dataset_hash, code_version_sha: artifacts.code_version_sha },
            run: Run {
                step: word("run.step", &run.step, &RunStep::ALL, RunStep::as_str)?,
                source: run.source,
                seed: parsed("run.seed", &run.seed)?,
                name: run.name,
                trigger: word("run.trigger", &run.trigger, &Trigger::ALL, Trigger::as_str)?,
                messages_in_window: uncount("run.messagesInWindow", run.messages_in_window)?,
                job_intended_at: run.job_intended_at,
                job_intents: run.job_intents,
                job_running_at: run.job_running_at,
                trouble: run.trouble.map(|trouble| trouble.into_failure("run.trouble")).transpose()?,
                dispatch: run.dispatch.into(),
                updated_at: run.updated_at,
            },
            failure: document.failure.map(|failure| failure.into_failure("failure")).transpose()?,
            retires_at: document.retires_at,
            retirement_warned_days: document.retirement_warned_days,
            review,
            revision: uncount("revision", document.revision)?,
        })
    }
}
