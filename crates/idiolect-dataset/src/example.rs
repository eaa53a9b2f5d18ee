//! One training example: the prompts, and the person's own words as the assistant's answer.

use std::fmt;

use crate::intent::Intent;
use crate::neutral::NeutralKind;
use crate::prompt::{self, Form, Prompts, Strategy};
use crate::redact::RedactedText;

/// A prompt and its target. Only redacted text can become one.
#[derive(Clone, PartialEq, Eq)]
pub struct Example {
    strategy: Strategy,
    form: Form,
    user: String,
    /// How the content of the user prompt came about, where it has content.
    neutral: Option<NeutralKind>,
    intent: Option<Intent>,
    target: RedactedText,
}

impl Example {
    /// The example that teaches to write `target`.
    pub fn new(strategy: Strategy, target: RedactedText) -> Self {
        Self::with(&mut Prompts::default(), strategy, target)
    }

    /// As [`new`](Self::new), with the memory of earlier prompts.
    pub(crate) fn with(prompts: &mut Prompts, strategy: Strategy, target: RedactedText) -> Self {
        let prompt = prompts.training(strategy, target.as_str());
        Self {
            strategy,
            form: prompt.form,
            user: prompt.user.to_owned(),
            neutral: prompt.neutral,
            intent: prompt.intent,
            target,
        }
    }

    pub fn system(&self) -> &'static str {
        prompt::system_prompt(self.strategy)
    }

    pub fn user(&self) -> &str {
        &self.user
    }

    /// The wording of the user prompt; under `mix` the examples differ in it.
    pub fn form(&self) -> Form {
        self.form
    }

    /// How the neutral version in the prompt came about; `None` if the prompt has none.
    pub fn neutral(&self) -> Option<NeutralKind> {
        self.neutral
    }

    /// The intent that the prompt names, if it names one.
    pub fn intent(&self) -> Option<Intent> {
        self.intent
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
            .field("form", &self.form)
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
        for strategy in [Strategy::NeutralRewrite, Strategy::Intent] {
            let example = Example::new(strategy, target.clone());
            assert_eq!(example.assistant(), "txt me on [PHONE_1] pls");
            assert!(example.user().contains("[PHONE_1]"));
            assert!(!format!("{example:?}").contains("txt"));
        }
    }
}
