//! Which conversations are read: those allowed, or all but those denied.

use crate::reading::same_person;

/// Conversations by their id, or by the part of it behind the last `;`, which in Messages is a phone number, an address or a
/// group's number. Numbers may be written with any separators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversations {
    /// Empty allows all.
    pub allow: Vec<String>,
    /// Stronger than `allow`.
    pub deny: Vec<String>,
}

impl Conversations {
    /// Whether the messages of a conversation are read; those of none are unless only some are allowed.
    pub(crate) fn include(&self, id: Option<&str>) -> bool {
        let Some(id) = id.filter(|_| !self.are_all()) else { return self.allow.is_empty() };
        let last = id.rsplit(';').next().unwrap_or(id);
        let named = |name: &String| name == id || same_person(name, last);
        !self.deny.iter().any(named) && (self.allow.is_empty() || self.allow.iter().any(named))
    }

    pub(crate) fn are_all(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversations_are_named_by_id_or_number() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let one = "iMessage;-;+12125550101";
        let group = "iMessage;+;chat42";
        let allowed = Conversations { allow: list(&["+1 (212) 555-0101", "chat42"]), deny: list(&["chat42"]) };
        assert!(allowed.include(Some(one)) && !allowed.include(Some(group)) && !allowed.include(None));
        let denied = Conversations { allow: vec![], deny: list(&[one]) };
        assert!(!denied.include(Some(one)) && denied.include(Some(group)) && denied.include(None));
        assert!(Conversations::default().include(Some(one)));
    }
}
