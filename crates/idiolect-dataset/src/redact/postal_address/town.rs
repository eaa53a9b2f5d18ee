//! A town right behind its street, without the comma: "12 George St Parramatta", "5 Elm Road Milton Keynes at 5".

use super::word::{Gap, Word};
use super::words::*;
use crate::word_set::word_set;

/// The longest name of a town, in words.
const NAME_WORDS: usize = 2;

word_set! {
    /// Small words behind a town; before any other, capitals begin a sentence: "12 Elm Street Hope you come".
    goes_on:
    "at" "on" "by" "for" "from" "to" "in" "around" "about" "and" "or" "if" "is" "was" "tonight" "today" "tomorrow" "now" "later" "please"
    "pls" "plz" "thanks" "ok" "x" "xx" "near" "before" "after" "until" "till" "when" "with" "not" "right" "btw"
    "perto" "cerca" "vicino" "près" "neben" "gegenüber" "naast" "возле" "рядом" "около" "напротив" "через" "после" "біля" "поруч";

    /// Sentences of one word or two that people put behind an address.
    is_remark:
    "cheers" "sorry" "hurry" "love" "ring" "buzz" "bring" "knock" "park" "turn" "take" "let" "be" "cool" "great" "perfect" "yeah" "yep"
    "nope" "hey" "hello" "bye" "good" "got" "text" "thx" "ta" "ty" "xo" "xoxo" "wow" "omg" "is" "sure" "nice" "see" "just" "dinner"
    "lunch" "breakfast" "party" "drinks" "mate" "bro" "babe" "hun" "mum" "mom" "dad";
}

/// The end of the town's name that follows the street that ends before `at`; `at` where none does.
pub(super) fn behind(text: &str, words: &[Word], at: usize) -> usize {
    let directed = at >= 2 && is_direction(&words[at - 1].lower);
    let street = &words[at - 1 - usize::from(directed)];
    // Where all is written in capitals they tell no names.
    if !street.is_street_word() || street.upper {
        return at;
    }
    let is_name = |(offset, word): &(usize, &Word)| {
        let joined = word.gap == Gap::Space && &text[words[at + offset - 1].range.end..word.range.start] == " ";
        joined && word.capital && !word.upper && word.digits == 0 && word.letters >= 3
    };
    let ordinary = |word: &Word| {
        is_never_a_name(&word.lower) || is_calendar(&word.lower) || is_flat(&word.lower) || is_remark(&word.lower)
    };
    let name = words[at..].iter().enumerate().take(NAME_WORDS + 1).take_while(is_name).count();
    let closed =
        words.get(at + name).is_none_or(|next| next.gap != Gap::Space || next.digits > 0 || goes_on(&next.lower));
    let town = (1..=NAME_WORDS).contains(&name) && closed && !words[at..at + name].iter().any(ordinary);
    if town { at + name } else { at }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn towns_belong_to_the_street_before_them() {
        for (text, address) in [
            ("im at 12 George St Parramatta", "12 George St Parramatta"),
            ("5 Elm Road Leeds at 5", "5 Elm Road Leeds"),
            ("send it to 30 Oak Avenue Milton Keynes please", "30 Oak Avenue Milton Keynes"),
            ("12 George St North Ryde, near the park", "12 George St North Ryde"),
            ("we moved, 7 Mill Lane Otley!", "7 Mill Lane Otley"),
            ("5 Elm Road Leeds, Yorkshire ok", "5 Elm Road Leeds, Yorkshire"),
            ("8 elm rd Leeds tonight", "8 elm rd Leeds"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn sentences_behind_a_street_stay() {
        for (text, address) in [
            ("come to 12 Elm Street Hope you can", "12 Elm Street"),
            ("at 12 Elm St. Bring beer", "12 Elm St"),
            ("12 Elm Street Monday", "12 Elm Street"),
            ("12 Elm Street Thanks", "12 Elm Street"),
            ("12 Elm Street Ring Twice", "12 Elm Street"),
            ("I Live At 12 Elm Street The Blue House", "12 Elm Street"),
            ("IM AT 12 ELM STREET COME OVER", "12 ELM STREET"),
            ("12 Elm Street lol", "12 Elm Street"),
            ("12 Elm Street\nLeeds was great", "12 Elm Street\nLeeds"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }
}
