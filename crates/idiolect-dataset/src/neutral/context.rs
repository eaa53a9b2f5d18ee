//! Words whose plain reading depends on their neighbours: "ill come" and "feeling ill", "ur coat" and "ur late".

use super::digits::{four, is_count, is_number, two};
use super::lexicon;
use super::lookalike;
use super::word_sets::*;
use crate::word_set::word_set;

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
    /// White space, a mark or the text's start stands before it.
    pub spaced: bool,
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

    /// Whether "its" owns the next word, of which more is said: "its battery died", not "its raining".
    fn is_owning(&self) -> bool {
        let says = is_auxiliary(self.beyond) || is_told_of_things(self.beyond);
        says && !follows_is(self.next) && !is_doing(self.next) && !is_subject(self.next) && self.next.len() > 2
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
        "r" if reads_are(near) => "are",
        "n" if !next.is_empty() && !matches!(previous, "" | "a" | "an" | "the") => "and",
        "n" if previous.is_empty() && (is_subject(next) || is_connective(next)) => "and",
        "y" if previous.is_empty()
            && (near.asks
                || is_auxiliary(next)
                || is_subject(next)
                || matches!(next, "so" | "not" | "tho" | "though")) =>
        {
            "why"
        }
        "c" if is_subject(previous) && previous != "it" => "see",
        "c" if matches!(next, "u" | "you" | "ya")
            || precedes_be(previous) && (previous != "2" || is_determiner(next)) && !next.is_empty() =>
        {
            "see"
        }
        "b" if precedes_be(previous) || matches!(previous, "dont" | "don't" | "pls" | "please") => "be",
        "b" if previous.is_empty()
            && matches!(next, "there" | "here" | "ready" | "safe" | "good" | "nice" | "quiet") =>
        {
            "be"
        }
        "d" | "e" if precedes_the(previous) && is_thing(next) => "the",
        "v" if is_us(near) => "we",
        "v" if is_attribute(next) || matches!(next, "v" | "much" | "well" | "soon") || precedes_very(previous) => {
            "very"
        }
        "w" if matches!(next, "r" | "are") && (near.opens() || is_subject(near.beyond)) => "where",
        "w" if next.is_empty() => "w",
        "w" if matches!(previous, "a" | "the" | "big" | "huge" | "massive" | "another") => "win",
        "k" if !near.opens() && !next.is_empty() || is_number(previous) || next == "pop" => "k",
        "2" => return two(near),
        "4" => return four(near),
        // Contractions without their apostrophe that are words of their own.
        "ill"
            if !next.is_empty()
                && !follows_ill(next)
                && (!precedes_ill(previous) || previous == "so" && is_base_verb(next)) =>
        {
            "I'll"
        }
        "id" if is_base_verb(next) && near.opens() => "I'd",
        "were" if is_doing(next) && near.opens() => "we're",
        "were" if !near.asks && precedes_we_are(previous) && follows_we_are(next) => "we're",
        "well" if is_base_verb(next) && !follows_oh_well(next, near.beyond) && near.opens() => "we'll",
        "hell" if is_base_verb(next) && near.opens() => "he'll",
        "shell" if is_base_verb(next) && near.opens() => "she'll",
        "shed" if is_base_verb(next) && (near.opens() || !is_determiner(previous)) => "she'd",
        "wed" if is_base_verb(next) && near.opens() => "we'd",
        "its" if near.is_owning() => "its",
        "its"
            if next.is_empty()
                || next.starts_with('[')
                || is_number(next)
                || follows_is(next)
                || is_doing(next)
                || near.opens() =>
        {
            "it's"
        }
        // "lets him go" tells of somebody else.
        "lets" if matches!(next, "him" | "her" | "them" | "me" | "us" | "you" | "u" | "it") => "lets",
        "lets" if previous.is_empty() || near.opens() && !is_relative(previous) => "let's",
        "ur" if near.is_predicated() || (is_doing(next) || next == "feeling") && near.opens() => "you're",
        "ur" => "your",
        "your"
            if is_doing(next) && near.opens() || matches!(next, "welcome" | "not" | "so" | "the" | "a" | "gonna") =>
        {
            "you're"
        }
        // Slang with more than one reading.
        "cause" if !precedes_cause(previous) && (is_subject(next) || opens_reason(next)) => "because",
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
        "aint" | "ain't" if previous.is_empty() && matches!(next, "no" | "nobody" | "nothing") => "there's",
        "aint" | "ain't" if is_subject(next) && !is_third(next) => "aren't",
        "aint" | "ain't" if previous == "i" && !is_been(next) => "am not",
        "aint" | "ain't" if is_been(next) && is_subject(previous) && !is_third(previous) => "haven't",
        "aint" | "ain't" if is_been(next) => "hasn't",
        "aint" | "ain't" if is_subject(previous) && !is_third(previous) => "aren't",
        "wtf" | "wth" if is_auxiliary(next) => "what",
        "wth" if previous.is_empty() && (next.is_empty() || matches!(next, "man" | "bro" | "dude" | "guys")) => "",
        "cuz" if matches!(previous, "my" | "ur" | "your" | "his" | "her" | "our") => "cousin",
        "cos" | "bc" if is_article(previous) || is_number(previous) => as_written(word)?,
        "b4" if matches!(previous, "the" | "a" | "in") => "b4",
        "g8" | "w8" | "l8" | "h8" | "m8" if is_article(previous) && (word, previous) != ("l8", "ur") => {
            as_written(word)?
        }
        "u2" if !next.is_empty() => "u2",
        // What is measured, and the rooms and people that initials stand for.
        // "an 18 yr old boy".
        "yr" if next == "olds" || next == "old" && !near.beyond.is_empty() && !is_connective(near.beyond) => "year",
        "hr" | "sec" | "wk" | "yr" | "mth" if is_count(previous) && previous != "1" => plural(word)?,
        "hr" if !is_number(previous) && !precedes_hour(previous) => "hr",
        "mm" if is_number(previous) => "mm",
        "hp" if is_number(previous) || matches!(next, "printer" | "laptop" | "computer" | "ink" | "sauce") => "hp",
        "er" if matches!(previous, "the" | "an" | "a") => "er",
        "ta" if is_article(previous) || is_auxiliary(next) => "ta",
        "ty" if is_auxiliary(next) || matches!(next, "said" | "says") || matches!(previous, "tell" | "ask") => "ty",
        "apt" if !is_determiner(previous) && !is_number(next) => "apt",
        "num" if next == "lock" => "num",
        "prob" if has_problem(previous) => "problem",
        "probs" if has_problem(previous) => "problems",
        "no1" if is_article(previous) => "number 1",
        "ye" if previous.is_empty() => "yes",
        "yo" if is_number(previous) && next.is_empty() => "years old",
        "yo" if is_number(previous) => "year old",
        "yo" if !previous.is_empty() => "",
        "omw" if is_being(previous) || !near.opens() => "on my way",
        "dunno" | "dk" | "dno" if previous.is_empty() => "I don't know",
        "gotta" if is_having(previous) => "got to",
        "gonna" | "gunna" if previous == "i" => "am going to",
        "til" | "till" if matches!(previous, "the" | "a") => "till",
        "mins" | "min" if matches!(previous, "1" | "a" | "one") => "minute",
        "min" if is_number(next) && !is_number(previous) => "min",
        "fr" if previous.is_empty() && !near.is_alone() && !matches!(next, "tho" | "though" | "fr") => "fr",
        "like" if previous.is_empty() && is_subject(next) => "",
        // Short days, where they cannot be the words.
        "sat" | "sun" | "mon"
            if previous == "or"
                || matches!(next, "or" | "and" | "n" | "&" | "to" | "2" | "til") && is_day(near.beyond)
                || precedes_day(previous) && previous == "for" =>
        {
            day(word)?
        }
        "sat" if precedes_day(previous) || is_number(next) && !is_subject(previous) || is_part_of_day(next) => {
            "Saturday"
        }
        "sun" if precedes_day(previous) || is_part_of_day(next) => "Sunday",
        "mon" if precedes_day(previous) || is_part_of_day(next) => "Monday",
        "wed" if precedes_day(previous) || is_part_of_day(next) => "Wednesday",
        "wed" if next == "at" && matches!(previous, "" | "u" | "you" | "there" | "till" | "until") => "Wednesday",
        // "i idk": the subject is there already.
        _ if previous == "i" => lexicon::plain(word)?.strip_prefix("I ")?,
        _ => return lookalike::reading(word, near),
    })
}

