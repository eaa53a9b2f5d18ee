//! A value among the words around it, and those that lead to it.

use std::ops::Range;

use super::super::one_time_code::is_counted;
use super::token::{Break, Token};
use super::value::Value;
use super::words::Class;

/// How many words away the word that announces a value may stand.
pub(super) const REACH: usize = 8;

/// What may be a value, among the words around it.
pub(super) struct Place<'t> {
    pub text: &'t str,
    pub tokens: &'t [Token<'t>],
    pub at: usize,
    pub value: Value,
}

/// The words that lead to a value.
#[derive(Clone, Default)]
pub(super) struct Chain {
    /// What they do, all together.
    pub said: Class,
    /// How many of them nobody knows.
    pub unknown: usize,
    pub colon: bool,
    pub comma: bool,
    /// A question or a line ends between.
    pub asked: bool,
    /// Where the word that announces the value stands.
    pub noun: Option<usize>,
    /// How many words there are that may announce one.
    pub nouns: usize,
}

impl Chain {
    pub fn says(&self, class: Class) -> bool {
        self.said.is(class)
    }

    pub fn linked(&self) -> bool {
        self.colon || self.says(Class::IS)
    }
}

impl<'t> Place<'t> {
    pub fn range(&self) -> Range<usize> {
        self.tokens[self.at].range.start..self.last().range.end
    }

    pub fn written(&self) -> &str {
        &self.text[self.range()]
    }

    pub fn last(&self) -> &Token<'_> {
        &self.tokens[self.at + self.value.tokens - 1]
    }

    pub fn before(&self, back: usize) -> Option<&Token<'_>> {
        self.at.checked_sub(back).map(|at| &self.tokens[at])
    }

    pub fn after(&self) -> &[Token<'_>] {
        let after = &self.tokens[self.at + self.value.tokens..];
        &after[..after.len().min(REACH)]
    }

    pub fn is_counted(&self) -> bool {
        is_counted(&self.text[self.range().end..])
    }

    /// Whether the sentence ends behind the value or goes on about something else.
    pub fn ends(&self) -> bool {
        let goes_on = Class::THEN
            | Class::SMALL
            | Class::KEYS
            | Class::IS
            | Class::OF
            | Class::WRITTEN
            | Class::OTHER
            | Class::HURRY
            | Class::SIDE
            | Class::TYPED
            | Class::OPENS;
        self.after().first().is_none_or(|next| next.before.ends() || next.before.comma || next.class.is(goes_on))
    }

    pub fn ends_line(&self) -> bool {
        self.after().first().is_none_or(|next| next.before.line)
    }

    pub fn leads(&self, is_so: fn(Break) -> bool) -> bool {
        is_so(self.tokens[self.at].before)
    }

    /// The words before the value as far back as the one that announces it.
    pub fn chain(&self) -> Option<Chain> {
        let (mut chain, mut near) = (Chain::default(), None::<Chain>);
        for back in 1..=REACH {
            let next = self.tokens[self.at + 1 - back].before;
            let parted = next.ends() || next.colon || next.comma;
            if next.stop && !next.line || next.ends() && chain.asked || parted && near.is_some() {
                break;
            }
            chain.asked |= next.ends();
            chain.colon |= next.colon;
            chain.comma |= next.comma;
            let Some(token) = self.before(back) else { break };
            let number = token.word.len() > 2 && token.word.bytes().any(|byte| byte.is_ascii_digit());
            let other = token.class.is(Class::OTHER) && !token.class.is(Class::SMALL | Class::THEN);
            chain.unknown += usize::from(token.class == Class::default());
            // The name of an account may be one: "portal: 2034 / …".
            let number = number && !(back == 1 && next.slash);
            if number || other || chain.unknown > 3 {
                break;
            }
            // "the wifi's sunshine1"
            if back == 1
                && token.class.is(Class::NOUN)
                && self.text[token.range.clone()].ends_with("s")
                && token.range.len() >= token.word.len() + 2
            {
                chain.said = chain.said | Class::IS;
            }
            chain.said = chain.said | token.class;
            if token.class.is(Class::NOUN) {
                chain.noun = Some(self.at - back);
                if token.class.is(Class::CODE | Class::PASSWORD | Class::PIN)
                    || token.class.is(Class::KEY) && chain.colon
                {
                    // What it opens may stand before it.
                    let opened = (back + 1..back + 3)
                        .filter_map(|back| self.before(back))
                        .find(|word| !word.class.is(Class::SMALL | Class::OF));
                    let opened = opened.filter(|word| {
                        word.class.is(Class::NOUN | Class::CHANGED | Class::TYPED | Class::SIDE) && !token.before.ends()
                    });
                    chain.said = opened.map_or(chain.said, |opened| chain.said | opened.class);
                    return Some(chain);
                }
                chain.nouns += 1;
            }
            // What stands before the noun counts only as far as it belongs to it.
            if chain.noun.is_some()
                && (near.is_none()
                    || token.class.is(Class::NOUN
                        | Class::CAME
                        | Class::ASKED
                        | Class::TYPED
                        | Class::SIDE
                        | Class::OPENS))
                && chain.unknown == near.as_ref().map_or(chain.unknown, |near| near.unknown)
            {
                near = Some(chain.clone());
            }
        }
        near
    }
}
