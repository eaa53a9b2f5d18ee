//! Exact duplicates: copy and paste keeps its first copy, a habit ("ok") keeps a share of its copies.

use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

use crate::key::{Key, KeyBits};

/// Which copies of a repeated message stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DedupeSettings {
    /// Leave duplicates out at all.
    pub enabled: bool,
    /// From this many words on a repeated message is a paste and keeps only its first copy.
    pub paste_words: usize,
}

impl Default for DedupeSettings {
    fn default() -> Self {
        Self { enabled: true, paste_words: 4 }
    }
}

/// For texts in chronological order, whether each one stays.
///
/// Texts are the same when their keys are (see `key.rs`). Of `n` copies of a text of at least
/// `paste_words` words the first stays; of a shorter one, which is a habit and part of the style, the
/// first ⌈√n⌉ stay, so a hundred "ok" become ten.
pub(crate) fn kept<T>(texts: &[T], keyed: impl Fn(&T) -> (Key, &str), settings: &DedupeSettings) -> Vec<bool> {
    if !settings.enabled {
        return vec![true; texts.len()];
    }
    // Most texts have no copy, and need no place in a table.
    let (mut once, mut again) = (KeyBits::for_about(texts.len()), KeyBits::for_about(texts.len() / 4));
    for (key, _) in texts.iter().map(&keyed) {
        if once.insert(key) {
            again.insert(key);
        }
    }
    let mut groups: FxHashMap<Key, Group> = FxHashMap::default();
    for (at, (key, _)) in texts.iter().map(&keyed).enumerate() {
        if again.may_hold(key) {
            groups.entry(key).or_insert(Group { first: at, left: 0 }).left += 1;
        }
    }
    for group in groups.values_mut() {
        group.left = allowed(group.left, keyed(&texts[group.first]).1, settings.paste_words);
    }
    let stays = |(key, _): (Key, &str)| match again.may_hold(key).then(|| groups.get_mut(&key)).flatten() {
        Some(group) => {
            let stays = group.left > 0;
            group.left -= u32::from(stays);
            stays
        }
        None => true,
    };
    texts.iter().map(&keyed).map(stays).collect()
}

/// The copies of one text.
struct Group {
    /// Where the first one stands.
    first: usize,
    /// How many there are, then how many more may stay.
    left: u32,
}

/// How many of `copies` stay, of which `text` is the first.
fn allowed(copies: u32, text: &str, paste_words: usize) -> u32 {
    // What has no copy need not be read.
    if copies <= 1 || is_paste(text, paste_words) { 1 } else { ceil_sqrt(copies) }
}

fn is_paste(text: &str, paste_words: usize) -> bool {
    let Some(last) = paste_words.checked_sub(1) else { return true };
    plain_beginnings(text).nth(last).is_some() || text.unicode_words().nth(last).is_some()
}

/// Of most words the beginning: a letter or digit of ASCII behind a space begins a word whatever follows it.
fn plain_beginnings(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut before = b' ';
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        (std::mem::replace(&mut before, byte) == b' ' && byte.is_ascii_alphanumeric()).then_some(at)
    })
}

fn ceil_sqrt(value: u32) -> u32 {
    let floor = value.isqrt();
    floor + u32::from(floor * floor < value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copies_left(texts: &[&str]) -> Vec<bool> {
        kept(texts, |text| (Key::of(text), text), &DedupeSettings::default())
    }

    #[test]
    fn removes_duplicate_messages() {
        let texts = [
            "buy two get one free",
            "on my way",
            "Buy two  get one FREE",
            "buy two get one free",
            "buy two get one free!",
        ];
        assert_eq!(copies_left(&texts), [true, true, false, false, false]);
    }

    #[test]
    fn a_habit_keeps_the_root_of_its_copies() {
        let texts = vec!["ok"; 100];
        assert_eq!(copies_left(&texts).iter().filter(|&&stays| stays).count(), 10);
        assert_eq!(copies_left(&["ok", "Ok"]), [true, true]);
        assert_eq!(copies_left(&["ok", "Ok", "OK"]), [true, true, false]);
    }

    #[test]
    fn texts_without_spaces_are_pastes_too() {
        assert_eq!(copies_left(&["我在路上了", "我在路上了"]), [true, false]);
    }

    proptest::proptest! {
        #[test]
        fn a_word_begins_at_each_plain_beginning(text in "([a-z0-9.,:'’_ -]|[ \u{300}\u{200d}\u{ad}\u{2003}👍我かア한א]){0,20}") {
            let begins: Vec<usize> = text.unicode_word_indices().map(|(at, _)| at).collect();
            for at in plain_beginnings(&text) {
                proptest::prop_assert!(begins.contains(&at), "{:?} {}", text, at);
            }
        }
    }

    #[test]
    fn everything_stays_when_switched_off() {
        let off = DedupeSettings { enabled: false, ..DedupeSettings::default() };
        assert_eq!(kept(&["a b c d"; 2], |text| (Key::of(text), text), &off), [true, true]);
    }

    #[test]
    fn roots_are_rounded_up() {
        assert_eq!([0, 1, 2, 4, 5, 94].map(ceil_sqrt), [0, 1, 2, 2, 3, 10]);
    }
}
