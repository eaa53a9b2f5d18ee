//! Corners of two streets.

use super::word::{Gap, Word};
use super::words;

/// "the corner of 12 Elm Street and Oak Road": the end with the second street, and whether the words before `first`
/// say that there is one.
pub(super) fn of(words: &[Word], first: usize, end: usize) -> (usize, bool) {
    let before = |back: usize| first.checked_sub(back).map_or("", |at| words[at].lower.as_ref());
    if before(1) != "of" || before(2) != "corner" {
        return (end, false);
    }
    if words.get(end).is_none_or(|and| and.lower != "and" || and.gap != Gap::Space) {
        return (end, before(3) == "the");
    }
    let near = words[end + 1..]
        .iter()
        .take(5)
        .take_while(|word| word.gap == Gap::Space && !words::is_never_a_name(&word.lower));
    let named = near.clone().take_while(|word| word.capital || word.digits > 0 || word.is_street_word()).count();
    // "oak road"
    let count = near.take(4).position(Word::is_street_word).map_or(named, |last| named.max(last + 1));
    // "ten Pas Pass": the number may be spelled out.
    let spelled = count == 0
        && words[end + 1..].iter().skip(1).take(2).all(|word| word.gap == Gap::Space && word.capital)
        && words.len() > end + 2;
    let count = if spelled { 3.min(words.len() - end - 1) } else { count };
    (if count > 0 { end + 1 + count } else { end }, before(3) == "the")
}
