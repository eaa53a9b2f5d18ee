//! What is redacted, by whose wish.

use super::{KindSet, PiiKind, Region};

/// Which kinds are redacted, and a user's own words.
#[derive(Clone, PartialEq, Eq)]
pub struct RedactionSettings {
    pub kinds: KindSet,
    /// Where numbers without a country code are dialled, if that is known.
    pub region: Option<Region>,
    /// Names of people, in any case; one may have several words. Needs [`PiiKind::Name`].
    pub names: Vec<String>,
    /// Take the capitalised word after a greeting ("Hi Anna") for a name. Needs [`PiiKind::Name`].
    pub greeting_names: bool,
    /// Words and phrases that never stay. Needs [`PiiKind::Word`].
    pub deny: Vec<String>,
    /// Values that stay though a recognizer finds them: a shop's own number, a street that is a band's name.
    pub allow: Vec<String>,
}

impl Default for RedactionSettings {
    fn default() -> Self {
        Self {
            kinds: KindSet::ALL,
            region: None,
            names: Vec::new(),
            greeting_names: false,
            deny: Vec::new(),
            allow: Vec::new(),
        }
    }
}

impl RedactionSettings {
    /// The defaults without `kind`.
    #[must_use]
    pub fn without(mut self, kind: PiiKind) -> Self {
        self.kinds = self.kinds.without(kind);
        self
    }

    /// Whether every kind is redacted.
    pub fn is_complete(&self) -> bool {
        self.kinds == KindSet::ALL
    }
}

/// Shows how many words there are, never the words.
impl std::fmt::Debug for RedactionSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedactionSettings")
            .field("kinds", &self.kinds)
            .field("region", &self.region)
            .field("names", &self.names.len())
            .field("greeting_names", &self.greeting_names)
            .field("deny", &self.deny.len())
            .field("allow", &self.allow.len())
            .finish()
    }
}
