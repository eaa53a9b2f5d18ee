//! The plain reading of each word, with its neighbours in view: "ill come" and "feeling ill", "ur coat" and "ur late".

use std::borrow::Cow;

use super::token::{Mark, Spaced, Token};
use super::word_sets::*;
use super::{elongation, filler, lexicon, names};

/// A piece of the plain text to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub kind: PieceKind<'a>,
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
            Token::Word(word) => Some(PieceKind::Words(reader.reading(at, word)))
                .filter(|kind| *kind != PieceKind::Words(Cow::Borrowed(""))),
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
    shouted: bool,
}

impl<'t, 'a> Reader<'t, 'a> {
    fn new(tokens: &'t [Spaced<'a>]) -> Self {
        let lower = tokens.iter().map(|spaced| match spaced.token {
            Token::Word(word) => lowered(word),
            _ => Cow::Borrowed(""),
        });
        Self { tokens, lower: lower.collect(), shouted: is_shouted(tokens) }
    }

    /// What the word at `at` says; empty if nothing.
    fn reading(&self, at: usize, word: &'a str) -> Cow<'a, str> {
        let lower = self.lower[at].as_ref();
        if self.says_nothing(at, lower) {
            return Cow::Borrowed("");
        }
        if let Some(plain) =
            self.in_context(at, lower).or_else(|| lexicon::plain(lower)).or_else(|| names::capitalised(lower))
        {
            return Cow::Borrowed(plain);
        }
        if is_given_name(lower) {
            return Cow::Owned(with_capital(lower));
        }
        if let Some(collapsed) = elongation::collapsed(lower) {
            if filler::is_laughter(&collapsed) {
                return Cow::Borrowed("");
            }
            return match lexicon::plain(&collapsed).or_else(|| names::capitalised(&collapsed)) {
                Some(plain) => Cow::Borrowed(plain),
                None => Cow::Owned(collapsed),
            };
        }
        if self.shouted || word.contains('’') { Cow::Owned(lower.to_owned()) } else { Cow::Borrowed(word) }
    }

    /// Laughter anywhere; kisses and particles at the end of a clause; forms of address at either end.
    fn says_nothing(&self, at: usize, lower: &str) -> bool {
        if filler::is_laughter(lower) {
            return true;
        }
        let last = self.next(at).is_empty();
        let letter = lower.as_bytes()[0];
        let hum = lower.len() > 2
            && lower.bytes().all(|byte| byte == letter)
            && matches!(letter, b'o' | b'm' | b'a' | b'e' | b'h' | b'z' | b'r' | b's' | b'w');
        hum || last && filler::is_kisses(lower)
            || last
                && is_particle(lower)
                && !self.previous(at).is_empty()
                && !is_determiner(self.previous(at))
                && lower != "one"
            || last && lower == "one" && matches!(self.previous(at), "la" | "lah")
            || lower == "eh"
            || is_vocative(lower)
                && self.len() > 1
                && (last && !self.previous(at).is_empty() && !is_determiner(self.previous(at))
                    || self.starts_text(at) && !last && lower != "mate")
    }

    fn in_context(&self, at: usize, lower: &str) -> Option<&'static str> {
        let (previous, next) = (self.previous(at), self.next(at));
        let opens = previous.is_empty() || opens_clause(previous);
        Some(match lower {
            "r" if !next.is_empty() || is_subject(previous) || previous == "where" => "are",
            "n" if !next.is_empty() && !previous.is_empty() => "and",
            "y" if self.asks(at) && previous.is_empty()
                || matches!(next, "r" | "are" | "do" | "did" | "is" | "so" | "not" | "u" | "dont" | "don't") =>
            {
                "why"
            }
            "c" if matches!(next, "u" | "you" | "ya") => "see",
            "b" if matches!(
                previous,
                "will"
                    | "would"
                    | "to"
                    | "can"
                    | "cant"
                    | "can't"
                    | "ill"
                    | "i'll"
                    | "gonna"
                    | "might"
                    | "must"
                    | "wont"
                    | "won't"
                    | "should"
                    | "could"
                    | "shall"
                    | "may"
                    | "ull"
                    | "2"
            ) =>
            {
                "be"
            }
            "v" if !next.is_empty() && !previous.is_empty() => "very",
            "k" if !opens && !next.is_empty() => return None,
            "2" => return two(previous, next),
            "4" => return four(previous, next),
            "ill" if !precedes_ill(previous) && !next.is_empty() => "I'll",
            "id" if opens && (is_base_verb(next) || next == "rather") && previous != "the" => "I'd",
            "were" if opens && is_doing(next) => "we're",
            "well" if opens && is_base_verb(next) => "we'll",
            "hell" if opens && is_base_verb(next) => "he'll",
            "shell" if opens && is_base_verb(next) => "she'll",
            "shed" if is_base_verb(next) && !is_determiner(previous) => "she'd",
            "wed" if opens && (is_base_verb(next)) => "we'd",
            "its" if opens || follows_is(next) || is_doing(next) || next.is_empty() => "it's",
            "lets" if opens && !matches!(previous, "that" | "which" | "what" | "who" | "if" | "when" | "where") => {
                "let's"
            }
            "ur" if self.is_predicate(at, next) || is_doing(next) && opens => "you're",
            "ur" => "your",
            "your"
                if is_doing(next) && opens
                    || matches!(next, "welcome" | "right" | "late" | "not" | "so" | "the" | "a" | "gonna") =>
            {
                "you're"
            }
            "cause" if opens_reason(previous, next) => "because",
            "gg" if !next.is_empty() => "going",
            "ya" if matches!(previous, "" | "oh" | "ok" | "okay" | "ohh" | "and") && !is_auxiliary(next) => "yes",
            "ye" if previous.is_empty() => "yes",
            "yo" if !previous.is_empty() => "",
            "omw"
                if matches!(
                    previous,
                    "i'm"
                        | "im"
                        | "is"
                        | "are"
                        | "r"
                        | "was"
                        | "were"
                        | "still"
                        | "am"
                        | "he's"
                        | "she's"
                        | "hes"
                        | "shes"
                ) || !opens =>
            {
                "on my way"
            }
            _ if previous == "i" && lexicon::plain(lower).is_some_and(|plain| plain.starts_with("I ")) => {
                &lexicon::plain(lower)?[2..]
            }
            "dunno" | "dk" | "dno" | "dunnoo" if previous.is_empty() => "I don't know",
            "gotta"
                if matches!(
                    previous,
                    "i've" | "ive" | "you've" | "we've" | "weve" | "they've" | "she's" | "he's" | "youve"
                ) =>
            {
                "got to"
            }
            "gonna" | "gunna" if previous == "i" => "am going to",
            "til" | "till" if previous == "the" || previous == "a" => return None,
            "mins" | "min" if matches!(previous, "1" | "a" | "one") => "minute",
            "sat"
                if matches!(previous, "on" | "this" | "next" | "last" | "every" | "for" | "til" | "until" | "by")
                    || self.is_number(at + 1) =>
            {
                "Saturday"
            }
            "sun" if matches!(previous, "on" | "this" | "next" | "last" | "every" | "til" | "until") => "Sunday",
            "mon" if matches!(previous, "on" | "this" | "next" | "last" | "every" | "til" | "until" | "by") => "Monday",
            "wed" if matches!(previous, "on" | "this" | "next" | "last" | "every" | "til" | "until" | "by") => {
                "Wednesday"
            }
            "fr" if previous.is_empty() && !next.is_empty() => return None,
            "w" if next.is_empty() => return None,
            "like" if previous.is_empty() && !next.is_empty() && is_subject(next) => "",
            _ => return None,
        })
    }

    /// The word before, if no mark stands between; laughter and faces are looked through.
    fn previous(&self, at: usize) -> &str {
        for before in (0..at).rev() {
            match self.tokens[before].token {
                Token::Word(_) if filler::is_laughter(&self.lower[before]) => continue,
                Token::Word(_) => return &self.lower[before],
                Token::Held(held) => return held,
                Token::Face(_) => continue,
                _ => return "",
            }
        }
        ""
    }

    /// The word behind, likewise.
    fn next(&self, at: usize) -> &str {
        for behind in at + 1..self.tokens.len() {
            match self.tokens[behind].token {
                Token::Word(_) if filler::is_laughter(&self.lower[behind]) => continue,
                Token::Word(_) => return &self.lower[behind],
                Token::Held(held) => return held,
                Token::Face(_) => continue,
                _ => return "",
            }
        }
        ""
    }

    /// Whether `next`, the word behind `at`, says something about "you": "ur late", but "ur late train".
    fn is_predicate(&self, at: usize, next: &str) -> bool {
        if !follows_is(next) {
            return false;
        }
        let behind =
            (at + 1..self.tokens.len()).find(|&behind| self.lower[behind] == next).map_or("", |found| self.next(found));
        !is_attribute(next) || behind.is_empty() || is_connective(behind)
    }

    fn starts_text(&self, at: usize) -> bool {
        self.tokens[..at].iter().all(|spaced| matches!(spaced.token, Token::Face(_)))
    }

    /// Number of words.
    fn len(&self) -> usize {
        self.tokens.iter().filter(|spaced| matches!(spaced.token, Token::Word(_) | Token::Held(_))).count()
    }

    fn asks(&self, at: usize) -> bool {
        matches!(self.tokens.get(at + 1).map(|spaced| spaced.token), Some(Token::Mark(Mark::Question)))
    }

    fn is_number(&self, at: usize) -> bool {
        matches!(self.tokens.get(at).map(|spaced| spaced.token), Some(Token::Word(word) | Token::Held(word)) if word.starts_with(|c: char| c.is_ascii_digit()))
    }
}

