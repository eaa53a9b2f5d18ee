//! Which conversations are read: those allowed, or all but those denied.

use std::collections::HashMap;

use crate::reading::same_handle;

/// Bytes of ids of which it is remembered whether they are read.
const MAX_KNOWN: usize = 4 * 1024 * 1024;

/// Conversations by their id, or by the part of it behind the last `;`, which in Messages is a phone number, an address or a
/// group's number. Numbers may be written with any separators, and with or without their country's digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversations {
    /// Empty allows all.
    pub allow: Vec<String>,
    /// Stronger than `allow`.
    pub deny: Vec<String>,
}

impl Conversations {
    pub(crate) fn are_all(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }
}

/// Tells of one conversation after the other whether it is read, and which names were of none.
pub(crate) struct Chooser<'a> {
    allow: Names<'a>,
    deny: Names<'a>,
    /// Ids come again with each of their messages, and comparing one with many or long names takes a while.
    known: HashMap<Box<str>, bool>,
    known_bytes: usize,
}

struct Names<'a> {
    names: &'a [String],
    /// Of each name, whether some conversation is called so.
    found: Vec<bool>,
}

impl<'a> Chooser<'a> {
    pub(crate) fn new(conversations: &'a Conversations) -> Self {
        let (allow, deny) = (Names::new(&conversations.allow), Names::new(&conversations.deny));
        Self { allow, deny, known: HashMap::new(), known_bytes: 0 }
    }

    /// Whether the messages of a conversation are read that goes by any of these ids; those of one without are unless only some are
    /// allowed.
    pub(crate) fn includes(&mut self, ids: &[&str]) -> bool {
        if self.allow.names.is_empty() && self.deny.names.is_empty() {
            return true;
        }
        let [id] = ids else { return self.compare(ids) };
        if let Some(is_read) = self.known.get(*id) {
            return *is_read;
        }
        let is_read = self.compare(ids);
        let bytes = id.len() + size_of::<(Box<str>, bool)>();
        if self.known_bytes + bytes > MAX_KNOWN {
            (self.known, self.known_bytes) = (HashMap::new(), 0);
        }
        self.known_bytes += bytes;
        self.known.insert((*id).into(), is_read);
        is_read
    }

    fn compare(&mut self, ids: &[&str]) -> bool {
        let (is_allowed, is_denied) = (self.allow.call(ids), self.deny.call(ids));
        !is_denied && (is_allowed || self.allow.names.is_empty())
    }

    /// What was named and never met, for the report: whoever mistypes what is to be left out should know.
    pub(crate) fn note(&self) -> Option<String> {
        let missing = self.allow.found.iter().chain(&self.deny.found).filter(|found| !**found).count();
        (missing > 0).then(|| {
            format!(
                "Of the conversations that are named to be read or left out, {missing} were not found: write each as its \
                 conversationId in what `idiolect extract` prints, or as the number or address in it."
            )
        })
    }
}

impl<'a> Names<'a> {
    fn new(names: &'a [String]) -> Self {
        Self { names, found: vec![false; names.len()] }
    }

    /// Whether one of the names is of a conversation with these ids.
    fn call(&mut self, ids: &[&str]) -> bool {
        let mut any = false;
        for (name, found) in self.names.iter().zip(&mut self.found) {
            let is_called = ids.iter().any(|id| name == id || same_handle(name, id.rsplit(';').next().unwrap_or(id)));
            *found |= is_called;
            any |= is_called;
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversations_are_named_by_id_or_number() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let include = |conversations: &Conversations, ids: &[&str]| Chooser::new(conversations).includes(ids);
        let one = "iMessage;-;+12125550101";
        let group = "iMessage;+;chat42";
        let allowed = Conversations { allow: list(&["+1 (212) 555-0101", "chat42"]), deny: list(&["chat42"]) };
        assert!(include(&allowed, &[one]) && !include(&allowed, &[group]) && !include(&allowed, &[]));
        for name in [one, "212-555-0101", "1 212 555 0101"] {
            let denied = Conversations { allow: vec![], deny: list(&[name]) };
            assert!(!include(&denied, &[one]) && include(&denied, &[group]) && include(&denied, &[]), "{name}");
            assert!(!include(&denied, &["iMessage;-;a@example.com", one]), "by any of its ids");
        }
        assert!(include(&Conversations { deny: list(&["312-555-0101"]), ..Conversations::default() }, &[one]));
        assert!(include(&Conversations::default(), &[one]));
    }

    #[test]
    fn names_of_no_conversation_are_counted() {
        let conversations = Conversations { allow: vec!["a".into(), "b".into()], deny: vec!["c".into()] };
        let mut chooser = Chooser::new(&conversations);
        chooser.includes(&["b"]);
        assert!(chooser.note().unwrap().contains("2 were not found"));
        chooser.includes(&["c", "a"]);
        assert_eq!(chooser.note(), None);
        assert_eq!(Chooser::new(&Conversations::default()).note(), None);
    }

    #[test]
    fn a_conversation_is_compared_once_and_not_with_each_of_its_messages() {
        let conversations = Conversations { allow: vec![], deny: vec!["b".into()] };
        let mut chooser = Chooser::new(&conversations);
        assert_eq!([["a"], ["b"], ["a"], ["b"]].map(|ids| chooser.includes(&ids)), [true, false, true, false]);
        assert_eq!((chooser.known.get("a"), chooser.known.get("b")), (Some(&true), Some(&false)));
        // Never more than so much is remembered.
        for id in 'a'..='f' {
            chooser.includes(&[&id.to_string().repeat(1024 * 1024)]);
            assert!(chooser.known.keys().map(|id| id.len()).sum::<usize>() <= MAX_KNOWN);
        }
        assert!(!chooser.includes(&["b"]));
    }
}
