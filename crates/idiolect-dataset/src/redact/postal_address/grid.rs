//! Houses by their place in a grid of streets: Utah's and Wisconsin's numbers, Colombia's crossings, Cuba's numbered streets, and corners.

use super::anchor::named_street;
use super::announced::is_counted;
use super::continental::is_number_word_at;
use super::word::{Gap, Word};
use super::words::{is_calendar, is_direction, is_never_a_name, is_street_end};
use super::{door, roads, whole};
use crate::word_set::word_set;

word_set! {
    /// Streets that numbers are the names of, in Colombia.
    is_crossed [CROSSED]:
    "calle" "cl" "cll" "carrera" "cra" "cr" "kr" "kra" "avenida" "av" "diagonal" "dg" "transversal" "tv" "diag";
}

/// "144 S 500 E", "2901 East 3300 South": how Utah numbers its streets; "W210 N16570 Elm Ln", "N79W5406 Elm Ln": Wisconsin's houses.
pub(super) fn house(words: &[Word], at: usize) -> Option<usize> {
    let follows = |at: usize| words.get(at).filter(|word| word.gap == Gap::Space);
    let coordinate = |word: &Word| {
        let parts = word.lower.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty());
        word.capital
            && (2..=9).contains(&word.digits)
            && word.lower.starts_with(['n', 's', 'e', 'w'])
            && parts.count() == word.letters as usize
            && word.lower.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'n' | b's' | b'e' | b'w'))
    };
    let first = &words[at];
    if coordinate(first) {
        // "W344 County Road EF", "N4382 Highway 22"
        let road = (first.letters == 1 && first.digits >= 3).then(|| roads::numbered_road(words, at + 1)).flatten();
        if road.is_some() && words[at + 1].gap == Gap::Space {
            return road;
        }
        let second = follows(at + 1).filter(|second| first.letters == 1 && coordinate(second));
        let house = at + usize::from(second.is_some());
        return (second.is_some() || first.letters == 2 && first.digits >= 5)
            .then(|| named_street(words, house))
            .flatten();
    }
    let [direction, across, end] = [1, 2, 3].map(|offset| follows(at + offset));
    let straight = |word: &Word| word.is_number() && word.digits >= 2 && word.lower.ends_with('0');
    (first.is_number()
        && first.digits >= 2
        && direction.is_some_and(|word| is_direction(&word.lower))
        && across.is_some_and(straight)
        && end.is_some_and(|word| is_direction(&word.lower)))
    .then_some(at + 4)
}

/// "Calle 5 # 7-41", "Cra. 56L # 2-88 Sur": the street, and how far from which crossing, as Colombia writes it.
pub(super) fn crossing(words: &[Word], at: usize) -> Option<usize> {
    if !is_crossed(&words[at].lower) {
        return None;
    }
    words.get(at + 1).filter(|street| street.gap == Gap::Space && street.digits > 0 && street.letters <= 2)?;
    let house =
        (at + 2..at + 5).find(|&house| words.get(house).is_some_and(|word| word.hash && word.lower.contains('-')))?;
    let faced = words.get(house + 1).is_some_and(|word| {
        word.gap == Gap::Space && matches!(word.lower.as_ref(), "sur" | "este" | "norte" | "oeste")
    });
    Some(house + 1 + usize::from(faced))
}

/// "calle 12 nro 456", "cra 7 # 72-41".
pub(super) fn numbered(words: &[Word], at: usize) -> Option<usize> {
    let [street, of] = words.get(at..at + 2)? else { return None };
    if !matches!(
        street.lower.as_ref(),
        "calle" | "cll" | "carrera" | "cra" | "kra" | "transversal" | "diagonal" | "avenida" | "av"
    ) || of.gap != Gap::Space
        || !(1..=3).contains(&of.digits)
        || of.letters > 2
    {
        return None;
    }
    let faced =
        words.get(at + 2).is_some_and(|word| matches!(word.lower.as_ref(), "sur" | "norte" | "bis" | "este" | "oeste"));
    let house_at = at + 2 + usize::from(faced);
    let labelled = is_number_word_at(words, house_at);
    let number = words.get(house_at + usize::from(labelled))?;
    let end = house_at + usize::from(labelled) + 1;
    let is_house = number.gap == Gap::Space && number.is_house_number() && (labelled || number.hash);
    // "calle 5 no 2 …" may be two; "n°" is an "n" here.
    let labelled = number.hash
        || match words[house_at].lower.as_ref() {
            "no" | "km" => false,
            "n" => number.digits >= 3,
            _ => true,
        };
    let crossed = words.get(end).is_some_and(|next| matches!(next.lower.as_ref(), "entre" | "x"));
    let sure = labelled || number.lower.contains('-') || whole::ends(words, end) || crossed;
    let end = if crossed { crossings(words, end) } else { end };
    (is_house && sure).then(|| door::end(words, end))
}

/// "x 51 y 53": the end of the streets between which a house is.
fn crossings(words: &[Word], at: usize) -> usize {
    let mut end = at;
    while let Some([between, street]) = words.get(end..end + 2) {
        let joined = between.gap == Gap::Space && matches!(between.lower.as_ref(), "entre" | "x" | "y");
        if !joined || street.gap != Gap::Space || !street.is_house_number() || street.digits > 3 {
            break;
        }
        end += 2;
    }
    end
}

/// "corner of 5th and main", "at 7th and broadway": two streets, the first a number or both with their word.
pub(super) fn corner(words: &[Word], at: usize, number: usize) -> Option<usize> {
    let word = &words[at];
    let called = word.lower == "corner" && number <= at + 5 && words.get(at + 1).is_some_and(|of| of.lower == "of");
    let led =
        || at > 0 && word.gap == Gap::Space && matches!(words[at - 1].lower.as_ref(), "at" | "on" | "to" | "near");
    if !called && (!word.is_ordinal() || !led()) {
        return None;
    }
    let from = if called { at + 2 } else { at };
    let is_name = |word: &Word| {
        word.is_ordinal()
            || word.digits == 0
                && word.letters >= 3
                && !is_never_a_name(&word.lower)
                && !is_calendar(&word.lower)
                && !is_counted(&word.lower)
                && !matches!(
                    word.lower.as_ref(),
                    "the"
                        | "goal"
                        | "long"
                        | "short"
                        | "inches"
                        | "foremost"
                        | "counting"
                        | "final"
                        | "above"
                        | "below"
                        | "second"
                        | "third"
                        | "fourth"
                        | "fifth"
                        | "ninth"
                        | "finally"
                )
    };
    let street = |at: usize| {
        words.get(at).filter(|word| word.gap <= Gap::Comma && is_name(word))?;
        Some(
            at + 1
                + usize::from(words.get(at + 1).is_some_and(|end| end.gap == Gap::Space && is_street_end(&end.lower))),
        )
    };
    let first = street(from)?;
    let joined = words.get(first).is_some_and(|and| and.gap == Gap::Space && matches!(and.lower.as_ref(), "and" | "n"));
    let end = street(first + usize::from(joined)).filter(|_| joined || called)?;
    let numbered = words[from].is_ordinal() || words[first..end].iter().any(Word::is_ordinal);
    let named = words[end - 1].digits == 0;
    (numbered && named && (called && words[from].is_ordinal() || whole::nearly_ends(words, end))).then_some(end)
}
