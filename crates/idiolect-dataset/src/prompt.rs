//! The prompts around a person's messages. One function makes them for training and for serving, so the
//! model meets in use exactly what it was trained on (spec §7.2).

use std::fmt;
use std::str::FromStr;

use xxhash_rust::xxh3::xxh3_64;

use crate::intent::{self, Intent, Keywords};
use crate::neutral::{NeutralKind, Neutraliser};

/// The system prompt of spec §7.2 Option A, word for word.
pub(crate) const SYSTEM_PROMPT: &str = "You are an assistant that writes messages exactly like the user. Match tone, brevity, slang, punctuation, and emoji usage.";

/// The user prompt of spec §7.2 Option A, up to its full stop.
const REQUEST: &str = "Write a message in the user's style that says the following";

/// What stands before the content of a `neutral_rewrite` prompt.
const REQUEST_WITH_CONTENT: &str = "Write a message in the user's style that says the following:\n";

/// How the user prompt of an example is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// Option A's words, followed by the message in plain English: the model learns the step from plain to personal.
    #[default]
    NeutralRewrite,
    /// Option A to the letter: the same content-free prompt every time.
    StyleRewrite,
    /// Option B: what the message is for, and its content words.
    Intent,
    /// Each message under one of the other three, most under `neutral_rewrite` (see [`Mix`]).
    Mix,
}

/// The shares of `mix/1`, in hundredths. Which form a message gets depends on nothing but its text.
pub struct Mix;

impl Mix {
    pub const NEUTRAL_REWRITE: u64 = 80;
    pub const INTENT: u64 = 18;
    pub const STYLE_REWRITE: u64 = 2;
    /// More content words than this are better said in sentences: such a message is `neutral_rewrite` in a mix.
    pub const MAX_KEYWORDS: usize = 8;

    /// Decided by the content's hash, so that the same message is always asked for in the same way.
    fn form_of(text: &str) -> Form {
        match xxh3_64(text.as_bytes()) % 100 {
            share if share < Self::NEUTRAL_REWRITE => Form::NeutralRewrite,
            share if share < Self::NEUTRAL_REWRITE + Self::INTENT => Form::Intent,
            _ => Form::StyleRewrite,
        }
    }
}

/// The wording of one prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    NeutralRewrite,
    StyleRewrite,
    Intent,
}

impl Strategy {
    pub const ALL: [Self; 4] = [Self::NeutralRewrite, Self::StyleRewrite, Self::Intent, Self::Mix];

    pub fn name(self) -> &'static str {
        match self {
            Self::NeutralRewrite => "neutral_rewrite",
            Self::StyleRewrite => "style_rewrite",
            Self::Intent => "intent",
            Self::Mix => "mix",
        }
    }

    /// Name and number of the template, for the manifest and `config.systemPromptVersion`; a change of
    /// wording changes the number.
    pub fn version(self) -> &'static str {
        match self {
            Self::NeutralRewrite => "neutral_rewrite/1",
            Self::StyleRewrite => "style_rewrite/1",
            Self::Intent => "intent/1",
            Self::Mix => "mix/1",
        }
    }

    /// The strategy whose [`version`](Self::version) this is. A version that this program no longer builds is unknown.
    pub fn from_version(version: &str) -> Result<Self, UnknownStrategy> {
        let found = Self::ALL.into_iter().find(|strategy| strategy.version() == version);
        found.ok_or_else(|| UnknownStrategy { name: version.to_owned() })
    }

    /// How the user prompt of every example begins.
    pub(crate) fn constant_request(self) -> &'static str {
        match self {
            Self::NeutralRewrite => REQUEST_WITH_CONTENT,
            Self::StyleRewrite => REQUEST,
            Self::Intent | Self::Mix => "",
        }
    }

    /// The form in which a model trained with this strategy is asked: a mix knows `neutral_rewrite` best.
    fn serving_form(self) -> Form {
        match self {
            Self::NeutralRewrite | Self::Mix => Form::NeutralRewrite,
            Self::StyleRewrite => Form::StyleRewrite,
            Self::Intent => Form::Intent,
        }
    }
}

