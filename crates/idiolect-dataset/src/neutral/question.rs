//! Whether a sentence without a mark asks something.

use super::word_sets::{OPENS_QUESTION, is_auxiliary, is_question_word, is_subject};
use super::{lexicon, vocabulary};

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
        return contracted
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
        return asked || !matches!(word, "do" | "have" | "don't" | "had");
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
    ) && (word != "want" || !third.is_empty())
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
            "",
        ] {
            assert!(!asks(other), "{other}");
        }
    }
}
