//! The prompts around a person's messages. One function makes them for training and for serving, so the
//! model meets in use exactly what it was trained on (spec §7.2).

use std::fmt;
use std::str::FromStr;

/// The system prompt of spec §7.2 Option A, word for word.
pub const SYSTEM_PROMPT: &str = "You are an assistant that writes messages exactly like the user. Match tone, brevity, slang, punctuation, and emoji usage.";

/// The user prompt of spec §7.2 Option A, up to its full stop.
const REQUEST: &str = "Write a message in the user's style that says the following";

/// How the user prompt of an example is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// Option A's words, followed by the message in plain English: the model learns the step from plain to personal.
    #[default]
    NeutralRewrite,
    /// Option A to the letter: the same content-free prompt every time.
    StyleRewrite,
}

impl Strategy {
    pub const ALL: [Self; 2] = [Self::NeutralRewrite, Self::StyleRewrite];

    pub fn name(self) -> &'static str {
        match self {
            Self::NeutralRewrite => "neutral_rewrite",
            Self::StyleRewrite => "style_rewrite",
        }
    }

    /// Name and number of the template, for the manifest and `config.systemPromptVersion`; a change of
    /// wording changes the number.
    pub fn version(self) -> &'static str {
        match self {
            Self::NeutralRewrite => "neutral_rewrite/1",
            Self::StyleRewrite => "style_rewrite/1",
        }
    }

    /// The strategy whose [`version`](Self::version) this is. A version that this program no longer builds is unknown.
    pub fn from_version(version: &str) -> Result<Self, UnknownStrategy> {
        let found = Self::ALL.into_iter().find(|strategy| strategy.version() == version);
        found.ok_or_else(|| UnknownStrategy { name: version.to_owned() })
    }
}

/// What is told to the model before anything else.
pub fn system_prompt(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::NeutralRewrite | Strategy::StyleRewrite => SYSTEM_PROMPT,
    }
}

/// The request to say `content` in the person's style.
///
/// `style_rewrite` trains without content: its prompt is then the spec's alone. Content that a user gives follows it.
pub fn serving_user_prompt(strategy: Strategy, content: &str) -> String {
    match strategy {
        Strategy::NeutralRewrite => format!("{REQUEST}:\n{content}"),
        Strategy::StyleRewrite if content.is_empty() => format!("{REQUEST}."),
        Strategy::StyleRewrite => format!("{REQUEST}.\n{content}"),
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is not one of the strategies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no prompt strategy; choose neutral_rewrite or style_rewrite")]
pub struct UnknownStrategy {
    pub name: String,
}

impl FromStr for Strategy {
    type Err = UnknownStrategy;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|strategy| strategy.name() == name)
            .ok_or_else(|| UnknownStrategy { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_rewrite_is_option_a_to_the_letter() {
        assert_eq!(
            system_prompt(Strategy::StyleRewrite),
            "You are an assistant that writes messages exactly like the user. Match tone, brevity, slang, punctuation, and emoji usage."
        );
        assert_eq!(
            serving_user_prompt(Strategy::StyleRewrite, ""),
            "Write a message in the user's style that says the following."
        );
    }

    #[test]
    fn neutral_rewrite_carries_the_content() {
        assert_eq!(
            serving_user_prompt(Strategy::NeutralRewrite, "I will be late."),
            "Write a message in the user's style that says the following:\nI will be late."
        );
    }

    #[test]
    fn names_are_read_back() {
        for strategy in Strategy::ALL {
            assert_eq!(strategy.to_string().parse(), Ok(strategy));
            assert_eq!(Strategy::from_version(strategy.version()), Ok(strategy));
        }
        assert!("mix".parse::<Strategy>().is_err());
    }
}
