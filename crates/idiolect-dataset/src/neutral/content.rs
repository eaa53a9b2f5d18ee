//! How much of what was said survives in other words.

use std::collections::HashSet;

use super::token::{self, Token};
use super::word_sets::{is_auxiliary, is_determiner, is_particle, is_question_word, is_subject, is_vocative};
use super::{elongation, filler, lexicon};

/// The share of the content words of `said` that `within` has too, 0.0 to 1.0; 1.0 if there are none.
///
/// Content words have three letters or more, are no function words, no laughter and nothing that the chat
/// lexicon reads differently; stretched letters and case make no difference.
pub fn content_recall(said: &str, within: &str) -> f64 {
    let tokens = token::split(within);
    let there: HashSet<String> = words(&tokens).flat_map(|word| forms(&word)).collect();
    let (mut found, mut total) = (0u32, 0u32);
    let tokens = token::split(said);
    for word in words(&tokens).filter(|word| is_content(word)) {
        total += 1;
        found += u32::from(forms(&word).any(|form| there.contains(&form)));
    }
    if total == 0 { 1.0 } else { f64::from(found) / f64::from(total) }
}

fn words<'a>(tokens: &'a [token::Spaced<'a>]) -> impl Iterator<Item = String> + 'a {
    tokens.iter().filter_map(|spaced| match spaced.token {
        Token::Word(word) => Some(word.to_lowercase().replace('’', "'")),
        Token::Held(held) => Some(held.to_lowercase()),
        _ => None,
    })
}

/// The word without its apostrophes, as it is and with stretched letters collapsed.
fn forms(word: &str) -> impl Iterator<Item = String> + use<> {
    let word = word.replace('\'', "");
    let collapsed = elongation::collapsed(&word);
    [Some(word), collapsed].into_iter().flatten()
}

fn is_content(word: &str) -> bool {
    let collapsed = elongation::collapsed(word);
    let word = collapsed.as_deref().unwrap_or(word);
    word.chars().count() >= 3
        && lexicon::plain(word).is_none()
        && !filler::is_laughter(word)
        && !(is_subject(word)
            || is_auxiliary(word)
            || is_determiner(word)
            || is_question_word(word)
            || is_vocative(word)
            || is_particle(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_words_are_looked_for_in_any_case_and_length() {
        assert_eq!(content_recall("soooo bring the UMBRELLA pls haha", "Please bring the umbrella."), 1.0);
        assert_eq!(content_recall("bring umbrella, towel", "Bring something."), 1.0 / 3.0);
        assert_eq!(content_recall("haha ok u", ""), 1.0, "nothing was said that could be lost");
        assert_eq!(content_recall("mail [EMAIL_1] pls", "Please mail."), 0.5);
    }
}
