//! `users/{userId}` of spec §5, with its consent.

use std::collections::BTreeSet;

use firestore::{serialize_as_null, serialize_as_null_timestamp, serialize_as_timestamp};
use idiolect_registry::{Consent, ModelStatus, Purpose, Schedule, Trigger, TriggerOutcome, User};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::document::{DispatchDocument, Document, FailureDocument, Leased, count, parsed, time, uncount, word};

/// The app around us may keep fields of its own in the same document; they are never read and stay as they are.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserDocument {
    #[serde(default, with = "serialize_as_null")]
    active_model_id: Option<String>,
    active_model_version: u32,
    model_status: String,
    #[serde(with = "serialize_as_timestamp")]
    model_updated_at: Timestamp,
    consent: ConsentDocument,
    latest_model_version: u32,
    #[serde(default, with = "serialize_as_null")]
    previous_model_version: Option<u32>,
    #[serde(default, with = "serialize_as_null_timestamp")]
    active_retires_at: Option<Timestamp>,
    schedule: ScheduleDocument,
    dispatch: DispatchDocument,
    #[serde(default, with = "serialize_as_null")]
    last_trigger: Option<TriggerDocument>,
    #[serde(default, with = "serialize_as_null")]
    erasure_id: Option<String>,
    revision: i64,
    /// Of the fields above. Spec §9.4 lets a backend disable a user by writing `modelStatus`, and such code does not raise
    /// our revision. The checksum shows it, and the change counts as a revision: what was decided before it is a conflict.
    #[serde(default)]
    checksum: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConsentDocument {
    #[serde(default, with = "serialize_as_null_timestamp")]
    granted_at: Option<Timestamp>,
    #[serde(default, with = "serialize_as_null_timestamp")]
    revoked_at: Option<Timestamp>,
    purposes: Vec<String>,
    text_version: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ScheduleDocument {
    #[serde(default, with = "serialize_as_null")]
    source: Option<String>,
    #[serde(default, with = "serialize_as_null_timestamp")]
    last_trained_at: Option<Timestamp>,
    #[serde(default, with = "serialize_as_null_timestamp")]
    last_window_end: Option<Timestamp>,
    last_message_count: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TriggerDocument {
    trigger: String,
    #[serde(with = "serialize_as_timestamp")]
    at: Timestamp,
    #[serde(default, with = "serialize_as_null")]
    version: Option<u32>,
    #[serde(default, with = "serialize_as_null")]
    refusal: Option<FailureDocument>,
}

impl Document for UserDocument {
    type Record = User;
    const SHARED: Option<&'static [&'static str]> = Some(&[
        "activeModelId",
        "activeModelVersion",
        "modelStatus",
        "modelUpdatedAt",
        "consent",
        "latestModelVersion",
        "previousModelVersion",
        "activeRetiresAt",
        "schedule",
        "dispatch",
        "lastTrigger",
        "erasureId",
        "revision",
        "checksum",
    ]);

    fn from_record(user: &User) -> Result<Self, String> {
        Self::try_from(user)
    }

    fn into_record(self, id: &str) -> Result<User, String> {
        let purposes: Result<BTreeSet<Purpose>, _> =
            self.consent.purposes.iter().map(|p| parsed("consent.purposes", p)).collect();
        let last_trigger = match self.last_trigger {
            Some(last) => Some(TriggerOutcome {
                trigger: word("lastTrigger.trigger", &last.trigger, &Trigger::ALL, Trigger::as_str)?,
                at: last.at,
                version: last.version,
                refusal: last.refusal.map(|failure| failure.into_failure("lastTrigger.refusal")).transpose()?,
            }),
            None => None,
        };
        let schedule = self.schedule;
        Ok(User {
            user_id: parsed("the document's id", id)?,
            active_model_id: self.active_model_id,
            active_model_version: self.active_model_version,
            previous_model_version: self.previous_model_version,
            latest_model_version: self.latest_model_version,
            model_status: word("modelStatus", &self.model_status, &ModelStatus::ALL, ModelStatus::as_str)?,
            model_updated_at: self.model_updated_at,
            consent: Consent {
                granted_at: self.consent.granted_at,
                revoked_at: self.consent.revoked_at,
                purposes: purposes?,
                text_version: self.consent.text_version,
            },
            active_retires_at: self.active_retires_at,
            schedule: Schedule {
                source: schedule.source,
                last_trained_at: schedule.last_trained_at,
                last_window_end: schedule.last_window_end,
                last_message_count: uncount("schedule.lastMessageCount", schedule.last_message_count)?,
            },
            dispatch: self.dispatch.into(),
            last_trigger,
            erasure_id: self.erasure_id,
            revision: uncount("revision", self.revision)?,
        })
    }

    fn seal(&mut self, revision: i64) {
        self.revision = revision;
        self.checksum = self.sum();
    }

    fn revision(&self) -> i64 {
        self.revision + i64::from(!self.is_as_written())
    }
}

impl Leased for UserDocument {
    fn dispatch_mut(&mut self) -> &mut DispatchDocument {
        &mut self.dispatch
    }
}

impl UserDocument {
    /// Whether no field has changed since this store wrote them.
    pub(super) fn is_as_written(&self) -> bool {
        self.checksum == self.sum()
    }

    /// The first 16 hexadecimal digits of the SHA-256 of all fields but the checksum, as JSON.
    fn sum(&self) -> String {
        let mut fields = serde_json::to_value(self).unwrap_or_default();
        fields.as_object_mut().and_then(|fields| fields.remove("checksum"));
        Sha256::digest(fields.to_string())[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl TryFrom<&User> for UserDocument {
    type Error = String;

    fn try_from(user: &User) -> Result<Self, String> {
        let User { schedule, .. } = user;
        Ok(Self {
            active_model_id: user.active_model_id.clone(),
            active_model_version: user.active_model_version,
            model_status: user.model_status.as_str().to_owned(),
            model_updated_at: time(user.model_updated_at),
            consent: ConsentDocument {
                granted_at: user.consent.granted_at.map(time),
                revoked_at: user.consent.revoked_at.map(time),
                purposes: user.consent.purposes.iter().map(|p| p.as_str().to_owned()).collect(),
                text_version: user.consent.text_version.clone(),
            },
            latest_model_version: user.latest_model_version,
            previous_model_version: user.previous_model_version,
            active_retires_at: user.active_retires_at.map(time),
            schedule: ScheduleDocument {
                source: schedule.source.clone(),
                last_trained_at: schedule.last_trained_at.map(time),
                last_window_end: schedule.last_window_end.map(time),
                last_message_count: count("schedule.lastMessageCount", schedule.last_message_count)?,
            },
            dispatch: DispatchDocument::from(&user.dispatch),
            last_trigger: user.last_trigger.as_ref().map(|last| TriggerDocument {
                trigger: last.trigger.as_str().to_owned(),
                at: time(last.at),
                version: last.version,
                refusal: last.refusal.as_ref().map(FailureDocument::from),
            }),
            erasure_id: user.erasure_id.clone(),
            revision: 0,
            checksum: String::new(),
        })
    }
}
