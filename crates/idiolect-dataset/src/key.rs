//! The key under which two messages count as the same text: NFKC, case folded, letters and digits alone.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, decompose_canonical, decompose_compatible};
use xxhash_rust::xxh3::xxh3_128;

/// What two copies of one text share. 128 bits of a hash: by chance no two texts of a lifetime meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key([u64; 2]);

/// Keys as bits, which say of most other keys that they are not among them. Small enough for the processor's caches where a table of
/// the keys is not.
pub(crate) struct KeyBits {
    words: Vec<u64>,
}

impl KeyBits {
    /// For about `keys` keys, each with room for eight bits.
    pub fn for_about(keys: usize) -> Self {
        Self { words: vec![0; (keys / 8).next_power_of_two()] }
    }

    /// Whether `key` may have been among them before.
    pub fn insert(&mut self, key: Key) -> bool {
        let (word, bit) = self.place(key);
        let before = self.words[word] & bit != 0;
        self.words[word] |= bit;
        before
    }

    /// Whether `key` may be among them.
    pub fn may_hold(&self, key: Key) -> bool {
        let (word, bit) = self.place(key);
        self.words[word] & bit != 0
    }

    fn place(&self, key: Key) -> (usize, u64) {
        ((key.hash() / 64) as usize & (self.words.len() - 1), 1 << (key.hash() % 64))
    }
}

/// Longer texts are folded on the heap.
const STACK_BYTES: usize = 256;

impl Key {
    /// Compatibility forms (`ｏｋ`, `ﬁ`), letter case, spaces and marks make no difference: somebody who pastes a
    /// text, or always answers "ok", does so with and without the full stop. A text of marks and emoji alone
    /// is its marks and emoji.
    pub fn of(text: &str) -> Self {
        let mut short = [0; most_folded(STACK_BYTES)];
        let mut long = Vec::new();
        let out = if text.len() <= STACK_BYTES {
            &mut short[..]
        } else {
            long.resize(most_folded(text.len()), 0);
            &mut long[..]
        };
        match fold_apart(text, out) {
            Some(length) if length > 0 => Self::of_folded(&out[..length]),
            _ => Self::of_folded(folded(text).as_bytes()),
        }
    }

    /// Half of it, which is as good a hash as the whole.
    pub fn hash(self) -> u64 {
        self.0[0]
    }

    fn of_folded(folded: &[u8]) -> Self {
        let hash = xxh3_128(folded);
        Self([hash as u64, (hash >> 64) as u64])
    }
}

/// Room for what a text of `bytes` folds to: a character of two bytes may become one of three.
const fn most_folded(bytes: usize) -> usize {
    bytes / 2 * 3 + 4
}

/// As [`folded`] where each character can be folded by itself, into `out`; the length. `None` where one cannot.
fn fold_apart(text: &str, out: &mut [u8]) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut length) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        // Written whatever it is and kept only if it counts: no branch to mispredict.
        if let Some(eight) = bytes[at..].first_chunk::<8>().filter(|eight| eight.is_ascii())
            && let Some(room) = out[length..].first_chunk_mut::<8>()
        {
            let mut kept = 0;
            for byte in eight {
                let folded = ASCII_FOLDS[usize::from(*byte)];
                room[kept & 7] = folded;
                kept += usize::from(folded != 0);
            }
            (at, length) = (at + 8, length + kept);
            continue;
        }
        if byte.is_ascii() {
            let folded = ASCII_FOLDS[usize::from(byte)];
            out[length] = folded;
            length += usize::from(folded != 0);
            at += 1;
            continue;
        }
        // U+5000 to U+9FFF, most of Chinese: ideographs fold to themselves.
        if let [ideograph @ 0xe5..=0xe9, second, third, ..] = bytes[at..] {
            out[length..length + 3].copy_from_slice(&[ideograph, second, third]);
            (at, length) = (at + 3, length + 3);
            continue;
        }
        let character = text[at..].chars().next()?;
        at += character.len_utf8();
        match FOLDS.get(character as usize).copied() {
            Some(NOTHING) => {}
            Some(JOINS) => return None,
            Some(folded) => {
                length += char::from_u32(u32::from(folded))?.encode_utf8(&mut out[length..]).len();
            }
            None if ('\u{1f300}'..='\u{1faff}').contains(&character) => {}
            None => return None,
        }
    }
    Some(length)
}

