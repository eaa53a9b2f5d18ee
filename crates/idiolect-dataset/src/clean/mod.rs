//! Which messages teach nothing (spec §6.3): blank, emoji-only, links alone, too short to carry a style, and what the
//! person did not write.

mod blank;
mod emoji;
mod foreign;
mod short;
mod url;

pub use blank::is_blank;
pub use emoji::is_emoji_only;
pub use foreign::is_texted_reaction;
pub(crate) use foreign::signs;
pub use short::CommonTexts;
pub use url::is_url_only;

use crate::key::Key;
use crate::look::{Look, Mark};

/// Changes with every change of a rule's outcome.
pub const CLEANING_VERSION: &str = "cleaning/10";

/// Which cleaning rules apply. Blank messages are always left out: an example cannot be empty.
#[derive(Clone, Debug, PartialEq)]
pub struct CleanSettings {
    /// Leave out messages made of emoji alone.
    pub drop_emoji_only: bool,
    /// Leave out messages made of links alone.
    pub drop_url_only: bool,
    /// Leave out lines that quote somebody, and what a mail quotes below its answer.
    pub drop_quoted: bool,
    /// Leave out what was forwarded.
    pub drop_forwarded: bool,
    /// Leave out automatic answers.
    pub drop_automatic: bool,
    /// Leave out what an app wrote: `<Media omitted>`, tapbacks as text, "Sent from my iPhone".
    pub drop_app_made: bool,
    /// Leave out messages of fewer than `min_chars` characters, unless they are common behaviour.
    pub drop_short: bool,
    /// The shortest length kept, in user-perceived characters.
    pub min_chars: usize,
    /// A short text is common behaviour from this share of the window's messages on …
    pub common_share: f64,
    /// … if it also occurs at least this many times.
    pub common_count: u64,
}

impl Default for CleanSettings {
    fn default() -> Self {
        Self {
            drop_emoji_only: true,
            drop_url_only: true,
            drop_quoted: true,
            drop_forwarded: true,
            drop_automatic: true,
            drop_app_made: true,
            drop_short: true,
            min_chars: 3,
            common_share: 0.005,
            common_count: 3,
        }
    }
}

/// The rule by which a message was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CleanRule {
    Blank,
    EmojiOnly,
    UrlOnly,
    TooShort,
    Quoted,
    Forwarded,
    Automatic,
    AppMade,
}

impl CleanSettings {
    /// What the rules say of `text`, after a `look` at it and whether it [is short](Self::is_short), before it is known how often the person
    /// writes it.
    ///
    /// A text of emoji alone is judged by its own rule and never by length: "👍" is complete.
    pub(crate) fn judge(&self, look: Look, text: &str, short: bool) -> Judgement {
        let may_be_emoji = look.holds(Mark::NotAscii) && !look.letters;
        let may_be_url = look.full_stops > 0 || look.holds(Mark::Colon);
        if is_blank(text) {
            Judgement::Goes(CleanRule::Blank)
        } else if may_be_emoji && is_emoji_only(text) || look.holds(Mark::Colon) && emoji::is_spelled_emoji_only(text) {
            if self.drop_emoji_only { Judgement::Goes(CleanRule::EmojiOnly) } else { Judgement::Stays }
        } else if self.drop_url_only && may_be_url && is_url_only(text) {
            Judgement::Goes(CleanRule::UrlOnly)
        } else if self.drop_short && short {
            Judgement::StaysIfCommon
        } else {
            Judgement::Stays
        }
    }
}

/// What the rules say of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    Stays,
    /// It is short.
    StaysIfCommon,
    Goes(CleanRule),
}

impl Judgement {
    /// The key by which it is known whether `text`, of which it is, is common; `None` where that makes no difference.
    pub(crate) fn key(self, text: &str) -> Option<Key> {
        (self == Self::StaysIfCommon).then(|| Key::of(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Real texts and Unicode data that cannot be shipped, read from where the variable points.
    #[test]
    fn agrees_with_the_shared_filter_cases() {
        let Ok(shared) = std::env::var("IDIOLECT_SHARED_DATA") else {
            eprintln!("skipped: set IDIOLECT_SHARED_DATA to the shared data to run this test");
            return;
        };
        let cases = std::fs::read_to_string(format!("{shared}/edge/filter_cases.dev.ndjson")).unwrap();
        let mut wrong = Vec::new();
        for (number, line) in cases.lines().enumerate() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let (text, kind) = (case["text"].as_str().unwrap(), case["kind"].as_str().unwrap());
            let right = match kind {
                // A presentation selector left alone shows nothing; either rule leaves it out.
                "emoji_only" => is_emoji_only(text) || is_blank(text),
                "not_emoji_only" => !is_emoji_only(text) && !is_blank(text),
                "blank" => is_blank(text),
                "url_only" | "uri_only" => is_url_only(text),
                "contains_url" | "no_url" => !is_url_only(text) && !is_blank(text),
                "short_real" => !is_blank(text) && !is_emoji_only(text) && !is_url_only(text),
                _ => !is_blank(text),
            };
            if !right {
                wrong.push(format!("line {} ({kind})", number + 1));
            }
        }
        assert!(wrong.is_empty(), "{} cases differ: {}", wrong.len(), wrong.join(", "));
    }

    #[test]
    fn each_rule_can_be_switched_off() {
        let judged =
            |settings: &CleanSettings, text: &str| settings.judge(Look::at(text), text, settings.is_short(text));
        let all = CleanSettings::default();
        for (text, judgement, off) in [
            ("🙃", Judgement::Goes(CleanRule::EmojiOnly), CleanSettings { drop_emoji_only: false, ..all.clone() }),
            (
                "https://example.com/a",
                Judgement::Goes(CleanRule::UrlOnly),
                CleanSettings { drop_url_only: false, ..all.clone() },
            ),
            ("no", Judgement::StaysIfCommon, CleanSettings { drop_short: false, ..all.clone() }),
        ] {
            assert_eq!(judged(&all, text), judgement);
            assert_eq!(judged(&off, text), Judgement::Stays);
        }
        assert_eq!(judged(&all, "\u{200b} "), Judgement::Goes(CleanRule::Blank));
        assert_eq!(judged(&all, "ok 👍"), Judgement::Stays);
    }
}
