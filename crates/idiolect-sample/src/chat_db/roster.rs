//! Who is in which conversation, and the address each has in the database.

use std::collections::BTreeSet;

use crate::SampleMessage;

/// The sample person's own address, from the numbers kept for fiction.
pub(super) const OWN_NUMBER: &str = "+447700900100";

/// Chats and handles in order of first appearance; a chat refers to handles by index.
pub(super) struct Roster {
    pub(super) chats: Vec<Chat>,
    pub(super) handles: Vec<Handle>,
}

/// One conversation.
pub(super) struct Chat {
    pub(super) conversation_id: String,
    pub(super) handles: Vec<usize>,
}

/// One other person. Numbers count up from the owner's, within the 1,000 that are kept for fiction.
pub(super) struct Handle {
    pub(super) name: String,
    pub(super) number: String,
}

impl Chat {
    pub(super) fn is_group(&self) -> bool {
        self.handles.len() > 1
    }
}

impl Roster {
    pub(super) fn of(messages: &[SampleMessage]) -> Self {
        let mut roster = Self { chats: Vec::new(), handles: Vec::new() };
        for message in messages {
            let chat = roster.chat_or_new(&message.conversation_id);
            if let Some(sender) = &message.sender {
                let handle = roster.handle_or_new(sender);
                roster.join(chat, handle);
            }
        }
        roster.seat_the_silent(messages);
        roster
    }

    /// The index of a conversation.
    pub(super) fn chat(&self, conversation_id: &str) -> Option<usize> {
        self.chats.iter().position(|chat| chat.conversation_id == conversation_id)
    }

    /// The index of a person.
    pub(super) fn handle(&self, name: &str) -> Option<usize> {
        self.handles.iter().position(|handle| handle.name == name)
    }

    fn chat_or_new(&mut self, conversation_id: &str) -> usize {
        self.chat(conversation_id).unwrap_or_else(|| {
            self.chats.push(Chat { conversation_id: conversation_id.to_owned(), handles: Vec::new() });
            self.chats.len() - 1
        })
    }

    fn handle_or_new(&mut self, name: &str) -> usize {
        self.handle(name).unwrap_or_else(|| {
            let number = format!("+447700900{:03}", 101 + self.handles.len() % 899);
            self.handles.push(Handle { name: name.to_owned(), number });
            self.handles.len() - 1
        })
    }

    fn join(&mut self, chat: usize, handle: usize) {
        let members = &mut self.chats[chat].handles;
        if !members.contains(&handle) {
            members.push(handle);
        }
    }

    /// Members who never wrote: the recipient count says how many there are.
    fn seat_the_silent(&mut self, messages: &[SampleMessage]) {
        let sizes: BTreeSet<(&str, u32)> =
            messages.iter().map(|message| (message.conversation_id.as_str(), message.recipient_count)).collect();
        for (conversation_id, size) in sizes {
            let chat = self.chat_or_new(conversation_id);
            for seat in self.chats[chat].handles.len()..size as usize {
                let handle = self.handle_or_new(&format!("{conversation_id} {seat}"));
                self.join(chat, handle);
            }
        }
    }
}
