//! Prompts kept from earlier requests of the same model or person, so that what they begin with, such as a system prompt, is computed once.

use super::cache::KvCache;
use crate::config::LONGEST_CONTEXT;

/// Prompts kept; at 46 KB a token for SmolLM2-135M, a few MB each.
const KEPT: usize = 8;
/// Tokens of all kept prompts: the longest prompt can be kept, and eight of them would be 3 GB.
const KEPT_TOKENS: usize = LONGEST_CONTEXT;
/// Shorter beginnings are not worth a copy.
const SHORTEST: usize = 4;

/// The most recently used prompts, the latest last.
#[derive(Default)]
pub(super) struct Prefixes {
    entries: Vec<Entry>,
}

struct Entry {
    kept_for: String,
    cache: KvCache,
}

impl Prefixes {
    /// The longest beginning of `wanted` that is kept for the same.
    pub(super) fn find(&mut self, kept_for: &str, wanted: &[u32]) -> Option<KvCache> {
        let (len, best) = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.kept_for == kept_for)
            .map(|(i, entry)| (common(&entry.cache.tokens, wanted), i))
            .max()?;
        if len < SHORTEST {
            return None;
        }
        let used = self.entries.remove(best);
        let found = used.cache.beginning(len);
        self.entries.push(used);
        Some(found)
    }

    /// Keeps a prompt, unless a kept one begins with it, in place of those that it begins with. Forgets the ones used least
    /// recently if there are too many.
    pub(super) fn keep(&mut self, kept_for: &str, cache: &KvCache) {
        if cache.len() < SHORTEST {
            return;
        }
        let same = |entry: &Entry| entry.kept_for == kept_for;
        if self.entries.iter().any(|entry| same(entry) && entry.cache.tokens.starts_with(&cache.tokens)) {
            return;
        }
        self.entries.retain(|entry| !(same(entry) && cache.tokens.starts_with(&entry.cache.tokens)));
        let tokens = |entries: &[Entry]| entries.iter().map(|entry| entry.cache.len()).sum::<usize>();
        while self.entries.len() == KEPT
            || !self.entries.is_empty() && tokens(&self.entries) + cache.len() > KEPT_TOKENS
        {
            self.entries.remove(0);
        }
        self.entries.push(Entry { kept_for: kept_for.to_owned(), cache: cache.clone() });
    }

    pub(super) fn forget(&mut self, kept_for: &str) {
        self.entries.retain(|entry| entry.kept_for != kept_for);
    }
}

fn common(a: &[u32], b: &[u32]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::tiny;

    fn prompt(tokens: &[u32]) -> KvCache {
        let mut cache = KvCache::new(&tiny());
        cache.tokens = tokens.to_vec();
        for layer in &mut cache.layers {
            layer.keys = vec![1.0; tokens.len() * tiny().kv_width()];
            layer.values = layer.keys.clone();
        }
        cache
    }

    #[test]
    fn the_longest_beginning_that_is_kept_for_the_same_is_found() {
        let mut prefixes = Prefixes::default();
        prefixes.keep("a", &prompt(&[1, 2, 3, 4, 5]));
        prefixes.keep("a", &prompt(&[1, 2, 3, 4, 9, 9]));
        prefixes.keep("", &prompt(&[1, 2, 3, 4, 9, 9, 9]));
        assert_eq!(prefixes.find("a", &[1, 2, 3, 4, 9, 9, 9]).unwrap().tokens, [1, 2, 3, 4, 9, 9]);
        assert_eq!(prefixes.find("a", &[1, 2, 3, 4, 7]).unwrap().len(), 4);
        assert!(prefixes.find("b", &[1, 2, 3, 4, 9]).is_none());
        assert!(prefixes.find("a", &[1, 2]).is_none());
        prefixes.forget("a");
        assert!(prefixes.find("a", &[1, 2, 3, 4, 5]).is_none() && prefixes.find("", &[1, 2, 3, 4, 9]).is_some());
    }

    #[test]
    fn the_least_recently_used_prompt_is_forgotten() {
        let mut prefixes = Prefixes::default();
        for first in 0..KEPT as u32 {
            prefixes.keep("", &prompt(&[first, 1, 2, 3, 4]));
        }
        assert!(prefixes.find("", &[0, 1, 2, 3, 4]).is_some());
        prefixes.keep("", &prompt(&[50, 1, 2, 3, 4]));
        assert!(prefixes.find("", &[0, 1, 2, 3, 4]).is_some());
        assert!(prefixes.find("", &[1, 1, 2, 3, 4]).is_none());
    }

    #[test]
    fn a_conversation_that_grows_is_kept_once_and_all_prompts_together_have_a_bound() {
        let mut prefixes = Prefixes::default();
        prefixes.keep("b", &prompt(&[9; 10]));
        let long: Vec<u32> = (0..KEPT_TOKENS as u32).collect();
        for len in [100, 200, 300] {
            prefixes.keep("a", &prompt(&long[..len]));
        }
        let kept = |prefixes: &Prefixes| prefixes.entries.iter().map(|entry| entry.cache.len()).collect::<Vec<_>>();
        assert_eq!(kept(&prefixes), [10, 300]);
        prefixes.keep("c", &prompt(&long[..KEPT_TOKENS - 300]));
        assert_eq!(kept(&prefixes), [300, KEPT_TOKENS - 300]);
        prefixes.keep("d", &prompt(&long));
        assert_eq!(kept(&prefixes), [KEPT_TOKENS]);
    }
}
