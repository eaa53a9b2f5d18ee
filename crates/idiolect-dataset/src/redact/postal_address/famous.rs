//! Addresses that everybody knows from films, books and the news: nobody lives there who writes of it.

use super::word::Word;

/// The house, and the words of the street's name with which it is theirs.
const FAMOUS: [(&str, &[&str]); 23] = [
    ("10", &["cloverfield"]),
    ("21", &["jump"]),
    ("22", &["jump"]),
    ("742", &["evergreen", "terrace"]),
    ("221b", &["baker"]),
    ("4", &["privet", "drive"]),
    ("12", &["grimmauld"]),
    ("84", &["charing", "cross"]),
    ("10", &["downing"]),
    ("11", &["downing"]),
    ("1600", &["pennsylvania", "ave"]),
    ("1600", &["pennsylvania", "avenue"]),
    ("44", &["scotland", "street"]),
    ("1313", &["mockingbird"]),
    ("77", &["sunset", "strip"]),
    ("42", &["wallaby", "way"]),
    ("10", &["rillington"]),
    ("20", &["forthlin"]),
    ("17", &["cherry", "tree"]),
    ("461", &["ocean", "boulevard"]),
    ("13", &["rue", "madeleine"]),
    ("36", &["quai", "des", "orfevres"]),
    ("36", &["quai", "des", "orfèvres"]),
];

/// Whether the address from `first` to before `end` is one of those, and no town says that it is another.
pub(super) fn is(words: &[Word], first: usize, end: usize) -> bool {
    /// The house, and the words of the longest street.
    const MOST: usize = 4;
    let is_street = |street: &[&str]| {
        let name = words.get(first + 1..first + 1 + street.len());
        name.is_some_and(|name| name.iter().zip(street).all(|(word, of)| word.lower == *of))
    };
    let house = words[first].lower.as_ref();
    words[first].digits > 0
        && end <= first + MOST
        && FAMOUS.iter().any(|(number, street)| *number == house && is_street(street))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn famous_addresses_are_no_persons() {
        for text in [
            "10 cloverfield lane gave me chills",
            "742 evergreen terrace is the simpsons",
            "watching 21 jump street",
            "the pm is at 10 Downing St",
            "221B Baker Street fan",
            "reading 44 scotland street",
            "84 Charing Cross Road is a lovely book",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
        for address in ["10 elmverfield lane", "742 Evergreen Terrace, Springfield, IL 62704", "24 jump street"] {
            assert_eq!(found(address), [address]);
        }
    }
}
