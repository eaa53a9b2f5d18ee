//! Which conversations are read: those allowed, or all but those denied.

use crate::reading::same_handle;

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
}

struct Names<'a> {
    names: &'a [String],
    /// Of each name, whether some conversation is called so.
    found: Vec<bool>,
}

impl<'a> Chooser<'a> {
    pub(crate) fn new(conversations: &'a Conversations) -> Self {
        Self { allow: Names::new(&conversations.allow), deny: Names::new(&conversations.deny) }
    }

    /// Whether the messages of a conversation are read that goes by any of these ids; those of one without are unless only some are
    /// allowed.
    pub(crate) fn includes(&mut self, ids: &[&str]) -> bool {
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
}
