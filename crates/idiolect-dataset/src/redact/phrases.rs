//! A user's own words: names and phrases found whole, in any case, with their accents or without.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// Phrases by their first word.
#[derive(Clone, Default)]
pub(super) struct Phrases {
    /// The other words of each phrase that starts with the key, longest phrase first. All words [`folded`].
    by_first_word: HashMap<String, Vec<Vec<String>>>,
}

impl Phrases {
    pub fn new<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_first_word: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        for phrase in phrases {
            // "Müller" is "Muller" to some and "Mueller" to others.
            for spelled in [phrase.to_owned(), with_digraphs(phrase)] {
                let mut words = words(&spelled).map(|range| folded(&spelled[range]));
                let Some(first) = words.next() else { continue };
                by_first_word.entry(first).or_default().push(words.collect());
            }
        }
        by_first_word.values_mut().for_each(|rest| rest.sort_by_key(|words| std::cmp::Reverse(words.len())));
        Self { by_first_word }
    }

    pub fn is_empty(&self) -> bool {
        self.by_first_word.is_empty()
    }

    /// Where a phrase stands in `text`, from left to right, the longest at each place.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let words: Vec<Range<usize>> = words(text).collect();
        let folded = |at: usize| words.get(at).map(|range| folded(&text[range.clone()]));
        let mut at = 0;
        while at < words.len() {
            let rest = folded(at).and_then(|first| self.by_first_word.get(&first));
            let length = rest.and_then(|phrases| {
                let matches = |rest: &&Vec<String>| {
                    rest.iter().enumerate().all(|(offset, word)| folded(at + 1 + offset).as_ref() == Some(word))
                };
                phrases.iter().find(matches).map(|rest| rest.len() + 1)
            });
            if let Some(length) = length {
                found.push(words[at].start..words[at + length - 1].end);
            }
            at += length.unwrap_or(1);
        }
        found
    }
}

/// `word` in small letters without accents, as many type names.
pub(super) fn folded(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for letter in word.nfkd().flat_map(char::to_lowercase) {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            // Accents; the marks of other scripts are letters to those who write in them.
            '\u{300}'..='\u{36f}' => {}
            other => folded.push(other),
        }
    }
    folded
}

/// `phrase` as it is written where its letters are missing.
fn with_digraphs(phrase: &str) -> String {
    let phrase: String = phrase.nfc().collect();
    [
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("ø", "oe"),
        ("å", "aa"),
        ("Ä", "Ae"),
        ("Ö", "Oe"),
        ("Ü", "Ue"),
        ("Ø", "Oe"),
        ("Å", "Aa"),
    ]
    .into_iter()
    .fold(phrase, |phrase, (letter, digraph)| phrase.replace(letter, digraph))
}

/// Runs of letters, marks and digits; a character of a script without spaces is a word of its own.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut characters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = characters.find(|(_, c)| c.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        if !is_ideograph(first) {
            while let Some((at, c)) = characters
                .next_if(|(_, c)| c.is_alphanumeric() && !is_ideograph(*c) || matches!(c, '\u{300}'..='\u{36f}'))
            {
                end = at + c.len_utf8();
            }
        }
        Some(start..end)
    })
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(phrases: &[&str], text: &'a str) -> Vec<&'a str> {
        Phrases::new(phrases.iter().copied()).find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn phrases_are_found_whole_in_any_case() {
        assert_eq!(found(&["Ana", "Bo Lee"], "ana's with BO  lee, bo and Anatol"), ["ana", "BO  lee"]);
        assert_eq!(found(&["bo", "Bo Lee"], "bo lee bo"), ["bo lee", "bo"]);
        assert_eq!(found(&["José"], "josé JOSÉ jose Jose\u{301} Joseph"), ["josé", "JOSÉ", "jose", "Jose\u{301}"]);
        assert_eq!(found(&["Müller"], "müller muller MUELLER mller"), ["müller", "muller", "MUELLER"]);
        assert_eq!(found(&["Jose"], "josé"), ["josé"]);
        assert_eq!(found(&["İpek"], "ipek IPEK"), ["ipek", "IPEK"]);
        assert_eq!(found(&["小明"], "我和小明去"), ["小明"]);
        assert_eq!(found(&["", " - "], "a - b"), Vec::<&str>::new());
    }
}
