//! Exact duplicates: copy and paste keeps its first copy, a habit ("ok") keeps a share of its copies.

use hashbrown::HashTable;
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
pub(crate) fn kept<T>(texts: &[T], keyed: impl Fn(&T) -> (Key, &str), settings: &DedupeSettings) -> Vec<bool> {
    if !settings.enabled {
        return vec![true; texts.len()];
    }
    // Numbers of groups alone, for the keys are with the texts: a map of both would be as large as the texts.
    let mut numbers: HashTable<u32> = HashTable::with_capacity(texts.len());
    let mut groups: Vec<Group> = Vec::with_capacity(texts.len());
    let mut group_of = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let (key, _) = keyed(text);
        let key_of = |group: &u32| keyed(&texts[groups[*group as usize].first as usize]).0;
        let entry = numbers.entry(key.hash(), |group| key_of(group) == key, |group| key_of(group).hash());
        let number = *entry.or_insert(groups.len() as u32).get();
        match groups.get_mut(number as usize) {
            Some(group) => group.copies += 1,
            None => groups.push(Group { first: at as u32, copies: 1 }),
        }
        group_of.push(number);
    }
    let allowed = |group: &Group| group.allowed(keyed(&texts[group.first as usize]).1, settings.paste_words);
    let mut left: Vec<u32> = groups.iter().map(allowed).collect();
    let keep = |number: u32| {
        let left = &mut left[number as usize];
        let stays = *left > 0;
        *left -= u32::from(stays);
        stays
    };
    group_of.into_iter().map(keep).collect()
}

/// The copies of one text.
struct Group {
    /// Where the first one stands.
    first: u32,
    copies: u32,
}

impl Group {
    /// How many of them stay, of which `text` is the first.
    fn allowed(&self, text: &str, paste_words: usize) -> u32 {
        // Most texts have no copy, and their words need not be counted.
        if self.copies <= 1 || is_paste(text, paste_words) { 1 } else { ceil_sqrt(self.copies) }
    }
}

fn is_paste(text: &str, paste_words: usize) -> bool {
    paste_words == 0 || text.unicode_words().nth(paste_words - 1).is_some()
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
