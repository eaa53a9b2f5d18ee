//! Addresses that everybody knows from films, books and the news: nobody lives there who writes of it.

use super::announced::{is_address_word, is_brought, is_living, is_sent};
use super::word::Word;

/// The house, and the whole name of its street.
const FAMOUS: [(&str, &[&str]); 22] = [
    ("10", &["cloverfield", "lane"]),
    ("21", &["jump", "street"]),
    ("22", &["jump", "street"]),
    ("742", &["evergreen", "terrace"]),
    ("221b", &["baker", "street"]),
    ("221b", &["baker", "st"]),
    ("4", &["privet", "drive"]),
    ("12", &["grimmauld", "place"]),
    ("84", &["charing", "cross", "road"]),
    ("10", &["downing", "street"]),
    ("10", &["downing", "st"]),
    ("11", &["downing", "street"]),
    ("11", &["downing", "st"]),
    ("1600", &["pennsylvania", "ave"]),
    ("1600", &["pennsylvania", "avenue"]),
    ("1313", &["mockingbird", "lane"]),
    ("77", &["sunset", "strip"]),
    ("42", &["wallaby", "way"]),
    ("10", &["rillington", "place"]),
    ("36", &["quai", "des", "orfevres"]),
    ("36", &["quai", "des", "orfèvres"]),
    ("44", &["scotland", "street"]),
];

/// Whether the address from `first` to before `end` is one of those and nothing else: no town follows, nobody lives there, and nothing
/// is sent.
pub(super) fn is(words: &[Word], first: usize, end: usize) -> bool {
    /// How many words before it may say that somebody lives there.
    const REACH: usize = 4;
    let house = words[first].lower.as_ref();
    let is_street = |street: &[&str]| {
        let name = words.get(first + 1..end);
        name.is_some_and(|name| {
            name.len() == street.len() && name.iter().zip(street).all(|(word, of)| word.lower == *of)
        })
    };
    let lived = || {
        let near = words[first.saturating_sub(REACH)..first].iter().map(|word| word.lower.as_ref());
        near.clone().any(|word| is_living(word) || is_address_word(word) || is_brought(word) || is_sent(word))
    };
    words[first].digits > 0 && FAMOUS.iter().any(|(number, street)| *number == house && is_street(street)) && !lived()
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
        for text in ["i live at 44 Scotland Street", "my address is 10 downing street"] {
            assert_eq!(found(text).len(), 1, "{text:?}");
        }
        for address in [
            "10 elmverfield lane",
            "4 Privet Drive, Leeds",
            "221b baker road leeds",
            "742 Evergreen Terrace, Springfield, IL 62704",
            "24 jump street",
        ] {
            assert_eq!(found(address), [address]);
        }
    }
}