/// Whether "r" is said of what stands before it, or asks: "they r", "r u", "kids r here"; not "team r" or "pi r squared".
fn reads_are(near: &Neighbours) -> bool {
    let (previous, next) = (near.previous, near.next);
    let many = previous.len() > 3 && previous.ends_with('s') && !previous.ends_with("ss");
    is_subject(next)
        || is_subject(previous)
        || previous == "v"
        || asks_how(previous)
        || many && !next.is_empty()
        || (is_doing(next) || follows_is(next) || is_determiner(next))
            && !is_article(previous)
            && !is_base_verb(previous)
}

/// Whether the particle "one" may follow: "nice one".
pub(super) fn is_described(word: &str) -> bool {
    is_attribute(word) || is_felt(word)
}

/// Behind these "prob" is a thing: "no prob", not "is prob late".
fn has_problem(previous: &str) -> bool {
    matches!(
        previous,
        "no" | "any" | "the" | "a" | "my" | "ur" | "your" | "his" | "her" | "our" | "their" | "some" | "main"
    )
}

/// Whether "v" is who does something: "v r late", "shall v go".
fn is_us(near: &Neighbours) -> bool {
    is_auxiliary(near.next) && !matches!(near.next, "is" | "was" | "does" | "has" | "isn't" | "wasn't" | "may")
        || is_base_verb(near.next) && near.next != "like"
        || matches!(near.previous, "shall" | "can" | "will" | "should" | "did" | "do")
}

