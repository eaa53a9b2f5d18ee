//! Houses by their place in a grid of streets: Utah's and Wisconsin's numbers, Colombia's crossings.

use super::anchor::named_street;
use super::word::{Gap, Word};
use super::words::is_direction;

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
    const STREETS: [&str; 14] = [
        "calle",
        "cl",
        "cll",
        "carrera",
        "cra",
        "cr",
        "kr",
        "kra",
        "avenida",
        "av",
        "diagonal",
        "dg",
        "transversal",
        "tv",
    ];
    if !STREETS.contains(&words[at].lower.as_ref()) {
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