/// What each byte of ASCII folds to; 0 is nothing.
static ASCII_FOLDS: [u8; 256] = {
    let mut folds = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            folds[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    folds
};

/// In [`FOLDS`], a character of which nothing counts.
const NOTHING: u16 = 0;
/// In [`FOLDS`], a character that may join the one before it, or becomes several.
const JOINS: u16 = 1;

/// What each character of Unicode's first plane folds to where that is one character, whatever its neighbours.
///
/// Made from [`folded`] itself. A character stands apart if, taken to pieces, it begins with none that is
/// reordered or composed with what comes before: then its normal form is its own.
static FOLDS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let composed_behind = composed_behind();
    let stands_apart = |first: char| canonical_combining_class(first) == 0 && !composed_behind.contains(&first);
    let fold_one = |character: char| {
        // Ideographs and Korean syllables, half of the plane.
        if matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') {
            return character as u16;
        }
        let mut unchanged = true;
        decompose_compatible(character, |part| unchanged &= part == character);
        unchanged &= character.to_uppercase().eq([character]) && character.to_lowercase().eq([character]);
        if unchanged && stands_apart(character) {
            return if character.is_alphanumeric() { character as u16 } else { NOTHING };
        }
        let one = std::iter::once(character);
        let cased: String = one.clone().nfkc().flat_map(fold).collect();
        if ![one.nfkd().next(), cased.nfkd().next()].into_iter().flatten().all(stands_apart) {
            return JOINS;
        }
        let mut left = cased.nfkc().filter(|c| c.is_alphanumeric());
        match (left.next(), left.next()) {
            (None, _) => NOTHING,
            (Some(one), None) => u16::try_from(u32::from(one)).unwrap_or(JOINS),
            _ => JOINS,
        }
    };
    (0..0x1_0000).map(|code| char::from_u32(code).map_or(JOINS, fold_one)).collect()
});

/// The characters that normal forms put together with the one before.
fn composed_behind() -> FxHashSet<char> {
    let last_part = |composite: char| {
        let (mut parts, mut last) = (0, composite);
        decompose_canonical(composite, |part| (parts, last) = (parts + 1, part));
        (parts > 1).then_some(last)
    };
    (0..0x2_0000).filter_map(char::from_u32).filter_map(last_part).collect()
}

fn folded(text: &str) -> String {
    let whole = || text.nfkc().flat_map(fold).nfkc();
    let mut out = String::with_capacity(text.len());
    out.extend(whole().filter(|c| c.is_alphanumeric()));
    if out.is_empty() {
        // Not to be taken for a text of letters.
        out.push(' ');
        out.extend(whole().filter(|c| !c.is_whitespace()));
    }
    out
}

