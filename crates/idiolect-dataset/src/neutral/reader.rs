//! Each word of a message read with its neighbours in view, and written as plain text.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::context::{self, Neighbours};
use super::digits::is_count;
use super::lookalike::is_greeted;
use super::sentence::Sentences;
use super::token::{Mark, Spaced, Token};
use super::vocabulary::{self, Word};
use super::word_sets::*;
use super::{content, elongation, filler, lexicon};

/// Reads every token and writes what it says; words that say nothing and faces are gone.
///
/// Whether a content word may have been lost on the way, so that a closer look is needed; and `memory`, which is empty,
/// for the next time.
pub(super) fn rewrite(
    tokens: &[Spaced],
    memory: Vec<Read<'static>>,
    out: &mut Sentences,
) -> (bool, Vec<Read<'static>>) {
    let reader = Reader::new(tokens, memory);
    let mut dropped = false;
    let mut may_lose = false;
    let last_closing = OnceCell::new();
    let is_closed = |at| {
        let closing = || tokens.iter().rposition(|spaced| spaced.token == Token::Sign(")"));
        last_closing.get_or_init(closing).is_some_and(|closing| at < closing)
    };
    for (at, spaced) in tokens.iter().enumerate() {
        // Where what stood before is left out, its space stays.
        let space = spaced.space || dropped;
        let silent = match spaced.token {
            // "i <3 u".
            Token::Face(face) if filler::is_heart(face) && reader.is_loved(at) => {
                out.push_words("love", space);
                false
            }
            // "~10" is about ten, and "~1.5x" about 1.5x.
            Token::Sign("~") if reader.is_number(at + 1) && (spaced.space || is_bracket(tokens, at)) => {
                out.push_words("about", space);
                true
            }
            Token::Sign(sign @ ("-" | "+" | "<" | ">" | "±")) if reader.is_number(at + 1) && spaced.space => {
                out.push_before(sign);
                false
            }
            // "sh*t", "5~6": part of what it stands in.
            Token::Sign(sign) if is_between(tokens, at) => {
                out.push_between(sign);
                false
            }
            // "A*", "a 5* hotel".
            Token::Sign("*") if reader.is_starred(at) => {
                out.push_between("*");
                false
            }
            Token::Face(_) | Token::Sign("*" | "~" | "_" | "^" | "|") => true,
            // "[NAME_1]'s", "the `test`s".
            Token::Word(word @ ("s" | "'s" | "’s")) if !spaced.space && ends_as(tokens, at, &[']', '`']) => {
                out.push_between(word);
                false
            }
            Token::Word(word) => {
                let reading = reader.reading(at, word);
                may_lose |= reading.may_lose;
                if !reading.text.is_empty() {
                    out.push_words(&reading.text, space);
                }
                reading.text.is_empty()
            }
            token => {
                let next = tokens.get(at + 1);
                match token {
                    Token::Sign("(") if is_closed(at) => out.open_bracket(space),
                    // "@" and "&" are English words in English alone.
                    Token::Sign(sign) if reader.foreign && sign != ")" => out.push_joined(sign, space),
                    token => write_sign(token, spaced.space, space, next, out),
                }
                false
            }
        };
        dropped = silent;
    }
    out.end(None);
    (may_lose, reader.reads.into_iter().map_while(|_| None).collect())
}

/// Writes what is no word. `spaced` is whether white space stands before it, `space` whether something left out does as
/// well; `next` is the token behind it.
fn write_sign(token: Token, spaced: bool, space: bool, next: Option<&Spaced>, out: &mut Sentences) {
    match token {
        Token::Held(held) => out.push_joined(held, space),
        // ":key" is a name, "this: that" is a mark.
        Token::Mark(Mark::Colon) if spaced && next.is_some_and(|next| !next.space) => out.push_joined(":", space),
        Token::Mark(mark) => out.push_mark(mark),
        Token::Sign("@") if spaced && next.is_some_and(|next| next.space) => out.push_words("at", space),
        Token::Sign("&") => out.push_words("and", space),
        // Never closed.
        Token::Sign("(") => {}
        Token::Sign(")") => out.close_bracket(),
        Token::Sign(sign) => out.push_joined(sign, space),
        Token::Line => out.end(None),
        Token::Word(_) | Token::Face(_) => {}
    }
}

