//! A user's own words: names and phrases found whole, in any case, with their accents or without.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// Phrases by their first word.
#[derive(Clone, Default)]
pub(super) struct Phrases {
    /// Those that start with the key, which is [`folded`], longest first.
    by_first_word: HashMap<String, Vec<Phrase>>,
}

#[derive(Clone)]
struct Phrase {
    /// All words but the first, [`folded`].
    rest: Vec<String>,
    /// What has to stand right before and right behind it.
    before: String,
    behind: String,
}

impl Phrases {
    /// Found whatever marks they have.
    pub fn new<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Self {
        Self::with(phrases, |_| ("", ""))
    }

    /// Found with the marks that they begin or end with alone: who names "C++" does not mean every "c".
    pub fn with_marks<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Self {
        Self::with(phrases, marks)
    }

    fn with<'a>(phrases: impl IntoIterator<Item = &'a str>, marks: fn(&str) -> (&str, &str)) -> Self {
        let mut by_first_word: HashMap<String, Vec<Phrase>> = HashMap::new();
        for phrase in phrases {
            // "Müller" is "Muller" to some and "Mueller" to others, and "O'Brien" is "obrien" to most.
            for spelled in [phrase.to_owned(), with_digraphs(phrase), phrase.replace(['\'', '’'], "")] {
                let mut words = words(&spelled).map(|range| folded(&spelled[range]));
                let Some(first) = words.next() else { continue };
                let (before, behind) = marks(&spelled);
                let phrase = Phrase { rest: words.collect(), before: before.to_owned(), behind: behind.to_owned() };
                by_first_word.entry(first).or_default().push(phrase);
            }
        }
        let length = |phrase: &Phrase| (phrase.rest.len(), phrase.before.len() + phrase.behind.len());
        by_first_word.values_mut().for_each(|phrases| phrases.sort_by_key(|phrase| std::cmp::Reverse(length(phrase))));
        Self { by_first_word }
    }

    pub fn is_empty(&self) -> bool {
        self.by_first_word.is_empty()
    }

    /// Where a phrase stands in `text`, from left to right, the longest at each place.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let words: Vec<Range<usize>> = words(text).collect();
        let mut at = 0;
        while at < words.len() {
            let longest = self.longest_at(text, &words[at..]);
            at += longest.as_ref().map_or(1, |(count, _)| *count);
            found.extend(longest.map(|(_, range)| range));
        }
        found
    }

    /// How many of `words` the longest phrase is that they begin with, and where it is.
    fn longest_at(&self, text: &str, words: &[Range<usize>]) -> Option<(usize, Range<usize>)> {
        let is = |at: usize, word: &String| words.get(at).is_some_and(|range| folded(&text[range.clone()]) == *word);
        let end = |at: usize, word: &String| {
            let range = words.get(at)?;
            let stem = stems(&text[range.clone()]).find(|stem| folded(stem) == *word)?;
            Some((at + 1, range.start + stem.len()))
        };
        stems(&text[words[0].clone()]).enumerate().find_map(|(cut, stem)| {
            let phrases = self.by_first_word.get(&folded(stem))?;
            phrases.iter().find_map(|Phrase { rest, before, behind }| {
                let start = words[0].start;
                let (count, end) = match rest.split_last() {
                    None => (1, start + stem.len()),
                    Some(_) if cut > 0 => return None,
                    Some((last, inner)) => {
                        let whole = inner.iter().enumerate().all(|(at, word)| is(at + 1, word));
                        whole.then(|| end(rest.len(), last)).flatten()?
                    }
                };
                let marked = text[..start].ends_with(before) && text[end..].starts_with(behind);
                marked.then(|| (count, start - before.len()..end + behind.len()))
            })
        })
    }
}

/// What `phrase` begins and ends with of the marks that make another word of it; others are typography.
fn marks(phrase: &str) -> (&str, &str) {
    let is_mark = |c| matches!(c, '+' | '#' | '%' | '@' | '$' | '&');
    let phrase = phrase.trim_matches(|c: char| !c.is_alphanumeric() && !is_mark(c));
    let inner = phrase.trim_start_matches(is_mark);
    (&phrase[..phrase.len() - inner.len()], &inner[inner.trim_end_matches(is_mark).len()..])
}

/// `word`, and what is left of it without what Korean glues to a name: "민수", "민수가", "민수한테는".
fn stems(word: &str) -> impl Iterator<Item = &str> {
    /// In letters.
    const LONGEST_TAIL: usize = 6;
    let korean = word.ends_with(|c| matches!(c, '가'..='힣'));
    let cuts = word.char_indices().rev().take(if korean { LONGEST_TAIL } else { 0 });
    let stems = cuts.filter(|(cut, _)| is_glued(&word[*cut..])).map(|(cut, _)| &word[..cut]);
    // A name of one letter is part of too many words.
    std::iter::once(word).chain(stems.filter(|stem| stem.chars().nth(1).is_some()))
}

/// Whether `tail` consists of Korean particles and forms of address.
fn is_glued(tail: &str) -> bool {
    const PARTICLES: [&str; 33] = [
        "이", "가", "은", "는", "을", "를", "와", "과", "야", "아", "도", "의", "에게", "한테", "께", "서", "랑",
        "하고", "씨", "님", "만", "네", "보다", "처럼", "까지", "부터", "형", "누나", "언니", "오빠", "쌤", "라고",
        "요",
    ];
    tail.is_empty() || PARTICLES.iter().any(|particle| tail.strip_prefix(particle).is_some_and(is_glued))
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
        if !is_unspaced(first) {
            while let Some((at, c)) = characters
                .next_if(|(_, c)| c.is_alphanumeric() && !is_unspaced(*c) || matches!(c, '\u{300}'..='\u{36f}'))
            {
                end = at + c.len_utf8();
            }
        }
        Some(start..end)
    })
}

/// Of Han and kana, Thai, Lao, Burmese and Khmer.
fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{20000}'..='\u{3ffff}'
            | '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
    )
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
        assert_eq!(found(&["O'Brien"], "o’brien, OBrien and brien"), ["o’brien", "OBrien"]);
        assert_eq!(found(&["小明"], "我和小明去"), ["小明"]);
        assert_eq!(found(&["สมชาย"], "เจอสมชายที่ร้าน"), ["สมชาย"]);
        assert_eq!(found(&["", " - "], "a - b"), Vec::<&str>::new());
    }

    #[test]
    fn marks_of_a_phrase_are_compared_where_they_count() {
        let found = |phrases: &[&str], text: &'static str| -> Vec<&str> {
            let found = Phrases::with_marks(phrases.iter().copied()).find(text);
            found.into_iter().map(|range| &text[range]).collect()
        };
        assert_eq!(found(&["C++", "c#"], "my c++ code and c is fine, C# too"), ["c++", "C#"]);
        assert_eq!(
            found(&["50%", "@home", "c", "c++"], "50 is 50% @home not home c++ c"),
            ["50%", "@home", "c++", "c"]
        );
        assert_eq!(found(&["Elm Street.", "\"yahoo!\""], "elm, street yahoo"), ["elm, street", "yahoo"]);
    }

    #[test]
    fn what_korean_glues_to_a_name_is_none_of_it() {
        assert_eq!(found(&["민수"], "민수가 민수한테는 민수야, 민수 김민수"), ["민수"; 4]);
        assert_eq!(found(&["지현", "박 지현"], "박 지현이랑 지현씨가"), ["박 지현", "지현"]);
        assert_eq!(found(&["민수", "수"], "민수기 수가"), Vec::<&str>::new());
    }
}
