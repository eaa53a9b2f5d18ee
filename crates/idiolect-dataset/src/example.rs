//! One training example: the prompts, and the person's own words as the assistant's answer.

use std::fmt;

use crate::neutral::{self, NeutralKind};
use crate::prompt::{self, Strategy};
use crate::redact::RedactedText;

/// A prompt and its target. Only redacted text can become one.
#[derive(Clone, PartialEq, Eq)]
pub struct Example {
    strategy: Strategy,
    user: String,
    /// How the content of the user prompt came about, where it has content.
    neutral: Option<NeutralKind>,
    target: RedactedText,
}

impl Example {
    /// The example that teaches to write `target`.
    pub fn new(strategy: Strategy, target: RedactedText) -> Self {
        match strategy {
            Strategy::NeutralRewrite => {
                let neutral = neutral::neutralise(target.as_str());
                let user = prompt::serving_user_prompt(strategy, &neutral.text);
                Self { strategy, user, neutral: Some(neutral.kind), target }
            }
            Strategy::StyleRewrite => {
                Self { strategy, user: prompt::serving_user_prompt(strategy, ""), neutral: None, target }
            }
        }
    }

    pub fn system(&self) -> &'static str {
        prompt::system_prompt(self.strategy)
    }

    pub fn user(&self) -> &str {
        &self.user
    }

    /// How the neutral version in the prompt came about; `None` if the prompt has no content.
    pub fn neutral(&self) -> Option<NeutralKind> {
        self.neutral
    }

    /// What the person wrote, redacted.
    pub fn assistant(&self) -> &str {
        self.target.as_str()
    }
}

/// Shows lengths, never the words.
impl fmt::Debug for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Example")
            .field("strategy", &self.strategy)
            .field("user_chars", &self.user.chars().count())
            .field("assistant_chars", &self.target.as_str().chars().count())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Ledger, RedactionSettings, Redactor};

    #[test]
    fn the_placeholder_is_the_same_on_both_sides() {
        let target = Redactor::new(&RedactionSettings::default())
            .redact("txt me on 202-555-0142 pls", &mut Ledger::new())
            .unwrap();
        let example = Example::new(Strategy::NeutralRewrite, target);
        assert_eq!(example.assistant(), "txt me on [PHONE_1] pls");
        assert!(example.user().contains("[PHONE_1]"));
        assert!(!format!("{example:?}").contains("txt"));
    }
}
