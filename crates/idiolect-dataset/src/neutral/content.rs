//! How much of what was said survives in other words.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::token::{self, Spaced, Token};
use super::vocabulary::{self, lowered};
use super::word_sets::FUNCTION;
use super::{elongation, filler};

/// The share of the content words of `said` that `within` has too, 0.0 to 1.0; 1.0 if there are none.
///
/// Content words have three letters or more, are no function words, no laughter and nothing that the chat
/// lexicon reads differently; stretched letters, case and apostrophes make no difference.
pub fn content_recall(said: &str, within: &str) -> f64 {
    recall(&token::split(said), within)
}

/// As [`content_recall`], of a text that is cut already.
pub(super) fn recall(said: &[Spaced], within: &str) -> f64 {
    let tokens = token::split(within);
    let there: FxHashSet<Cow<str>> = words(&tokens).flat_map(forms).collect();
    let (mut found, mut total) = (0u32, 0u32);
    for word in words(said).filter(|word| is_content(word)) {
        total += 1;
        found += u32::from(forms(word).any(|form| there.contains(&form)));
    }
    if total == 0 { 1.0 } else { f64::from(found) / f64::from(total) }
}

/// A quick look before the exact measure: whether a content word of `tokens` cannot be seen in `plain`.
pub(super) fn may_have_lost(tokens: &[Spaced], plain: &str) -> bool {
    /// Words without content that are not seen: each has all that is left gone through.
    const MOST_UNSEEN: usize = 32;
    let plain = plain.as_bytes();
    let (mut from, mut unseen) = (0, 0);
    // Words keep their order, so each is looked for behind the one before.
    tokens.iter().any(|spaced| {
        let Token::Word(word) = spaced.token else { return false };
        if word.len() < 3 {
            return false;
        }
        match find_ignoring_case(&plain[from..], word.as_bytes()) {
            Some(at) => {
                from += at + word.len();
                false
            }
            None => {
                unseen += 1;
                unseen > MOST_UNSEEN || is_content(&lowered(word))
            }
        }
    })
}

fn find_ignoring_case(within: &[u8], word: &[u8]) -> Option<usize> {
    let first = word[0].to_ascii_lowercase();
    let starts =
        (0..(within.len() + 1).saturating_sub(word.len())).filter(|&at| within[at].to_ascii_lowercase() == first);
    starts.into_iter().find(|&at| within[at..at + word.len()].eq_ignore_ascii_case(word))
}

fn words<'a>(tokens: &[Spaced<'a>]) -> impl Iterator<Item = Cow<'a, str>> {
    tokens.iter().filter_map(|spaced| match spaced.token {
        Token::Word(word) => Some(lowered(word)),
        Token::Held(held) => Some(Cow::Owned(held.to_lowercase())),
        _ => None,
    })
}

/// The word without its apostrophes, as it is and with stretched letters collapsed.
fn forms(word: Cow<str>) -> impl Iterator<Item = Cow<str>> {
    let word = if word.contains('\'') { Cow::Owned(word.replace('\'', "")) } else { word };
    let collapsed = elongation::collapsed(&word).map(Cow::Owned);
    [Some(word), collapsed].into_iter().flatten()
}

/// Whether the lower-case `word` carries content.
pub(super) fn is_content(word: &str) -> bool {
    let collapsed = elongation::collapsed(word);
    let word = collapsed.as_deref().unwrap_or(word);
    let known = vocabulary::word(word);
    let same = known.plain.is_none_or(|plain| plain.to_lowercase() == word);
    let function = known.sets & FUNCTION != 0;
    word.chars().count() >= 3
        && same
        && filler::behind_laughter(word).is_none()
        && !filler::is_laughter(word)
        && !filler::is_humming(word)
        && !function
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

    #[test]
    fn the_quick_look_misses_no_loss() {
        let lost = |said: &str, plain: &str| may_have_lost(&token::split(said), plain);
        assert!(!lost("bring the UMBRELLA", "Bring the umbrella."));
        assert!(lost("bring the umbrella", "Bring the bag."));
        assert!(lost("umbrella", ""));
    }
}