/// "going 2 school", "nice 2 see u", "me 2"; "2 mins" stays.
fn two(previous: &str, next: &str) -> Option<&'static str> {
    if next.is_empty() {
        return matches!(previous, "me" | "u" | "you" | "us").then_some("too");
    }
    if next.starts_with('[') && !previous.is_empty() {
        return Some("to");
    }
    (precedes_to(previous) && !is_counted(next) && next.starts_with(|c: char| c.is_alphabetic())).then_some("to")
}

/// "4 u", "wait 4 me"; "at 4", "4 people" stay.
fn four(previous: &str, next: &str) -> Option<&'static str> {
    let counted = matches!(
        previous,
        "" | "at"
            | "by"
            | "from"
            | "til"
            | "till"
            | "until"
            | "around"
            | "of"
            | "page"
            | "no"
            | "number"
            | "all"
            | "and"
            | "or"
            | "the"
            | "to"
            | "level"
            | "room"
            | "flat"
    );
    let served = matches!(
        next,
        "u" | "you"
            | "me"
            | "my"
            | "the"
            | "a"
            | "him"
            | "her"
            | "us"
            | "them"
            | "ur"
            | "your"
            | "it"
            | "this"
            | "that"
            | "dinner"
            | "lunch"
            | "now"
            | "sure"
            | "real"
            | "free"
            | "breakfast"
    );
    (!counted && served && !precedes_number(previous)).then_some("for")
}