/// Nearly Unicode's full case folding: to capitals and back joins ß with ss and ς with σ. The dotless ı stays itself,
/// for in Turkish it makes another word.
fn fold(character: char) -> impl Iterator<Item = char> {
    let (dotless, other) = match character {
        'ı' => (Some('ı'), None),
        other => (None, Some(other)),
    };
    let lowered = other.into_iter().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    dotless.into_iter().chain(lowered)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::io::Read as _;

    use super::*;

    #[test]
    fn case_width_spacing_and_marks_make_no_difference() {
        for same in ["ok then", "OK  then", " ok\tthen!! ", "ｏｋ then", "Ok\nThen...", "ok-then 👍"] {
            assert_eq!(Key::of(same), Key::of("okthen"), "{same:?}");
        }
        assert_eq!(Key::of("caf\u{e9}"), Key::of("CAFE\u{301}"));
        assert_eq!(Key::of("Straße"), Key::of("STRASSE"));
        assert_eq!(Key::of("ΟΔΟΣ"), Key::of("οδος"));
        let long = "a b ".repeat(400);
        assert_eq!(Key::of(&long), Key::of(&long.to_uppercase()));
    }

    #[test]
    fn letters_and_digits_make_a_difference() {
        assert_ne!(Key::of("ok"), Key::of("okk"));
        assert_ne!(Key::of("at 5"), Key::of("at 6"));
        assert_ne!(Key::of("sık"), Key::of("sik"));
        assert_ne!(Key::of(&"a".repeat(300)), Key::of(&"a".repeat(301)));
    }

    /// Every character, and each beside its likely neighbours.
    #[test]
    fn characters_folded_by_themselves_give_what_the_whole_text_does() {
        let mut out = [0; 64];
        let mut apart = 0;
        for character in (0..0x11_0000).filter_map(char::from_u32) {
            for text in [format!("a{character}"), format!("{character}e가中σ"), format!("か{character}{character}")]
            {
                if let Some(length) = fold_apart(&text, &mut out) {
                    apart += 1;
                    assert_eq!(&out[..length], folded(&text).as_bytes(), "U+{:04X}", character as u32);
                }
            }
        }
        assert!(apart > 150_000, "only {apart} texts");
        assert!(fold_apart("你好，今天 Ärger 한국어 👍🏽!", &mut out).is_some());
        assert!(fold_apart("e\u{301}", &mut out).is_none());
    }

    proptest::proptest! {
        #[test]
        fn texts_folded_character_by_character_have_the_same_key(text in "[\\u{80}-\\u{2fff}a-zA-Z \\u{1100}-\\u{11ff}\\u{ac00}-\\u{ac20}\\u{ff00}-\\u{ffef}👍中]{0,12}") {
            let mut out = [0; 64];
            if let Some(length) = fold_apart(&text, &mut out).filter(|length| *length > 0) {
                proptest::prop_assert_eq!(String::from_utf8_lossy(&out[..length]).into_owned(), folded(&text));
            }
        }
    }

    #[test]
    fn texts_of_marks_alone_are_told_apart_by_their_marks() {
        assert_eq!(Key::of(":)"), Key::of(" : )"));
        assert_ne!(Key::of(":)"), Key::of(":("));
        assert_ne!(Key::of("👍"), Key::of("👎"));
        assert_ne!(Key::of("👍"), Key::of("👍👍"));
        assert_eq!(Key::of(""), Key::of(" \t"));
    }

    /// Real duplicates that cannot be shipped, read from where the variable points.
    #[test]
    fn agrees_with_the_shared_duplicate_groups() {
        let Ok(shared) = std::env::var("IDIOLECT_SHARED_DATA") else {
            eprintln!("skipped: set IDIOLECT_SHARED_DATA to the shared data to run this test");
            return;
        };
        let path = format!("{shared}/edge/dedupe_groups.dev.ndjson.gz");
        let mut lines = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut lines).unwrap();
        let mut groups: HashMap<(String, Key), usize> = HashMap::new();
        for (number, line) in lines.lines().enumerate() {
            let group: serde_json::Value = serde_json::from_str(line).unwrap();
            if group["key"] == "" {
                continue; // all marks are one group there
            }
            for text in group["texts"].as_array().unwrap() {
                let key = (group["sender"].to_string(), Key::of(text.as_str().unwrap()));
                let first = *groups.entry(key).or_insert(number);
                assert!(first == number, "lines {} and {} share a key", first + 1, number + 1);
            }
        }
        let mut keys_of: HashMap<usize, usize> = HashMap::new();
        groups.values().for_each(|number| *keys_of.entry(*number).or_default() += 1);
        let split: Vec<usize> =
            keys_of.into_iter().filter(|(_, keys)| *keys > 1).map(|(number, _)| number + 1).collect();
        assert!(split.is_empty(), "groups with several keys on lines {split:?}");
    }
}
