//! Each word of a message read with its neighbours in view, and the pieces of plain text that this gives.

use std::borrow::Cow;

use super::context::{self, Neighbours};
use super::token::{Mark, Spaced, Token};
use super::word_sets::*;
use super::{elongation, filler, lexicon};

/// A piece of the plain text to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub kind: PieceKind<'a>,
    /// White space stands before it, or something that was left out.
    pub space: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PieceKind<'a> {
    Words(Cow<'a, str>),
    Held(&'a str),
    Mark(Mark),
    Sign(&'a str),
    Line,
}

/// Reads every token; words that say nothing and faces are gone.
pub(super) fn rewrite<'a>(tokens: &[Spaced<'a>]) -> Vec<Piece<'a>> {
    let reader = Reader::new(tokens);
    let mut pieces: Vec<Piece> = Vec::with_capacity(tokens.len());
    let mut dropped = false;
    for (at, spaced) in tokens.iter().enumerate() {
        let kind = match spaced.token {
            Token::Word(word) => Some(reader.reading(at, word)).filter(|word| !word.is_empty()).map(PieceKind::Words),
            Token::Held(held) => Some(PieceKind::Held(held)),
            // ":key" is a name, "this: that" is a mark.
            Token::Mark(Mark::Colon) if spaced.space && tokens.get(at + 1).is_some_and(|next| !next.space) => {
                Some(PieceKind::Sign(":"))
            }
            Token::Mark(mark) => Some(PieceKind::Mark(mark)),
            Token::Sign("@") if spaced.space => Some(PieceKind::Words(Cow::Borrowed("at"))),
            Token::Sign("&") => Some(PieceKind::Words(Cow::Borrowed("and"))),
            Token::Sign("*" | "~" | "_" | "^" | "|") | Token::Face(_) => None,
            Token::Sign(sign) => Some(PieceKind::Sign(sign)),
            Token::Line => Some(PieceKind::Line),
        };
        match kind {
            Some(kind) => pieces.push(Piece { kind, space: spaced.space || std::mem::take(&mut dropped) }),
            None => dropped = true,
        }
    }
    pieces
}

/// The tokens with their lower-case spellings.
struct Reader<'t, 'a> {
    tokens: &'t [Spaced<'a>],
    lower: Vec<Cow<'a, str>>,
    /// Laughter and faces, which neighbours look through.
    silent: Vec<bool>,
    /// The message is in capitals, so that they say nothing about its words.
    shouted: bool,
}

impl<'t, 'a> Reader<'t, 'a> {
    fn new(tokens: &'t [Spaced<'a>]) -> Self {
        let lower: Vec<Cow<str>> = tokens.iter().map(|spaced| lowered(spaced.token)).collect();
        let silent = tokens.iter().zip(&lower).map(|(spaced, lower)| match spaced.token {
            Token::Word(_) => filler::is_laughter(lower),
            token => matches!(token, Token::Face(_)),
        });
        Self { silent: silent.collect(), shouted: is_shouted(tokens), tokens, lower }
    }

    /// What the word at `at` says; empty if nothing.
    fn reading(&self, at: usize, word: &'a str) -> Cow<'a, str> {
        let lower = self.lower[at].as_ref();
        if self.silent[at] {
            return Cow::Borrowed("");
        }
        if lower.len() <= context::LONGEST {
            let neighbours = self.neighbours(at);
            if self.says_nothing(lower, &neighbours) && !(lower == "one" && self.is_one_of_things(at)) {
                return Cow::Borrowed("");
            }
            if let Some(plain) = context::reading(lower, &neighbours) {
                return Cow::Borrowed(plain);
            }
        }
        if let Some(plain) = lexicon::plain(lower) {
            return Cow::Borrowed(plain);
        }
        if let Some(collapsed) = elongation::collapsed(lower) {
            return match lexicon::plain(&collapsed) {
                _ if filler::is_laughter(&collapsed) => Cow::Borrowed(""),
                Some(plain) => Cow::Borrowed(plain),
                None => Cow::Owned(collapsed),
            };
        }
        if self.shouted || word.contains('’') { Cow::Owned(lower.to_owned()) } else { Cow::Borrowed(word) }
    }

    /// Kisses and particles at the end of a clause, forms of address at either end, humming anywhere.
    fn says_nothing(&self, lower: &str, near: &Neighbours) -> bool {
        let ends = near.next.is_empty();
        let after_a_word = !near.previous.is_empty() && !is_determiner(near.previous);
        filler::is_humming(lower)
            || ends && filler::is_kisses(lower)
            || ends && after_a_word && is_particle(lower)
            || is_vocative(lower) && (ends && after_a_word || near.starts_text && !ends && lower != "mate")
    }

    /// Whether "one" at `at` stands for a thing ("the second one") and is no particle ("very nice one").
    fn is_one_of_things(&self, at: usize) -> bool {
        let clause = (0..at).rev().filter(|&before| !self.silent[before]).map(|before| self.said(before));
        let mut near = clause.take_while(|said| !said.is_empty()).take(4);
        near.any(|said| matches!(said, "a" | "an" | "the" | "my" | "your" | "ur" | "another" | "each" | "every"))
    }

    fn neighbours(&self, at: usize) -> Neighbours<'_> {
        let before = (0..at).rev().find(|&before| !self.silent[before]);
        let behind = self.behind(at);
        let beyond = behind.filter(|&behind| !self.said(behind).is_empty()).and_then(|behind| self.behind(behind));
        Neighbours {
            previous: before.map_or("", |before| self.said(before)),
            next: behind.map_or("", |behind| self.said(behind)),
            beyond: beyond.map_or("", |beyond| self.said(beyond)),
            starts_text: before.is_none(),
            asks: behind.is_some_and(|behind| self.tokens[behind].token == Token::Mark(Mark::Question)),
        }
    }

    fn behind(&self, at: usize) -> Option<usize> {
        (at + 1..self.tokens.len()).find(|&behind| !self.silent[behind])
    }

    /// The word or held piece at `at`; nothing where a mark stands.
    fn said(&self, at: usize) -> &str {
        match self.tokens[at].token {
            Token::Word(_) => &self.lower[at],
            Token::Held(held) => held,
            _ => "",
        }
    }
}

/// Lower case with typewriter apostrophes; copied only if something changes.
fn lowered(token: Token<'_>) -> Cow<'_, str> {
    match token {
        Token::Word(word) if !word.is_ascii() => Cow::Owned(word.to_lowercase().replace('’', "'")),
        Token::Word(word) if word.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            Cow::Owned(word.to_ascii_lowercase())
        }
        Token::Word(word) => Cow::Borrowed(word),
        _ => Cow::Borrowed(""),
    }
}

/// Whether four letters in five, and five at least, are capitals.
fn is_shouted(tokens: &[Spaced]) -> bool {
    let (mut upper, mut lower) = (0, 0);
    for spaced in tokens {
        if let Token::Word(word) = spaced.token {
            if word.is_ascii() {
                let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
                upper += capitals;
                lower += word.bytes().filter(u8::is_ascii_lowercase).count();
            } else {
                upper += word.chars().filter(|c| c.is_uppercase()).count();
                lower += word.chars().filter(|c| c.is_lowercase()).count();
            }
        }
    }
    upper >= 5 && upper >= 4 * lower
}
