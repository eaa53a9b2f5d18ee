//! Table `users`: document `users/{userId}` of spec §5, with its consent.

use std::collections::BTreeSet;

use idiolect_registry::{
    Consent, Dispatch, Failure, FailureCode, ModelStatus, Purpose, Schedule, Trigger, TriggerOutcome, User,
};
use serde::{Deserialize, Serialize};

use super::row::{json, parsed, table, time, time_to_text, word};

table! {
    /// One user. `consent_purposes` is a JSON list of words, `last_trigger` a JSON object.
    "users" key("user_id") UserRow => User {
        user_id: String,
        active_model_id: Option<String>,
        active_model_version: u32,
        previous_model_version: Option<u32>,
        latest_model_version: u32,
        model_status: String,
        model_updated_at: String,
        consent_granted_at: Option<String>,
        consent_revoked_at: Option<String>,
        consent_purposes: String,
        consent_text_version: String,
        active_retires_at: Option<String>,
        schedule_source: Option<String>,
        schedule_last_trained_at: Option<String>,
        schedule_last_window_end: Option<String>,
        schedule_last_message_count: i64,
        dispatch_next_at: Option<String>,
        dispatch_shard: u32,
        dispatch_lease_owner: Option<String>,
        dispatch_lease_until: Option<String>,
        dispatch_attempt: u32,
        last_trigger: Option<String>,
        erasure_id: Option<String>,
        revision: i64,
    }
}

#[derive(Serialize, Deserialize)]
struct LastTrigger {
    trigger: String,
    at: String,
    version: Option<u32>,
    refusal: Option<FailureJson>,
}

/// A failure in a column of its own.
#[derive(Serialize, Deserialize)]
pub(super) struct FailureJson {
    code: String,
    message: String,
    request_id: Option<String>,
}

impl From<&Failure> for FailureJson {
    fn from(failure: &Failure) -> Self {
        Self {
            code: failure.code.as_str().to_owned(),
            message: failure.message.clone(),
            request_id: failure.request_id.clone(),
        }
    }
}

impl FailureJson {
    pub(super) fn into_failure(self, field: &str) -> Result<Failure, String> {
        let code = word(field, &self.code, &FailureCode::ALL, FailureCode::as_str)?;
        Ok(Failure { code, message: self.message, request_id: self.request_id })
    }
}

impl From<&TriggerOutcome> for LastTrigger {
    fn from(outcome: &TriggerOutcome) -> Self {
        Self {
            trigger: outcome.trigger.as_str().to_owned(),
            at: time_to_text(outcome.at),
            version: outcome.version,
            refusal: outcome.refusal.as_ref().map(FailureJson::from),
        }
    }
}

impl LastTrigger {
    fn into_outcome(self) -> Result<TriggerOutcome, String> {
        Ok(TriggerOutcome {
            trigger: word("last_trigger", &self.trigger, &Trigger::ALL, Trigger::as_str)?,
            at: time("last_trigger", &self.at)?,
            version: self.version,
            refusal: self.refusal.map(|failure| failure.into_failure("last_trigger")).transpose()?,
        })
    }
}

impl From<&User> for UserRow {
    fn from(user: &User) -> Self {
        let purposes: Vec<_> = user.consent.purposes.iter().map(|p| p.as_str()).collect();
        Self {
            user_id: user.user_id.to_string(),
            active_model_id: user.active_model_id.clone(),
            active_model_version: user.active_model_version,
            previous_model_version: user.previous_model_version,
            latest_model_version: user.latest_model_version,
            model_status: user.model_status.as_str().to_owned(),
            model_updated_at: time_to_text(user.model_updated_at),
            consent_granted_at: user.consent.granted_at.map(time_to_text),
            consent_revoked_at: user.consent.revoked_at.map(time_to_text),
            consent_purposes: serde_json::Value::from(purposes).to_string(),
            consent_text_version: user.consent.text_version.clone(),
            active_retires_at: user.active_retires_at.map(time_to_text),
            schedule_source: user.schedule.source.clone(),
            schedule_last_trained_at: user.schedule.last_trained_at.map(time_to_text),
            schedule_last_window_end: user.schedule.last_window_end.map(time_to_text),
            schedule_last_message_count: user.schedule.last_message_count.cast_signed(),
            dispatch_next_at: user.dispatch.next_at.map(time_to_text),
            dispatch_shard: user.dispatch.shard,
            dispatch_lease_owner: user.dispatch.lease_owner.clone(),
            dispatch_lease_until: user.dispatch.lease_until.map(time_to_text),
            dispatch_attempt: user.dispatch.attempt,
            last_trigger: user
                .last_trigger
                .as_ref()
                .map(|outcome| serde_json::json!(LastTrigger::from(outcome)).to_string()),
            erasure_id: user.erasure_id.clone(),
            revision: user.revision.cast_signed(),
        }
    }
}

impl TryFrom<UserRow> for User {
    type Error = String;

    fn try_from(row: UserRow) -> Result<Self, String> {
        let purposes: Vec<String> = json("consent_purposes", &row.consent_purposes)?;
        let purposes: Result<BTreeSet<Purpose>, _> = purposes.iter().map(|p| parsed("consent_purposes", p)).collect();
        let optional = |field, text: &Option<String>| text.as_deref().map(|text| time(field, text)).transpose();
        Ok(Self {
            consent: Consent {
                granted_at: optional("consent_granted_at", &row.consent_granted_at)?,
                revoked_at: optional("consent_revoked_at", &row.consent_revoked_at)?,
                purposes: purposes?,
                text_version: row.consent_text_version,
            },
            active_retires_at: optional("active_retires_at", &row.active_retires_at)?,
            schedule: Schedule {
                source: row.schedule_source,
                last_trained_at: optional("schedule_last_trained_at", &row.schedule_last_trained_at)?,
                last_window_end: optional("schedule_last_window_end", &row.schedule_last_window_end)?,
                last_message_count: row.schedule_last_message_count.cast_unsigned(),
            },
            dispatch: Dispatch {
                next_at: optional("dispatch_next_at", &row.dispatch_next_at)?,
                shard: row.dispatch_shard,
                lease_owner: row.dispatch_lease_owner,
                lease_until: optional("dispatch_lease_until", &row.dispatch_lease_until)?,
                attempt: row.dispatch_attempt,
            },
            last_trigger: match &row.last_trigger {
                Some(text) => Some(json::<LastTrigger>("last_trigger", text)?.into_outcome()?),
                None => None,
            },
            erasure_id: row.erasure_id,
            user_id: parsed("user_id", &row.user_id)?,
            active_model_id: row.active_model_id,
            active_model_version: row.active_model_version,
            previous_model_version: row.previous_model_version,
            latest_model_version: row.latest_model_version,
            model_status: word("model_status", &row.model_status, &ModelStatus::ALL, ModelStatus::as_str)?,
            model_updated_at: time("model_updated_at", &row.model_updated_at)?,
            revision: row.revision.cast_unsigned(),
        })
    }
}
