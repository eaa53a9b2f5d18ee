//! Exact duplicates: copy and paste keeps its first copy, a habit ("ok") keeps a share of its copies.

use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

use crate::key::Key;

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
pub(crate) fn kept<'a>(texts: impl ExactSizeIterator<Item = (Key, &'a str)>, settings: &DedupeSettings) -> Vec<bool> {
    if !settings.enabled {
        return texts.map(|_| true).collect();
    }
    let mut numbers: FxHashMap<Key, u32> = FxHashMap::with_capacity_and_hasher(texts.len(), Default::default());
    let mut groups: Vec<Group> = Vec::with_capacity(texts.len());
    let mut group_of = Vec::with_capacity(texts.len());
    for (key, text) in texts {
        let number = *numbers.entry(key).or_insert_with(|| {
            groups.push(Group { first: text, copies: 0 });
            (groups.len() - 1) as u32
        });
        groups[number as usize].copies += 1;
        group_of.push(number);
    }
    let mut left: Vec<u64> = groups.iter().map(|group| group.allowed(settings.paste_words)).collect();
    let keep = |number: u32| {
        let left = &mut left[number as usize];
        let stays = *left > 0;
        *left -= u64::from(stays);
        stays
    };
    group_of.into_iter().map(keep).collect()
}

/// The copies of one text.
struct Group<'a> {
    first: &'a str,
    copies: u64,
}

impl Group<'_> {
    fn allowed(&self, paste_words: usize) -> u64 {
        // Most texts have no copy, and their words need not be counted.
        if self.copies <= 1 || is_paste(self.first, paste_words) { 1 } else { ceil_sqrt(self.copies) }
    }
}

fn is_paste(text: &str, paste_words: usize) -> bool {
    paste_words == 0 || text.unicode_words().nth(paste_words - 1).is_some()
}

fn ceil_sqrt(value: u64) -> u64 {
    let floor = value.isqrt();
    floor + u64::from(floor * floor < value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copies_left(texts: &[&str]) -> Vec<bool> {
        kept(texts.iter().map(|text| (Key::of(text), *text)), &DedupeSettings::default())
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

    #[test]
    fn everything_stays_when_switched_off() {
        let off = DedupeSettings { enabled: false, ..DedupeSettings::default() };
        assert_eq!(kept(["a b c d"; 2].map(|text| (Key::of(text), text)).into_iter(), &off), [true, true]);
    }

    #[test]
    fn roots_are_rounded_up() {
        assert_eq!([0, 1, 2, 4, 5, 94].map(ceil_sqrt), [0, 1, 2, 2, 3, 10]);
    }
}
