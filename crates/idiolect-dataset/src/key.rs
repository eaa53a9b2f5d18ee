//! The key under which two messages count as the same text: NFKC, case folded, letters and digits alone.

use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_128;

/// What two copies of one text share. 128 bits of a hash: by chance no two texts of a lifetime meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key(u128);

/// Longer texts are folded on the heap.
const STACK_BYTES: usize = 256;

impl Key {
    /// Compatibility forms (`ｏｋ`, `ﬁ`), letter case, spaces and marks make no difference: somebody who pastes a
    /// text, or always answers "ok", does so with and without the full stop. A text of marks and emoji alone
    /// is its marks and emoji.
    pub fn of(text: &str) -> Self {
        if text.is_ascii() && text.len() <= STACK_BYTES {
            let mut folded = [0; STACK_BYTES];
            let mut length = 0;
            for byte in text.bytes() {
                // Written whatever it is and kept only if it counts: no branch to mispredict.
                folded[length] = byte.to_ascii_lowercase();
                length += usize::from(byte.is_ascii_alphanumeric());
                if length == STACK_BYTES {
                    break;
                }
            }
            if length > 0 {
                return Self(xxh3_128(&folded[..length]));
            }
        }
        Self(xxh3_128(folded(text).as_bytes()))
    }
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
