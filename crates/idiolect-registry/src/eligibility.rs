//! Whether there is enough to learn from (spec §14): otherwise the run ends as `failed_insufficient_data`.

use std::fmt;

/// The least that the window must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirements {
    /// Sent messages.
    pub min_messages: u64,
    /// Their o200k tokens.
    pub min_tokens: u64,
}

impl Default for Requirements {
    fn default() -> Self {
        Self { min_messages: 500, min_tokens: 10_000 }
    }
}

/// What the window holds, and what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct InsufficientData {
    pub messages: u64,
    pub tokens: u64,
    pub required: Requirements,
}

/// Says which rule failed and by how much.
impl fmt::Display for InsufficientData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Requirements { min_messages, min_tokens } = self.required;
        let rule = |name: &str, have: u64, need: u64| match need.checked_sub(have) {
            Some(missing) if missing > 0 => format!("{have} of {need} {name} ({missing} too few)"),
            _ => format!("{have} of {need} {name} (enough)"),
        };
        write!(
            f,
            "not enough data: {}, {}; widen the window with --days or lower the requirement in the settings",
            rule("messages", self.messages, min_messages),
            rule("tokens", self.tokens, min_tokens)
        )
    }
}

impl Requirements {
    /// Both rules must hold.
    pub fn check(self, messages: u64, tokens: u64) -> Result<(), InsufficientData> {
        if messages >= self.min_messages && tokens >= self.min_tokens {
            Ok(())
        } else {
            Err(InsufficientData { messages, tokens, required: self })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_rules_must_hold_and_the_failing_one_is_named() {
        let rules = Requirements::default();
        assert_eq!(rules.check(500, 10_000), Ok(()));
        let few = rules.check(499, 10_000).unwrap_err().to_string();
        assert!(few.contains("499 of 500 messages (1 too few)") && few.contains("tokens (enough)"), "{few}");
        let short = rules.check(800, 9_000).unwrap_err().to_string();
        assert!(short.contains("9000 of 10000 tokens (1000 too few)"), "{short}");
    }
}
