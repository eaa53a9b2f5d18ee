//! Who is written to in which chat. Numbers hold within one file only, so that chats are called as Signal shows them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::record::{Chat, Recipient};

/// Recipients and chats that are kept; more are not somebody's.
const MAX_KNOWN: usize = 500_000;

/// What Signal calls the chat with oneself.
const NOTE_TO_SELF: &str = "Note to Self";

#[derive(Default)]
pub(super) struct People {
    recipients: HashMap<u64, Known>,
    chats: HashMap<u64, (Arc<str>, Option<u32>)>,
    taken: HashSet<Arc<str>>,
}

struct Known {
    name: Option<String>,
    /// What tells a person from others of the name.
    handle: Option<String>,
    /// How many people receive what is sent there.
    others: Option<u32>,
}

impl People {
    pub(super) fn add_recipient(&mut self, recipient: Recipient) {
        let known = match (&recipient.contact, &recipient.group) {
            (Some(contact), _) => Known { name: contact.name(), handle: contact.handle(), others: Some(1) },
            (None, Some(group)) => {
                Known { name: group.title().map(str::to_owned), handle: None, others: group.others() }
            }
            (None, None) if recipient.is_self => {
                Known { name: Some(NOTE_TO_SELF.to_owned()), handle: None, others: Some(0) }
            }
            (None, None) => return,
        };
        if self.recipients.len() < MAX_KNOWN {
            self.recipients.insert(recipient.id, known);
        }
    }

    pub(super) fn add_chat(&mut self, chat: &Chat) {
        if self.chats.len() >= MAX_KNOWN {
            return;
        }
        let known = self.recipients.get(&chat.recipient_id);
        let name = match known.and_then(|known| known.name.as_deref()) {
            Some(name) if !self.taken.contains(name) => name.to_owned(),
            Some(name) => {
                let handle = known.and_then(|known| known.handle.clone());
                format!("{name} ({})", handle.unwrap_or_else(|| chat.id.to_string()))
            }
            None => format!("chat {}", chat.id),
        };
        let name: Arc<str> = name.into();
        self.taken.insert(Arc::clone(&name));
        self.chats.insert(chat.id, (name, known.and_then(|known| known.others)));
    }

    /// The name of a chat, and how many people receive what is sent there.
    pub(super) fn chat(&self, id: u64) -> (Arc<str>, Option<u32>) {
        self.chats.get(&id).cloned().unwrap_or_else(|| (format!("chat {id}").into(), None))
    }
}