fn precedes_number(previous: &str) -> bool {
    previous.starts_with(|c: char| c.is_ascii_digit())
}

fn opens_reason(previous: &str, next: &str) -> bool {
    !matches!(
        previous,
        "the"
            | "a"
            | "to"
            | "will"
            | "might"
            | "can"
            | "would"
            | "could"
            | "may"
            | "this"
            | "good"
            | "lost"
            | "root"
            | "that"
    ) && (is_subject(next)
        || is_determiner(next) && next != "of"
        || matches!(
            next,
            "im" | "i'm"
                | "its"
                | "it's"
                | "there"
                | "theyre"
                | "hes"
                | "shes"
                | "ive"
                | "ill"
                | "everyone"
                | "someone"
                | "people"
                | "ppl"
                | "nobody"
                | "if"
                | "when"
        ))
        && (previous.is_empty() || !next.is_empty())
}

/// "going", "comin": what somebody is doing, not a thing.
fn is_doing(word: &str) -> bool {
    (word.len() > 4 && word.ends_with("ing") && !is_ing_noun(word))
        || matches!(word, "goin" | "comin" | "gonna" | "doin" | "havin" | "gettin" | "lookin" | "tryna" | "havng")
}

fn with_capital(lower: &str) -> String {
    let mut characters = lower.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

/// Lower case, typewriter apostrophes; copied only if something changes.
fn lowered(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(word.to_ascii_lowercase())
        } else {
            Cow::Borrowed(word)
        };
    }
    Cow::Owned(word.to_lowercase().replace('’', "'"))
}

/// Whether the message is in capitals, so that they say nothing about its words.
fn is_shouted(tokens: &[Spaced]) -> bool {
    let (mut upper, mut lower) = (0, 0);
    for spaced in tokens {
        if let Token::Word(word) = spaced.token {
            upper += word.chars().filter(|c| c.is_uppercase()).count();
            lower += word.chars().filter(|c| c.is_lowercase()).count();
        }
    }
    upper >= 5 && upper >= 4 * lower
}
