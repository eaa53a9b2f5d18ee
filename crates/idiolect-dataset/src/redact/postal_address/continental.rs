//! Streets as they are written where the number comes last, or the word for "street" first: "Musterstraße 12, 10115 Berlin",
//! "31 rue de la Paix", "Calle Mayor 12, 28013 Madrid".

use super::word::{Gap, Word};
use super::words::*;

/// The longest name of a street or town, in words.
const NAME_WORDS: usize = 6;

/// The end of such a street that starts at `at`, its postcode and town included.
pub(super) fn street(words: &[Word], at: usize) -> Option<usize> {
    let (end, sure) = number_first(words, at).or_else(|| number_last(words, at))?;
    match postcode_and_town(words, end) {
        Some(town) => Some(town),
        None => sure.then_some(end),
    }
}

/// "31 rue de la Paix", "24, boulevard Saint-Michel".
fn number_first(words: &[Word], at: usize) -> Option<(usize, bool)> {
    let start = words.get(at + 1).filter(|start| start.gap <= Gap::Comma && is_street_start(&start.lower))?;
    if !words[at].is_house_number() || start.gap == Gap::Comma && is_never_a_name(&start.lower) {
        return None;
    }
    words.get(at + 2).filter(|name| name.gap == Gap::Space)?;
    name_end(words, at + 2).map(|end| (end, true))
}

/// "Musterstraße 12" and "Calle Mayor 12", which are sure, and "Am Markt 3", which a postcode has to follow.
fn number_last(words: &[Word], at: usize) -> Option<(usize, bool)> {
    let first = &words[at];
    let is_house = |word: &Word| word.gap == Gap::Space && word.is_house_number() && word.digits <= 4;
    if !first.capital {
        return None;
    }
    if has_street_suffix(&first.lower) {
        return words.get(at + 1).is_some_and(is_house).then_some((at + 2, true));
    }
    let end = name_end(words, at).filter(|&end| end > at + 1 && words.get(end).is_some_and(is_house))?;
    // "Via Changi 5" may be the way that somebody takes.
    Some((end + 1, is_street_start(&first.lower) && first.lower != "via"))
}

/// The end of the capitalised words from `at` on, with the small words between them.
fn name_end(words: &[Word], at: usize) -> Option<usize> {
    let joined = |(offset, word): &(usize, &Word)| {
        (*offset == 0 || word.gap == Gap::Space)
            && (word.capital && (*offset > 0 || !is_never_a_name(&word.lower) || word.lower == "am")
                || joins(&word.lower))
    };
    let count = words.get(at..)?.iter().enumerate().take(NAME_WORDS).take_while(joined).count();
    (count > 0 && words[at + count - 1].capital).then_some(at + count)
}

fn joins(lower: &str) -> bool {
    matches!(lower, "de" | "la" | "le" | "du" | "des" | "del" | "da" | "do" | "dos" | "di" | "der" | "den")
}

/// "10115 Berlin", "1015 CJ Amsterdam", "111 43 Stockholm".
fn postcode_and_town(words: &[Word], at: usize) -> Option<usize> {
    let code = words.get(at).filter(|code| code.gap != Gap::Break && code.is_number())?;
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space)?;
    let town = match code.digits {
        4 if next.upper && next.letters == 2 && next.digits == 0 => at + 2,
        3 if next.is_number() && next.digits == 2 => at + 2,
        4 | 5 => at + 1,
        _ => return None,
    };
    let names = words.get(town..)?.iter().take(3);
    let names =
        names.take_while(|word| word.gap == Gap::Space && word.capital && !is_never_a_name(&word.lower)).count();
    (names > 0).then_some(town + names)
}