/// Whether the sign at `at` joins what it stands between: the "&" of "R&B" and "AT&T", but not of "mum&dad"; the "*" of
/// "2*3", but not of "*really*".
fn is_between(tokens: &[Spaced], at: usize) -> bool {
    let said = |near: &Spaced| match near.token {
        Token::Word(said) | Token::Held(said) => said.len(),
        _ => 0,
    };
    let before = at.checked_sub(1).map_or(0, |before| said(&tokens[before]));
    let behind = tokens.get(at + 1).filter(|behind| !behind.space).map_or(0, said);
    let joined = !tokens[at].space && before > 0 && behind > 0;
    joined
        && match tokens[at].token {
            Token::Sign("*" | "~" | "_" | "^" | "|" | "+" | "=" | "<" | ">") => true,
            Token::Sign("&") => before.min(behind) == 1 && before.max(behind) <= 3,
            _ => false,
        }
}

/// Whether what stands before `at` is carried over and ends with one of `signs`: a placeholder, code.
fn ends_as(tokens: &[Spaced], at: usize, signs: &[char]) -> bool {
    at > 0 && matches!(tokens[at - 1].token, Token::Held(held) if held.ends_with(signs))
}

fn is_bracket(tokens: &[Spaced], at: usize) -> bool {
    at > 0 && tokens[at - 1].token == Token::Sign("(")
}

/// A token's lower-case spelling, and what is known of it.
pub(super) struct Read<'a> {
    lower: Cow<'a, str>,
    word: Word,
    /// Laughter and faces, which neighbours look through.
    silent: bool,
}

/// Whether more words of `tokens` are of other languages than of English.
pub(super) fn is_foreign(tokens: &[Spaced]) -> bool {
    Reader::new(tokens, Vec::new()).foreign
}

/// What a word says here.
struct Reading<'a> {
    text: Cow<'a, str>,
    /// A content word may be gone: only what the lexicon reads and what stays as it is cannot lose one.
    may_lose: bool,
}

impl<'a> Reading<'a> {
    fn safe(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), may_lose: false }
    }

    fn stretched(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), may_lose: true }
    }
}

/// The tokens with what is known of them.
struct Reader<'t, 'a> {
    tokens: &'t [Spaced<'a>],
    reads: Vec<Read<'a>>,
    /// The message is in capitals, so that they say nothing about its words.
    shouted: bool,
    /// More words are of other languages than of English, so its words are read as they are.
    foreign: bool,
    /// Fewer are.
    english: bool,
    /// Some word is a title, a label or initials.
    named: bool,
}