/// The word itself, of those that would be read otherwise elsewhere.
fn as_written(word: &str) -> Option<&'static str> {
    ["cos", "bc", "g8", "w8", "l8", "h8", "m8"].into_iter().find(|written| *written == word)
}

fn day(short: &str) -> Option<&'static str> {
    Some(match short {
        "sat" => "Saturday",
        "sun" => "Sunday",
        "mon" => "Monday",
        _ => return None,
    })
}

/// What "well" opens rather than "we'll": "well let me see", "well look at that".
fn follows_oh_well(next: &str, beyond: &str) -> bool {
    match next {
        "then" | "look" | "listen" | "say" | "stop" => true,
        "let" | "tell" => matches!(beyond, "me" | "us" | "him" | "her" | "them"),
        _ => false,
    }
}

fn plural(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "hr" => "hours",
        "sec" => "seconds",
        "wk" => "weeks",
        "yr" => "years",
        "mth" => "months",
        _ => return None,
    })
}

/// Whether `word` behind the thing `label` says which one: "gate b4", "vitamin u"; not "which bus u on" or "which plan r u on".
pub(super) fn is_label(label: &str, word: &str, next: &str) -> bool {
    match word {
        "n" => false,
        "u" => matches!(label, "vitamin" | "vit" | "letter" | "size") && !is_base_verb(next),
        "r" => !is_subject(next),
        _ => word.len() == 1 && !is_number(word) || word.len() == 2 && word.contains(|c: char| c.is_ascii_digit()),
    }
}

/// "in d morning", not "from d to e", "on e", "in e minor" or "by e mail".
fn is_thing(next: &str) -> bool {
    let is_word = next.len() > 1 && next.starts_with(char::is_alphabetic) && !is_connective(next);
    is_word && !matches!(next, "minor" | "major" | "flat" | "sharp" | "mail" | "coli" | "bay" | "book" | "street")
}

/// "going", "comin": what somebody is doing, not a thing.
fn is_doing(word: &str) -> bool {
    let ending = word.len() > 4 && word.ends_with("ing") && !is_ing_noun(word);
    let clipped =
        word.len() > 3 && word.ends_with("in") && lexicon::plain(word).is_some_and(|plain| plain.ends_with("ing"));
    ending || clipped || matches!(word, "doin" | "gonna" | "tryna")
}

/// Words that "lets" is a verb behind: "a thing that lets you".
fn is_relative(word: &str) -> bool {
    matches!(word, "that" | "which" | "what" | "who" | "if" | "when" | "where")
}

