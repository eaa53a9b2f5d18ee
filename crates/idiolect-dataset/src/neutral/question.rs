//! Whether a sentence without a mark asks something.

use super::word_sets::{OPENS_QUESTION, is_auxiliary, is_base_verb, is_question_word, is_subject};
use super::{lexicon, vocabulary};
use crate::word_set::word_set;

/// In characters.
const LOOKED_AT: usize = 64;

/// Judged by the order of the first words alone: "where are you", "are you free", "what time is it".
pub(super) fn asks(sentence: &str) -> bool {
    if !may_ask(sentence) {
        return false;
    }
    // Four words at most are looked at, after the words that lead in.
    let start: String = sentence.chars().take(LOOKED_AT).flat_map(char::to_lowercase).collect();
    let mut words = start.split(' ').map(trimmed);
    let mut word = words.next().unwrap_or_default();
    while leads_in(word) {
        word = words.next().unwrap_or_default();
    }
    if !opens_question(word) {
        return false;
    }
    let (second, third) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let rest = words;
    let someone = |word: &str| {
        is_subject(word)
            || matches!(
                word,
                "this"
                    | "that"
                    | "there"
                    | "the"
                    | "your"
                    | "my"
                    | "everyone"
                    | "anyone"
                    | "we"
                    | "these"
                    | "those"
                    | "everything"
                    | "everybody"
                    | "anything"
                    | "anybody"
                    | "someone"
                    | "somebody"
                    | "his"
                    | "her"
                    | "our"
                    | "their"
                    | "mum"
                    | "mom"
                    | "dad"
            )
            || lexicon::is_name(word)
    };
    if is_question_word(word) {
        let contracted = word.ends_with("'s") && !second.is_empty();
        // "what you doing", "where you at".
        let doing = is_subject(second)
            && matches!(word, "what" | "where" | "who" | "how" | "why")
            && (third.len() > 4 && third.ends_with("ing")
                || matches!(third, "at" | "with" | "up" | "been" | "from" | "so" | "not"));
        return contracted
            || doing
            || is_auxiliary(second)
                && word != "when"
                && word != "why"
                && (someone(third) || matches!(word, "what" | "who" | "how") && !third.is_empty() && second != "a")
            || is_auxiliary(second) && someone(third)
            // "who told you", "which one should I get", "whose jacket is this"; not "which is why".
            || word == "who" && !is_subject(second) && !second.is_empty()
            || matches!(word, "which" | "whose" | "what")
                && !(is_auxiliary(second) || is_subject(second) || matches!(second, "a" | "matters" | "happened"))
                && is_auxiliary(third)
            || matches!(
                (word, second),
                ("what", "about" | "time" | "day" | "kind" | "else" | "happened" | "happens" | "now" | "next")
                    | ("how", "about" | "much" | "many" | "long" | "come" | "far")
            )
            || second.is_empty() && matches!(word, "why" | "when" | "where" | "who" | "how" | "what")
            || word == "why" && matches!(second, "not" | "though");
    }
    if is_auxiliary(word) && someone(second) {
        // "Do this" and "have that" are requests.
        let asked = is_subject(second) && word != "had" && !(second == "it" && matches!(word, "do" | "have" | "don't"));
        return (asked || !matches!(word, "do" | "have" | "don't" | "had")) && !tells(word, second, third, rest);
    }
    if word == "you" {
        // "u alright", but "you good people".
        match (second, third) {
            ("good" | "well", "") => return true,
            ("all", "right") if rest.clone().next().is_none() => return true,
            _ => {}
        }
    }
    matches!(
        (word, second),
        ("you", "free" | "there" | "coming" | "around" | "okay" | "home" | "up" | "in" | "going")
            | ("want", "to")
            | ("need", "anything")
            | ("any", "idea" | "ideas" | "chance" | "news" | "plans" | "thoughts" | "luck")
            | (
                "anyone" | "anybody",
                "want"
                    | "need"
                    | "know"
                    | "have"
                    | "free"
                    | "coming"
                    | "seen"
                    | "got"
                    | "else"
                    | "home"
                    | "there"
                    | "up"
                    | "going"
            )
    ) && (word != "want" || !third.is_empty() && !is_longing(third, rest.clone().next()))
        && !(word == "you"
            && third == "to"
            && rest.clone().next().is_some_and(|verb| matches!(verb, "be" | "love" | "hate" | "regret")))
}