impl<'t, 'a> Reader<'t, 'a> {
    fn new(tokens: &'t [Spaced<'a>], mut reads: Vec<Read<'a>>) -> Self {
        let (mut capitals, mut seen, mut foreign) = (0, 0, 0);
        let read = |spaced: &Spaced<'a>| match spaced.token {
            Token::Word(word) => {
                let upper = if word.is_ascii() {
                    word.bytes().filter(u8::is_ascii_uppercase).count()
                } else {
                    word.chars().filter(|c| !vocabulary::is_caseless(*c) && c.is_uppercase()).count()
                };
                capitals += upper;
                let lower = if upper == 0 && word.is_ascii() { Cow::Borrowed(word) } else { vocabulary::lowered(word) };
                let lower = filler::glued_word(&lower)
                    .filter(|rest| vocabulary::word(rest) != Word::default())
                    .map(|rest| Cow::Owned(rest.to_owned()))
                    .unwrap_or(lower);
                // A face, of which "XP" is none.
                let silent = word == "xP" || filler::is_laughter(&lower);
                let word = vocabulary::word(&lower);
                seen |= word.sets;
                foreign += i32::from(word.sets & FOREIGN != 0 || is_of_other_letters(&lower))
                    - i32::from(word.sets & ENGLISH != 0);
                Read { word, silent, lower }
            }
            token => Read { lower: Cow::Borrowed(""), word: Word::default(), silent: matches!(token, Token::Face(_)) },
        };
        reads.extend(tokens.iter().map(read));
        let named = seen & (TITLE | LABEL | INITIALS) != 0;
        Self { reads, shouted: is_shouted(capitals, tokens), foreign: foreign > 0, english: foreign < 0, named, tokens }
    }

    /// What the word at `at` says; empty if nothing.
    fn reading(&self, at: usize, word: &'a str) -> Reading<'_>
    where
        'a: 't,
    {
        let read = &self.reads[at];
        let lower = read.lower.as_ref();
        let stretched = elongation::is_stretched(lower);
        if read.silent && !(lower == "ha" && self.has_verb(at)) {
            return Reading { text: Cow::Borrowed(""), may_lose: stretched };
        }
        let risky =
            |text| Reading { text: Cow::Borrowed(text), may_lose: lower.len() >= 3 && content::is_content(lower) };
        if self.foreign || self.named && self.is_name(at, word) {
            let name = read.word.plain.filter(|name| !self.foreign && name.eq_ignore_ascii_case(lower));
            return Reading::safe(name.unwrap_or(if self.shouted { lower } else { word }));
        }
        if lower.len() <= context::LONGEST {
            if filler::is_humming(lower) {
                return risky("");
            }
            let fills = read.word.sets & FILLS != 0 || lower.starts_with('x');
            let ruled = read.word.sets & HAS_RULE != 0;
            // "i idk": the subject is there already.
            let with_subject = read.word.plain.is_some_and(|plain| plain.starts_with("I "));
            if fills || ruled || with_subject {
                let neighbours = self.neighbours(at);
                if fills && says_nothing(lower, &neighbours) && !(lower == "one" && self.is_one_of_things(at)) {
                    return risky("");
                }
                if let Some(plain) = context::reading(lower, &neighbours) {
                    return risky(plain);
                }
            }
        }
        if let Some(plain) = read.word.plain {
            return Reading { text: Cow::Borrowed(plain), may_lose: stretched };
        }
        if stretched && let Some(collapsed) = elongation::collapsed(lower) {
            return match lexicon::plain(&collapsed) {
                _ if filler::is_laughter(&collapsed) => Reading::stretched(""),
                Some(plain) => Reading::stretched(plain),
                None => Reading::stretched(collapsed),
            };
        }
        if self.shouted || lower.len() < word.len() || !word.is_ascii() && word.contains('’') {
            Reading::safe(lower)
        } else {
            Reading::safe(word)
        }
    }

    /// Whether `word` at `at` is somebody's or something's name rather than what its letters say: "Dr Wont", "gate b4",
    /// "talk to HR".
    fn is_name(&self, at: usize, word: &str) -> bool {
        let initials = self.reads[at].word.sets & INITIALS != 0 && word.bytes().all(|byte| !byte.is_ascii_lowercase());
        if initials && !self.shouted {
            return true;
        }
        let Some(before) = at.checked_sub(1) else { return false };
        // "Dr. Wont".
        let stopped = self.tokens[before].token == Token::Mark(Mark::Stop);
        let before = if stopped { before.saturating_sub(1) } else { before };
        let sets = self.reads[before].word.sets;
        if sets & (TITLE | LABEL) == 0 || !self.tokens[at].space {
            return false;
        }
        // "At the dr w/ Mia".
        let held = before.checked_sub(1).is_some_and(|holder| context::is_article(self.said(holder)));
        sets & TITLE != 0 && !held
            || !stopped && context::is_label(&self.reads[before].lower, &self.reads[at].lower, self.next_said(at))
    }

    /// Whether "ha" at `at` is the verb that Italian, Spanish, Swedish and Urdu write so.
    fn has_verb(&self, at: usize) -> bool {
        let word = |near: usize| self.reads.get(near).is_some_and(|read| !read.silent && !read.lower.is_empty());
        self.foreign || !self.english && at > 0 && word(at - 1) && word(at + 1)
    }

    /// Whether the heart at `at` is a verb: what is loved follows.
    fn is_loved(&self, at: usize) -> bool {
        matches!(
            self.next_said(at),
            "u" | "you" | "ya" | "it" | "this" | "that" | "my" | "ur" | "your" | "the" | "them" | "him" | "her"
        )
    }

    /// Whether the star at `at` is a grade's and not around a word: "A*", "5*".
    fn is_starred(&self, at: usize) -> bool {
        let Some(graded) = at.checked_sub(1).filter(|_| !self.tokens[at].space) else { return false };
        let around = graded.checked_sub(1).is_some_and(|before| self.tokens[before].token == Token::Sign("*"));
        let is_grade = |said: &str| said == "A" || is_count(said);
        !around && matches!(self.tokens[graded].token, Token::Word(said) | Token::Held(said) if is_grade(said))
    }

    /// Whether a number stands at `at` and nothing before it.
    fn is_number(&self, at: usize) -> bool {
        let digits = |said: &str| said.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '$' | '£' | '€'));
        self.tokens.get(at).is_some_and(|spaced| !spaced.space && digits(self.said(at)))
    }

    /// The word right behind `at`.
    fn next_said(&self, at: usize) -> &str {
        if at + 1 < self.tokens.len() { self.said(at + 1) } else { "" }
    }

    /// Whether "one" at `at` stands for a thing ("the second one") and is no particle ("very nice one").
    fn is_one_of_things(&self, at: usize) -> bool {
        let clause = (0..at).rev().filter(|&before| !self.reads[before].silent).map(|before| self.said(before));
        let mut near = clause.take_while(|said| !said.is_empty()).take(4);
        near.any(|said| matches!(said, "a" | "an" | "the" | "my" | "your" | "ur" | "another" | "each" | "every"))
    }

    fn neighbours(&self, at: usize) -> Neighbours<'_> {
        let before = (0..at).rev().find(|&before| !self.reads[before].silent);
        let behind = self.behind(at);
        let beyond = behind.filter(|&behind| !self.said(behind).is_empty()).and_then(|behind| self.behind(behind));
        Neighbours {
            previous: before.map_or("", |before| self.said(before)),
            next: behind.map_or("", |behind| self.said(behind)),
            beyond: beyond.map_or("", |beyond| self.said(beyond)),
            starts_text: before.is_none(),
            spaced: self.tokens[at].space || matches!(self.tokens[at - 1].token, Token::Mark(_)),
            asks: behind.is_some_and(|behind| self.tokens[behind].token == Token::Mark(Mark::Question)),
        }
    }

    fn behind(&self, at: usize) -> Option<usize> {
        (at + 1..self.tokens.len()).find(|&behind| !self.reads[behind].silent)
    }

    /// The word or held piece at `at`; nothing where a mark stands.
    fn said(&self, at: usize) -> &str {
        match self.tokens[at].token {
            Token::Word(_) => &self.reads[at].lower,
            Token::Held(held) => held,
            _ => "",
        }
    }
}

