//! A plain-English version of a chat message, by rules and a lexicon, without any model: the content side of a
//! `neutral_rewrite` prompt. What is the person's style (slang, case, marks, laughter, emoji, stretched letters)
//! goes; what was said stays. English only: words of other languages pass through.

mod content;
mod context;
mod elongation;
mod filler;
mod lexicon;
mod question;
mod reaction;
mod reader;
mod scan;
mod sentence;
mod token;
mod word_sets;

pub use content::content_recall;

/// Changes with every change of what the same message gives.
pub const NEUTRALISER_VERSION: &str = "neutraliser/1";

/// The least share of a message's content words that its neutral version must keep.
pub const MIN_CONTENT_RECALL: f64 = 0.6;

/// The neutral version of one message.
#[derive(Clone, PartialEq, Eq)]
pub struct Neutral {
    pub text: String,
    pub kind: NeutralKind,
}

/// How the neutral version came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeutralKind {
    /// The message in plain English.
    Rewritten,
    /// The message is plain English already: leave plain text plain. Such pairs stay at their natural rate.
    Plain,
    /// Nothing but laughter, marks or emoticons was said, so what they say is put into words ("That is funny.").
    Reaction,
    /// The rules lost too much of the content, or none applies: the message itself, white space collapsed.
    Unchanged,
}

/// Says in plain English what `text` says.
///
/// Placeholders and links are carried over as they are. The result is never blank, unless `text` is.
pub fn neutralise(text: &str) -> Neutral {
    let tokens = token::split(text);
    let plain = sentence::assemble(&reader::rewrite(&tokens));
    if !plain.chars().any(char::is_alphanumeric) {
        return match reaction::in_words(&tokens) {
            Some(reaction) => Neutral { text: reaction.to_owned(), kind: NeutralKind::Reaction },
            None => unchanged(text),
        };
    }
    if plain == text {
        return Neutral { text: plain, kind: NeutralKind::Plain };
    }
    if content::may_have_lost(&tokens, &plain) && content_recall(text, &plain) < MIN_CONTENT_RECALL {
        return unchanged(text);
    }
    Neutral { text: plain, kind: NeutralKind::Rewritten }
}

/// Makes neutral versions one after another.
#[derive(Default)]
pub(crate) struct Neutraliser;

impl Neutraliser {
    /// Writes the neutral version of `text` behind what `out` has.
    pub(crate) fn push_neutral(&mut self, text: &str, out: &mut String) -> NeutralKind {
        let neutral = neutralise(text);
        out.push_str(&neutral.text);
        neutral.kind
    }
}

fn unchanged(text: &str) -> Neutral {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Neutral { text, kind: NeutralKind::Unchanged }
}

#[cfg(test)]
mod tests;