word_set! {
    /// Behind these "v" is "very", and "2" before a feeling "too".
    precedes_very:
    "i'm" "im" "is" "are" "r" "was" "were" "it's" "its" "that's" "thats" "he's" "hes" "she's" "shes" "ur" "u're" "you're" "feel" "feeling" "look" "looks"
    "a" "an" "v" "be" "been" "way" "getting" "got" "get" "am" "far" "bit";

    /// What is too much of something.
    is_felt:
    "late" "early" "cold" "hot" "warm" "long" "tired" "old" "young" "busy" "lazy" "expensive" "big" "small" "hard" "easy" "bad" "good" "soon" "far" "full" "drunk" "loud" "slow" "fast" "weak"
    "sick" "dark" "sad" "nice" "cute" "kind" "sweet" "funny" "short" "heavy" "tight" "cheap" "high" "low" "deep" "stupid" "dumb" "shy" "scared" "proud" "stressed" "hungry"
    "excited" "mean" "rude" "strong" "close" "difficult" "quick";

    /// Behind "ill" these say that somebody is, and whom or since when.
    follows_ill: "with" "since" "for" "at" "and" "or" "but" "all" "as" "rn" "tho" "though" "af" "lately" "because" "cos" "bc" "from" "in" "today" "yesterday" "again" "health" "people" "patients" "patient" "man" "woman" "child" "children" "wind" "fortune" "effects" "so" "too" "now" "this" "last";

    /// Behind these a clause begins that "were" opens as "we're".
    precedes_we_are:
    "" "sorry" "yes" "yeah" "yep" "no" "nah" "ok" "okay" "lol" "haha" "so" "because" "bc" "cos" "cuz" "coz" "think" "hope" "guess" "says" "said" "oh" "hey" "hi" "wow" "omg" "if" "btw" "well";

    /// Before these, too.
    follows_we_are:
    "not" "so" "late" "home" "here" "done" "out" "ready" "nearly" "almost" "still" "just" "back" "closed" "lost" "good" "fine" "ok" "okay" "at" "in" "on" "off" "too" "very" "really" "never" "always"
    "already" "only" "also" "gonna" "outside" "engaged" "pregnant" "married" "stuck" "early" "full" "leaving" "free" "busy" "both" "fully" "sold";

    /// Forms of verbs behind which "ain't" is "haven't".
    is_been: "got" "been" "seen" "done" "had" "heard" "gone" "eaten" "finished" "slept" "met" "read" "tried";

    is_third: "he" "she" "it";

    is_article: "the" "a" "an" "my" "your" "ur" "his" "her" "our" "their" "this" "that";

    /// Question words, in chat spelling too.
    asks_how: "where" "what" "how" "when" "who" "why" "which" "wat" "wot" "wut" "hw" "wen" "whr" "wher" "wheres" "y" "these" "those" "there" "here" "people" "ppl" "guys" "all" "both" "some";

    precedes_hour: "an" "half" "per" "the" "last" "next" "every" "each" "one" "this" "rush" "happy" "lunch" "another" "a";

    is_day: "mon" "tue" "tues" "wed" "weds" "thu" "thurs" "fri" "sat" "sun" "monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday";

    is_part_of_day: "arvo" "morning" "mornin" "afternoon" "evening" "night" "nite";

    /// What things of somebody's do: "its battery died".
    is_told_of_things: "died" "broke" "fell" "looks" "looked" "hurts" "hurt" "smells" "smelled" "leaks" "leaked" "says" "said" "went" "came" "got" "needs" "needed" "keeps" "kept" "works" "worked" "stopped";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reader asks here only about words of that set, so a new rule needs its word there.
    #[test]
    fn every_word_with_a_rule_is_in_the_set_of_them() {
        // Every literal of these files is a word that may have a rule, or a neighbour that one looks for.
        let literals: Vec<&str> = [include_str!("context.rs"), include_str!("lookalike.rs")]
            .into_iter()
            .flat_map(|file| file.split('"').skip(1).step_by(2))
            .collect();
        let around = [
            "", "a", "the", "u", "you", "go", "im", "going", "the", "to", "5", "[X]", "monday", "on", "i'm", "too",
            "and", "so",
        ];
        for &word in literals.iter().filter(|word| !word.is_empty() && word.len() <= LONGEST && !has_rule(word)) {
            for previous in around {
                for next in around {
                    for asks in [false, true] {
                        let near = Neighbours {
                            previous,
                            next,
                            beyond: "",
                            starts_text: previous.is_empty(),
                            spaced: true,
                            asks,
                        };
                        assert_eq!(reading(word, &near), None, "{word:?} between {previous:?} and {next:?}");
                    }
                }
            }
        }
    }
}