/// What is told to the model before anything else.
pub fn system_prompt(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::NeutralRewrite | Strategy::StyleRewrite | Strategy::Intent | Strategy::Mix => SYSTEM_PROMPT,
    }
}

/// The request to say `content` in the person's style.
///
/// `style_rewrite` trains without content: its prompt is then the spec's alone. Content that a user gives follows it.
pub fn serving_user_prompt(strategy: Strategy, content: &str) -> String {
    let mut prompts = Prompts::default();
    match strategy.serving_form() {
        Form::NeutralRewrite => prompts.with_content(content),
        Form::StyleRewrite => prompts.without_content(content),
        Form::Intent => {
            prompts.with_intent(content, usize::MAX);
        }
    }
    prompts.user
}

/// Makes prompts one after another in the same memory.
#[derive(Default)]
pub(crate) struct Prompts {
    neutraliser: Neutraliser,
    user: String,
}

/// The prompt of one training example.
pub(crate) struct Prompt<'a> {
    pub(crate) form: Form,
    pub(crate) user: &'a str,
    /// Where in `user` the constant words end, if what follows them is a piece of its own for a tokenizer.
    pub(crate) constant: usize,
    pub(crate) neutral: Option<NeutralKind>,
    pub(crate) intent: Option<Intent>,
}

impl Prompts {
    /// The prompt to which `target`, redacted, is the answer.
    pub(crate) fn training(&mut self, strategy: Strategy, target: &str) -> Prompt<'_> {
        let form = match strategy {
            Strategy::Mix => Mix::form_of(target),
            other => other.serving_form(),
        };
        let most_keywords = if strategy == Strategy::Mix { Mix::MAX_KEYWORDS } else { usize::MAX };
        match form {
            Form::Intent => {
                if let Some(intent) = self.with_intent(target, most_keywords) {
                    return Prompt { form, user: &self.user, constant: 0, neutral: None, intent: Some(intent) };
                }
            }
            Form::StyleRewrite => {
                self.without_content("");
                return Prompt { form, user: &self.user, constant: self.user.len(), neutral: None, intent: None };
            }
            Form::NeutralRewrite => {}
        }
        self.user.clear();
        self.user.push_str(REQUEST_WITH_CONTENT);
        let kind = self.neutraliser.push_neutral(target, &mut self.user);
        let joins = self.user[REQUEST_WITH_CONTENT.len()..].starts_with(['/', '\r', '\n']);
        Prompt {
            form: Form::NeutralRewrite,
            user: &self.user,
            constant: if joins { 0 } else { REQUEST_WITH_CONTENT.len() },
            neutral: Some(kind),
            intent: None,
        }
    }

    fn with_content(&mut self, content: &str) {
        self.user.clear();
        self.user.push_str(REQUEST_WITH_CONTENT);
        self.user.push_str(content);
    }

    fn without_content(&mut self, content: &str) {
        self.user.clear();
        self.user.push_str(REQUEST);
        self.user.push('.');
        if !content.is_empty() {
            self.user.push('\n');
            self.user.push_str(content);
        }
    }

    /// Every fact of `said` is among the keywords; without any, the intent is all it says. `None` if there are more
    /// than `most` keywords.
    fn with_intent(&mut self, said: &str, most: usize) -> Option<Intent> {
        let mut plain = String::with_capacity(said.len() + 16);
        self.neutraliser.push_neutral(said, &mut plain);
        let keywords = Keywords::of(&plain);
        if keywords.count > most {
            return None;
        }
        let intent = intent::classify(said, &plain);
        self.user.clear();
        for part in ["Write a ", length_word(&plain), intent.label(), "message in the user's style"] {
            self.user.push_str(part);
        }
        self.user.push_str(if keywords.count > 0 { " about: " } else { "." });
        self.user.push_str(&keywords.joined);
        Some(intent)
    }
}

