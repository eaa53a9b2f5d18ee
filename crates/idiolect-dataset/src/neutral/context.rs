//! Words whose plain reading depends on their neighbours: "ill come" and "feeling ill", "ur coat" and "ur late".

use super::lexicon;
use super::word_sets::*;

/// The longest word that a rule here is about, in bytes.
pub(super) const LONGEST: usize = 7;

/// What stands around a word, in lower case; nothing where a mark or the text's end does.
pub(super) struct Neighbours<'a> {
    pub previous: &'a str,
    pub next: &'a str,
    /// The one behind `next`.
    pub beyond: &'a str,
    /// No word or mark stands before it.
    pub starts_text: bool,
    /// A question mark follows.
    pub asks: bool,
}

impl Neighbours<'_> {
    /// Whether a clause may begin here.
    fn opens(&self) -> bool {
        self.previous.is_empty() || opens_clause(self.previous)
    }

    fn is_alone(&self) -> bool {
        self.previous.is_empty() && self.next.is_empty()
    }

    /// Whether what follows says something about "you": "ur late", but "ur late train".
    fn is_predicated(&self) -> bool {
        follows_is(self.next) && (!is_attribute(self.next) || self.beyond.is_empty() || is_connective(self.beyond))
    }
}

/// The reading of the lower-case `word` here, if its neighbours decide it; otherwise the lexicon does.
pub(super) fn reading(word: &str, near: &Neighbours) -> Option<&'static str> {
    let (previous, next) = (near.previous, near.next);
    Some(match word {
        // One letter or digit.
        "r" if !next.is_empty() || is_subject(previous) || previous == "where" => "are",
        "n" if !next.is_empty() && !matches!(previous, "" | "a" | "an" | "the") => "and",
        "y" if previous.is_empty()
            && (near.asks || is_auxiliary(next) || is_subject(next) || matches!(next, "so" | "not")) =>
        {
            "why"
        }
        "c" if matches!(next, "u" | "you" | "ya") || precedes_be(previous) && previous != "2" && !next.is_empty() => {
            "see"
        }
        "b" if precedes_be(previous) => "be",
        "d" | "e" if precedes_the(previous) && is_thing(next) => "the",
        "v" if !next.is_empty() && !previous.is_empty() => "very",
        "w" if next.is_empty() => "w",
        "k" if !near.opens() && !next.is_empty() => "k",
        "2" => return two(near),
        "4" => return four(near),
        // Contractions without their apostrophe that are words of their own.
        "ill" if !next.is_empty() && (!precedes_ill(previous) || previous == "so" && is_base_verb(next)) => "I'll",
        "id" if is_base_verb(next) && near.opens() => "I'd",
        "were" if is_doing(next) && near.opens() => "we're",
        "well" if is_base_verb(next) && near.opens() => "we'll",
        "hell" if is_base_verb(next) && near.opens() => "he'll",
        "shell" if is_base_verb(next) && near.opens() => "she'll",
        "shed" if is_base_verb(next) && (near.opens() || !is_determiner(previous)) => "she'd",
        "wed" if is_base_verb(next) && near.opens() => "we'd",
        "its" if next.is_empty() || next.starts_with('[') || follows_is(next) || is_doing(next) || near.opens() => {
            "it's"
        }
        "lets" if previous.is_empty() || near.opens() && !is_relative(previous) => "let's",
        "ur" if near.is_predicated() || is_doing(next) && near.opens() => "you're",
        "ur" => "your",
        "your"
            if is_doing(next) && near.opens() || matches!(next, "welcome" | "not" | "so" | "the" | "a" | "gonna") =>
        {
            "you're"
        }
        // Slang with more than one reading.
        "cause" if !precedes_cause(previous) && (is_subject(next) || opens_reason(next)) => "because",
        "gg" if !next.is_empty() => "going",
        "bt" if previous.is_empty() && !is_subject(next) => "bt",
        "den" if is_determiner(previous) || previous.ends_with("'s") => "den",
        "din" if is_determiner(previous) => "din",
        "tat" if is_determiner(previous) => "tat",
        "nd" if next == "to"
            || previous == "no"
            || is_subject(previous) && !is_subject(next)
            || precedes_be(previous) =>
        {
            "need"
        }
        "tot" if !is_subject(previous) && !is_subject(next) => "tot",
        "ya" if matches!(previous, "" | "oh" | "ok" | "okay" | "ohh" | "and") && !is_auxiliary(next) => "yes",
        "ye" if previous.is_empty() => "yes",
        "yo" if !previous.is_empty() => "",
        "omw" if is_being(previous) || !near.opens() => "on my way",
        "dunno" | "dk" | "dno" if previous.is_empty() => "I don't know",
        "gotta" if is_having(previous) => "got to",
        "gonna" | "gunna" if previous == "i" => "am going to",
        "til" | "till" if matches!(previous, "the" | "a") => "till",
        "mins" | "min" if matches!(previous, "1" | "a" | "one") => "minute",
        "fr" if previous.is_empty() && !near.is_alone() => "fr",
        "like" if previous.is_empty() && is_subject(next) => "",
        // Short days, where they cannot be the words.
        "sat" if precedes_day(previous) || next.starts_with(|c: char| c.is_ascii_digit()) => "Saturday",
        "sun" if precedes_day(previous) => "Sunday",
        "mon" if precedes_day(previous) => "Monday",
        "wed" if precedes_day(previous) => "Wednesday",
        // "i idk": the subject is there already.
        _ if previous == "i" => lexicon::plain(word)?.strip_prefix("I ")?,
        _ => return None,
    })
}

