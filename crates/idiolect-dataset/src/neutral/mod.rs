//! A plain-English version of a chat message, by rules and a lexicon, without any model: the content side of a
//! `neutral_rewrite` prompt. What is the person's style (slang, case, marks, laughter, emoji, stretched letters)
//! goes; what was said stays. English only: words of other languages pass through.

mod content;
mod context;
mod digits;
mod elongation;
mod filler;
mod lexicon;
mod lookalike;
mod question;
mod reaction;
mod reader;
mod scan;
mod sentence;
mod token;
mod vocabulary;
mod word_sets;

pub use content::content_recall;

use reader::Read;
use sentence::Sentences;
use token::Spaced;

/// Changes with every change of what the same message gives.
pub const NEUTRALISER_VERSION: &str = "neutraliser/6";

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
    let mut plain = String::with_capacity(text.len() + text.len() / 4 + 8);
    let kind = Neutraliser::default().push_neutral(text, &mut plain);
    Neutral { text: plain, kind }
}

/// Whether more words of `text` are of other languages than of English.
pub(crate) fn is_foreign(text: &str) -> bool {
    reader::is_foreign(&token::split(text))
}

/// Makes neutral versions one after another in the same memory.
#[derive(Default)]
pub(crate) struct Neutraliser {
    /// The sentence being written.
    open: String,
    tokens: Vec<Spaced<'static>>,
    reads: Vec<Read<'static>>,
}

impl Neutraliser {
    /// Writes the neutral version of `text` behind what `out` has.
    pub(crate) fn push_neutral(&mut self, text: &str, out: &mut String) -> NeutralKind {
        let mut tokens: Vec<Spaced> = std::mem::take(&mut self.tokens);
        token::split_into(text, &mut tokens);
        let kind = self.push_read(text, &tokens, out);
        // The memory without what was in it; collected in place.
        self.tokens = tokens.into_iter().map_while(|_| None).collect();
        kind
    }

    fn push_read(&mut self, text: &str, tokens: &[Spaced], out: &mut String) -> NeutralKind {
        let start = out.len();
        let reads = std::mem::take(&mut self.reads);
        let (may_lose, reads) = reader::rewrite(tokens, reads, &mut Sentences::new(out, &mut self.open));
        self.reads = reads;
        let plain = &out[start..];
        if !plain.chars().any(char::is_alphanumeric) {
            out.truncate(start);
            if let Some(reaction) = reaction::in_words(tokens) {
                out.push_str(reaction);
                return NeutralKind::Reaction;
            }
        } else if plain == text {
            return NeutralKind::Plain;
        } else if may_lose
            && content::may_have_lost(tokens, plain)
            && content::recall(tokens, plain) < MIN_CONTENT_RECALL
        {
            out.truncate(start);
        } else {
            return NeutralKind::Rewritten;
        }
        for (at, word) in text.split_whitespace().enumerate() {
            if at > 0 {
                out.push(' ');
            }
            out.push_str(word);
        }
        NeutralKind::Unchanged
    }
}

#[cfg(test)]
mod tests;
