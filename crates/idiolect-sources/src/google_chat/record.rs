//! The JSON of Google Chat: messages, people and groups.

use serde::Deserialize;

use crate::dates::prose;
use crate::json::{lenient, present};
use crate::reading::Sent;
use crate::reason;

/// One element of `messages`. There is no `text` where a message was a file or is deleted.
#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) creator: Option<Person>,
    #[serde(default, deserialize_with = "lenient")]
    created_date: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) message_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    message_state: Option<String>,
    #[serde(default, deserialize_with = "present")]
    deletion_metadata: bool,
}

/// `user` of a user_info, `creator` of a message, a member of a group.
#[derive(Clone, Deserialize)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct UserInfo {
    pub(super) user: Person,
}

#[derive(Deserialize)]
pub(super) struct GroupInfo {
    pub(super) members: Option<Vec<Person>>,
}

impl Person {
    /// Empty ones are as good as none.
    pub(super) fn email(&self) -> Option<&str> {
        self.email.as_deref().filter(|email| !email.is_empty())
    }

    /// All that the person may be called, the part of the address before the @ included.
    pub(super) fn names(&self) -> Vec<String> {
        let name = self.name.iter().filter(|name| !name.is_empty()).cloned();
        let email = self.email().into_iter().flat_map(|email| [Some(email), email.split('@').next()]);
        name.chain(email.flatten().map(str::to_owned)).collect()
    }
}

impl Message {
    pub(super) fn looks_right(&self) -> bool {
        self.creator.is_some() && self.created_date.is_some()
    }

    /// Whether it has what cannot be done without. Accounts that are gone leave messages without a creator.
    pub(super) fn is_whole(&self) -> bool {
        self.created_date.is_some()
    }

    /// Of what its sender or an administrator deleted, most exports keep neither who wrote it nor when.
    pub(super) fn is_deleted(&self) -> bool {
        self.deletion_metadata || self.message_state.as_deref() == Some("DELETED")
    }

    pub(super) fn sent(&self) -> Sent {
        self.created_date.as_deref().and_then(prose::with_offset).map_or(Sent::Unknown, Sent::At)
    }

    pub(super) fn not_typed(&self) -> Option<&'static str> {
        if self.is_deleted() {
            return Some(reason::UNSENT);
        }
        let is_blank = self.text.as_deref().unwrap_or_default().trim().is_empty();
        is_blank.then_some(reason::ATTACHMENT_ONLY)
    }

    pub(super) fn into_text(self) -> String {
        self.text.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(fields: &str) -> Message {
        serde_json::from_str(&format!("{{{fields}}}")).unwrap()
    }

    #[test]
    fn deleted_messages_and_files_are_no_text() {
        assert_eq!(message(r#""text":"hi""#).not_typed(), None);
        assert_eq!(
            message(r#""attached_files":[{"original_name":"a.jpg"}]"#).not_typed(),
            Some(reason::ATTACHMENT_ONLY)
        );
        assert_eq!(message(r#""message_state":"DELETED""#).not_typed(), Some(reason::UNSENT));
        assert_eq!(
            message(r#""text":"hi","deletion_metadata":{"deletion_type":"CREATOR"}"#).not_typed(),
            Some(reason::UNSENT)
        );
    }

    #[test]
    fn escapes_are_characters() {
        assert_eq!(message(r#""text":"a\u003db \u0026 it\u0027s""#).into_text(), "a=b & it's");
    }

    #[test]
    fn a_person_goes_by_name_and_address() {
        let person: Person = serde_json::from_str(r#"{"name":"Ana Ruiz","email":"ana.ruiz@example.com"}"#).unwrap();
        assert_eq!(person.names(), ["Ana Ruiz", "ana.ruiz@example.com", "ana.ruiz"]);
        let nameless: Person = serde_json::from_str(r#"{"name":"","email":""}"#).unwrap();
        assert!(nameless.names().is_empty());
    }
}