/// "going 2 school", "nice 2 see u", "me 2"; "2 mins" stays.
fn two(near: &Neighbours) -> Option<&'static str> {
    if near.next.is_empty() {
        return matches!(near.previous, "me" | "u" | "you" | "us").then_some("too");
    }
    let held = near.next.starts_with('[') && !near.previous.is_empty();
    let led = precedes_to(near.previous) && !is_counted(near.next) && near.next.starts_with(char::is_alphabetic);
    (held || led).then_some("to")
}

/// "4 u", "wait 4 me"; "at 4", "4 people" stay.
fn four(near: &Neighbours) -> Option<&'static str> {
    let counts = near.previous.is_empty()
        || near.previous.starts_with(|c: char| c.is_ascii_digit())
        || precedes_four(near.previous);
    (!counts && follows_for(near.next)).then_some("for")
}

/// "in d morning", not "from d to e", "on e", "in e minor" or "by e mail".
fn is_thing(next: &str) -> bool {
    let is_word = next.len() > 1 && next.starts_with(char::is_alphabetic) && !is_connective(next);
    is_word && !matches!(next, "minor" | "major" | "flat" | "sharp" | "mail" | "coli" | "bay" | "book" | "street")
}

/// "going", "comin": what somebody is doing, not a thing.
fn is_doing(word: &str) -> bool {
    let ending = word.len() > 4 && word.ends_with("ing") && !is_ing_noun(word);
    ending || matches!(word, "goin" | "comin" | "gonna" | "doin" | "havin" | "gettin" | "lookin" | "tryna")
}

/// Words that "lets" is a verb behind: "a thing that lets you".
fn is_relative(word: &str) -> bool {
    matches!(word, "that" | "which" | "what" | "who" | "if" | "when" | "where")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reader asks here only about words of that set, so a new rule needs its word there.
    #[test]
    fn every_word_with_a_rule_is_in_the_set_of_them() {
        // Every literal of this file is a word that may have a rule, or a neighbour that one looks for.
        let literals: Vec<&str> = include_str!("context.rs").split('"').skip(1).step_by(2).collect();
        let around = [
            "", "a", "the", "u", "you", "go", "im", "going", "the", "to", "5", "[X]", "monday", "on", "i'm", "too",
            "and", "so",
        ];
        for &word in literals.iter().filter(|word| !word.is_empty() && word.len() <= LONGEST && !has_rule(word)) {
            for previous in around {
                for next in around {
                    for asks in [false, true] {
                        let near = Neighbours { previous, next, beyond: "", starts_text: previous.is_empty(), asks };
                        assert_eq!(reading(word, &near), None, "{word:?} between {previous:?} and {next:?}");
                    }
                }
            }
        }
    }
}