/// Whether who does it is left out, so that nothing is asked: "did the dishes", "was my fault", "did it".
fn tells<'w>(word: &str, second: &str, third: &str, mut rest: impl Iterator<Item = &'w str>) -> bool {
    let is_verb = |word: &str| is_base_verb(word) || is_asked_verb(word);
    let owned = matches!(second, "the" | "my" | "your" | "his" | "her" | "our" | "their" | "these" | "those");
    match word {
        "did" | "does" | "didn't" | "doesn't" if owned => !rest.any(is_verb),
        "did" | "does" | "didn't" | "doesn't" if matches!(second, "it" | "that" | "this") => {
            let not_yet =
                !matches!(third, "not" | "ever" | "even" | "really" | "actually" | "all" | "also" | "just" | "still");
            not_yet && !is_verb(third)
        }
        // "is the shop open", but "is my favourite" and "was the best day ever".
        "don't" => matches!(third, "dare" | "worry" | "forget" | "start" | "ever" | "touch"),
        "is" | "was" | "isn't" | "wasn't" | "has" if owned => {
            rest.next().is_none()
                || third.len() > 4 && third.ends_with("est")
                || matches!(third, "best" | "only" | "one" | "most" | "fault")
        }
        _ => false,
    }
}

/// Whether somebody wants to `verb`, rather than asks others to: "wanna cry", "wanna go home".
fn is_longing(verb: &str, next: Option<&str>) -> bool {
    matches!(verb, "cry" | "die" | "sleep" | "scream" | "quit" | "puke" | "kill" | "sob" | "nap" | "punch" | "be")
        || verb == "go" && matches!(next, Some("home" | "bed" | "back"))
}

word_set! {
    /// Verbs that are asked about and that no other rule asks for.
    is_asked_verb: "arrive" "hurt" "land" "fit" "happen" "cost" "taste" "smell" "sound" "matter" "mean" "seem" "break" "hit" "score" "enjoy" "agree" "mind" "cancel"
    "respond" "lie" "bite" "grow" "freeze" "fall" "guess" "notice" "snow" "rain" "count" "bother" "upset" "charge" "crash" "load" "email" "call";
}

/// A quick look at the word that decides, without copying: whether it may open a question. A long word does not.
fn may_ask(sentence: &str) -> bool {
    let mut lower = [0; 16];
    let mut end = 0;
    for word in sentence.split(' ') {
        let start = end;
        end += word.len() + 1;
        let word = trimmed(word);
        // Most scripts have no such words: a letter that is not ASCII stays one in lower case, but for these two.
        if start < LOOKED_AT && word.starts_with(|c: char| !c.is_ascii() && !matches!(c, '\u{130}' | '\u{212a}')) {
            return false;
        }
        let Some(lower) = lower.get_mut(..word.len()) else { return !word.is_ascii() };
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        let Ok(word) = std::str::from_utf8(lower) else { return true };
        if !word.is_ascii() {
            return true;
        }
        if !leads_in(word) {
            return opens_question(word);
        }
    }
    true
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'')
}

fn leads_in(word: &str) -> bool {
    matches!(word, "so" | "and" | "but" | "hey" | "hi" | "okay" | "wait" | "then" | "also" | "oh" | "well")
}

fn opens_question(word: &str) -> bool {
    vocabulary::word(word).sets & OPENS_QUESTION != 0
        || matches!(word, "you" | "want" | "need" | "any" | "anyone" | "anybody")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_words_tells_a_question() {
        for question in [
            "where are you",
            "are you free tomorrow",
            "what's that",
            "how much is it",
            "so can we go",
            "want to come",
            "what time is it",
            "why",
            "is the shop open",
            "you coming tonight",
            "anyone want soup",
            "where you at",
            "what you doing tonight",
            "did the parcel come",
            "did my new phone arrive yet",
            "did it work",
            "did that hurt",
            "does the bus stop there",
            "has the car been fixed",
            "want to get lunch",
            "was that you",
        ] {
            assert!(asks(question), "{question}");
        }
        for other in [
            "I know what you mean",
            "when I get home I will call",
            "do the dishes",
            "what a day",
            "you are late",
            "have the cake",
            "how I miss you",
            "want",
            "when it rains it pours",
            "don't you dare",
            "did it",
            "did that yesterday",
            "did the dishes",
            "did my homework finally",
            "does my head in",
            "was the best day ever",
            "was my fault",
            "is the funniest thing",
            "want to cry",
            "want to go home",
            "you going to be fine",
            "",
        ] {
            assert!(!asks(other), "{other}");
        }
    }
}