/// Kisses and particles at the end of a clause, forms of address at either end.
fn says_nothing(lower: &str, near: &Neighbours) -> bool {
    let ends = near.next.is_empty();
    let after_a_word = !near.previous.is_empty() && !is_determiner(near.previous);
    // "in la" is a place.
    // "very nice one", but "I owe you one".
    let of_kind = lower != "one" || context::is_described(near.previous);
    // "love you ma" is no particle either.
    let placed = matches!(
        near.previous,
        "in" | "at" | "near" | "via" | "around" | "leave" | "leaving" | "left" | "visiting" | "visited" | "ask"
    ) || lower == "ma"
        && (is_greeted(near.previous)
            || matches!(near.previous, "you" | "u" | "thanks" | "thx" | "morning" | "night" | "birthday"));
    ends && near.spaced && filler::is_kisses(lower)
        || ends && after_a_word && !placed && of_kind && is_particle(lower)
        || is_vocative(lower)
            && (ends && after_a_word || near.starts_text && !ends && lower != "mate" && !is_told_of(near))
}

/// Whether a form of address is who the sentence is about: "bro is cooked", but "bro is it far".
fn is_told_of(near: &Neighbours) -> bool {
    let asks = is_subject(near.beyond) || is_determiner(near.beyond) || near.beyond == "there";
    is_auxiliary(near.next) && !asks
        || matches!(
            near.next,
            "thinks" | "said" | "says" | "got" | "thought" | "looks" | "needs" | "wants" | "went" | "came" | "told"
        )
}

/// Whether letters of `word` are not of the Latin alphabet as Western Europe writes it; one is but the eye of a face ("ಠ_ಠ").
fn is_of_other_letters(word: &str) -> bool {
    let others = || word.chars().filter(|&c| c > '\u{24f}' && c.is_alphabetic());
    !word.is_ascii() && (others().nth(1).is_some() || others().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}')))
}

/// Whether four letters in five, and five at least, are `capitals`.
fn is_shouted(capitals: usize, tokens: &[Spaced]) -> bool {
    let small = |spaced: &Spaced| match spaced.token {
        Token::Word(word) => word.chars().filter(|c| c.is_lowercase()).count(),
        _ => 0,
    };
    capitals >= 5 && capitals >= 4 * tokens.iter().map(small).sum::<usize>()
}
