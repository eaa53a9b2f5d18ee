//! Whether a sentence without a mark asks something.

use super::word_sets::{is_auxiliary, is_question_word, is_subject};

/// Judged by the order of the first words alone: "where are you", "are you free", "what time is it".
pub(super) fn asks(sentence: &str) -> bool {
    // Four words at most are looked at, after the words that lead in.
    let start: String = sentence.chars().take(64).flat_map(char::to_lowercase).collect();
    let mut words = start.split(' ').map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''));
    let mut word = words.next().unwrap_or_default();
    while matches!(word, "so" | "and" | "but" | "hey" | "hi" | "okay" | "wait" | "then" | "also" | "oh" | "well") {
        word = words.next().unwrap_or_default();
    }
    if !(is_question_word(word) || is_auxiliary(word) || matches!(word, "you" | "want" | "need" | "anyone" | "anybody"))
    {
        return false;
    }
    let (second, third) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let someone = |word: &str| {
        is_subject(word)
            || matches!(
                word,
                "this" | "that" | "there" | "the" | "your" | "my" | "everyone" | "anyone" | "we" | "these" | "those"
            )
    };
    if is_question_word(word) {
        let contracted = word.ends_with("'s") && !second.is_empty();
        return contracted
            || is_auxiliary(second)
                && word != "when"
                && word != "why"
                && (someone(third) || matches!(word, "what" | "who" | "how") && !third.is_empty() && second != "a")
            || is_auxiliary(second) && someone(third)
            || matches!(
                (word, second),
                ("what", "about" | "time" | "day" | "kind" | "else")
                    | ("how", "about" | "much" | "many" | "long" | "come" | "far")
            )
            || second.is_empty() && matches!(word, "why" | "when" | "where" | "who" | "how")
            || word == "why" && second == "not";
    }
    if is_auxiliary(word) && someone(second) {
        // "Do this" and "have that" are requests.
        return is_subject(second) && word != "had" || !matches!(word, "do" | "have" | "don't" | "had");
    }
    matches!(
        (word, second),
        ("you", "free" | "there" | "coming" | "around" | "okay" | "home" | "up" | "in" | "going")
            | ("want", "to")
            | ("need", "anything")
            | ("anyone" | "anybody", "want" | "know" | "have" | "free" | "coming" | "seen" | "got" | "else")
    ) && (word != "want" || !third.is_empty())
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
