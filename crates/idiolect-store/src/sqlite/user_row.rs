//! Table `users`: document `users/{userId}` of spec §5, with its consent.

use std::collections::BTreeSet;

use idiolect_registry::{Consent, ModelStatus, Purpose, User};

use super::row::{json, parsed, table, time, time_to_text, word};

table! {
    /// One user. `consent_purposes` is a JSON list of words.
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
        revision: i64,
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