/// "short" up to six words, "long" from twenty on. Where no spaces are between words, two letters are about one.
fn length_word(plain: &str) -> &'static str {
    // Thai, Lao, Burmese, Khmer, Japanese and Chinese.
    let wide = |c: &char| {
        matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
            || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
    };
    let words = plain.split_whitespace().map(|chunk| (chunk.chars().filter(wide).count() / 2).max(1));
    match words.sum::<usize>() {
        0..=6 => "short ",
        7..20 => "",
        _ => "long ",
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is not one of the strategies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no prompt strategy; choose neutral_rewrite, style_rewrite, intent or mix")]
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

    fn training(strategy: Strategy, target: &str) -> String {
        Prompts::default().training(strategy, target).user.to_owned()
    }

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
        assert_eq!(training(Strategy::StyleRewrite, "omw"), serving_user_prompt(Strategy::StyleRewrite, ""));
    }

    #[test]
    fn neutral_rewrite_carries_the_content() {
        assert_eq!(
            serving_user_prompt(Strategy::NeutralRewrite, "I will be late."),
            "Write a message in the user's style that says the following:\nI will be late."
        );
        assert_eq!(
            training(Strategy::NeutralRewrite, "omw!!"),
            serving_user_prompt(Strategy::NeutralRewrite, "I'm on my way.")
        );
    }

    #[test]
    fn intent_prompts_name_the_intent_and_the_content() {
        for (message, prompt) in [
            ("omw!!", "Write a short status update message in the user's style about: way"),
            ("kk", "Write a short confirmation message in the user's style."),
            (
                "nah cant come 2moro sorry",
                "Write a short decline message in the user's style about: No can't come tomorrow",
            ),
            ("thx!!", "Write a short thank-you message in the user's style."),
            (
                "meet me @ 7 outside the station",
                "Write a logistics update message in the user's style about: Meet, 7 outside, station",
            ),
            ("hahaha", "Write a short joke message in the user's style about: funny"),
            ("我在路上", "Write a short message in the user's style about: 我在路上"),
            ("到了吗？", "Write a short question message in the user's style about: 到了吗"),
            (
                "我今天下班以后要去买菜回家做饭",
                "Write a message in the user's style about: 我今天下班以后要去买菜回家做饭",
            ),
            ("ဒီနေ့အိမ်မှာနေမယ်", "Write a message in the user's style about: ဒီနေ့အိမ်မှာနေမယ်"),
            ("ខ្ញុំទៅផ្សារទិញបន្លែ", "Write a message in the user's style about: ខ្ញុំទៅផ្សារទិញបន្លែ"),
        ] {
            assert_eq!(training(Strategy::Intent, message), prompt, "{message:?}");
            assert_eq!(serving_user_prompt(Strategy::Intent, message), prompt, "{message:?}");
        }
    }

    #[test]
    fn a_mix_has_all_forms_at_their_shares_and_the_same_one_for_the_same_text() {
        let mut counts = [0_i32; 3];
        for n in 0..2000 {
            let text = format!("see u at the {n} bus stop");
            let form = Prompts::default().training(Strategy::Mix, &text).form;
            assert_eq!(Prompts::default().training(Strategy::Mix, &text).form, form);
            counts[form as usize] += 1;
        }
        // Two thousand draws: four standard deviations are 72, 69 and 25.
        for (count, wanted, tolerance) in [(counts[0], 1600, 72), (counts[2], 360, 69), (counts[1], 40, 25)] {
            assert!((count - wanted).abs() <= tolerance, "{counts:?}");
        }
    }

    #[test]
    fn in_a_mix_a_message_of_many_words_is_asked_for_in_sentences() {
        let long = "grandma baked seven enormous lemon cakes yesterday afternoon near the old harbour lighthouse";
        let forms = (0..200).map(|n| Prompts::default().training(Strategy::Mix, &format!("{long} {n}")).form);
        assert!(forms.into_iter().all(|form| form != Form::Intent));
    }

    #[test]
    fn names_are_read_back() {
        for strategy in Strategy::ALL {
            assert_eq!(strategy.to_string().parse(), Ok(strategy));
            assert_eq!(Strategy::from_version(strategy.version()), Ok(strategy));
        }
        assert!("blend".parse::<Strategy>().is_err());
    }
}
